"""A bureau's project with four pieces of land and three projects; its best plan is derived here.

Pieces are strips 100 m deep, so 100 m of length are 1 ha. Reserve land lies on fields (0101) and draws on
新增建设用地计划指标, 建设用地规模 and 耕地占补平衡指标; 三旧 land draws on nothing.

    储一 3.0 ha, 储二 2.0 ha (reserve)      旧一 2.5 ha, 旧二 1.0 ha (三旧)

    project  category          rank  wants  least  sites
    光子     重大科技创新载体  1     3.0    2.0    1      draws on 重大项目用地指标 in place of 新增
    学院     高校              2     2.5    2.0    1
    企业     其他              4     1.0    1.0    1
    待录     高校              2     not entered yet: takes no part

Quotas of 2026: 重大 3.0, 新增 1.0, 规模 10, 占补 10; of forest land nothing is said.
At most 20 % more than is wanted is given: 3.6, 3.0 and 1.2 ha.

光子 gets 3 only from 储一 (3.0 of 重大). 学院 gets 2.5 from 旧一; 储二 would draw 2.0 of 新增, where 1.0 is.
企业 gets 旧二; every other piece is larger than 1.2 ha. In all 6.5 of 6.5 ha.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely

from layers.crs import parse_crs
from layers.quotas import CONSTRUCTION_SCALE, FARMLAND_BALANCE, MAJOR_PROJECTS, NEW_CONSTRUCTION
from layers.store import NewLayer, Project
from zsgis.result import Result, RowRole, Table
from zsgis.run import run_capability

CRS = parse_crs("4547")
X, Y = 436000.0, 2491000.0
M2 = 10_000.0
QUICK = {"on": "2026-11-23", "seconds": 30.0, "gap_pct": 0.0}
PROJECTS: tuple[dict[str, Any], ...] = (
    {"name": "光子", "project_code": "P1", "category": "重大科技创新载体", "wants": 3.0, "least": 2.0},
    {"name": "学院", "project_code": "P2", "category": "高校", "wants": 2.5, "least": 2.0},
    {"name": "企业", "project_code": "P3", "category": "其他", "wants": 1.0, "least": 1.0},
    {"name": "待录", "project_code": "P4", "category": "高校"},
)
AMOUNTS = {MAJOR_PROJECTS: 3.0, NEW_CONSTRUCTION: 1.0, CONSTRUCTION_SCALE: 10.0, FARMLAND_BALANCE: 10.0}


def strip(left: float, right: float) -> shapely.Polygon:
    return shapely.box(X + left, Y, X + right, Y + 100)


def add(
    project: Project, key: str, shapes: Sequence[Any], rows: Iterable[Mapping[str, Any]], **how: Any
) -> str:
    listed = list(rows)
    fields = sorted({field for row in listed for field in row})
    frame = geopandas.GeoDataFrame(
        {field: [row.get(field) for row in listed] for field in fields},
        geometry=np.array(list(shapes), dtype=object),
        crs=CRS,
    )
    return project.add_layer(NewLayer(how.pop("name", key), key, CRS, **how), frame).uid


def wanted(row: Mapping[str, Any]) -> dict[str, Any]:
    made = {key: value for key, value in row.items() if key not in ("wants", "least")}
    made["most_sites"] = made.get("most_sites", 1)
    made["land_wanted_m2"] = row["wants"] * M2 if "wants" in row else None
    made["land_least_m2"] = row["least"] * M2 if "least" in row else None
    return made


def quota_rows(
    amounts: Mapping[str, float], years: Sequence[int] = (2026,), carry: int = 0
) -> list[dict[str, Any]]:
    return [
        {"quota": quota, "year": year, "amount_ha": amount, "carry_years": carry}
        for quota, amount in amounts.items()
        for year in years
    ]


def bureau(
    folder: Path,
    *,
    projects: Sequence[Mapping[str, Any]] = PROJECTS,
    quotas: Sequence[Mapping[str, Any]] | None = None,
    land: bool = True,
) -> Project:
    """Return the project of the table above, or one with other registers."""
    project = Project.create(folder / "配置.gpkg", CRS, title="配置")
    if land:
        reserve = [{"name": "储一"}, {"name": "储二"}]
        old = [{"name": name, "map_number": name, "progress": "未启动"} for name in ("旧一", "旧二")]
        add(project, "reserve", [strip(0, 300), strip(1000, 1200)], reserve)
        add(project, "redevelopment", [strip(2000, 2250), strip(3000, 3100)], old)
        add(project, "land_use", [strip(-100, 5000)], [{"class_code": "0101"}], standard="yd2023")
    else:
        add(project, "reserve", [], [])
    rows = [wanted(row) for row in projects]
    add(project, "project_demand", [None] * len(rows), rows)
    entries = quota_rows(AMOUNTS) if quotas is None else list(quotas)
    add(project, "quotas", [None] * len(entries), entries)
    return project


def run(project: Project, **asked: Any) -> Result:
    return run_capability(project, "allocate", {**QUICK, **asked})


def table(result: Result, key: str) -> Table:
    return next(each for each in result.tables if each.key == key)


def given(result: Result) -> dict[str, tuple[str, ...]]:
    """Return, by project, its land and year, as ``储一@2026``."""
    out: dict[str, tuple[str, ...]] = {}
    for row in table(result, "plan").rows:
        if row.role is RowRole.BODY:
            values = row.values
            site = f"{str(values['candidate']).split()[-1]}@{values['year']}"
            out[str(values["project"])] = (*out.get(str(values["project"]), ()), site)
    return out


def said(result: Result, key: str, column: str, **where: str) -> Any:
    """Return a value of the one row that has these values."""
    (row,) = [
        each
        for each in table(result, key).rows
        if all(each.values.get(name) == value for name, value in where.items())
    ]
    return row.values.get(column)
