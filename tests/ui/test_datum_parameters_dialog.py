"""The user's own datum parameters in the window: entered, corrected, taken over, handed on, removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from layers.datum_parameters import ParameterBook, PlaneSimilarity, RotationConvention, SevenParameters
from tests.ui.import_samples import own_parameters
from ui.dialogs.datum_parameters.dialog import ParametersDialog

SEVEN = {"dx": "-1.5", "dy": "2.25", "dz": "3", "rx": "0.1", "ry": "-0.2", "rz": "0.3", "scale_ppm": "1.5"}


class Files:
    """Answers what file is meant."""

    def __init__(self) -> None:
        self.path: Path | None = None

    def __call__(self) -> Path | None:
        return self.path


@pytest.fixture
def book(tmp_path: Path) -> ParameterBook:
    return ParameterBook(tmp_path / "configuration" / "datum_parameters.json")


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def dialog(qtbot: QtBot, book: ParameterBook, files: Files) -> ParametersDialog:
    return shown(qtbot, book, files)


def shown(qtbot: QtBot, book: ParameterBook, files: Files) -> ParametersDialog:
    made = ParametersDialog(book, ask_file=files, ask_place=files)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def press(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def fill_seven(qtbot: QtBot, dialog: ParametersDialog, name: str = "city") -> None:
    form = dialog.form
    qtbot.keyClicks(form.name, name)
    for key, text in SEVEN.items():
        qtbot.keyClicks(form.numbers[key], text)
    form.convention.setFocus()
    qtbot.keyClick(form.convention, Qt.Key.Key_Down)
    qtbot.keyClicks(form.accuracy, "0.05")
    qtbot.keyClicks(form.region, "whole city")


def test_seven_parameters_are_entered_by_keys(
    dialog: ParametersDialog, qtbot: QtBot, book: ParameterBook
) -> None:
    assert not dialog.keep.isEnabled()
    fill_seven(qtbot, dialog)
    qtbot.keyClick(dialog.form.region, Qt.Key.Key_Return)
    (kept,) = book.sets()
    assert isinstance(kept.values, SevenParameters)
    assert kept.values.model_dump() == {
        "method": "7",
        "convention": RotationConvention.COORDINATE_FRAME,
        **{key: float(text) for key, text in SEVEN.items()},
    }
    assert (kept.name, kept.accuracy_m, kept.region) == ("city", 0.05, "whole city")
    assert (kept.source_crs.to_epsg(), kept.target_crs.to_epsg()) == (4610, 4490)
    assert dialog.complaint.text() == ""
    assert dialog.list.count() == 1
    # a list that others may look at shows no number
    assert "2.25" not in dialog.list.item(0).text()


def test_the_direction_of_rotation_is_never_assumed(
    dialog: ParametersDialog, qtbot: QtBot, book: ParameterBook
) -> None:
    fill_seven(qtbot, dialog)
    dialog.form.convention.setCurrentIndex(0)
    press(qtbot, dialog.keep)
    assert book.sets() == ()
    assert dialog.complaint.text()


def test_three_and_four_parameters_ask_for_their_own_numbers(
    dialog: ParametersDialog, qtbot: QtBot, book: ParameterBook
) -> None:
    form = dialog.form

    def visible() -> set[str]:
        return {name for name, line in form.numbers.items() if line.isVisible()}

    assert visible() == {"dx", "dy", "dz", "rx", "ry", "rz", "scale_ppm"}
    form.method.setCurrentIndex(form.method.findData("3"))
    assert visible() == {"dx", "dy", "dz"}
    assert not form.convention.isVisible()
    form.method.setCurrentIndex(form.method.findData("4"))
    assert visible() == {"north_m", "east_m", "rotation_arcsec", "scale_ppm"}
    qtbot.keyClicks(form.name, "plane")
    form.source.setEditText("2383")
    form.target.setEditText("4547")
    for name, text in (("north_m", "1.25"), ("east_m", "-2"), ("rotation_arcsec", "0.5"), ("scale_ppm", "0")):
        qtbot.keyClicks(form.numbers[name], text)
    qtbot.keyClicks(form.accuracy, "0.1")
    press(qtbot, dialog.keep)
    (kept,) = book.sets()
    assert isinstance(kept.values, PlaneSimilarity)
    assert (kept.values.north_m, kept.values.east_m) == (1.25, -2.0)


@pytest.mark.parametrize(
    ("entry", "text"),
    [("dx", "12,5x"), ("dx", ""), ("dz", "900000"), ("rx", "4000"), ("dx", "nan"), ("dz", "900")],
)
def test_what_cannot_be_right_is_refused_with_a_sentence(
    dialog: ParametersDialog, qtbot: QtBot, book: ParameterBook, entry: str, text: str
) -> None:
    fill_seven(qtbot, dialog)
    dialog.form.numbers[entry].setText(text)
    press(qtbot, dialog.keep)
    assert book.sets() == ()
    assert dialog.complaint.text()
    assert not text or text not in dialog.complaint.text()
    assert dialog.isVisible()


def test_a_way_from_cgcs2000_to_itself_is_no_set(
    dialog: ParametersDialog, qtbot: QtBot, book: ParameterBook
) -> None:
    fill_seven(qtbot, dialog)
    for text in ("4547", "nonsense", "gcj02", "4610+swapped"):
        dialog.form.source.setEditText(text)
        press(qtbot, dialog.keep)
        assert book.sets() == ()
        assert dialog.complaint.text()


def test_numbers_as_they_are_copied_are_read(
    dialog: ParametersDialog, qtbot: QtBot, book: ParameterBook
) -> None:
    fill_seven(qtbot, dialog)
    dialog.form.numbers["dx"].setText(" −１２．５ ")
    press(qtbot, dialog.keep)
    assert book.sets()[0].values.model_dump()["dx"] == -12.5


def test_a_set_is_corrected_and_renamed(qtbot: QtBot, book: ParameterBook, files: Files) -> None:
    book.put(own_parameters("甲"))
    book.put(own_parameters("乙"))
    dialog = shown(qtbot, book, files)
    place = dialog.list.visualItemRect(dialog.list.item(1)).center()
    qtbot.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.form.name.text() == book.sets()[1].name
    assert dialog.form.numbers["dz"].text() == "3"
    old = dialog.form.name.text()
    dialog.form.name.setText("新")
    dialog.form.numbers["dz"].clear()
    qtbot.keyClicks(dialog.form.numbers["dz"], "4.125")
    press(qtbot, dialog.keep)
    names = {each.name for each in book.sets()}
    assert names == {"甲", "乙", "新"} - {old}
    assert book.find("新").values.model_dump()["dz"] == 4.125


def test_a_set_is_removed(qtbot: QtBot, book: ParameterBook, files: Files) -> None:
    book.put(own_parameters("甲"))
    dialog = shown(qtbot, book, files)
    assert not dialog.remove.isEnabled()
    dialog.list.setCurrentRow(0)
    press(qtbot, dialog.remove)
    assert book.sets() == ()
    assert dialog.list.count() == 0
    assert not book.path.exists()


def test_sets_are_handed_on_and_taken_over(
    qtbot: QtBot, book: ParameterBook, files: Files, tmp_path: Path
) -> None:
    book.put(own_parameters("甲"))
    book.put(own_parameters("乙", "4214"))
    dialog = shown(qtbot, book, files)
    files.path = tmp_path / "移交.json"
    press(qtbot, dialog.hand_on)
    assert files.path.stat().st_mode & 0o077 == 0
    other = ParameterBook(tmp_path / "别处" / "sets.json")
    taking = shown(qtbot, other, files)
    press(qtbot, taking.take_over)
    assert other.sets() == book.sets()
    assert taking.list.count() == 2


def test_a_file_that_holds_no_sets_changes_nothing(
    qtbot: QtBot, book: ParameterBook, files: Files, tmp_path: Path
) -> None:
    book.put(own_parameters("甲"))
    dialog = shown(qtbot, book, files)
    files.path = tmp_path / "x.json"
    files.path.write_text('{"format": "other"}', encoding="utf-8")
    press(qtbot, dialog.take_over)
    assert dialog.complaint.text()
    assert [each.name for each in book.sets()] == ["甲"]


def test_a_damaged_book_says_so_and_is_left(qtbot: QtBot, book: ParameterBook, files: Files) -> None:
    book.path.parent.mkdir()
    book.path.write_text("{", encoding="utf-8")
    dialog = shown(qtbot, book, files)
    assert book.path.name in dialog.complaint.text()
    assert book.path.read_text(encoding="utf-8") == "{"
