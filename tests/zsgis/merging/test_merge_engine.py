"""Merging by feature and field: cases worked out by hand, and random histories against an oracle of cells."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.merge_histories import FIELDS, Cell, Parcel, chance_of, shape_of, uid_of
from benchmarks.merge_oracle import merged_field
from layers.edits import (
    AddFeature,
    ChangeFeature,
    EditKind,
    FeatureState,
    Keep,
    RemoveFeature,
)
from layers.errors import InputError
from tests.zsgis.merging.histories import LAYER, Histories, found_in, random_histories
from zsgis.merging.layer_merge import merge_layer
from zsgis.merging.model import (
    GEOMETRY,
    ConflictKind,
    Decision,
    FeatureSides,
    LayerPlan,
    LayerSides,
    Side,
)
from zsgis.merging.resolving import edit_of, outcome
from zsgis.merging.sameness import same_shape, same_value

A, B, C, D = (uid_of(number) for number in (1, 2, 3, 4))
SEEDS = st.integers(0, 10**9)


def state(uid: str, shape: Any, version: int = 1, **values: Any) -> FeatureState:
    return FeatureState(uid, version, shape, {"name": None, **values})


def layer_of(*features: FeatureSides, partition: bool = True, fields: Any = None) -> LayerSides:
    return LayerSides(
        LAYER,
        "图斑",
        {feature.zs_uid: feature for feature in features},
        fields or dict.fromkeys(Side, ("name",)),
        partition,
        0.01,
    )


def strip(west: float, east: float) -> Any:
    return shapely.box(west, 0.0, east, 10.0)


def kinds(plan: LayerPlan) -> list[tuple[set[str], set[ConflictKind]]]:
    return [
        ({member.sides.zs_uid for member in conflict.members}, set(conflict.kinds))
        for conflict in plan.conflicts
    ]


def decide(plan: LayerPlan, side: Side) -> dict[str, Decision]:
    return {question.key: Decision(side) for one in plan.conflicts for question in one.questions}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, math.nan, True),
        (0.0, -0.0, True),
        (1, 1.0, True),
        (-1, -2, False),
        ("1", 1, False),
        ("0802", "802", False),
        ("", None, False),
    ],
)
def test_when_two_values_are_the_same(one: Any, other: Any, same: bool) -> None:
    assert same_value(one, other) is same
    assert same_value(other, one) is same


def test_shapes_are_the_same_coordinate_by_coordinate() -> None:
    line = shapely.LineString([(0.0, 0.0), (1.0, 1.0)])
    assert same_shape(line, shapely.LineString([(-0.0, 0.0), (1.0, 1.0)]))
    assert not same_shape(line, shapely.LineString([(0.0, 0.0), (1.0, math.nextafter(1.0, 2.0))]))
    assert not same_shape(line, shapely.LineString([(1.0, 1.0), (0.0, 0.0)]))
    assert not same_shape(shapely.Point(1, 2), shapely.Point(1, 2, 0))
    assert same_shape(shapely.Point(1, 2, math.nan), shapely.Point(1, 2, math.nan))
    assert same_shape(None, None)
    assert not same_shape(None, line)


def test_fields_changed_apart_merge_and_take_only_what_the_other_side_lacks() -> None:
    base = state(A, strip(0, 1), name="甲", note="一")
    mine = replace(base, values={"name": "乙", "note": "一"}, version=2)
    theirs = replace(base, values={"name": "甲", "note": "二"}, version=5)
    layer = layer_of(FeatureSides(A, base, mine, theirs), fields=dict.fromkeys(Side, ("name", "note")))
    plan = merge_layer(layer)
    assert plan.conflicts == ()
    (change,) = edit_of([plan], {}, title="合并", reason="").changes
    assert change == ChangeFeature(LAYER, A, Keep.SHAPE, {"name": "乙"}, 5)


def test_the_same_change_on_both_sides_is_none_for_theirs() -> None:
    base, both = state(A, strip(0, 1), name="甲"), state(A, strip(0, 2), name="乙")
    plan = merge_layer(layer_of(FeatureSides(A, base, both, both)))
    assert plan.conflicts == ()
    assert plan.merged[0].fields == {"name": None, GEOMETRY: None}
    edit = edit_of([plan], {}, title="合并", reason="")
    assert edit.changes == ()
    assert edit.kind is EditKind.MERGE


def test_one_field_changed_to_two_values_is_asked_while_the_rest_merges() -> None:
    fields = dict.fromkeys(Side, ("name", "note"))
    base = state(A, strip(0, 1), name="甲", note="一")
    mine, theirs = (
        replace(base, values={"name": "乙", "note": "二"}),
        replace(base, values={"name": "丙", "note": "一"}),
    )
    plan = merge_layer(layer_of(FeatureSides(A, base, mine, theirs), fields=fields))
    (conflict,) = plan.conflicts
    (question,) = conflict.questions
    assert conflict.kinds == (ConflictKind.VALUE,)
    assert question.values == {Side.BASE: "甲", Side.MINE: "乙", Side.THEIRS: "丙"}
    assert plan.merged[0].fields == {"note": Side.MINE}
    for decision, name in ((Decision(Side.BASE), "甲"), (Decision(None, "丁"), "丁")):
        final = outcome(plan, {question.key: decision})[A]
        assert final is not None
        assert final.values == {"name": name, "note": "二"}
    with pytest.raises(InputError):
        outcome(plan, {})


def test_deleted_here_and_changed_there_is_decided_whole() -> None:
    base, theirs = state(A, strip(0, 1), name="甲"), state(A, strip(0, 1), 3, name="乙")
    plan = merge_layer(layer_of(FeatureSides(A, base, None, theirs)))
    assert kinds(plan) == [({A}, {ConflictKind.REMOVAL})]
    assert plan.merged == ()
    assert outcome(plan, decide(plan, Side.THEIRS))[A] == theirs
    (change,) = edit_of([plan], decide(plan, Side.MINE), title="", reason="").changes
    assert change == RemoveFeature(LAYER, A, 3)


def test_what_theirs_deleted_and_mine_keeps_comes_back_under_its_uid() -> None:
    base, mine = state(A, strip(0, 1), name="甲"), state(A, strip(0, 1), name="乙")
    plan = merge_layer(layer_of(FeatureSides(A, base, mine, None)))
    (change,) = edit_of([plan], decide(plan, Side.MINE), title="", reason="").changes
    assert change == AddFeature(LAYER, mine.geometry, {"name": "乙"}, A)


def test_nobody_is_asked_about_an_area_that_follows_its_shape() -> None:
    fields = dict.fromkeys(Side, ("area", "net", "name"))
    follows = {"area": frozenset({GEOMETRY}), "net": frozenset({GEOMETRY, "area"})}

    def parcel(east: float, area: float) -> FeatureState:
        return FeatureState(A, 1, strip(0, east), {"area": area, "net": area / 2, "name": "甲"})

    layer = replace(
        layer_of(FeatureSides(A, parcel(10, 100), parcel(11, 110), parcel(12, 120)), fields=fields),
        follows=follows,
    )
    plan = merge_layer(layer)
    assert [question.name for question in plan.conflicts[0].questions] == [GEOMETRY]
    for side, area in ((Side.MINE, 110), (Side.THEIRS, 120), (Side.BASE, 100)):
        final = outcome(plan, decide(plan, side))[A]
        assert final is not None
        assert final.values == {"area": area, "net": area / 2, "name": "甲"}
    # where nobody moved the shape, an area that both set is a question like any other
    still = replace(
        layer, features={A: FeatureSides(A, parcel(10, 100), parcel(10, 100.5), parcel(10, 99.5))}
    )
    names = [question.name for question in merge_layer(still).conflicts[0].questions]
    assert names == ["area"]


def split_sides(theirs_name: str) -> tuple[FeatureSides, FeatureSides]:
    base = state(A, strip(0, 10), name="甲")
    kept, piece = state(A, strip(0, 5), name="甲"), state(B, strip(5, 10), name="甲")
    return (
        FeatureSides(A, base, kept, replace(base, values={"name": theirs_name})),
        FeatureSides(B, None, piece, None, mine_parents=(A,)),
    )


@pytest.mark.parametrize("partition", [True, False])
def test_split_here_and_changed_there_is_one_conflict_of_all_pieces(partition: bool) -> None:
    plan = merge_layer(layer_of(*split_sides("乙"), partition=partition))
    ((uids, why),) = kinds(plan)
    assert uids == {A, B}
    assert ConflictKind.LINEAGE in why
    final = outcome(plan, decide(plan, Side.THEIRS))
    assert final[B] is None
    assert final[A] is not None
    assert final[A].geometry.equals(strip(0, 10))


def test_a_split_that_nobody_else_touched_merges() -> None:
    plan = merge_layer(layer_of(*split_sides("甲")))
    assert plan.conflicts == ()
    assert {found.zs_uid for found in plan.merged} == {A, B}


def test_a_copy_is_no_family() -> None:
    base = state(A, strip(0, 10), name="甲")
    copy = FeatureSides(B, None, state(B, strip(20, 30), name="甲"), None, mine_parents=(A,))
    plan = merge_layer(layer_of(FeatureSides(A, base, base, state(A, strip(0, 10), name="乙")), copy))
    assert plan.conflicts == ()


def test_new_parcels_that_overlap_in_a_partition() -> None:
    mine = FeatureSides(A, None, state(A, strip(0, 10)), None)
    theirs = FeatureSides(B, None, None, state(B, strip(6, 16)))
    assert kinds(merge_layer(layer_of(mine, theirs)))[0][0] == {A, B}
    assert ConflictKind.OVERLAP in kinds(merge_layer(layer_of(mine, theirs)))[0][1]
    assert merge_layer(layer_of(mine, theirs, partition=False)).conflicts == ()


@pytest.mark.parametrize(("east", "twice"), [(19.1, True), (18.9, False)])
def test_new_parcels_that_share_nine_tenths_are_one_plot(east: float, twice: bool) -> None:
    # of 10 m x 10 m each: 9.1 m is more than nine tenths, 8.9 m is not
    mine = FeatureSides(A, None, state(A, strip(10, 20)), None)
    theirs = FeatureSides(B, None, None, state(B, strip(east - 10 + 0.0, east)))
    ((_uids, why),) = kinds(merge_layer(layer_of(mine, theirs)))
    assert (ConflictKind.SAME_PLACE in why) is twice


def test_two_new_points_at_one_place_may_both_stay() -> None:
    point = shapely.Point(5, 5)
    mine = FeatureSides(A, None, state(A, point, name="甲"), None)
    theirs = FeatureSides(B, None, None, state(B, point, name="乙"))
    plan = merge_layer(layer_of(mine, theirs, partition=False))
    assert kinds(plan) == [({A, B}, {ConflictKind.SAME_PLACE})]
    first, second = plan.conflicts[0].questions
    final = outcome(plan, {first.key: Decision(Side.MINE), second.key: Decision(Side.THEIRS)})
    assert None not in final.values()


def test_both_sides_mend_one_overlap_each_in_its_own_way() -> None:
    """Base has A over B for 2 m; mine cuts A back, theirs cuts B back: together they would leave a gap."""
    first = FeatureSides(A, state(A, strip(0, 10)), state(A, strip(0, 8)), state(A, strip(0, 10)))
    second = FeatureSides(B, state(B, strip(8, 20)), state(B, strip(8, 20)), state(B, strip(10, 20)))
    ((uids, why),) = kinds(merge_layer(layer_of(first, second)))
    assert uids == {A, B}
    assert ConflictKind.GAP in why


def test_who_exchanges_land_with_a_disputed_parcel_is_decided_with_it() -> None:
    """Mine moves the boundary of A and B, theirs that of B and C; D lies beside and merges."""
    plan = merge_layer(
        layer_of(
            FeatureSides(A, state(A, strip(0, 10)), state(A, strip(0, 9)), state(A, strip(0, 10))),
            FeatureSides(B, state(B, strip(10, 20)), state(B, strip(9, 20)), state(B, strip(10, 21))),
            FeatureSides(C, state(C, strip(20, 30)), state(C, strip(20, 30)), state(C, strip(21, 30))),
            FeatureSides(D, state(D, strip(30, 40)), state(D, strip(30, 41)), state(D, strip(30, 40))),
        )
    )
    assert [uids for uids, _why in kinds(plan)] == [{A, B, C}]
    assert len(plan.conflicts[0].questions) == 1
    assert [found.zs_uid for found in plan.merged] == [D]


def test_an_overlap_up_to_the_tolerance_is_none() -> None:
    def overlap_by(width: float) -> int:
        mine = FeatureSides(A, None, state(A, strip(0, 10)), None)
        theirs = FeatureSides(B, None, None, state(B, strip(10 - width, 20)))
        return len(merge_layer(layer_of(mine, theirs)).conflicts)

    # 10 m high: 0.9 mm are 0.009 m2, 1.1 mm are 0.011 m2
    assert (overlap_by(0.0009), overlap_by(0.0011)) == (0, 1)


def test_an_overlap_that_a_side_had_already_is_its_own() -> None:
    first = FeatureSides(A, state(A, strip(0, 12)), state(A, strip(0, 13)), state(A, strip(0, 12)))
    second = FeatureSides(
        B, state(B, strip(10, 20)), state(B, strip(10, 20)), state(B, strip(10, 20.0), name="乙")
    )
    assert merge_layer(layer_of(first, second)).conflicts == ()


def test_invalid_and_missing_shapes_do_not_stop_a_merge() -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    first = FeatureSides(A, state(A, bow), state(A, None), state(A, bow, name="乙"))
    second = FeatureSides(B, None, None, state(B, shapely.Polygon([(0, 0), (6, 6), (6, 0), (0, 6)])))
    third = FeatureSides(C, None, state(C, shapely.Polygon()), None)
    plan = merge_layer(layer_of(first, second, third))
    assert {found.zs_uid for found in plan.merged} | {
        member.sides.zs_uid for one in plan.conflicts for member in one.members
    } == {A, B, C}


def test_a_column_of_one_side_is_no_change_of_the_other() -> None:
    base = state(A, strip(0, 1), name="甲")
    mine = replace(base, values={"name": "甲", "extra": "新"})
    fields = {Side.BASE: ("name",), Side.MINE: ("name", "extra"), Side.THEIRS: ("name",)}
    plan = merge_layer(layer_of(FeatureSides(A, base, mine, replace(base, version=4)), fields=fields))
    assert plan.conflicts == ()
    (change,) = edit_of([plan], {}, title="", reason="").changes
    assert change == ChangeFeature(LAYER, A, Keep.SHAPE, {"extra": "新"}, 4)


@settings(max_examples=60)
@given(SEEDS, st.booleans())
def test_the_engine_finds_what_the_oracle_finds(seed: int, partition: bool) -> None:
    histories = random_histories(seed, edits=16)
    plan = merge_layer(histories.layer(partition=partition))
    assert found_in(plan.conflicts) == histories.verdict(partition=partition)


@settings(max_examples=60)
@given(SEEDS)
def test_neither_order_nor_name_of_a_side_makes_a_difference(seed: int) -> None:
    histories = random_histories(seed, edits=16)
    plan = merge_layer(histories.layer(partition=True))
    shuffled = merge_layer(histories.layer(partition=True, order=chance_of(seed)))
    assert (shuffled.merged, shuffled.conflicts) == (plan.merged, plan.conflicts)
    swapped = merge_layer(histories.swapped().layer(partition=True))
    assert [one.key for one in swapped.conflicts] == [one.key for one in plan.conflicts]
    assert [one.kinds for one in swapped.conflicts] == [one.kinds for one in plan.conflicts]
    assert [
        replace(
            one, side=one.side and one.side.other, fields={n: s and s.other for n, s in one.fields.items()}
        )
        for one in swapped.merged
    ] == list(plan.merged)


@settings(max_examples=40)
@given(SEEDS)
def test_every_edit_without_conflict_is_kept_and_decisions_are_followed(seed: int) -> None:
    histories = random_histories(seed, edits=16)
    plan = merge_layer(histories.layer(partition=True))
    chance = chance_of(seed)
    decisions = {
        question.key: Decision(chance.choice(question.sides))
        for conflict in plan.conflicts
        for question in conflict.questions
    }
    final = {**histories.theirs_states(), **outcome(plan, decisions)}
    sides = {Side.BASE: histories.base, Side.MINE: histories.mine, Side.THEIRS: histories.theirs}
    verdict = histories.verdict(partition=True)
    chosen = {
        uid: decisions[question.key].side
        for conflict in plan.conflicts
        for question in conflict.questions
        for uid in question.uids
        if question.name == GEOMETRY
    }
    for uid in {*histories.base, *histories.mine, *histories.theirs}:
        found = final.get(uid)
        side = chosen.get(uid)
        wanted = sides[side].get(uid) if side is not None else _expected(histories, uid)
        assert (found is None) == (wanted is None), uid
        if found is None or wanted is None:
            continue
        assert same_shape(found.geometry, shape_of(wanted.cells))
        for name in FIELDS:
            if (uid, name) in verdict.values:
                answer = decisions[f"{LAYER}/{uid}/{name}"].side
                assert answer is not None
                parcel = sides[answer].get(uid)
                assert found.values[name] == (None if parcel is None else parcel.values[name])
            elif uid in verdict.wholes or uid not in histories.mine or uid not in histories.theirs:
                assert found.values[name] == wanted.values[name]
            else:
                merged = merged_field(histories.base, histories.mine, histories.theirs, uid, name)
                assert found.values[name] == merged


@settings(max_examples=40)
@given(SEEDS)
def test_a_partition_stays_as_sound_as_its_sides_whatever_is_decided(seed: int) -> None:
    histories = random_histories(seed, edits=16)
    plan = merge_layer(histories.layer(partition=True))
    chance = chance_of(seed + 1)
    cells = {uid: parcel.cells for uid, parcel in histories.theirs.items()}
    decided: set[str] = set()
    for question in (one for conflict in plan.conflicts for one in conflict.questions):
        side = chance.choice(tuple(Side))
        if question.name == GEOMETRY:
            decided.update(question.uids)
            cells.update({uid: histories.cells(uid, side) for uid in question.uids})
    for merged in plan.merged:
        if merged.zs_uid not in decided:
            cells[merged.zs_uid] = histories.merged_cells(merged.zs_uid)
    assert _twice_held(cells) == set()


def _expected(histories: Histories, uid: str) -> Parcel | None:
    """Return a feature whose being and shape nobody disputes."""
    if uid in histories.base and not (uid in histories.mine and uid in histories.theirs):
        return None
    parcel = histories.theirs.get(uid) or histories.mine.get(uid)
    assert parcel is not None
    return replace(parcel, cells=histories.merged_cells(uid))


def _twice_held(cells: dict[str, frozenset[Cell]]) -> set[Cell]:
    seen: set[Cell] = set()
    twice: set[Cell] = set()
    for held in cells.values():
        twice |= seen & held
        seen |= held
    return twice
