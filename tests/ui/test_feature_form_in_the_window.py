"""Filling features in beside the map, by mouse and key: judged, computed, kept, written in one edit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from layers.edits import AddFeature, ChangeFeature, Edit, RemoveFeature
from tests.ui.form_hands import CONTROL, ENTER, TAB, UIDS, FormHands, make_project
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.window_samples import square
from ui.flows.field_filling import FieldFilling
from zsgis.forms.calculating import Source


@pytest.fixture
def hands(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[FormHands]:
    make_project(tmp_path / "work.gpkg")
    made = FormHands(qtbot, tmp_path, prepared_dialogs)
    yield made
    made.close()


def test_a_key_opens_the_form_of_what_is_selected(hands: FormHands) -> None:
    hands.select(0)
    assert hands.window.side.current == "inspector"
    hands.press(Qt.Key.Key_F10)
    assert hands.window.side.current == "form"
    assert hands.flows.panel.title.toolTip() == "1"
    assert hands.shown("class_code") == "0101 水田"
    assert hands.shown("survey_area_m2") == "9,998.97"
    assert hands.focused() == "class_code"


def test_in_the_layer_that_is_edited_the_form_follows_the_selection(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(0)
    assert hands.window.side.current == "form"
    hands.select(2)
    assert hands.shown("class_code") == "0601 工业用地"
    hands.select()
    assert hands.flows.panel.empty.isVisible()
    # who looks at another page stays there
    hands.window.side.show_page("inspector")
    hands.select(1)
    assert hands.window.side.current == "inspector"


def test_a_class_is_found_by_its_initials_and_its_name_follows(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(0)
    hands.type("class_code", "sjd")
    assert "0102 水浇地" in hands.offered("class_code")
    hands.key("class_code", ENTER)
    assert hands.shown("class_code") == "0102 水浇地"
    hands.type("class_code", "0103")
    assert hands.shown("class_name") == "旱地"
    hands.type("class_code", "0102")
    hands.key("class_code", TAB)
    assert hands.shown("class_code") == "0102 水浇地"
    assert hands.shown("class_name") == "水浇地"
    assert hands.line("class_name").isReadOnly()
    hands.apply()
    assert hands.stored(0)["class_code"] == "0102"
    assert hands.stored(0)["class_name"] == "水浇地"
    assert hands.flows.panel.summary.text() == "所示内容均已保存"


def test_what_is_wrong_is_said_as_one_types_and_keeps_the_change_back(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(2)
    hands.type("deducted_share", "1.5")
    assert "不能大于1" in hands.said("deducted_share")
    assert "错误" in hands.said("deducted_share")
    hands.apply()
    assert hands.stored(2)["deducted_share"] == 0.5
    assert hands.focused() == "deducted_share"
    hands.type("deducted_share", "0.1")
    assert hands.said("deducted_share") == ""
    # computed at once, before anything is written
    assert hands.shown("deducted_area_m2") == "999.90"
    assert hands.shown("net_class_area_m2") == "8,999.08"
    hands.apply()
    assert hands.stored(2)["net_class_area_m2"] == 8_999.08


def test_a_warning_is_said_and_written_all_the_same(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(2)
    hands.type("slope_class", "2")
    assert "只填写耕地" in hands.said("slope_class")
    hands.apply()
    assert hands.stored(2)["slope_class"] == "2"


def test_choices_follow_the_class_in_the_form(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(0)
    hands.line("detail_code").setFocus()
    hands.key("detail_code", Qt.Key.Key_Down)
    assert "HDGD 河道耕地" in hands.offered("detail_code")
    hands.key("detail_code", Qt.Key.Key_Escape)
    hands.type("class_code", "0601")
    hands.key("class_code", ENTER)
    hands.line("detail_code").setFocus()
    hands.key("detail_code", Qt.Key.Key_Down)
    assert "HDGY 火电工业用地" in hands.offered("detail_code")
    assert "HDGD 河道耕地" not in hands.offered("detail_code")


def test_what_stands_in_the_layer_is_offered_under_its_code(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(0)
    hands.line("location").setFocus()
    hands.key("location", Qt.Key.Key_Down)
    assert hands.offered("location") == ["甲村"]


def test_enter_goes_from_line_to_line_and_control_enter_writes(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(0)
    hands.press(Qt.Key.Key_F10)
    assert hands.focused() == "class_code"
    hands.key("class_code", ENTER)
    # the name of the class is computed: nobody stops there
    assert hands.focused() == "feature_code"
    hands.type("feature_code", "BSM1")
    hands.key("feature_code", ENTER, CONTROL)
    hands.rest()
    assert hands.stored(0)["feature_code"] == "BSM1"


def test_dates_are_read_as_they_are_typed(hands: FormHands) -> None:
    hands.edit_layer("cadastral_parcels")
    hands.select(3, kind="cadastral_parcels")
    hands.type("right_until", "20191231")
    assert "早于使用权起始日期" in hands.said("right_until")
    hands.type("right_until", "2026/13/01")
    assert "不是日期" in hands.said("right_until")
    hands.type("right_until", "2026/11/22")
    assert hands.said("right_until") == ""
    hands.apply()
    assert hands.stored(3, "cadastral_parcels")["right_until"] == "2026-11-22"


def test_many_features_show_where_they_differ_and_only_touched_fields_are_written(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(0, 1, 2)
    assert hands.flows.panel.title.toolTip() == "3 个要素"
    assert hands.shown("class_code") == ""
    assert hands.line("class_code").placeholderText() == "多个值"
    assert hands.shown("name") == ""
    hands.type("data_year", "2026")
    hands.apply()
    assert [hands.stored(row)["data_year"] for row in range(3)] == [2026] * 3
    assert [hands.stored(row)["name"] for row in range(3)] == ["1", "2", "3"]
    assert [hands.stored(row)["class_code"] for row in range(3)] == ["0101", "0101", "0601"]
    project = hands.session.project
    assert project.edits()[0].count == 3
    hands.type("class_code", "0103")
    hands.apply()
    assert [hands.stored(row)["class_name"] for row in range(3)] == ["旱地"] * 3


@pytest.mark.parametrize(
    ("verb", "stored", "shown"),
    [("save", "2026", "2"), ("drop", None, "2"), ("keep", None, "1"), ("", None, "1")],
)
def test_leaving_an_unwritten_form_is_asked_with_verbs(
    hands: FormHands, verb: str, stored: str | None, shown: str
) -> None:
    hands.edit_layer()
    hands.select(0)
    hands.type("remark", "2026")
    hands.dialogs.verb = verb
    hands.select(1)
    hands.qtbot.waitUntil(lambda: len(hands.dialogs.asked) == 1)
    hands.rest()
    assert "未保存" in hands.dialogs.asked[0]
    assert hands.flows.panel.title.toolTip() == shown
    assert hands.stored(0)["remark"] == stored
    if shown == "1":
        assert hands.shown("remark") == "2026"
        assert hands.session.selection == {hands.layer(): {UIDS[0]}}
    hands.dialogs.verb = "drop"


def test_what_was_typed_is_there_again_after_a_crash(
    qtbot: QtBot, tmp_path: Path, nothing_left: None
) -> None:
    make_project(tmp_path / "work.gpkg")
    hands = FormHands(qtbot, tmp_path, PreparedDialogs())
    hands.edit_layer()
    hands.select(2)
    hands.type("remark", "half a sentence")
    hands.rest()
    # the next sitting finds what this one never wrote
    hands.close()
    again = PreparedDialogs(verb="resume")
    later = FormHands(qtbot, tmp_path, again)
    assert "尚未保存" in again.asked[0]
    assert later.shown("remark") == "half a sentence"
    assert "已恢复" in later.flows.panel.note.text()
    assert later.stored(2)["remark"] is None
    later.apply()
    assert later.stored(2)["remark"] == "half a sentence"
    later.close()
    fresh = FormHands(qtbot, tmp_path, PreparedDialogs())
    assert fresh.dialogs.asked == []
    fresh.close()


def test_a_copy_of_the_project_does_not_get_what_was_typed_in_the_first(
    qtbot: QtBot, tmp_path: Path, nothing_left: None
) -> None:
    first, copy = tmp_path / "first", tmp_path / "copy"
    for folder in (first, copy):
        folder.mkdir()
    make_project(first / "work.gpkg")
    shutil.copyfile(first / "work.gpkg", copy / "work.gpkg")
    hands = FormHands(qtbot, first, PreparedDialogs())
    hands.edit_layer()
    hands.select(2)
    hands.type("remark", "half a sentence")
    hands.rest()
    hands.close()
    other = FormHands(qtbot, copy, PreparedDialogs())
    assert other.dialogs.asked == []
    other.close()
    later = FormHands(qtbot, first, PreparedDialogs(verb="resume"))
    assert later.shown("remark") == "half a sentence"
    later.apply()
    later.close()


def test_a_drawn_feature_is_welcomed_with_its_required_field(hands: FormHands) -> None:
    hands.edit_layer()
    hands.editing.submit(Edit("画", (AddFeature(hands.layer(), square(300, 0)),)))
    hands.rest()
    hands.qtbot.waitUntil(lambda: hands.focused() == "class_code")
    assert "地类编码必须填写" in hands.said("class_code")
    area = float(hands.shown("survey_area_m2").replace(",", ""))
    assert abs(area - 10_000) < 5
    hands.type("class_code", "0101")
    hands.apply()
    (new,) = hands.session.selection[hands.layer()]
    (state,) = hands.session.project.states(hands.layer(), [new])
    assert state.values["class_name"] == "水田"


def test_the_form_follows_edits_from_elsewhere_and_keeps_what_is_typed(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(0)
    hands.type("remark", "mine")
    reshaped = ChangeFeature(hands.layer(), UIDS[0], square(0, 0, 50), {"island": "岛"})
    hands.editing.submit(Edit("改形", (reshaped,)))
    hands.rest()
    assert hands.shown("remark") == "mine"
    assert hands.shown("island") == "岛"
    assert hands.shown("survey_area_m2") == "2,500.00"
    # the shape under the mouse counts before it is written
    hands.flows.filling.show_shape(hands.layer(), UIDS[0], square(0, 0, 20))
    assert hands.shown("survey_area_m2") == "400.00"
    hands.apply()
    assert hands.stored(0)["remark"] == "mine"
    hands.editing.submit(Edit("删", (RemoveFeature(hands.layer(), UIDS[0]),)))
    hands.rest()
    assert hands.flows.panel.empty.isVisible()


def test_undo_takes_a_form_back_and_the_form_shows_it(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(0)
    hands.type("remark", "one")
    hands.apply()
    hands.desk.bench.actions["undo"].trigger()
    hands.rest()
    assert hands.stored(0)["remark"] is None
    assert hands.shown("remark") == ""


def test_what_a_person_takes_back_is_as_it_is_stored(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(0)
    hands.type("class_code", "9999")
    assert "编码9999" in hands.said("class_code")
    hands.qtbot.mouseClick(hands.flows.panel.revert_button, Qt.MouseButton.LeftButton)
    assert hands.shown("class_code") == "0101 水田"
    assert hands.said("class_code") == ""
    assert not hands.flows.panel.apply_button.isEnabled()


def test_a_field_is_filled_for_all_that_is_selected(hands: FormHands) -> None:
    hands.edit_layer()
    hands.select(0, 1, 2)
    hands.press(Qt.Key.Key_F10, CONTROL)
    dialog = hands.part(FieldFilling).dialog
    assert dialog is not None
    assert dialog.about.text() == "图斑的3个要素"
    dialog.field.setCurrentIndex(dialog.field.findData("remark"))
    dialog.source.setCurrentIndex(dialog.source.findData(Source.FIELD))
    dialog.other.setCurrentIndex(dialog.other.findData("location"))
    hands.qtbot.mouseClick(dialog.fill_button, Qt.MouseButton.LeftButton)
    hands.qtbot.waitUntil(lambda: "已填写3个要素" in dialog.note.text())
    assert [hands.stored(row)["remark"] for row in range(3)] == ["甲村", "甲村", "乙村"]
    # computed fields are not offered, measures only where they fit
    assert dialog.field.findData("survey_area_m2") < 0
    assert dialog.source.findData(Source.PLANAR_AREA) < 0
    dialog.field.setCurrentIndex(dialog.field.findData("data_year"))
    dialog.source.setCurrentIndex(dialog.source.findData(Source.VALUE))
    hands.qtbot.keyClicks(dialog.value, "soon")
    hands.qtbot.mouseClick(dialog.fill_button, Qt.MouseButton.LeftButton)
    hands.qtbot.waitUntil(lambda: bool(hands.dialogs.findings))
    assert "第1行" in hands.dialogs.findings[0]
    assert hands.stored(0)["data_year"] is None
    dialog.close()


def test_more_features_than_one_form_is_for_are_told_what_to_do(
    hands: FormHands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.flows.forms._MOST", 2)
    hands.edit_layer()
    hands.select(0, 1)
    assert hands.flows.panel.title.toolTip() == "2 个要素"
    hands.select(0, 1, 2)
    assert "批量填写字段" in hands.flows.panel.empty.text()
    assert hands.flows.filling.filling is None
