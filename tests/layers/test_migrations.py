"""Files of older and newer formats: brought up to date without loss, or shown and left alone."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pyogrio
import pytest
from store_samples import add_parcels, new_project

from layers.errors import InputError, ProjectFileError
from layers.store import Project
from layers.store.backups import summary_of
from layers.store.schema import FORMAT_VERSION

FIXTURES = Path(__file__).parent.parent / "fixtures" / "projects"
OLD = sorted(FIXTURES.glob("format_*.gpkg"))


def _content(path: Path) -> dict[str, object]:
    """Return what an officer would miss, read without the program."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    layers = connection.execute(
        "SELECT uid, table_name, name, kind, crs, standard, style FROM zs_layers"
    ).fetchall()
    found: dict[str, object] = {
        "layers": layers,
        "settings": connection.execute(
            "SELECT key, value FROM zs_settings WHERE key <> 'project.format' ORDER BY key"
        ).fetchall(),
        "journal": connection.execute(
            "SELECT id, time, who, action, layer_uid, feature_uid, before, after FROM zs_journal ORDER BY id"
        ).fetchall(),
        "retired": connection.execute("SELECT zs_uid FROM zs_retired ORDER BY id").fetchall(),
    }
    connection.close()
    for _uid, table, *_rest in layers:
        frame = pyogrio.read_dataframe(path, layer=table, fid_as_index=True)
        found[table] = frame.to_wkb().to_csv()
    return found


@pytest.fixture(params=OLD, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of a project of an older format."""
    return Path(shutil.copy(request.param, tmp_path / "旧工程.gpkg"))


def _copies(path: Path) -> list[Path]:
    return sorted(path.with_name(f"{path.stem}.备份").glob("*.gpkg"))


def test_there_is_a_fixture_of_every_older_format() -> None:
    assert [path.stem for path in OLD] == [f"format_{number}" for number in range(1, FORMAT_VERSION)]


def test_an_older_project_keeps_its_content_and_a_copy_of_its_former_self(old: Path) -> None:
    before, bytes_before = _content(old), old.read_bytes()
    with Project.open(old) as project:
        assert project.setting("project.format") == FORMAT_VERSION
        assert not project.read_only
        assert all(len(project.read(info.uid)) == info.feature_count for info in project.layers())
        assert project.journal()
    assert _content(old) == before
    (copy,) = _copies(old)
    assert "操作前" in copy.name
    assert _content(copy) == before
    assert summary_of(copy).format < FORMAT_VERSION
    assert old.read_bytes() != bytes_before
    with Project.open(old) as project:
        assert project.setting("project.format") == FORMAT_VERSION
    assert _copies(old) == [copy]


def test_an_older_project_that_may_only_be_read_is_shown_and_stays_as_it_is(old: Path) -> None:
    before = old.read_bytes()
    with Project.open(old, read_only=True) as project:
        assert project.read_only
        assert project.path == old
        assert project.setting("project.format") == FORMAT_VERSION
        assert all(len(project.read(info.uid)) == info.feature_count for info in project.layers())
        assert project.edits() == ()
        with pytest.raises(ProjectFileError):
            project.set_setting("a", 1)
    assert old.read_bytes() == before
    assert [each.name for each in old.parent.iterdir()] == [old.name]


def test_what_another_program_adds_to_an_older_project_is_noticed(old: Path) -> None:
    with Project.open(old) as project:
        before = project.layer("土地利用现状")
    with sqlite3.connect(old) as other:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            other.create_function(name, 1, lambda _blob: 0)
        other.execute("INSERT INTO 现状图斑 (geom) VALUES (NULL)")
    other.close()
    with Project.open(old) as project:
        after = project.layer(before.uid)
        assert (after.version, after.feature_count) == (before.version + 1, before.feature_count + 1)
        assert project.changes_since(before.uid, before.version) is None


def test_nothing_goes_back_past_columns_that_the_first_format_wrote(tmp_path: Path) -> None:
    path = Path(shutil.copy(FIXTURES / "format_1.gpkg", tmp_path / "旧工程.gpkg"))
    with Project.open(path) as project:
        (entry,) = [entry for entry in project.journal() if entry["action"] == "write_columns"]
        written = datetime.fromisoformat(entry["time"])
        with pytest.raises(InputError, match="旧版程序"):
            project.restore(written - timedelta(milliseconds=1))
        assert project.restore(written) is None


_DIE = """
import os, signal, sys
import layers.store.migrations as migrations
from layers.store import Project

step = migrations._STEPS[int(sys.argv[2])]

def die(connection):
    connection.execute("PRAGMA cache_size = 2")
    step(connection)
    # pages beyond the cache have gone into the file by now, and its journal lies beside it
    connection.execute("CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                       " WHERE i < 20000) SELECT i, hex(randomblob(20)) FROM n")
    os.kill(os.getpid(), signal.SIGKILL)

migrations._STEPS = {int(sys.argv[2]): die}
Project.open(sys.argv[1])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system that can kill outright")
def test_a_migration_that_is_killed_leaves_the_old_file(old: Path) -> None:
    before = _content(old)
    written = summary_of(old).format
    done = subprocess.run([sys.executable, "-c", _DIE, old, str(written)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert old.with_name(f"{old.name}-journal").exists()
    with Project.open(old) as project:
        assert project.setting("project.format") == FORMAT_VERSION
    assert _content(old) == before
    assert summary_of(_copies(old)[0]).format == written
    connection = sqlite3.connect(old)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'filler'").fetchone() == (0,)
    connection.close()


def test_an_older_project_of_which_no_copy_can_be_taken_is_not_changed(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = old.read_bytes()
    full = shutil.disk_usage(old)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    with pytest.raises(ProjectFileError, match=r"备份|空间"):
        Project.open(old)
    assert old.read_bytes() == before


def test_a_newer_project_is_shown_and_left_alone(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project)
        project.set_setting("project.format", FORMAT_VERSION + 1)
        with project._database.writing() as connection:
            connection.execute("CREATE TABLE zs_something_new (a)")
            connection.execute("ALTER TABLE zs_layers ADD COLUMN mood TEXT")
    before = (tmp_path / "工程.gpkg").read_bytes()
    with Project.open(tmp_path / "工程.gpkg") as project:
        assert project.read_only
        assert project.newer_format == FORMAT_VERSION + 1
        assert len(project.read(info.uid)) == 3
        with pytest.raises(ProjectFileError):
            project.remove_layer(info.uid)
    assert (tmp_path / "工程.gpkg").read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["工程.gpkg"]
