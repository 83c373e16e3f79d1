"""An open attribute table follows edits of its layer and stays where one is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from layers.edits import AddFeature, ChangeFeature, Edit, RemoveFeature
from tests.ui.prepared_dialogs import PreparedDialogs
from tests.ui.table_hands import WAIT_MS, Hands, make_project, uid
from tests.ui.window_samples import square


@pytest.fixture
def hands(
    qtbot: QtBot, prepared_dialogs: PreparedDialogs, tmp_path: Path, nothing_left: None
) -> Iterator[Hands]:
    make_project(tmp_path / "work.gpkg")
    made = Hands(qtbot, tmp_path, prepared_dialogs)
    yield made
    prepared_dialogs.verb = "stop"
    made.window.close()
    made.window.deleteLater()


def edit(hands: Hands, *changes: Any) -> None:
    with hands.qtbot.waitSignal(hands.bench.editing.written, timeout=WAIT_MS):
        hands.bench.editing.submit(Edit("改", changes))
    hands.rest()


def test_changed_values_are_shown_where_the_rows_stand(hands: Hands):
    hands.show_table()
    table = hands.table
    hands.click(3)
    edit(hands, ChangeFeature(hands.layer_uid, uid(1), values={"name": "改名", "town": "新镇"}))
    assert hands.table is table
    assert hands.cells() == ["图斑0", "改名", "图斑2", "图斑3", "图斑4", "图斑5"]
    assert hands.cells("town")[1] == "新镇"
    assert table.page.view.current_row == 3
    assert hands.marked() == ["图斑3"]


def test_rows_come_and_go_and_the_row_one_is_at_stays(hands: Hands):
    hands.show_table()
    hands.click(3)
    edit(
        hands,
        RemoveFeature(hands.layer_uid, uid(1)),
        AddFeature(hands.layer_uid, square(900, 0), {"name": "加的", "class_code": "0101"}),
    )
    assert hands.cells() == ["图斑0", "图斑2", "图斑3", "图斑4", "图斑5", "加的"]
    assert hands.table.page.view.current_row == 2
    assert hands.marked() == ["图斑3"]
    assert "6" in hands.table.page.footer.toolTip()
    hands.bench.editing.undo()
    hands.qtbot.waitUntil(lambda: hands.table.page.model.row_count == 6, timeout=WAIT_MS)
    hands.qtbot.waitUntil(lambda: "图斑1" in hands.cells(), timeout=WAIT_MS)
    hands.rest()
    assert hands.cells() == [f"图斑{row}" for row in range(6)]
    assert hands.marked() == ["图斑3"]


def test_order_and_filter_hold_for_what_was_edited(hands: Hands):
    hands.show_table()
    hands.click_heading("class_code")
    codes = [text.split()[0] for text in hands.cells("class_code")]
    assert codes == ["0101", "0101", "0101", "0307", "0307", "0702"]
    edit(hands, ChangeFeature(hands.layer_uid, uid(4), values={"name": "改名", "class_code": "0101"}))
    assert hands.cells()[2] == "改名"
    hands.type("三乡")
    assert hands.cells() == ["图斑2", "图斑5"]
    edit(hands, ChangeFeature(hands.layer_uid, uid(0), values={"town": "三乡镇"}))
    assert hands.cells() == ["图斑0", "图斑2", "图斑5"]
    edit(hands, RemoveFeature(hands.layer_uid, uid(5)))
    assert hands.cells() == ["图斑0", "图斑2"]
    hands.type("")
    assert len(hands.cells()) == 5


def test_the_area_of_the_selection_is_that_of_the_new_shapes(hands: Hands):
    hands.show_table()
    hands.click(0)
    before = hands.table.page.footer.toolTip()
    edit(hands, ChangeFeature(hands.layer_uid, uid(0), square(0, 0, 50)))
    after = hands.table.page.footer.toolTip()
    assert before != after
    # ellipsoidal area of a square of 50 m, a quarter of the one of 100 m
    area = float(after.split("m²")[0].split()[-1].replace(",", ""))
    assert area == pytest.approx(2_500, rel=0.002)


def test_statistics_count_what_is_there_now(hands: Hands):
    hands.show_table()
    hands.click(0)
    hands.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    edit(hands, RemoveFeature(hands.layer_uid, uid(0)))
    assert hands.table.page.model.selected_count == 5
    assert hands.selected() == [1, 2, 3, 4, 5]


def test_many_edits_at_once_end_in_what_the_file_holds(hands: Hands):
    hands.show_table()
    layer = hands.layer_uid
    for number in range(12):
        hands.bench.editing.submit(
            Edit("改", (ChangeFeature(layer, uid(number % 6), values={"name": f"第{number}次"}),))
        )
    hands.bench.editing.submit(Edit("删", (RemoveFeature(layer, uid(2)),)))
    hands.qtbot.waitUntil(lambda: not hands.bench.editing.waiting, timeout=WAIT_MS)
    hands.rest()
    project = hands.session.project
    assert project is not None
    assert hands.cells() == project.read(layer)["name"].tolist()
    assert hands.cells() == ["第6次", "第7次", "第9次", "第10次", "第11次"]
