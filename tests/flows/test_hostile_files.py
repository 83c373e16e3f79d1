"""Whatever is handed in ends in one Chinese sentence; the project stays byte for byte as it was."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from layers.errors import InputError
from layers.formats.isolated import IsolatedReader
from layers.importing.bringing import import_file
from layers.importing.request import ImportRequest
from layers.store import Project
from tests.flows.command import zsgis
from tests.flows.hostile_samples import HOSTILE, HostileFile, good_files, renamed
from tests.layers.formats import vector_family_samples

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NOBODY = 65534
_RENAMED = (
    (".zip", ".shp"),
    (".txt", ".gpkg"),
    (".shp", ".gpkg"),
    (".gpkg", ".xlsx"),
    (".kmz", ".xlsx"),
    (".xlsx", ".kml"),
    (".gpkg", ".txt"),
    (".tif", ".csv"),
    (".gpx", ".kml"),
    (".fgb", ".geojson"),
    (".geojson", ".mdb"),
    (".xls", ".dwg"),
)
_CUT = (".gpkg", ".geojson", ".fgb", ".parquet", ".gml", ".shp", ".mif", ".zip", ".xlsx", ".xls")
_CUT_TOO = (".dxf", ".kml", ".kmz", ".mdb", ".jpg")


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader() as reader:
        yield reader


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory, reader: IsolatedReader) -> Path:
    """Make a project of one layer, and good files beside it."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "good").mkdir()
    source = folder / "dk.gpkg"
    vector_family_samples.parcels().to_file(source, layer="dk")
    with Project.create(folder / "p.gpkg", 4547) as project:
        assert import_file(project, ImportRequest(path=source, kind="land_use"), reader).written == 3
    good_files(folder / "good" / "files")
    return folder


class Bureau:
    """A project, and what may not change whatever is handed in."""

    def __init__(self, folder: Path, project: Path, reader: IsolatedReader) -> None:
        self.folder = folder
        self.path = project
        self._reader = reader
        self._checksum = self._sha256()

    def _sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def refuses(self, path: Path, during: Callable[[], None] = lambda: None) -> InputError:
        """Import a file that cannot be; return the sentence, after looking at what is left."""
        with Project.open(self.path) as project:
            during()
            with pytest.raises(InputError) as caught:
                import_file(project, ImportRequest(path=path), self._reader)
        error = caught.value
        assert _CHINESE.search(error.what)
        assert "\n" not in error.what
        assert error.where
        assert error.remedy
        # a library's own error would have said no more than this
        assert not error.what.startswith("文件无法读取"), error.details
        self.is_untouched()
        return error

    def takes(self, path: Path) -> int:
        """Import a file; return how many features it has."""
        with Project.open(self.path) as project:
            return import_file(project, ImportRequest(path=path, kind="land_use"), self._reader).written

    def is_untouched(self) -> None:
        assert self._sha256() == self._checksum
        assert sorted(each.name for each in self.path.parent.iterdir()) == [self.path.name]
        assert list(Path(tempfile.gettempdir()).iterdir()) == []


