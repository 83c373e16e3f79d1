"""The dialog of a new project, and the icons of style sheets."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.dialogs.new_project import NewProjectDialog
from ui.icons import icon_file


@pytest.mark.parametrize(
    ("name", "crs", "allowed"),
    [
        ("科学城", "4547", True),
        ("科学城", "EPSG:32650", True),
        ("", "4547", False),
        ("a/b", "4547", False),
        ("there", "4547", False),
        ("科学城", "somewhere", False),
    ],
)
def test_a_new_project_needs_a_free_name_and_a_coordinate_system(
    qtbot: QtBot, tmp_path: Path, name: str, crs: str, allowed: bool
) -> None:
    (tmp_path / "there.gpkg").write_bytes(b"")
    dialog = NewProjectDialog(tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.name.insert(name)
    dialog.crs.setEditText(crs)
    assert dialog.make.isEnabled() is allowed
    assert bool(dialog.complaint.text()) is not allowed


def test_the_answer_of_a_new_project_names_its_file(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = NewProjectDialog(tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.name, "desk")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    answer = dialog.answer()
    assert (answer.path, answer.crs) == (tmp_path / "desk.gpkg", "4547")


def test_style_sheets_get_their_icons_as_files(tmp_path: Path) -> None:
    drawing = icon_file("eye", "#58616B", tmp_path).read_text(encoding="utf-8")
    assert "#58616B" in drawing
    assert "#000000" not in drawing
