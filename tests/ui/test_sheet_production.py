"""Sheets of one project: the same choices as on the screen, a file each or one document for all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from layers.errors import InputError, JobCancelled, UsageError
from layers.progress import NoProgress, Progress
from layers.store import Project
from layers.tree import LayerTree
from tests.sheet_example import EAST_PLATFORM, WEST_PLATFORM, example_project
from ui.sheets import export_sheet
from zsgis.arrangement import Arrangement, settings_of
from zsgis.run import run_capability
from zsgis.run_records.exports import SHEET, exports_of
from zsgis.sheets.layout import SheetLayout
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


class _Counting:
    """The real drawer, with a list of what it drew; stops before the one it is told to."""

    def __init__(self, stop_at: int = 99) -> None:
        self.drawn: list[str] = []
        self._stop_at = stop_at

    def __call__(
        self, layout: SheetLayout, out: Path, *, dpi: int = 300, progress: Progress | None = None
    ) -> Path:
        if len(self.drawn) == self._stop_at:
            raise JobCancelled
        self.drawn.append(out.name)
        return export_sheet(layout, out, dpi=dpi, progress=progress or NoProgress())


def test_an_interrupted_series_is_taken_up_where_it_stopped(
    project: Project, platforms: str, material: SheetMaterial, tmp_path: Path
) -> None:
    out, order = tmp_path / "图.pdf", SheetOrder(each=platforms, files="{number}-{zone}", index=True)
    first, state = _Counting(stop_at=2), tmp_path / "图.未完成.json"
    with pytest.raises(JobCancelled):
        make_sheets(project, out, order, first, material=material)
    assert state.is_file()
    # what left the house before it stopped is in the register
    assert [file.path for file in exports_of(project, SHEET)[0].files] == [
        str((tmp_path / name).resolve()) for name in ("图-图幅索引.pdf", f"1-{WEST_PLATFORM}.pdf")
    ]
    again = _Counting()
    files = make_sheets(project, out, replace(order, resume=True), again, material=material)
    assert again.drawn == [f"2-{EAST_PLATFORM}.pdf"]
    assert [file.name for file in files] == [*first.drawn, *again.drawn]
    assert not state.exists()
    assert len(exports_of(project, SHEET)) == 2


def test_a_sheet_that_would_come_out_otherwise_is_drawn_again(
    project: Project, platforms: str, material: SheetMaterial, tmp_path: Path
) -> None:
    out, order = tmp_path / "图.pdf", SheetOrder(each=platforms, files="{zone}")
    with pytest.raises(JobCancelled):
        make_sheets(project, out, order, _Counting(stop_at=1), material=material)
    titled = replace(order, settings={"制图": "测绘队"}, resume=True)
    again = _Counting()
    make_sheets(project, out, titled, again, material=material)
    assert len(again.drawn) == 2


def test_a_file_that_was_changed_is_drawn_again(
    project: Project, platforms: str, material: SheetMaterial, tmp_path: Path
) -> None:
    out, order = tmp_path / "图.pdf", SheetOrder(each=platforms, files="{zone}")
    with pytest.raises(JobCancelled):
        make_sheets(project, out, order, _Counting(stop_at=1), material=material)
    (tmp_path / f"{WEST_PLATFORM}.pdf").write_bytes(b"cut off")
    again = _Counting()
    make_sheets(project, out, replace(order, resume=True), again, material=material)
    assert len(again.drawn) == 2


def test_a_record_that_is_damaged_takes_nothing_up(
    project: Project, platforms: str, material: SheetMaterial, tmp_path: Path
) -> None:
    out, order = tmp_path / "图.pdf", SheetOrder(each=platforms, files="{zone}", resume=True)
    (tmp_path / "图.未完成.json").write_bytes(b'{"a": [1, \xff')
    drawer = _Counting()
    make_sheets(project, out, order, drawer, material=material)
    assert len(drawer.drawn) == 2


@pytest.mark.parametrize(
    ("pattern", "told"), [("{title.__class__}", "title.__class__"), ("{zone", "{zone"), ("{}", "{}")]
)
def test_a_pattern_names_its_fields_only(
    project: Project, platforms: str, material: SheetMaterial, tmp_path: Path, pattern: str, told: str
) -> None:
    order = SheetOrder(each=platforms, files=pattern)
    with pytest.raises(UsageError) as refused:
        make_sheets(project, tmp_path / "图.pdf", order, export_sheet, material=material)
    assert told in str(refused.value)
    assert list(tmp_path.glob("*.pdf")) == []


def test_two_sheets_of_one_file_are_refused_with_both_named(
    project: Project, platforms: str, material: SheetMaterial, tmp_path: Path
) -> None:
    order = SheetOrder(each=platforms, files="平台图")
    with pytest.raises(InputError) as refused:
        make_sheets(project, tmp_path / "图.pdf", order, export_sheet, material=material)
    assert WEST_PLATFORM in str(refused.value)
    assert EAST_PLATFORM in str(refused.value)
    assert list(tmp_path.glob("*.pdf")) == []
