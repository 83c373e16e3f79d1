"""Lines, point symbols and words: where they stand, that they are told apart, that words do not collide."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import shapely
from drawing_samples import areas, as_array, at, blank, lines, picture, points
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QFontDatabase, QPainter
from pytestqt.qtbot import QtBot

from layers.print_font import print_font_file
from layers.style import LabelStyle, Marker, Style, Symbol
from ui.painting import MapView, paint_layers, watermark
from ui.painting.clip import clip_line, clip_ring
from ui.painting.fonts import load_fonts
from ui.painting.label_places import PlacedLabel
from ui.painting.labels import paint_labels

BLACK_LINE = Symbol(stroke="#000000", stroke_mm=0.5)  # 2 px


def test_a_line_runs_where_it_lies():
    found = picture(lines(shapely.LineString([(10, 50), (90, 50)]), symbol=BLACK_LINE))
    assert at(found, 50, 50.5) == [0, 0, 0]
    assert at(found, 50, 60) == [255, 255, 255]
    # 80 px long, 2 px wide, with half a round cap at each end
    assert (255 - found[:, :, 0]).sum() / 255 == pytest.approx(160 + 3.14, rel=0.03)


def test_dashes_lie_at_their_places_also_far_along_the_line():
    # on 2 mm = 8 px, off 2 mm = 8 px, counted from the line's start 800,000 px to the left
    symbol = BLACK_LINE.model_copy(update={"dash": (2.0, 2.0)})
    line = shapely.LineString([(-800_000, 50), (800_000, 50)])
    found = picture(lines(line, symbol=symbol))
    row = found[50, :, 0]
    for px in (2, 6, 18, 22, 98):  # 800,000 is a multiple of 16: dashes at 0-8, 16-24, ...
        assert row[px] == 0, px
    for px in (10, 14, 26, 30, 94):
        assert row[px] == 255, px


def test_cutting_a_line_keeps_what_is_inside_and_where_it_was():
    line = np.array([(0.0, 0.0), (10.0, 0.0), (10.0, 30.0), (2.0, 30.0), (2.0, 5.0)])
    runs = clip_line(line, (1.0, -1.0, 12.0, 8.0))
    # enters at x = 1 (1 along), leaves at y = 8 (10 + 8 along); comes back at y = 8 (10 + 30 + 8 + 22 along)
    assert [run[0].tolist() for run in runs] == [[[1, 0], [10, 0], [10, 8]], [[2, 8], [2, 5]]]
    assert [run[1] for run in runs] == [1.0, 70.0]


def test_cutting_a_ring_leaves_the_area_that_shapely_finds():
    rng = np.random.default_rng(2)
    rect = (-3.0, -4.0, 5.0, 2.0)
    compared = 0
    for _number in range(200):
        angles = np.sort(rng.uniform(0, 2 * np.pi, 9))
        radii = rng.uniform(1, 9, 9)
        shape = shapely.Polygon(np.column_stack([radii * np.cos(angles), radii * np.sin(angles)]))
        if not shape.is_valid:
            continue
        cut = clip_ring(np.asarray(shape.exterior.coords), rect)
        expected = shapely.intersection(shape, shapely.box(*rect)).area
        x, y = cut[:, 0], cut[:, 1]
        area = abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2) if len(cut) else 0.0
        assert area == pytest.approx(expected, abs=1e-9)
        compared += 1
    assert compared > 100


def test_point_symbols_are_told_apart_without_colour():
    masks = {}
    for marker in Marker:
        symbol = Symbol(fill="#000000", stroke=None, marker=marker, marker_mm=5.0)  # 20 px
        masks[marker] = picture(points(shapely.Point(50, 50), symbol=symbol))[:, :, 0] < 128
        assert masks[marker][50, 50]
        rows, columns = np.nonzero(masks[marker])
        assert 14 <= np.ptp(rows) <= 26
        assert 14 <= np.ptp(columns) <= 26
    for one, other in itertools.combinations(Marker, 2):
        differing = (masks[one] ^ masks[other]).sum()
        assert differing > 0.12 * (masks[one] | masks[other]).sum(), (one, other)


def test_symbols_stand_above_areas_whatever_the_order():
    symbol = Symbol(fill="#0000FF", stroke=None, marker_mm=3.0)
    point = points(shapely.Point(50, 50), symbol=symbol, uid="p")
    assert at(picture(areas(shapely.box(0, 0, 100, 100)), point), 50, 50) == [0, 0, 255]


def test_a_multipoint_has_a_symbol_on_each_place():
    symbol = Symbol(fill="#0000FF", stroke=None, marker_mm=2.0)
    found = picture(points(shapely.MultiPoint([(20, 20), (80, 80)]), symbol=symbol))
    assert at(found, 20, 20) == at(found, 80, 80) == [0, 0, 255]
    assert at(found, 50, 50) == [255, 255, 255]


# words


def placed(layers: list, view: MapView) -> tuple[list[PlacedLabel], np.ndarray]:
    image = blank(view)
    painter = QPainter(image)
    found = paint_labels(painter, layers, view, family=load_fonts().print_)
    painter.end()
    return found, as_array(image)


def overlap(one: PlacedLabel, other: PlacedLabel) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )


SCREEN = MapView(500, 400, 1.0, 1000, 800, px_per_mm=4.0)
WORDS = LabelStyle(field="name")


@pytest.fixture
def crowd():
    rng = np.random.default_rng(11)
    places = [shapely.Point(x, y) for x, y in rng.uniform((0, 0), (1000, 800), (300, 2))]
    return points(*places, style=Style(label=WORDS), names=[f"孵化器{i}号" for i in range(300)], uid="crowd")


def test_words_never_overlap_and_stay_in_the_picture(qtbot: QtBot, crowd):
    town = areas(shapely.box(100, 100, 900, 700), style=Style(label=WORDS), names=["石岐街道"], uid="town")
    found, _ = placed([crowd, town], SCREEN)
    assert len(found) > 60
    assert not any(overlap(one, other) for one, other in itertools.combinations(found, 2))
    for label in found:
        assert label.left >= 0
        assert label.top >= 0
        assert label.left + label.width <= 1000
        assert label.top + label.height <= 800


def test_words_keep_off_the_symbols(qtbot: QtBot, crowd):
    found, _ = placed([crowd], SCREEN)
    half = crowd.style.symbol.marker_mm * 4.0 / 2 * 0.7
    for x, y in SCREEN.pixels(crowd.coords).tolist():
        symbol = PlacedLabel("", WORDS, 1.0, x - half, y - half, 2 * half, 2 * half)
        assert not any(overlap(symbol, label) for label in found)


def test_the_same_view_has_its_words_at_the_same_places(qtbot: QtBot, crowd):
    assert placed([crowd], SCREEN)[0] == placed([crowd], SCREEN)[0]


def test_an_area_is_named_inside_itself_the_larger_one_first(qtbot: QtBot):
    small, large = shapely.box(480, 380, 560, 420), shapely.box(300, 200, 700, 600)
    layer = areas(small, large, style=Style(label=WORDS), names=["小", "大"])
    found, _ = placed([layer], SCREEN)
    assert found[0].text == "大"
    for label in found:
        assert label.left >= 300
        assert label.left + label.width <= 700


def test_an_area_that_reaches_out_of_the_window_is_named_where_it_is_seen(qtbot: QtBot):
    wide = shapely.box(-20_000, -20_000, 400, 20_000)
    found, _ = placed([areas(wide, style=Style(label=WORDS), names=["南朗街道"])], SCREEN)
    assert [label.text for label in found] == ["南朗街道"]
    assert found[0].left + found[0].width <= 400


def test_a_parcel_smaller_than_its_name_is_not_named(qtbot: QtBot):
    layer = areas(shapely.box(500, 400, 510, 405), style=Style(label=WORDS), names=["很长的名字放不下"])
    assert placed([layer], SCREEN)[0] == []


def test_words_can_wait_for_a_larger_scale(qtbot: QtBot):
    style = Style(label=LabelStyle(field="name", max_scale_denominator=5000))
    layer = areas(shapely.box(100, 100, 900, 700), style=style, names=["地块"])
    # 1 m to the pixel at 4 pixels to the millimetre is 1:4,000
    assert SCREEN.scale_denominator == pytest.approx(4000)
    assert len(placed([layer], SCREEN)[0]) == 1
    assert placed([layer], replace(SCREEN, units_per_px=2.0))[0] == []


def test_words_have_a_halo_over_dark_ground(qtbot: QtBot):
    style = Style(symbol=Symbol(fill="#000000", stroke=None), label=LabelStyle(field="name", color="#000000"))
    dark = areas(shapely.box(0, 0, 1000, 800), style=style, names=["中山市"])
    image = blank(SCREEN)
    painter = QPainter(image)
    paint_layers(painter, [dark], SCREEN)
    painter.end()
    found = as_array(image)
    light = (found[:, :, 0] > 200).sum()
    # black on black would leave nothing; the halo of 1.2 px around some ten pixels of height does
    assert 100 < light < 3000


def test_the_carried_font_has_the_words_of_a_city(qtbot: QtBot):
    fonts = load_fonts()
    assert fonts.print_ == "WenQuanYi Micro Hei"
    assert print_font_file().stat().st_size > 1_000_000
    systems = QFontDatabase.writingSystems(fonts.print_)
    assert QFontDatabase.WritingSystem.SimplifiedChinese in systems


def test_the_slanted_words_reach_every_part_of_the_map(qtbot: QtBot):
    image = blank(SCREEN)
    painter = QPainter(image)
    rect = QRectF(0, 0, 1000, 800)
    watermark(painter, rect, "演示数据 非真实界线", px_per_mm=4.0, family=load_fonts().print_)
    painter.end()
    found = as_array(image)
    ink = found.min(axis=2) < 250
    blocks = ink.reshape(4, 200, 4, 250).any(axis=(1, 3))
    assert blocks.all()
    # seen, and the map under it too
    assert 0.01 < ink.mean() < 0.2
    assert found.min() > 120
