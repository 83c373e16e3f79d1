"""A policy check in the window: the bureau's own rule dropped, one limit changed, who changes is shown."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from PyQt6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.window_desk import WAIT_MS, Desk
from ui.forms.parameters_form import ParametersForm
from ui.forms.source_editors import SourceEditor

# the sample's two parcels of 100 m by 100 m have 15 亩 each
RULE = """
key = "own"
title = "本局条件"
version = "1"
status = "现行"
source = "本局"
kinds = ["land_use"]
fulfilled = "可用"
[[clauses]]
key = "area"
title = "面积"
kind = "area_mu"
low = 20.0
unit = "亩"
"""


def form_of(desk: Desk) -> ParametersForm:
    desk.bench.actions["stage_analysis"].trigger()
    panel = desk.window.analysis_panel
    panel.chooser.setCurrentIndex(panel.chooser.findData("policy"))
    form = panel.form
    assert form is not None
    return form


def drop_rule(form: ParametersForm, path: Path) -> None:
    editor = form.editor("rule")
    assert isinstance(editor, SourceEditor)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    middle = QPointF(editor.chooser.rect().center())
    editor.chooser.dropEvent(
        QDropEvent(
            middle, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )


def test_one_limit_changed_shows_both_conclusions_and_who_changes(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(RULE, encoding="utf-8")
    form = form_of(desk)
    drop_rule(form, path)
    assert form.values()["rule"] == str(path)
    line = form.findChild(QLineEdit, "what_if")
    line.setFocus()
    qtbot.keyClicks(line, "area.low=14")
    qtbot.mouseClick(desk.window.analysis_panel.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(desk.session.results) == 1 and desk.idle(), timeout=WAIT_MS)
    result = desk.session.results[0]
    shown = result.table("what_if")
    page = desk.window.results_panel.current_page()
    assert page is not None
    assert shown.title in [page.tabs.tabText(place) for place in range(page.tabs.count())]
    # both have 15 of the 20 亩 that are asked for; with 14 both would do
    rows = {row.values["what"]: row.values for row in shown.rows}
    assert (rows["不符合"]["count_before"], rows["不符合"]["count_after"]) == (2, 0)
    assert (rows["可用"]["count_before"], rows["可用"]["count_after"]) == (0, 2)
    assert (rows["西地块"]["before"], rows["西地块"]["after"]) == ("不符合", "可用")
