"""The import dialog asks for what the file does not say, and shows which column fills which field."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from layers.progress import NoProgress
from tests.ui.window_samples import write_zones
from ui.app import propose_mapping
from ui.dialogs.import_dialog import ImportDialog
from ui.dialogs.new_project import NewProjectDialog
from ui.dialogs.port import SourceColumns
from ui.flows.imports import sources_of
from ui.icons import icon_file

DLTB = SourceColumns("DLTB", "polygon", 1234, "", ("DLBM", "DLMC", "TBMJ", "Other"))
STATIONS = SourceColumns("stations", "point", 5, "WGS 84", ("名称",))


def dialog_for(qtbot: QtBot, *sources: SourceColumns, name: str = "data.gdb") -> ImportDialog:
    made = ImportDialog(Path(name), sources, propose_mapping)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(dialog: ImportDialog, *, kind: str = "", crs: str = "", standard: str = "") -> None:
    if kind:
        dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
    if crs:
        dialog.crs.setEditText(crs)
    if standard:
        dialog.standard.setCurrentIndex(dialog.standard.findData(standard))


def test_known_column_names_are_proposed(qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, DLTB)
    choose(dialog, kind="land_use", crs="4547", standard="sandiao")
    answer = dialog.answer()
    assert answer.mapping["class_code"] == "DLBM"
    assert answer.mapping["class_name"] == "DLMC"
    assert (answer.kind, answer.crs, answer.standard) == ("land_use", "4547", "sandiao")


def test_a_wrong_proposal_can_be_taken_back(qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, DLTB)
    choose(dialog, kind="land_use")
    dialog.column_chooser("class_name").setCurrentIndex(0)
    # empty, not absent: the field stays empty although a column bears its name
    assert dialog.answer().mapping["class_name"] == ""


def test_an_earlier_answer_stands_in_the_dialog_to_be_corrected(qtbot: QtBot) -> None:
    first = dialog_for(qtbot, STATIONS, DLTB)
    first.source.setCurrentIndex(1)
    choose(first, kind="land_use", crs="99999", standard="sandiao")
    first.name.setText("现状")
    first.column_chooser("class_name").setCurrentIndex(0)
    first.column_chooser("remark").setCurrentIndex(4)
    again = dialog_for(qtbot, STATIONS, DLTB)
    again.show_answer(first.answer())
    assert again.answer() == first.answer()
    assert again.answer().mapping["remark"] == "Other"


def test_nothing_is_imported_without_a_coordinate_system(qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, DLTB)
    choose(dialog, kind="zones")
    assert not dialog.take.isEnabled()
    choose(dialog, crs="EPSG:4547")
    assert dialog.take.isEnabled()
    assert dialog.answer().crs == "4547"


def test_codes_are_not_imported_without_their_standard(qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, DLTB)
    choose(dialog, kind="land_use", crs="4547")
    assert not dialog.take.isEnabled()
    choose(dialog, standard="custom")
    assert dialog.take.isEnabled()


def test_a_kind_of_another_shape_is_refused_with_a_sentence(qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, STATIONS)
    choose(dialog, kind="land_use")
    assert not dialog.take.isEnabled()
    assert dialog.complaint.text()
    choose(dialog, kind="points")
    assert dialog.take.isEnabled()


def test_another_layer_of_the_file_changes_what_is_asked(qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, DLTB, STATIONS)
    dialog.source.setCurrentIndex(1)
    assert dialog.answer().source_layer == "stations"
    assert dialog.answer().name == "stations"
    assert not dialog.crs.isVisible()


def test_a_file_named_after_its_kind_is_taken_for_it(qtbot: QtBot) -> None:
    dialog = dialog_for(qtbot, SourceColumns("a", "polygon", 1, "x", ("Class",)), name="xinwu_land_use.gpkg")
    assert dialog.answer().kind == "land_use"


def test_a_real_file_tells_its_layers_and_columns(tmp_path: Path) -> None:
    (source,) = sources_of(write_zones(tmp_path / "zones.gpkg"), NoProgress())
    assert (source.name, source.geometry, source.feature_count) == ("zones", "polygon", 1)
    assert source.columns == ("名称",)
    assert "中央经线114" in source.crs


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
