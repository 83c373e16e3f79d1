"""The layer tree shows the drawing order and asks for changes; each can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from layers.store import Project
from tests.ui.window_samples import make_project
from ui.flows.layer_menu import color_of, symbol_of, with_color
from ui.jobs import JobBridge
from ui.layer_edits import LayerEdits
from ui.panels.layer_order import moved, runs, stepped
from ui.panels.layer_tree import LayerTreePanel
from ui.theme import LIGHT
from zsgis.session import Change, Session


class Bench:
    """A tree, the session it shows and the edits it asks for."""

    def __init__(self, project: Project, qtbot: QtBot) -> None:
        self.project = project
        self.session = Session()
        self.errors: list[BaseException] = []
        self.jobs = JobBridge(self.errors.append)
        self.stack = QUndoStack()
        self.edits = LayerEdits(self.session, self.jobs, self.stack)
        self.tree = LayerTreePanel(LIGHT)
        qtbot.addWidget(self.tree)
        self.tree.visibility_changed.connect(self.edits.set_visible)
        self.tree.opacity_changed.connect(self.edits.set_opacity)
        self.tree.order_changed.connect(self.edits.tree.put_in_order)
        self.session.subscribe(self.show)
        self.session.open_project(project, project.layers(), datetime.now())
        self.tree.resize(300, 400)
        self.tree.show()

    def show(self, change: Change) -> None:
        show = self.tree.show_look if change is Change.LOOK else self.tree.set_layers
        show(self.session.layers)

    def names(self) -> list[str]:
        return [layer.name for layer in self.session.layers]

    def stored(self, qtbot: QtBot) -> list[tuple[str, bool, float]]:
        qtbot.waitUntil(lambda: not self.jobs.active(), timeout=5000)
        assert self.errors == []
        return [(layer.name, layer.visible, layer.opacity) for layer in self.project.layers()]


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path, nothing_left: None) -> Iterator[Bench]:
    project = make_project(tmp_path / "p.gpkg")
    made = Bench(project, qtbot)
    yield made
    made.jobs.close()
    made.tree.close()
    project.close()


def test_a_layer_is_hidden_by_its_eye_and_shown_again_by_undo(bench: Bench, qtbot: QtBot) -> None:
    layer = bench.session.layers[0]
    item = bench.tree.item_of(layer.uid)
    tree = bench.tree.tree
    row = tree.visualItemRect(item)
    # the eye is the first thing of the row, 18 px wide
    eye = QPoint(row.left() + 9, row.center().y())
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=eye)
    assert bench.session.layers[0].visible is False
    assert bench.stored(qtbot)[0][1] is False
    bench.stack.undo()
    assert bench.session.layers[0].visible is True
    assert bench.stored(qtbot)[0][1] is True


def test_alt_and_arrows_move_a_layer_and_undo_brings_it_back(bench: Bench, qtbot: QtBot) -> None:
    before = bench.names()
    bench.tree.tree.setCurrentItem(bench.tree.item_of(bench.session.layers[0].uid))
    qtbot.keyClick(bench.tree.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert bench.names() == before[::-1]
    assert [name for name, *_rest in bench.stored(qtbot)] == before[::-1]
    bench.stack.undo()
    assert [name for name, *_rest in bench.stored(qtbot)] == before


def test_the_whole_way_of_the_slider_is_one_step_of_undo(bench: Bench, qtbot: QtBot) -> None:
    bench.tree.tree.setCurrentItem(bench.tree.item_of(bench.session.layers[0].uid))
    for percent in (80, 60, 40):
        bench.tree.opacity.setValue(percent)
        qtbot.waitUntil(lambda p=percent: bench.session.layers[0].opacity == p / 100, timeout=5000)
    assert bench.stored(qtbot)[0][2] == 0.4
    bench.stack.undo()
    assert bench.stored(qtbot)[0][2] == 1.0
    assert not bench.stack.canUndo()


def test_what_was_changed_last_is_on_disk_before_the_file_closes(bench: Bench) -> None:
    bench.edits.set_opacity(bench.session.layers[0].uid, 0.25)
    bench.jobs.close()
    bench.edits.flush(bench.project)
    assert bench.project.layers()[0].opacity == 0.25


def test_a_dragged_layer_lands_where_it_is_dropped() -> None:
    assert moved("abcd", ["d"], "b", after=False) == ("a", "d", "b", "c")
    assert moved("abcd", ["a"], "c", after=True) == ("b", "c", "a", "d")
    assert moved("abcd", ["b", "c"], None, after=True) == ("a", "d", "b", "c")
    assert moved("abcd", ["b", "c"], "c", after=True) == ("a", "b", "c", "d")


@given(
    st.permutations("abcdef"), st.sets(st.sampled_from("abcdef")), st.sampled_from("abcdef"), st.booleans()
)
def test_a_move_loses_no_layer_and_keeps_the_others_in_order(
    order: list[str], moving: set[str], target: str, after: bool
) -> None:
    result = moved(order, sorted(moving), target, after=after)
    assert sorted(result) == sorted(order)
    assert [uid for uid in result if uid not in moving] == [uid for uid in order if uid not in moving]


def test_steps_stop_at_the_ends() -> None:
    assert stepped("abc", "a", -1) == ("a", "b", "c")
    assert stepped("abc", "c", 5) == ("a", "b", "c")
    assert stepped("abc", "b", 1) == ("a", "c", "b")


def test_a_heading_stands_over_neighbours_only() -> None:
    # b is drawn between two layers of the same group: one heading over all three would lie
    assert runs("abc", {"a": "x", "b": "y", "c": "x"}.__getitem__) == [
        ("x", ["a"]),
        ("y", ["b"]),
        ("x", ["c"]),
    ]


def test_one_class_gets_another_colour_and_the_others_keep_theirs(bench: Bench) -> None:
    style = next(layer for layer in bench.session.layers if layer.kind == "land_use").style
    assert style.rules
    value = style.rules[0].value
    changed = with_color(style, value, "#123456")
    assert color_of(symbol_of(changed, value)) == "#123456"
    assert changed.rules[1:] == style.rules[1:]
    assert changed.symbol == style.symbol


def test_the_classes_of_a_layer_fold_out_with_their_names(bench: Bench) -> None:
    layer = next(layer for layer in bench.session.layers if layer.kind == "land_use")
    item = bench.tree.item_of(layer.uid)
    assert item.childCount() == 0
    item.setExpanded(True)
    titles = [item.child(number).text(0) for number in range(item.childCount())]
    assert titles == [rule.title for rule in layer.style.rules]
    # folded out, it stays so when the layers are shown anew
    bench.tree.set_layers(bench.session.layers)
    assert bench.tree.item_of(layer.uid).childCount() == len(layer.style.rules)
