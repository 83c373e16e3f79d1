"""A small edit is painted by the window itself the moment it is on disk, as the tiles show it later."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import geopandas as gpd
import numpy as np
import pytest
import shapely
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layers.crs import parse_crs
from layers.drawable_edits import EditedLayer
from layers.edits import ChangeFeature, Edit, EditRecord
from layers.store import NewLayer, Project
from layers.store.database import Database
from layers.style import Style, Symbol
from tests.ui.drawing_samples import as_array
from tests.ui.window_desk import WAIT_MS, Desk
from ui.canvas import edit_cover
from ui.canvas.edit_cover import ShownEdit
from ui.canvas.picture import MapPicture
from ui.map_edit_files import EditFiles
from ui.painting import paint_ground

X, Y, CELL = 500_000.0, 2_490_000.0, 100.0
ACROSS = 12
CORNER = 5  # the node that is moved


def uid(number: int) -> str:
    return f"019313a0-0000-7000-8000-{number:012d}"


def cell(column: int, row: int, corner: tuple[float, float] | None = None) -> shapely.Polygon:
    """Return a cell of the grid, with one node of the grid elsewhere."""
    nodes = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    return shapely.Polygon(
        [
            corner if node == (CORNER, CORNER) and corner else (X + CELL * node[0], Y + CELL * node[1])
            for node in nodes
        ]
    )


AROUND = [(c, r) for r in (CORNER - 1, CORNER) for c in (CORNER - 1, CORNER)]
LAND = Style(symbol=Symbol(fill="#C03030", fill_opacity=0.5, stroke="#202020", stroke_mm=0.3))
FILL = [(192 + 255) // 2, (48 + 255) // 2, (48 + 255) // 2]
WHITE, BLUE = [255, 255, 255], [0, 0, 255]
LINES = Style(symbol=Symbol(fill=None, stroke="#0000FF", stroke_mm=1.0))


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """Return the window without a project, which each test opens for itself."""
    return empty_desk


@pytest.fixture
def land(desk: Desk, qtbot: QtBot, tmp_path: Path) -> str:
    """Open half transparent parcels under an outline that crosses them; return the parcels' layer."""
    crs = parse_crs("4547")
    numbers = list(np.ndindex(ACROSS, ACROSS))
    parcels = gpd.GeoDataFrame(
        {"zs_uid": [uid(n) for n in range(len(numbers))]}, geometry=[cell(c, r) for r, c in numbers], crs=crs
    )
    middle = X + CELL * CORNER
    outline = gpd.GeoDataFrame(
        {"name": ["界"]}, geometry=[shapely.box(X + 30, Y + 30, middle + 20, Y + 1100)], crs=crs
    )
    with Project.create(tmp_path / "work.gpkg", crs) as project:
        project.add_layer(NewLayer("地块", "zones", crs, style=LAND), parcels)
        project.add_layer(NewLayer("界线", "zones", crs, style=LINES), outline)
    desk.open(qtbot, tmp_path / "work.gpkg", 2)
    complete(desk, qtbot)
    return next(str(layer.uid) for layer in desk.session.layers if layer.name == "地块")


def complete(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk.idle() and desk.window.canvas.is_complete, timeout=WAIT_MS)


def moved(layer: str, dx: float, dy: float) -> Edit:
    """Return the edit that moves a node of four parcels."""
    corner = (X + CELL * CORNER + dx, Y + CELL * CORNER + dy)
    return Edit(
        "移动", tuple(ChangeFeature(layer, uid(r * ACROSS + c), cell(c, r, corner)) for c, r in AROUND)
    )


def make(desk: Desk, qtbot: QtBot, edit: Edit) -> None:
    with qtbot.waitSignal(desk.window.canvas.edit_shown, timeout=WAIT_MS):
        desk.bench.editing.submit(edit)


