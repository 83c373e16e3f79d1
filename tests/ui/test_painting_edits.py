"""A layer drawn with its edits beside it looks like one whose arrays were made anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
import shapely
from drawing_samples import Described, as_array, blank
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QApplication

from layers.drawable import DrawableLayer
from layers.drawable_edits import EditedLayer, FeatureLayer, folded, rows_named
from layers.edits import FeatureChange, FeatureState
from layers.kind import Field, GeometryType
from layers.levels import Levels
from layers.levels.build import build_levels
from layers.progress import NoProgress
from layers.store.drawing_edits import drawn_states, with_changes
from layers.style import ClassRule, LabelStyle, Style, Symbol
from tests.layers.level_samples import wavy_parcels
from ui.painting import MapView, paint_ground, paint_symbols
from ui.painting.fonts import load_fonts
from ui.painting.labels import paint_labels
from ui.painting.selection import paint_selection

MAGENTA = [255, 0, 255]
TONES = ("#E8C070", "#70A0E8", "#60B060", "#D08080")
ACROSS, SIDE = 60, 50.0
SPAN = ACROSS * SIDE


@dataclass(frozen=True)
class Info(Described):
    """A layer with a field that says the class and names the feature."""

    fields: tuple[Field, ...] = (Field("name", "名"),)


def style(**more: Any) -> Style:
    given = {"stroke": "#3C3C3C", "stroke_mm": 0.2, **more}
    rules = tuple(
        ClassRule(value=str(n), title=str(n), symbol=Symbol(fill=tone, **given))
        for n, tone in enumerate(TONES)
    )
    return Style(symbol=Symbol(fill="#AAAAAA", **given), class_field="name", rules=rules)


STYLES: Mapping[str, Style] = {
    "plain": style(),
    "half transparent": style(fill_opacity=0.5),
    "hatched": style(hatch="forward"),
    "band outside": style(tint_mm=1.0),
}
VIEWS = [
    *(
        (look, units)
        for look in ("plain", "half transparent", "hatched")
        for units in (0.5, 1.2, 2.5, 6.0, 20.0)
    ),
    *(("band outside", units) for units in (0.5, 2.5)),
]

States = dict[str, FeatureState]


def state(uid: str, shape: Any, name: str | None) -> FeatureState:
    return FeatureState(uid, 1, shape, {"name": name})


def parcels() -> States:
    shapes = wavy_parcels(ACROSS, ACROSS, side=SIDE)
    return {f"p{n}": state(f"p{n}", shape, str(n % len(TONES))) for n, shape in enumerate(shapes)}


def edited_parcels(before: States) -> States:
    """Return the parcels after edits of every sort, most of them in the middle of the square."""
    after = dict(before)
    middle = ACROSS // 2 * ACROSS + ACROSS // 2
    # a corner of four parcels is moved in all of them
    corner = shapely.get_coordinates(before[f"p{middle}"].geometry)[0]
    for uid in (f"p{middle}", f"p{middle - 1}", f"p{middle - ACROSS}", f"p{middle - ACROSS - 1}"):

        def moved(xy: np.ndarray) -> np.ndarray:
            return np.where((xy == corner).all(axis=1)[:, None], xy + np.array([9.0, 7.0]), xy)

        after[uid] = state(uid, shapely.transform(before[uid].geometry, moved), before[uid].values["name"])
    # another class, one without a class, one removed, one split, two merged
    after[f"p{middle + 2}"] = state("", before[f"p{middle + 2}"].geometry, "3")
    after[f"p{middle + 4}"] = state("", before[f"p{middle + 4}"].geometry, None)
    del after[f"p{middle + 3 * ACROSS}"]
    whole = before[f"p{middle - 5}"].geometry
    line = shapely.centroid(whole).x
    for number, half in enumerate((shapely.box(0, 0, line, SPAN), shapely.box(line, 0, SPAN, SPAN))):
        uid = f"p{middle - 5}" if number == 0 else "split"
        after[uid] = state(uid, shapely.intersection(whole, half), "1")
    both = [f"p{middle + 7}", f"p{middle + 8}"]
    after[both[0]] = state(both[0], shapely.union_all([before[uid].geometry for uid in both]), "2")
    del after[both[1]]
    # land that was nobody's, beside the others
    after["new"] = state("new", shapely.box(SPAN + 60, SPAN / 2, SPAN + 140, SPAN / 2 + 70), "0")
    return {uid: replace(one, zs_uid=uid) for uid, one in after.items()}


def changes(before: States, after: States) -> list[FeatureChange]:
    uids = dict.fromkeys([*before, *after])
    return [
        FeatureChange("layer-1", uid, before.get(uid), after.get(uid))
        for uid in uids
        if before.get(uid) is not after.get(uid) and before.get(uid) != after.get(uid)
    ]


def drawn(states: States, look: Style, geometry: GeometryType = GeometryType.POLYGON) -> DrawableLayer:
    return drawn_states(Info(geometry, look), list(states.values()), None)


@dataclass(frozen=True)
class Land:
    """Parcels before and after some edits, with coarser levels: the shapes do not depend on the style."""

    before: States
    after: States
    levels_before: Levels
    levels_after: Levels

    def unedited(self, look: Style) -> DrawableLayer:
        return replace(drawn(self.before, look), levels=self.levels_before)

    def fresh(self, look: Style) -> DrawableLayer:
        return replace(drawn(self.after, look), levels=self.levels_after)

    def edited(self, look: Style) -> EditedLayer:
        done = changes(self.before, self.after)
        return with_changes(self.unedited(look), Info(GeometryType.POLYGON, look), done, None)


@pytest.fixture(scope="module")
def land() -> Land:
    before = parcels()
    after = edited_parcels(before)
    levels = [build_levels(drawn(states, style()), 1.0, NoProgress()) for states in (before, after)]
    return Land(before, after, levels[0], levels[1])


def picture(layer: FeatureLayer, view: MapView, ground: Any = Qt.GlobalColor.white) -> np.ndarray:
    image = blank(view, ground)
    painter = QPainter(image)
    paint_ground(painter, [layer], view, at_once=True)
    paint_symbols(painter, [layer], view)
    painter.end()
    return as_array(image)


def unlike(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Return the mean difference of all channels, and the share of pixels that differ by more than 48."""
    apart = np.abs(one - other)
    return float(apart.mean()), float((apart.max(axis=2) > 48).mean())


