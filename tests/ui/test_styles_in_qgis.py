"""Classes of numbers, limits of scale and the standard boundaries: QGIS shows what we show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from qgis_peer import CRS, VIEW, Seen, X, Y, look

from layers.kind import GeometryType
from layers.store import LayerInfo, NewLayer, Project
from layers.style import ClassRule, ScaledSymbol, Style, Symbol
from layers.style.boundaries import boundaries
from layers.style.breaks import Scheme
from layers.style.classing import graduated

pytestmark = pytest.mark.peer

# the view is 1:1890
NUMBERS = [0.0, 10.0, 10.1, 20.0, 20.5, 30.0, 31.0, np.nan]
RED, GREEN, BLUE, GREY = [255, 0, 0], [0, 255, 0], [0, 0, 255], [128, 128, 128]
WHITE = [255, 255, 255]


def _boxes(count: int) -> list[Any]:
    lefts = [X + 10 + i % 4 * 100 for i in range(count)]
    return [
        shapely.box(left, Y + 20 + i // 4 * 100, left + 80, Y + 80 + i // 4 * 100)
        for i, left in enumerate(lefts)
    ]


def _fill(color: str) -> Symbol:
    return Symbol(fill=color, stroke=None)


def _numbered(project: Project, style: Style) -> LayerInfo:
    frame = geopandas.GeoDataFrame({"amount": NUMBERS}, geometry=_boxes(len(NUMBERS)))
    return project.add_layer(NewLayer("数", "zones", CRS, style=style), frame)


def _colors(seen: Seen, shapes: list[Any]) -> list[list[int]]:
    found = []
    for shape in shapes:
        column, row = (int(each) for each in VIEW.to_pixel(shape.centroid.x, shape.centroid.y))
        assert seen.theirs[row, column].tolist() == seen.ours[row, column].tolist()
        found.append(seen.ours[row, column].tolist())
    return found


def _graduated(**changes: Any) -> Style:
    plain = Style(symbol=_fill("#808080"))
    colors = ("#FF0000", "#00FF00", "#0000FF")
    made = graduated(
        plain, "amount", (0.0, 10.0, 20.0, 30.0), colors, GeometryType.POLYGON, scheme=Scheme.EQUAL
    )
    return made.model_copy(update=changes)


def test_ranges_are_a_graduated_renderer_with_our_bounds(tmp_path: Path, qgis_python: Path) -> None:
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        info = _numbered(project, _graduated(rest_visible=False))
        seen = look(project, [info], qgis_python)
    layer = seen.layers["数"]
    assert (layer["renderer"], layer["field"]) == ("graduatedSymbol", '"amount"')
    assert layer["classes"] == [
        [0, 10, "0 – 10", True, "#FF0000"],
        [10, 20, "10 – 20", True, "#00FF00"],
        [20, 30, "20 – 30", True, "#0000FF"],
    ]
    # a bound belongs to the class below it; what lies outside, and no number, is not shown
    expected = [RED, RED, GREEN, GREEN, BLUE, BLUE, WHITE, WHITE]
    assert _colors(seen, _boxes(len(NUMBERS))) == expected


def test_ranges_beside_features_without_a_class_are_rules(tmp_path: Path, qgis_python: Path) -> None:
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        info = _numbered(project, _graduated())
        seen = look(project, [info], qgis_python)
    assert seen.layers["数"]["renderer"] == "RuleRenderer"
    expected = [RED, RED, GREEN, GREEN, BLUE, BLUE, GREY, GREY]
    assert _colors(seen, _boxes(len(NUMBERS))) == expected


def test_rules_overlapping_and_open_hold_the_same_features(tmp_path: Path, qgis_python: Path) -> None:
    rules = (
        ClassRule(value="a", title="a", symbol=_fill("#FF0000"), lower=10.0, upper=20.0),
        ClassRule(value="b", title="b", symbol=_fill("#00FF00"), lower=15.0),
        ClassRule(value="c", title="c", symbol=_fill("#0000FF"), upper=20.2, visible=False),
    )
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        info = _numbered(project, _graduated(rules=rules))
        seen = look(project, [info], qgis_python)
    # 0 falls to the hidden third rule, and is not shown as one without a class
    expected = [WHITE, RED, RED, RED, GREEN, GREEN, GREEN, GREY]
    assert _colors(seen, _boxes(len(NUMBERS))) == expected


def test_classes_keep_to_their_scales_and_change_symbols(tmp_path: Path, qgis_python: Path) -> None:
    near = ScaledSymbol(symbol=_fill("#0000FF"), max_denominator=2000)
    rules = (
        ClassRule(value="a", title="只在近处", symbol=_fill("#FF0000"), max_denominator=1500),
        ClassRule(value="b", title="只在远处", symbol=_fill("#FF0000"), min_denominator=1500),
        ClassRule(value="c", title="两种", symbol=_fill("#FF0000"), other_scales=(near,)),
        ClassRule(value="it's", title="不显示", symbol=_fill("#FF0000"), visible=False),
    )
    style = Style(symbol=_fill("#808080"), class_field="name", rules=rules)
    frame = geopandas.GeoDataFrame({"name": ["a", "b", "c", "it's", "x", None]}, geometry=_boxes(6))
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        info = project.add_layer(NewLayer("类", "zones", CRS, style=style), frame)
        seen = look(project, [info], qgis_python)
    layer = seen.layers["类"]
    assert layer["renderer"] == "RuleRenderer"
    limits = {tuple(entry[:1] + entry[2:]) for entry in layer["classes"]}
    assert limits == {
        ("其他", 0, 0, True, "#808080"),
        ("只在近处", 0, 1500, True, "#FF0000"),
        ("只在远处", 1500, 0, True, "#FF0000"),
        ("两种", 0, 2000, True, "#0000FF"),
        ("两种", 2000, 0, True, "#FF0000"),
        ("不显示", 0, 0, False, "#FF0000"),
    }
    assert _colors(seen, _boxes(6)) == [WHITE, RED, BLUE, WHITE, GREY, GREY]


@pytest.mark.parametrize(("limits", "shown"), [((1000.0, 1800.0), False), ((1800.0, 3000.0), True)])
def test_a_layer_keeps_to_its_scales(
    tmp_path: Path, qgis_python: Path, limits: tuple[float, float], shown: bool
) -> None:
    style = Style(symbol=_fill("#FF0000"), min_denominator=limits[0], max_denominator=limits[1])
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        info = _numbered(project, style)
        seen = look(project, [info], qgis_python)
    assert seen.layers["数"]["scales"] == [True, *limits]
    assert _colors(seen, _boxes(1)) == [RED if shown else WHITE]


def test_standard_boundaries_have_their_dashes_dots_and_bars(tmp_path: Path, qgis_python: Path) -> None:
    keys = list(boundaries())
    # three times as wide, for pixels to tell
    view = replace(VIEW, px_per_mm=3 * VIEW.px_per_mm)
    rules = tuple(
        ClassRule(value=key, title=each.title, symbol=each.drawn(Symbol(fill=None)))
        for key, each in boundaries().items()
    )
    shapes = [
        shapely.LineString([(X, Y + 10 + 25 * i), (X + 400, Y + 10 + 25 * i)]) for i in range(len(keys))
    ]
    frame = geopandas.GeoDataFrame({"name": keys}, geometry=shapes)
    style = Style(class_field="name", rules=rules, symbol=Symbol(stroke=None))
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        info = project.add_layer(NewLayer("界", "lines", CRS, style=style), frame)
        seen = look(project, [info], qgis_python, view=view)
    for key, shape in zip(keys, shapes, strict=True):
        left, row = (int(each) for each in view.to_pixel(*shape.coords[0]))
        part = slice(row - 12, row + 13), slice(left + 5, left + 790)
        theirs, ours = (image[part].min(axis=2) < 170 for image in (seen.theirs, seen.ours))
        assert ours.any(), key
        # an edge between two pixels may fall to either
        shared = (theirs & ours).sum() / (theirs | ours).sum()
        assert shared > 0.8, (key, shared)
