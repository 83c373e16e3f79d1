"""The registers in the window: filled from the plan, given a record without a shape, typed in, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from pytestqt.qtbot import QtBot

from layers.edits import Edit, RemoveFeature
from tests.ui.form_hands import ENTER, FormHands, make_project
from tests.ui.prepared_dialogs import PreparedDialogs


@pytest.fixture
def hands(
    qtbot: QtBot, tmp_path: Path, prepared_dialogs: PreparedDialogs, nothing_left: None
) -> Iterator[FormHands]:
    make_project(tmp_path / "work.gpkg")
    made = FormHands(qtbot, tmp_path, prepared_dialogs)
    yield made
    made.close()


def ask(hands: FormHands, key: str) -> None:
    command = hands.window.findChild(QAction, key)
    assert command is not None
    command.trigger()
    hands.rest()


def names(hands: FormHands, kind: str) -> list[str]:
    project = hands.session.project
    frame = project.read(hands.layer(kind), columns=["name"])
    return [str(name) for name in frame["name"]]


def test_the_register_is_filled_from_the_plan_and_filling_again_changes_nothing(hands: FormHands) -> None:
    ask(hands, "fill_demand")
    first = names(hands, "project_demand")
    assert "中山光子科学中心二期建设工程" in first
    assert len(first) == len(set(first)) > 20
    # no project has a site yet, and nothing is wrong with that
    assert hands.layer("project_demand") not in hands.session.troubles
    version = hands.session.layer(hands.layer("project_demand")).version
    ask(hands, "fill_demand")
    assert hands.session.layer(hands.layer("project_demand")).version == version
    assert names(hands, "project_demand") == first


def test_what_was_taken_out_is_added_again_as_one_step_that_can_be_taken_back(hands: FormHands) -> None:
    ask(hands, "fill_demand")
    uid, count = hands.layer("project_demand"), len(names(hands, "project_demand"))
    gone = str(hands.session.project.read(uid, columns=["name"]).index[0])
    hands.editing.submit(Edit("删除", (RemoveFeature(uid, gone),)))
    hands.rest()
    ask(hands, "fill_demand")
    assert len(names(hands, "project_demand")) == count
    hands.editing.undo()
    hands.rest()
    assert len(names(hands, "project_demand")) == count - 1


def test_a_record_without_a_shape_is_added_and_its_form_stands_open(hands: FormHands) -> None:
    ask(hands, "fill_demand")
    count = len(names(hands, "project_demand"))
    hands.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
                | Qt.KeyboardModifier.ShiftModifier)  # fmt: skip
    assert hands.window.side.current == "form"
    hands.type("name", "示意项目")
    hands.type("land_least_m2", "200")
    hands.type("land_wanted_m2", "100")
    assert "最低用地面积" in hands.said("land_wanted_m2")
    hands.type("land_wanted_m2", "300")
    assert hands.said("land_wanted_m2") == ""
    hands.apply()
    assert names(hands, "project_demand").count("示意项目") == 1
    assert len(names(hands, "project_demand")) == count + 1
    project = hands.session.project
    frame = project.read(hands.layer("project_demand"))
    assert float(frame.loc[frame["name"] == "示意项目", "land_wanted_m2"].iloc[0]) == 300.0


def test_a_register_of_quotas_is_made_and_its_names_are_offered(hands: FormHands) -> None:
    ask(hands, "new_quotas")
    uid = hands.layer("quotas")
    assert hands.session.layer(uid).feature_count == 0
    ask(hands, "new_record")
    hands.type("quota", "zyzs")
    assert hands.offered("quota") == ["占用征收林地定额"]
    hands.key("quota", ENTER)
    hands.type("amount_ha", "1.25")
    hands.apply()
    frame = hands.session.project.read(uid)
    assert list(frame["quota"]) == ["占用征收林地定额"]
    assert list(frame["amount_ha"]) == [1.25]


def test_without_a_register_it_is_said(hands: FormHands) -> None:
    ask(hands, "new_record")
    assert {layer.kind for layer in hands.session.layers} == {"land_use", "cadastral_parcels"}
    assert hands.window.side.current != "form"
