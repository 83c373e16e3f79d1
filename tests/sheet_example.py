"""A small made-up project to draw sheets of: land use on a grid, two platforms, towns, incubators."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

from layers.crs import parse_crs
from layers.drawable import DrawableLayer
from layers.drawable_making import build_drawable
from layers.errors import JobCancelled
from layers.store import NewLayer, Project
from zsgis.analysis.layers_used import input_record
from zsgis.result import Column, Result, Row, RowRole, RunRecord, Table

WEST, SOUTH, STEP, CELLS = 430_000.0, 2_480_000.0, 250.0, 24
CODES = ("0101", "0103", "0201", "0701", "0802", "100101", "1207", "1701")
EAST_PLATFORM, WEST_PLATFORM = "翠亨新区", "火炬开发区"


def example_project(path: Path, *, demo: bool = False, secrecy: str = "", west_code: str = "1403") -> Project:
    """Return a project of 6 km by 6 km; ``west_code`` occurs in the most western column of cells only."""
    crs = parse_crs("4547")
    project = Project.create(path, crs, title="练习工程")
    status = "示意" if demo else "法定"
    cells, codes = [], []
    for column in range(CELLS):
        for row in range(CELLS):
            x, y = WEST + column * STEP, SOUTH + row * STEP
            cells.append(shapely.box(x, y, x + STEP, y + STEP))
            codes.append(west_code if column == 0 else CODES[(column * 5 + row * 3) % len(CODES)])
    land = gpd.GeoDataFrame({"class_code": codes}, geometry=cells, crs=crs)
    project.add_layer(
        NewLayer(
            "土地利用现状图斑", "land_use", crs, standard="yd2023", demo=demo, status=status, secrecy=secrecy
        ),
        land,
    )
    platforms = gpd.GeoDataFrame(
        {"name": [WEST_PLATFORM, EAST_PLATFORM]},
        geometry=[
            shapely.box(WEST, SOUTH + 1000, WEST + 2000, SOUTH + 3000),
            shapely.Point(WEST + 4000, SOUTH + 3500).buffer(1200, 8),
        ],
        crs=crs,
    )
    project.add_layer(NewLayer("重大平台", "platforms", crs, demo=demo, status=status), platforms)
    towns = gpd.GeoDataFrame(
        {"name": ["中山港街道", "南朗街道"]},
        geometry=[
            shapely.box(WEST, SOUTH, WEST + 3000, SOUTH + 6000),
            shapely.box(WEST + 3000, SOUTH, WEST + 6000, SOUTH + 6000),
        ],
        crs=crs,
    )
    project.add_layer(NewLayer("镇街", "towns", crs, demo=demo, status=status), towns)
    points = gpd.GeoDataFrame(
        {"name": ["中山市创新中心", "南朗孵化器"]},
        geometry=gpd.points_from_xy([WEST + 700, WEST + 4200], [SOUTH + 2100, SOUTH + 3600]),
        crs=crs,
    )
    project.add_layer(NewLayer("科技企业孵化器", "incubators", crs, demo=demo, status=status), points)
    return project


def drawables(project: Project) -> list[DrawableLayer]:
    """Return the project's visible layers, top first."""
    return [
        build_drawable(info, project.read(info.uid), project.crs) for info in project.layers() if info.visible
    ]


def stock_like(
    rows: list[Row], *, demo: bool = False, secrecy: str = "", project: Project | None = None
) -> Result:
    """Return a result with the columns of the stock table and the given rows, of the project's land use."""
    land = project.layers_of("land_use")[:1] if project else ()
    inputs = tuple(input_record(project, info, "land") for info in land) if project else ()
    columns = (
        Column("zone", "范围"),
        Column("class_code", "地类编码"),
        Column("class_name", "地类"),
        Column("area_ha", "面积", "公顷", 4, "面积"),
        Column("area_mu", "面积", "亩", 2, "面积"),
        Column("count", "图斑数", "", 0),
        Column("share", "占比", "%", 2),
    )
    record = RunRecord("run", "stock", "2026-01-01T00:00:00", 0.0, "0", {}, inputs, ())
    table = Table("stock", "地类面积", columns, tuple(rows), ("面积口径：椭球面积。",))
    return Result("stock", "地类面积", (table,), (), (), record, demo=demo, secrecy=secrecy)


def class_row(
    zone: str, code: str, name: str, area: tuple[float, float, float], role: RowRole = RowRole.BODY
) -> Row:
    """Return a row; ``area`` is ha, 亩, share in per cent."""
    values = {"zone": zone, "class_code": code, "class_name": name, "count": 3}
    return Row(values | dict(zip(("area_ha", "area_mu", "share"), area, strict=True)), role)


class StopAt:
    """Progress that stops the work at a share done, and keeps what it was told."""

    def __init__(self, share: float) -> None:
        self._share = share
        self.shares: list[float] = []

    def step(self, done: float, text: str = "") -> None:
        self.shares.append(done)
        if done >= self._share:
            raise JobCancelled(text)
