"""Criteria compared in pairs in the window: typed by key, chosen by mouse, weights and CR as they follow."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from tests.ui.window_desk import WAIT_MS, Desk
from ui.dialogs.comparing.dialog import Compared, ComparisonsDialog
from ui.forms.editors import ComparisonsEditor
from ui.theme import LIGHT
from zsgis.analysis.suitability.ahp import matrix_of, random_indices, weigh

THREE = ("距载体", "平台内", "规划用途")


@pytest.fixture
def dialog(qtbot: QtBot) -> ComparisonsDialog:
    return shown(qtbot, Compared(""))


def shown(qtbot: QtBot, given: Compared, last: Compared | None = None) -> ComparisonsDialog:
    made = ComparisonsDialog(THREE, random_indices(), given, last, LIGHT)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.view.setFocus()
    return made


def typed(dialog: ComparisonsDialog, qtbot: QtBot, row: int, column: int, text: str) -> None:
    """Click on a cell, type over it and press Enter."""
    view = dialog.view
    port = view.viewport()
    assert port is not None
    place = view.visualRect(dialog.model.index(row, column)).center()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(view, Qt.Key.Key_F2)
    # one that was closed before may not be gone yet
    (box,) = (box for box in view.findChildren(QComboBox) if box.isVisible())
    line = box.lineEdit()
    assert line is not None
    qtbot.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    QApplication.processEvents()


def texts(dialog: ComparisonsDialog) -> list[list[str]]:
    model = dialog.model
    return [
        [str(model.data(model.index(row, column))) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_all_alike_is_where_it_begins(dialog: ComparisonsDialog) -> None:
    assert texts(dialog) == [["1", "1", "1"]] * 3
    assert [share.text() for share in dialog.weights.shares] == ["33.33 %"] * 3
    assert dialog.take_button.isEnabled()
    assert not dialog.reason.isVisible()


def test_what_is_typed_above_stands_reversed_below_and_moves_the_weights(
    dialog: ComparisonsDialog, qtbot: QtBot
) -> None:
    typed(dialog, qtbot, 0, 1, "2")
    typed(dialog, qtbot, 0, 2, "4")
    typed(dialog, qtbot, 1, 2, "2")
    assert texts(dialog) == [["1", "2", "4"], ["1/2", "1", "2"], ["1/4", "1/2", "1"]]
    # 4 : 2 : 1 of seven, without contradiction
    assert [share.text() for share in dialog.weights.shares] == ["57.14 %", "28.57 %", "14.29 %"]
    assert [bar.value() for bar in dialog.weights.bars] == [1000, 500, 250]
    assert "CR 0.0000，小于 0.1" in dialog.verdict.text()
    assert dialog.verdict.property("role") == "accent"


def test_the_keyboard_alone_will_do(dialog: ComparisonsDialog, qtbot: QtBot) -> None:
    # the first cell above the diagonal is chosen at the start: a key opens it
    qtbot.keyClick(dialog.view, Qt.Key.Key_F2)
    box = dialog.view.findChild(QComboBox)
    assert box is not None
    line = box.lineEdit()
    assert line is not None
    qtbot.keyClicks(line, "1/3")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert texts(dialog)[0][1] == "1/3"
    assert texts(dialog)[1][0] == "3"
    assert dialog.sentence.text() == "“平台内”比“距载体”稍重要（3）。"


def test_below_the_diagonal_nothing_is_typed(dialog: ComparisonsDialog, qtbot: QtBot) -> None:
    dialog.view.setCurrentIndex(dialog.model.index(2, 0))
    qtbot.keyClick(dialog.view, Qt.Key.Key_F2)
    assert dialog.view.findChild(QComboBox) is None
    assert not dialog.model.setData(dialog.model.index(2, 0), "3")


@pytest.mark.parametrize(("text", "told"), [("12", "1/9 与 9"), ("x", "不是比较值"), ("0", "不是比较值")])
def test_what_is_no_comparison_is_refused_and_said(
    dialog: ComparisonsDialog, qtbot: QtBot, text: str, told: str
) -> None:
    typed(dialog, qtbot, 0, 1, "5")
    typed(dialog, qtbot, 0, 1, text)
    assert texts(dialog)[0][1] == "5"
    assert told in dialog.sentence.text()
    assert dialog.sentence.property("role") == "danger"


def test_contradictions_are_taken_with_a_reason_only(dialog: ComparisonsDialog, qtbot: QtBot) -> None:
    # a over b and b over c each twice, c over a twice: CI 0.25, RI 0.58, CR 0.4310
    typed(dialog, qtbot, 0, 1, "2")
    typed(dialog, qtbot, 0, 2, "1/2")
    typed(dialog, qtbot, 1, 2, "2")
    assert "CR 0.4310，不小于 0.1" in dialog.verdict.text()
    assert dialog.verdict.property("role") == "danger"
    assert "最矛盾" in dialog.advice.text()
    assert dialog.reason.isVisible()
    assert not dialog.take_button.isEnabled()
    said: list[Compared] = []
    dialog.decided.connect(said.append)
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    assert said == []
    qtbot.keyClicks(dialog.reason, "expert panel")
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    assert said == [Compared("2 1/2; 2", "expert panel")]


def test_a_reason_without_contradiction_is_dropped(qtbot: QtBot) -> None:
    dialog = shown(qtbot, Compared("2 4; 2", "旧理由"))
    said: list[Compared] = []
    dialog.decided.connect(said.append)
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    assert said == [Compared("2 4; 2", "")]


def test_those_of_the_last_run_are_taken_up(qtbot: QtBot) -> None:
    dialog = shown(qtbot, Compared(""), Compared("3 5; 2", "x"))
    qtbot.mouseClick(dialog.last_button, Qt.MouseButton.LeftButton)
    assert dialog.model.matrix.tolist() == matrix_of("3 5; 2").tolist()
    other = shown(qtbot, Compared(""), Compared("3", ""))
    assert not other.last_button.isEnabled()


def test_comparisons_that_do_not_fit_the_criteria_are_not_shown(qtbot: QtBot) -> None:
    assert shown(qtbot, Compared("3 5 1/2; 2 1/3; 1/4")).model.matrix.tolist() == np.ones((3, 3)).tolist()


def opened(desk: Desk, qtbot: QtBot) -> ComparisonsDialog:
    """Choose the analysis and press the button beside its comparisons."""
    desk.bench.actions["stage_analysis"].trigger()
    panel = desk.window.analysis_panel
    panel.chooser.setFocus()
    for _turn in range(panel.chooser.count()):
        if panel.chooser.currentData() == "suitability":
            break
        qtbot.keyClick(panel.chooser, Qt.Key.Key_Down)
    form = panel.form
    assert form is not None
    editor = form.editor("comparisons")
    assert isinstance(editor, ComparisonsEditor)
    qtbot.mouseClick(editor.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.window.findChild(ComparisonsDialog) is not None, timeout=WAIT_MS)
    found = desk.window.findChild(ComparisonsDialog)
    assert isinstance(found, ComparisonsDialog)
    return found


def test_the_matrix_goes_into_the_form_as_the_command_line_takes_it(desk: Desk, qtbot: QtBot) -> None:
    dialog = opened(desk, qtbot)
    assert dialog.model.titles[0] == "距科研机构与载体"
    typed(dialog, qtbot, 0, 1, "3")
    weights = [share.text() for share in dialog.weights.shares]
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    form = desk.window.analysis_panel.form
    assert form is not None
    given = form.values()["comparisons"]
    assert given.split(";")[0] == "3 1 1 1 1"
    # the text alone gives the weights that the window showed
    again = weigh(matrix_of(given), random_indices()).weights
    assert [f"{100 * weight:.2f} %" for weight in again] == weights
    qtbot.waitUntil(lambda: desk.window.findChild(ComparisonsDialog) is None, timeout=WAIT_MS)


def test_a_rule_file_that_cannot_be_read_is_said_and_no_matrix_shown(desk: Desk, qtbot: QtBot) -> None:
    desk.bench.actions["stage_analysis"].trigger()
    panel = desk.window.analysis_panel
    panel.chooser.setCurrentIndex(panel.chooser.findData("suitability"))
    form = panel.form
    assert form is not None
    form.put({"rule": "nowhere.toml"})
    editor = form.editor("comparisons")
    assert isinstance(editor, ComparisonsEditor)
    qtbot.mouseClick(editor.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(desk.dialogs.errors), timeout=WAIT_MS)
    assert "nowhere.toml" in str(desk.dialogs.errors[0])
    assert desk.window.findChild(ComparisonsDialog) is None
