"""Pages of parcels as a PDF: read back by another program, and asked for with a button under the tables."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.window_desk import WAIT_MS, Desk
from tests.ui.window_samples import sample_result
from tests.zsgis.test_three_plans import compared, sample
from ui.sheets import export_sheet
from zsgis.sheets.parcel_pages import write_parcel_pages


@pytest.mark.peer
def test_words_of_the_pages_are_found_in_the_file(qapp: object, tmp_path: Path) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("peer missing: pdftotext (make peers)")
    result = compared(tmp_path, sample())
    assert result.pages is not None
    file = write_parcel_pages(result, result.pages, tmp_path / "p.pdf", export_sheet)
    with pikepdf.open(file) as pdf:
        # 210 x 297 mm in points
        sizes = [[round(float(value)) for value in page.mediabox[2:]] for page in pdf.pages]
    assert sizes == [[595, 842], [595, 842]]
    for number, name, area, clause in (
        (1, "乙", "1,000.00", "土规有条件建设区，城市规划为建设用地"),
        (2, "甲", "500.00", "控规与国土空间规划用途（一级类）不一致"),
    ):
        asked = [program, "-raw", "-f", str(number), "-l", str(number), str(file), "-"]
        text = subprocess.run(asked, capture_output=True, check=True).stdout.decode()
        assert f"三规差异地块图：{name}" in text
        assert area in text
        assert clause[:12] in text
        assert result.run.uid in text
        assert "密级：未注明" in text
        assert f"第{number}块，共2块" in text


def test_a_button_under_the_tables_writes_the_pages(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    panel = desk.window.results_panel
    button = panel.findChild(QToolButton, "sheets")
    assert button is not None
    desk.session.add_result(sample_result())
    # a result without pages offers none
    assert button.isHidden()
    result = compared(other, sample())
    desk.session.add_result(result)
    assert not button.isHidden()
    desk.dialogs.files = [tmp_path / "地块图.pdf"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.dialogs.asked[-1] == "三规差异分析_三规差异地块图.pdf"
    qtbot.waitUntil(lambda: (tmp_path / "地块图.pdf").exists() and desk.idle(), timeout=WAIT_MS)
    with pikepdf.open(tmp_path / "地块图.pdf") as pdf:
        assert len(pdf.pages) == 2
