"""Labels stay where they are while one pans, keep apart, and have their turns in the declared order."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from drawing_samples import layer_of

from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.style import ClassRule, LabelStyle, Style, Symbol
from ui.canvas.tile_grid import aligned
from ui.painting.label_places import SCREEN_MARGIN_PX, PlacedLabel, place_labels
from ui.painting.view import MapView

VIEW = aligned(MapView(2000.0, 2000.0, 2.0, 900, 600, px_per_mm=3.78))


def measure(text: str, label: LabelStyle) -> tuple[float, float]:
    return 11.0 * len(text), 15.0


def on_screen(layers: list[DrawableLayer], view: MapView) -> list[PlacedLabel]:
    return place_labels(layers, view, measure, margin_px=SCREEN_MARGIN_PX)


def on_map(placed: list[PlacedLabel], view: MapView) -> dict[str, tuple[int, int]]:
    """Return where each label stands, in pixels counted from the map's origin."""
    left, top = round(view.left / view.units_per_px), round(-view.top / view.units_per_px)
    return {label.text: (round(label.left + left), round(label.top + top)) for label in placed}


def inside(label: PlacedLabel, view: MapView, edge: float) -> bool:
    return (
        label.left >= edge
        and label.top >= edge
        and label.left + label.width <= view.width_px - edge
        and label.top + label.height <= view.height_px - edge
    )


def crowd(count: int = 2500) -> DrawableLayer:
    rng = np.random.default_rng(4)
    places = [shapely.Point(x, y) for x, y in rng.uniform(0, 4000, (count, 2))]
    style = Style(symbol=Symbol(marker_mm=1.2), label=LabelStyle(field="name"))
    return layer_of(
        GeometryType.POINT, places, style=style, names=[f"企业{i}" for i in range(count)], uid="p"
    )


def fields(count: int = 40) -> DrawableLayer:
    rng = np.random.default_rng(6)
    seeds = shapely.multipoints(rng.uniform(0, 4000, (count * count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=shapely.box(0, 0, 4000, 4000)))
    cells = shapely.clip_by_rect(cells, 0, 0, 4000, 4000)
    style = Style(label=LabelStyle(field="name", size_mm=2.6))
    names = [f"块{i}" for i in range(len(cells))]
    return layer_of(GeometryType.POLYGON, list(cells), style=style, names=names, uid="f")


@pytest.mark.parametrize("make", [crowd, fields])
def test_words_stay_where_they_are_while_one_pans(make):
    layers = [make()]
    before = on_screen(layers, VIEW)
    assert len(before) > 100
    for step in [(1, 0), (7, -3), (64, 40), (-150, 90), (300, -200)]:
        view = aligned(VIEW.panned(*step))
        after = on_screen(layers, view)
        moved, stood = on_map(after, view), on_map(before, VIEW)
        # what is seen whole in both views
        both = {label.text for label in after if inside(label, view, 0)} | {
            label.text for label in before if inside(label, VIEW, 0)
        }
        shown = [name for name in both if _in_both(moved.get(name) or stood[name], view)]
        assert len(shown) > 50
        assert {name: moved.get(name) for name in shown} == {name: stood.get(name) for name in shown}


def _in_both(place: tuple[int, int], view: MapView) -> bool:
    for seen in (VIEW, view):
        x = place[0] - round(seen.left / seen.units_per_px)
        y = place[1] - round(-seen.top / seen.units_per_px)
        if not (0 <= x <= seen.width_px - 80 and 0 <= y <= seen.height_px - 20):
            return False
    return True


def test_words_keep_apart_on_the_screen_too():
    placed = on_screen([crowd(), fields()], VIEW)
    for one, other in itertools.combinations(placed, 2):
        apart = (
            one.left + one.width <= other.left
            or other.left + other.width <= one.left
            or one.top + one.height <= other.top
            or other.top + other.height <= one.top
        )
        assert apart


def test_few_words_are_lost_to_staying_in_place():
    layers = [crowd()]
    greedy = place_labels(layers, VIEW, measure)
    seen_whole = [label for label in on_screen(layers, VIEW) if inside(label, VIEW, 0)]
    assert len(seen_whole) > 0.8 * len(greedy)


def test_classes_have_their_turns_in_the_order_of_the_style():
    boxes = [shapely.box(1900, 1900, 2100, 2100), shapely.box(1960, 1960, 2040, 2040)]
    rules = tuple(ClassRule(value=name, title=name, symbol=Symbol()) for name in ("小", "大"))

    def names(by_class: bool) -> list[str]:
        label = LabelStyle(field="name", by_class=by_class)
        style = Style(class_field="name", rules=rules, label=label)
        layer = layer_of(GeometryType.POLYGON, boxes, style=style, names=["大", "小"])
        return [placed.text for placed in on_screen([layer], VIEW)]

    assert names(by_class=False)[0] == "大"
    assert names(by_class=True)[0] == "小"


def test_a_district_larger_than_the_window_is_named_where_it_is_seen_and_stands_still():
    wide = shapely.box(-60_000, -60_000, 60_000, 60_000)
    hole = shapely.box(-59_000, -59_000, -50_000, 59_000)
    style = Style(label=LabelStyle(field="name"))
    layer = layer_of(GeometryType.POLYGON, [wide.difference(hole)], style=style, names=["南朗街道"])
    view = aligned(MapView(30_000.0, 20_000.0, 2.0, 900, 600, px_per_mm=3.78))
    (first,) = on_screen([layer], view)
    assert inside(first, view, 0)
    places = set()
    for step in range(0, 24, 4):
        panned = aligned(view.panned(step, 0))
        (label,) = on_screen([layer], panned)
        assert inside(label, panned, 0)
        places.add(on_map([label], panned)["南朗街道"])
    # it moves by whole squares of the map, not with every pixel
    assert len(places) <= 2
