"""The layers of present land use and of industrial and research parcels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layers.classification import standard
from zsgis.demo.boundaries import platform_names
from zsgis.demo.chance import stream
from zsgis.demo.city import City
from zsgis.demo.classes import STANDARD
from zsgis.demo.frames import DemoLayer, demo_frame, numbered
from zsgis.demo.zones import BUILT
from zsgis.plan import Plan

RESEARCH = "0802"
# Published for the low sheds of the city's industry: built floor over land of about 0.65 on the whole.
LOW_RISE_RATIO = 0.65
LOW_RISE_BELOW = 1.5
_NATIONAL, _COLLECTIVE = "国有", "集体"
_OWNER_CODES = {_NATIONAL: "10", _COLLECTIVE: "30"}


def is_parcel(codes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell for every code whether it is industry (1001 and below) or research (0802)."""
    text = codes.astype(str)
    parcel: NDArray[np.bool_] = np.char.startswith(text, "1001") | (text == RESEARCH)
    return parcel


def class_names(codes: NDArray[np.object_]) -> list[str]:
    """Return the standard's name of every code."""
    table = standard(STANDARD)
    names = {code: table.name(code) for code in set(codes)}
    return [names[code] for code in codes]


def face_owner(city: City) -> NDArray[np.object_]:
    """Return 国有 or 集体 per face: cities and rivers mostly the former, the country mostly the latter."""
    chance = stream(city.seed, "ownership").random(city.area_m2.size)
    national = np.where(np.isin(city.face_use, BUILT), 0.68, 0.04)
    national = np.where(city.faces.band != "", 1.0, national)
    return np.where(chance < national, _NATIONAL, _COLLECTIVE).astype(object)


def land_use_layer(city: City) -> DemoLayer:
    """Return the partition as land-use survey polygons; areas are measured, none is recorded."""
    owner = face_owner(city)
    columns = {
        "name": numbered("演示", city.area_m2.size, 5),
        "class_code": city.class_code,
        "class_name": class_names(city.class_code),
        "ownership_code": [_OWNER_CODES[name] for name in owner],
        "town": city.town_names[city.face_town],
    }
    frame = demo_frame(city.seed, "land_use", city.faces.geometry, columns)
    return DemoLayer("土地利用现状图斑", "land_use", frame, standard=STANDARD)


def parcels_layer(city: City, plan: Plan) -> DemoLayer:
    """Return the industrial and research polygons of the partition as parcels with owners and buildings."""
    chosen = np.flatnonzero(is_parcel(city.class_code))
    codes, area = city.class_code[chosen], city.area_m2[chosen]
    research = codes == RESEARCH
    rng = stream(city.seed, "parcels")
    year = _built_year(rng, chosen.size)
    ratio = _floor_area_ratio(rng, area, year, research)
    floor = np.round(ratio * area, 2)
    owner = face_owner(city)[chosen]
    density = np.clip(rng.normal(52.0, 9.0, chosen.size), 20.0, np.minimum(85.0, 100.0 * ratio))
    # what stands on collective land often has no certificate: no figure, not 0
    uncertified = (owner == _COLLECTIVE) & (rng.random(chosen.size) < 0.6)
    state = _use_state(rng, ratio, year, research)
    columns = {
        "parcel_code": numbered("演示宗地", chosen.size, 5),
        "name": _user_names(research),
        "class_code": codes,
        "class_name": class_names(codes),
        "town": city.town_names[city.face_town[chosen]],
        "platform": platform_names(city, plan)[city.face_platform[chosen]],
        "certificate_area_m2": np.where(uncertified, np.nan, np.round(area, 2)),
        "floor_area_m2": floor,
        "floor_area_ratio": ratio,
        "building_density_pct": np.round(density, 1),
        "built_year": year,
        "ownership": owner,
        "use_state": _known_state(city.seed, state),
        "tax_10k_yuan": _taxes(city.seed, area, state),
    }
    frame = demo_frame(city.seed, "industrial_parcels", city.faces.geometry[chosen], columns)
    return DemoLayer("工业和科研用地", "industrial_parcels", frame, standard=STANDARD, visible=False)


def _user_names(research: NDArray[np.bool_]) -> list[str]:
    number = np.where(research, np.cumsum(research), np.cumsum(~research))
    return [
        f"演示研究机构{n:03d}" if is_research else f"演示企业{n:04d}"
        for n, is_research in zip(number, research, strict=True)
    ]


def _built_year(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    return np.clip(np.round(rng.normal(2003.0, 7.5, count)), 1984, 2021).astype(np.int64)


def _floor_area_ratio(
    rng: np.random.Generator, area: NDArray[np.float64], year: NDArray[np.int64], research: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the ratio of every parcel; the low industry as a whole comes to the published ratio."""
    ratio = np.clip(np.exp(rng.normal(0.0, 0.34, area.size)), 0.35, 1.9)
    tall = ~research & (year >= 2012) & (rng.random(area.size) < 0.35)
    low = ~research & ~tall
    ratio[low] *= LOW_RISE_RATIO * area[low].sum() / (ratio[low] * area[low]).sum()
    ratio[tall] = rng.uniform(1.8, 3.2, int(tall.sum()))
    ratio[research] = rng.uniform(0.8, 2.4, int(research.sum()))
    return np.round(ratio, 2)


def _use_state(
    rng: np.random.Generator, ratio: NDArray[np.float64], year: NDArray[np.int64], research: NDArray[np.bool_]
) -> NDArray[np.object_]:
    chance = rng.random(ratio.size)
    state = np.full(ratio.size, "在用", dtype=object)
    state[~research & (year < 2006) & (ratio < 0.6) & (chance < 0.5)] = "低效"
    state[chance > 0.96] = "空置"
    state[(year >= 2020) & (chance < 0.7)] = "在建"
    return state


def _known_state(seed: int, state: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return how parcels are used as far as somebody has looked: nothing is said of some."""
    unseen = stream(seed, "unseen parcels").random(state.size) < 0.02
    seen = state.copy()
    seen[unseen] = None
    return seen


def _taxes(seed: int, area: NDArray[np.float64], state: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return a year's taxes in 10,000 yuan: about 250 a hectare, little on land poorly used, some unknown."""
    rng = stream(seed, "taxes")
    per_ha = 250.0 * np.exp(rng.normal(0.0, 0.6, area.size))
    per_ha *= np.select([state == "在用", state == "低效"], [1.0, 0.2], 0.0)
    taxes: NDArray[np.float64] = np.round(per_ha * area / 1e4, 2)
    taxes[rng.random(area.size) < 0.08] = np.nan
    return taxes
