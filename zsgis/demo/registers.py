"""The registers of demand and of quotas: the plan's projects as they are, figures made up (示意)."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.project_demand import KIND as DEMAND
from layers.project_demand import STAGES
from layers.quotas import KIND as QUOTA
from layers.quotas import QUOTAS
from zsgis.demand.priorities import PriorityRule, priority_rule
from zsgis.demand.starter import starter_records
from zsgis.demo.chance import stream
from zsgis.demo.frames import DemoLayer, demo_frame
from zsgis.plan import Plan

_YEARS = (2026, 2027, 2028, 2029, 2030)
# ha a year, in the order of the quotas: enough for some of the demand and not for all of it
_AMOUNTS_HA = (14.0, 9.0, 25.0, 6.0, 0.4)
_SHARE_WITH_AREA, _SHARE_BEGUN = 0.12, 0.25
_M2_PER_MU = 2000.0 / 3.0
_AREAS_MU = (15, 30, 45, 60, 90, 150)
_LEAST_SHARE = 0.7
# of the projects that go first some want one large site, and such land draws on quotas
_LARGE_MU, _EVERY_LARGE = 330, 3
# land has an area of its own from its approval on
_FIRST_WITH_AREA = next(place for place, stage in enumerate(STAGES) if stage.key == "approved")
_FIRST_MONTH, _MONTHS_BETWEEN = 2, 5
_MARK = "示意"


def registers(seed: int, plan: Plan, rule: PriorityRule | None = None) -> tuple[DemoLayer, DemoLayer]:
    """Return the register of demand and that of quotas.

    Names, clauses, platforms, years and phases are the plan's; areas, documents, days and amounts are made
    up and say so.
    """
    return _demand(seed, plan, rule or priority_rule()), _quotas(seed)


def demand_records(seed: int, plan: Plan, rule: PriorityRule) -> list[dict[str, Any]]:
    """Return the demonstration's projects by field: every stage occurs, some have no area yet (待录入)."""
    rng = stream(seed, "demand")
    rows = [dict(record) for record in starter_records(plan, rule)]
    begun = large = 0
    for number, row in enumerate(rows, 1):
        # drawn for every project, so that one more in the plan changes no other
        wants, area, starts = rng.random(), int(rng.choice(_AREAS_MU)), rng.random() < _SHARE_BEGUN
        first = rule.category(row["category"]).rank == 1
        if wants < _SHARE_WITH_AREA or starts:
            large += first
            one_site = first and large % _EVERY_LARGE == 1
            _want(row, _LARGE_MU if one_site else area, one_site=one_site)
        if starts:
            _begin(row, number, 1 + begun % len(STAGES))
            begun += 1
    return rows


def _want(row: dict[str, Any], area_mu: int, *, one_site: bool) -> None:
    row["land_wanted_m2"] = round(area_mu * _M2_PER_MU, 2)
    row["land_least_m2"] = round(area_mu * _LEAST_SHARE * _M2_PER_MU, 2)
    row["contiguous"] = one_site or area_mu >= _AREAS_MU[3]
    row["most_sites"] = 1 if one_site else None
    row["supply_way"] = "划拨" if row["category"] in ("重大科技创新载体", "高校") else "弹性年期"
    row["remark"] = f"{_MARK}：面积为演示所拟，规划原文未给出"


def _begin(row: dict[str, Any], number: int, stages: int) -> None:
    """Let a project have come through its first stages, each with document and day, the later with area."""
    for place, stage in enumerate(STAGES[:stages]):
        month = _FIRST_MONTH + _MONTHS_BETWEEN * place
        day = f"{2022 + month // 12}-{1 + month % 12:02d}-15"
        row[stage.number_field] = f"{_MARK}〔{day[:4]}〕{stage.short}{number:02d}号"
        row[stage.date_field] = day
        if place >= _FIRST_WITH_AREA:
            row[stage.area_field] = row["land_wanted_m2"]


def _demand(seed: int, plan: Plan, rule: PriorityRule) -> DemoLayer:
    rows = demand_records(seed, plan, rule)
    columns = {
        each.name: [row.get(each.name) for row in rows] for each in DEMAND.fields if each.name != "status"
    }
    frame = demo_frame(seed, DEMAND.key, np.full(len(rows), None, dtype=object), columns)
    return DemoLayer("用地需求库", DEMAND.key, frame, visible=False)


def _quotas(seed: int) -> DemoLayer:
    rows = [
        {
            "quota": quota,
            "year": year,
            "amount_ha": amount,
            "carry_years": 1,
            "document": f"{_MARK}〔{year}〕{number}号",
            "remark": f"{_MARK}：数量为演示所拟",
        }
        for number, (quota, amount) in enumerate(zip(QUOTAS, _AMOUNTS_HA, strict=True), 1)
        for year in _YEARS
    ]
    columns = {
        each.name: [row.get(each.name) for row in rows] for each in QUOTA.fields if each.name != "status"
    }
    frame = demo_frame(seed, QUOTA.key, np.full(len(rows), None, dtype=object), columns)
    return DemoLayer("用地指标台账", QUOTA.key, frame, visible=False)
