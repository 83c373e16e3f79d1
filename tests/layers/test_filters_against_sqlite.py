"""Filters against SQLite's own evaluation of the same condition, written by the same draw in SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.filtering import FilterField, parse
from layers.kind import FieldType

FIELDS = (
    FilterField("t", "地类编码", FieldType.TEXT, met_as=("DLBM",)),
    FilterField("s", "权属名称", FieldType.TEXT),
    FilterField("i", "标识", FieldType.INTEGER),
    FilterField("j", "年数", FieldType.INTEGER),
    FilterField("x", "图斑面积", FieldType.NUMBER, "m2"),
    FilterField("y", "净面积", FieldType.NUMBER, "m2"),
    FilterField("d", "批准日期", FieldType.DATE),
    FilterField("b", "已供", FieldType.BOOLEAN),
)
LETTERS = "aAbB01'%_村 "
LARGE = 2**63 - 1
TABLE = "CREATE TABLE f (t TEXT, s TEXT, i INTEGER, j INTEGER, x REAL, y REAL, d TEXT, b INTEGER)"
SELECT = "SELECT rowid - 1 FROM f WHERE {} ORDER BY rowid"


@dataclass(frozen=True)
class Both:
    """The same thing in the filter language and in SQL."""

    ours: str
    sql: str


def joined(ours: str, sql: str, *parts: Both) -> Both:
    return Both(ours.format(*(part.ours for part in parts)), sql.format(*(part.sql for part in parts)))


texts = st.text(LETTERS, max_size=4)
wholes = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([2**53, 2**53 + 1, -(2**53) - 1, LARGE, -LARGE]),
    st.integers(-LARGE, LARGE),
)
# eighths have few digits, so that both programs read the very same number from its text
floats = st.one_of(
    st.integers(-40, 40).map(lambda n: n / 8),
    st.sampled_from([2.0**53, -(2.0**53), 2.0**63, -(2.0**63), 1e200]),
)
days = st.dates().filter(lambda day: day.year > 1000).map(lambda day: day.isoformat())
rows = st.lists(
    st.fixed_dictionaries(
        {
            "t": st.none() | texts,
            "s": st.none() | texts,
            "i": st.none() | wholes,
            "j": st.none() | st.integers(-1000, 1000),
            "x": st.none() | floats,
            "y": st.none() | st.integers(-40, 40).map(lambda n: n / 8),
            "d": st.none() | days,
            "b": st.none() | st.integers(0, 1),
        }
    ),
    min_size=1,
    max_size=12,
)


def quoted(text: str) -> Both:
    sql = "'" + text.replace("'", "''") + "'"
    return Both(sql, sql)


def text_field(name: str, alias: str) -> st.SearchStrategy[Both]:
    return st.sampled_from([name, alias, f"[{alias}]"]).map(lambda ours: Both(ours, f"NULLIF({name}, '')"))


def field(name: str, alias: str) -> st.SearchStrategy[Both]:
    return st.sampled_from([name, name.upper(), alias]).map(lambda ours: Both(ours, name))


def number(value: float) -> Both:
    return Both(repr(value), repr(value))


text_fields = text_field("t", "地类编码") | text_field("s", "权属名称")
text_values = (
    text_fields
    | text_fields.map(lambda f: joined("upper({})", "upper({})", f))
    | text_fields.map(lambda f: joined("小写({})", "lower({})", f))
)
small_numbers = field("j", "年数") | field("y", "净面积")
number_literals = (wholes | floats).map(number)


def arithmetic(inner: st.SearchStrategy[Both]) -> st.SearchStrategy[Both]:
    pair = st.tuples(inner, inner | st.integers(-9, 9).map(number))
    return (
        st.tuples(pair, st.sampled_from("+-*")).map(
            lambda d: joined(f"({{}} {d[1]} {{}})", f"({{}} {d[1]} {{}})", *d[0])
        )
        | pair.map(lambda p: joined("({} / {})", "(CAST({} AS REAL) / {})", *p))
        | inner.map(lambda p: joined("(- {})", "(- {})", p))
        | inner.map(lambda p: joined("abs({})", "abs({})", p))
    )


numbers = (
    field("i", "标识")
    | field("x", "图斑面积")
    | st.recursive(small_numbers, arithmetic, max_leaves=3)
    | text_fields.map(lambda f: joined("长度({})", "length({})", f))
    | field("d", "批准日期").map(lambda f: joined("year({})", "CAST(strftime('%Y', {}) AS INTEGER)", f))
    | field("d", "批准日期").map(lambda f: joined("月份({})", "CAST(strftime('%m', {}) AS INTEGER)", f))
)
SIGNS = (
    ("=", "="),
    ("＝", "="),
    ("<>", "<>"),
    ("≠", "<>"),
    ("大于", ">"),
    (">=", ">="),
    ("＜", "<"),
    ("不大于", "<="),
)


def compared(left: st.SearchStrategy[Both], right: st.SearchStrategy[Both]) -> st.SearchStrategy[Both]:
    def write(drawn: tuple[Both, Both, tuple[str, str]]) -> Both:
        first, second, (ours, sql) = drawn
        return joined(f"{{}} {ours} {{}}", f"{{}} {sql} {{}}", first, second)

    return st.tuples(left, right, st.sampled_from(SIGNS)).map(write)


def listed(values: st.SearchStrategy[Both], literals: st.SearchStrategy[Both]) -> st.SearchStrategy[Both]:
    def write(drawn: tuple[Both, list[Both], bool]) -> Both:
        value, options, denied = drawn
        ours = "，".join(option.ours for option in options)
        sql = ", ".join(option.sql for option in options)
        words = ("不属于", "NOT IN") if denied else ("in", "IN")
        return Both(f"{value.ours} {words[0]} ({ours})", f"{value.sql} {words[1]} ({sql})")

    return st.tuples(values, st.lists(literals, min_size=1, max_size=3), st.booleans()).map(write)


def searched(drawn: tuple[Both, str, str]) -> Both:
    value, text, way = drawn
    wanted = quoted(text).sql
    length = f"length({wanted})"
    ours, sql = {
        "like": ("like", f"{value.sql} LIKE {wanted}"),
        "contains": ("包含", f"instr(lower({value.sql}), lower({wanted})) > 0"),
        "starts": ("开头是", f"substr(lower({value.sql}), 1, {length}) = lower({wanted})"),
        "ends": (
            "结尾是",
            f"substr(lower({value.sql}), length({value.sql}) - {length} + 1) = lower({wanted})"
            f" AND length({value.sql}) >= {length}",
        ),
    }[way]
    return Both(f"{value.ours} {ours} {wanted}", f"({sql})")


text_literals = texts.filter(bool).map(quoted)
day_literals = days.map(quoted)
tests = (
    compared(numbers, numbers | number_literals)
    | compared(number_literals, numbers)
    | compared(text_values, text_values | text_literals)
    | compared(field("d", "批准日期"), day_literals)
    | compared(day_literals, field("d", "批准日期"))
    | listed(numbers, number_literals)
    | listed(text_values, text_literals)
    | listed(field("d", "批准日期"), day_literals)
    | st.tuples(text_values, texts, st.sampled_from(["like", "contains", "starts"])).map(searched)
    | st.tuples(text_values, texts.filter(bool), st.just("ends")).map(searched)
    | st.tuples(numbers, numbers, number_literals).map(
        lambda d: joined("{} 介于 {} 和 {}", "{} BETWEEN {} AND {}", *d)
    )
    | (numbers | text_values).map(lambda v: joined("{} 为空", "{} IS NULL", v))
    | (numbers | text_values).map(lambda v: joined("{} is not null", "{} IS NOT NULL", v))
    | field("b", "已供")
    | field("b", "已供").map(lambda v: joined("{} = 否", "{} = 0", v))
)


def conditions(inner: st.SearchStrategy[Both]) -> st.SearchStrategy[Both]:
    pair = st.tuples(inner, inner)
    return (
        pair.map(lambda p: joined("({} 且 {})", "({} AND {})", *p))
        | pair.map(lambda p: joined("（{} or {}）", "({} OR {})", *p))
        | inner.map(lambda p: joined("非 ({})", "NOT ({})", p))
        | st.tuples(inner, inner, inner)
        .map(lambda p: joined("{} or {} and {}", "{} OR {} AND {}", *p))
        .map(lambda p: joined("({})", "({})", p))
    )


def series(found: list[dict[str, object]], name: str, kind: FieldType) -> pd.Series:
    values = [row[name] for row in found]
    made: dict[FieldType, Callable[[], pd.Series]] = {
        FieldType.TEXT: lambda: pd.Series(values, dtype="str"),
        FieldType.INTEGER: lambda: pd.Series(values, dtype="Int64"),
        FieldType.NUMBER: lambda: pd.Series(values, dtype="float64"),
        FieldType.DATE: lambda: pd.Series(pd.array(values, dtype="datetime64[s]")),
        FieldType.BOOLEAN: lambda: pd.Series(values, dtype="boolean"),
    }
    return made[kind]()


@settings(max_examples=200, deadline=None)
@given(rows, st.recursive(tests, conditions, max_leaves=5))
def test_a_filter_matches_what_sqlite_selects(found: list[dict[str, object]], condition: Both) -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute(TABLE)
        connection.executemany("INSERT INTO f VALUES (:t, :s, :i, :j, :x, :y, :d, :b)", found)
        wanted = [row[0] for row in connection.execute(SELECT.format(condition.sql))]
    connection.close()
    columns = {field.name: series(found, field.name, field.type) for field in FIELDS}
    selected = parse(condition.ours, FIELDS).matches(columns)
    assert selected.nonzero()[0].tolist() == wanted
