"""Which class standard codes belong to, which unit areas are in, what text is in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.classification import standard
from layers.crs import parse_crs
from layers.formats.model import SourceData
from layers.guard import examine, judge_encoding, judge_standard
from layers.guard.area_units import is_area_column, judge_area_unit, unit_in_name
from layers.land_use import KIND


# domain facts, section 1: which codes only one version has, and names that tell
@pytest.mark.parametrize(
    ("codes", "names", "chosen"),
    [
        (["0101", "1001", "0205"], None, "yd2023"),
        (["0101", "1001", "060201"], None, "yd2023"),
        (["0101", "1001", "2203", "1804"], None, "yd2023"),
        (["0101", "1001", "0603", "0604", "1401"], None, "yd2020"),
        # GB/T 21010 has all of these too, with other meanings
        (["0101", "1001", "0603", "0604", "1207"], None, None),
        (["0101", "1001", "090301", "090302"], None, "yd2020"),
        (["1313", "1401", "1001"], None, "yd2020"),
        (["2302", "1001"], ["田坎", "工业用地"], "yd2020"),
        (["2302", "1001"], ["后备耕地", "工业用地"], "yd2023"),
        (["1311", "1401", "1001"], ["干渠", "公园绿地", "工业用地"], "yd2020"),
        (["1311", "1401", "1001"], ["水工设施用地", "公园绿地", "工业用地"], "yd2023"),
        (["0802", "1001", "0601"], ["新闻出版用地", "铁路用地", "工业用地"], "gbt21010"),
        (["0601", "0101", "1109"], ["工业用地", "水田", "水工建筑用地"], None),
        (["08H2", "05H1", "0701", "1104A"], None, "sandiao"),
        (["R2", "A35", "M1", "G1"], None, "gb50137"),
        (["100100", "070100", "020500"], None, "yd2023"),
        (["0101", "0201", "0301", "0701"], None, None),
        (["0101", "1401", "1001", "0802"], None, None),
        (["0205", "0603"], None, None),
    ],
)
def test_the_standard_and_its_version(codes: list[str], names: list[str] | None, chosen: str | None) -> None:
    verdict = judge_standard(codes, names)
    assert verdict.sure == (chosen is not None)
    assert (verdict.chosen.value if verdict.chosen else None) == chosen
    assert verdict.candidates[-1].value == "custom"


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(["yd2023", "yd2020", "sandiao", "gbt21010", "gb50137"]),
    st.lists(st.integers(0, 10_000), min_size=1, max_size=30),
    st.booleans(),
)
def test_a_standard_is_among_the_candidates_of_its_own_codes_and_no_other_is_sure(
    key: str, picks: list[int], with_names: bool
) -> None:
    own = standard(key)
    known = list(own.classes)
    codes = [known[pick % len(known)] for pick in picks]
    verdict = judge_standard(codes, [own.name(code) for code in codes] if with_names else None)
    assert key in [each.value for each in verdict.candidates]
    assert not verdict.sure or verdict.candidates[0].value == key


def test_a_columns_name_orders_but_never_decides() -> None:
    codes = ["0101", "0201", "0301"]
    for column, first in (("DLBM", "sandiao"), ("YDYHFLDM", "yd2023"), ("ｄｌｂｍ", "sandiao")):
        verdict = judge_standard(codes, column=column)
        assert (verdict.candidates[0].value, verdict.sure) == (first, False)
        assert verdict.subject == column


def test_numbers_that_lost_their_zeros_are_told() -> None:
    verdict = judge_standard([802.0, 701.0, 205.0, 1001.0, 60201.0])
    assert verdict.candidates[0].value == "yd2023"
    assert not verdict.sure
    assert "0802" in verdict.warnings[0]


def test_one_stray_code_in_a_thousand_is_no_question() -> None:
    codes = ["08H2", "05H1", "0701"] * 333
    assert judge_standard([*codes, "9999"]).chosen is not None
    assert judge_standard([*codes, *["9999"] * 20]).chosen is None


def test_a_files_own_classes_and_none() -> None:
    verdict = judge_standard(["甲类", "乙类", None, " ", float("nan")])
    assert verdict.sure
    assert verdict.candidates[0].value == "custom"
    for empty in ([], [None, "", float("nan")]):
        nothing = judge_standard(empty)
        assert (nothing.sure, nothing.candidates) == (True, ())


@pytest.mark.parametrize(("unit", "size"), [("m2", 1.0), ("ha", 1e4), ("mu", 2000 / 3), ("km2", 1e6)])
def test_the_unit_of_areas_follows_from_the_shapes(unit: str, size: float) -> None:
    measured = np.array([500.0, 12_345.0, 666.0, 9_000.0, 80_000.0])
    for values in (measured / size, [f"{value:.6f}" for value in measured / size]):
        verdict = judge_area_unit(values, measured * 1.0002, "面积")
        assert verdict is not None
        assert (verdict.chosen.value if verdict.chosen else None, verdict.subject) == (unit, "面积")


def test_a_name_that_says_another_unit_is_asked() -> None:
    measured = np.array([500.0, 12_345.0, 666.0])
    verdict = judge_area_unit(measured / 1e4, measured, "面积（亩）")
    assert verdict is not None
    assert not verdict.sure
    assert verdict.candidates[0].value == "ha"
    assert "亩" in verdict.warnings[0]
    agreed = judge_area_unit(measured * 3 / 2000, measured, "面积（亩）")
    assert agreed is not None
    assert agreed.sure


def test_a_heading_that_says_another_unit_is_asked() -> None:
    measured = np.array([500.0, 12_345.0, 666.0])
    verdict = judge_area_unit(measured, measured, "面积", said="mu")
    assert verdict is not None
    assert not verdict.sure
    assert "亩" in verdict.warnings[0]
    # a price is no area, whatever its heading says
    priced = judge_area_unit(measured, measured, "面积", said="万元")
    assert priced is not None
    assert priced.sure


@pytest.mark.parametrize(("unit", "size"), [("ha", 1e4), ("mu", 2000 / 3)])
def test_one_plot_tells_its_unit_where_it_agrees_closely(unit: str, size: float) -> None:
    one = judge_area_unit([57_089.2 / size], np.array([57_095.0]), "MJ")
    assert one is not None
    assert one.chosen is not None
    assert one.chosen.value == unit
    # 3 % off: no other unit is near, but two rows are no crowd
    off = judge_area_unit([57_089.2 / size, 100 / size], np.array([58_800.0, 100.0]), "MJ")
    assert off is not None
    assert (off.sure, off.candidates[0].value) == (False, unit)


def test_another_area_than_the_shapes_has_no_unit() -> None:
    measured = np.array([500.0, 12_345.0, 666.0, 9_000.0])
    assert judge_area_unit([100.0, 7.0, 3.0, 2.0], measured, "KCMJ") is None
    assert judge_area_unit([0, None, "x", True], measured, "TBMJ") is None
    assert judge_area_unit(measured, np.full(4, np.nan), "TBMJ") is None
    half = judge_area_unit([500.0, 12_345.0, 666.0, 1.0, 2.0], np.array([*measured[:3], 50, 90]), "MJ")
    assert half is not None
    assert not half.sure


@pytest.mark.parametrize(
    ("name", "unit", "area"),
    [
        ("面积（亩）", "mu", True),
        ("宗地面积(公顷)", "ha", True),
        ("area_m2", "m2", True),
        ("ＴＢＭＪ", "", True),
        ("面积[㎡]", "m2", True),
        ("长度（米）", "", False),
        ("备注", "", False),
    ],
)
def test_what_a_columns_name_says(name: str, unit: str, area: bool) -> None:
    assert (unit_in_name(name), is_area_column(name)) == (unit, area)


@dataclass(frozen=True)
class Reading:
    name: str
    score: float
    stated: bool = False
    sample: str = "石岐街道"
    reason: str = "因为"


@pytest.mark.parametrize(
    ("readings", "sure", "first"),
    [
        ([], True, None),
        ([Reading("UTF-8", 0.9), Reading("GB18030", 0.2)], True, "UTF-8"),
        ([Reading("GB18030", 0.7), Reading("Big5", 0.65)], False, "GB18030"),
        ([Reading("GB18030", 0.4), Reading("Big5", 0.0)], False, "GB18030"),
        ([Reading("GBK", 0.8, stated=True), Reading("UTF-8", 0.9)], True, "GBK"),
        ([Reading("GBK", 0.3, stated=True), Reading("UTF-8", 0.95)], False, "UTF-8"),
        ([Reading("UTF-8", 0.0, stated=True), Reading("GB18030", 0.95)], False, "GB18030"),
        ([Reading("UTF-8", 0.0), Reading("GB18030", 0.0)], False, "UTF-8"),
    ],
)
def test_the_verdict_over_readings_of_text(readings: list[Reading], sure: bool, first: str | None) -> None:
    verdict = judge_encoding(readings)
    likely = verdict.likeliest
    assert (verdict.sure, likely.value if likely else None) == (sure, first)
    if likely is not None:
        assert likely.preview == "石岐街道"


def layer(size: float, **columns: Any) -> SourceData:
    """Return ten squares of 100 m in the city, with their area in a unit."""
    east = 436_000.0 + 200 * np.arange(10)
    squares = shapely.box(east, 2_491_000, east + 100, 2_491_100)
    values = {"DLBM": ["08H2", "05H1"] * 5, "DLMC": None, "TBMJ": [10_000 / size] * 10} | columns
    frame = gpd.GeoDataFrame(values, geometry=squares)
    return SourceData(frame, "图层", None, "")


def test_a_layer_is_examined_as_a_whole() -> None:
    found = examine(layer(1.0), kind=KIND, readings=[Reading("GB18030", 0.9)])
    assert [verdict.sure for verdict in found] == [True, True, True, True]
    assert found.unsure == ()
    assert found.crs.chosen is not None
    assert found.crs.chosen.value == "4547"
    assert (found.standard.chosen or found.standard).value == "sandiao"
    assert [(verdict.subject, verdict.candidates[0].value) for verdict in found.units] == [("TBMJ", "m2")]
    plain = found.to_json()
    assert (plain["features"], plain["sampled"], plain["encoding"]["chosen"]) == (10, 10, "GB18030")


def test_a_mapping_and_other_units_are_heeded() -> None:
    data = layer(2000 / 3, CODE=["0205"] * 10, 大小=[15.0] * 10)
    found = examine(data, kind=KIND, mapping={"class_code": "CODE", "net_class_area_m2": "大小"})
    assert found.standard.subject == "CODE"
    assert {verdict.subject: verdict.candidates[0].value for verdict in found.units} == {
        "TBMJ": "mu",
        "大小": "mu",
    }
    exchanged = data.frame.assign(
        geometry=shapely.transform(data.frame.geometry.values, lambda xy: xy[:, ::-1])
    )
    swapped = examine(SourceData(exchanged, "图层", parse_crs(4547), ""), kind=KIND)
    assert [verdict.aspect for verdict in swapped.unsure] == ["crs"]
    assert [verdict.candidates[0].value for verdict in swapped.units] == ["mu"]


def test_empty_and_shapeless_layers_are_examined_too() -> None:
    for shapes in ([], [None, None]):
        frame = gpd.GeoDataFrame({"甲": ["x"] * len(shapes)}, geometry=shapes)
        found = examine(SourceData(frame, "表", None, ""))
        assert [verdict.sure for verdict in found] == [True, True, True]
