"""What styles ask of the painters, pixel by pixel: dashes, dots, hatches, opacity, ranges, scales."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawing_samples import areas, layer_of, lines, picture, points

from layers.kind import GeometryType
from layers.style import ClassRule, LabelStyle, LineOver, ScaledSymbol, Style, Symbol
from layers.style.boundaries import boundaries
from layers.style.model import Hatch
from layers.style.monochrome import monochrome
from ui.painting import MapView
from ui.painting.classes import by_symbol, shown_rows, symbols_at
from ui.painting.label_places import place_labels

# 1 map unit is 1 pixel, 10 pixels to the millimetre: the view is 1:10,000 / 100 pixels
VIEW = MapView(200, 20, 1.0, 400, 40, px_per_mm=10.0)
LINE = shapely.LineString([(0, 20), (400, 20)])


def _runs(symbol: Symbol, view: MapView = VIEW, line: shapely.LineString = LINE) -> list[tuple[float, float]]:
    """Return start and length in millimetres of the ink along the middle of a line."""
    found = picture(lines(line, symbol=symbol), view=view)
    ink = np.concatenate([[0], (found[20, :, 0] < 128).astype(int), [0]])
    edges = np.flatnonzero(np.diff(ink))
    return [
        (start / view.px_per_mm, (end - start) / view.px_per_mm)
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]


def test_dashes_have_their_length_and_begin_where_they_are_told() -> None:
    plain = Symbol(stroke="#000000", stroke_mm=0.5, dash=(4.0, 2.0, 1.0, 2.0))
    assert _runs(plain)[:4] == [(0, 4), (6, 1), (9, 4), (15, 1)]
    begun = plain.model_copy(update={"dash_start_mm": 6.0})
    # the pattern's sixth millimetre is the short dash
    assert _runs(begun)[:3] == [(0, 1), (3, 4), (9, 1)]


def test_a_line_thinner_than_a_pixel_keeps_the_length_of_its_dashes() -> None:
    thin = Symbol(stroke="#000000", stroke_mm=0.05, dash=(4.0, 2.0))
    found = picture(lines(LINE, symbol=thin), view=VIEW)[20, :, 0] < 250
    starts = np.flatnonzero(np.diff(found.astype(int)) == 1)
    assert np.diff(starts).tolist() == [60] * (len(starts) - 1)


def test_dots_and_bars_lie_over_the_dashes() -> None:
    prefecture = boundaries()["prefecture"].drawn(Symbol())
    view = replace(VIEW, px_per_mm=40.0)
    mm = 25.4 / 72
    runs = _runs(prefecture, view)
    # dash 0-9 pt, dot of 1.417 pt about 12.5 pt, dash 16-25 pt
    expected = [(0.0, 9.0), (12.5 - 1.417 / 2, 1.417), (16.0, 9.0)]
    for (start, length), (wanted, long) in zip(runs, expected, strict=False):
        assert start == pytest.approx(wanted * mm, abs=0.06)
        assert length == pytest.approx(long * mm, abs=0.08)
    found = picture(lines(LINE, symbol=boundaries()["national"].drawn(Symbol())), view=view)
    heights = (found[:, :, 0] < 128).sum(axis=0)
    # the bar at the line's beginning is 4.535 pt high, the line behind it 1.134 pt
    assert heights[4] == 40  # higher than the picture
    assert heights[round(6 * mm * 40)] == pytest.approx(1.134 * mm * 40, abs=1.5)


def test_a_dashed_boundary_goes_on_across_tiles() -> None:
    symbol = Symbol(
        stroke="#000000",
        stroke_mm=0.4,
        dash=(3.0, 1.5),
        lines_over=(LineOver(width_mm=1.0, dash=(0.0, 4.5), dash_start_mm=0.75, round_ends=True),),
    )
    long_line = shapely.LineString([(-50_000, 20), (50_000, 20)])
    layer = lines(long_line, symbol=symbol)
    whole = picture(layer, view=VIEW)
    halves = [picture(layer, view=MapView(east, 20, 1.0, 200, 40, px_per_mm=10.0)) for east in (100, 300)]
    # within the roundness of a pixel at either side
    assert np.abs(np.concatenate(halves, axis=1) - whole).max() <= 16


def test_half_transparent_layers_do_not_double_where_parts_meet() -> None:
    # two neighbours with fill, hatch and outlines that overlap, at half opacity over white
    symbol = Symbol(fill="#000000", stroke="#000000", stroke_mm=2.0, hatch=Hatch.CROSS, hatch_color="#000000")
    found = picture(
        areas(shapely.box(20, 20, 50, 80), shapely.box(50, 20, 80, 80), symbol=symbol, opacity=0.5)
    )
    inside = found[22:78, 22:78]
    assert set(np.unique(inside)) <= {127, 128}


def test_hatches_have_their_spacing_and_fills_shine_between() -> None:
    symbol = Symbol(
        fill="#FFFFFF", stroke=None, hatch=Hatch.CROSS, hatch_color="#000000", hatch_spacing_mm=2.5
    )
    view = MapView(50, 50, 1.0, 100, 100, px_per_mm=4.0)
    found = picture(areas(shapely.box(0, 0, 100, 100), symbol=symbol), view=view)[:, :, 0]
    profile = found[:, 3:97].mean(axis=0)
    assert np.ptp(profile) > 50
    assert np.abs(profile[10:] - profile[:-10]).max() <= 2
    assert np.abs(profile[5:] - profile[:-5]).max() > 50


def test_ranges_are_drawn_with_the_class_that_holds_the_number() -> None:
    colors = ("#FF0000", "#00FF00", "#0000FF")
    rules = tuple(
        ClassRule(value=c, title=c, symbol=Symbol(fill=c, stroke=None), lower=10.0 * i, upper=10.0 * i + 10)
        for i, c in enumerate(colors)
    )
    style = Style(symbol=Symbol(fill="#808080", stroke=None), class_field="name", numeric=True, rules=rules)
    names = ["0", "10", "10.5", "30", "31", "无"]
    shapes = [shapely.box(i * 15, 0, i * 15 + 15, 100) for i in range(len(names))]
    found = picture(layer_of(GeometryType.POLYGON, shapes, style=style, names=names))
    red, green, blue, grey = [255, 0, 0], [0, 255, 0], [0, 0, 255], [128, 128, 128]
    assert [found[50, 7 + 15 * i].tolist() for i in range(6)] == [red, red, green, blue, grey, grey]


def _scaled_style() -> Style:
    near = ScaledSymbol(symbol=Symbol(fill="#0000FF", stroke=None), max_denominator=500)
    red = Symbol(fill="#FF0000", stroke=None)
    rules = (
        ClassRule(value="近", title="", symbol=red, max_denominator=500),
        ClassRule(value="远", title="", symbol=red, min_denominator=500),
        ClassRule(value="变", title="", symbol=red, other_scales=(near,)),
    )
    return Style(symbol=red, class_field="name", rules=rules, rest_visible=False)


def test_what_is_shown_changes_with_the_scale_for_painters_labels_and_rows() -> None:
    style = replace_label(_scaled_style())
    names = ["近", "远", "变", "他"]
    shapes = [shapely.box(i * 25, 0, i * 25 + 25, 100) for i in range(4)]
    layer = layer_of(GeometryType.POLYGON, shapes, style=style, names=names)
    near = MapView(50, 50, 1.0, 100, 100, px_per_mm=0.4)  # 1:400
    far = MapView(50, 50, 1.0, 100, 100, px_per_mm=0.5)  # 1:500
    rows = layer.rows_in(near.bounds)
    red, blue, white = [255, 0, 0], [0, 0, 255], [255, 255, 255]
    for view, expected in ((near, [red, white, blue, white]), (far, [white, red, red, white])):
        found = picture(layer, view=view)
        assert [found[50, 12 + 25 * i].tolist() for i in range(4)] == expected
        shown = {int(row) for row in shown_rows(layer, rows, view)}
        assert shown == {int(row) for _symbol, some in by_symbol(layer, rows, view) for row in some}
        assert len(shown) == 2
        assert symbols_at(layer.style, view)[-1] is None
        placed = place_labels([layer], view, lambda text, _label: (5.0 * len(text), 5.0))
        visible = {name for name, color in zip(names, expected, strict=True) if color != white}
        assert {label.text for label in placed} == visible


def replace_label(style: Style) -> Style:
    return style.model_copy(update={"label": LabelStyle(field="name")})


def test_labels_of_higher_priority_have_their_turn_first_and_keep_to_their_scales() -> None:
    def layer(uid: str, label: LabelStyle):
        style = Style(symbol=Symbol(marker_mm=0.5), label=label)
        return layer_of(GeometryType.POINT, [shapely.Point(50, 50)], style=style, names=[uid], uid=uid)

    view = MapView(50, 50, 1.0, 100, 100, px_per_mm=4.0)  # 1:4000
    low = layer("低", LabelStyle(field="name", size_mm=5, priority=3))
    high = layer("高", LabelStyle(field="name", priority=8))
    order = [each.text for each in place_labels([low, high], view, lambda _t, _l: (10.0, 5.0))]
    assert order == ["高", "低"]
    beyond = layer("远", LabelStyle(field="name", min_scale_denominator=4001))
    assert place_labels([beyond], view, lambda _t, _l: (10.0, 5.0)) == []


def test_symbols_in_black_and_white_have_no_colour() -> None:
    rules = tuple(
        ClassRule(value=str(i), title="", symbol=Symbol(fill=color, stroke="#C62828", stroke_mm=0.3))
        for i, color in enumerate(("#FF0000", "#00FF00", "#0000FF", "#FFFF00"))
    )
    style = Style(class_field="name", rules=rules)
    shapes = [shapely.box(i * 25, 0, i * 25 + 25, 100) for i in range(4)]
    names = [str(i) for i in range(4)]
    colored = picture(layer_of(GeometryType.POLYGON, shapes, style=style, names=names))
    grey = picture(layer_of(GeometryType.POLYGON, shapes, style=monochrome(style), names=names))
    assert np.ptp(colored, axis=2).max() > 200
    assert np.ptp(grey, axis=2).max() == 0
    assert len({grey[50, 12 + 25 * i, 0] for i in range(4)}) == 4


def test_framed_markers_let_the_ground_through_between_frame_and_core() -> None:
    symbol = Symbol(fill="#000000", stroke=None, marker="ring", marker_mm=10.0)
    found = picture(points(shapely.Point(50, 50), symbol=symbol))[50, :, 0]
    # half size 20 px: core to 8.4, frame from 14.8 to 22
    assert [int(found[50 + away]) for away in (0, 7, 11, 13, 16, 20, 24)] == [0, 0, 255, 255, 0, 0, 255]
