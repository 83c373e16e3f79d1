"""The registers of demand and of quotas: the plan's projects as they are, figures made up (示意)."""

from __future__ import annotations

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
_AMOUNTS_HA = (30.0, 45.0, 60.0, 25.0, 0.8)
_SHARE_WITH_AREA, _SHARE_BEGUN = 0.55, 0.3
_M2_PER_MU = 2000.0 / 3.0
_AREAS_MU = (15, 30, 45, 60, 90, 150)
_MARK = "示意"


def registers(seed: int, plan: Plan, rule: PriorityRule | None = None) -> tuple[DemoLayer, DemoLayer]:
    """Return the register of demand and that of quotas.

    Names, clauses, platforms, years and phases are the plan's; areas, documents, days and amounts are made
    up and say so.
    """
    return _demand(seed, plan, rule or priority_rule()), _quotas(seed)


def _demand(seed: int, plan: Plan, rule: PriorityRule) -> DemoLayer:
    rng = stream(seed, "demand")
    rows = [dict(record) for record in starter_records(plan, rule)]
    for row in rows:
        # drawn for every project, so that one more in the plan changes no other
        wanted, area, begun, years = rng.random(), rng.choice(_AREAS_MU), rng.random(), rng.integers(0, 3)
        if wanted < _SHARE_WITH_AREA or row["category"] == rule.categories[0].title:
            row["land_wanted_m2"] = round(int(area) * _M2_PER_MU, 2)
            row["land_least_m2"] = round(int(area) * 0.7 * _M2_PER_MU, 2)
            row["contiguous"] = bool(int(area) >= _AREAS_MU[3])
            row["supply_way"] = "划拨" if row["category"] in ("重大科技创新载体", "高校") else "弹性年期"
            row["remark"] = f"{_MARK}：面积为演示所拟，规划原文未给出"
        if begun < _SHARE_BEGUN:
            for stage in STAGES[: 1 + int(years)]:
                row[stage.number_field] = f"{_MARK}〔2026〕{stage.short}{rows.index(row) + 1:02d}号"
                row[stage.date_field] = f"2026-{2 + STAGES.index(stage):02d}-15"
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