def around_edits(units_per_px: float) -> MapView:
    return MapView(SPAN / 2, SPAN / 2, units_per_px, 400, 300)


@pytest.mark.parametrize(("look", "units_per_px"), VIEWS)
def test_it_looks_like_arrays_made_anew(land: Land, look: str, units_per_px: float):
    view = around_edits(units_per_px)
    found = picture(land.edited(STYLES[look]), view)
    mean, off = unlike(found, picture(land.fresh(STYLES[look]), view))
    assert mean <= 0.2
    assert off <= 0.0002
    # the edits are seen at all
    assert unlike(found, picture(land.unedited(STYLES[look]), view))[1] > 2 * off


@pytest.mark.parametrize("units_per_px", [0.5, 2.5, 6.0])
def test_dashes_are_as_many_as_in_arrays_made_anew(land: Land, units_per_px: float):
    dashed, view = style(dash=(1.0, 0.8)), around_edits(units_per_px)
    found = picture(land.edited(dashed), view)
    fresh = picture(land.fresh(dashed), view)
    solid = picture(land.fresh(style()), view)
    # how dark lines make the picture: gaps that close would lead a good way towards solid lines
    assert abs(found.mean() - fresh.mean()) < 0.05 * abs(solid.mean() - fresh.mean())


@pytest.mark.parametrize("units_per_px", [3.0, 11.0, 30.0])
def test_edited_neighbours_show_no_gap(land: Land, units_per_px: float):
    size = int(0.6 * SPAN / units_per_px)
    view = MapView(SPAN / 2, SPAN / 2, units_per_px, size, size)
    look = style(stroke=None)
    gone = changes(land.before, land.after)
    filled = with_changes(
        land.unedited(look),
        Info(GeometryType.POLYGON, look),
        [one for one in gone if one.after is not None and one.zs_uid != "split"],
        None,
    )
    found = picture(filled, view, Qt.GlobalColor.magenta)
    fresh = picture(folded(filled), view, Qt.GlobalColor.magenta)
    # the halves of split and merged parcels leave holes here: where the fresh drawing has none, there is none
    ground = (np.abs(found - MAGENTA).max(axis=2) < 24) & (np.abs(fresh - MAGENTA).max(axis=2) > 96)
    assert ground.sum() == 0


