"""An error says what, where and what to do; the technical part folds out and can be copied."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from layers.errors import CrsError
from ui.dialogs.errors import ErrorDialog, report_of
from ui.dialogs.port import Verb
from ui.dialogs.question import QuestionDialog
from ui.theme import LIGHT

ERROR = CrsError("没有坐标系。", where="红线.shp", remedy="请选择坐标系。", details="no .prj")


@pytest.fixture
def dialog(qtbot: QtBot) -> ErrorDialog:
    made = ErrorDialog(report_of(ERROR), LIGHT.danger)
    qtbot.addWidget(made)
    made.show()
    return made


def test_what_where_and_what_to_do_are_read_at_once(dialog: ErrorDialog) -> None:
    shown = [label.text() for label in dialog.findChildren(QLabel) if label.text()]
    assert shown == ["没有坐标系。", "红线.shp", "请选择坐标系。"]
    assert not dialog.details.isVisible()


def test_details_fold_out_and_the_whole_can_be_copied(dialog: ErrorDialog, qtbot: QtBot) -> None:
    qtbot.mouseClick(dialog.fold, Qt.MouseButton.LeftButton)
    assert dialog.details.isVisible()
    assert dialog.details.toPlainText() == "no .prj"
    copy = next(button for button in dialog.findChildren(QPushButton) if button.text() == "复制")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "没有坐标系。\n红线.shp\n请选择坐标系。\nno .prj"


def test_what_nobody_foresaw_keeps_its_trace_as_details() -> None:
    try:
        raise ZeroDivisionError("division by zero")
    except ZeroDivisionError as error:
        report = report_of(error)
    assert "division by zero" not in report.what
    assert "ZeroDivisionError: division by zero" in report.details
    assert report.remedy


def test_a_full_disk_is_named_with_its_file() -> None:
    report = report_of(OSError(28, "No space left on device", "/tmp/表.xlsx"))  # noqa: S108 - only a name
    assert "No space left on device" in report.what
    assert report.where == "/tmp/表.xlsx"  # noqa: S108


def test_a_question_is_answered_with_a_verb(qtbot: QtBot) -> None:
    dialog = QuestionDialog("还在运行", "", (Verb("stop", "停止工作"), Verb("stay", "等它完成")))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.findChild(QPushButton, "stop"), Qt.MouseButton.LeftButton)
    assert dialog.chosen == "stop"


def test_leaving_a_question_chooses_nothing(qtbot: QtBot) -> None:
    dialog = QuestionDialog("还在运行", "", (Verb("stop", "停止工作"),))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.chosen == ""


def test_a_remedy_is_one_click_or_enter_away(qtbot: QtBot) -> None:
    dialog = ErrorDialog(report_of(ERROR), LIGHT.danger, remedies=(Verb("choose", "选择坐标系"),))
    qtbot.addWidget(dialog)
    dialog.show()
    button = dialog.findChild(QPushButton, "choose")
    assert button.isDefault()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.chosen == "choose"
    assert not dialog.isVisible()


def test_an_error_that_is_only_closed_asks_for_nothing(qtbot: QtBot) -> None:
    dialog = ErrorDialog(report_of(ERROR), LIGHT.danger, remedies=(Verb("choose", "选择坐标系"),))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.chosen == ""
