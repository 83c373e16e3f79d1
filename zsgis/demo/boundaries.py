"""The layers of towns and platforms, joined from tiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zsgis.demo.city import City
from zsgis.demo.frames import DemoLayer, demo_frame
from zsgis.demo.joining import join_groups
from zsgis.plan import Plan

_CERTAINTY = {"confirmed": "构成镇街见规划或公开报道", "assumed": "构成镇街为假定"}


def towns_layer(city: City) -> DemoLayer:
    """Return the towns: their cells joined, so that outlines carry every node of the land inside."""
    index, outlines = join_groups(city.faces.geometry, city.face_town)
    towns = city.towns
    columns = {
        "name": [towns.names[k] for k in index],
        "town_code": [towns.codes[k] for k in index],
        "population": towns.population[index].astype(np.int64),
        "former_names": [towns.former_names[k] for k in index],
        "remark": "轮廓为示意方格，非法定界线",
    }
    return DemoLayer("镇街", "towns", demo_frame(city.seed, "towns", outlines, columns))


def platforms_layer(city: City, plan: Plan) -> DemoLayer:
    """Return the platforms of the plan with the tiles they take."""
    index, outlines = join_groups(city.faces.geometry, city.face_platform)
    index, outlines = index[index >= 0], outlines[index >= 0]
    by_key = {platform.key: platform for platform in plan.platforms}
    compositions = [city.compositions[k] for k in index]
    platforms = [by_key[composition.platform] for composition in compositions]
    columns = {
        "name": [platform.name for platform in platforms],
        "short_name": [platform.short_name for platform in platforms],
        "plan_key": [platform.key for platform in platforms],
        "tier": [platform.tier for platform in platforms],
        "role": [platform.role for platform in platforms],
        "industries": ["、".join(platform.industries) for platform in platforms],
        "towns": ["、".join(member.town for member in c.members) for c in compositions],
        "remark": [f"轮廓为示意方格，非法定界线；{_CERTAINTY[c.certainty]}" for c in compositions],
    }
    frame = demo_frame(city.seed, "platforms", outlines, columns)
    return DemoLayer("重大平台", "platforms", frame)


def platform_names(city: City, plan: Plan) -> NDArray[np.object_]:
    """Return the platforms' names to be indexed by platform number; the last (-1) is empty."""
    by_key = {platform.key: platform.name for platform in plan.platforms}
    return np.array([*(by_key[c.platform] for c in city.compositions), ""], dtype=object)


def tile_centers(city: City, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the centres of the tiles that a mask of the grid's shape picks, shape (n, 2), metres."""
    east, north = city.tiles.centers()
    return np.column_stack([east[mask], north[mask]])
