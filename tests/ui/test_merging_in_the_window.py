"""A working copy brought back in the window: conflicts decided with mouse and keys, merged as one edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from benchmarks.merge_histories import uid_of
from layers.edits import ChangeFeature, Edit
from layers.store import Project
from layers.store.owner_lock import OwnerLock
from layers.store.working_copies import read_origin
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS, Desk
from tests.zsgis.merging.scenes import MINE, MINE_PIECE, THEIRS, two_people
from ui.dialogs.merging.dialog import MergeDialog
from ui.dialogs.merging.question_table import FIRST_SIDE, TAKEN
from ui.flows.history import HistoryFlows
from ui.flows.merging import MergeFlows
from ui.flows.sharing import SharingFlows
from zsgis.merging.model import Side
from zsgis.merging.sitting import MergeFiles

LEFT = Qt.MouseButton.LeftButton


class Hands:
    """The window with a merge in it."""

    def __init__(self, desk: Desk, qtbot: QtBot, files: MergeFiles, layer: str) -> None:
        self.desk, self.qtbot, self.files, self.layer = desk, qtbot, files, layer

    @property
    def flows(self) -> MergeFlows:
        return next(part for part in self.desk.bench.extensions if isinstance(part, MergeFlows))

    @property
    def dialog(self) -> MergeDialog:
        assert self.flows.dialog is not None
        return self.flows.dialog

    def hand_in(self) -> MergeDialog:
        """Hand the working copy in, as the sharing bar does."""
        sharing = next(part for part in self.desk.bench.extensions if isinstance(part, SharingFlows))
        sharing.hand_in(self.files.mine)
        return self.shown()

    def shown(self) -> MergeDialog:
        self.qtbot.waitUntil(lambda: self.flows.dialog is not None, timeout=WAIT_MS)
        self.qtbot.waitUntil(self.desk.idle, timeout=WAIT_MS)
        return self.dialog

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.dialog.list, key, modifier)

    def click_value(self, row: int, side: Side) -> None:
        table = self.dialog.table
        at = table.questions.index(row, FIRST_SIDE + list(Side).index(side))
        self.click(table.viewport(), table.visualRect(at).center())

    def click_row(self, row: int) -> None:
        listed = self.dialog.list
        self.click(listed.viewport(), listed.visualRect(listed.conflicts.index(row, 1)).center())

    def click(self, widget: QWidget | None, at: QPoint) -> None:
        assert widget is not None
        self.qtbot.mouseClick(widget, LEFT, pos=at)

    def press(self, button: QWidget) -> None:
        self.qtbot.mouseClick(button, LEFT)

    def states(self) -> dict[str, dict[str, object]]:
        project = self.desk.session.project
        return {one.zs_uid: dict(one.values) for one in project.states(self.layer)}


@pytest.fixture
def hands(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[Hands]:
    files, layer = two_people(tmp_path)
    desk = Desk(tmp_path, prepared_dialogs)
    desk.open(qtbot, files.theirs, 1)
    made = Hands(desk, qtbot, files, layer.uid)
    yield made
    if made.flows.dialog is not None:
        made.flows.dialog.reject()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    desk.close()


def test_a_copy_comes_back_conflict_by_conflict(hands: Hands, qtbot: QtBot) -> None:
    dialog = hands.hand_in()
    assert "已定 0" in dialog.told.text()
    assert not dialog.merge.isEnabled()
    assert MINE.name in dialog.who.text()
    assert THEIRS.name in dialog.who.text()

    hands.key(Qt.Key.Key_2)  # the first has one question: mine
    assert dialog.list.conflicts.index(0, 3).data() == "已定"
    hands.key(Qt.Key.Key_N)
    assert dialog.list.currentIndex().row() == 1
    hands.click_value(0, Side.THEIRS)
    assert [row.chosen for row in dialog.table.questions.rows] == [Side.THEIRS] * 3
    hands.key(Qt.Key.Key_Down)
    assert dialog.list.currentIndex().row() == 2
    hands.press(dialog.whole[Side.MINE])  # decides, and goes on
    assert dialog.list.currentIndex().row() == 3
    hands.press(dialog.whole[Side.BASE])
    hands.press(dialog.whole[Side.MINE])
    assert "已定 5" in dialog.told.text()
    assert dialog.progress.value() == 5

    hands.press(dialog.merge)
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.summary, timeout=WAIT_MS)
    qtbot.waitUntil(hands.desk.idle, timeout=WAIT_MS)
    assert dialog.summary.merged.rows() == 3
    states = hands.states()
    assert states[uid_of(0)]["name"] == "科学城一号"
    assert states[uid_of(8)]["name"] == "图斑8"
    assert MINE_PIECE in states
    assert hands.desk.session.project.edits()[0].kind == "merge"
    origin = read_origin(hands.files.mine)
    assert origin is not None
    assert origin.handed_in is not None
    hands.press(dialog.summary.close_it)
    assert hands.flows.dialog is None

    _look_back(hands, qtbot)

    before = hands.desk.session.project.edits()[0].uid
    hands.desk.bench.editing.undo()
    qtbot.waitUntil(lambda: hands.states()[uid_of(0)]["name"] == "科学城起步区", timeout=WAIT_MS)
    assert hands.desk.session.project.edits()[0].of == before


def _look_back(hands: Hands, qtbot: QtBot) -> None:
    """Whose work it was is told where one looks back at the feature."""
    history = next(part for part in hands.desk.bench.extensions if isinstance(part, HistoryFlows))
    hands.desk.session.select({hands.layer: {uid_of(10)}})
    history.open()
    qtbot.waitUntil(lambda: bool(history.panel.entries) and hands.desk.idle(), timeout=WAIT_MS)
    assert "外业修改" in history.panel.steps.text()
    assert MINE.name in history.panel.steps.text().splitlines()[-1]


def test_a_copy_that_cannot_be_noted_in_is_told(
    hands: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zsgis.sharing.opening._OWN_CLOSING_S", 0.0)
    dialog = hands.hand_in()
    for _conflict in range(5):
        hands.press(dialog.whole[Side.MINE])
    lock = OwnerLock(hands.files.mine, "another window")
    assert lock.take()
    try:
        hands.press(dialog.merge)
        qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.summary, timeout=WAIT_MS)
        qtbot.waitUntil(hands.desk.idle, timeout=WAIT_MS)
    finally:
        lock.release()
    assert hands.files.mine.name in hands.desk.window.status.jobs.notice_text()
    hands.press(dialog.summary.close_it)
    # it is not noted, and yet does not come in a second time
    sharing = next(part for part in hands.desk.bench.extensions if isinstance(part, SharingFlows))
    sharing.hand_in(hands.files.mine)
    qtbot.waitUntil(lambda: len(hands.desk.dialogs.errors) == 1, timeout=WAIT_MS)
    assert "早已并入" in str(hands.desk.dialogs.errors[0])
    assert hands.flows.dialog is None


def test_decisions_outlive_the_window(hands: Hands, qtbot: QtBot) -> None:
    dialog = hands.hand_in()
    hands.key(Qt.Key.Key_3)
    hands.click_row(3)
    hands.press(dialog.whole[Side.THEIRS])
    hands.press(dialog.later)
    qtbot.waitUntil(hands.desk.idle, timeout=WAIT_MS)
    again = hands.hand_in()
    assert "已定 2" in again.told.text()
    assert again.list.currentIndex().row() == 1
    hands.click_row(0)
    assert again.table.questions.rows[0].chosen is Side.THEIRS


def test_a_value_of_ones_own_is_typed(hands: Hands, qtbot: QtBot) -> None:
    dialog = hands.hand_in()
    table = dialog.table
    cell = table.questions.index(0, TAKEN)
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(cell).center())
    qtbot.mouseDClick(table.viewport(), LEFT, pos=table.visualRect(cell).center())
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "KXC 123")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.questions.rows[0].taken == "KXC 123", timeout=WAIT_MS)
    assert dialog.deciding.decided == 1


def test_the_small_map_shows_hides_and_zooms(hands: Hands, qtbot: QtBot) -> None:
    dialog = hands.hand_in()
    hands.click_row(1)
    qtbot.waitUntil(hands.desk.idle, timeout=WAIT_MS)
    # parcels 1 to 3 of 20 m: 60 m x 20 m
    west, south, east, north = dialog.map.bounds() or (0, 0, 0, 0)
    assert (round(east - west), round(north - south)) == (60, 20)
    shown = dialog.map.grab().toImage()
    hands.press(dialog.switches[Side.MINE])
    assert not dialog.switches[Side.MINE].isChecked()
    assert dialog.map.grab().toImage() != shown
    scale = dialog.map.scale
    wheel = QWheelEvent(
        QPointF(10, 10),
        QPointF(dialog.map.mapToGlobal(QPoint(10, 10))),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(dialog.map, wheel)
    assert dialog.map.scale == pytest.approx(scale * 1.25)
    middle = dialog.map.middle
    qtbot.mousePress(dialog.map, LEFT, pos=QPoint(50, 50))
    qtbot.mouseMove(dialog.map, QPoint(90, 50))
    qtbot.mouseRelease(dialog.map, LEFT, pos=QPoint(90, 50))
    assert dialog.map.middle[0] == pytest.approx(middle[0] - 40 / dialog.map.scale)
    hands.press(dialog.go)
    assert hands.desk.session.selection == {hands.layer: {uid_of(number) for number in (1, 2, 3)}}


def test_what_is_alike_is_shown_at_will(hands: Hands, qtbot: QtBot) -> None:
    dialog = hands.hand_in()
    few = len(dialog.table.questions.rows)
    hands.press(dialog.alike)
    rows = dialog.table.questions.rows
    assert len(rows) > few
    assert [row.question is not None for row in rows].count(True) == 1


def test_a_project_that_changed_meanwhile_is_worked_out_again(hands: Hands, qtbot: QtBot) -> None:
    dialog = hands.hand_in()
    for _conflict in range(5):
        hands.press(dialog.whole[Side.MINE])
    project = hands.desk.session.project
    project.apply(Edit("改", (ChangeFeature(hands.layer, uid_of(4), values={"name": "刚改"}),)))
    hands.press(dialog.merge)
    qtbot.waitUntil(lambda: hands.flows.dialog not in (None, dialog), timeout=WAIT_MS)
    qtbot.waitUntil(hands.desk.idle, timeout=WAIT_MS)
    again = hands.dialog
    assert "已定 5" in again.told.text()
    hands.press(again.merge)
    qtbot.waitUntil(lambda: again.pages.currentWidget() is again.summary, timeout=WAIT_MS)
    qtbot.waitUntil(hands.desk.idle, timeout=WAIT_MS)
    assert hands.states()[uid_of(4)]["name"] == "刚改"
    assert hands.desk.dialogs.errors == []


def test_any_three_files_are_merged_into_a_new_one(hands: Hands, qtbot: QtBot, tmp_path: Path) -> None:
    copy = tmp_path / "现在.gpkg"
    with Project.open(hands.files.theirs, read_only=True) as project:
        project.copies.copy_to(copy)
    out, listed = tmp_path / "合并.gpkg", tmp_path / "清单.xlsx"
    hands.desk.dialogs.files = [hands.files.base, hands.files.mine, copy, listed, out]
    hands.flows.handlers()["merge_projects"]()
    dialog = hands.shown()
    for _conflict in range(5):
        hands.press(dialog.whole[Side.THEIRS])
    hands.press(dialog.export)
    qtbot.waitUntil(hands.desk.idle, timeout=WAIT_MS)
    assert len(openpyxl.load_workbook(listed).worksheets) == 2
    hands.press(dialog.merge)
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.summary, timeout=WAIT_MS)
    qtbot.waitUntil(hands.desk.idle, timeout=WAIT_MS)
    with Project.open(out, read_only=True) as merged:
        states = {one.zs_uid: one.values for one in merged.states(hands.layer)}
    assert states[uid_of(0)]["name"] == "科学城起步区"
    assert states[uid_of(10)]["line_width_m"] == 400.5


def test_files_of_other_projects_are_refused_with_a_sentence(
    hands: Hands, qtbot: QtBot, tmp_path: Path
) -> None:
    with Project.create(tmp_path / "别的.gpkg", "4547"):
        pass
    hands.desk.dialogs.files = [tmp_path / "别的.gpkg", hands.files.mine, hands.files.theirs]
    hands.flows.ask_files()
    qtbot.waitUntil(lambda: len(hands.desk.dialogs.errors) == 1, timeout=WAIT_MS)
    assert hands.flows.dialog is None
