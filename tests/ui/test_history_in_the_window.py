"""Looking back in the window: who changed a feature, what it was, and putting it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from layers.edits import AddFeature, ChangeFeature, Edit, EditKind, RemoveFeature
from tests.ui.form_hands import UIDS, FormHands, make_project
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_desk import WAIT_MS
from tests.ui.window_samples import square
from ui.flows.history import HistoryFlows
from ui.panels.history_panel_edits import EditListPage

LEFT = Qt.MouseButton.LeftButton


class HistoryHands(FormHands):
    """The same hands at the history."""

    @property
    def history(self) -> HistoryFlows:
        return self.part(HistoryFlows)

    def rest(self) -> None:
        super().rest()
        self.qtbot.waitUntil(lambda: not self.history.is_busy and self.desk.idle(), timeout=WAIT_MS)

    def submit(self, title: str, *changes: Any) -> None:
        self.editing.submit(Edit(title, changes))
        self.rest()

    def click(self, button: QPushButton) -> None:
        self.qtbot.mouseClick(button, LEFT)
        self.rest()

    def lines(self) -> list[str]:
        entries = self.history.panel.list
        items = (entries.item(place) for place in range(entries.count()))
        return [item.text().splitlines()[1] for item in items if item is not None]

    def choose(self, place: int) -> None:
        entries = self.history.panel.list
        item = entries.item(place)
        self.qtbot.mouseClick(entries.viewport(), LEFT, pos=entries.visualItemRect(item).center())
        self.rest()

    @property
    def page(self) -> EditListPage:
        page = self.history.edits.page
        assert page is not None
        return page


@pytest.fixture
def hands(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[HistoryHands]:
    make_project(tmp_path / "work.gpkg")
    made = HistoryHands(qtbot, tmp_path, prepared_dialogs)
    yield made
    made.close()


def reshaped(hands: HistoryHands) -> None:
    """Give a polygon another class, then another shape."""
    survey = hands.layer()
    hands.submit("改地类", ChangeFeature(survey, UIDS[0], values={"class_code": "0103"}))
    hands.submit("改形", ChangeFeature(survey, UIDS[0], square(0, 0, 50)))
    hands.select(0)
    hands.press(Qt.Key.Key_F12)


def test_a_key_shows_who_changed_what_the_latest_first(hands: HistoryHands) -> None:
    reshaped(hands)
    assert hands.window.side.current == "history"
    lines = hands.lines()
    assert lines[0].startswith("改形")
    assert "现状" in lines[0]
    assert lines[1] == "改地类"
    assert len(lines) == 3
    hands.choose(1)
    assert "地类编码：0101 水田 → 0103 旱地" in hands.history.panel.steps.text()
    assert "地类名称：水田 → 旱地" in hands.history.panel.steps.text()
    assert not hands.history.panel.preview.isVisible()
    hands.choose(0)
    assert "图斑面积：9,998.97 → 2,500.00" in hands.history.panel.steps.text()
    assert hands.history.panel.preview.isVisible()


def test_a_change_of_shape_is_drawn_over_the_map_while_it_is_looked_at(hands: HistoryHands) -> None:
    reshaped(hands)
    ghost = hands.history._ghost
    assert ghost.is_shown
    before = hands.window.canvas.grab().toImage()
    hands.window.side.show_page("inspector")
    assert not ghost.is_shown
    after = hands.window.canvas.grab().toImage()
    assert before != after


def test_a_feature_is_put_back_to_an_earlier_state_as_one_edit(hands: HistoryHands) -> None:
    reshaped(hands)
    project = hands.session.project
    (original,) = [version.state for version in project.history(hands.layer(), UIDS[0])][:1]
    hands.choose(2)
    hands.click(hands.history.panel.restore_button)
    (now,) = project.states(hands.layer(), [UIDS[0]])
    assert dict(now.values) == dict(original.values)
    assert now.geometry.equals_exact(original.geometry, 0.0)
    assert project.edits()[0].kind is EditKind.RESTORE
    assert hands.lines()[0].startswith("恢复：")
    assert not hands.history.panel.restore_button.isEnabled()
    # and taken back again as any edit is
    hands.desk.bench.actions["undo"].trigger()
    hands.rest()
    assert hands.stored(0)["class_code"] == "0103"


def test_pieces_lead_to_the_whole_and_the_whole_to_its_pieces(hands: HistoryHands) -> None:
    survey, piece = hands.layer(), "019313a0-0000-7000-8000-0000000000f1"
    hands.submit(
        "分割",
        ChangeFeature(survey, UIDS[0], square(0, 0, 50)),
        AddFeature(survey, square(50, 0, 50), {"name": "1-1"}, piece, (UIDS[0],)),
    )
    hands.session.select({survey: (piece,)})
    hands.press(Qt.Key.Key_F12)
    assert hands.history.panel.related == ["来自：1"]
    hands.click(
        hands.history.panel.findChildren(QPushButton, options=Qt.FindChildOption.FindChildrenRecursively)[0]
    )
    assert hands.session.selection == {survey: {UIDS[0]}}
    assert hands.history.panel.related == ["变为：1-1"]


def test_the_list_of_edits_is_narrowed_by_layer_and_day(hands: HistoryHands) -> None:
    hands.submit("改地类", ChangeFeature(hands.layer(), UIDS[0], values={"class_code": "0103"}))
    parcels = hands.layer("cadastral_parcels")
    hands.submit("改名", ChangeFeature(parcels, UIDS[3], values={"holder": "某公司"}))
    hands.press(Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    page = hands.page
    assert [head.title for head in page.shown] == ["改名", "改地类"]
    page.layer.setCurrentIndex(page.layer.findData(parcels))
    assert [head.title for head in page.shown] == ["改名"]
    assert page.edits.item(0, 2).text() == "改名"
    page.layer.setCurrentIndex(0)
    page.day.setCurrentIndex(1)
    assert len(page.shown) == 2
    place = page.edits.visualItemRect(page.edits.item(1, 0)).center()
    hands.qtbot.mouseClick(page.edits.viewport(), LEFT, pos=place)
    hands.click(page.select_button)
    assert hands.session.selection == {hands.layer(): {UIDS[0]}}
    # what is edited meanwhile comes to the top
    hands.submit("再改", ChangeFeature(parcels, UIDS[3], values={"holder": "另一公司"}))
    assert [head.title for head in page.shown] == ["再改", "改名", "改地类"]


def test_a_removed_feature_is_found_and_put_back(hands: HistoryHands) -> None:
    before = hands.stored(1)
    hands.submit("删除", RemoveFeature(hands.layer(), UIDS[1]))
    hands.press(Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    page = hands.page
    page.tabs.setCurrentIndex(1)
    page.removed_layer.setCurrentIndex(page.removed_layer.findData(hands.layer()))
    hands.rest()
    assert page.removed.item(0, 0).text() == "2"
    place = page.removed.visualItemRect(page.removed.item(0, 0)).center()
    hands.qtbot.mouseClick(page.removed.viewport(), LEFT, pos=place)
    hands.click(page.restore_button)
    assert hands.stored(1) == before
    assert page.removed.rowCount() == 0
    assert hands.session.selection == {hands.layer(): {UIDS[1]}}


def test_another_project_forgets_the_history_that_was_shown(hands: HistoryHands) -> None:
    reshaped(hands)
    hands.press(Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    hands.dialogs.verb = "stop"
    hands.desk.bench.actions["close_project"].trigger()
    hands.qtbot.waitUntil(lambda: hands.session.project is None, timeout=WAIT_MS)
    assert hands.history.panel.entries == ()
    assert hands.history.edits.page is None