@pytest.fixture
def bureau(
    made_once: Path, reader: IsolatedReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Bureau:
    for name in ("temporary", "project", "files"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    project = Path(shutil.copy(made_once / "p.gpkg", tmp_path / "project" / "p.gpkg"))
    return Bureau(tmp_path / "files", project, reader)


@pytest.fixture
def good(made_once: Path) -> dict[str, Path]:
    return {
        path.suffix.lower(): path
        for path in sorted((made_once / "good").rglob("*"), reverse=True)
        if path.is_file()
    }


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_a_hostile_file_is_refused(make: HostileFile, bureau: Bureau) -> None:
    path = make(bureau.folder)
    assert str(path) in bureau.refuses(path).where


def test_an_empty_file_of_any_kind_is_refused(bureau: Bureau, good: dict[str, Path]) -> None:
    for suffix in good:
        path = bureau.folder / f"空{suffix}"
        path.write_bytes(b"")
        assert "空" in bureau.refuses(path).what


def test_half_a_file_is_refused(bureau: Bureau, good: dict[str, Path]) -> None:
    for suffix in (*_CUT, *_CUT_TOO):
        data = good[suffix].read_bytes()
        path = bureau.folder / f"半{suffix}"
        path.write_bytes(data[: len(data) // 2])
        bureau.refuses(path)


def test_a_renamed_file_is_refused(bureau: Bureau, good: dict[str, Path]) -> None:
    for number, (real, called) in enumerate(_RENAMED):
        bureau.refuses(renamed(good[real], bureau.folder / f"改名{number}{called}"))


def test_a_shapefile_is_told_for_what_it_is(bureau: Bureau, good: dict[str, Path]) -> None:
    assert "zip" in bureau.refuses(renamed(good[".zip"], bureau.folder / "a.shp")).what
    folder = bureau.folder / "b.shp"
    folder.mkdir()
    assert "文件夹" in bureau.refuses(folder).what


def test_a_file_that_may_not_be_read_is_refused(bureau: Bureau, good: dict[str, Path]) -> None:
    path = renamed(good[".gpkg"], bureau.folder / "a.gpkg")
    path.chmod(0)
    before = os.geteuid()
    try:
        error = bureau.refuses(path, during=lambda: os.seteuid(_NOBODY) if before == 0 else None)
    except PermissionError:  # looking at what is left, as nobody
        os.seteuid(before)
        bureau.is_untouched()
    else:
        assert "无法打开" in error.what
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("left", [0, 500])
def test_a_file_that_changes_while_it_is_read_is_refused(left: int, bureau: Bureau) -> None:
    path = bureau.folder / "a.csv"
    rows = "".join(f"{number},113.38,22.52\n" for number in range(20_000))
    path.write_text("编号,经度,纬度\n" + rows, encoding="utf-8")
    # it grows, or vanishes, as soon as the first words about it are heard
    changed = threading.Event()

    class Meddler:
        def step(self, done: float, text: str = "") -> None:
            if "a.csv" in text and not changed.is_set():
                changed.set()
                if left:
                    with path.open("a", encoding="utf-8") as file:
                        file.write("1,113.4,22.5\n" * left)
                else:
                    path.unlink()

    with Project.open(bureau.path) as project, pytest.raises(InputError) as caught:
        import_file(project, ImportRequest(path=path), bureau._reader, Meddler())
    assert changed.is_set()
    assert _CHINESE.search(caught.value.what)
    assert str(path) in caught.value.where
    bureau.is_untouched()


def test_odd_names_do_not_matter(bureau: Bureau, good: dict[str, Path]) -> None:
    folder = bureau.folder / ("很 长 的 " + "目录" * 30)
    folder.mkdir()
    assert bureau.takes(renamed(good[".gpkg"], folder / ("数据 '\"%20#?" + "名" * 50 + ".gpkg"))) == 3


def test_a_name_that_the_library_would_cut_is_told(bureau: Bureau, good: dict[str, Path]) -> None:
    error = bureau.refuses(renamed(good[".gpkg"], bureau.folder / "甲;乙.gpkg"))
    assert error.what.endswith(";")


def test_a_name_too_long_for_any_disk_is_refused(bureau: Bureau) -> None:
    bureau.refuses(bureau.folder / ("a" * 300 + ".gpkg"))


def test_what_another_program_has_not_written_back_is_read(bureau: Bureau, good: dict[str, Path]) -> None:
    path = renamed(good[".gpkg"], bureau.folder / "a.gpkg")
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("DROP TABLE IF EXISTS more")
        connection.execute("CREATE TABLE more (a)")
        connection.commit()
        before = sorted(each.name for each in bureau.folder.iterdir())
        assert bureau.takes(path) == 3
        assert sorted(each.name for each in bureau.folder.iterdir()) == before
    finally:
        connection.close()


def test_what_another_program_left_half_written_is_taken_back(bureau: Bureau, good: dict[str, Path]) -> None:
    path = renamed(good[".gpkg"], bureau.folder / "a.gpkg")
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA cache_size = 1")
        # a page larger than the cache goes into the file before anything is committed
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE filler (a)")
        connection.executemany("INSERT INTO filler VALUES (?)", [("x" * 3000,)] * 200)
        connection.execute("UPDATE gpkg_contents SET table_name = 'gone'")
        assert path.with_name("a.gpkg-journal").stat().st_size
        assert bureau.takes(path) == 3
    finally:
        connection.rollback()
        connection.close()


def test_a_temporary_folder_that_is_not_there_is_told(
    bureau: Bureau, good: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = renamed(good[".gpkg"], bureau.folder / "a.gpkg")
    with Project.open(bureau.path) as project:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
        with pytest.raises(InputError) as caught:
            import_file(project, ImportRequest(path=path), bureau._reader)
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    assert "临时文件" in caught.value.what
    bureau.is_untouched()


def test_the_command_ends_with_3_and_one_sentence(bureau: Bureau) -> None:
    from tests.flows.hostile_samples import pipe, zip_slip

    for make in (pipe, zip_slip):
        path = make(bureau.folder)
        ended = zsgis("import", bureau.path, path, "--json", TMPDIR=tempfile.gettempdir())
        assert ended.code == 3, ended.err
        assert _CHINESE.search(ended.document["error"]["what"])
        assert "Traceback" not in ended.err
        bureau.is_untouched()


@pytest.mark.skipif(os.name == "nt", reason="a bound on the size of files is what Unix has")
def test_a_full_disk_is_told_as_such(bureau: Bureau) -> None:
    import resource
    import subprocess
    import sys

    from tests.flows.command import environment

    path = bureau.folder / "a.csv"
    rows = "".join(f"{number},113.38,22.52\n" for number in range(5000))
    path.write_text("编号,经度,纬度\n" + rows, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "zsgis", "import", str(bureau.path), str(path), "--crs", "4490", "--json"],
        env=environment(TMPDIR=tempfile.gettempdir()),
        capture_output=True,
        check=False,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )
    assert done.returncode == 3, done.stderr.decode()
    assert "临时文件" in done.stdout.decode()
    bureau.is_untouched()
