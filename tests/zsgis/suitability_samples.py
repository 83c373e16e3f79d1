"""Small projects and rasters for tests of suitability."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import rasterio
from numpy.typing import NDArray

from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import EAST, NORTH, at
from zsgis.result import Result
from zsgis.run import run_capability

NAN = float("nan")
HEAD = """
key = "r"
title = "试"
version = "1"
status = "待核实"
source = "试"
"""
SLOPE = """
[[criteria]]
key = "slope"
title = "坡度"
type = "slope"
unit = "deg"
weight = 1
steps = "slope_urban_construction"
"""
VALUE = """
[[criteria]]
key = "flood"
title = "积水深度"
type = "raster"
unit = "m"
weight = 1
curve = [[0, 100], [2, 0]]
"""


NEAR = """
[[limits]]
key = "farmland"
title = "基本农田"
kind = "control_lines"
field = "line_type"
values = ["永久基本农田"]
most_share_pct = 10.0
clause = "不得占用"

[[criteria]]
key = "near"
title = "距载体"
type = "distance"
kind = "carriers"
weight = 2
curve = [[0, 100], [500, 0]]

[[criteria]]
key = "cluster"
title = "载体密度"
type = "density"
kind = "carriers"
radius_m = 120.0
weight = 1
curve = [[0, 0], [30, 100]]

[[criteria]]
key = "inside"
title = "平台内"
type = "inside"
kind = "platforms"
weight = 1
curve = [[0, 0], [100, 100]]

[[criteria]]
key = "use"
title = "规划用途"
type = "class_score"
kind = "territorial_plan"
weight = 1
curve = [[0, 0], [100, 100]]
uncovered = 10
[criteria.scores.yd2023]
"0802" = 100
"10" = 50
"""


def raster(
    path: Path, values: NDArray[Any], cell: float = 10.0, west: float = EAST, north: float = NORTH + 300
) -> Path:
    """Write values on a grid with its north-western corner at ``west``, ``north``."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype="float32",
        crs=pyproj.CRS(4547).to_wkt(),
        transform=rasterio.Affine(cell, 0.0, west, 0.0, -cell, north),
        nodata=-9999.0,
    ) as out:
        out.write(np.where(np.isnan(values), -9999.0, values).astype(np.float32), 1)
    return path


def tilted(rise: float) -> NDArray[np.float64]:
    """Return heights of 40 by 100 cells of 10 m that rise so many metres a metre eastwards."""
    return np.tile(np.arange(100) * 10.0 * rise, (40, 1))


def three_parcels() -> dict[str, dict[str, list[Any]]]:
    return {
        "industrial_parcels": {
            "name": ["甲", "乙", "丙"],
            "class_code": ["1001"] * 3,
            "geometry": [at(300 * i, 0, 300 * i + 100, 100) for i in range(3)],
        }
    }


def project_of(folder: Path, layers: dict[str, dict[str, list[Any]]], rule: str) -> Project:
    (folder / "rule.toml").write_text(HEAD + rule, encoding="utf-8")
    project = Project.create(folder / "p.gpkg", 4547)
    for kind, columns in layers.items():
        frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs=4547)
        standard = "yd2023" if kind == "territorial_plan" else ""
        project.add_layer(NewLayer(name=kind, kind=kind, crs=pyproj.CRS(4547), standard=standard), frame)
    return project


def scored(folder: Path, layers: dict[str, dict[str, list[Any]]], rule: str, **given: Any) -> Result:
    with project_of(folder, layers, rule) as project:
        return run_on(project, folder, **given)


def run_on(project: Project, folder: Path, **given: Any) -> Result:
    asked = {"unit": "m2", "basis": "planar", "zones": "-", "rule": str(folder / "rule.toml"), **given}
    return run_capability(project, "suitability", asked)


def parcels(result: Result) -> dict[str, dict[str, Any]]:
    return {row.values["name"]: dict(row.values) for row in result.table("parcels").rows}
