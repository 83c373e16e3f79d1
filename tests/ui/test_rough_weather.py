"""Rough weather: processes die, files go, shapes are broken; the window goes on and says what happened."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QImage
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from layers.errors import ProjectFileError
from layers.locations import cache_folder
from tests.ui.rough_samples import (
    DRAWABLE,
    FLAT,
    SHAPELESS,
    UNDRAWABLE,
    Ring,
    around,
    blob,
    held,
    write_many,
    write_shapes,
)
from tests.ui.window_desk import WAIT_MS, Desk, layer_uid, open_sample
from tests.ui.window_samples import make_project
from ui.flows.tables import TableFlows


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """Return the window without a project, which each test opens for itself."""
    return empty_desk


def place(desk: Desk, east: float, north: float) -> QPoint:
    x, y = desk.window.canvas.view.to_pixel(500_000 + east, 2_490_000 + north)
    return QPointF(x, y).toPoint()


def click(desk: Desk, qtbot: QtBot, east: float, north: float) -> None:
    QTest.mouseClick(desk.window.canvas, Qt.MouseButton.LeftButton, pos=place(desk, east, north))
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def drag(desk: Desk, qtbot: QtBot, start: tuple[float, float], end: tuple[float, float]) -> None:
    canvas, first, last = desk.window.canvas, place(desk, *start), place(desk, *end)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=first)
    QTest.mouseMove(canvas, (first + last) / 2)
    QTest.mouseMove(canvas, last)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=last)
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)


def settled(desk: Desk, qtbot: QtBot) -> None:
    """Wait until nothing is under way: no job, no tile, no table."""
    (tables,) = [part for part in desk.bench.extensions if isinstance(part, TableFlows)]

    def rests() -> bool:
        table = tables.current() if desk.window.results_panel.current_table() else None
        return desk.idle() and desk.window.canvas.is_complete and not (table and table.is_busy)

    qtbot.waitUntil(rests, timeout=WAIT_MS)


def choose(desk: Desk, uid: str) -> None:
    tree = desk.window.layer_tree
    tree.tree.setCurrentItem(tree.item_of(uid))


def do(desk: Desk, qtbot: QtBot, *keys: str) -> None:
    for key in keys:
        assert desk.bench.actions[key].isEnabled(), key
        desk.bench.actions[key].trigger()
        settled(desk, qtbot)


def open_project(desk: Desk, qtbot: QtBot, path: Path) -> None:
    desk.bench.projects.open_path(path)
    qtbot.waitUntil(
        lambda: desk.session.project is not None and desk.session.project.path == path, timeout=WAIT_MS
    )
    settled(desk, qtbot)


def names(desk: Desk, uid: str) -> set[str]:
    """Return the names of the selected features."""
    chosen = desk.session.selection.get(uid, frozenset())
    return {str(desk.session.project.feature(uid, one)["name"]) for one in chosen}


def picture(desk: Desk) -> QImage:
    image: QImage = desk.window.canvas.grab().toImage()
    return image


def color_at(desk: Desk, east: float, north: float) -> str:
    at = place(desk, east, north)
    return picture(desk).pixelColor(at).name()


# shapes


def test_broken_shapes_are_counted_and_the_others_are_drawn_found_and_measured(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    shapes = {**UNDRAWABLE, **FLAT, **DRAWABLE}
    uid = write_shapes(tmp_path / "odd.gpkg", shapes)
    open_project(desk, qtbot, tmp_path / "odd.gpkg")
    # one vertex makes no area, no line, nothing
    lost = len(UNDRAWABLE) - len(SHAPELESS) + 1
    assert desk.session.troubles[uid].splitlines() == [
        f"{len(shapes)} 个要素中有 {lost} 个无法在地图上显示：图形不可用，或超出投影范围。",
        f"{len(shapes)} 个要素中有 {len(SHAPELESS)} 个在数据中没有图形。",
    ]
    desk.window.canvas.zoom_to((499_900, 2_489_900, 500_800, 2_490_200))
    settled(desk, qtbot)
    assert color_at(desk, 50, 50) != "#ffffff"
    for east, name, area in (
        (50, "好地块", "10,000.00 m²"),
        (150, "空洞环", "10,000.00 m²"),
        (250, "地球大", ""),
    ):
        click(desk, qtbot, east, 50)
        assert names(desk, uid) == {name}
        fields = desk.window.inspector.shown_fields
        assert fields["图斑编号"] == name
        assert area in fields.get("平面面积", "")
    # what reaches beyond the projection is not measured, and that is said
    (warning,) = desk.window.inspector.shown_warnings
    assert "无面积" in warning
    do(desk, qtbot, "tool_select_box")
    drag(desk, qtbot, (-50, -50), (750, 150))
    assert {*FLAT, *DRAWABLE} - {"一点"} <= names(desk, uid)
    assert not names(desk, uid) & {"无图形", "空面", "空环", "乱码", "半截"}
    choose(desk, uid)
    do(desk, qtbot, "select_layer", "attribute_table", "table_statistics", "zoom_selection")
    assert len(desk.session.selection[uid]) == len(shapes)
    # two good squares of 1 ha and the jagged circle; the others are counted apart
    assert desk.window.inspector.shown_fields["面积合计"].startswith("50,787.60 m²")
    (warning,) = desk.window.inspector.shown_warnings
    assert "无法量算" in warning
    assert desk.dialogs.errors == []


@pytest.mark.parametrize("name", [*UNDRAWABLE, *FLAT, *DRAWABLE])
def test_each_odd_shape_alone_is_shown_with_its_fields(
    desk: Desk, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    shapes = {**UNDRAWABLE, **FLAT, **DRAWABLE}
    uid = write_shapes(tmp_path / "odd.gpkg", {name: shapes[name]})
    open_project(desk, qtbot, tmp_path / "odd.gpkg")
    choose(desk, uid)
    do(desk, qtbot, "select_layer", "zoom_selection", "attribute_table", "table_statistics")
    assert desk.window.inspector.shown_fields["图斑编号"] == name
    assert (uid in desk.session.troubles) == (name in UNDRAWABLE or name == "一点")
    assert desk.dialogs.errors == []


def test_a_layer_of_nothing_is_there_and_says_so(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    uid = write_shapes(tmp_path / "none.gpkg", {})
    open_project(desk, qtbot, tmp_path / "none.gpkg")
    choose(desk, uid)
    do(desk, qtbot, "zoom_layer", "zoom_full", "attribute_table", "tool_select_box")
    drag(desk, qtbot, (0, 0), (50, 50))
    assert desk.session.selection == {}
    assert desk.dialogs.errors == []


@pytest.mark.parametrize(
    ("crs", "ring"),
    [
        ("4490", [(500.0, 22.5), (500.1, 22.5), (500.1, 22.6), (500.0, 22.5)]),
        # numbers of a projection declared as degrees
        ("4490", around(0, 0)),
        # degrees declared as metres: a spot far away, but a spot
        ("4547", [(113.3, 22.5), (113.4, 22.5), (113.4, 22.6), (113.3, 22.5)]),
    ],
)
def test_coordinates_of_another_system_do_not_stop_the_map(
    desk: Desk, qtbot: QtBot, tmp_path: Path, crs: str, ring: Ring
) -> None:
    uid = write_shapes(tmp_path / "far.gpkg", {"远": blob(ring)}, crs)
    open_project(desk, qtbot, tmp_path / "far.gpkg")
    assert ("1 个要素中有 1 个无法在地图上显示" in desk.session.troubles.get(uid, "")) == (crs == "4490")
    choose(desk, uid)
    do(desk, qtbot, "zoom_layer", "select_layer", "zoom_selection", "attribute_table")
    assert desk.window.inspector.shown_fields["图斑编号"] == "远"
    click(desk, qtbot, 50, 50)
    assert desk.dialogs.errors == []


# processes and files


def test_drawing_processes_that_die_again_and_again_are_replaced(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    open_sample(desk, qtbot, tmp_path)
    settled(desk, qtbot)
    canvas = desk.window.canvas
    for turn in range(4):
        before = canvas.process_ids
        canvas.zoom_by_steps(8 if turn % 2 else -8)
        for number in before if turn % 2 else before[:1]:
            os.kill(number, signal.SIGKILL)
        qtbot.waitUntil(lambda: canvas.is_complete, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: len(canvas.process_ids) == 2, timeout=WAIT_MS)
    do(desk, qtbot, "zoom_full")
    assert color_at(desk, 50, 50) != "#ffffff"
    click(desk, qtbot, 150, 50)
    assert desk.window.inspector.shown_fields["图斑编号"] == "东地块"
    assert desk.dialogs.errors == []


def test_a_drawing_cache_that_is_swept_away_is_made_anew(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    open_sample(desk, qtbot, tmp_path)
    settled(desk, qtbot)
    seen = color_at(desk, 150, 50)
    shutil.rmtree(cache_folder("drawings"))
    for number in desk.window.canvas.process_ids:  # what they had mapped is gone with them
        os.kill(number, signal.SIGKILL)
    desk.window.canvas.zoom_by_steps(4)
    settled(desk, qtbot)
    qtbot.waitUntil(lambda: color_at(desk, 150, 50) == seen, timeout=WAIT_MS)
    assert desk.dialogs.errors == []


@pytest.mark.parametrize("how", ["removed", "renamed", "locked"])
def test_a_project_file_that_goes_or_is_held_is_said_and_nothing_is_lost(
    desk: Desk, qtbot: QtBot, tmp_path: Path, how: str
) -> None:
    open_sample(desk, qtbot, tmp_path)
    settled(desk, qtbot)
    path = tmp_path / "work.gpkg"
    uid = layer_uid(desk, "land_use")
    with contextlib.ExitStack() as stack:
        if how == "removed":
            path.unlink()
        elif how == "renamed":
            path.rename(tmp_path / "elsewhere.gpkg")
        else:
            stack.enter_context(held(path))
        desk.bench.edits.rename(uid, "改名")
        qtbot.waitUntil(lambda: bool(desk.dialogs.errors), timeout=WAIT_MS)
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
        (error,) = desk.dialogs.errors
        assert isinstance(error, ProjectFileError)
        assert "work.gpkg" in str(error)
        desk.window.canvas.zoom_by_steps(4)
        qtbot.waitUntil(lambda: desk.window.canvas.is_complete, timeout=WAIT_MS)
    desk.dialogs.errors.clear()
    if how == "locked":
        # what could not be written goes with the next change
        desk.bench.edits.set_opacity(uid, 0.5)
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
        kept = desk.session.project.layer(uid)
        assert (kept.name, kept.opacity) == ("改名", 0.5)
        assert desk.dialogs.errors == []
    else:
        desk.dialogs.verb = "stay"
        assert not desk.window.close()
        assert "最近的修改尚未保存" in desk.dialogs.asked[-1]
        desk.dialogs.verb = "stop"
        assert desk.window.close()


# very many, and all at once


def test_a_hundred_layers_and_a_very_long_name(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    write_many(tmp_path / "many.gpkg", 100)
    desk.bench.projects.open_path(tmp_path / "many.gpkg")
    qtbot.waitUntil(lambda: len(desk.window.canvas.layers) == 100, timeout=120_000)
    settled(desk, qtbot)
    click(desk, qtbot, 50, 50)
    assert "范围0" in desk.window.inspector.shown_fields.values()
    (longest,) = [layer for layer in desk.session.layers if layer.name.startswith("很长")]
    choose(desk, longest.uid)
    do(desk, qtbot, "zoom_layer", "attribute_table", "select_layer")
    assert desk.window.width() <= 1366
    assert desk.dialogs.errors == []


def test_projects_are_switched_while_everything_is_under_way(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    make_project(tmp_path / "work.gpkg").close()
    write_shapes(tmp_path / "odd.gpkg", DRAWABLE)
    desk.dialogs.verb = "stop"
    for turn in range(6):
        path = tmp_path / ("odd.gpkg" if turn % 2 else "work.gpkg")
        desk.bench.projects.open_path(path)
        qtbot.waitUntil(
            lambda path=path: desk.session.project is not None and desk.session.project.path == path,
            timeout=WAIT_MS,
        )
        choose(desk, desk.session.layers[0].uid)
        desk.bench.actions["attribute_table"].trigger()
        desk.bench.actions["select_layer"].trigger()
        desk.window.canvas.zoom_by_steps(3)
    settled(desk, qtbot)
    assert {layer.name for layer in desk.session.layers} == {"图斑"}
    assert len(desk.window.canvas.layers) == 1
    click(desk, qtbot, 50, 50)
    assert desk.dialogs.errors == []
