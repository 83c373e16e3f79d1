"""Layers cut for paper: nothing beyond the frame, nothing within it lost."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drawable import DrawableLayer
from layers.drawable_making import build_drawable
from layers.kind import GeometryType
from layers.style import ClassRule, LabelStyle, Style, Symbol
from zsgis.sheets.class_groups import ClassTree, class_groups, figure_of
from zsgis.sheets.map_layers import chosen, cut, inside, shapes_of, veil_outside

STYLE = Style(
    class_field="code",
    rules=(
        ClassRule(value="a", title="甲", symbol=Symbol()),
        ClassRule(value="b", title="乙", symbol=Symbol()),
    ),
    label=LabelStyle(field="name"),
)


PLACE = st.integers(-50_000, 150_000).map(lambda millimetres: millimetres / 1000)


def _layer(shapes: list[object], geometry: GeometryType = GeometryType.POLYGON) -> DrawableLayer:
    codes = ["a" if number % 2 else "b" for number in range(len(shapes))]
    frame = gpd.GeoDataFrame(
        {"code": codes, "name": [str(n) for n in range(len(shapes))]},
        geometry=shapes,
        index=[f"uid{n}" for n in range(len(shapes))],
    )
    info = SimpleNamespace(uid="l", name="图层", geometry=geometry, crs=None, style=STYLE, opacity=1.0)
    return build_drawable(info, frame, None)


def _all(layer: DrawableLayer) -> np.ndarray:
    return shapes_of(layer, np.arange(len(layer)))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(PLACE, PLACE, st.floats(2, 40), st.integers(3, 9)),
        min_size=1,
        max_size=12,
    )
)
def test_what_is_cut_is_what_lies_within(circles: list[tuple[float, float, float, int]]) -> None:
    shapes = [shapely.Point(x, y).buffer(r, quad_segs=n) for x, y, r, n in circles]
    layer = _layer(shapes)
    frame = shapely.box(0, 0, 100, 100)
    left = cut(layer, frame.bounds, 0.0)
    expected = sum(shape.intersection(frame).area for shape in shapes)
    assert shapely.area(_all(left)).sum() == pytest.approx(expected, abs=1e-6)
    if len(left.coords):
        assert left.coords.min() >= 0.0
        assert left.coords.max() <= 100.0


def test_a_cut_feature_keeps_its_class_its_name_and_a_label_in_sight() -> None:
    far = shapely.box(-1000, 40, 10, 60)  # its middle lies far outside
    layer = _layer([shapely.box(200, 200, 300, 300), far])
    left = cut(layer, (0, 0, 100, 100), 0.0)
    assert list(left.uids) == ["uid1"]
    assert list(left.labels or ()) == ["1"]
    assert left.class_index.tolist() == [0]
    x, y = left.label_points[0]
    assert 0 <= x <= 10
    assert 40 <= y <= 60


def test_a_hole_stays_a_hole_and_parts_stay_parts() -> None:
    ring = shapely.box(10, 10, 90, 90).difference(shapely.box(30, 30, 70, 70))
    both = shapely.MultiPolygon([shapely.box(0, 0, 5, 5), *([ring])])
    left = cut(_layer([both]), (0, 0, 100, 100), 0.0)
    assert shapely.equals(_all(left)[0], both)


def test_detail_that_paper_cannot_show_is_left_out() -> None:
    angles = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    circle = shapely.Polygon(np.column_stack([50 + 40 * np.cos(angles), 50 + 40 * np.sin(angles)]))
    left = cut(_layer([circle]), (0, 0, 100, 100), 0.01)
    assert len(left.coords) < 400
    assert shapely.hausdorff_distance(_all(left)[0], circle) <= 0.0101


def test_lines_and_points_are_cut_too() -> None:
    line = cut(_layer([shapely.LineString([(-50, 50), (150, 50)])], GeometryType.LINE), (0, 0, 100, 100), 0.0)
    assert shapely.length(_all(line)).sum() == 100.0
    points = _layer([shapely.Point(5, 5), shapely.Point(500, 5)], GeometryType.POINT)
    left = cut(points, (0, 0, 100, 100), 0.0)
    assert list(left.uids) == ["uid0"]
    within = inside(points, shapely.box(0, 0, 100, 100))
    assert list(chosen(points, ~within).uids) == ["uid1"]


def test_the_veil_covers_all_but_the_zone() -> None:
    zone = shapely.box(20, 20, 60, 60)
    veil = veil_outside(zone, (0, 0, 100, 100), 0.6, None)
    assert shapely.area(_all(veil)).sum() == 100 * 100 - 40 * 40
    assert veil.style.symbol.fill_opacity == 0.6


TREE = ClassTree(
    parent={"0101": "01", "0103": "01", "0701": "07", "0703": "07", "070101": "0701"}.get,  # type: ignore[arg-type]
    name=lambda code: f"名{code}",
)


def _rule(code: str, color: str) -> ClassRule:
    return ClassRule(value=code, title=f"名{code}", symbol=Symbol(fill=color))


def test_classes_of_one_look_stand_once_in_the_legend_under_the_class_above_them() -> None:
    rules = [
        _rule("0101", "#F5F5DC"),
        _rule("0103", "#F5F5DC"),
        _rule("0701", "#FFFF00"),
        _rule("0703", "#FFC864"),
    ]
    groups = class_groups(rules, TREE)
    assert [group.code for group in groups] == ["01", "0701", "0703"]
    assert groups[0].members == ("0101", "0103")
    assert [group.code for group in class_groups(rules[1:], TREE)] == ["0103", "0701", "0703"]


def test_one_class_written_in_two_ways_stands_once_unless_it_looks_otherwise() -> None:
    tree = ClassTree(parent=lambda _code: "", name=lambda code: f"名{code}", read=str.strip)
    same = class_groups([_rule("0101", "#F5F5DC"), _rule(" 0101", "#F5F5DC")], tree)
    assert [(group.code, group.members) for group in same] == [("0101", ("0101", " 0101"))]
    other = class_groups([_rule("0101", "#F5F5DC"), _rule(" 0101", "#FF0000")], tree)
    assert [(group.code, group.symbol.fill) for group in other] == [("0101", "#F5F5DC"), ("0101", "#FF0000")]


def test_a_class_without_a_figure_stands_under_the_class_that_has_one() -> None:
    rules = [_rule("070101", "#FFFF00"), _rule("0703", "#FFC864")]
    assert [group.code for group in class_groups(rules, TREE, {"0701", "07"})] == ["0701", "0703"]
    assert [group.code for group in class_groups(rules, TREE)] == ["070101", "0703"]


def test_a_legend_figure_is_a_printed_row_and_never_a_sum_of_ours() -> None:
    group = class_groups([_rule("0101", "#F5F5DC"), _rule("0103", "#F5F5DC")], TREE)[0]
    assert figure_of(group, {"01": "30 公顷", "0101": "10 公顷", "0103": "20 公顷"}, TREE) == "30 公顷"
    assert figure_of(group, {"0103": "20 公顷"}, TREE) == "20 公顷"
    assert figure_of(group, {"0101": "10 公顷", "0103": "20 公顷"}, TREE) == ""
    assert figure_of(group, {"0701": "5 公顷"}, TREE) is None
    single = class_groups([_rule("0101", "#F5F5DC")], TREE)[0]
    assert figure_of(single, {"01": "30 公顷"}, TREE) == ""  # told in the coarser row only
    assert figure_of(single, {"01": "20 公顷", "0103": "20 公顷"}, TREE) is None
