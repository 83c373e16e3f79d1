"""The demonstration's registers of demand and quotas make a picture worth looking at."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from layers.project_demand import STAGES
from zsgis.demand.priorities import priority_rule
from zsgis.demand.stages import stage_of
from zsgis.demo import DEFAULT_SEED
from zsgis.demo.registers import demand_records
from zsgis.plan import load_plan


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return demand_records(DEFAULT_SEED, load_plan(), priority_rule())


def test_every_stage_occurs_and_some_projects_have_not_begun(records: list[dict[str, Any]]) -> None:
    reached = Counter(stage_of(record) for record in records)
    assert set(reached) == {None, *STAGES}


def test_stages_follow_each_other_and_carry_an_area_from_the_approval_on(
    records: list[dict[str, Any]],
) -> None:
    for record in records:
        days = [record[stage.date_field] for stage in STAGES if record.get(stage.date_field)]
        assert days == sorted(set(days))
        for place, stage in enumerate(STAGES):
            has_area = stage.area_field in record
            assert has_area == (place >= 4 and bool(record.get(stage.date_field)))
            assert not has_area or record[stage.area_field] == record["land_wanted_m2"]


def test_what_is_made_up_says_so_and_what_the_plan_leaves_open_stays_open(
    records: list[dict[str, Any]],
) -> None:
    wanting = [record for record in records if record.get("land_wanted_m2")]
    assert 0 < len(wanting) < len(records)
    assert all(record["remark"].startswith("示意") for record in wanting)
    assert all(0 < record["land_least_m2"] < record["land_wanted_m2"] for record in wanting)
    numbers = [
        record[stage.number_field] for record in records for stage in STAGES if stage.number_field in record
    ]
    assert numbers
    assert all(number.startswith("示意") for number in numbers)
    assert len(set(numbers)) == len(numbers)
