"""Columns of a table against pandas and plain Python: order, search, statistics, on random data with gaps."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.kind import FieldType
from layers.text_arrays import TextColumn, UidColumn
from zsgis.tabulation.columns import Column, ColumnBuilder, NumberColumn, WordColumn
from zsgis.tabulation.filtering import (
    Compares,
    Contains,
    Searched,
    filter_values,
    matching_rows,
    read_wanted,
)
from zsgis.tabulation.ordering import sorted_rows, word_ranks
from zsgis.tabulation.shown import ShownField
from zsgis.tabulation.statistics import NumberStatistics, WordStatistics, exact_sum, statistics_of

NAMES = ["阿婆岭", "坦洲镇", "三乡镇", "Zhang", "a2", "a10", "0101", "小榄镇", "", None]


def column_of(values: Sequence[Any], kind: FieldType, block: int = 7) -> Column:
    builder = ColumnBuilder(kind)
    for start in range(0, len(values), block):
        builder.add(values[start : start + block])
    return builder.finish()


def random_values(kind: FieldType, count: int, seed: int) -> list[Any]:
    choices: dict[FieldType, list[Any]] = {
        FieldType.NUMBER: [None, -12.25, 0.0, 3.0, 9999.99, 1e-3],
        FieldType.INTEGER: [None, -5, 0, 3, 2**62],
        FieldType.TEXT: NAMES,
    }
    places = np.random.default_rng(seed).integers(0, len(choices[kind]), count)
    return [choices[kind][place] for place in places.tolist()]


def known(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if value not in (None, "")]


numbers = st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=60)
texts = st.lists(st.none() | st.text(max_size=6), max_size=60)


@pytest.mark.parametrize("kind", [FieldType.NUMBER, FieldType.INTEGER, FieldType.TEXT])
def test_a_column_gives_back_what_it_took(kind: FieldType) -> None:
    values = random_values(kind, 500, 1)
    column = column_of(values, kind)
    # an empty text is no data
    assert [column.value(row) for row in range(500)] == [None if v == "" else v for v in values]


def test_whole_numbers_stay_exact_and_codes_keep_their_zeros() -> None:
    column = column_of([2**53 + 1, None, 7], FieldType.INTEGER)
    assert [column.value(row) for row in range(3)] == [9_007_199_254_740_993, None, 7]
    assert column_of(["0802", "0802", None], FieldType.TEXT).value(0) == "0802"


def test_text_left_in_a_number_field_is_shown_as_it_stands() -> None:
    column = column_of([1.5, None, 2.0, 3.25, "约三亩", 4.0], FieldType.NUMBER, block=3)
    assert isinstance(column, WordColumn)
    assert [column.value(row) for row in range(6)] == ["1.5", None, "2", "3.25", "约三亩", "4"]


def test_a_field_without_any_data_is_missing_everywhere() -> None:
    for kind in FieldType:
        column = column_of([None] * 20, kind)
        assert column.missing.all()
        assert len(column) == 20
        assert sorted_rows(column).tolist() == list(range(20))
        assert not Searched(ShownField("x", "x", kind), column).containing("0").any()


@given(numbers, st.booleans())
def test_numbers_stand_as_pandas_sorts_them(values: list[float | None], descending: bool) -> None:
    expected = pd.Series(values, dtype="float64").sort_values(
        ascending=not descending, kind="stable", na_position="last"
    )
    found = sorted_rows(column_of(values, FieldType.NUMBER), descending=descending)
    assert found.tolist() == expected.index.tolist()


@given(texts, st.booleans())
def test_texts_stand_as_pandas_sorts_their_gb_bytes(values: list[str | None], descending: bool) -> None:
    keys = pd.Series(
        [value.encode("gb18030", "replace") if value else None for value in values], dtype=object
    )
    expected = keys.sort_values(ascending=not descending, kind="stable", na_position="last")
    found = sorted_rows(column_of(values, FieldType.TEXT), descending=descending)
    # texts that GB 18030 cannot tell apart are the only ones that may stand either way
    assert [keys[row] for row in found.tolist()] == expected.tolist()


def test_common_chinese_stands_by_pinyin() -> None:
    # A Po Ling, Dong Sheng, San Xiang, Tan Zhou, Xiao Lan
    words = ["小榄镇", "坦洲镇", "阿婆岭", "三乡镇", "东升镇"]
    order = np.argsort(word_ranks(TextColumn.of(words)))
    assert [words[place] for place in order] == ["阿婆岭", "东升镇", "三乡镇", "坦洲镇", "小榄镇"]


def test_long_texts_are_told_apart_to_their_end() -> None:
    words = ["长" * 60 + tail for tail in ("丙", "甲", "乙")]
    by_bytes = sorted(range(3), key=lambda place: words[place].encode("gb18030"))
    assert np.argsort(word_ranks(TextColumn.of(words))).tolist() == by_bytes


def test_the_least_whole_number_stands_first_also_when_turned_round() -> None:
    column = column_of([0, -(2**63), 2**63 - 1, None], FieldType.INTEGER)
    assert sorted_rows(column).tolist() == [1, 0, 2, 3]
    assert sorted_rows(column, descending=True).tolist() == [2, 0, 1, 3]


def test_statistics_by_hand() -> None:
    # 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares of the deviations 9+1+1+1+0+0+4+16 = 32, 32 / 8 = 4
    found = statistics_of(column_of([2, 4, None, 4, 4, 5, 5, 7, None, 9], FieldType.NUMBER))
    assert found == NumberStatistics(
        count=8, missing=2, total=40, mean=5.0, median=4.5, minimum=2, maximum=9, deviation=2.0
    )
    words = column_of(["水田", "旱地", None, "旱地", "园地", ""], FieldType.TEXT)
    assert statistics_of(words) == WordStatistics(4, 2, 3, "旱地", 2)
    rows = np.array([0, 2, 4])
    assert statistics_of(words, rows) == WordStatistics(2, 1, 2, "水田", 1)


def test_no_number_gives_no_statistics_and_never_zero() -> None:
    assert statistics_of(column_of([None, None], FieldType.NUMBER)) == NumberStatistics(0, 2)


@given(numbers.filter(known))
def test_statistics_agree_with_python(values: list[float | None]) -> None:
    found = statistics_of(column_of(values, FieldType.NUMBER))
    present = known(values)
    assert isinstance(found, NumberStatistics)
    assert found.total == pytest.approx(math.fsum(present), rel=1e-12)
    assert found.median == pytest.approx(statistics.median(present), rel=1e-12)
    largest = max(abs(value) for value in present)
    assert found.deviation == pytest.approx(statistics.pstdev(present), rel=1e-6, abs=1e-6 * largest)
    assert (found.count, found.missing) == (len(present), len(values) - len(present))


def test_word_statistics_agree_with_a_count() -> None:
    values = random_values(FieldType.TEXT, 999, 4)
    found = statistics_of(column_of(values, FieldType.TEXT))
    counts = Counter(known(values))
    assert isinstance(found, WordStatistics)
    assert found.different == len(counts)
    assert found.frequency == counts[found.most_frequent] == max(counts.values())


def test_sums_are_exact() -> None:
    whole = [2**62, 2**62, 2**62, -1]
    assert exact_sum(np.array(whole, dtype=np.int64)) == sum(whole)
    # a tenth has no exact float; added one by one a million of them miss 100,000
    assert exact_sum(np.full(1_000_000, 0.1)) == pytest.approx(100_000, abs=1e-10)
    assert exact_sum(np.array([1.0, math.inf])) == math.inf


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", None),
        ("  ", None),
        ("坦洲", Contains("坦洲")),
        # four digits may be a year: which it is, the column knows
        (">1000", Compares(">", 1000.0, "1000")),
        (">10000", Compares(">", 10000.0)),
        ("＞＝ 1,000.5", Compares(">=", 1000.5)),
        ("<> 3", Compares("<>", 3.0)),
        (">2020-1-5", Compares(">", None, "2020-01-05")),
        ("<2021", Compares("<", 2021.0, "2021")),
        (">村", Contains(">村")),
        (">", Contains(">")),
    ],
)
def test_what_is_typed_is_understood(typed: str, wanted: object) -> None:
    assert read_wanted(typed) == wanted


def rows_found(column: Column, field: ShownField, typed: str, *, alone: bool = False) -> list[int]:
    wanted = read_wanted(typed)
    assert wanted is not None
    return np.flatnonzero(matching_rows(wanted, Searched(field, column), only_column=alone)).tolist()


@given(texts, st.text(min_size=1, max_size=2))
def test_text_is_found_where_python_finds_it(values: list[str | None], needle: str) -> None:
    wanted = read_wanted(needle)
    if not isinstance(wanted, Contains):
        return
    field = ShownField("x", "x", FieldType.TEXT)
    found = Searched(field, column_of(values, FieldType.TEXT)).containing(wanted.text)

    def plain(text: str) -> str:
        import unicodedata

        return unicodedata.normalize("NFKC", text.replace("\x1f", " ")).casefold()

    expected = [bool(value) and plain(wanted.text) in plain(value or "") for value in values]
    # a mark that joins the one before it changes its neighbour only where both stand in one text
    assert found.tolist() == expected


def test_a_search_never_runs_from_one_row_into_the_next() -> None:
    column = column_of(["xa", "aa", "ab", "b"], FieldType.TEXT)
    field = ShownField("x", "x", FieldType.TEXT)
    assert rows_found(column, field, "aa") == [1]
    assert rows_found(column, field, "bb") == []


def test_codes_are_found_by_the_name_that_is_shown() -> None:
    field = ShownField("c", "地类", FieldType.TEXT, names={"0101": "水田", "0307": "其他林地"})
    column = column_of(["0101", "0307", None, "9999"], FieldType.TEXT)
    assert [field.text(column.value(row)) for row in range(4)] == ["0101 水田", "0307 其他林地", "—", "9999"]
    assert rows_found(column, field, "水田") == [0]
    assert rows_found(column, field, "0307 其") == [1]


def test_numbers_are_found_as_they_are_read_and_compared_as_they_are() -> None:
    field = ShownField("a", "面积", FieldType.NUMBER, "m2", digits=2)
    column = column_of([4431.13, 1000.0, None, 12.5, 0.0], FieldType.NUMBER)
    assert [field.text(column.value(row)) for row in range(5)] == [
        "4,431.13",
        "1,000.00",
        "—",
        "12.50",
        "0.00",
    ]
    assert rows_found(column, field, "4,431") == [0]
    assert rows_found(column, field, ">=1000") == [0, 1]
    # no data is never 0
    assert rows_found(column, field, "<1") == [4]
    assert rows_found(column, field, "<>0") == [0, 1, 3]


def test_a_code_is_no_number_unless_its_column_is_chosen() -> None:
    field = ShownField("c", "地类", FieldType.TEXT)
    column = column_of(["0307", "12", "甲", None], FieldType.TEXT)
    assert rows_found(column, field, ">100") == []
    assert rows_found(column, field, ">100", alone=True) == [0]


def test_days_are_compared_as_days() -> None:
    field = ShownField("d", "批准日期", FieldType.DATE)
    column = column_of(["2019-12-31", "2020-06-01", "2021-01-01", None], FieldType.DATE)
    assert rows_found(column, field, ">2020-06-01") == [2]
    assert rows_found(column, field, ">=2020") == [1, 2]
    assert rows_found(column, field, "<2020-06") == [0]


def test_the_filter_language_gets_every_type() -> None:
    gaps = filter_values(ShownField("a", "a", FieldType.NUMBER), column_of([1.5, None], FieldType.NUMBER))
    assert gaps[0] == 1.5
    assert np.isnan(gaps[1])
    flags = filter_values(ShownField("f", "f", FieldType.BOOLEAN), column_of([1, 0, None], FieldType.BOOLEAN))
    assert list(flags) == [True, False, None]
    words = filter_values(ShownField("t", "t", FieldType.TEXT), column_of(["甲", None], FieldType.TEXT))
    assert [None if pd.isna(word) else word for word in words] == ["甲", None]


@pytest.mark.parametrize("share", [0.001, 0.5, 1.0])
def test_a_large_selection_is_found_like_a_small_one(share: float) -> None:
    uids = [f"019313a0-0000-7000-8000-{number:012x}" for number in range(20_000)]
    np.random.default_rng(3).shuffle(uids)
    column = UidColumn.of(uids)
    chosen = set(uids[: int(share * len(uids))]) | {"没有这个"}
    expected = [row for row, uid in enumerate(uids) if uid in chosen]
    assert column.rows_of(chosen).tolist() == expected


def test_a_column_of_one_block_is_numbers_only_where_all_are() -> None:
    assert isinstance(column_of([1, 2.5, None], FieldType.NUMBER, block=1), NumberColumn)
