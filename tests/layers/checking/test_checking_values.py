"""Values against their declaration: what is missing, too long, no code, twice, or does not add up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
import shapely

from layers.area import ellipsoidal_area_m2, planar_area_m2
from layers.checking.model import CheckReport, FeatureNames
from layers.checking.rules import checking_rules
from layers.checking.run import check_layer
from layers.classification import standard
from layers.progress import NoProgress
from tests.layers.checking.check_samples import GAUSS_KRUEGER, box, broken, check, found, here, subject

SQUARES = [box(100 * i, 0, 100 * i + 100, 100) for i in range(4)]


def land(**values: Any) -> CheckReport:
    return check(SQUARES, values, kind_key="land_use", standard="yd2023")


def said(report: CheckReport, rule: str) -> list[tuple[int, str, str]]:
    findings = [report.finding(number) for number in report.numbers(rule)]
    return [(one.row, one.value, one.wanted) for one in findings]


def test_a_required_field_that_is_not_there_is_one_finding() -> None:
    report = land(name=["1", "2", "3", "4"])
    (number,) = report.numbers("attribute.missing_field")
    assert report.finding(number).field == "地类编码"
    assert report.finding(number).row == -1


def test_blanks_count_as_empty() -> None:
    report = land(class_code=["0701", "  ", None, "0702"])
    assert [row for row, _v, _w in said(report, "attribute.required")] == [1, 2]
    assert "class.unknown" not in broken(report)


def test_a_text_longer_than_the_standard_gives_it_is_told() -> None:
    # TD/T 1057: TBBH has 8 characters
    report = land(name=["12345678", "123456789", "1", "2"], class_code=["0701"] * 4)
    assert [row for row, _v, _w in said(report, "attribute.length")] == [1]


def test_blanks_at_the_ends_are_told() -> None:
    report = land(class_code=["0701"] * 4, class_name=["城镇住宅用地", " 城镇住宅用地", None, "城镇住宅用地"])
    assert [row for row, _v, _w in said(report, "attribute.blank_ends")] == [1]


def test_a_value_outside_its_domain_is_told_with_what_is_allowed() -> None:
    report = land(class_code=["0701"] * 4, farmland_type=["TT", "XX", None, "PD"])
    ((row, value, wanted),) = said(report, "attribute.domain")
    assert (row, value) == (1, "XX")
    assert "TT" in wanted


def test_codes_are_judged_by_what_is_probably_meant() -> None:
    # 08H2 is of the third survey; 802 has lost its zero; 100100 is padded (section 1); 9999 is nothing
    report = land(class_code=["08H2", "802", "100100", "9999"])
    assert said(report, "class.other_version") == [(0, "08H2", standard("sandiao").title)]
    assert said(report, "class.lost_zero") == [(1, "802", "0802")]
    assert said(report, "class.written_otherwise") == [(2, "100100", "1001")]
    assert said(report, "class.unknown") == [(3, "9999", "")]


def test_a_code_of_the_older_version_names_it() -> None:
    # 0603 was 畜禽养殖设施建设用地 in 2020 and is no code of 2023
    report = land(class_code=["0603", "0701", "0701", "0701"])
    assert standard("yd2020").title in said(report, "class.other_version")[0][2]


def test_a_name_that_is_not_the_codes_is_told() -> None:
    # 2302 is 田坎 in 2020 and 后备耕地 in 2023
    report = land(
        class_code=["2302", "0701", "0701", "0701"], class_name=["田坎", "城镇住宅用地", None, "城镇住宅用地"]
    )
    assert said(report, "class.name_differs") == [(0, "2302 田坎", "后备耕地")]


def test_without_a_standard_the_likely_one_is_named() -> None:
    report = check(SQUARES, {"class_code": ["060201", "060202", "1804", "0205"]}, kind_key="land_use")
    (number,) = report.numbers("class.no_standard")
    assert report.finding(number).wanted == standard("yd2023").title


def test_parcel_numbers_are_unique_within_their_village_only() -> None:
    village, other = "442000101001", "442000101002"
    report = land(
        class_code=["0701"] * 4,
        name=["1", "1", "1", "2"],
        location_code=[village + "0000000", village + "0000001", other + "0000000", village + "0000000"],
    )
    findings = [report.finding(number) for number in report.numbers("key.duplicate")]
    assert [(one.row, one.other_row) for one in findings] == [(1, 0)]


def test_empty_keys_are_not_the_same() -> None:
    report = land(class_code=["0701"] * 4, feature_code=[None, None, "", "7"])
    assert "key.duplicate" not in broken(report)


def test_survey_sums_hold_to_the_cent() -> None:
    # KCMJ = TBMJ x KCXS: 9999.00 x 0.0525 = 524.9475, half up 524.95; TBDLMJ = 9999.00 - 524.95 = 9474.05
    report = land(
        class_code=["0101"] * 4,
        survey_area_m2=[9999.0, 9999.0, 9999.0, 9999.0],
        deducted_share=[0.0525, 0.0525, 0.0525, None],
        deducted_area_m2=[524.95, 520.0, 524.95, None],
        net_class_area_m2=[9474.05, 9479.0, 9400.0, 9999.0],
    )
    assert said(report, "area.deducted") == [(1, "520.00", "524.95")]
    assert said(report, "area.net") == [(2, "9400.00", "9474.05")]


@pytest.mark.parametrize("basis", ["ellipsoidal", "planar"])
def test_the_area_field_is_held_against_the_kinds_own_basis(basis: str) -> None:
    shapes = [here(box(0, 0, 3000, 3000))]
    official = float(ellipsoidal_area_m2(shapes, GAUSS_KRUEGER)[0])
    planar = float(planar_area_m2(shapes, GAUSS_KRUEGER)[0])
    # the two bases lie 100 millionths apart here, a tenth of the tolerance
    right, off = (official, 1.002 * official) if basis == "ellipsoidal" else (planar, 1.002 * planar)
    kind_key, name = (
        ("land_use", "survey_area_m2") if basis == "ellipsoidal" else ("detailed_plan", "plot_area_m2")
    )
    good = check([box(0, 0, 3000, 3000)], {name: [right], "class_code": ["0701"]}, kind_key=kind_key)
    assert "area.recorded" not in broken(good)
    bad = check([box(0, 0, 3000, 3000)], {name: [off], "class_code": ["0701"]}, kind_key=kind_key)
    ((_row, _other, figure),) = found(bad, "area.recorded")
    assert figure == pytest.approx(0.002 * right, abs=0.01)


def test_small_features_are_cleared_and_measured_alike() -> None:
    square = ellipsoidal_area_m2([here(shape) for shape in SQUARES], GAUSS_KRUEGER)
    # 10 m2 is the tolerance of 9999 m2: a thousandth
    stated = [square[0], square[1] + 9.9, square[2] + 10.1, square[3] - 10.1]
    report = land(class_code=["0701"] * 4, survey_area_m2=stated)
    figures = [(row, figure) for row, _other, figure in found(report, "area.recorded")]
    assert [row for row, _figure in figures] == [2, 3]
    assert [figure for _row, figure in figures] == pytest.approx([10.1, -10.1], abs=1e-3)


def test_the_least_area_depends_on_the_class() -> None:
    # 三调: construction 200, agricultural 400, other 600 m2; all are 300 m2
    shapes = [box(40 * i, 0, 40 * i + 30, 10) for i in range(3)]
    report = check(shapes, {"class_code": ["0701", "0101", "1701"]}, kind_key="land_use", standard="yd2023")
    assert said(report, "geometry.below_minimum") == [(1, "", "400"), (2, "", "600")]


def test_every_rule_has_a_sentence_and_every_sentence_a_rule() -> None:
    from layers.checking.sentences import _SENTENCES

    assert set(checking_rules().rules) == set(_SENTENCES)


def test_findings_are_numbered_through_and_are_json() -> None:
    import json

    report = land(class_code=["08H2", "802", "9999", None], name=["1", "2", "3", "123456789"])
    documents = [one.document() for one in report.listed(10)]
    assert [one["number"] for one in documents] == list(range(1, len(report) + 1))
    assert json.loads(json.dumps(documents, allow_nan=False)) == documents
    assert all(one["text"] for one in documents)
    assert all("{" not in one["text"] for one in documents)


def test_a_list_is_bounded_for_each_rule_and_counts_are_whole() -> None:
    report = land(class_code=["x1", "x2", "x3", "802"])
    assert [one.rule for one in report.listed(2)].count("class.unknown") == 2
    counts = {one.rule.key: one.findings for one in report.counts()}
    assert counts["class.unknown"] == 3


def test_values_of_the_wrong_type_are_told() -> None:
    import numpy as np

    from layers.checking.run import check_layer
    from layers.checking.subject import Columns, Subject
    from layers.progress import NoProgress
    from tests.layers.checking.check_samples import subject

    plain = subject(
        [here(shape) for shape in SQUARES],
        {"class_code": ["0701"] * 4},
        kind_key="land_use",
        standard="yd2023",
    )
    numbers = pd.Series([1.0, float("nan"), 3.0, 4.0])
    columns = Columns(
        {**plain.columns.values, "line_width_m": numbers},
        {"line_width_m": np.array([False, True, False, False])},
        {"line_width_m": pd.Series(["1", "约3米", "3", "4"])},
    )
    odd = Subject(plain.name, plain.kind, plain.shapes, columns, plain.called, plain.crs, plain.standard)
    report = check_layer(odd, checking_rules(), NoProgress())
    assert [(row, value) for row, value, _w in said(report, "attribute.type")] == [(1, "约3米")]


def test_points_are_checked_without_areas() -> None:
    report = check([shapely.Point(0, 0), shapely.Point(5, 5)], {"name": ["a", "b"]}, kind_key="points")
    assert not {rule for rule in broken(report) if rule.startswith(("geometry", "topology"))}


def test_an_identifier_that_is_there_twice_in_one_layer_is_told_at_the_second() -> None:
    given = replace(
        subject([here(square) for square in SQUARES]),
        called=FeatureNames(["a", "b", "a", "c"]),
        elsewhere={"c": "另一层"},
    )
    report = check_layer(given, checking_rules(), NoProgress())
    assert said(report, "key.doubled_uid") == [(2, "a", "layer"), (3, "c", "另一层")]
    assert "key.doubled_uid" not in broken(land(class_code=["0701"] * 4))
