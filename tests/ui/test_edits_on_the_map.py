"""The map right after an edit: at once over known tiles, then drawn anew where it was touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PyQt6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from layers.crs import parse_crs
from layers.drawable_edits import EditedLayer, FeatureLayer, folded, parts_of
from layers.edits import AddFeature, ChangeFeature, Edit, RemoveFeature
from layers.store import NewLayer, Project
from layers.style import LabelStyle, Style, Symbol
from tests.ui.drawing_samples import as_array
from tests.ui.window_desk import WAIT_MS, Desk
from ui.canvas.edit_cover import ShownEdit
from ui.canvas.picture import MapPicture
from ui.map_edit_files import EditFiles
from ui.painting import paint_ground

X, Y = 500_000.0, 2_490_000.0
RED, BLUE, WHITE = [255, 0, 0], [0, 0, 255], [255, 255, 255]
ACROSS = 20
FREE = 210  # nobody's land
COUNT = ACROSS * ACROSS - 1


def uid(number: int) -> str:
    return f"019313a0-0000-7000-8000-{number:012d}"


def cell(number: int, side: float = 100.0) -> shapely.Polygon:
    x, y = X + number % ACROSS * 100, Y + number // ACROSS * 100
    return shapely.box(x, y, x + side, y + side)


def middle(number: int) -> tuple[float, float]:
    point = cell(number).centroid
    return point.x, point.y


@pytest.fixture
def desk(empty_desk: Desk) -> Desk:
    """Return the window without a project, which each test opens for itself."""
    return empty_desk


def make(path: Path, style: Style, kind: str = "zones") -> None:
    crs = parse_crs("4547")
    numbers = [n for n in range(ACROSS * ACROSS) if n != FREE]
    shapes = [cell(n) if kind == "zones" else shapely.Point(*middle(n)) for n in numbers]
    columns = {"zs_uid": [uid(n) for n in numbers], "name": [f"区{n}" for n in numbers]}
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)
    with Project.create(path, crs) as project:
        project.add_layer(NewLayer("分区", kind, crs, style=style), frame)


FILLED = Style(symbol=Symbol(fill="#FF0000", stroke=None))


def opened(desk: Desk, qtbot: QtBot, path: Path) -> str:
    desk.open(qtbot, path, 1)
    qtbot.waitUntil(lambda: desk.window.canvas.is_complete, timeout=WAIT_MS)
    return str(desk.session.layers[0].uid)


def edit(desk: Desk, *changes: Any) -> None:
    desk.bench.editing.submit(Edit("改", changes))


def edited(desk: Desk, qtbot: QtBot, *changes: Any) -> None:
    """Make an edit and wait until a frame shows it."""
    with qtbot.waitSignal(desk.window.canvas.edit_shown, timeout=WAIT_MS):
        edit(desk, *changes)


def grabbed(desk: Desk) -> np.ndarray:
    canvas = desk.window.canvas
    image = QImage(canvas.size(), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    canvas.paint_map(painter)
    painter.end()
    return as_array(image)


def colour(desk: Desk, place: tuple[float, float]) -> list[int]:
    px, py = desk.window.canvas.view.to_pixel(*place)
    return [int(value) for value in grabbed(desk)[int(py), int(px)]]


def complete(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk.idle() and desk.window.canvas.is_complete, timeout=WAIT_MS)


def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no tile arrive any more: what is seen is what is shown at once."""
    monkeypatch.setattr(MapPicture, "take_drawn", lambda *_given: None)


