"""Power cuts, full disks and second writers: what was done stays done, what was not leaves no trace."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pyogrio
import pytest
from store_samples import CRS, add_parcels, new_project, parcels

from layers.errors import ProjectFileError
from layers.store import NewLayer, Project

_TRY_TO_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0.2, isolation_level=None)
try:
    connection.execute("BEGIN IMMEDIATE")
    print("got in")
except sqlite3.OperationalError as error:
    print(error)
"""


def _second_writer(file: Path) -> str:
    said = subprocess.run(
        [sys.executable, "-c", _TRY_TO_LOCK, file], capture_output=True, text=True, check=True
    )
    return said.stdout.strip()


def test_a_second_process_cannot_get_in_while_a_layer_is_written(tmp_path: Path) -> None:
    other = tmp_path / "别的文件.gpkg"
    parcels(5).to_file(other, layer="图斑")
    seen: list[str] = []

    class Intruder:
        def step(self, done: float, _text: str = "") -> None:
            if 0.0 < done < 1.0:
                # GDAL carries its own SQLite; what it closes must not take our lock with it
                assert len(pyogrio.read_dataframe(other)) == 5
                seen.append(_second_writer(tmp_path / "工程.gpkg"))

    with new_project(tmp_path) as project:
        project.add_layer(NewLayer("图斑", "land_use", CRS), parcels(5000), Intruder())
        assert seen == ["database is locked"] * 2
        assert project.layer("图斑").feature_count == 5000
        assert _second_writer(project.path) == "got in"


def test_a_project_open_twice_in_one_program_keeps_its_lock_when_one_closes(tmp_path: Path) -> None:
    seen: list[str] = []

    class Closer:
        def step(self, done: float, _text: str = "") -> None:
            if 0.0 < done < 1.0:
                Project.open(tmp_path / "工程.gpkg", read_only=True).close()
                seen.append(_second_writer(tmp_path / "工程.gpkg"))

    with new_project(tmp_path) as project:
        project.add_layer(NewLayer("图斑", "land_use", CRS), parcels(3000), Closer())
    assert seen == ["database is locked"]


_DIE = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from store_samples import CRS, parcels
from layers.store import NewLayer, Project

class Die:
    def step(self, done, text=""):
        # pages have been spilled to the file by then: the rollback journal has to undo them
        if done >= float(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)

project = Project.open(sys.argv[1])
with project._database.writing() as connection:
    connection.execute("PRAGMA cache_size = 20")
project.add_layer(NewLayer("半个", "land_use", CRS), parcels(20000), Die())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system that can kill outright")
@pytest.mark.parametrize("share", ["0.1", "0.9", "1.0"])
def test_a_program_killed_while_it_adds_a_layer_leaves_the_project_as_it_was(
    tmp_path: Path, share: str
) -> None:
    file = tmp_path / "工程.gpkg"
    with new_project(tmp_path) as project:
        uid = add_parcels(project).uid
        fingerprint = project.content_hash(uid)
        journal = project.journal()
    before = file.stat().st_size
    done = subprocess.run([sys.executable, "-c", _DIE, file, Path(__file__).parent, share], check=False)
    assert done.returncode == -signal.SIGKILL
    # the kill fell into the transaction: the file had grown and its journal lies beside it
    assert file.stat().st_size > before
    assert (tmp_path / "工程.gpkg-journal").exists()
    with Project.open(file) as project:
        assert [info.name for info in project.layers()] == ["土地利用现状图斑"]
        assert project.content_hash(uid) == fingerprint
        assert project.journal() == journal
        assert add_parcels(project, name="半个").feature_count == 3
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%半个'"
    ).fetchall() == [("半个",)]
    connection.close()


def test_a_full_disk_leaves_the_project_as_it_was(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project)
        with project._database.writing() as connection:
            connection.execute("PRAGMA max_page_count = 100")
        with pytest.raises(ProjectFileError, match="磁盘"):
            project.add_layer(NewLayer("太大", "land_use", CRS), parcels(5000))
        assert [info.name for info in project.layers()] == ["土地利用现状图斑"]
        project.set_setting("still", "writable")


def test_the_file_is_written_with_the_greatest_care(tmp_path: Path) -> None:
    with new_project(tmp_path) as project, project._database.reading() as connection:
        # 3 = EXTRA: the folder is synchronised too after the rollback journal is deleted
        assert connection.execute("PRAGMA synchronous").fetchone() == (3,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)


def test_a_row_that_another_program_adds_gets_an_identifier_and_is_found(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        info = add_parcels(project, name="图斑")
        with project._database.writing() as connection:
            connection.execute("INSERT INTO 图斑 (geom) SELECT geom FROM 图斑 WHERE fid = 1")
            connection.execute("UPDATE 图斑 SET geom = NULL WHERE fid = 2")
            connection.execute("DELETE FROM 图斑 WHERE fid = 3")
        frame = project.read(info.uid)
        assert frame["name"].fillna("-").tolist() == ["图斑1", "图斑2", "-"]
        assert frame.index[2][14] == "7"
        assert frame.index[2] > frame.index[0]
        place = frame.geometry.iloc[0].centroid
        assert sorted(project.identify(info.uid, place.x, place.y, 0.0)) == sorted(frame.index[[0, 2]])
        with project._database.reading() as connection:
            found = connection.execute("SELECT id FROM rtree_图斑_geom ORDER BY id").fetchall()
        assert found == [(1,), (4,)]
