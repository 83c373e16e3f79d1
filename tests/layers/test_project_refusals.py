"""A file that is no project, or cannot be used now, is refused in one clear sentence."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from store_samples import CRS, add_parcels, new_project, parcels

from layers.errors import CrsError, ProjectFileError
from layers.store import NewLayer, Project


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectFileError, match=r"没有\.gpkg|没有"):
        Project.open(tmp_path / "没有.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_a_text_file_renamed_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "假.gpkg"
    file.write_text("这不是数据库" * 200, encoding="utf-8")
    before = file.read_bytes()
    with pytest.raises(ProjectFileError, match="GeoPackage"):
        Project.open(file)
    assert file.read_bytes() == before


def test_a_database_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "库.gpkg"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    with pytest.raises(ProjectFileError, match="GeoPackage"):
        Project.open(file)


def test_an_ordinary_geopackage_is_refused_with_the_hint_to_import_it(tmp_path: Path) -> None:
    file = tmp_path / "别人的.gpkg"
    parcels().to_file(file, layer="图斑")
    with pytest.raises(ProjectFileError) as caught:
        Project.open(file)
    assert "导入" in caught.value.remedy


def test_a_project_of_a_much_newer_program_is_refused_unchanged(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        project.set_setting("project.format", 99)
        with project._database.writing() as connection:
            connection.execute("ALTER TABLE zs_layers RENAME COLUMN opacity TO transparency")
    before = (tmp_path / "工程.gpkg").read_bytes()
    with pytest.raises(ProjectFileError, match="99"):
        Project.open(tmp_path / "工程.gpkg")
    assert (tmp_path / "工程.gpkg").read_bytes() == before


def test_a_damaged_project_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "工程.gpkg"
    with new_project(tmp_path) as project:
        add_parcels(project, 500)
    data = bytearray(file.read_bytes())
    data[4096:20480] = os.urandom(16384)
    file.write_bytes(data)
    with pytest.raises(ProjectFileError), Project.open(file) as project:
        project.layers()


def test_a_new_project_never_replaces_a_file(tmp_path: Path) -> None:
    file = tmp_path / "工程.gpkg"
    file.write_bytes(b"mine")
    with pytest.raises(ProjectFileError):
        Project.create(file, CRS)
    assert file.read_bytes() == b"mine"
    with pytest.raises(ProjectFileError):
        Project.create(tmp_path / "工程.mdb", CRS)
    with pytest.raises(ProjectFileError):
        Project.create(tmp_path / "没有此夹" / "工程.gpkg", CRS)
    with pytest.raises(CrsError):
        Project.create(tmp_path / "新.gpkg", 999999)
    assert [each.name for each in tmp_path.iterdir()] == ["工程.gpkg"]


def test_a_project_opened_for_reading_is_not_written(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        uid = add_parcels(project).uid
    before = (tmp_path / "工程.gpkg").read_bytes()
    with Project.open(tmp_path / "工程.gpkg", read_only=True) as project:
        assert project.read_only
        assert len(project.read(uid)) == 3
        for change in (
            lambda: project.set_setting("a", 1),
            lambda: project.remove_layer(uid),
            lambda: project.record_run({}),
            lambda: project.add_layer(NewLayer("新", "land_use", CRS), parcels()),
        ):
            with pytest.raises(ProjectFileError):
                change()
    assert (tmp_path / "工程.gpkg").read_bytes() == before


_AS_NOBODY = """
import json, os, sys
import geopandas, layers.classification, babel.messages.pofile
from layers.store import Project
os.setgid(65534)
os.setuid(65534)
with Project.open(sys.argv[1]) as project:
    print(json.dumps([project.read_only, len(project.read("土地利用现状图斑"))]))
"""


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs root to act as another user")
@pytest.mark.parametrize("file_mode", [0o444, 0o666])
def test_a_folder_without_the_right_to_write_still_shows_the_project(
    open_folder: Path, file_mode: int
) -> None:
    with new_project(open_folder) as project:
        add_parcels(project)
    path = open_folder / "工程.gpkg"
    path.chmod(file_mode)
    said = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, path], capture_output=True, text=True, check=True
    )
    assert json.loads(said.stdout) == [True, 3]
    assert list(open_folder.iterdir()) == [path]


def test_a_project_another_program_is_writing_to_says_so(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project)
        other = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sqlite3, sys\n"
                "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
                "c.execute('BEGIN EXCLUSIVE')\n"
                "print('locked', flush=True)\n"
                "sys.stdin.read()\n",
                project.path,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        with pytest.raises(ProjectFileError, match="另一个程序"):
            project.set_setting("a", 1)
        other.communicate("")
        project.set_setting("a", 1)
        assert project.setting("a") == 1


def test_a_write_ahead_log_left_by_another_program_is_turned_off(tmp_path: Path) -> None:
    file = tmp_path / "工程.gpkg"
    with new_project(tmp_path) as project:
        add_parcels(project)
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    with Project.open(file) as project:
        assert project.layer("土地利用现状图斑").feature_count == 3
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()


def test_a_closed_project_says_so(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    project.close()
    project.close()
    with pytest.raises(ProjectFileError):
        project.layers()
