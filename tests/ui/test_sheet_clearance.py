"""Sheets are checked before they leave: what stops them, who lets them through, what the register keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from layers.store import Project
from tests.sheet_example import example_project
from ui.palette import LIGHT
from ui.panels.sheets_panel import SheetsPanel, SheetTemplateChoice
from ui.sheets import export_sheet
from zsgis.run_records.exports import SHEET, Approval, export_lines, exports_of
from zsgis.sheets.clearance import Clearance, SheetHeldError
from zsgis.sheets.preflight import Review, ReviewState, SheetFinding, Use
from zsgis.sheets.production import SheetMaterial, SheetOrder, gather_material, make_sheets

pytestmark = pytest.mark.usefixtures("qapp")

# a sheet for the public whose 审图号 nobody has stated
PUBLIC = Clearance(Use.NOTICE)
OVERRIDE = Approval("王科长", "会上投影，不散发")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with example_project(tmp_path / "work.gpkg") as made:
        yield made


@pytest.fixture
def material(project: Project) -> SheetMaterial:
    return gather_material(project, project.layers_of("platforms")[0].uid)


def made(project: Project, material: SheetMaterial, out: Path, clearance: Clearance | None) -> list[Path]:
    order = SheetOrder(clearance=clearance)
    return make_sheets(project, out, order, export_sheet, material=material)


def test_what_stops_a_sheet_leaves_no_file_and_no_entry(
    project: Project, material: SheetMaterial, tmp_path: Path
) -> None:
    with pytest.raises(SheetHeldError, match="审图号") as held:
        made(project, material, tmp_path / "图.pdf", PUBLIC)
    assert [finding.number for finding in held.value.blocking] == list(range(1, len(held.value.blocking) + 1))
    assert all(line in str(held.value) for line in held.value.lines)
    assert not (tmp_path / "图.pdf").exists()
    assert exports_of(project, SHEET) == ()


def test_a_sheet_let_through_by_name_and_reason_is_entered_with_what_was_let_through(
    project: Project, material: SheetMaterial, tmp_path: Path
) -> None:
    review = Review(ReviewState.UNDER_REVIEW)
    (file,) = made(project, material, tmp_path / "图.pdf", Clearance(Use.NOTICE, review, OVERRIDE))
    assert file.is_file()
    (entry,) = exports_of(project, SHEET)
    assert (entry.approved_by, entry.why) == ("王科长", "会上投影，不散发")
    assert (entry.use, entry.review, entry.review_word) == ("公示公告", "送审中", "")
    assert entry.overridden
    heads, row = export_lines([entry])
    assert len(heads) == len(row)
    assert row[-3:] == ["公示公告", "送审中", "；".join(entry.overridden)]


def test_a_sheet_for_the_house_needs_nobody_to_answer_for_it(
    project: Project, material: SheetMaterial, tmp_path: Path
) -> None:
    noticed: list[SheetFinding] = []
    review = Review(ReviewState.NOT_NEEDED, "内部工作用图")
    order = SheetOrder(clearance=Clearance(Use.INTERNAL, review, OVERRIDE))
    make_sheets(project, tmp_path / "图.pdf", order, export_sheet, material=material, noticed=noticed.extend)
    # the example's sheets bear no number, no date and no names of those who made them
    assert len(noticed) >= 3
    assert not any(finding.blocking for finding in noticed)
    (entry,) = exports_of(project, SHEET)
    # an answer that was not needed is not entered as if it had been
    assert (entry.approved_by, entry.overridden) == ("", ())
    assert (entry.use, entry.review, entry.review_word) == ("内部工作", "不需要", "内部工作用图")


def test_the_highest_secrecy_of_the_layers_shown_is_entered(
    project: Project, material: SheetMaterial, tmp_path: Path
) -> None:
    project.update_layer(project.layers_of("platforms")[0].uid, secrecy="秘密★10年")
    made(project, material, tmp_path / "图.pdf", Clearance(override=OVERRIDE))
    # for the public the layer is not on the sheet at all
    granted = Clearance(Use.NOTICE, Review(ReviewState.GRANTED, "粤S（2026）001号"))
    made(project, material, tmp_path / "公示.pdf", granted)
    assert [entry.secrecy for entry in exports_of(project, SHEET)] == ["秘密★10年", ""]


@pytest.fixture
def panel(qtbot: QtBot) -> SheetsPanel:
    made = SheetsPanel(LIGHT)
    qtbot.addWidget(made)
    made.set_templates([SheetTemplateChoice("city_a3", "全市", False, ())])
    made.show()
    qtbot.waitExposed(made)
    return made


def test_the_panel_asks_for_use_and_review_and_for_the_word_that_goes_with_it(panel: SheetsPanel) -> None:
    assert (panel.order().use, panel.order().review) == ("内部工作", "")
    assert not panel.review_word.isVisible()
    panel.use.setCurrentIndex(panel.use.findData("公示公告"))
    panel.review.setCurrentIndex(panel.review.findData("已取得"))
    assert panel.review_word.isVisible()
    panel.review_word.setText(" 粤S(2026)001号 ")
    assert (panel.order().use, panel.order().review) == ("公示公告", "已取得=粤S(2026)001号")
    panel.review.setCurrentIndex(panel.review.findData("送审中"))
    assert not panel.review_word.isVisible()
    assert panel.order().review == "送审中"
