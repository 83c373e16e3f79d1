"""Small projects for the tests of analyses and reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pyproj
from shapely import box

from layers.store import NewLayer, Project

# 10 m squares near the central meridian of 114 degrees, where plane and ellipsoid agree to some 10^-4
EAST, NORTH = 500_000, 2_490_000


def at(x0: float, y0: float, x1: float, y1: float) -> Any:
    """Return a box, its coordinates counted from a corner in Zhongshan."""
    return box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def project_with(
    path: Path,
    land: dict[str, list[Any]],
    zones: dict[str, list[Any]] | None = None,
    *,
    standard: str = "yd2023",
    crs: int = 4547,
    zones_crs: int = 4547,
    **layer: Any,
) -> Project:
    """Make a project with a land-use layer and, if given, a layer of zones."""
    project = Project.create(path, 4547)
    frame = geopandas.GeoDataFrame(land, geometry="geometry", crs=4547).to_crs(crs)
    project.add_layer(
        NewLayer(name="土地利用", kind="land_use", crs=pyproj.CRS(crs), standard=standard, **layer), frame
    )
    if zones is not None:
        areas = geopandas.GeoDataFrame(zones, geometry="geometry", crs=4547).to_crs(zones_crs)
        project.add_layer(NewLayer(name="范围", kind="zones", crs=pyproj.CRS(zones_crs)), areas)
    return project


def three_parcels() -> dict[str, list[Any]]:
    """Return a field (0101), a factory (100101) and a laboratory (0802), 100 m2 each, side by side."""
    return {
        "name": ["1", "2", "3"],
        "class_code": ["0101", "100101", "0802"],
        "survey_area_m2": [100.0, 99.0, None],
        "geometry": [at(0, 0, 10, 10), at(10, 0, 20, 10), at(20, 0, 30, 10)],
    }


def two_zones() -> dict[str, list[Any]]:
    """Return zone 甲 up to x = 14 and zone 乙 from there to x = 25."""
    return {"name": ["甲", "乙"], "geometry": [at(-5, -5, 14, 15), at(14, -5, 25, 15)]}
