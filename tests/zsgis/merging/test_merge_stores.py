"""Merges of real project files: nothing by halves, nothing lost, everything told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.merge_histories import FIELDS, Hand, chance_of, shape_of, uid_of, world
from benchmarks.merge_oracle import judge
from layers.edits import ChangeFeature, Edit, EditKind
from layers.errors import InputError, ProjectFileError, StaleEditError
from layers.kind import FieldType
from layers.progress import NoProgress
from layers.store import NewLayer, Project
from layers.store.column_writing import ColumnValues
from layers.store.functions import register_functions
from layers.store.naming import quoted
from layers.store.working_copies import read_origin
from tests.zsgis.merging.histories import found_in
from tests.zsgis.merging.scenes import (
    MINE,
    MINE_NEW,
    MINE_PIECE,
    THEIRS,
    THEIRS_NEW,
    edit_file,
    make_base,
    make_copy,
    two_people,
)
from zsgis.forms.history import feature_history
from zsgis.merging.model import ConflictKind, Decision, Side
from zsgis.merging.origins import origins_of
from zsgis.merging.planning import traces
from zsgis.merging.sitting import MergeFiles, Sitting, begin, finish
from zsgis.sharing.opening import open_to_write


@dataclass
class Merge:
    """A merge under way, and the project that takes it in."""

    sitting: Sitting
    project: Project

    def decide(self, side: Side) -> dict[str, Decision]:
        return {
            question.key: Decision(side)
            for conflict in self.sitting.plan.conflicts
            for question in conflict.questions
        }

    def write(self, side: Side = Side.MINE) -> Any:
        return self.sitting.write(self.decide(side), NoProgress())


@contextmanager
def merging(files: MergeFiles, folder: Path) -> Iterator[Merge]:
    with Project.open(files.theirs) as project:
        sitting = begin(files, project, folder / "kept", NoProgress())
        try:
            yield Merge(sitting, project)
        finally:
            sitting.close()


def values_of(project: Project, layer: str) -> dict[str, tuple[Any, Any]]:
    return {
        one.zs_uid: (one.geometry.wkb if one.geometry else None, dict(one.values))
        for one in project.states(layer)
    }


@pytest.fixture
def people(tmp_path: Path) -> tuple[MergeFiles, str]:
    files, layer = two_people(tmp_path)
    return files, layer.uid


def test_five_conflicts_and_three_merged_features(people: tuple[MergeFiles, str], tmp_path: Path) -> None:
    with merging(people[0], tmp_path) as merge:
        plan = merge.sitting.plan
    found = {
        frozenset(member.sides.zs_uid for member in one.members): set(one.kinds) for one in plan.conflicts
    }
    assert {uids: why - {ConflictKind.SHAPE} for uids, why in found.items()} == {
        frozenset({uid_of(0)}): {ConflictKind.VALUE},
        frozenset({uid_of(1), uid_of(2), uid_of(3)}): set(),
        frozenset({uid_of(6), MINE_PIECE}): {ConflictKind.LINEAGE},
        frozenset({uid_of(8)}): {ConflictKind.REMOVAL},
        frozenset({MINE_NEW, THEIRS_NEW}): {ConflictKind.SAME_PLACE},
    }
    assert [one.zs_uid for one in plan.merged] == [uid_of(5), uid_of(10), uid_of(11)]


def test_a_merge_is_one_edit_that_can_be_taken_back(people: tuple[MergeFiles, str], tmp_path: Path) -> None:
    files, layer = people
    with merging(files, tmp_path) as merge:
        before = values_of(merge.project, layer)
        versions = {one.zs_uid: one.version for one in merge.project.states(layer)}
        result = merge.write(Side.MINE)
        after = {one.zs_uid: one for one in merge.project.states(layer)}
        assert result.record.head.kind is EditKind.MERGE
        assert after[uid_of(0)].values["name"] == "科学城一号"
        assert after[uid_of(10)].values["line_width_m"] == 400.5
        assert after[uid_of(11)].values["class_code"] == "0701"
        assert uid_of(8) not in after
        assert THEIRS_NEW not in after
        assert after[uid_of(0)].version == versions[uid_of(0)] + 1
        assert after[uid_of(11)].version == versions[uid_of(11)]
        assert merge.project.history(layer, MINE_PIECE)[-1].parents == (uid_of(6),)
        merge.project.undo()
        assert values_of(merge.project, layer) == before


def test_the_merge_tells_whose_work_it_brought(people: tuple[MergeFiles, str], tmp_path: Path) -> None:
    files, layer = people
    with merging(files, tmp_path) as merge:
        result = merge.write()
        assert MINE.name in result.record.head.reason
        (origin,) = origins_of(merge.project, layer, uid_of(10))
        assert (origin.author, origin.title, origin.merge_uid) == (MINE, "外业修改", result.record.head.uid)
        assert origins_of(merge.project, layer, uid_of(11)) == ()
        info = merge.project.layer(layer)
        (entry, *before) = feature_history(merge.project, info, uid_of(10))
        assert (entry.head.kind, entry.origins) == (EditKind.MERGE, (origin,))
        assert [one.origins for one in before] == [()] * len(before)
        conflict = merge.sitting.plan.conflicts[0]
        told = traces(merge.sitting.sources, conflict)
        assert told[(uid_of(0), Side.MINE)].author == MINE


def test_traces_name_both_sides(people: tuple[MergeFiles, str], tmp_path: Path) -> None:
    with merging(people[0], tmp_path) as merge:
        told = traces(merge.sitting.sources, merge.sitting.plan.conflicts[0])
        assert {side: trace.author for (_uid, side), trace in told.items()} == {
            Side.MINE: MINE,
            Side.THEIRS: THEIRS,
        }


def test_nothing_is_written_while_something_is_open(people: tuple[MergeFiles, str], tmp_path: Path) -> None:
    files, layer = people
    with merging(files, tmp_path) as merge:
        before, edits = values_of(merge.project, layer), merge.project.edits()
        decisions = merge.decide(Side.MINE)
        decisions.popitem()
        with pytest.raises(InputError):
            merge.sitting.write(decisions, NoProgress())
        assert values_of(merge.project, layer) == before
        assert merge.project.edits() == edits


def test_a_project_that_changed_meanwhile_is_left_as_it_is(
    people: tuple[MergeFiles, str], tmp_path: Path
) -> None:
    files, layer = people
    with merging(files, tmp_path) as merge:
        merge.project.apply(Edit("改", (ChangeFeature(layer, uid_of(4), values={"name": "刚改"}),)))
        before, runs = values_of(merge.project, layer), merge.project.runs()
        with pytest.raises(StaleEditError):
            merge.write()
        assert values_of(merge.project, layer) == before
        assert merge.project.runs() == runs
        anew = begin(files, merge.project, tmp_path / "kept", NoProgress())
        result = anew.write(merge.decide(Side.THEIRS), NoProgress())
        anew.close()
        assert result.record is not None
        assert values_of(merge.project, layer)[uid_of(4)][1]["name"] == "刚改"


def test_decisions_are_found_again_as_long_as_they_hold(
    people: tuple[MergeFiles, str], tmp_path: Path
) -> None:
    files, layer = people
    with merging(files, tmp_path) as merge:
        merge.sitting.book.keep(merge.decide(Side.MINE))
    with merging(files, tmp_path) as again:
        assert again.sitting.decisions == again.decide(Side.MINE)
        again.project.apply(Edit("改", (ChangeFeature(layer, uid_of(0), values={"name": "又改"}),)))
    with merging(files, tmp_path) as after:
        assert set(after.decide(Side.MINE)) - set(after.sitting.decisions) == {f"{layer}/{uid_of(0)}/name"}


def test_a_copy_that_came_back_is_noted_and_its_decisions_are_forgotten(
    people: tuple[MergeFiles, str], tmp_path: Path
) -> None:
    from datetime import UTC, datetime

    files, _layer = people
    with merging(files, tmp_path) as merge:
        merge.sitting.book.keep(merge.decide(Side.MINE))
        merge.write()
        assert finish(merge.sitting, datetime(2026, 11, 23, tzinfo=UTC), open_to_write) is None
        assert not merge.sitting.book.path.exists()
    origin = read_origin(files.mine)
    assert origin is not None
    assert origin.handed_in == datetime(2026, 11, 23, tzinfo=UTC)


def test_a_merge_into_a_new_file_leaves_the_three_as_they_are(
    people: tuple[MergeFiles, str], tmp_path: Path
) -> None:
    files, layer = people
    contents = [path.read_bytes() for path in (files.base, files.mine, files.theirs)]
    sitting = begin(files, None, tmp_path / "kept", NoProgress())
    decisions = {
        question.key: Decision(Side.BASE) for one in sitting.plan.conflicts for question in one.questions
    }
    out = tmp_path / "合并.gpkg"
    sitting.write_to(out, decisions, NoProgress())
    with pytest.raises(ProjectFileError):
        sitting.write_to(out, decisions, NoProgress())
    sitting.close()
    assert [path.read_bytes() for path in (files.base, files.mine, files.theirs)] == contents
    with Project.open(out) as merged, Project.open(files.base, read_only=True) as base:
        states = values_of(merged, layer)
        known = values_of(base, layer)
        for number in (0, 1, 2, 3, 4, 6, 7, 8, 9):
            shape, values = known[uid_of(number)]
            found = states[uid_of(number)]
            assert found[0] == shape
            assert {name: found[1][name] for name in FIELDS} == {name: values[name] for name in FIELDS}
        # theirs had moved the boundary of 2 and 3: what is moved back is measured, 20 m x 20 m
        assert states[uid_of(3)][1]["survey_area_m2"] == pytest.approx(400, rel=1e-3)
        assert states.keys() == known.keys()
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".gpkg") == ["copies"]


def test_what_another_program_changed_is_found_by_comparing_all(
    people: tuple[MergeFiles, str], tmp_path: Path
) -> None:
    files, layer = people
    connection = apsw.Connection(str(files.mine))
    register_functions(connection)
    ((table,),) = connection.execute("SELECT table_name FROM zs_layers")
    change = "UPDATE {table} SET name = '别的程序' WHERE zs_uid = ?"
    connection.execute(change.format(table=quoted(table)), (uid_of(4),))
    connection.close()
    with merging(files, tmp_path) as merge:
        assert uid_of(4) in {one.zs_uid for one in merge.sitting.plan.merged}
        assert len(merge.sitting.plan.conflicts) == 5
        merge.write()
        assert values_of(merge.project, layer)[uid_of(4)][1]["name"] == "别的程序"


@pytest.mark.parametrize("journal", [True, False])
def test_journal_and_comparison_find_the_same(
    people: tuple[MergeFiles, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, journal: bool
) -> None:
    if not journal:
        monkeypatch.setattr(Project, "changes_since", lambda *_arguments: None)
    else:
        monkeypatch.setattr(Project, "fingerprints", None)  # nobody asks for them
    with merging(people[0], tmp_path) as merge:
        assert len(merge.sitting.plan.conflicts) == 5
        assert [one.zs_uid for one in merge.sitting.plan.merged] == [uid_of(5), uid_of(10), uid_of(11)]


def test_files_of_different_projects_are_refused(people: tuple[MergeFiles, str], tmp_path: Path) -> None:
    make_base(tmp_path / "别的.gpkg", world(2, 2))
    with pytest.raises(InputError):
        begin(replace(people[0], base=tmp_path / "别的.gpkg"), None, tmp_path, NoProgress())


def test_layers_columns_looks_and_settings_merge_each_by_itself(tmp_path: Path) -> None:
    layer = make_base(tmp_path / "p.gpkg", world(2, 2))
    files = make_copy(tmp_path / "p.gpkg", tmp_path / "copies")
    with Project.open(files.mine) as mine:
        note = ColumnValues("note", FieldType.TEXT, {uid_of(1): "外业"}, "备注")
        mine.write_columns(layer.uid, [note], {}, title="备注")
        frame = mine.read(layer.uid).iloc[:1].reset_index(drop=True)
        added = mine.add_layer(NewLayer("新图层", "zones", mine.crs), frame[["geometry"]])
        mine.update_layer(layer.uid, name="图斑（外业）", opacity=0.5)
        mine.set_setting("area_basis", {"land_use": "planar"})
        mine.set_setting("bureau", "甲")
        run = mine.record_run({"capability": "stock", "started": "2026-11-21"})
    with Project.open(files.theirs) as theirs:
        theirs.add_layer(NewLayer("新图层", "zones", theirs.crs), frame[["geometry"]])
        theirs.update_layer(layer.uid, opacity=0.7, secrecy="内部")
        theirs.set_setting("area_basis", {"towns": "planar"})
        theirs.set_setting("bureau", "乙")
    with merging(files, tmp_path) as merge:
        assert [(one.kinds, one.questions[0].name) for one in merge.sitting.plan.conflicts] == [
            ((ConflictKind.LOOK,), "opacity"),
            ((ConflictKind.SETTING,), "bureau"),
        ]
        result = merge.write(Side.MINE)
        project = merge.project
        info = project.layer(layer.uid)
        assert (info.name, info.opacity, info.secrecy) == ("图斑（外业）", 0.5, "内部")
        assert project.setting("area_basis") == {"land_use": "planar", "towns": "planar"}
        assert project.setting("bureau") == "甲"
        assert [one["capability"] for one in project.runs()] == ["stock", "merge"]
        assert project.runs()[0]["uid"] == run
        assert result.renamed == {"新图层": "新图层 (2)"}
        assert project.layer(added.uid).name == "新图层 (2)"
        (state,) = project.states(added.uid)
        assert state.geometry.equals(frame.geometry[0])
        notes = {one.zs_uid: one.values["note"] for one in project.states(layer.uid)}
        assert notes == {uid_of(0): None, uid_of(1): "外业", uid_of(2): None, uid_of(3): None}


@pytest.mark.parametrize("side", [Side.MINE, Side.THEIRS])
def test_a_layer_removed_here_and_edited_there_is_asked(tmp_path: Path, side: Side) -> None:
    layer = make_base(tmp_path / "p.gpkg", world(2, 1))
    files = make_copy(tmp_path / "p.gpkg", tmp_path / "copies")
    edit_file(files.mine, MINE, Edit("改", (ChangeFeature(layer.uid, uid_of(0), values={"name": "改"}),)))
    with Project.open(files.theirs) as theirs:
        theirs.remove_layer(layer.uid)
    with merging(files, tmp_path) as merge:
        (conflict,) = merge.sitting.plan.conflicts
        assert conflict.kinds == (ConflictKind.LAYER,)
        merge.write(side)
        uids = [info.uid for info in merge.project.layers()]
        assert uids == ([layer.uid] if side is Side.MINE else [])
        if side is Side.MINE:
            assert values_of(merge.project, layer.uid)[uid_of(0)][1]["name"] == "改"


def test_a_layer_that_only_one_side_removed_goes(tmp_path: Path) -> None:
    layer = make_base(tmp_path / "p.gpkg", world(2, 1))
    files = make_copy(tmp_path / "p.gpkg", tmp_path / "copies")
    with Project.open(files.mine) as mine:
        mine.remove_layer(layer.uid)
    with merging(files, tmp_path) as merge:
        assert merge.sitting.plan.conflicts == ()
        merge.write()
        assert merge.project.layers() == ()


def test_two_processes_edit_apart_and_come_together(tmp_path: Path) -> None:
    parcels = world(4, 3)
    layer = make_base(tmp_path / "p.gpkg", parcels)
    files = make_copy(tmp_path / "p.gpkg", tmp_path / "copies")
    root = Path(__file__).resolve().parents[3]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.merge_histories", str(path), layer.uid]
            + [str(number) for number in (4, 3, first, seed, 12)],
            cwd=root,
        )
        for path, first, seed in ((files.mine, 10_000, 7), (files.theirs, 20_000, 8))
    ]
    assert [process.wait(timeout=120) for process in started] == [0, 0]
    # the same chance again: what the hands did, without any file
    hands = []
    for first, seed in ((10_000, 7), (20_000, 8)):
        hand = Hand(world(4, 3), chance_of(seed), layer.uid, first)
        list(hand.edits(12))
        hands.append(hand)
    _check_against_oracle(files, layer.uid, hands, tmp_path, 7)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_random_histories_of_real_files(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("histories")
    layer = make_base(folder / "p.gpkg", world(4, 3))
    files = make_copy(folder / "p.gpkg", folder / "copies")
    hands = []
    for path, first in ((files.mine, 10_000), (files.theirs, 20_000)):
        hand = Hand(world(4, 3), chance_of(seed + first), layer.uid, first)
        edit_file(path, MINE, *hand.edits(8))
        hands.append(hand)
    _check_against_oracle(files, layer.uid, hands, folder, seed)


def _check_against_oracle(files: MergeFiles, layer: str, hands: list[Hand], folder: Path, seed: int) -> None:
    """Hold conflicts against the oracle, decide them by chance, and look what stands in the file then."""
    mine, theirs = hands
    chance = chance_of(seed)
    with merging(files, folder) as merge:
        plan = merge.sitting.plan
        verdict = judge(
            world(4, 3), mine.parcels, theirs.parcels, [hand.families for hand in hands], partition=True
        )
        assert found_in(plan.conflicts) == verdict
        side = chance.choice((Side.MINE, Side.THEIRS))
        merge.write(side)
        found = {one.zs_uid: one for one in merge.project.states(layer)}
    chosen = mine.parcels if side is Side.MINE else theirs.parcels
    for uid in verdict.shaped:
        assert (uid in found) == (uid in chosen)
        if uid in chosen:
            assert found[uid].geometry.equals(shape_of(chosen[uid].cells))
    for uid in {*mine.parcels, *theirs.parcels} - verdict.shaped:
        gone = uid in world(4, 3) and not (uid in mine.parcels and uid in theirs.parcels)
        assert (uid in found) != gone
        if gone:
            continue
        for name in FIELDS:
            if (uid, name) in verdict.values:
                wanted = chosen[uid].values[name]
            else:
                wanted = _three_way(world(4, 3), mine.parcels, theirs.parcels, uid, name)
            assert found[uid].values[name] == wanted


def _three_way(base: Any, mine: Any, theirs: Any, uid: str, name: str) -> Any:
    known = [side[uid].values[name] for side in (mine, theirs) if uid in side]
    old = base[uid].values[name] if uid in base else None
    return next((value for value in known if value != old), old)


def test_sources_are_let_go_when_a_merge_cannot_begin(tmp_path: Path) -> None:
    make_base(tmp_path / "p.gpkg", world(2, 1))
    with ExitStack() as stack:
        project = stack.enter_context(Project.open(tmp_path / "p.gpkg"))
        with pytest.raises(ProjectFileError):
            begin(
                MergeFiles(tmp_path / "fehlt.gpkg", tmp_path / "p.gpkg", tmp_path / "p.gpkg"),
                project,
                tmp_path,
                NoProgress(),
            )