def grabbed(desk: Desk) -> np.ndarray:
    canvas = desk.window.canvas
    image = QImage(canvas.size(), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    canvas.paint_map(painter)
    painter.end()
    return as_array(image)


def painted(desk: Desk, layers: Any) -> np.ndarray:
    view = desk.window.canvas.device_view
    image = QImage(round(view.width_px), round(view.height_px), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    paint_ground(painter, layers, view, at_once=True)
    painter.end()
    return as_array(image)


def same(one: np.ndarray, tiles: np.ndarray) -> bool:
    """Tell whether a picture shows what tiles show.

    Where two parcels draw one boundary, smooth edges add up to another tone when they are drawn in another
    order; whatever is not such a boundary has the same colour.
    """
    # the scale bar lies over the lower right corner
    apart = np.abs(one - tiles).max(axis=2)[:-80]
    plain = np.zeros(apart.shape, dtype=bool)
    for colour in (WHITE, FILL, BLUE):
        plain |= (np.abs(tiles - colour).max(axis=2) <= 2)[:-80]
    assert plain.mean() > 0.8
    return bool(apart[plain].max() <= 2 and apart.max() <= 60)


def test_what_is_painted_at_once_is_what_the_tiles_show_later(
    desk: Desk, qtbot: QtBot, land: str, monkeypatch: pytest.MonkeyPatch
):
    before = grabbed(desk)
    with monkeypatch.context() as held:
        held.setattr(MapPicture, "take_drawn", lambda *_given: None)
        make(desk, qtbot, moved(land, 30.0, -25.0))
        at_once = grabbed(desk)
        qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
        settled = grabbed(desk)
    desk.window.canvas.redraw()
    complete(desk, qtbot)
    tiles = grabbed(desk)
    assert not same(before, tiles)
    # half transparent areas, and under an outline of another layer
    assert same(at_once, tiles)
    assert same(settled, tiles)


def test_it_is_painted_before_anything_else_is_told_and_before_it_is_written_for_the_processes(
    desk: Desk, qtbot: QtBot, land: str, monkeypatch: pytest.MonkeyPatch
):
    order: list[str] = []
    bench, canvas = desk.bench, desk.window.canvas
    canvas.edit_shown.connect(lambda _uid, _version: order.append("shown"))
    bench.editing.waiting_changed.connect(lambda count: order.append("waits" if count else "on disk"))
    bench.editing.written.connect(lambda _record: order.append("told"))
    real = EditFiles.saved

    def saved(self: EditFiles, layer: Any) -> Any:
        if isinstance(layer, EditedLayer):
            order.append("saved")
        return real(self, layer)

    monkeypatch.setattr(EditFiles, "saved", saved)
    make(desk, qtbot, moved(land, 10.0, 10.0))
    complete(desk, qtbot)
    assert order[:3] == ["waits", "on disk", "shown"]
    assert sorted(order[3:]) == ["saved", "told"]
    assert order.count("shown") == 1


class HeldCommit:
    """Keeps what is written from being confirmed until it is let go, or refused."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.refused: apsw.Error | None = None
        self._real = Database._confirm

    def confirm(self, database: Database) -> None:
        assert self.go.wait(WAIT_MS / 1000)
        if self.refused is not None:
            raise self.refused
        self._real(database)


@pytest.fixture
def held_commit(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldCommit]:
    held = HeldCommit()

    def confirm(database: Database) -> None:
        held.confirm(database)

    monkeypatch.setattr(Database, "_confirm", confirm)
    yield held
    held.go.set()


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> list[ShownEdit]:
    """Return the edits of which pictures are painted from now on."""
    real, found = edit_cover._picture, list[ShownEdit]()

    def picture(edit: ShownEdit, *rest: Any) -> QImage:
        found.append(edit)
        return real(edit, *rest)

    monkeypatch.setattr(edit_cover, "_picture", picture)
    return found


def hand_in(desk: Desk, qtbot: QtBot, edit: Edit) -> None:
    """Hand an edit in and wait until the window has got ready for it."""
    with qtbot.waitSignal(desk.bench.editing.foretold, timeout=WAIT_MS):
        desk.bench.editing.submit(edit)
    QApplication.processEvents()


def test_what_is_got_ready_is_not_seen_before_it_is_on_disk_and_is_what_is_painted_then(
    desk: Desk, qtbot: QtBot, land: str, held_commit: HeldCommit, pictures: list[ShownEdit]
):
    canvas = desk.window.canvas
    before = grabbed(desk)
    shown: list[int] = []
    canvas.edit_shown.connect(lambda _uid, version: shown.append(version))
    hand_in(desk, qtbot, moved(land, 30.0, -25.0))
    canvas.repaint()
    assert len(pictures) == 1
    assert not shown
    assert np.array_equal(grabbed(desk), before)
    with qtbot.waitSignal(canvas.edit_shown, timeout=WAIT_MS):
        held_commit.go.set()
    assert len(pictures) == 1
    at_once = grabbed(desk)
    canvas.redraw()
    complete(desk, qtbot)
    assert not same(before, at_once)
    assert same(at_once, grabbed(desk))


def test_what_was_got_ready_is_thrown_away_where_the_disk_refuses(
    desk: Desk, qtbot: QtBot, land: str, held_commit: HeldCommit, pictures: list[ShownEdit]
):
    shown: list[int] = []
    desk.window.canvas.edit_shown.connect(lambda _uid, version: shown.append(version))
    hand_in(desk, qtbot, moved(land, 30.0, -25.0))
    with qtbot.waitSignal(desk.bench.editing.stuck, timeout=WAIT_MS):
        held_commit.refused = apsw.FullError()
        held_commit.go.set()
    complete(desk, qtbot)
    assert not shown
    assert same_as_painted(desk)
    assert not any(isinstance(layer, EditedLayer) for layer in desk.window.canvas.layers)
    desk.bench.editing.give_up()
    held_commit.refused = None
    # of the same features, at the same version
    make(desk, qtbot, moved(land, -20.0, 15.0))
    assert [edit.version for edit in pictures] == [2, 2]
    complete(desk, qtbot)
    assert same_as_painted(desk)


def test_where_one_looks_elsewhere_meanwhile_the_edit_is_painted_there(
    desk: Desk, qtbot: QtBot, land: str, held_commit: HeldCommit, pictures: list[ShownEdit]
):
    canvas = desk.window.canvas
    hand_in(desk, qtbot, moved(land, 30.0, -25.0))
    canvas.zoom_to((X + 300, Y + 300, X + 700, Y + 700))
    canvas.repaint()
    with qtbot.waitSignal(canvas.edit_shown, timeout=WAIT_MS):
        held_commit.go.set()
    assert len(pictures) == 2
    complete(desk, qtbot)
    assert same_as_painted(desk)


def test_the_map_is_not_complete_before_the_processes_have_drawn_it(desk: Desk, qtbot: QtBot, land: str):
    states: list[bool] = []
    canvas = desk.window.canvas
    canvas.edit_shown.connect(lambda _uid, _version: states.append(canvas.is_complete))
    make(desk, qtbot, moved(land, 10.0, 10.0))
    complete(desk, qtbot)
    assert states == [False]
    (shown,) = [layer for layer in canvas.layers if layer.uid == land]
    assert isinstance(shown, EditedLayer)
    assert shown.folder is not None


def test_edits_one_after_another_show_the_last(
    desk: Desk, qtbot: QtBot, land: str, monkeypatch: pytest.MonkeyPatch
):
    records: list[EditRecord] = []
    desk.bench.editing.written.connect(records.append)
    with monkeypatch.context() as held:
        held.setattr(MapPicture, "take_drawn", lambda *_given: None)
        for step in range(6):
            desk.bench.editing.submit(moved(land, 5.0 * step, -4.0 * step))
        qtbot.waitUntil(lambda: len(records) == 6 and desk.idle(), timeout=WAIT_MS)
        at_once = grabbed(desk)
    desk.window.canvas.redraw()
    complete(desk, qtbot)
    assert same(at_once, grabbed(desk))


def test_the_marked_outline_goes_with_the_edit(desk: Desk, qtbot: QtBot, land: str):
    desk.session.select({land: [uid(CORNER * ACROSS + CORNER)]})
    complete(desk, qtbot)
    seen: list[np.ndarray] = []
    desk.window.canvas.edit_shown.connect(lambda _uid, _version: seen.append(grabbed(desk)))
    before = grabbed(desk)
    make(desk, qtbot, moved(land, 30.0, -25.0))
    complete(desk, qtbot)
    after = grabbed(desk)
    assert same(seen[0], after)
    accent = [(picture[..., 2] - picture[..., 0]) > 100 for picture in (before, seen[0], after)]
    assert (accent[0] != accent[2]).sum() > 100
    assert (accent[1] != accent[2]).sum() < 20


def test_a_layer_that_is_prepared_anew_has_no_edit_painted_over_it(
    desk: Desk, qtbot: QtBot, land: str, monkeypatch: pytest.MonkeyPatch
):
    real, failures = EditFiles.saved, [ValueError()]

    def saved(self: EditFiles, layer: Any) -> Any:
        if failures:
            raise failures.pop()
        return real(self, layer)

    monkeypatch.setattr(EditFiles, "saved", saved)
    make(desk, qtbot, moved(land, 30.0, -25.0))
    qtbot.waitUntil(lambda: not failures and len(desk.window.canvas.layers) == 2, timeout=WAIT_MS)
    complete(desk, qtbot)
    desk.session.change_layer(land, opacity=0.5)
    complete(desk, qtbot)
    colours = {tuple(colour) for colour in grabbed(desk)[100:-100:7, 100:-100:7].reshape(-1, 3).tolist()}
    assert tuple(FILL) not in colours
    assert same_as_painted(desk)


def same_as_painted(desk: Desk) -> bool:
    """Tell whether the map shows what the painters draw of its layers."""
    found, expected = grabbed(desk), painted(desk, desk.window.canvas.layers)
    return bool((np.abs(found - expected).max(axis=2)[:-80] > 60).mean() < 0.001)
