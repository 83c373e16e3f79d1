"""One small world for every analysis, and where each of them states its whole area."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas
import pyproj
from shapely import Point

from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import EAST, NORTH, at
from zsgis.result import Result, RowRole
from zsgis.run import run_capability

PARCEL_M2 = 10_000.0
"""Every parcel of the world is 100 m by 100 m; there are three in a row, from west to east."""
WHOLE_M2 = 3 * PARCEL_M2

Columns = dict[str, list[Any]]
World = dict[str, Columns]
"""Columns of each layer, by the layer's name."""

KINDS = {
    "用地": "land_use",
    "后期": "land_use",
    "地块": "industrial_parcels",
    "批地": "approved",
    "供地": "supplied",
    "闲置": "idle",
    "土规": "old_plan_zones",
    "控规": "detailed_plan",
    "国空": "territorial_plan",
    "控制线": "control_lines",
    "林地": "forest_stands",
    "三旧": "redevelopment",
    "载体": "carriers",
    "范围": "platforms",
}
STANDARDS = {"用地": "yd2023", "后期": "yd2023", "地块": "yd2023", "控规": "gb50137", "国空": "yd2023"}


def three(**columns: list[Any]) -> Columns:
    """Return the three parcels 甲, 乙 and 丙 with some columns."""
    shapes = [at(100 * i, 0, 100 * i + 100, 100) for i in range(3)]
    return {"name": ["甲", "乙", "丙"], **columns, "geometry": shapes}


def world() -> World:
    """Return the layers: two halves as zones, three parcels in every layer that is counted."""
    west, east = at(0, 0, 150, 100), at(150, 0, 300, 100)
    return {
        "用地": three(class_code=["100101", "100101", "0101"], survey_area_m2=[10_000.0] * 3),
        "后期": three(class_code=["100101", "0101", "0101"]),
        "地块": three(
            class_code=["100101"] * 3,
            use_state=["空置", "在用", "空置"],
            floor_area_m2=[8_000.0, 9_000.0, 7_000.0],
            built_year=[2001, 2002, 2003],
        ),
        "批地": three(approval_number=["批1", "批2", "批3"], approved_area_ha=[1.0, 1.0, 1.0]),
        "供地": three(supervision_number=["1", "2", "3"], contract_area_m2=[10_000.0] * 3),
        "闲置": {"name": ["闲"], "finding_number": ["闲认1号"], "geometry": [at(0, 0, 50, 100)]},
        "土规": {"zone_type": ["允许建设区", "限制建设区"], "geometry": [west, east]},
        "控规": {"name": ["1", "2"], "class_code": ["M1", "R2"], "geometry": [west, east]},
        "国空": {"name": ["1", "2"], "class_code": ["1001", "0701"], "geometry": [west, east]},
        "控制线": {
            "line_type": ["永久基本农田", "生态保护红线", "城镇开发边界"],
            "geometry": [at(0, 0, 50, 100), at(250, 0, 300, 100), at(-10, -10, 310, 110)],
        },
        "林地": {"name": ["林"], "geometry": [at(100, 0, 120, 100)]},
        "三旧": {"name": ["旧"], "map_number": ["1"], "geometry": [at(0, 0, 100, 100)]},
        "载体": {"name": ["中心"], "geometry": [Point(EAST, NORTH)]},
        "范围": {"name": ["西", "东"], "geometry": [west, east]},
    }


@dataclass(frozen=True)
class Sample:
    """What an analysis counts of the world, and where it says how much that is.

    Attributes
    ----------
    layer : str
        Name of the layer whose parcels it counts.
    others : tuple of str
        The further layers that it looks at.
    table, column : str
        The table with a row for each zone and the column of their whole areas.
    parameters : mapping
        What it must be told to count all parcels.
    """

    layer: str
    others: tuple[str, ...]
    table: str
    column: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


SAMPLES: Mapping[str, Sample] = {
    "stock": Sample("用地", (), "summary", "total"),
    "intensity": Sample("用地", ("批地", "供地", "闲置", "地块"), "land", "land"),
    "fragmentation": Sample("用地", (), "summary", "area", {"classes": "*"}),
    "contiguity": Sample("用地", (), "zones", "total", {"classes": "*"}),
    "change": Sample("用地", ("后期",), "zones", "total", {"earlier": "用地", "later": "后期"}),
    "three_plans": Sample("地块", ("土规", "控规", "国空"), "zones", "total"),
    "three_lines": Sample("地块", ("控制线", "林地"), "zones", "total"),
    "suitability": Sample("地块", ("载体", "控制线", "国空"), "zones", "total"),
    "supply_gap": Sample("批地", ("供地",), "zones", "approved"),
    "policy": Sample("供地", (), "zones", "total"),
    "screening": Sample("地块", (), "zones", "total"),
}


