"""A layer that was written with a mark of secrecy comes in marked again, whatever family carried it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import rasterio

from layers.exporting import ExportRequest, export_layer
from layers.findings import Severity
from layers.formats.direct import DirectReader
from layers.formats.isolated import IsolatedReader
from layers.formats.model import ReadOptions, SourceReader
from layers.formats.raster_writing import write_geotiff
from layers.formats.registry import suffixes_written
from layers.formats.secrecy_mark import is_note, mark_of, secrecy_beside, secrecy_in, write_beside
from layers.importing.bringing import ImportReport, import_file
from layers.importing.request import ImportRequest
from layers.pictures.adding import raster_facts, raster_picture
from layers.progress import NoProgress
from layers.store import NewLayer, Project
from tests.layers.store_samples import CRS, X, Y, new_project, parcels

INTERNAL = "内部★10年"
CHOICES = {".gpx": {"polygons": "boundary"}, ".xlsx": {"geometry": "wkt"}, ".csv": {"geometry": "wkt"}}
DEGREES = {".kml", ".kmz", ".gpx", ".geojson"}


def written(project: Project, path: Path, secrecy: str = INTERNAL) -> Path:
    layer = project.add_layer(NewLayer(path.name, "land_use", CRS, secrecy=secrecy), parcels(2))
    export_layer(project, layer, ExportRequest(path, CHOICES.get(path.suffix, {})))
    return path


def taken(
    project: Project,
    path: Path,
    secrecy: str = "",
    *,
    source_layer: str = "",
    reader: SourceReader | None = None,
) -> ImportReport:
    request = ImportRequest(
        path,
        kind="lines" if path.suffix == ".gpx" else "zones",
        name=f"再导入{path.name}{secrecy}",
        source_layer=source_layer,
        crs="4490" if path.suffix in DEGREES else "4547",
        secrecy=secrecy,
    )
    return import_file(project, request, reader or DirectReader())


def told(report: ImportReport) -> list[tuple[str, Severity]]:
    return [(each.code, each.severity) for each in report.findings if "secrecy" in each.code]


@pytest.mark.parametrize("suffix", suffixes_written())
def test_every_family_that_is_written_comes_in_marked(tmp_path: Path, suffix: str) -> None:
    with new_project(tmp_path) as project:
        path = written(project, tmp_path / f"出{suffix}")
        report = taken(project, path, source_layer="面" if suffix == ".dxf" else "")
        assert report.layer.secrecy == INTERNAL
        assert told(report) == [("import.secrecy_taken", Severity.NOTE)]
        assert any(INTERNAL in each.text for each in report.findings)


def test_what_was_written_without_a_mark_comes_in_without_one(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        for suffix in (".gpkg", ".xlsx", ".shp"):
            report = taken(project, written(project, tmp_path / f"出{suffix}", ""))
            assert (report.layer.secrecy, told(report)) == ("", [])


def test_a_mark_is_never_lowered_and_may_be_raised(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        path = written(project, tmp_path / "出.gpkg", "秘密★10年")
        lower = taken(project, path, "内部")
        assert lower.layer.secrecy == "秘密★10年"
        assert told(lower) == [("import.secrecy_kept", Severity.WARNING)]
        higher = taken(project, path, "机密")
        assert higher.layer.secrecy == "机密"
        assert told(higher) == [("import.secrecy_taken", Severity.NOTE)]
        # the same level, with another term: whoever imports knows better
        assert taken(project, path, "秘密★20年").layer.secrecy == "秘密★20年"
        assert taken(project, path, "秘密").layer.secrecy == "秘密★10年"


def test_the_reading_process_hands_the_mark_over(tmp_path: Path) -> None:
    with new_project(tmp_path) as project, IsolatedReader() as reader:
        report = taken(project, written(project, tmp_path / "出.fgb"), reader=reader)
        assert report.layer.secrecy == INTERNAL
        beside = taken(project, written(project, tmp_path / "出.shp"), reader=reader)
        assert beside.layer.secrecy == INTERNAL


def test_a_layer_of_another_project_keeps_its_mark(tmp_path: Path) -> None:
    """A project is a GeoPackage: what its list of layers says counts, for that layer alone."""
    with new_project(tmp_path, "别的.gpkg") as other:
        other.add_layer(NewLayer("密", "zones", CRS, secrecy="秘密★10年"), parcels(2))
        other.add_layer(NewLayer("开", "zones", CRS), parcels(2))
        tables = {info.name: info.table for info in other.layers()}
        before = other.path.read_bytes()
    with new_project(tmp_path) as project:
        path = tmp_path / "别的.gpkg"
        assert taken(project, path, source_layer=tables["密"]).layer.secrecy == "秘密★10年"
        assert taken(project, path, "内部", source_layer=tables["开"]).layer.secrecy == "内部"
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["别的.gpkg", "工程.gpkg"]


def test_notes_in_a_zip_file_go_with_their_files(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        written(project, tmp_path / "出.csv")
        with zipfile.ZipFile(tmp_path / "包.zip", "w") as archive:
            for path in tmp_path.glob("出.*"):
                archive.write(path, path.name)
        assert [
            layer.name for layer in DirectReader().layers("packed", tmp_path / "包.zip", ReadOptions())
        ] == ["出.csv"]
        assert taken(project, tmp_path / "包.zip").layer.secrecy == INTERNAL


def test_a_workbook_marked_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["名称", "X", "Y"])
    sheet.append(["甲", Y, X])
    book.properties.keywords = "密 级：机密 ★ 长期；存档"
    book.save(path)
    data = DirectReader().read("tables", path, ReadOptions())
    assert data.secrecy == "机密★长期"


def test_words_in_attributes_are_no_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    body = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"description": "密级：秘密"},
                "geometry": {"type": "Point", "coordinates": [113.4, 22.5]},
            }
        ],
    }
    path.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    assert DirectReader().read("geojson", path, ReadOptions()).secrecy == ""


@pytest.mark.parametrize(
    ("text", "secrecy"),
    [
        ("密级：内部★10年", "内部★10年"),
        ("密级:秘密", "秘密"),
        ("Secrecy: 机密★20年. This holds for a.shp", "机密★20年"),
        ("密级：公开。其余密级：绝密", "绝密"),
        ("密级：甲级", ""),
        ("不涉密", ""),
        ("", ""),
    ],
)
def test_words_that_state_a_secrecy(text: str, secrecy: str) -> None:
    assert secrecy_in(text) == secrecy


def test_a_note_written_in_either_language_is_read(tmp_path: Path) -> None:
    for level in ("内部", "秘密★10年", "绝密"):
        note = write_beside(tmp_path / "a.shp", mark_of(level))
        assert is_note(note)
        assert secrecy_beside(tmp_path / "a.shp") == level
    assert secrecy_beside(tmp_path / "b.shp") == ""


def test_a_raster_comes_back_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    transform = rasterio.Affine(10, 0, X, 0, -10, Y)
    with rasterio.open(
        path, "w", driver="GTiff", width=8, height=8, count=1, dtype="uint8", crs=CRS, transform=transform
    ) as out:
        out.write(np.arange(64, dtype=np.uint8).reshape(1, 8, 8))
    marked = tmp_path / "b.tif"
    write_geotiff(path, marked, NoProgress(), mark=mark_of("内部"))
    facts = raster_facts(marked)
    assert facts.secrecy == "内部"
    assert raster_facts(path).secrecy == ""
    made = raster_picture(facts, uid="a", name="b", project_folder=tmp_path, secrecy="公开")
    assert made.secrecy == "内部"
    assert raster_picture(facts, uid="a", name="b", project_folder=tmp_path, secrecy="机密").secrecy == "机密"
