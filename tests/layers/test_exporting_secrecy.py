"""A layer's secrecy goes along with whatever is written of it; secrets never leave for web or phone."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas
import openpyxl
import pyarrow.parquet
import pyogrio
import pytest
from store_samples import CRS, add_parcels, new_project, parcels

from layers.errors import SecrecyError
from layers.exporting import ExportReport, ExportRequest, export_layer
from layers.formats.registry import suffixes_written
from layers.formats.secrecy_mark import mark_of, note_beside
from layers.store import NewLayer, Project

INTERNAL, MARK = "内部★10年", "密级：内部★10年"
OPEN = {".geojson", ".kml", ".kmz", ".gpx"}
"""Made for the web and for phones."""


def of_geopackage(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        return str(connection.execute("SELECT description FROM gpkg_contents").fetchone()[0])


def of_flatgeobuf(path: Path) -> str:
    return str((pyogrio.read_info(path)["layer_metadata"] or {}).get("DESCRIPTION", ""))


def of_parquet(path: Path) -> str:
    assert len(geopandas.read_parquet(path)) == 2
    return str(pyarrow.parquet.read_schema(path).metadata.get(b"description", b"").decode())


def of_geojson(path: Path) -> str:
    return str(json.loads(path.read_text(encoding="utf-8")).get("description", ""))


def of_text(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return MARK if MARK in text.partition("<Placemark")[0].partition("<trk")[0] else ""


def of_kmz(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return MARK if f"<description>{MARK}</description>" in archive.read("doc.kml").decode() else ""


def of_workbook(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    (sheet,) = book.worksheets
    # what is printed says it, and what the file's properties show
    assert str(sheet.oddHeader.right.text or "") == str(book.properties.category or "")
    return str(book.properties.category or "")


def of_drawing(path: Path) -> str:
    import ezdxf.filemanagement

    variables = ezdxf.filemanagement.readfile(path).header.custom_vars
    return str(variables.get("密级") or "")


IN_THE_FILE: Mapping[str, Callable[[Path], str]] = {
    ".gpkg": of_geopackage,
    ".fgb": of_flatgeobuf,
    ".parquet": of_parquet,
    ".geoparquet": of_parquet,
    ".geojson": of_geojson,
    ".kml": of_text,
    ".kmz": of_kmz,
    ".gpx": of_text,
    ".xlsx": of_workbook,
    ".dxf": of_drawing,
}
BESIDE = {".shp", ".gdb", ".gdb.zip", ".csv", ".txt"}


def exported(project: Project, secrecy: str, path: Path) -> ExportReport:
    layer = project.add_layer(NewLayer(path.name + secrecy, "land_use", CRS, secrecy=secrecy), parcels(2))
    choices = {"polygons": "boundary"} if path.suffix == ".gpx" else {}
    return export_layer(project, layer, ExportRequest(path, choices, overwrite=True))


def test_every_format_is_known_here() -> None:
    """Whoever adds a format says where its secrecy stands."""
    assert set(suffixes_written()) == set(IN_THE_FILE) | BESIDE


@pytest.mark.parametrize("suffix", sorted(IN_THE_FILE))
def test_what_has_room_for_words_says_how_secret_it_is(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"出{suffix}"
    with new_project(tmp_path) as project:
        report = exported(project, INTERNAL, out)
        assert IN_THE_FILE[suffix](out) == MARK
        assert any(MARK in note.text for note in report.notes)
        assert not note_beside(out).exists()
        # a layer that says nothing bears nothing
        assert not any(note.code == "export.secrecy" for note in exported(project, "", out).notes)
        assert IN_THE_FILE[suffix](out) in ("", "None")


@pytest.mark.parametrize("suffix", sorted(BESIDE))
def test_what_has_no_room_gets_a_note_beside_it(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"出{suffix}"
    with new_project(tmp_path) as project:
        report = exported(project, INTERNAL, out)
        note = tmp_path / f"出{suffix}.密级.txt"
        assert note.read_text(encoding="utf-8-sig").startswith(f"{MARK}。")
        assert out.name in note.read_text(encoding="utf-8-sig")
        assert any(note.name in told.text for told in report.notes)
        # the note goes with the file that it was about
        exported(project, "", out)
        assert not note.exists()


@pytest.mark.parametrize("suffix", suffixes_written())
@pytest.mark.parametrize("secrecy", ["秘密", "机密★20年", "绝密"])
def test_secrets_are_refused_to_web_and_phone_and_marked_everywhere_else(
    tmp_path: Path, suffix: str, secrecy: str
) -> None:
    out = tmp_path / f"出{suffix}"
    with new_project(tmp_path) as project:
        if suffix in OPEN:
            with pytest.raises(SecrecyError):
                exported(project, secrecy, out)
            assert sorted(each.name for each in tmp_path.iterdir()) == ["工程.gpkg"]
            return
        exported(project, secrecy, out)
    if suffix in BESIDE:
        assert f"密级：{secrecy}" in note_beside(out).read_text(encoding="utf-8-sig")
    else:
        assert IN_THE_FILE[suffix](out) == f"密级：{secrecy}"


def test_what_is_open_to_all_is_not_marked() -> None:
    assert [mark_of(level) for level in ("", "公开", "内部", "秘密★10年")] == [
        "",
        "",
        "密级：内部",
        "密级：秘密★10年",
    ]


def test_a_file_that_fails_leaves_no_note(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        add_parcels(project)
        wide = parcels(1).assign(remark="备" * 85)
        layer = project.add_layer(NewLayer("宽", "land_use", CRS, secrecy=INTERNAL), wide)
        with pytest.raises(Exception, match="remark"):
            export_layer(project, layer, ExportRequest(tmp_path / "出.shp"))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["工程.gpkg"]
