"""Sheets of one project: the same choices as on the screen, a file each or one document for all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from layers.store import Project
from layers.tree import LayerTree
from tests.sheet_example import EAST_PLATFORM, WEST_PLATFORM, example_project
from ui.sheets import export_sheet
from zsgis.arrangement import Arrangement, settings_of
from zsgis.run import run_capability
from zsgis.run_records.exports import SHEET, exports_of
from zsgis.sheets.production import SheetMaterial, SheetOrder, gather_material, make_sheets

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with example_project(tmp_path / "work.gpkg") as made:
        yield made


@pytest.fixture
def platforms(project: Project) -> str:
    return project.layers_of("platforms")[0].uid


@pytest.fixture
def material(project: Project, platforms: str) -> SheetMaterial:
    return gather_material(project, platforms)


def pages(file: Path) -> int:
    with pikepdf.open(file) as document:
        return len(document.pages)


def test_a_series_is_a_file_for_each_platform(
    project: Project, platforms: str, material: SheetMaterial, tmp_path: Path
) -> None:
    files = make_sheets(
        project, tmp_path / "图.pdf", SheetOrder(each=platforms), export_sheet, material=material
    )
    names = [file.name for file in files]
    assert names == [f"图-{name}土地利用现状图.pdf" for name in (WEST_PLATFORM, EAST_PLATFORM)]
    assert all(file.is_file() for file in files)
    (entry,) = exports_of(project, SHEET)
    sums = {str(file.resolve()): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert {file.path: file.sha256 for file in entry.files} == sums


def test_a_bound_series_is_one_document_with_all_pages(
    project: Project, platforms: str, material: SheetMaterial, tmp_path: Path
) -> None:
    apart = make_sheets(
        project, tmp_path / "图.pdf", SheetOrder(each=platforms), export_sheet, material=material
    )
    order = SheetOrder(each=platforms, bound=True)
    (bound,) = make_sheets(project, tmp_path / "全部.pdf", order, export_sheet, material=material)
    assert bound == tmp_path / "全部.pdf"
    assert pages(bound) == sum(pages(file) for file in apart) >= 2


def test_a_stock_of_the_sitting_is_not_counted_twice(project: Project, platforms: str) -> None:
    earlier = run_capability(project, "stock", {"zones": platforms, "level": "2", "basis": "planar"})
    assert gather_material(project, platforms, earlier=earlier).result is earlier


def test_a_stock_of_other_classes_is_counted_anew_with_its_own_choices(
    project: Project, platforms: str
) -> None:
    earlier = run_capability(project, "stock", {"zones": platforms, "level": "1", "basis": "planar"})
    result = gather_material(project, platforms, earlier=earlier).result
    assert result is not None
    assert result.run.parameters == {**earlier.run.parameters, "level": "2"}
    assert result.run.parameters["basis"] == "planar"


def test_a_hidden_group_is_not_on_the_sheet(project: Project, platforms: str) -> None:
    uids = [info.uid for info in project.layers()]
    shown = {layer.uid for layer in gather_material(project, platforms).drawables}
    hidden = next(uid for uid in uids if uid in shown and uid != platforms)
    tree = LayerTree().with_layers(uids).grouped([hidden], "group", "底图").with_visible("group", False)
    for key, value in settings_of(Arrangement(tree)).items():
        project.set_setting(key, value)
    assert {layer.uid for layer in gather_material(project, platforms).drawables} == shown - {hidden}
