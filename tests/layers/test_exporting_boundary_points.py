"""A layer that came from a file of boundary points is written back as the file stood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.exporting import ExportRequest, export_layer
from layers.formats.direct import DirectReader
from layers.importing.bringing import import_file
from layers.importing.request import ImportRequest
from layers.kind import GeometryType
from layers.kinds import KINDS
from layers.store import LayerInfo, Project
from tests.layers.formats.boundary_txt_samples import standard_file

POLYGONS = [key for key, kind in KINDS.items() if kind.geometry is GeometryType.POLYGON]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.gpkg", 4547) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "界址点.txt"
    path.write_bytes(standard_file().encode("gb18030"))
    return path


def take(project: Project, file: Path, kind: str) -> LayerInfo:
    return import_file(project, ImportRequest(file, kind=kind, standard="custom"), DirectReader()).layer


@pytest.mark.parametrize("kind", POLYGONS)
def test_it_is_the_same_file_whatever_it_was_taken_for(
    project: Project, file: Path, tmp_path: Path, kind: str
) -> None:
    layer = take(project, file, kind)
    report = export_layer(project, layer, ExportRequest(tmp_path / "out.txt"))
    assert report.path.read_bytes() == file.read_bytes()


def test_a_form_that_is_named_stands_over_the_files_own(project: Project, file: Path, tmp_path: Path) -> None:
    layer = take(project, file, "zones")
    out = tmp_path / "out.txt"
    export_layer(project, layer, ExportRequest(out, {"variant": "ogu4j"}))
    assert out.read_bytes() != file.read_bytes()
    export_layer(project, layer, ExportRequest(out, {"encoding": "UTF-8"}, overwrite=True))
    # only the encoding differs
    assert out.read_bytes().decode("utf-8") == file.read_bytes().decode("gb18030")
