"""Approved, supplied and redevelopment land: blocks and plots of the partition, chosen by chance."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from zsgis.demo.boundaries import platform_names
from zsgis.demo.chance import stream
from zsgis.demo.city import City
from zsgis.demo.frames import DemoLayer, demo_frame, numbered
from zsgis.demo.joining import join_groups
from zsgis.demo.land import class_names, face_owner
from zsgis.demo.zones import Use
from zsgis.plan import Plan

_APPROVED_BLOCKS = 260
_LARGEST_APPROVAL_M2 = 120_000.0
_OLD_INDUSTRY_M2 = 8000.0
_VILLAGE_HOUSES = ("070302", "070301")
_FIRST_DAY, _LAST_DAY = dt.date(2012, 1, 1), dt.date(2021, 12, 31)


def supply_layers(city: City, plan: Plan) -> tuple[DemoLayer, DemoLayer]:
    """Return approved land and the land supplied from it.

    Some approvals are supplied as a whole, some in part and some not at all; each approval's areas are the
    sums of its plots.
    """
    rng = stream(city.seed, "supply")
    blocks = _draw_blocks(city, rng)
    faces = np.flatnonzero(np.isin(city.faces.block, blocks))
    approval = np.searchsorted(blocks, city.faces.block[faces])
    wholly, partly = rng.random(blocks.size) < 0.42, rng.random(blocks.size) < 0.62
    supplied = wholly[approval] | (partly[approval] & (rng.random(faces.size) < 0.5))
    area = np.round(city.area_m2[faces], 2)
    total = np.bincount(approval, weights=area, minlength=blocks.size)
    given = np.bincount(approval[supplied], weights=area[supplied], minlength=blocks.size)
    days = _days(rng, blocks.size)
    numbers = numbered("演示批文", blocks.size, 3)
    _keys, geometry = join_groups(city.faces.geometry[faces], approval)
    first = faces[np.unique(approval, return_index=True)[1]]
    left_ha = np.round(total / 1e4, 4) - np.round(given / 1e4, 4)
    columns = {
        "name": numbered("演示批次", blocks.size, 3),
        "approval_number": numbers,
        "approved_on": days,
        "approved_use": class_names(city.class_code[first]),
        "approved_area_ha": np.round(total / 1e4, 4),
        "supplied_area_ha": np.round(given / 1e4, 4),
        "unsupplied_area_ha": np.round(left_ha, 4),
        "unsupplied_reason": np.where(left_ha > 0, "演示：尚未供地", ""),
        "town": city.town_names[city.face_town[first]],
        "platform": platform_names(city, plan)[city.face_platform[first]],
    }
    approved = DemoLayer(
        "批地红线", "approved", demo_frame(city.seed, "approved", geometry, columns), visible=False
    )
    approvals = [(days[k], numbers[k]) for k in approval[supplied]]
    return approved, _supplied(city, plan, faces[supplied], approvals)


def approved_blocks(city: City) -> NDArray[np.int64]:
    """Return the blocks of which land is approved."""
    return _draw_blocks(city, stream(city.seed, "supply"))


def _draw_blocks(city: City, rng: np.random.Generator) -> NDArray[np.int64]:
    held = np.flatnonzero(city.faces.block >= 0)
    area = np.bincount(city.faces.block[held], weights=city.area_m2[held], minlength=len(city.layout.cell))
    use = city.layout.use[city.layout.cell]
    weight = np.select([use == Use.INDUSTRY, use == Use.RESEARCH, use == Use.EDGE], [4.0, 6.0, 1.5], 0.0)
    weight[(area <= 0.0) | (area > _LARGEST_APPROVAL_M2)] = 0.0
    count = min(_APPROVED_BLOCKS, int((weight > 0).sum()))
    return np.sort(rng.choice(weight.size, size=count, replace=False, p=weight / weight.sum()))


def _days(rng: np.random.Generator, count: int) -> list[dt.date]:
    span = (_LAST_DAY - _FIRST_DAY).days
    return [_FIRST_DAY + dt.timedelta(days=int(day)) for day in rng.integers(0, span, count)]


def _supplied(
    city: City, plan: Plan, faces: NDArray[np.int64], approvals: list[tuple[dt.date, str]]
) -> DemoLayer:
    """Return supplied land; ``approvals`` are date and number of the approval of each plot."""
    rng = stream(city.seed, "supplied")
    count = faces.size
    owner = face_owner(city)[faces]
    way = np.where(rng.random(count) < 0.82, "招拍挂出让", "划拨")
    wait = rng.integers(90, 900, count)
    signed = [day + dt.timedelta(days=int(n)) for (day, _number), n in zip(approvals, wait, strict=True)]
    due = [day + dt.timedelta(days=365) for day in signed]
    # one in eight has not begun: a suspicion for the officer to look at, not a finding
    begun = rng.random(count) >= 0.125
    late = rng.integers(-120, 240, count)
    started = [
        day + dt.timedelta(days=int(n)) if is_begun else None
        for day, n, is_begun in zip(due, late, begun, strict=True)
    ]
    columns = {
        "name": numbered("演示项目", count, 4),
        "supervision_number": numbered("演示监管号", count, 4),
        "approval_number": _written_numbers(city.seed, [number for _day, number in approvals]),
        "contract_number": numbered("演示合同", count, 4),
        "region_name": city.town_names[city.face_town[faces]],
        "holder": numbered("演示受让人", count, 4),
        "use_name": class_names(city.class_code[faces]),
        "use_code": city.class_code[faces],
        "supply_way": way,
        "contract_area_m2": _written_areas(city.seed, city.area_m2[faces]),
        "supplied_area_ha": np.round(city.area_m2[faces] / 1e4, 4),
        "signed_on": signed,
        "start_due": due,
        "started_on": started,
        "town": city.town_names[city.face_town[faces]],
        "platform": platform_names(city, plan)[city.face_platform[faces]],
        "remark": np.where(owner == "集体", "演示：原为集体土地", ""),
    }
    frame = demo_frame(city.seed, "supplied", city.faces.geometry[faces], columns)
    return DemoLayer("供地红线", "supplied", frame, visible=False)


def _written_numbers(seed: int, numbers: list[str]) -> list[str]:
    """Return approval numbers as offices write them down: some are missing, a few are another approval's."""
    draw = stream(seed, "approval numbers").random(len(numbers))
    others = [*numbers[1:], *numbers[:1]]
    return [
        "" if chance < 0.06 else other if chance < 0.09 else number
        for chance, number, other in zip(draw.tolist(), numbers, others, strict=True)
    ]