def test_an_edit_is_seen_before_any_tile_is_drawn(
    desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make(tmp_path / "work.gpkg", FILLED)
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")
    held(monkeypatch)
    edited(
        desk,
        qtbot,
        RemoveFeature(layer, uid(45)),
        ChangeFeature(layer, uid(46), cell(46, 40.0)),
        AddFeature(layer, cell(FREE)),
    )
    assert not desk.window.canvas.is_complete
    assert colour(desk, middle(45)) == WHITE
    # what the shape covers no longer, what it covers still, a neighbour, new land
    assert colour(desk, middle(46)) == WHITE
    left, low = cell(46).bounds[:2]
    assert colour(desk, (left + 15, low + 15)) == RED
    assert colour(desk, middle(47)) == RED
    assert colour(desk, middle(FREE)) == RED


def test_only_what_an_edit_touches_is_drawn_anew(desk: Desk, qtbot: QtBot, tmp_path: Path):
    desk.window.resize(2400, 1500)
    make(tmp_path / "work.gpkg", FILLED)
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")
    canvas = desk.window.canvas
    drawn: list[Any] = []
    picture = canvas._picture._whole
    picture._scheduler.drawn.connect(lambda key, _image, _missing: drawn.append(key))

    def rests() -> bool:
        """Tell whether no tile of the opening is drawn any more: the window may still find its size."""
        drawn.clear()
        qtbot.wait(400)
        return not drawn and desk.idle() and canvas.is_complete

    qtbot.waitUntil(rests, timeout=WAIT_MS)
    wanted = len(picture._tiles.grid(canvas.device_view).tiles(canvas.device_view))
    edited(desk, qtbot, RemoveFeature(layer, uid(0)))
    complete(desk, qtbot)
    seen = [key for key in drawn if not key.overview]
    assert wanted > 1
    assert 0 < len({key.place for key in seen}) < wanted
    assert colour(desk, middle(0)) == WHITE
    assert colour(desk, middle(399)) == RED


def test_after_the_edits_the_map_is_what_the_painters_draw(desk: Desk, qtbot: QtBot, tmp_path: Path):
    style = Style(symbol=Symbol(fill="#FF0000", stroke="#000000", stroke_mm=0.4))
    make(tmp_path / "work.gpkg", style)
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")
    for number in (45, 46, 47):
        edited(desk, qtbot, ChangeFeature(layer, uid(number), cell(number, 60.0)))
    edited(desk, qtbot, AddFeature(layer, cell(FREE)))
    complete(desk, qtbot)
    (shown,) = desk.window.canvas.layers
    view = desk.window.canvas.device_view
    image = QImage(round(view.width_px), round(view.height_px), QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    assert isinstance(shown, EditedLayer)
    paint_ground(painter, [folded(shown)], view, at_once=True)
    painter.end()
    expected, found = as_array(image), grabbed(desk)
    # the scale bar lies over the lower right corner
    apart = np.abs(found - expected).max(axis=2)[:-80]
    assert (apart > 40).mean() < 0.001


def test_points_move_at_once(desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path / "work.gpkg", Style(symbol=Symbol(fill="#0000FF", stroke=None, marker_mm=4)), "points")
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")
    held(monkeypatch)
    edited(desk, qtbot, ChangeFeature(layer, uid(45), shapely.Point(*middle(FREE))))
    assert colour(desk, middle(FREE)) == BLUE
    assert colour(desk, middle(45)) == WHITE
    assert colour(desk, middle(44)) == BLUE


def test_undoing_shows_what_there_was(desk: Desk, qtbot: QtBot, tmp_path: Path):
    make(tmp_path / "work.gpkg", FILLED)
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")
    edited(desk, qtbot, RemoveFeature(layer, uid(45)))
    complete(desk, qtbot)
    assert colour(desk, middle(45)) == WHITE
    with qtbot.waitSignal(desk.window.canvas.edit_shown, timeout=WAIT_MS):
        desk.bench.editing.undo()
    complete(desk, qtbot)
    assert colour(desk, middle(45)) == RED
    (shown,) = desk.window.canvas.layers
    assert len(shown) == COUNT


def test_a_selected_feature_stays_marked_and_a_removed_one_is_not_selected(
    desk: Desk, qtbot: QtBot, tmp_path: Path
):
    make(tmp_path / "work.gpkg", FILLED)
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")
    desk.session.select({layer: [uid(45), uid(46)]})
    edited(desk, qtbot, ChangeFeature(layer, uid(45), cell(FREE)))
    complete(desk, qtbot)
    edge = colour(desk, (cell(FREE).bounds[0], middle(FREE)[1]))
    assert edge[2] > edge[0] + 50  # the accent's blue, not the layer's red
    edited(desk, qtbot, RemoveFeature(layer, uid(46)))
    assert desk.session.selection == {layer: frozenset({uid(45)})}
    assert desk.bench.map_layers.zoom_to_features(desk.session.selection)
    west, _south, east, _north = desk.window.canvas.view.bounds
    assert west < cell(FREE).bounds[0]
    assert east < cell(FREE).bounds[2] + 200


def test_other_looks_keep_the_edits(desk: Desk, qtbot: QtBot, tmp_path: Path):
    make(tmp_path / "work.gpkg", FILLED)
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")
    edited(desk, qtbot, RemoveFeature(layer, uid(45)))
    desk.session.change_layer(layer, style=Style(symbol=Symbol(fill="#0000FF", stroke=None)))
    complete(desk, qtbot)
    assert colour(desk, middle(44)) == BLUE
    assert colour(desk, middle(45)) == WHITE
    # other values are needed: arrays in another form, with the edits too
    named = Style(symbol=Symbol(fill="#0000FF", stroke=None), label=LabelStyle(field="name"))
    desk.session.change_layer(layer, style=named)
    complete(desk, qtbot)
    (shown,) = desk.window.canvas.layers
    assert len(shown) == COUNT - 1


def test_folding_changes_nothing_that_is_seen(desk: Desk, qtbot: QtBot, tmp_path: Path):
    make(tmp_path / "work.gpkg", FILLED)
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")
    edited(desk, qtbot, RemoveFeature(layer, uid(45)))
    complete(desk, qtbot)
    before = grabbed(desk)
    (shown,) = desk.window.canvas.layers
    assert isinstance(shown, EditedLayer)
    desk.bench.map_layers.folding.fold(layer)
    edited(desk, qtbot, RemoveFeature(layer, uid(399)))  # meanwhile
    qtbot.waitUntil(
        lambda: desk.window.canvas.layers[0].uid == layer and _base_rows(desk) != COUNT, timeout=WAIT_MS
    )
    complete(desk, qtbot)
    after = grabbed(desk)
    (shown,) = desk.window.canvas.layers
    assert len(shown) == COUNT - 2
    assert colour(desk, middle(399)) == WHITE
    assert colour(desk, middle(45)) == WHITE
    px, py = (int(value) for value in desk.window.canvas.view.to_pixel(*middle(399)))
    reach = int(60 / desk.window.canvas.view.units_per_px)
    before[py - reach : py + reach, px - reach : px + reach] = 0
    after[py - reach : py + reach, px - reach : px + reach] = 0
    # antialiased edges that meet may be put into other paths
    assert np.abs(before - after).max() <= 16


def _base_rows(desk: Desk) -> int:
    return len(parts_of(desk.window.canvas.layers[0])[0])


def test_a_project_opened_again_shows_its_edits_without_making_its_arrays_anew(
    desk: Desk, qtbot: QtBot, tmp_path: Path
):
    make(tmp_path / "work.gpkg", FILLED)
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")
    edited(desk, qtbot, RemoveFeature(layer, uid(45)))
    complete(desk, qtbot)
    assert desk.bench.projects.close_project()
    qtbot.waitUntil(desk.idle, timeout=WAIT_MS)
    opened(desk, qtbot, tmp_path / "work.gpkg")
    (shown,) = desk.window.canvas.layers
    assert isinstance(shown, EditedLayer)
    assert len(shown.hidden) == 1
    assert colour(desk, middle(45)) == WHITE


def test_a_polygon_of_a_hundred_thousand_vertices_is_shown_thinned(desk: Desk, qtbot: QtBot, tmp_path: Path):
    make(tmp_path / "work.gpkg", FILLED)
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")
    angles = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    radius = 300 + 20 * np.sin(angles * 2_000)
    ring = np.column_stack([X - 700 + radius * np.cos(angles), Y + 500 + radius * np.sin(angles)])
    told: list[ShownEdit] = []
    canvas = desk.window.canvas
    real = canvas._picture.show_edit
    canvas._picture.show_edit = lambda layers, edit: (told.append(edit), real(layers, edit))
    edited(desk, qtbot, AddFeature(layer, shapely.Polygon(ring)))
    assert 100 < len(told[0].fresh.coords) <= 2_000
    complete(desk, qtbot)
    canvas.zoom_full()
    complete(desk, qtbot)
    assert colour(desk, (X - 700, Y + 500)) == RED


def test_an_edit_that_cannot_be_taken_in_has_the_layer_prepared_anew(
    desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make(tmp_path / "work.gpkg", FILLED)
    layer = opened(desk, qtbot, tmp_path / "work.gpkg")

    real, failures = EditFiles.saved, [ValueError()]

    def saved(self: EditFiles, given: FeatureLayer) -> FeatureLayer:
        if failures:
            raise failures.pop()
        return real(self, given)

    monkeypatch.setattr(EditFiles, "saved", saved)
    edit(desk, RemoveFeature(layer, uid(45)))
    qtbot.waitUntil(lambda: not failures and desk.idle(), timeout=WAIT_MS)
    edit(desk, RemoveFeature(layer, uid(46)))
    qtbot.waitUntil(
        lambda: [len(layer) for layer in desk.window.canvas.layers] == [COUNT - 2], timeout=WAIT_MS
    )
    complete(desk, qtbot)
    assert colour(desk, middle(45)) == WHITE
    assert colour(desk, middle(47)) == RED
