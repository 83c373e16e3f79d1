"""The filter language: what officers write, what it means, and what is said where it is wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.filtering import FilterError, FilterField, measured, parse, prepared
from layers.filtering.completion import complete
from layers.kind import FieldType

CODE = FilterField(
    "class_code", "地类编码", FieldType.TEXT, met_as=("DLBM",), values=(("0101", "水田"), ("0201", "果园"))
)
AREA = FilterField("survey_area_m2", "图斑面积", FieldType.NUMBER, "m2", met_as=("TBMJ",))
HECTARES = FilterField("site_ha", "用地面积", FieldType.NUMBER, "ha")
YEAR = FilterField("data_year", "数据年份", FieldType.INTEGER)
DAY = FilterField("approved_on", "批准日期", FieldType.DATE)
SUPPLIED = FilterField("supplied", "已供", FieldType.BOOLEAN)
FIELDS = (CODE, AREA, HECTARES, YEAR, DAY, SUPPLIED)

COLUMNS = {
    "class_code": pd.Series(["0101", "0802", None, ""], dtype="str"),
    "survey_area_m2": np.array([6666.0, 6667.0, np.nan, 20000.0]),
    "site_ha": np.array([0.5, 0.6667, 1.0, 2.0]),
    "data_year": pd.Series([2020, None, 2026, 2023], dtype="Int64"),
    "approved_on": np.array(["2026-11-22", "2026-11-21", "NaT", "2020-02-29"], dtype="datetime64[s]"),
    "supplied": pd.Series([True, False, None, True], dtype="boolean"),
}


def rows(text: str) -> list[int]:
    return parse(text, FIELDS).matches(COLUMNS).nonzero()[0].tolist()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("地类编码 = '0802'", [1]),
        ("dlbm = ‘0802’", [1]),
        ("class_code＝“0802”", [1]),
        ('"DLBM" = "0802"', [1]),
        ("[地类编码] in ('0101'、'0802')", [0, 1]),
        ("地类编码属于（'0101'，'0802'）且图斑面积大于10亩", [1]),  # 10 亩 are 6,666.67 m2
        ("TBMJ >= 20000 and 用地面积 >= 30亩", [3]),  # 30 亩 are 2 ha, exactly
        ("图斑面积 介于 1 和 2 公顷", [3]),
        ("图斑面积 > 用地面积", [0]),  # in one unit: 6,666 m2 over 0.5 ha, 20,000 m2 and 2 ha the same
        ("图斑面积 / 用地面积 > 1", [0]),
        ("数据年份 > 2020.5", [2, 3]),
        ("批准日期 >= '2026年11月22日'", [0]),
        ("'20261121' = 批准日期", [1]),
        ("年份(批准日期) = 2020 或 month(批准日期) = 11", [0, 1, 3]),
        ("已供", [0, 3]),
        ("非 已供", [1]),
        ("已供 = 否 or 已供 为空", [1, 2]),
        ("not (数据年份 = 2020)", [2, 3]),
        ("地类编码 like '0_0％'", [0, 1]),
        ("地类编码 不包含 '8'", [0]),
        ("-数据年份 + 2026 = 0", [2]),
    ],
)
def test_what_an_officer_writes_selects_what_is_meant(text: str, wanted: list[int]) -> None:
    assert rows(text) == wanted


def test_no_data_matches_neither_a_comparison_nor_its_contrary() -> None:
    assert rows("地类编码 = '0101'") == [0]
    assert rows("地类编码 <> '0101'") == rows("非 地类编码 = '0101'") == [1]
    assert rows("地类编码 为空") == [2, 3]  # None, and the empty text that looks just the same
    assert rows("图斑面积 非空") == [0, 1, 3]
    assert rows("图斑面积 > 0 or 图斑面积 <= 0") == [0, 1, 3]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("地类编码 = 0802", 7, "'0802'"),
        ("地类编码 in ('0101', 0802)", 17, "'0802'"),
        ("批准日期 > 2026-11-22", 7, "'2026-11-22'"),
        ("批准日期 = '2026-02-30'", 7, "2026-02-30"),
        ("数据年份 = '2020'", 7, "不加引号"),
        ("数据年份 > 5亩", 7, "没有单位"),
        ("图斑面积 > 5公里", 7, "km"),
        ("名称 = '甲'", 0, "名称"),
        ("地类编码 = '0101' 且", 15, "字段"),
        ("地类编码 = '0101' '0102'", 14, "“且”"),
        ("地类编码 = '0101", 7, "配对"),
        ("(地类编码 = '0101'", 14, "“)”"),
        ("地类编码", 0, "比较"),
        ("地类编码 = null", 7, "为空"),
        ("地类编码 = ''", 7, "为空"),
        ("1 = 1", 0, "没有字段"),
        ("'a' 包含 'a'", 0, "没有字段"),
        ("图形面积 > 5", 5, "括号"),
        ("图形面积(图斑面积) > 5", 0, "口径"),
        ("upper(图斑面积) = 'A'", 6, "文本"),
        ("图斑面积 包含 '1'", 0, "文本"),
        ("地类编码 = 图斑面积", 0, "不能比较"),
        ("已供 > 否", 0, "= 或 <>"),
        ("图斑面积 > 1e999", 7, "太长"),
        ("图斑面积 > 5 ; drop table x", 9, "“;”"),
    ],
)
def test_an_error_says_where_it_is_and_what_is_expected(text: str, place: int, words: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text, FIELDS)
    assert caught.value.position == place
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"第 {place + 1} 个字符：")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "地类编码 = '0101'; DROP TABLE x",
        "().__class__.__bases__",
        "lambda: 1",
        "eval('1')",
        "(" * 2000,
        "非" * 4000,
        "-" * 3999,
        "not " * 900 + "已供",
        "图斑面积" + "+1" * 500 + " > 0",
        "x" * 5000,
    ],
)
def test_code_and_endless_nesting_are_refused(text: str) -> None:
    with pytest.raises(FilterError):
        parse(text, FIELDS)


def test_code_in_quotation_marks_is_plain_text() -> None:
    columns = {
        **COLUMNS,
        "class_code": pd.Series(["x' OR '1'='1", "a", "b", "__import__('os')"], dtype="str"),
    }
    assert parse("地类编码 = 'x'' OR ''1''=''1'", FIELDS).matches(columns).tolist() == [
        True,
        False,
        False,
        False,
    ]
    assert parse("地类编码 = “__import__('os')”", FIELDS).matches(columns).tolist()[3]


def test_a_pattern_full_of_wildcards_takes_no_longer_than_the_text() -> None:
    columns = {**COLUMNS, "class_code": pd.Series(["a" * 3000] * 4, dtype="str")}
    assert not parse("地类编码 like '" + "%a" * 500 + "%b'", FIELDS).matches(columns).any()


def place_of_error(text: str) -> int | None:
    try:
        found = parse(text, FIELDS)
    except FilterError as error:
        return error.position
    assert len(found.matches(COLUMNS)) == 4
    return None


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    place = place_of_error(text)
    assert place is None or 0 <= place <= len(text)


WORDS = ["地类编码", "=", "'0101'", "且", "(", ")", "10", "亩", "图斑面积", "非", "in", "为空", "图形面积"]


@given(st.lists(st.sampled_from(WORDS)))
def test_any_row_of_known_words_is_read_or_refused(words: list[str]) -> None:
    text = "".join(words)
    place = place_of_error(text)
    assert place is None or 0 <= place <= len(text)


def test_a_filter_tells_which_columns_it_needs() -> None:
    found = parse("图斑面积 > 5亩 且 图形面积(椭球) > 图斑面积 or tbmj 为空", FIELDS)
    assert found.columns == ("survey_area_m2",)
    assert found.measures == ("@area_ellipsoidal_m2",)


def test_columns_prepared_once_give_the_same() -> None:
    ready = {field.name: prepared(COLUMNS[field.name], field.type) for field in FIELDS}
    found = parse("地类编码 = '0802' 或 批准日期 < '2021-01-01'", FIELDS)
    assert found.matches(ready).tolist() == found.matches(COLUMNS).tolist() == [False, True, False, True]


def test_shapes_are_measured_on_the_stated_basis() -> None:
    # domain facts, section 6: this cell is 1,139,241.6963644 m2 by the official formula
    cell = shapely.box(113.38, 22.52, 113.39, 22.53)
    shapes = np.array([cell, None, shapely.Point(113.38, 22.52)], dtype=object)
    found = measured(shapes, pyproj.CRS.from_epsg(4490), ("@area_ellipsoidal_m2", "@length_ellipsoidal_m"))
    assert found["@area_ellipsoidal_m2"][0] == pytest.approx(1_139_241.6963644, abs=1e-3)
    geod = pyproj.Geod(a=6378137, rf=298.257222101)
    assert found["@length_ellipsoidal_m"][0] == pytest.approx(geod.line_length(*cell.exterior.xy), abs=1e-6)
    assert np.isnan([column[1] for column in found.values()]).all()
    assert np.isnan(found["@area_ellipsoidal_m2"][2])


def test_planar_measures_are_those_of_the_plane() -> None:
    holed = shapely.Polygon(square(0, 100), [square(20, 10)])
    found = measured(
        np.array([holed], dtype=object), pyproj.CRS.from_epsg(4547), ("@area_planar_m2", "@length_planar_m")
    )
    assert found["@area_planar_m2"].tolist() == [100 * 100 - 10 * 10]
    assert found["@length_planar_m"].tolist() == [4 * 100 + 4 * 10]


def square(start: float, side: float) -> list[tuple[float, float]]:
    x, y = 436_000 + start, 2_491_000 + start
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]


def offers(text: str) -> list[str]:
    return [offer.text for offer in complete(text, len(text), FIELDS).offers]


@pytest.mark.parametrize(
    ("text", "among"),
    [
        ("", "地类编码"),
        ("图", "图斑面积"),
        ("dlb", "地类编码"),
        ("地类编码 ", "包含"),
        ("图斑面积 ", ">="),
        ("地类编码 = ", "'0101'"),
        ("地类编码='02", "'0201'"),
        ("地类编码 = 果", "'0201'"),
        ("地类编码 in ('0101', ", "'0201'"),
        ("地类编码 属于", "("),
        ("地类编码 = '0101' ", "且"),
        ("地类编码 = '0101' 且", "图斑面积"),
        ("地类编码='0101'且图", "图斑面积"),
        ("已供 = ", "是"),
        ("地类编码 = 0802 ", ""),
    ],
)
def test_what_may_follow_is_offered(text: str, among: str) -> None:
    assert (among in offers(text)) if among else (offers(text) == [])


def test_an_offer_replaces_what_was_typed_of_it() -> None:
    found = complete("地类编码='02", 8, FIELDS)
    assert (found.start, found.end) == (5, 8)
    assert [(offer.text, offer.note) for offer in found.offers] == [("'0201'", "果园")]