def _written_areas(seed: int, area_m2: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return areas of contracts: nearly all as measured, some of an older survey."""
    rng = stream(seed, "contract areas")
    older = rng.random(area_m2.size) < 0.03
    return np.round(area_m2 * np.where(older, 1.08, 1.0), 2)


def redevelopment_layer(city: City, plan: Plan) -> DemoLayer:
    """Return redevelopment land: blocks of small old industry, and plots of village houses in the city."""
    rng = stream(city.seed, "redevelopment")
    use = city.layout.use[city.layout.cell]
    old_blocks = (
        (use == Use.INDUSTRY) & (city.layout.plot_m2 < _OLD_INDUSTRY_M2) & (rng.random(use.size) < 0.3)
    )
    in_block = city.faces.block >= 0
    works = in_block & old_blocks[city.faces.block]
    houses = np.isin(city.class_code.astype(str), _VILLAGE_HOUSES) & (city.face_use == Use.MIDDLE)
    houses &= in_block & (rng.random(houses.size) < 0.14)
    chosen = np.flatnonzero(works | houses)
    # works are taken block by block, houses plot by plot
    key = np.where(works[chosen], city.faces.block[chosen], len(use) + np.arange(chosen.size))
    _keys, first = np.unique(key, return_index=True)
    _keys, geometry = join_groups(city.faces.geometry[chosen], key)
    face = chosen[first]
    area = np.bincount(np.unique(key, return_inverse=True)[1], weights=city.area_m2[chosen])
    factory = works[face]
    columns = {
        "name": numbered("演示改造项目", face.size, 3),
        "map_number": numbered("演示标图", face.size, 3),
        "renewal_type": np.where(factory, "旧厂房", "旧村庄"),
        "planned_use": np.where(factory, "工业用地", "居住用地"),
        "progress": rng.choice(np.array(["未启动", "方案编制", "实施中", "已完成"], dtype=object), face.size),
        "entered_on": _days(rng, face.size),
        "recorded_area_ha": np.round(area / 1e4, 4),
        "town": city.town_names[city.face_town[face]],
        "platform": platform_names(city, plan)[city.face_platform[face]],
    }
    frame = demo_frame(city.seed, "redevelopment", geometry, columns)
    return DemoLayer("三旧改造用地", "redevelopment", frame, visible=False)