@dataclass(frozen=True)
class Outcome:
    """The result of an analysis on an odd world.

    Attributes
    ----------
    uids : mapping of str to tuple of str
        The features of each layer, in their order, by the layer's name.
    """

    sample: Sample
    result: Result
    uids: Mapping[str, tuple[str, ...]]

    def rows(self) -> dict[str, float]:
        """Return the area of each row of the table by zone but the total; nothing is 0."""
        table = self.result.table(self.sample.table)
        first = table.columns[0].key
        return {
            str(row.values[first]): float(row.values.get(self.sample.column) or 0.0)
            for row in table.rows
            if row.role is not RowRole.TOTAL
        }

    @property
    def whole_m2(self) -> float:
        """The area of all parcels, as the row of the total has it."""
        table = self.result.table(self.sample.table)
        (total,) = [row for row in table.rows if row.role is RowRole.TOTAL]
        return float(total.values[self.sample.column])

    def names(self, layer: str, *places: int) -> bool:
        """Tell whether one finding names all these features of a layer."""
        wanted = {self.uids[layer][place] for place in places}
        behind = [{uid for uids in found.sources.values() for uid in uids} for found in self.result.findings]
        return any(wanted <= named for named in behind)


def outcome(path: Path, key: str, layers: World, **odd: Any) -> Outcome:
    """Run an analysis on a new project that holds what it looks at of some layers.

    Parameters
    ----------
    odd : mapping
        ``crs``: EPSG codes by layer's name; ``spoiled``: the layer whose second shape another program wrote
        with a coordinate that is no number; ``dropped``: layer and field that another program took out;
        all else are parameters.
    """
    sample = SAMPLES[key]
    more = {name: value for name, value in odd.items() if name not in ("crs", "spoiled", "dropped")}
    given = {"basis": "planar", "unit": "m2", "zones": "范围", **sample.parameters, **more}
    wanted = {name: layers[name] for name in (sample.layer, *sample.others, "范围")}
    file = path / "p.gpkg"
    make_project(file, wanted, odd.get("crs", {}))
    if "spoiled" in odd:
        spoil_shape(file, odd["spoiled"])
    if "dropped" in odd:
        drop_field(file, *odd["dropped"])
    with Project.open(file) as project:
        result = run_capability(project, key, given)
        uids = {
            info.name: tuple(map(str, project.read(info.uid, columns=[]).index)) for info in project.layers()
        }
    return Outcome(sample, result, uids)


def make_project(path: Path, layers: World, crs: Mapping[str, int]) -> None:
    """Make a project with the layers; ``crs`` names the systems of those that are not in the project's."""
    with Project.create(path, 4547) as project:
        for name, columns in reversed(layers.items()):
            code = crs.get(name, 4547)
            frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs=4547)
            if code != 4547:
                frame = frame.to_crs(code)
            standard = STANDARDS.get(name, "")
            project.add_layer(
                NewLayer(name=name, kind=KINDS[name], crs=pyproj.CRS(code), standard=standard), frame
            )


def _changed(path: Path, layer: str, statement: str, *values: Any) -> None:
    """Change a layer's table as another program may do, that knows nothing of the project's triggers."""
    with Project.open(path, read_only=True) as project:
        table = project.layer(layer).table
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?"
        for (name,) in connection.execute(triggers, (table,)).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(statement.format(table=f'"{table}"'), values)


def spoil_shape(path: Path, layer: str) -> None:
    """Give a layer's second shape a coordinate that is no number."""
    nan = float("nan")
    ring = [(EAST, NORTH), (EAST + 10, NORTH), (nan, NORTH + 10), (EAST, NORTH)]
    wkb = struct.pack("<BII", 1, 6, 1) + struct.pack("<BIII", 1, 3, 1, len(ring))
    wkb += b"".join(struct.pack("<dd", *place) for place in ring)
    blob = b"GP\x00\x01" + struct.pack("<i", 4547) + wkb
    _changed(path, layer, "UPDATE {table} SET geom = ? WHERE fid = 2", blob)


def drop_field(path: Path, layer: str, field_name: str) -> None:
    """Take a field out of a layer."""
    _changed(path, layer, "ALTER TABLE {table} DROP COLUMN " + field_name)