def test_labels_stand_where_arrays_made_anew_have_them(land: Land, qapp: QApplication):
    look = style().model_copy(update={"label": LabelStyle(field="name", size_mm=1.5)})
    view = around_edits(0.6)
    placed = []
    for layer in (land.edited(look), land.fresh(look)):
        image = blank(view)
        painter = QPainter(image)
        found = paint_labels(painter, [layer], view, family=load_fonts().screen)
        painter.end()
        placed.append({(one.text, round(one.left), round(one.top)) for one in found})
    assert len(placed[0]) > 10
    assert placed[0] == placed[1]


@pytest.mark.parametrize("units_per_px", [0.6, 6.0])
def test_what_is_selected_is_marked_in_its_new_shape(land: Land, units_per_px: float):
    view = around_edits(units_per_px)
    middle = ACROSS // 2 * ACROSS + ACROSS // 2
    names = {f"p{middle}", f"p{middle - 1}", f"p{middle + 7}", f"p{middle + 20}", "new", "split"}
    pictures = []
    for layer in (land.edited(style()), land.fresh(style())):
        image = blank(view)
        painter = QPainter(image)
        paint_selection(painter, [layer], {layer.uid: rows_named(layer, names)}, view)
        painter.end()
        pictures.append(as_array(image))
    assert (pictures[0] != 255).any()
    assert unlike(*pictures)[1] < 0.001


def test_neighbouring_tiles_fit_together(land: Land):
    """A tile that an edit touches and one that it does not are drawn in different ways."""
    look, whole = style(), around_edits(1.2)
    layer = land.edited(look)
    halves = [
        picture(layer, replace(whole, center_x=whole.center_x + side * 100 * 1.2, width_px=200))
        for side in (-1, 1)
    ]
    assert unlike(np.concatenate(halves, axis=1), picture(layer, whole))[1] < 0.0005


def lines_and_points(geometry: GeometryType) -> tuple[States, States]:
    rng = np.random.default_rng(4)
    # apart from each other: which of two symbols lies upon the other is not told by the edits
    starts = np.stack(np.meshgrid(np.arange(0, 400, 25.0), np.arange(0, 400, 25.0)), axis=-1).reshape(-1, 2)
    ends = starts + rng.uniform(-40, 40, starts.shape)
    shapes = (
        shapely.linestrings(np.stack([starts, ends], axis=1))
        if geometry is GeometryType.LINE
        else shapely.points(starts)
    )
    before = {f"s{n}": state(f"s{n}", shape, str(n % 4)) for n, shape in enumerate(shapes)}
    after = {uid: one for uid, one in before.items() if uid not in ("s1", "s2")}
    for number in (5, 6, 7):
        after[f"s{number}"] = state(f"s{number}", shapely.affinity.translate(shapes[number], 12, 12), "0")
    after["n"] = state("n", shapely.affinity.translate(shapes[99], 12, 12), None)
    return before, after


@pytest.mark.parametrize("geometry", [GeometryType.LINE, GeometryType.POINT])
def test_lines_and_points_look_like_arrays_made_anew(geometry: GeometryType):
    before, after = lines_and_points(geometry)
    look, view = style(stroke_mm=0.5), MapView(200, 200, 1.0, 400, 400)
    layer = with_changes(drawn(before, look, geometry), Info(geometry, look), changes(before, after), None)
    assert unlike(picture(layer, view), picture(drawn(after, look, geometry), view))[1] < 0.0005
    assert unlike(picture(layer, view), picture(drawn(before, look, geometry), view))[1] > 0.001
