"""Suitability: scores by hand, limits, what is missing, weights, and how much the order hangs on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from layers.errors import InputError, UsageError
from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import EAST, NORTH, at
from zsgis.analysis.suitability.rules import suitability_rule
from zsgis.analysis.suitability.scoring import Scores, changed_weights, ranked, swings
from zsgis.result import Result
from zsgis.run import run_capability

NAN = float("nan")
RULE = """
key = "r"
title = "试"
version = "1"
status = "待核实"
source = "试"

[[limits]]
key = "farmland"
title = "基本农田"
kind = "control_lines"
field = "line_type"
values = ["永久基本农田"]
most_share_pct = 10.0
clause = "不得占用"

[[criteria]]
key = "near"
title = "距载体"
type = "distance"
kind = "carriers"
weight = 2
curve = [[0, 100], [1000, 0]]

[[criteria]]
key = "inside"
title = "平台内"
type = "inside"
kind = "platforms"
weight = 1
curve = [[0, 0], [100, 100]]

[[criteria]]
key = "use"
title = "规划用途"
type = "class_score"
kind = "territorial_plan"
weight = 1
curve = [[0, 0], [100, 100]]
uncovered = 10
[criteria.scores.yd2023]
"0802" = 100
"10" = 50
"""


def sample() -> dict[str, dict[str, list[Any]]]:
    """Return three parcels of 100 x 100 m in a row, a carrier at their western end, and what else counts."""
    return {
        "industrial_parcels": {
            "name": ["甲", "乙", "丙"],
            "class_code": ["1001"] * 3,
            "geometry": [at(300 * i, 0, 300 * i + 100, 100) for i in range(3)],
        },
        "carriers": {"name": ["光子中心"], "geometry": [Point(EAST - 100, NORTH + 50)]},
        "platforms": {"name": ["东"], "geometry": [at(350, -10, 900, 110)]},
        "territorial_plan": {
            "name": ["1", "2"],
            "class_code": ["0802", "100102"],
            "geometry": [at(0, 0, 100, 50), at(300, 0, 400, 100)],
        },
        "control_lines": {"line_type": ["永久基本农田"], "geometry": [at(600, 0, 700, 20)]},
    }


def scored(tmp_path: Path, layers: dict[str, dict[str, list[Any]]], rule: str = RULE, **given: Any) -> Result:
    (tmp_path / "rule.toml").write_text(rule, encoding="utf-8")
    with Project.create(tmp_path / "p.gpkg", 4547) as project:
        for kind, columns in layers.items():
            frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs=4547)
            standard = "yd2023" if kind == "territorial_plan" else ""
            project.add_layer(NewLayer(name=kind, kind=kind, crs=pyproj.CRS(4547), standard=standard), frame)
        asked = {"unit": "m2", "basis": "planar", "rule": str(tmp_path / "rule.toml"), **given}
        return run_capability(project, "suitability", asked)


def parcels(result: Result) -> dict[str, dict[str, Any]]:
    return {row.values["name"]: dict(row.values) for row in result.table("parcels").rows}


def test_scores_by_hand_with_all_their_parts(tmp_path: Path) -> None:
    found = parcels(scored(tmp_path, sample(), zones="-"))
    one, two, three = found["甲"], found["乙"], found["丙"]
    # 甲: 100 m to the carrier: 90; in no platform: 0; half 0802, half uncovered: 55; (2*90 + 0 + 55) / 4
    assert (one["near_value"], one["near_score"], one["inside_score"], one["use_score"]) == (
        100.0,
        90.0,
        0.0,
        55.0,
    )
    assert one["score"] == 58.75
    assert (one["near_part"], one["inside_part"], one["use_part"]) == (45.0, 0.0, 13.75)
    # 乙: 400 m: 60; half inside: 50; 100102 takes the score of 10: 50; (120 + 50 + 50) / 4
    assert (two["near_score"], two["inside_value"], two["use_score"], two["score"]) == (
        60.0,
        50.0,
        50.0,
        55.0,
    )
    # 丙: 20 of 100 m are farmland, 20 per cent, beyond the limit of 10: no score, and why
    assert (three["score"], three["rank"], three["reason"]) == (None, None, "基本农田 20.00%")
    assert (one["rank"], two["rank"]) == (1, 2)


def test_a_limit_holds_from_just_above_its_share(tmp_path: Path) -> None:
    layers = sample()
    layers["control_lines"]["geometry"] = [at(600, 0, 700, 10)]
    # 丙: 700 m: 30; inside: 100; uncovered: 10; (60 + 100 + 10) / 4
    assert parcels(scored(tmp_path, layers, zones="-"))["丙"]["score"] == 42.5


def test_a_criterion_without_a_layer_is_named_and_weighs_nothing(tmp_path: Path) -> None:
    layers = sample()
    del layers["platforms"]
    result = scored(tmp_path, layers, zones="-")
    # 甲: (2 * 90 + 55) / 3
    assert parcels(result)["甲"]["score"] == 78.33
    (finding,) = [f for f in result.findings if f.code == "suitability.not_measured"]
    assert "平台内" in finding.text
    weights = {row.values["criterion"]: row.values["weight"] for row in result.table("weights").rows}
    assert weights == {"距载体": 66.67, "平台内": 0.0, "规划用途": 33.33}


def test_a_limit_that_cannot_be_checked_is_named_and_excludes_nobody(tmp_path: Path) -> None:
    layers = sample()
    del layers["control_lines"]
    result = scored(tmp_path, layers, zones="-")
    assert parcels(result)["丙"]["score"] == 42.5
    assert any("基本农田" in f.text for f in result.findings if f.code == "suitability.not_measured")


def test_weights_by_hand_and_by_comparison_are_told_in_the_record(tmp_path: Path) -> None:
    by_hand = scored(tmp_path, sample(), zones="-", weights="0 1 1")
    # 甲: (0 + 55) / 2
    assert parcels(by_hand)["甲"]["score"] == 27.5
    (tmp_path / "x").mkdir()
    # 1 to 2 is 2, 1 to 3 is 4, 2 to 3 is 2: weights 4/7, 2/7, 1/7; 甲: (4 * 90 + 0 + 55) / 7
    compared = scored(tmp_path / "x", sample(), zones="-", comparisons="2 4; 2")
    assert parcels(compared)["甲"]["score"] == 59.29
    assert any("λmax 3.0000" in line and "CR 0.0000" in line for line in compared.run.method)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"comparisons": "9 1/9; 9"}, "相互矛盾"),
        ({"comparisons": "2"}, "2 个因子"),
        ({"weights": "1 2"}, "3 个因子给了 2 个权重"),
        ({"weights": "1 -2 3"}, "负值"),
        ({"weights": "a b c"}, "不是权重"),
        ({"weights": "0 0 0"}, "都不能量算"),
    ],
)
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, given: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        scored(tmp_path, sample(), zones="-", **given)


def test_contradicting_comparisons_are_taken_with_a_reason_that_stands_in_the_record(tmp_path: Path) -> None:
    result = scored(tmp_path, sample(), zones="-", comparisons="9 1/9; 9", reason="专家会议定")
    assert any("专家会议定" in line for line in result.run.method)


def test_zones_hold_the_area_of_each_class_of_scores(tmp_path: Path) -> None:
    rows = {row.values["zone"]: row.values for row in scored(tmp_path, sample()).table("zones").rows}
    # the platform holds half of 乙 (40 to 60) and all of 丙, which is excluded
    assert (rows["东"]["class_2"], rows["东"]["class_5"], rows["东"]["total"]) == (5000.0, 10_000.0, 15_000.0)
    assert rows["总计"]["total"] == 30_000.0


def test_without_parcels_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有地块图层"):
        scored(tmp_path, {"carriers": sample()["carriers"]})


def test_the_rule_that_ships_is_whole_and_names_known_kinds(tmp_path: Path) -> None:
    rule = suitability_rule()
    assert sum(criterion.weight for criterion in rule.criteria) == pytest.approx(1.0)
    assert rule.status == "待核实"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("[[0, 100], [1000, 0]]", "[[1000, 0], [0, 100]]"), "rise"),
        (("[[0, 100], [1000, 0]]", "[[0, 120], [1000, 0]]"), "between 0 and 100"),
        (('type = "inside"', 'type = "within"'), "within"),
        (('key = "use"', 'key = "near"'), "key of its own"),
        (("weight = 2", "weight = -2"), "weight"),
    ],
)
def test_a_rule_with_a_fault_is_refused_with_its_place(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    (tmp_path / "own.toml").write_text(RULE.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        suitability_rule(str(tmp_path / "own.toml"))


def test_equal_scores_share_a_rank_and_no_score_has_none() -> None:
    assert ranked(np.array([70.0, NAN, 90.0, 70.0, 10.0])).tolist() == [2, 0, 1, 2, 4]


def test_a_changed_weight_keeps_the_others_in_their_proportion() -> None:
    # 0.5 less 20 % is 0.4; 0.3 and 0.2 share 0.6 as 3 to 2
    assert changed_weights(np.array([0.5, 0.3, 0.2]), 0, -0.2).tolist() == pytest.approx([0.4, 0.36, 0.24])
    assert changed_weights(np.array([1.0]), 0, 0.2).tolist() == [1.0]


def test_the_share_in_the_zones_is_the_same_cut_once_or_twice(tmp_path: Path) -> None:
    # zones that meet, do not overlap, and cut the parcels at 37 and 173 m; others lie over each other
    shapes = {
        "apart": [at(37, -5, 173, 60), at(173, -5, 250, 105)],
        "over": [at(37, -5, 173, 60), at(150, -5, 250, 105)],
    }
    rule = RULE.split("[[limits]]", maxsplit=1)[0] + (
        '[[criteria]]\nkey = "inside"\ntitle = "内"\ntype = "inside"\nkind = "platforms"\nweight = 1\n'
        "curve = [[0, 0], [100, 100]]\n"
    )
    for name, zones in shapes.items():
        folder = tmp_path / name
        folder.mkdir()
        layers = {
            "industrial_parcels": {
                "name": ["甲", "乙", "丙"],
                "class_code": ["1001"] * 3,
                "geometry": [at(100 * i, 0, 100 * i + 100, 100) for i in range(3)],
            },
            "platforms": {"name": ["一", "二"], "geometry": zones},
        }
        with_zones = scored(folder, layers, rule, zones="platforms")
        (folder / "p.gpkg").unlink()
        without = scored(folder, layers, rule, zones="-")
        values = [
            {row.values["name"]: row.values["inside_value"] for row in result.table("parcels").rows}
            for result in (with_zones, without)
        ]
        assert values[0] == values[1]
        # 甲: 63 by 60 of 100 by 100. 乙: 73 by 60, and 27 or 50 by 100 of which 23 by 60 are counted already
        assert values[0]["甲"] == 37.8
        assert values[0]["乙"] == {"apart": 70.8, "over": 80.0}[name]
        # 丙: 50 by 100
        assert values[0]["丙"] == 50.0


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=30).filter(
        lambda pairs: all(len({pair[side] for pair in pairs}) > 1 for side in (0, 1))
    )
)
def test_the_rank_correlation_is_spearmans_ties_included(pairs: list[tuple[int, int]]) -> None:
    from scipy.stats import spearmanr

    parts = np.array(pairs, dtype=np.float64)
    weights = np.array([0.5, 0.5])
    scores = Scores(parts, weights, np.zeros(len(pairs), dtype=bool))
    for swing in swings(scores, 0.5):
        changed = parts @ changed_weights(weights, swing.criterion, swing.change)
        before, after = np.round(parts @ weights, 9), np.round(changed, 9)
        if len(set(before)) > 1 and len(set(after)) > 1:
            assert swing.correlation == pytest.approx(spearmanr(before, after).statistic, abs=1e-12)


def test_an_order_that_hangs_on_a_weight_swings_and_one_that_does_not_stays() -> None:
    # criterion 1 alone puts a before b by 10; criterion 2 puts b before a by 9: the least change turns them
    parts = np.array([[60.0, 41.0], [50.0, 50.0]])
    scores = Scores(parts, np.array([0.5, 0.5]), np.zeros(2, dtype=bool))
    found = {(swing.criterion, round(swing.change, 1)): swing for swing in swings(scores, 0.2)}
    # weights 0.4 and 0.6: a 48.6, b 50: they change places
    assert (found[0, -0.2].correlation, found[0, -0.2].largest_move) == pytest.approx((-1.0, 1))
    assert (found[0, 0.2].correlation, found[0, 0.2].kept) == pytest.approx((1.0, 1.0))
