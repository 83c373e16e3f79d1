"""Small layers of parcels for the tests of contiguity, and its rules worked out the slow way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import shapely
from stock_samples import at

from layers.store import NewLayer, Project
from zsgis.result import Result
from zsgis.run import run_capability

FACTORY, ROAD, FIELD, DITCH, HOUSES = "1001", "1207", "0101", "1705", "0701"


def project_of(
    path: Path,
    codes: list[Any],
    shapes: list[Any],
    *,
    zones: dict[str, list[Any]] | None = None,
    crs: int = 4547,
    **columns: list[Any],
) -> Project:
    """Make a project with a land-use layer of these classes and shapes, and zones where given."""
    project = Project.create(path, 4547)
    frame = geopandas.GeoDataFrame(
        {"class_code": codes, "geometry": shapes, **columns}, geometry="geometry", crs=4547
    ).to_crs(crs)
    project.add_layer(NewLayer(name="图斑", kind="land_use", crs=pyproj.CRS(crs), standard="yd2023"), frame)
    if zones is not None:
        areas = geopandas.GeoDataFrame(zones, geometry="geometry", crs=4547)
        project.add_layer(NewLayer(name="范围", kind="zones", crs=pyproj.CRS(4547)), areas)
    return project


def contiguity(project: Project, **parameters: Any) -> Result:
    """Run on planar areas and with every group listed, unless told otherwise; closes the project."""
    with project:
        return run_capability(
            project, "contiguity", {"basis": "planar", "unit": "m2", "least_mu": 0, **parameters}
        )


def groups(result: Result) -> set[frozenset[str]]:
    """Return the parcels of every listed group."""
    (layer,) = [record.layer_uid for record in result.run.inputs if record.role == "parcels"]
    rows = [row for row in result.table("groups").rows if row.role.value == "body"]
    return {frozenset(row.sources[layer]) for row in rows}


def areas(result: Result) -> list[float]:
    """Return the areas of the listed groups in m2."""
    return [row.values["area_m2"] for row in result.table("groups").rows if row.role.value == "body"]


def slow_groups(shapes: list[Any], gap_m: float) -> set[frozenset[int]]:
    """Return the groups within a gap: every pair measured, one after the other."""
    label = list(range(len(shapes)))
    for i, one in enumerate(shapes):
        for j in range(i):
            if one.distance(shapes[j]) <= gap_m:
                old, new = label[i], label[j]
                label = [new if each == old else each for each in label]
    return {frozenset(i for i, each in enumerate(label) if each == name) for name in set(label)}


def slow_bridge(one: Any, other: Any, roads: list[Any], width_m: float, gap_m: float) -> bool:
    """Try every circle over two densely sampled edges against the whole of the road."""
    ground = shapely.union_all([*roads, one, other])
    here = shapely.get_coordinates(shapely.segmentize(one.boundary, 0.25))
    there = shapely.get_coordinates(shapely.segmentize(other.boundary, 0.25))
    length = np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1))
    for i, j in np.argwhere((length <= width_m) & (length > gap_m)).tolist():
        middle = shapely.Point((here[i] + there[j]) / 2)
        circle = middle.buffer((length[i, j] - gap_m) / 2, quad_segs=8)
        on_road = any(road.intersects(middle) for road in roads)
        if on_road and circle.intersection(ground).area >= 0.95 * circle.area:
            return True
    return False


__all__ = [
    "DITCH",
    "FACTORY",
    "FIELD",
    "HOUSES",
    "ROAD",
    "areas",
    "at",
    "contiguity",
    "groups",
    "project_of",
    "slow_bridge",
    "slow_groups",
]
