"""The dialog before printing: paper, pieces and what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.sheet_example import WEST_PLATFORM, drawables, example_project
from ui.dialogs.print_sheet import PrintOffer, PrintSheetDialog, ordered_printers
from ui.sheets import draw_picture
from zsgis.sheets import compose


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> PrintSheetDialog:
    with example_project(tmp_path / "p.gpkg") as project:
        layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project))
    made = PrintSheetDialog(PrintOffer(layout, draw_picture(layout.first, 60), ("绘图仪", "二楼打印机")))
    qtbot.addWidget(made)
    made.show()
    return made


def test_an_a3_sheet_goes_on_a3_at_first(dialog: PrintSheetDialog) -> None:
    order = dialog.order()
    assert (order.printer, order.paper) == ("绘图仪", "A3")
    assert order.paper_mm == pytest.approx((297, 420), abs=0.5)
    assert "1 张" in dialog.said.text()
    assert not dialog.margin.isEnabled()


def test_on_a4_it_says_how_many_pieces(dialog: PrintSheetDialog) -> None:
    dialog.paper.setCurrentText("A4")
    assert "4 张" in dialog.said.text()
    assert dialog.margin.isEnabled()
    dialog.overlap.setValue(60)
    # (420 - 60) / (287 - 60) and (297 - 60) / (200 - 60) are 1.6 and 1.7 across: still two by two
    assert dialog.order().overlap_mm == 60
    assert "4 张" in dialog.said.text()
    assert not dialog.grab().isNull()


def test_without_a_printer_it_goes_into_a_file(dialog: PrintSheetDialog, tmp_path: Path) -> None:
    assert not dialog.wants_file
    dialog.printer.setCurrentIndex(dialog.printer.count() - 1)
    assert dialog.wants_file
    assert dialog.order(tmp_path / "a.pdf").file == tmp_path / "a.pdf"


def test_the_usual_printer_comes_first() -> None:
    assert ordered_printers(["b", "a", "c"], "c") == ("c", "a", "b")
