"""Land in the land bank, and supplied land on which nothing was begun."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from zsgis.demo.boundaries import platform_names
from zsgis.demo.chance import stream
from zsgis.demo.city import City
from zsgis.demo.controls import growth_cells
from zsgis.demo.frames import DemoLayer, demo_frame, numbered
from zsgis.demo.supply import approved_blocks
from zsgis.demo.zones import COUNTRY
from zsgis.plan import Plan

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_VACANT = "2301"
_COUNTRY_SHARE, _IDLE_SHARE, _ESTABLISHED_SHARE = 0.06, 0.6, 0.45
_FIRST_DAY = dt.date(2015, 1, 1)
_USES = ("工业用地", "居住用地", "商业服务业用地", "科研用地")


def reserve_layer(city: City, plan: Plan) -> DemoLayer:
    """Return land held for supply: vacant plots, and some country inside the growth boundary."""
    rng = stream(city.seed, "reserve")
    free = (city.faces.block >= 0) & ~np.isin(city.faces.block, approved_blocks(city))
    vacant = free & (city.class_code == _VACANT)
    growing = free & growth_cells(city)[city.faces.cell] & np.isin(city.face_use, COUNTRY)
    face = np.flatnonzero(vacant | (growing & (rng.random(free.size) < _COUNTRY_SHARE)))
    ready = rng.random(face.size) < 0.55
    columns = {
        "name": numbered("演示储备地块", face.size, 3),
        "plot_code": numbered("演示储备", face.size, 3),
        "reserve_way": np.where(vacant[face], "收回收购", "征收"),
        "reserved_on": [
            _FIRST_DAY + dt.timedelta(days=day) for day in rng.integers(0, 2500, face.size).tolist()
        ],
        "planned_use": rng.choice(np.array(_USES, dtype=object), face.size),
        "recorded_area_ha": np.round(city.area_m2[face] / 1e4, 4),
        "supply_ready": ready,
        "town": city.town_names[city.face_town[face]],
        "platform": platform_names(city, plan)[city.face_platform[face]],
    }
    frame = demo_frame(city.seed, "reserve", city.faces.geometry[face], columns)
    return DemoLayer("储备用地", "reserve", frame, visible=False)


def idle_layer(city: City, supplied: GeoDataFrame) -> DemoLayer:
    """Return supplied land that was not begun: suspected, and in part established as idle.

    Parameters
    ----------
    supplied : GeoDataFrame
        The layer of supplied land.
    """
    rng = stream(city.seed, "idle")
    waiting = supplied[supplied["started_on"].isna()]
    waiting = waiting[rng.random(len(waiting)) < _IDLE_SHARE]
    count = len(waiting)
    known = rng.random(count) < _ESTABLISHED_SHARE
    cause = np.where(known, rng.choice(np.array(["政府原因", "企业原因"], dtype=object), count), "待认定")
    established = [
        due + dt.timedelta(days=430) if is_known else None
        for due, is_known in zip(waiting["start_due"], known.tolist(), strict=True)
    ]
    columns = {
        "name": waiting["name"].tolist(),
        "supervision_number": waiting["supervision_number"].tolist(),
        "contract_number": waiting["contract_number"].tolist(),
        "holder": waiting["holder"].tolist(),
        "finding_number": np.where(known, numbered("演示闲置认定", count, 3), ""),
        "established_on": established,
        "idle_type": "未动工",
        "idle_cause": cause,
        "idle_area_ha": waiting["supplied_area_ha"].to_numpy(),
        "handling": np.where(known & (cause == "政府原因"), "延长动工开发期限", ""),
        "handling_progress": np.where(known, "处置中", "调查中"),
        "town": waiting["town"].tolist(),
        "platform": waiting["platform"].tolist(),
    }
    frame = demo_frame(city.seed, "idle", waiting.geometry.to_numpy(), columns)
    return DemoLayer("闲置土地", "idle", frame, visible=False)
