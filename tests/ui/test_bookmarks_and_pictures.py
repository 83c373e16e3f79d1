"""What one keeps of the map and brings to it: bookmarks, pictures without what is secret, dropped files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.errors import SecrecyError
from layers.store import Project
from tests.ui.bench_hands import (
    WAIT_MS,
    idle,
    part,
    press,
)
from tests.ui.prepared_dialogs import PreparedDialogs
from ui.flows.bookmarks import BookmarkFlows
from ui.workbench import Workbench
from zsgis.bookmarks import SETTING


def test_bookmarks_are_added_gone_to_renamed_removed_and_undone(
    bench: Workbench, qtbot: QtBot, prepared_dialogs: PreparedDialogs
) -> None:
    canvas, marks = bench.window.canvas, part(bench, BookmarkFlows)
    idle(bench, qtbot)
    canvas.center_on(500_150, 2_490_050)
    canvas.set_scale(500)
    kept = canvas.view
    prepared_dialogs.line = "东地块 北侧"
    press(bench, qtbot, "Ctrl+B")
    canvas.zoom_full()
    bench.actions["bookmarks"].trigger()
    assert marks.list.names == ["东地块 北侧"]
    go, _rename, remove = marks.list.buttons()
    qtbot.mouseClick(go, Qt.MouseButton.LeftButton)
    assert canvas.view.scale_denominator == pytest.approx(500, rel=1e-6)
    assert canvas.view.center_x == pytest.approx(kept.center_x, abs=kept.units_per_px)
    item = marks.list.list_widget.item(0)
    assert item is not None
    item.setText("新名")
    assert [mark.name for mark in marks.bookmarks] == ["新名"]
    item = marks.list.list_widget.item(0)
    assert item is not None
    item.setText("  ")
    assert marks.list.names == ["新名"]
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert marks.list.names == []
    bench.undo_stack.undo()
    bench.undo_stack.undo()
    assert marks.list.names == ["东地块 北侧"]
    bench.undo_stack.redo()
    assert marks.list.names == ["新名"]
    marks.list.close()


def test_bookmarks_are_in_the_project_even_when_it_is_closed_at_once(
    bench: Workbench, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    idle(bench, qtbot)
    prepared_dialogs.line = "甲"
    bench.actions["add_bookmark"].trigger()
    bench.projects.close_project()
    idle(bench, qtbot)
    with Project.open(tmp_path / "work.gpkg") as project:
        assert [entry["name"] for entry in project.setting(SETTING)] == ["甲"]
    bench.projects.open_path(tmp_path / "work.gpkg")
    qtbot.waitUntil(lambda: bench.session.project is not None, timeout=WAIT_MS)
    idle(bench, qtbot)
    assert [mark.name for mark in part(bench, BookmarkFlows).bookmarks] == ["甲"]


def clipboard_image() -> QImage:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard.image()


def test_the_picture_of_the_map_is_copied_and_saved(
    bench: Workbench, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    press(bench, qtbot, "Ctrl+Shift+C")
    canvas = bench.window.canvas
    qtbot.waitUntil(lambda: clipboard_image().width() == canvas.width(), timeout=WAIT_MS)
    prepared_dialogs.files = [tmp_path / "图.png"]
    bench.actions["save_picture"].trigger()
    qtbot.waitUntil((tmp_path / "图.png").is_file, timeout=WAIT_MS)
    idle(bench, qtbot)
    saved = QImage(str(tmp_path / "图.png"))
    assert (saved.width(), saved.height()) == (canvas.width(), canvas.height())
    assert [path.name for path in tmp_path.glob("*.png")] == ["图.png"]


def test_a_picture_that_cannot_be_written_is_offered_another_place(
    bench: Workbench, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    (tmp_path / "图.png").mkdir()
    prepared_dialogs.files = [tmp_path / "图.png", tmp_path / "另存.png"]
    prepared_dialogs.remedy = "elsewhere"
    bench.actions["save_picture"].trigger()
    qtbot.waitUntil((tmp_path / "另存.png").is_file, timeout=WAIT_MS)
    idle(bench, qtbot)
    assert len(prepared_dialogs.errors) == 1


def test_what_is_secret_goes_into_no_picture(
    bench: Workbench, qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path
) -> None:
    parcels = next(layer for layer in bench.session.layers if layer.kind == "land_use")
    bench.edits.set_secrecy(parcels.uid, "秘密★10年")
    blank = QImage(1, 1, QImage.Format.Format_RGB32)
    blank.fill(Qt.GlobalColor.white)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    clipboard.setImage(blank)
    prepared_dialogs.files = [tmp_path / "图.png"]
    bench.actions["copy_picture"].trigger()
    bench.actions["save_picture"].trigger()
    idle(bench, qtbot)
    assert [type(error) for error in prepared_dialogs.errors] == [SecrecyError, SecrecyError]
    assert clipboard_image().width() == 1
    assert not (tmp_path / "图.png").exists()
    # hidden it is not in the picture
    bench.edits.set_visible(parcels.uid, False)
    bench.actions["copy_picture"].trigger()
    qtbot.waitUntil(lambda: clipboard_image().width() > 1, timeout=WAIT_MS)


def test_what_is_internal_is_marked(bench: Workbench, qtbot: QtBot) -> None:
    def copied() -> np.ndarray:
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        clipboard.clear()
        bench.actions["copy_picture"].trigger()
        qtbot.waitUntil(lambda: not clipboard_image().isNull(), timeout=WAIT_MS)
        image = clipboard_image().convertToFormat(QImage.Format.Format_RGB888).copy(0, 0, 120, 60)
        bits = image.constBits()
        assert bits is not None
        bits.setsize(image.sizeInBytes())
        return np.frombuffer(bytes(bits), dtype=np.uint8)

    plain = copied()
    parcels = next(layer for layer in bench.session.layers if layer.kind == "land_use")
    bench.edits.set_secrecy(parcels.uid, "内部")
    assert (copied() != plain).any()


def test_files_are_dropped_on_the_map_itself(bench: Workbench, qtbot: QtBot, tmp_path: Path) -> None:
    dropped: list[list[Path]] = []
    bench.window.files_dropped.disconnect()
    bench.window.files_dropped.connect(dropped.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "红线.dxf"))])
    canvas, copying = bench.window.canvas, Qt.DropAction.CopyAction
    middle = canvas.rect().center()
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(middle, copying, data, buttons, keys)
    QApplication.sendEvent(canvas, entering)
    assert entering.isAccepted()
    dropping = QDropEvent(QPointF(middle), copying, data, buttons, keys)
    QApplication.sendEvent(bench.window, dropping)
    assert dropped == [[tmp_path / "红线.dxf"]]
