"""Areas on the map: their colours where they lie, no gaps, holes open, hatches and bands in place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawing_samples import VIEW, areas, as_array, at, blank, coverage, picture
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter

from layers.style import ClassRule, Style, Symbol
from ui.canvas.tile_grid import TileGrid, aligned, pixel_place, tile_view
from ui.painting import MapView, paint_ground

WHITE = [255, 255, 255]
RED = [255, 0, 0]


def test_a_fill_covers_its_polygon_and_nothing_else():
    found = picture(areas(shapely.box(20, 20, 80, 80)))
    assert at(found, 50, 50) == RED
    assert at(found, 22, 78) == RED
    assert at(found, 10, 50) == WHITE
    # 60 x 60 pixels, and a hairline of less than half a pixel around
    red = int((found[:, :, 1] < 128).sum())
    assert 3600 <= red <= 62 * 62


def test_north_is_up_and_east_is_right():
    found = picture(areas(shapely.box(60, 70, 90, 95)))
    assert at(found, 75, 82) == RED
    assert found[100 - 82, 75].tolist() == RED
    assert found[82, 75].tolist() == WHITE


def test_a_hole_stays_open_and_an_island_in_it_is_filled():
    ring = shapely.box(10, 10, 90, 90) - shapely.box(30, 30, 70, 70)
    found = picture(areas(shapely.MultiPolygon([ring, shapely.box(45, 45, 55, 55)])))
    assert at(found, 20, 50) == RED
    assert at(found, 35, 50) == WHITE
    assert at(found, 50, 50) == RED


def test_overlapping_shapes_of_one_class_do_not_cut_each_other_out():
    found = picture(areas(shapely.box(10, 10, 60, 60), shapely.box(40, 40, 90, 90)))
    assert at(found, 50, 50) == RED


def test_neighbours_show_no_gap():
    # a slanted common edge that misses the pixel grid; the ground is pure green, the fills have no green
    left = shapely.Polygon([(10.3, 10.2), (47.37, 10.2), (53.81, 90.4), (10.3, 90.4)])
    right = shapely.Polygon([(47.37, 10.2), (90.6, 10.2), (90.6, 90.4), (53.81, 90.4)])
    style = Style(
        class_field="name",
        rules=(
            ClassRule(value="a", title="a", symbol=Symbol(fill="#FF0000", stroke=None)),
            ClassRule(value="b", title="b", symbol=Symbol(fill="#0000FF", stroke=None)),
        ),
    )
    found = picture(areas(left, right, style=style, names=["a", "b"]), ground=Qt.GlobalColor.green)
    inside = found[14:86, 14:86]
    # two plain antialiased edges would let a quarter of the ground through: 64 of 255
    assert inside[:, :, 1].max() <= 24
    assert at(found, 20, 50) == RED
    assert at(found, 80, 50) == [0, 0, 255]


def test_a_thousand_neighbours_show_no_gap():
    cover = coverage(side=100.0, cells=300, seed=8)
    plain = Style(
        class_field="name",
        rules=tuple(
            ClassRule(value=f"名{i}", title="", symbol=Symbol(fill=color, stroke=None))
            for i, color in enumerate(["#FF0000", "#0000FF", "#800080", "#400000"])
        ),
    )
    found = picture(replace(cover, style=plain), ground=Qt.GlobalColor.green)
    assert found[2:98, 2:98, 1].max() <= 40


def test_a_half_transparent_layer_does_not_double_where_outline_and_fill_meet():
    symbol = Symbol(fill="#FF0000", stroke="#FF0000", stroke_mm=2.0)  # 8 px wide
    found = picture(areas(shapely.box(20, 20, 80, 80), symbol=symbol, opacity=0.5))
    # red at one half over white: 255, 127.5, 127.5 everywhere
    for x in (50, 22, 18):
        assert at(found, x, 50) == pytest.approx([255, 128, 128], abs=1)


def test_a_transparent_fill_keeps_its_outline_opaque():
    symbol = Symbol(fill="#FF0000", fill_opacity=0.2, stroke="#0000FF", stroke_mm=1.0)
    found = picture(areas(shapely.box(20, 20, 80, 80), symbol=symbol))
    assert at(found, 50, 50) == pytest.approx([255, 204, 204], abs=1)
    assert at(found, 20, 50) == [0, 0, 255]


def test_the_upper_layer_of_the_list_hides_the_lower():
    lower = areas(shapely.box(0, 0, 100, 100), symbol=Symbol(fill="#00FF00", stroke=None), uid="low")
    upper = areas(shapely.box(20, 20, 80, 80), uid="high")
    assert at(picture(upper, lower), 50, 50) == RED
    assert at(picture(lower, upper), 50, 50) == [0, 255, 0]


@pytest.mark.parametrize("hatch", ["forward", "backward", "cross", "diagonal_cross"])
def test_a_hatch_is_anchored_to_the_map(hatch: str):
    symbol = Symbol(fill=None, stroke=None, hatch=hatch, hatch_color="#000000", hatch_spacing_mm=2.0)
    layer = areas(shapely.box(-500, -500, 500, 500), symbol=symbol)
    found = picture(layer)
    moved = picture(layer, view=replace(VIEW, center_x=VIEW.center_x + 7, center_y=VIEW.center_y - 5))
    # seven pixels to the east and five to the south the same lines lie at the same places
    assert np.abs(moved[:-5, :-7] - found[5:, 7:]).max() <= 4
    # spacing 8 px, line 0.48 px: one family of lines darkens 6 % of the ground; of slanted lines thinner
    # than a pixel Qt measures the width along the axis, so they are lighter by the square root of two
    families = 2 if "cross" in hatch else 1
    share = 0.06 if hatch == "cross" else 0.06 / 2**0.5
    assert 1 - found.mean() / 255 == pytest.approx(share * families, rel=0.15)


def test_a_hatch_stays_inside_its_polygon_and_leans_the_right_way():
    symbol = Symbol(fill=None, stroke=None, hatch="forward", hatch_color="#000000", hatch_spacing_mm=3.0)
    found = picture(areas(shapely.box(20, 20, 80, 80), symbol=symbol))
    assert found[:18].min() == 255
    assert found[:, :18].min() == 255
    inside = found[25:75, 25:75, 0]
    # forward leans like a slash: one to the right is one up
    assert np.abs(inside[1:, :-1] - inside[:-1, 1:]).mean() < np.abs(inside[1:, 1:] - inside[:-1, :-1]).mean()


def test_the_soft_band_lies_outside_and_fades():
    symbol = Symbol(fill=None, stroke="#C00000", stroke_mm=0.25, tint_mm=4.0)  # band of 16 px
    found = picture(areas(shapely.box(30, 30, 70, 70), symbol=symbol))
    assert at(found, 50, 50) == WHITE
    assert at(found, 33, 50) == WHITE
    green = [at(found, x, 50)[1] for x in (28, 24, 20, 16)]
    assert green == sorted(green)
    assert green[0] < 200
    assert at(found, 8, 50) == WHITE


def test_a_dashed_boundary_of_two_neighbours_is_dashed_once():
    symbol = Symbol(fill=None, stroke="#000000", stroke_mm=0.5, dash=(2.0, 2.0))
    # the common edge runs from one corner to the other, the rings start elsewhere
    left = shapely.Polygon([(10, 10), (50, 10), (50, 90), (10, 90)])
    right = shapely.Polygon([(90, 10), (90, 90), (50, 90), (50, 10)])
    both = picture(areas(left, right, symbol=symbol))
    column = both[12:88, 49:51, 0].min(axis=1)
    # dashes of 8 px and gaps of 8 px: half of it is ground
    assert 0.35 < (column > 200).mean() < 0.65


def test_a_district_seen_from_very_near_is_filled_and_has_no_false_edges():
    # 2,000 km wide, seen at 1 cm to the pixel: 200 million pixels
    symbol = Symbol(fill="#FF0000", stroke="#0000FF", stroke_mm=1.0)
    huge = areas(shapely.box(0, -1e6, 2e6, 1e6), symbol=symbol)
    near = MapView(1e6, 0, 0.01, 100, 100, px_per_mm=4.0)
    assert (picture(huge, view=near) == RED).all()
    edge = replace(near, center_x=0.0)
    found = picture(huge, view=edge)
    assert found[50, 20].tolist() == WHITE
    assert found[50, 50].tolist() == [0, 0, 255]
    assert found[50, 80].tolist() == RED


def test_a_parcel_of_some_pixels_never_vanishes():
    vertices = shapely.Point(50, 50).buffer(2.2, quad_segs=500)  # 15 px² in 2,000 vertices
    found = picture(areas(vertices))
    assert at(found, 50, 50) == RED
    ink = (255 - found[:, :, 1]).sum() / 255
    assert ink == pytest.approx(15.2 + 0.35 * 13.8, rel=0.2)  # and its hairline around


def test_tiles_put_together_are_the_whole_picture():
    cover = coverage()
    platform = areas(
        shapely.Point(900, 1100).buffer(600) - shapely.box(850, 850, 1200, 1200),
        symbol=Symbol(
            fill="#FF0000",
            fill_opacity=0.15,
            hatch="diagonal_cross",
            hatch_spacing_mm=2.3,
            stroke="#C00000",
            stroke_mm=0.8,
            dash=(3.0, 1.0, 0.5, 1.0),
            tint_mm=3.0,
        ),
        opacity=0.8,
        uid="platform",
    )
    layers = [platform, cover]
    view = aligned(MapView(1000.3, 999.7, 2.0**1.3, 900, 700, px_per_mm=3.78))
    whole = picture(*layers, view=view)
    tiled = np.full_like(whole, -1)
    # a grid laid down for a view elsewhere: tiles reach over the edges of this one
    grid = TileGrid.fitting(view.panned(123, -77))
    for key in grid.tiles(view):
        image = blank(tile_view(key, view))
        painter = QPainter(image)
        paint_ground(painter, layers, tile_view(key, view))
        painter.end()
        tile = as_array(image)
        place = pixel_place(key, view)
        x, y = place.left(), place.top()
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + key.width, 900), min(y + key.height, 700)
        tiled[y0:y1, x0:x1] = tile[y0 - y : y1 - y, x0 - x : x1 - x]
    assert tiled.min() >= 0
    off = np.abs(tiled - whole).max(axis=2)
    # nothing more than a rounding of antialiasing, at the joints or elsewhere
    assert off.max() <= 6
    assert (whole != 255).any(axis=2).mean() > 0.3
