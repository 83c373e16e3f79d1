"""Incubators, institutes and other carriers of the plan as points that say how well their place is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zsgis.demo.boundaries import tile_centers
from zsgis.demo.city import City
from zsgis.demo.frames import FEATURE_STATUS, DemoLayer, demo_frame
from zsgis.demo.seeds import to_demo_crs
from zsgis.demo.shapes import points
from zsgis.demo.towns import TILE_M
from zsgis.plan import Carrier, Plan, Role
from zsgis.plan.starter import Site, carrier_sites, find_town

ROLE_NAMES: dict[Role, str] = {
    Role.FACILITY: "重大科技设施",
    Role.INSTITUTE: "科研机构",
    Role.UNIVERSITY: "高校",
    Role.LABORATORY: "实验室",
    Role.INCUBATOR: "孵化器",
    Role.ACCELERATOR: "加速器",
    Role.PARK: "园区",
    Role.BASE: "基地",
    Role.SERVICE_PLATFORM: "公共服务平台",
}
_REMARKS = {
    "exact": "位置按公开资料",
    "street": "位置按公开资料，只到街巷",
    "town": "只知所在镇街，落点为镇街方格内的示意位置",
    "unknown": "位置未知，只列不画",
}
# The plan's list of incubators; parks and bases that incubate too stand among the other carriers.
_INCUBATOR_BOX = "专栏 3-8"
_PLANNED_FLOOR = "规划建设面积"
# Schematic places of several carriers in one town stand on a ring of small steps inside one tile each.
_STEP_M = 0.22 * TILE_M


def carrier_layers(city: City, plan: Plan) -> tuple[DemoLayer, DemoLayer]:
    """Return the incubators and the other carriers that the plan names.

    An institute that is an incubator too is one object: it stands among the incubators and its roles are
    named there.
    """
    named = [carrier for carrier in plan.carriers if carrier.named]
    sites = _sites(named)
    places = points(_places(city, named, sites))
    incubator = np.array([_is_incubator(carrier) for carrier in named])
    pairs = list(zip(named, sites, strict=True))
    layers = []
    for incubators, mask in ((True, incubator), (False, ~incubator)):
        chosen = [pair for pair, keep in zip(pairs, mask, strict=True) if keep]
        layers.append(_layer(city, plan, incubators=incubators, carriers=chosen, places=places[mask]))
    return layers[0], layers[1]


def _sites(carriers: list[Carrier]) -> list[Site]:
    """Return what is known of each carrier's place; the plan's own town where nothing else is known."""
    known = {site.carrier_key: site for site in carrier_sites()}
    return [known.get(carrier.key) or _from_plan(carrier) for carrier in carriers]


def _from_plan(carrier: Carrier) -> Site:
    town = find_town(carrier.town) if carrier.town else None
    return Site(
        carrier_key=carrier.key,
        precision="town" if town else "unknown",
        town=town.name if town else "",
        platform=carrier.platform,
        address=carrier.site,
        source=f"规划{carrier.place}",
    )


def _places(city: City, carriers: list[Carrier], sites: list[Site]) -> NDArray[np.float64]:
    """Return east and north of every carrier, NaN where the place is unknown, shape (n, 2), metres."""
    places = np.full((len(carriers), 2), np.nan)
    given: dict[tuple[str, str], int] = {}
    for index, (carrier, site) in enumerate(zip(carriers, sites, strict=True)):
        if site.lon is not None and site.lat is not None:
            places[index] = to_demo_crs([site.lon], [site.lat])[0]
        elif site.precision == "town":
            key = (site.town, site.platform or carrier.platform)
            places[index] = _schematic_place(city, *key, given.get(key, 0))
            given[key] = given.get(key, 0) + 1
    return np.round(places, 3)


def _schematic_place(city: City, town_name: str, platform: str, turn: int) -> NDArray[np.float64]:
    """Return a place in the tile ``turn``-th nearest to the town's point, in the platform if named."""
    town = city.towns.names.index(town_name)
    mask = city.tiles.town == town
    keys = [composition.platform for composition in city.compositions]
    if platform in keys and (mask & (city.tile_platform == keys.index(platform))).any():
        mask = mask & (city.tile_platform == keys.index(platform))
    centers = tile_centers(city, mask)
    point = city.towns.points[np.flatnonzero(city.towns.point_town == town)[0]]
    distance = np.hypot(*(centers - point).T)
    center = centers[np.argsort(distance, kind="stable")[turn % len(centers)]]
    angle = 2.4 * turn + 0.6
    step: NDArray[np.float64] = _STEP_M * np.array([np.cos(angle), np.sin(angle)])
    place: NDArray[np.float64] = center + step
    return place


def _is_incubator(carrier: Carrier) -> bool:
    return carrier.has(Role.INCUBATOR) and any(cited.place == _INCUBATOR_BOX for cited in carrier.places)


def _layer(
    city: City,
    plan: Plan,
    *,
    incubators: bool,
    carriers: list[tuple[Carrier, Site]],
    places: NDArray[np.object_],
) -> DemoLayer:
    names = {platform.key: platform.name for platform in plan.platforms}
    columns: dict[str, object] = {
        "name": [carrier.name for carrier, _site in carriers],
        "plan_key": [carrier.key for carrier, _site in carriers],
        "platform": [names.get(carrier.platform or site.platform, "") for carrier, site in carriers],
        "address": [site.address for _carrier, site in carriers],
        "town": [site.town for _carrier, site in carriers],
        "precision": [site.precision for _carrier, site in carriers],
    }
    roles = [[ROLE_NAMES[role] for role in carrier.roles] for carrier, _site in carriers]
    remarks = [f"{FEATURE_STATUS}：{_REMARKS[site.precision]}" for _carrier, site in carriers]
    if incubators:
        columns["incubator_type"] = ROLE_NAMES[Role.INCUBATOR]
        others = ["、".join(name for name in own if name != ROLE_NAMES[Role.INCUBATOR]) for own in roles]
        remarks = [
            f"{text}；兼为{other}" if other else text for text, other in zip(remarks, others, strict=True)
        ]
    else:
        columns["aliases"] = ["、".join(carrier.aliases) for carrier, _site in carriers]
        columns["roles"] = ["、".join(own) for own in roles]
        columns["planned_floor_area_m2"] = [_planned_floor_m2(carrier) for carrier, _site in carriers]
    columns["remark"] = remarks
    source = [f"规划{carrier.place}；{site.source}" for carrier, site in carriers]
    name, kind = ("科技企业孵化器", "incubators") if incubators else ("科研机构与载体", "carriers")
    return DemoLayer(name, kind, demo_frame(city.seed, kind, places, columns, source))


def _planned_floor_m2(carrier: Carrier) -> float:
    """Return the planned floor area that the plan states, NaN where it states none."""
    stated = [figure.value for figure in carrier.figures if figure.name == _PLANNED_FLOOR]
    return float(stated[0]) if stated else np.nan
