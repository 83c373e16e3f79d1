"""Copies of a project: whole and proven, kept by a rule, taken back without loss."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_samples import CRS, add_parcels, new_project, parcels

from layers.edits import ChangeFeature, Edit
from layers.errors import InputError, JobCancelled, ProjectFileError, SecrecyError
from layers.progress import NoProgress
from layers.store import NewLayer, Project
from layers.store.backups import (
    BackupCopy,
    BackupRule,
    BackupShelf,
    CopyKind,
    Summary,
    prove_copy,
    superfluous,
    usual_rule,
)
from layers.store.backups import copying as copying_module
from layers.store.backups import restoring as restoring_module
from layers.store.backups.index import INDEX_NAME
from layers.store.backups.places import BackupPlace
from layers.store.backups.restoring import save_as_project

NOON = datetime(2026, 11, 23, 12, 0, 0).astimezone()


def _shelf(project: Project, place: BackupPlace | None = None) -> BackupShelf:
    return project.copies.shelf(place or BackupPlace())


def _take(project: Project, kind: CopyKind = CopyKind.BY_HAND, moment: datetime = NOON) -> BackupCopy:
    return project.copies.back_up(_shelf(project), kind, "移除图层", moment)


def test_a_copy_is_a_whole_project_with_a_name_that_says_when_and_why(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project, 500)
        copy = _take(project, CopyKind.RISKY)
        assert copy.path == tmp_path / "工程.备份" / "工程_20261123-120000_操作前.gpkg"
        assert copy.reason == "移除图层"
        with Project.open(copy.path, read_only=True) as other:
            assert other.uid == project.uid
            assert other.content_hash(info.uid) == project.content_hash(info.uid)
            assert other.journal() == project.journal()
        connection = sqlite3.connect(copy.path)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
        # a second one in the same second gets a name of its own
        assert _take(project, CopyKind.RISKY).path.name == "工程_20261123-120000-2_操作前.gpkg"


def test_edits_go_on_while_a_copy_is_taken_and_are_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying_module, "_PAGES_A_STEP", 10)
    with new_project(tmp_path) as project:
        add_parcels(project, 1500)
        done: list[int] = []

        class Writer:
            def step(self, share: float, text: str = "") -> None:
                if text == "" and len(done) < 5 and share > 0.1:
                    # another thread, as in the window: it gets its turn between two steps
                    thread = threading.Thread(target=project.set_setting, args=("edited", len(done)))
                    thread.start()
                    thread.join(10)
                    assert not thread.is_alive()
                    done.append(1)

        copy = project.copies.back_up(_shelf(project), CopyKind.DAILY, "", NOON, Writer())
        assert len(done) == 5
        with Project.open(copy.path, read_only=True) as other:
            assert other.setting("edited") == 4
        assert copy.summary == project.copies.summary()


def test_a_copy_ends_although_another_program_writes_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying_module, "_PAGES_A_STEP", 5)
    with new_project(tmp_path) as project:
        add_parcels(project, 300)
        other = sqlite3.connect(project.path, isolation_level=None)
        times = 0

        class OtherProgram:
            def step(self, _share: float, _text: str = "") -> None:
                nonlocal times
                times += 1
                other.execute("UPDATE zs_settings SET value = ? WHERE key = 'project.title'", (f'"{times}"',))

        copy = project.copies.back_up(_shelf(project), CopyKind.DAILY, "", NOON, OtherProgram())
        other.close()
        assert copy.summary is not None
        assert times < 40
        assert prove_copy(copy.path, NoProgress()) == copy.summary


def test_what_is_cancelled_or_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying_module, "_PAGES_A_STEP", 10)
    with new_project(tmp_path) as project:
        add_parcels(project, 500)

        class Stop:
            def step(self, share: float, _text: str = "") -> None:
                if share > 0.2:
                    raise JobCancelled

        with pytest.raises(JobCancelled):
            project.copies.back_up(_shelf(project), CopyKind.DAILY, "", NOON, Stop())
        full = shutil.disk_usage(tmp_path)._replace(free=10_000_000)
        with monkeypatch.context() as disk:
            disk.setattr(shutil, "disk_usage", lambda _path: full)
            with pytest.raises(ProjectFileError, match="10"):
                _take(project)
        assert list((tmp_path / "工程.备份").iterdir()) == []
        assert _shelf(project).copies() == ()


def test_a_copy_that_does_not_hold_what_was_copied_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project, 50)
        prove = copying_module.prove_copy

        def tamper(path: Path, progress: NoProgress) -> Summary:
            connection = sqlite3.connect(path)
            connection.create_function("ST_IsEmpty", 1, lambda _blob: 0)
            connection.execute("UPDATE zs_settings SET value = '\"x\"' WHERE key = 'project.title'")
            connection.commit()
            connection.close()
            return prove(path, progress)

        monkeypatch.setattr(copying_module, "prove_copy", tamper)
        with pytest.raises(ProjectFileError, match="校验"):
            _take(project)
        assert _shelf(project).copies() == ()


def test_copies_are_listed_without_the_list_and_a_broken_one_is_told(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project)
        first = _take(project, CopyKind.DAILY)
        second = _take(project, CopyKind.RISKY, NOON + timedelta(hours=1))
        assert _shelf(project).copies() == (second, first)
        index = first.path.parent / INDEX_NAME
        said = json.loads(index.read_text(encoding="utf-8"))["copies"][second.path.name]
        assert (said["reason"], said["summary"]["layers"][0]["features"]) == ("移除图层", 3)
        index.unlink()
        again = _shelf(project).copies()
        assert [copy.path for copy in again] == [second.path, first.path]
        assert [(copy.kind, copy.taken, copy.summary) for copy in again] == [
            (copy.kind, copy.taken, copy.summary) for copy in (second, first)
        ]
        data = bytearray(second.path.read_bytes())
        data[:100] = bytes(100)
        second.path.write_bytes(data)
        broken, good = _shelf(project).copies()
        assert (broken.path, broken.good, good.good) == (second.path, False, True)
        (first.path.parent / "别的.gpkg").write_bytes(b"not ours")
        assert len(_shelf(project).copies()) == 2


def test_copies_of_another_project_of_the_same_name_are_left_alone(tmp_path: Path) -> None:
    chosen = BackupPlace(tmp_path / "备份盘")
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
    with new_project(tmp_path / "甲") as one, new_project(tmp_path / "乙") as two:
        for project in (one, two):
            add_parcels(project)
            project.copies.back_up(_shelf(project, chosen), CopyKind.RISKY, "", NOON)
        assert len(list((tmp_path / "备份盘" / "工程.备份").glob("*.gpkg"))) == 2
        for project in (one, two):
            (copy,) = _shelf(project, chosen).copies()
            assert copy.summary is not None
            assert copy.summary.uid == project.uid


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs rights as POSIX has them")
def test_a_copy_has_the_rights_of_the_project(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project)
        project.path.chmod(0o640)
        assert stat.S_IMODE(_take(project).path.stat().st_mode) == 0o640


def test_where_the_folder_cannot_be_written_the_copy_goes_to_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project)
        (tmp_path / "工程.备份").write_text("a file is in the way", encoding="utf-8")
        copy = _take(project)
        assert copy.path.is_relative_to(os.environ["XDG_DATA_HOME"])
        assert _shelf(project).copies() == (copy,)


def test_secret_layers_stay_beside_the_project_or_where_they_are_allowed(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.add_layer(NewLayer("涉密", "land_use", CRS, secrecy="秘密★10年"), parcels())
        chosen = tmp_path / "网盘"
        copy = project.copies.back_up(_shelf(project, BackupPlace(chosen)), CopyKind.RISKY, "", NOON)
        assert copy.path.parent == tmp_path / "工程.备份"
        assert copy.summary is not None
        assert copy.summary.secrecy == "秘密★10年"
        allowed = BackupPlace(chosen, secret_allowed=True)
        copy = project.copies.back_up(_shelf(project, allowed), CopyKind.RISKY, "", NOON)
        assert copy.path.parent == chosen / "工程.备份"
        shutil.rmtree(tmp_path / "工程.备份")
        (tmp_path / "工程.备份").write_text("a file is in the way", encoding="utf-8")
        with pytest.raises(SecrecyError):
            project.copies.back_up(_shelf(project), CopyKind.RISKY, "", NOON)


def test_going_back_to_a_copy_gives_its_content_and_keeps_file_and_lock(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project, 200)
        hash_then, journal_then = project.content_hash(info.uid), project.journal()
        copy = _take(project)
        later = add_parcels(project, 50, name="后来的")
        project.remove_layer(info.uid)
        inode = project.path.stat().st_ino
        project.copies.replace_by(copy.path)
        (back,) = project.layers()
        assert (back.uid, back.name) == (info.uid, info.name)
        assert project.content_hash(info.uid) == hash_then
        # what was drawn from any earlier state is not taken for this one
        assert back.version > max(info.version, later.version)
        assert project.journal()[: len(journal_then)] == journal_then
        assert project.path.stat().st_ino == inode
        project.set_setting("still", "writable")
    with Project.open(tmp_path / "工程.gpkg") as project:
        assert project.setting("still") == "writable"
        assert project.layer(info.uid).feature_count == 200


def test_a_restoring_that_is_stopped_leaves_the_project_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring_module, "_PAGES_A_STEP", 10)
    with new_project(tmp_path) as project:
        info = add_parcels(project, 3000)
        copy = _take(project)
        project.remove_layer(info.uid)
        journal = project.journal()

        class Stop:
            def step(self, share: float, _text: str = "") -> None:
                if share > 0.5:
                    raise JobCancelled

        with pytest.raises(JobCancelled):
            project.copies.replace_by(copy.path, Stop())
        assert project.layers() == ()
        assert project.journal() == journal
        project.set_setting("still", "writable")
    connection = sqlite3.connect(tmp_path / "工程.gpkg")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_a_copy_of_another_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "乙").mkdir()
    with new_project(tmp_path) as project, new_project(tmp_path / "乙") as other:
        info = add_parcels(project)
        add_parcels(other)
        copy = _take(other)
        with pytest.raises(InputError, match="另一个"):
            project.copies.replace_by(copy.path)
        assert project.layer(info.uid).feature_count == 3


def test_a_removed_layer_comes_back_as_itself_and_one_that_is_there_beside_it(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project, 20)
        was, uids = project.content_hash(info.uid), sorted(project.read(info.uid).index)
        copy = _take(project)
        project.remove_layer(info.uid)
        (back,) = project.copies.bring_layers_back(copy.path, [info.uid])
        assert (back.uid, back.name, back.style) == (info.uid, info.name, info.style)
        assert back.version > info.version
        assert project.content_hash(info.uid) == was
        frame = project.read(info.uid, columns=["zs_version"])
        assert sorted(frame.index) == uids
        assert set(frame["zs_version"]) == {2}
        (second,) = project.copies.bring_layers_back(copy.path, [info.uid])
        assert (second.name, second.uid != info.uid) == ("土地利用现状图斑（备份）", True)
        assert not set(project.read(second.uid).index) & set(uids)
        assert project.content_hash(second.uid) == was
        with pytest.raises(InputError):
            project.copies.bring_layers_back(copy.path, ["nowhere"])


def test_a_layer_that_is_back_repeats_no_version_and_owns_up_to_what_its_history_lacks(
    tmp_path: Path,
) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project)
        uid = project.states(info.uid)[0].zs_uid
        copy = _take(project)
        for name in ("甲", "乙", "丙"):
            project.apply(Edit("改名", (ChangeFeature(info.uid, uid, values={"name": name}),)))
        had = project.states(info.uid, [uid])[0].version
        project.remove_layer(info.uid)
        project.copies.bring_layers_back(copy.path, [info.uid])
        (state,) = project.states(info.uid, [uid])
        assert state.values["name"] == "图斑1"
        assert state.version > had
        # no edit left it as it stands now
        assert [version.certain for version in project.history(info.uid, uid)] == [False] * 4


def test_a_copy_becomes_a_project_of_its_own(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project)
        copy = _take(project)
        save_as_project(copy.path, tmp_path / "另存.gpkg", NoProgress())
        with Project.open(tmp_path / "另存.gpkg") as other:
            assert other.uid != project.uid
            assert other.title == "另存"
            assert other.content_hash(info.uid) == project.content_hash(info.uid)
        with pytest.raises(ProjectFileError):
            save_as_project(copy.path, tmp_path / "另存.gpkg", NoProgress())


RULE = BackupRule(risky_kept=2, daily_kept=3, weekly_kept=2, size_limit_mb=0, many_features=1000)
GOOD = Summary("u", "", 2, (), "")


def _made(days_ago: float, kind: CopyKind, *, good: bool = True, size: int = 1) -> BackupCopy:
    taken = NOON - timedelta(days=days_ago)
    return BackupCopy(Path(f"{days_ago}-{kind.name}"), taken, kind, "", size, GOOD if good else None)


def _gone(copies: list[BackupCopy], rule: BackupRule = RULE) -> list[str]:
    return [str(copy.path) for copy in superfluous(copies, rule)]


def test_the_last_risky_ones_are_kept() -> None:
    assert _gone([_made(number, CopyKind.RISKY) for number in range(4)]) == ["3-RISKY", "2-RISKY"]


def test_of_daily_ones_the_last_days_are_kept_and_one_of_each_week_before() -> None:
    # noon on Monday 2026-11-23; three days kept: 23, 22, 21. Before: 20, 19 (week 47), 15 (46), 13, 8 (45)
    days = (0, 0.1, 1, 2, 3, 4, 8, 10, 15)
    gone = _gone([_made(day, CopyKind.DAILY) for day in days])
    # the second of the 23rd; the 19th, as week 47 has the 20th; the 13th, as week 46 has the 15th; week 45
    assert gone == ["15-DAILY", "10-DAILY", "4-DAILY", "0.1-DAILY"]


def test_what_was_made_by_hand_and_what_cannot_be_read_stays() -> None:
    copies = [
        _made(0, CopyKind.DAILY),
        *(_made(day, CopyKind.BY_HAND) for day in range(100, 110)),
        *(_made(day, CopyKind.RISKY, good=False) for day in range(5)),
    ]
    assert _gone(copies) == []


def test_over_the_limit_the_oldest_goes_first_but_never_the_last_good_one() -> None:
    rule = RULE.model_copy(update={"size_limit_mb": 1})
    big = 700 * 1024
    copies = [_made(0, CopyKind.DAILY, size=big), _made(1, CopyKind.RISKY, size=big)]
    assert _gone(copies, rule) == ["1-RISKY"]
    assert _gone([_made(0, CopyKind.DAILY, size=9 * big)], rule) == []


@given(
    st.lists(
        st.tuples(
            st.integers(0, 24 * 400), st.sampled_from(CopyKind), st.booleans(), st.integers(0, 3 * 1024**2)
        ),
        max_size=40,
    ),
    st.integers(0, 5),
)
def test_whatever_lies_there_the_latest_good_copy_stays_and_tidying_twice_is_tidying_once(
    given_copies: list[tuple[int, CopyKind, bool, int]], limit: int
) -> None:
    copies = [
        BackupCopy(Path(str(number)), NOON - timedelta(hours=hours), kind, "", size, GOOD if good else None)
        for number, (hours, kind, good, size) in enumerate(given_copies)
    ]
    rule = RULE.model_copy(update={"size_limit_mb": limit})
    gone = set(superfluous(copies, rule))
    kept = [copy for copy in copies if copy not in gone]
    good = [copy for copy in copies if copy.good]
    if good:
        assert max(copy.taken for copy in good) in {copy.taken for copy in kept if copy.good}
    assert all(copy.good and copy.kind is not CopyKind.BY_HAND for copy in gone)
    assert superfluous(kept, rule) == ()


def test_the_usual_rule_is_data(tmp_path: Path) -> None:
    rule = usual_rule()
    assert (rule.risky_kept, rule.daily_kept, rule.weekly_kept) == (10, 14, 8)
    with new_project(tmp_path) as project:
        add_parcels(project)
        for hour in range(rule.risky_kept + 2):
            _take(project, CopyKind.RISKY, NOON + timedelta(hours=hour))
        gone = _shelf(project).tidy(rule)
        assert [copy.taken for copy in gone] == [NOON, NOON + timedelta(hours=1)]
        assert not any(copy.path.exists() for copy in gone)
        assert len(_shelf(project).copies()) == rule.risky_kept
