"""Sheets from the window: one, a series, on paper, on the clipboard, and held where something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.ui.window_desk import WAIT_MS, Desk, open_sample
from tests.ui.window_samples import PLATFORM
from ui.sheet_printer import PrintOrder
from zsgis.run_records.exports import exports_of
from zsgis.sheets.template_files import OWN_FOLDER, shipped_template


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """Return the window without a project, which each test opens for itself."""
    return empty_desk


@pytest.fixture
def opened(desk: Desk, qtbot: QtBot, tmp_path: Path) -> Desk:
    """Return a desk with the small project open and drawn."""
    open_sample(desk, qtbot, tmp_path)
    return desk


def test_a_sheet_of_the_platform_is_written(opened: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    opened.bench.actions["stage_sheets"].trigger()
    panel = opened.window.sheets_panel
    qtbot.waitUntil(lambda: panel.zone.count() == 1, timeout=WAIT_MS)
    panel.text_field("制图").setText("张三")
    order = panel.order()
    assert (order.zone, order.settings) == (PLATFORM, {"制图": "张三"})
    opened.dialogs.files = [tmp_path / "sheet.pdf"]
    qtbot.mouseClick(panel.export_one, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (tmp_path / "sheet.pdf").exists() and opened.idle(), timeout=WAIT_MS)
    assert opened.dialogs.errors == []
    assert (tmp_path / "sheet.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_series_is_written_with_names_and_an_index(opened: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    opened.bench.actions["stage_sheets"].trigger()
    panel = opened.window.sheets_panel
    qtbot.waitUntil(lambda: panel.zone.count() == 1, timeout=WAIT_MS)
    qtbot.keyClicks(panel.series.files, "{number}_{zone}")
    qtbot.keyClicks(panel.series.scales, "50000,100000")
    panel.series.index.setChecked(True)
    opened.dialogs.files = [tmp_path / "平台.pdf"]
    qtbot.mouseClick(panel.export_all, Qt.MouseButton.LeftButton)
    name = f"1_{panel.zone.itemText(0)}.pdf"
    qtbot.waitUntil(lambda: (tmp_path / name).exists() and opened.idle(), timeout=WAIT_MS)
    assert opened.dialogs.errors == []
    assert {file.name for file in tmp_path.glob("*.pdf")} == {name, "平台-图幅索引.pdf"}


def test_scales_that_are_none_are_refused_before_a_file_is_asked_for(
    opened: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.bench.actions["stage_sheets"].trigger()
    panel = opened.window.sheets_panel
    qtbot.waitUntil(lambda: panel.zone.count() == 1, timeout=WAIT_MS)
    qtbot.keyClicks(panel.series.scales, "5k")
    opened.dialogs.files = [tmp_path / "平台.pdf"]
    qtbot.mouseClick(panel.export_all, Qt.MouseButton.LeftButton)
    assert "5k" in str(opened.dialogs.errors[-1])
    assert opened.dialogs.files == [tmp_path / "平台.pdf"]


def test_the_bureaus_own_templates_beside_the_project_are_offered(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / OWN_FOLDER
    folder.mkdir()
    text = shipped_template("city_a3").read_text(encoding="utf-8")
    (folder / "挂图.toml").write_text(text.replace("全域总图（A3）", "本局挂图"), encoding="utf-8")
    (folder / "坏.toml").write_text("key = 1", encoding="utf-8")
    open_sample(desk, qtbot, tmp_path)
    desk.bench.actions["stage_sheets"].trigger()
    panel = desk.window.sheets_panel
    qtbot.waitUntil(lambda: panel.template.findText("本局挂图") >= 0, timeout=WAIT_MS)
    assert "坏.toml" in desk.window.status.jobs.notice_text()


def test_a_sheet_is_printed_in_pieces_and_registered(opened: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    opened.bench.actions["stage_sheets"].trigger()
    panel = opened.window.sheets_panel
    qtbot.waitUntil(lambda: panel.zone.count() == 1, timeout=WAIT_MS)
    file = tmp_path / "print.pdf"
    opened.dialogs.printing = PrintOrder("", file, "A4", (210.0, 297.0))
    opened.bench.actions["print_sheet"].trigger()
    qtbot.waitUntil(lambda: file.exists() and opened.idle(), timeout=WAIT_MS)
    assert opened.dialogs.errors == []
    (offer,) = opened.dialogs.offers
    # A3 across, 420 mm at 80 dots per inch
    assert offer.picture.width() == round(420 / 25.4 * 80)
    assert "4" in opened.window.status.jobs.notice_text()
    (entry,) = exports_of(opened.session.project)
    assert [kept.name for kept in entry.files] == ["print.pdf"]


def test_a_sheet_goes_to_the_clipboard_and_is_registered(opened: Desk, qtbot: QtBot) -> None:
    opened.bench.actions["stage_sheets"].trigger()
    panel = opened.window.sheets_panel
    qtbot.waitUntil(lambda: panel.zone.count() == 1, timeout=WAIT_MS)
    qtbot.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    told = opened.window.status.jobs.notice_text
    qtbot.waitUntil(lambda: "剪贴板" in told() and opened.idle(), timeout=WAIT_MS)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.image().width() == round(420 / 25.4 * 200)
    (entry,) = exports_of(opened.session.project)
    assert [kept.name for kept in entry.files] == ["剪贴板"]


def test_a_held_sheet_is_not_printed(opened: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    opened.bench.actions["stage_sheets"].trigger()
    panel = opened.window.sheets_panel
    qtbot.waitUntil(lambda: panel.zone.count() == 1, timeout=WAIT_MS)
    panel.use.setCurrentIndex(panel.use.findData("公示公告"))
    opened.dialogs.printing = PrintOrder("", tmp_path / "print.pdf", "A4", (210.0, 297.0))
    opened.dialogs.verb = "leave"
    qtbot.mouseClick(panel.print, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(opened.dialogs.explained) and opened.idle(), timeout=WAIT_MS)
    assert "审图号" in opened.dialogs.explained[-1]
    assert opened.dialogs.offers == []
    assert not (tmp_path / "print.pdf").exists()


def test_a_sheet_that_is_stopped_leaves_by_name_and_reason(
    opened: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    opened.bench.actions["stage_sheets"].trigger()
    panel = opened.window.sheets_panel
    qtbot.waitUntil(lambda: panel.zone.count() == 1, timeout=WAIT_MS)
    # for the public, and nobody has stated how it stands with the 审图号
    panel.use.setCurrentIndex(panel.use.findData("公示公告"))
    opened.dialogs.files = [tmp_path / "held.pdf", tmp_path / "sheet.pdf"]
    opened.dialogs.verb, opened.dialogs.line = "leave", "会上投影，不散发"
    qtbot.mouseClick(panel.export_one, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(opened.dialogs.explained) and opened.idle(), timeout=WAIT_MS)
    assert "审图号" in opened.dialogs.explained[-1]
    assert not (tmp_path / "held.pdf").exists()
    opened.dialogs.verb = "override"
    qtbot.mouseClick(panel.export_one, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (tmp_path / "sheet.pdf").exists() and opened.idle(), timeout=WAIT_MS)
    (entry,) = exports_of(opened.session.project)
    assert (entry.approved_by, entry.why, entry.use) == ("会上投影，不散发", "会上投影，不散发", "公示公告")
    assert entry.overridden
