"""Small things that window tests show: a result, a project of two layers, a file to import."""

from __future__ import annotations

from pathlib import Path

import geopandas
import shapely

from layers.crs import parse_crs
from layers.findings import Finding, Severity
from layers.store import NewLayer, Project
from zsgis.result import Column, NotDerivable, Result, Row, RowRole, RunRecord, Table

WEST = "019313a0-0000-7000-8000-000000000001"
EAST = "019313a0-0000-7000-8000-000000000002"
PLATFORM = "019313a0-0000-7000-8000-000000000003"

REASON = "三调没有科研用地"


def square(x: float, y: float, side: float = 100.0) -> shapely.Polygon:
    return shapely.box(500_000 + x, 2_490_000 + y, 500_000 + x + side, 2_490_000 + y + side)


def make_project(path: Path) -> Project:
    """Return a project with one platform of 200 m x 100 m over two parcels of 100 m x 100 m."""
    crs = parse_crs("4547")
    project = Project.create(path, crs)
    parcels = geopandas.GeoDataFrame(
        {"zs_uid": [WEST, EAST], "name": ["西地块", "东地块"], "class_code": ["100101", "0701"]},
        geometry=[square(0, 0), square(100, 0)],
        crs=crs,
    )
    project.add_layer(NewLayer("图斑", "land_use", crs, standard="yd2023"), parcels)
    platform = geopandas.GeoDataFrame(
        {"zs_uid": [PLATFORM], "name": ["科学城"]},
        geometry=[shapely.union_all([square(0, 0), square(100, 0)])],
        crs=crs,
    )
    project.add_layer(NewLayer("平台", "platforms", crs), platform)
    return project


def write_zones(path: Path) -> Path:
    """Write a file of one zone named 一区, in the project's coordinate system."""
    frame = geopandas.GeoDataFrame({"名称": ["一区"]}, geometry=[square(0, 0, 200)], crs="EPSG:4547")
    frame.to_file(path, layer="zones", engine="pyogrio")
    return path


def sample_result(layer_uid: str = "land") -> Result:
    """Return a result of two body rows and their total."""
    table = Table(
        key="stock",
        title="用地现状",
        columns=(
            Column("zone", "范围"),
            Column("ha", "面积", unit="公顷", digits=2),
            Column("share", "科研占比", unit="%", digits=1),
        ),
        rows=(
            Row({"zone": "科学城", "ha": 1234.5, "share": 12.34}, sources={layer_uid: (WEST,)}),
            Row(
                {"zone": "翠亨", "ha": 1.0, "share": NotDerivable("三调没有科研用地")},
                sources={layer_uid: (EAST,)},
            ),
            Row({"zone": "合计", "ha": 1235.5, "share": None}, RowRole.TOTAL, {layer_uid: (WEST, EAST)}),
        ),
        notes=("面积口径：椭球面积",),
    )
    finding = Finding("overlay.repaired_ring", Severity.WARNING, "修复了一个图形", {layer_uid: (EAST,)})
    run = RunRecord("run-1", "stock", "2026-11-22T09:14:00", 0.5, "0.1.0", {}, (), ("balanced overlay",))
    return Result("stock", "用地现状统计", (table,), (finding,), (), run)
