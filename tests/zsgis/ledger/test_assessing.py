"""Assessment: a day held against another, whole and by platform and town."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pytest

from layers.crs import parse_crs
from layers.errors import UsageError
from layers.store import NewLayer, Project
from tests.zsgis.ledger.ledger_samples import sample_project
from zsgis.ledger.assessing import AssessedLine, Assessment, Course, Span, assess, days_of
from zsgis.ledger.documents import assessment_document, assessment_lines
from zsgis.ledger.lights import Light, read_lights
from zsgis.ledger.typed_values import enter_value
from zsgis.plan import Plan, load_plan

END_2022, END_2023 = dt.date(2022, 12, 31), dt.date(2023, 12, 31)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A register of carriers that were approved in 2022 and 2023, and firms counted in both years."""
    crs = parse_crs("4547")
    rows = {
        "name": ["甲院", "乙园", "丙园"],
        "category": ["重大科技创新载体", "科技园区", "科技园区"],
        "platform": ["中山科学城", "中山科学城", "翠亨新区"],
        "town": ["南朗街道", "火炬开发区", "南朗街道"],
        "approved_area_m2": [10_000.0, 25_000.0, 40_000.0],
        "approved_on": ["2022-05-01", "2023-06-30", "2024-01-01"],
    }
    with sample_project(tmp_path / "work.gpkg") as made:
        frame = geopandas.GeoDataFrame(rows, geometry=np.full(3, None, dtype=object), crs=crs)
        made.add_layer(NewLayer("需求", "project_demand", crs), frame)
        for day, value in ((END_2022, 2900.0), (END_2023, 2800.0)):
            enter_value(made, "high_tech_firms", day, value, "市科技局函", known=("high_tech_firms",))
        yield made


def line(assessment: Assessment, key: str, of: tuple[str, str] = ("", "")) -> AssessedLine:
    return next(one for one in assessment.lines if one.key == key and one.entry.line == of)


def test_a_year_is_held_against_the_one_before_by_platform_and_town(project: Project, plan: Plan) -> None:
    assessment = assess(project, plan, *days_of(Span.YEARLY, plan, read_lights(), 2023))
    approved = "carrier_land_approved"
    whole = line(assessment, approved)
    # 1 ha by the end of 2022; 1 + 2.5 = 3.5 ha by the end of 2023
    assert (whole.then and whole.then.value, whole.now and whole.now.value) == (1.0, 3.5)
    assert (whole.change, whole.course) == (2.5, Course.BETTER)
    assert line(assessment, approved, ("platform", "中山科学城")).change == 2.5
    assert line(assessment, approved, ("town", "南朗街道")).course is Course.SAME
    # nothing was approved in 火炬 before: it has no line then, and no change is made up for it
    new = line(assessment, approved, ("town", "火炬开发区"))
    assert new.then is None
    assert new.course is Course.UNKNOWN


def test_a_series_is_compared_with_its_light_at_both_days(project: Project, plan: Plan) -> None:
    firms = line(assess(project, plan, END_2022, END_2023), "high_tech_firms")
    assert (firms.change, firms.course) == (-100, Course.WORSE)
    assert firms.then is not None
    assert firms.now is not None
    # on the line from 2,388 (2020) to 3,500 (2025): 2,832.8 after two of five years, 3,055.2 after three;
    # 730 and 1,095 of 1,826 days, so 2,832.6 and 3,054.8
    assert firms.then.judged.expected == pytest.approx(2388 + 1112 * 730 / 1826)
    assert firms.then.judged.light is Light.GREEN
    assert firms.now.judged.light is Light.YELLOW


def test_mid_term_and_final_begin_with_the_plans_own_base(project: Project, plan: Plan) -> None:
    rule = read_lights()
    assert days_of(Span.MIDTERM, plan, rule) == (dt.date(2020, 12, 31), END_2023)
    assert days_of(Span.FINAL, plan, rule) == (dt.date(2020, 12, 31), dt.date(2025, 12, 31))
    firms = line(assess(project, plan, *days_of(Span.MIDTERM, plan, rule)), "high_tech_firms")
    assert firms.change == 2800 - 2388


def test_what_is_lacking_on_one_day_has_no_change(project: Project, plan: Plan) -> None:
    assessment = assess(project, plan, END_2022, END_2023)
    wanted = line(assessment, "carrier_land_wanted")
    assert (wanted.change, wanted.course, wanted.current) == (None, Course.UNKNOWN, False)
    document = assessment_document(assessment)
    told = next(one for one in document["lines"] if one["key"] == "carrier_land_wanted")
    assert (told["change"], told["now"]["value"]) == (None, None)
    assert any("缺资料 → 缺资料" in text for text in assessment_lines(assessment))


def test_days_that_are_none_are_refused(project: Project, plan: Plan) -> None:
    with pytest.raises(UsageError):
        assess(project, plan, END_2023, END_2023)
    for year in (None, 2020, 2026):
        with pytest.raises(UsageError):
            days_of(Span.YEARLY, plan, read_lights(), year)
