"""Matching of rows and features: codes, names, places; nothing taken silently."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.joining import JoinBy, JoinKey, JoinPlan, JoinRequest, join_columns, plan_join
from layers.joining.keys import code_key, name_key
from layers.joining.likeness import suggest

CODE = JoinKey("code", "编码", JoinBy.CODE)
NAME = JoinKey("name", "名称", JoinBy.NAME)


def plan(features: dict[str, list[Any]], rows: dict[str, list[Any]], *keys: JoinKey, **more: Any) -> JoinPlan:
    request = JoinRequest(keys, more.pop("by_place", False), more.pop("distance", 0.0))
    return plan_join(
        features,
        rows,
        request,
        feature_count=len(next(iter(features.values()))),
        row_count=len(next(iter(rows.values()))),
        **more,
    )


def pairs(found: JoinPlan) -> list[tuple[int, int, str]]:
    return [(match.row, match.feature, str(match.by)) for match in found.matches]


def test_codes_are_equal_to_the_last_sign() -> None:
    found = plan({"code": ["0802", "802", None]}, {"编码": ["802", " 0802 ", "08-02", None]}, CODE)
    assert pairs(found) == [(0, 1, "code"), (1, 0, "code")]
    assert found.unmatched == (2, 3)
    assert found.untouched == (2,)


def test_names_do_without_what_people_write_differently() -> None:
    features = {"name": ["石岐街道（办事处）", "火炬 高技术-创业中心", "ABC孵化器"]}
    rows = {"名称": ["石岐街道(办事处)", "火炬高技术创业中心", "ＡＢＣ孵化器", "东区"]}
    found = plan(features, rows, NAME)
    assert pairs(found) == [(0, 0, "name"), (1, 1, "name"), (2, 2, "name")]
    assert found.unmatched == (3,)


def test_numbers_in_names_are_not_run_together() -> None:
    features = {"name": ["31号地", "1-2地块", "A-11", "第3（1）号", "2025-3批次"]}
    rows = {
        "名称": [
            "3-1号地",
            "12地块",
            "A-1-1",
            "第31号",
            "20253批次",
            "1—2 地块",
            "A11",
            "第3-1号",
            "2025.3批次",
        ]
    }
    found = plan(features, rows, NAME)
    assert pairs(found) == [(5, 1, "name"), (6, 2, "name"), (7, 3, "name"), (8, 4, "name")]
    assert found.unmatched == (0, 1, 2, 3, 4)


def test_a_row_that_matched_by_code_is_not_asked_by_name() -> None:
    features = {"code": ["1", "2"], "name": ["甲", "乙"]}
    rows = {"编码": ["1", "9"], "名称": ["乙", "乙"]}
    assert pairs(plan(features, rows, CODE, NAME)) == [(0, 0, "code"), (1, 1, "name")]


def test_what_is_not_one_to_one_is_listed_and_not_matched() -> None:
    found = plan({"code": ["1", "1", "2", "3"]}, {"编码": ["1", "2", "2", "3"]}, CODE)
    assert pairs(found) == [(3, 3, "code")]
    assert [(one.row, one.features) for one in found.ambiguous] == [(0, (0, 1))]
    assert [(one.feature, one.rows) for one in found.doubled] == [(2, (1, 2))]
    assert not found.one_to_one


def test_names_that_are_alike_are_offered_and_never_taken() -> None:
    features = {"name": ["中山火炬高技术创业中心", "美居产业园", "翠亨新区"]}
    found = plan(features, {"名称": ["火炬高技术创业中心", "翠亨"]}, NAME)
    assert found.matches == ()
    best = found.suggestions[0]
    assert (best.row, best.feature) == (0, 0)
    # 9 signs make 8 pairs, 11 signs 10; all 8 are shared: 2 · 8 / (8 + 10)
    assert best.likeness == pytest.approx(16 / 18, abs=5e-4)


def test_names_that_share_nothing_are_not_offered() -> None:
    assert suggest({0: "东区"}, ["西区街道办事处"]) == ()


SQUARES = np.array([shapely.box(0, 0, 10, 10), shapely.box(20, 0, 30, 10), shapely.box(25, 0, 40, 10), None])


def by_place(points: list[Any], distance: float = 0.0) -> JoinPlan:
    return plan(
        {"code": [None] * 4},
        {"编码": [None] * len(points)},
        by_place=True,
        distance=distance,
        feature_shapes=SQUARES,
        row_shapes=np.array(points, dtype=object),
    )


def test_rows_find_the_feature_they_lie_in() -> None:
    found = by_place([shapely.Point(5, 5), shapely.Point(27, 5), shapely.Point(100, 0), None])
    assert pairs(found) == [(0, 0, "place")]
    assert [(one.row, one.features) for one in found.ambiguous] == [(1, (1, 2))]
    assert found.unmatched == (2, 3)


def test_the_nearest_within_the_stated_distance() -> None:
    # 3 m east of the first square; exactly between two of them; 60 m from the last
    points = [shapely.Point(13, 5), shapely.Point(15, 5), shapely.Point(100, 5)]
    found = by_place(points, distance=5.0)
    assert [(match.row, match.feature, match.said) for match in found.matches] == [(0, 0, "3.000")]
    assert [(one.row, one.features) for one in found.ambiguous] == [(1, (0, 1))]
    assert found.unmatched == (2,)
    assert by_place(points, distance=2.9).matches == ()


def test_columns_fill_blanks_and_name_what_differs() -> None:
    found = plan({"code": ["1", "2", "3"]}, {"编码": ["3", "1", "2"]}, CODE)
    joined = join_columns(
        found,
        {"甲": ["a", "b", None], "乙": [1.0, 2.0, 3.0]},
        {"甲": "first", "乙": "second"},
        {"first": ["b", None, "z"]},
    )
    # row 0 goes to feature 2, row 1 to feature 0; row 2 brings no 甲
    assert joined.values["first"] == {2: "a"}
    assert joined.values["second"] == {2: 1.0, 0: 2.0, 1: 3.0}
    assert [(one.feature, one.row, one.there, one.new) for one in joined.conflicts] == [(2, 0, "z", "a")]


@pytest.mark.parametrize(
    ("value", "key"), [(802.0, "802"), ("０８０２", "0802"), (float("nan"), ""), (None, "")]
)
def test_what_codes_are_compared_by(value: Any, key: str) -> None:
    assert code_key(value) == key


@given(
    st.lists(st.text(alphabet="甲乙ab1 (（", max_size=4), max_size=8),
    st.lists(st.text(alphabet="甲乙ab1 )", max_size=4), max_size=8),
)
def test_every_row_is_accounted_for_once(features: list[str], rows: list[str]) -> None:
    found = plan_join(
        {"name": features},
        {"名称": rows},
        JoinRequest((NAME,)),
        feature_count=len(features),
        row_count=len(rows),
    )
    told = [match.row for match in found.matches]
    told += [one.row for one in found.ambiguous]
    told += [row for one in found.doubled for row in one.rows]
    told += list(found.unmatched)
    assert sorted(told) == list(range(len(rows)))
    # the slow way: a row is matched if its key is on one feature and on no other row
    for match in found.matches:
        key = name_key(rows[match.row])
        assert [name_key(name) for name in features].count(key) == 1
        assert [name_key(name) for name in rows].count(key) == 1
