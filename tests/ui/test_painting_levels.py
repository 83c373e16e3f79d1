"""Coarser levels look like the layer itself: held against plain drawings with every vertex."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawing_samples import areas, as_array, blank
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter, QPainterPath, QPolygonF

from benchmarks.plain_drawing import difference, plain_drawing
from layers.drawable import DrawableLayer
from layers.levels.build import build_levels
from layers.progress import NoProgress
from layers.style import ClassRule, Style, Symbol
from ui.painting import MapView, paint_ground
from ui.painting.paths import whole_path
from ui.painting.screen_lines import segments
from ui.painting.selection import paint_selection

MAGENTA = [255, 0, 255]
TONES = ("#E8C070", "#70A0E8", "#60B060", "#D08080", "#FFFFC0", "#303080")


def _style(*, stroke: str | None = "#3C3C3C", **more: object) -> Style:
    rules = tuple(
        ClassRule(value=str(n), title=str(n), symbol=Symbol(fill=tone, stroke=stroke, stroke_mm=0.1, **more))
        for n, tone in enumerate(TONES)
    )
    return Style(class_field="name", rules=rules)


def _parcels(side: int = 60, cell_m: float = 50.0) -> list[shapely.Polygon]:
    """Return a wavy partition of a square: Voronoi cells whose shared edges are bent alike."""
    rng = np.random.default_rng(3)
    extent = side * cell_m
    seeds = shapely.multipoints(rng.uniform(0, extent, (side * side, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=shapely.box(0, 0, extent, extent)))
    cells = shapely.segmentize(shapely.clip_by_rect(cells, 0, 0, extent, extent), 8.0)

    def bend(xy: np.ndarray) -> np.ndarray:
        wave = np.sin(np.round(xy, 3) @ np.array([[12.9898, 39.425], [78.233, 11.135]])) * 43758.5453
        return xy + ((wave - np.floor(wave)) * 2 - 1) * 0.5

    return list(shapely.transform(cells, bend))


@pytest.fixture(scope="module")
def parcels() -> DrawableLayer:
    shapes = _parcels()
    names = [str(n % len(TONES)) for n in range(len(shapes))]
    layer = areas(*shapes, style=_style(), names=names, uid="parcels")
    return replace(layer, levels=build_levels(layer, 1.0, NoProgress()))


def _view(units_per_px: float, size: int = 300) -> MapView:
    return MapView(1500.0, 1500.0, units_per_px, size, size)


def _quickly(layer: DrawableLayer, view: MapView, ground: object = Qt.GlobalColor.white):
    image = blank(view, ground)
    painter = QPainter(image)
    paint_ground(painter, [layer], view, at_once=True)
    painter.end()
    return image


@pytest.mark.parametrize("units_per_px", [2.5, 5.0, 9.0, 20.0, 40.0])
def test_nobody_notices_a_level(parcels: DrawableLayer, units_per_px: float):
    view = _view(units_per_px)
    levels = parcels.levels
    assert levels is not None
    assert levels.level_at(units_per_px) is not None
    mean, off = difference(_quickly(parcels, view), plain_drawing(parcels, view))
    assert mean <= 8.0
    assert off <= 0.08


def test_cells_serve_where_parcels_are_hardly_larger_than_pixels(parcels: DrawableLayer):
    levels = parcels.levels
    assert levels is not None
    assert levels.cells_at(40.0) is not None
    without = replace(parcels, levels=replace(levels, cells=()))
    mean, off = difference(_quickly(parcels, _view(40.0)), _quickly(without, _view(40.0)))
    assert mean <= 8.0
    assert off <= 0.08


@pytest.mark.parametrize("units_per_px", [3.0, 11.0, 30.0])
def test_neighbours_show_no_gap(parcels: DrawableLayer, units_per_px: float):
    plain = replace(parcels, style=_style(stroke=None))
    # well inside: the layer's own edge is none of this
    view = MapView(1500.0, 1500.0, units_per_px, *[int(2400 / units_per_px)] * 2)
    found = as_array(_quickly(plain, view, Qt.GlobalColor.magenta))
    # no mixture of the six fills is as near to magenta as a fill that lets a quarter of the ground through
    assert (found == MAGENTA).all(axis=2).sum() == 0
    tones = np.array([[int(tone[i : i + 2], 16) for i in (1, 3, 5)] for tone in TONES])
    assert found[:, :, 1].min() >= tones[:, 1].min()


def test_a_parcel_above_four_pixels_never_vanishes():
    rng = np.random.default_rng(8)
    shapes = []
    for number in range(2500):
        x, y = (number % 50) * 100 + rng.uniform(0, 40), (number // 50) * 100 + rng.uniform(0, 40)
        ring = shapely.Point(x, y).buffer(12.7, quad_segs=8)  # 506 m2, 33 vertices
        shapes.append(ring)
    layer = areas(*shapes, style=_style(), names=["5"] * len(shapes), uid="islands")
    layer = replace(layer, levels=build_levels(layer, 1.0, NoProgress()))
    assert layer.levels is not None
    assert layer.levels.levels
    units = 11.0  # 4.2 pixels each
    view = MapView(2500, 2500, units, 480, 480)
    found = as_array(_quickly(layer, view))
    for shape in shapes:
        px, py = view.to_pixel(shape.centroid.x, shape.centroid.y)
        around = found[int(py) - 1 : int(py) + 2, int(px) - 1 : int(px) + 2]
        assert around.min() < 120


def test_a_dashed_boundary_of_a_level_is_dashed_once(parcels: DrawableLayer):
    view = _view(2.5)
    dashed = replace(parcels, style=_style(stroke="#000000", fill_opacity=0.0).model_copy(update={}))
    rules = tuple(
        rule.model_copy(
            update={"symbol": Symbol(fill=None, stroke="#000000", stroke_mm=0.3, dash=(1.0, 1.0))}
        )
        for rule in dashed.style.rules
    )
    dashed = replace(dashed, style=Style(class_field="name", rules=rules))
    solid = replace(
        dashed,
        style=Style(
            class_field="name",
            rules=tuple(
                rule.model_copy(update={"symbol": Symbol(fill=None, stroke="#000000", stroke_mm=0.3)})
                for rule in rules
            ),
        ),
    )
    ink = [255.0 - as_array(_quickly(layer, view)).mean() for layer in (dashed, solid)]
    # half of each boundary is gap; had both neighbours drawn theirs, hardly a gap would be left
    assert ink[0] == pytest.approx(ink[1] / 2, rel=0.2)


def test_a_half_transparent_level_does_not_double_where_outlines_meet_fills(parcels: DrawableLayer):
    one_tone = Style(symbol=Symbol(fill="#000000", stroke="#000000", stroke_mm=0.3))
    layer = replace(parcels, style=one_tone, opacity=0.5)
    inner = as_array(_quickly(layer, _view(4.0)))[20:280, 20:280]
    assert inner.min() >= 126
    assert inner.max() <= 129


def test_a_hatch_of_a_level_lies_where_its_class_lies(parcels: DrawableLayer):
    hatched = Symbol(fill=None, stroke=None, hatch="cross", hatch_color="#FF0000", hatch_spacing_mm=1.5)
    empty = Symbol(fill=None, stroke=None)
    rules = tuple(
        rule.model_copy(update={"symbol": hatched if rule.value == "2" else empty})
        for rule in parcels.style.rules
    )
    view = _view(4.0)
    found = as_array(_quickly(replace(parcels, style=Style(class_field="name", rules=rules)), view))
    fills = tuple(
        rule.model_copy(
            update={"symbol": Symbol(fill="#000000", stroke=None) if rule.value == "2" else empty}
        )
        for rule in parcels.style.rules
    )
    filled = as_array(_quickly(replace(parcels, style=Style(class_field="name", rules=fills)), view))
    red = found[:, :, 1] < 200
    inside, outside = filled[:, :, 0] < 20, filled[:, :, 0] > 235
    assert red[inside].mean() > 0.2
    assert red[outside].mean() < 0.03


def test_a_class_that_is_not_shown_at_a_scale_is_not_drawn_from_levels(parcels: DrawableLayer):
    limited = tuple(
        rule.model_copy(update={"max_denominator": 100.0 if rule.value == "3" else None})
        for rule in parcels.style.rules
    )
    style = Style(class_field="name", rules=limited)
    rows = np.flatnonzero(parcels.class_index == 3)[:200]
    for units in (4.0, 40.0):
        view = _view(units, 700)
        found = as_array(_quickly(replace(parcels, style=style), view))
        tone = (np.abs(found - [0xD0, 0x80, 0x80]) <= 2).all(axis=2)
        assert len(rows) > 50
        assert not tone.any()


def test_a_path_from_memory_is_the_path_qt_makes():
    rng = np.random.default_rng(1)
    sizes = [5, 4, 9, 31]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    xy = rng.uniform(-50, 900, (int(offsets[-1]), 2))
    made = QPainterPath()
    for first, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
        made.addPolygon(QPolygonF([QPointF(x, y) for x, y in xy[first:end].tolist()]))
    found = whole_path(xy, offsets)
    found.setFillRule(made.fillRule())
    assert found == made
    assert whole_path(np.empty((0, 2)), np.zeros(1, dtype=np.int64)).isEmpty()


def test_segments_are_the_pairs_of_each_line():
    xy = np.array([[0, 0], [1, 2], [3, 3], [10, 10], [11, 12], [20.0, 20]])
    offsets = np.array([0, 3, 5, 6])  # the last line is a single point
    found = []
    for array in segments(xy, offsets):
        found += [(line.x1(), line.y1(), line.x2(), line.y2()) for line in array]
    assert found == [(0, 0, 1, 2), (1, 2, 3, 3), (10, 10, 11, 12)]


def test_a_district_seen_from_very_near_is_filled_by_a_level_too(parcels: DrawableLayer):
    around = shapely.box(-40_000, -40_000, 60_000, 60_000)
    shapes = [*_parcels(48), around.difference(shapely.box(-10, -10, 2500, 2500))]
    layer = areas(*shapes, style=_style(stroke=None), names=["1"] * len(shapes), uid="district")
    layer = replace(layer, levels=build_levels(layer, 1.0, NoProgress()))
    view = MapView(-30_000, 20_000, 2.5, 200, 200)
    found = as_array(_quickly(layer, view, Qt.GlobalColor.magenta))
    assert (found == [0x70, 0xA0, 0xE8]).all()


@pytest.mark.parametrize("units_per_px", [1.2, 5.0, 30.0])
def test_thousands_of_selected_parcels_are_tinted_where_they_lie(parcels: DrawableLayer, units_per_px: float):
    west = np.flatnonzero(parcels.bounds[:, 2] < 1480.0)
    east = np.flatnonzero(parcels.bounds[:, 0] > 1520.0)
    every_other = np.sort(np.concatenate([west, east[::2]]))
    assert len(every_other) > 2500
    size = int(2800 / units_per_px)
    view = MapView(1500.0, 1500.0, units_per_px, size, size)
    image = blank(view)
    painter = QPainter(image)
    paint_selection(painter, [parcels], {"parcels": every_other}, view)
    painter.end()
    found = as_array(image)
    blue = (found[:, :, 2] > 240) & (found[:, :, 0] < 170)
    half = int(size * 0.45)
    assert blue[10:-10, 10:half].mean() > 0.97
    assert blue[10:-10, -half:].mean() == pytest.approx(0.55, abs=0.25)
