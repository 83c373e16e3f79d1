"""Copies of the project in the window: taken, compared, gone back to, with mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from layers.edits import ChangeFeature, Edit, RemoveFeature
from layers.store import Project
from layers.store.backups import CopyKind
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import EAST, WEST
from ui.flows.backups import BackupFlows
from zsgis.backups.settings import BackupSettingsStore

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, prepared_dialogs: PreparedDialogs) -> Iterator[Desk]:
    made = Desk(tmp_path, prepared_dialogs)
    # only the test of the daily copy wants one
    _flows(made).timer.setInterval(3_600_000)
    open_sample(made, qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def flows(desk: Desk) -> BackupFlows:
    return _flows(desk)


def _flows(desk: Desk) -> BackupFlows:
    return next(part for part in desk.bench.extensions if isinstance(part, BackupFlows))


def _press(qtbot: QtBot, button: Any) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _copies(desk: Desk) -> list[Any]:
    project = desk.session.project
    return list(project.copies.shelf(BackupSettingsStore().read().place).copies())


def _edit(desk: Desk, qtbot: QtBot, *changes: Any) -> None:
    project = desk.session.project
    project.apply(Edit("改", changes))
    desk.session.renew_layers(project.layers())
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def _shown(desk: Desk, flows: BackupFlows, qtbot: QtBot) -> Any:
    """Open the dialog by its command and wait until the marked copy is compared."""
    desk.bench.actions["backups"].trigger()
    dialog = flows.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: desk.idle() and dialog.layers.rowCount() > 0, timeout=WAIT_MS)
    return dialog


def _rows(table: Any) -> list[list[str]]:
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_a_copy_of_the_day_is_taken_once_after_opening(desk: Desk, flows: BackupFlows, qtbot: QtBot) -> None:
    assert flows.timer.isActive()
    flows.timer.setInterval(0)
    flows.timer.start()
    qtbot.waitUntil(lambda: len(_copies(desk)) == 1 and desk.idle(), timeout=WAIT_MS)
    (copy,) = _copies(desk)
    assert copy.kind is CopyKind.DAILY
    desk.bench.edits.rename(layer_uid(desk, "platforms"), "新平台")
    qtbot.waitUntil(lambda: desk.idle() and not flows.timer.isActive(), timeout=WAIT_MS)
    assert _copies(desk) == [copy]


def test_the_copy_of_the_day_waits_for_the_map(desk: Desk, flows: BackupFlows, qtbot: QtBot) -> None:
    canvas = desk.bench.window.canvas
    canvas.zoom_by_steps(8)
    assert not canvas.is_complete
    flows.timer.timeout.emit()
    assert flows.timer.isActive()
    flows.timer.stop()
    assert desk.idle()
    assert _copies(desk) == []
    qtbot.waitUntil(lambda: canvas.is_complete, timeout=WAIT_MS)
    flows.timer.timeout.emit()
    qtbot.waitUntil(lambda: len(_copies(desk)) == 1 and desk.idle(), timeout=WAIT_MS)


def test_going_back_to_a_copy_shows_what_was_there_and_keeps_what_is(
    desk: Desk, flows: BackupFlows, qtbot: QtBot
) -> None:
    land = layer_uid(desk, "land_use")
    desk.bench.actions["back_up"].trigger()
    qtbot.waitUntil(lambda: desk.idle() and len(_copies(desk)) == 1, timeout=WAIT_MS)
    _edit(desk, qtbot, ChangeFeature(land, WEST, values={"name": "改过"}), RemoveFeature(land, EAST))
    dialog = _shown(desk, flows, qtbot)
    assert _rows(dialog.list)[0][1:3] == ["手动", ""]
    assert _rows(dialog.layers) == [
        ["平台", "1", "1", "", "", ""],
        ["图斑", "2", "1", "", "1", "1"],
    ] or _rows(dialog.layers) == [["图斑", "2", "1", "", "1", "1"], ["平台", "1", "1", "", "", ""]]
    desk.dialogs.verb = "restore"
    _press(qtbot, dialog.buttons["restore"])
    qtbot.waitUntil(lambda: desk.idle() and desk.session.layer(land).feature_count == 2, timeout=WAIT_MS)
    project = desk.session.project
    assert project.feature(land, WEST)["name"] == "西地块"
    assert not project.read_only
    assert any("恢复到" in text for text in desk.dialogs.asked)
    before, by_hand = _copies(desk)
    assert (before.kind, by_hand.kind) == (CopyKind.RISKY, CopyKind.BY_HAND)
    with Project.open(before.path, read_only=True) as other:
        assert other.feature(land, WEST)["name"] == "改过"
    qtbot.waitUntil(lambda: len(desk.window.canvas.layers) == 2, timeout=WAIT_MS)


def test_whoever_does_not_confirm_keeps_the_present_state(
    desk: Desk, flows: BackupFlows, qtbot: QtBot
) -> None:
    land = layer_uid(desk, "land_use")
    flows.back_up()
    qtbot.waitUntil(lambda: desk.idle() and len(_copies(desk)) == 1, timeout=WAIT_MS)
    _edit(desk, qtbot, RemoveFeature(land, EAST))
    dialog = _shown(desk, flows, qtbot)
    desk.dialogs.verb = "stay"
    _press(qtbot, dialog.buttons["restore"])
    _press(qtbot, dialog.buttons["remove"])
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    assert desk.session.project.layer(land).feature_count == 1
    assert len(_copies(desk)) == 1
    desk.dialogs.verb = "remove"
    _press(qtbot, dialog.buttons["remove"])
    qtbot.waitUntil(lambda: desk.idle() and dialog.list.rowCount() == 0, timeout=WAIT_MS)
    assert not dialog.buttons["restore"].isEnabled()
    assert "尚无备份" in dialog.head.text()


def test_a_layer_that_was_removed_is_ticked_and_comes_back(
    desk: Desk, flows: BackupFlows, qtbot: QtBot
) -> None:
    land = layer_uid(desk, "land_use")
    desk.session.project.remove_layer(land)
    desk.session.set_layers(desk.session.project.layers())
    (copy,) = _copies(desk)
    assert copy.reason == "移除图层“图斑”"
    dialog = _shown(desk, flows, qtbot)
    assert not dialog.buttons["layers"].isEnabled()
    row = [cells[0] for cells in _rows(dialog.layers)].index("图斑")
    dialog.layers.item(row, 0).setCheckState(Qt.CheckState.Checked)
    assert dialog.wanted_layers() == [land]
    _press(qtbot, dialog.buttons["layers"])
    qtbot.waitUntil(lambda: desk.session.layer(land) is not None and desk.idle(), timeout=WAIT_MS)
    assert desk.session.project.feature(land, WEST)["name"] == "西地块"


def test_a_copy_is_saved_as_a_project_and_another_folder_is_chosen(
    desk: Desk, flows: BackupFlows, qtbot: QtBot, tmp_path: Path
) -> None:
    flows.back_up()
    qtbot.waitUntil(lambda: desk.idle() and len(_copies(desk)) == 1, timeout=WAIT_MS)
    dialog = _shown(desk, flows, qtbot)
    desk.dialogs.files = [tmp_path / "另存.gpkg", tmp_path / "备份盘"]
    _press(qtbot, dialog.buttons["save_as"])
    qtbot.waitUntil(lambda: desk.idle() and (tmp_path / "另存.gpkg").exists(), timeout=WAIT_MS)
    with Project.open(tmp_path / "另存.gpkg", read_only=True) as other:
        assert other.uid != desk.session.project.uid
    desk.dialogs.verb = "no"
    _press(qtbot, dialog.buttons["folder"])
    qtbot.waitUntil(lambda: desk.idle() and "备份盘" in dialog.folder.text(), timeout=WAIT_MS)
    _press(qtbot, dialog.buttons["back_up"])
    qtbot.waitUntil(lambda: desk.idle() and dialog.list.rowCount() == 2, timeout=WAIT_MS)
    assert len(list((tmp_path / "备份盘" / "work.备份").glob("*.gpkg"))) == 1
