"""A layer's features as arrays: nothing lost, nothing moved, everything found again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.drawable import DrawableLayer, fields_drawn
from layers.drawable_files import DESCRIPTION, UnreadableFiles, load_drawable, save_drawable
from layers.drawable_making import build_drawable
from layers.kind import GeometryType
from layers.style import ClassRule, LabelStyle, Style, Symbol
from layers.text_arrays import TextColumn, UidColumn

HOLE = [(40, 40), (60, 40), (60, 60), (40, 60)]
WITH_HOLE = shapely.Polygon(shapely.box(0, 0, 100, 100).exterior.coords, [HOLE])
TWO_PARTS = shapely.MultiPolygon([shapely.box(200, 0, 210, 10), shapely.box(220, 0, 230, 10)])

STYLE = Style(
    class_field="code",
    rules=(
        ClassRule(value="0601", title="工业用地", symbol=Symbol(fill="#BB9674")),
        ClassRule(value="0802", title="科研用地", symbol=Symbol(fill="#E6468C")),
    ),
    label=LabelStyle(field="name"),
)


@dataclass(frozen=True)
class Described:
    uid: str = "layer-1"
    name: str = "地块"
    geometry: GeometryType = GeometryType.POLYGON
    style: Style = STYLE
    opacity: float = 1.0
    crs: Any = None


def frame(**shapes: Any) -> gpd.GeoDataFrame:
    codes = ["0802", "0601", "9999", None]
    count = len(shapes)
    columns = {"code": [codes[i % 4] for i in range(count)], "name": [f"地块{key}" for key in shapes]}
    return gpd.GeoDataFrame(columns, geometry=list(shapes.values()), index=list(shapes))


def signed_area(ring: np.ndarray) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def rings_of(layer: DrawableLayer, uid: str) -> list[np.ndarray]:
    row = int(layer.uids.rows_of([uid])[0])
    return [
        layer.coords[layer.ring_offsets[ring] : layer.ring_offsets[ring + 1]]
        for ring in range(layer.ring_starts[row], layer.ring_starts[row + 1])
    ]


def test_holes_and_parts_keep_their_rings():
    layer = build_drawable(Described(), frame(a=WITH_HOLE, b=TWO_PARTS), None)
    # a: one part, outer ring and hole of 5 points each; b: two parts with one ring of 5 points each
    assert len(layer) == 2
    assert len(layer.part_offsets) - 1 == 3
    assert len(layer.ring_offsets) - 1 == 4
    assert len(layer.coords) == 20
    # counter-clockwise outside, clockwise inside: 100 * 100 and 20 * 20
    assert sorted(signed_area(ring) for ring in rings_of(layer, "a")) == [-400.0, 10000.0]
    assert [signed_area(ring) for ring in rings_of(layer, "b")] == [100.0, 100.0]


def test_what_cannot_be_drawn_is_counted_and_costs_the_others_nothing():
    shapes = {
        "none": None,
        "empty": shapely.Polygon(),
        "lost": shapely.Polygon([(0, 0), (np.inf, 0), (1, 1)]),
        "line": shapely.LineString([(0, 0), (5, 5)]),
        "good": shapely.box(1, 2, 3, 4),
        "mixed": shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(5, 5, 6, 6)]),
    }
    layer = build_drawable(Described(), frame(**shapes), None)
    assert len(layer) == 6
    assert layer.not_drawable() == 4
    assert (layer.shapeless, layer.lost()) == (2, 2)
    assert layer.bounds[layer.uids.rows_of(["good"])[0]].tolist() == [1, 2, 3, 4]
    assert [signed_area(ring) for ring in rings_of(layer, "mixed")] == [1.0]
    assert rings_of(layer, "line") == []


def test_every_feature_keeps_its_class_label_and_place_through_the_sorting():
    rng = np.random.default_rng(7)
    corners = rng.uniform(0, 1000, (200, 2))
    boxes = {f"u{i}": shapely.box(x, y, x + 5, y + 5) for i, (x, y) in enumerate(corners)}
    given_frame = frame(**boxes)
    layer = build_drawable(Described(), given_frame, None)
    expected = {"0601": 0, "0802": 1}
    for row, uid in enumerate(layer.uids):
        assert layer.bounds[row].tolist() == list(boxes[uid].bounds)
        assert layer.labels is not None
        assert layer.labels[row] == f"地块{uid}"
        code = given_frame.loc[uid, "code"]
        assert layer.class_index[row] == expected.get(code, -1)
        x, y = layer.label_points[row]
        assert boxes[uid].contains(shapely.Point(x, y))


def test_neighbours_on_the_ground_are_neighbours_in_the_file():
    cells = {f"c{x}_{y}": shapely.box(x, y, x + 1, y + 1) for x in range(16) for y in range(16)}
    layer = build_drawable(Described(), frame(**cells), None)
    centres = (layer.bounds[:, :2] + layer.bounds[:, 2:]) / 2
    steps = np.abs(np.diff(centres, axis=0)).sum(axis=1)
    # a Hilbert curve through a 16 x 16 grid goes from cell to adjoining cell; row by row the mean is 1.9
    assert steps.mean() < 1.3


def test_a_layer_is_seen_where_its_boxes_meet_the_window():
    rng = np.random.default_rng(3)
    boxes = {
        f"u{i}": shapely.box(x, y, x + 9, y + 9) for i, (x, y) in enumerate(rng.uniform(0, 100, (80, 2)))
    }
    layer = build_drawable(Described(), frame(**boxes), None)
    window = (20.0, 30.0, 55.0, 44.0)
    slow = {uid for uid, box in boxes.items() if box.intersects(shapely.box(*window))}
    assert {layer.uids[row] for row in layer.rows_in(window).tolist()} == slow
    assert 0 < len(slow) < 80


def test_lines_and_points_are_walked_like_areas():
    line = Described(geometry=GeometryType.LINE)
    layer = build_drawable(line, frame(a=shapely.LineString([(0, 0), (10, 0)])), None)
    assert rings_of(layer, "a")[0].tolist() == [[0, 0], [10, 0]]
    assert layer.label_points[0].tolist() == [5, 0]
    point = Described(geometry=GeometryType.POINT)
    layer = build_drawable(point, frame(a=shapely.MultiPoint([(1, 2), (3, 4)]), b=None), None)
    assert [ring.tolist() for ring in rings_of(layer, "a")] == [[[1, 2]], [[3, 4]]]
    assert layer.not_drawable() == 1


def test_an_empty_layer_has_no_extent():
    layer = build_drawable(Described(), frame(), None)
    assert len(layer) == 0
    assert layer.extent is None
    assert layer.rows_in((0, 0, 1, 1)).tolist() == []


def test_a_layer_in_another_system_lies_where_proj_says():
    import pyproj

    from layers.crs import parse_crs

    # 4490 (degrees) onto the 3-degree zone at 114 degrees east, by pyproj itself
    expected = pyproj.Transformer.from_crs(4490, 4547, always_xy=True).transform(113.4, 22.5)
    described = Described(geometry=GeometryType.POINT, crs=parse_crs(4490))
    layer = build_drawable(described, frame(a=shapely.Point(113.4, 22.5)), parse_crs(4547))
    assert layer.coords[0] == pytest.approx(expected, abs=1e-6)


def test_a_drawing_needs_the_class_field_and_the_label_field_only():
    assert fields_drawn(STYLE) == ("code", "name")
    assert fields_drawn(Style()) == ()


@given(st.lists(st.uuids().map(str), unique=True, max_size=30), st.data())
def test_features_are_found_by_name(names: list[str], data: st.DataObject):
    column = UidColumn.of(names)
    strangers = ["", "x", "a name far longer than any that is in the column here"]
    wanted = data.draw(st.lists(st.sampled_from(names + strangers)))
    assert column.rows_of(wanted).tolist() == sorted({names.index(name) for name in wanted if name in names})


@given(st.lists(st.text(st.characters(codec="utf-8"))))
def test_texts_come_back_as_they_were(texts: list[str]):
    assert list(TextColumn.of(texts)) == texts


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    layer = build_drawable(Described(), frame(a=WITH_HOLE, b=TWO_PARTS, c=None), None)
    save_drawable(layer, tmp_path, {"version": "1"})
    return tmp_path


def test_files_give_back_the_same_layer(saved: Path):
    before = build_drawable(Described(), frame(a=WITH_HOLE, b=TWO_PARTS, c=None), None)
    after = load_drawable(saved, style=STYLE, opacity=0.5, key={"version": "1"})
    for name in ("coords", "ring_offsets", "part_offsets", "feature_offsets", "bounds", "class_index"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    assert list(after.uids) == list(before.uids)
    assert after.labels is not None
    assert before.labels is not None
    assert list(after.labels) == list(before.labels)
    assert (after.title, after.opacity, after.folder) == ("地块", 0.5, saved)
    assert (after.shapeless, after.lost()) == (1, 0)
    assert isinstance(after.coords.base, np.memmap)


def test_files_of_an_empty_layer_can_be_read(tmp_path: Path):
    save_drawable(build_drawable(Described(), frame(), None), tmp_path, {})
    assert len(load_drawable(tmp_path, style=STYLE, opacity=1.0)) == 0


def _cut(folder: Path) -> None:
    file = folder / "coords.npy"
    file.write_bytes(file.read_bytes()[:-8])


def _lose(folder: Path) -> None:
    (folder / "bounds.npy").unlink()


def _pickle(folder: Path) -> None:
    np.save(folder / "bounds.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)


def _point_outside(folder: Path) -> None:
    offsets = np.load(folder / "ring_offsets.npy")
    offsets[-1] = 1_000_000
    np.save(folder / "ring_offsets.npy", offsets)


def _other_make(folder: Path) -> None:
    file = folder / DESCRIPTION
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"format": 999}), encoding="utf-8")


def _half_description(folder: Path) -> None:
    file = folder / DESCRIPTION
    file.write_text(file.read_text("utf-8")[:50], encoding="utf-8")


@pytest.mark.parametrize("harm", [_cut, _lose, _pickle, _point_outside, _other_make, _half_description])
def test_damaged_files_are_refused(saved: Path, harm: Any):
    harm(saved)
    with pytest.raises(UnreadableFiles):
        load_drawable(saved, style=STYLE, opacity=1.0)


def test_files_made_from_something_else_are_refused(saved: Path):
    with pytest.raises(UnreadableFiles):
        load_drawable(saved, style=STYLE, opacity=1.0, key={"version": "2"})
