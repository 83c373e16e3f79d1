"""A project that is opened in QGIS looks as it looks here: classes, titles, colours, symbols, words."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from qgis_peer import CRS, VIEW, X, Y, look

from layers.store import LayerInfo, NewLayer, Project
from layers.style import ClassRule, LabelStyle, Marker, Style, Symbol
from layers.style.model import Hatch
from ui.painting import MapView

pytestmark = pytest.mark.peer

SIDE = 100.0
HOSTILE = '<b>&"\'图斑"</category>&amp;]]><!--'


def _box(column: int, row: int = 0) -> shapely.Polygon:
    left, low = X + column * 1.5 * SIDE, Y + row * 1.5 * SIDE
    return shapely.box(left, low, left + SIDE, low + SIDE)


def _areas(
    project: Project, style: Style, shapes: Sequence[Any], codes: Sequence[str | None], **other: Any
) -> LayerInfo:
    frame = geopandas.GeoDataFrame({"name": list(codes), "class_code": list(codes)}, geometry=list(shapes))
    return project.add_layer(NewLayer("图斑", "land_use", CRS, style=style, **other), frame)


def _classes(*symbols: Symbol) -> tuple[ClassRule, ...]:
    return tuple(ClassRule(value=f"{i:04d}", title=f"类{i}", symbol=each) for i, each in enumerate(symbols))


def _pixel(image: np.ndarray, shape: Any, view: MapView = VIEW) -> list[int]:
    point = shape.representative_point()
    column, row = view.to_pixel(point.x, point.y)
    found: list[int] = image[int(row), int(column)].tolist()
    return found


def _close(one: Sequence[int], other: Sequence[float]) -> bool:
    return bool(np.abs(np.subtract(one, other)).max() <= 2)


def test_classes_have_our_colours_titles_and_field_names(tmp_path: Path, qgis_python: Path) -> None:
    rules = _classes(Symbol(fill="#E6005C"), Symbol(fill="#00A040", fill_opacity=0.5, stroke=None))
    style = Style(symbol=Symbol(fill="#808080", stroke=None), class_field="class_code", rules=rules)
    shapes = [_box(0), _box(1), _box(2), _box(0, 1)]
    codes = ["0000", "0001", "不在其中", None]
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        info = _areas(project, style, shapes, codes, opacity=0.8)
        seen = look(project, [info], qgis_python)
    layer = seen.layers["图斑"]
    assert (layer["renderer"], layer["field"]) == ("categorizedSymbol", "class_code")
    assert layer["classes"] == [
        ["0000", "类0", "#E6005C"],
        ["0001", "类1", "#00A040"],
        ["", "其他", "#808080"],
    ]
    assert layer["opacity"] == 0.8
    aliases = {field.name: field.alias for field in info.fields if field.alias != field.name}
    assert {name: alias for name, alias in layer["aliases"].items() if alias} == aliases
    assert aliases["class_code"] == "地类编码"
    # over white with 0.8: 0.8 * 230 + 0.2 * 255 = 235, 0.2 * 255 = 51, 0.8 * 92 + 51 = 124.6;
    # with 0.5 * 0.8 = 0.4: 0.6 * 255 = 153, 0.4 * 160 + 153 = 217, 0.4 * 64 + 153 = 178.6;
    # what no rule names, and what has no value: 0.8 * 128 + 51 = 153.4
    expected = [(235, 51, 124.6), (153, 217, 178.6), (153.4,) * 3, (153.4,) * 3]
    for shape, wanted in zip(shapes, expected, strict=True):
        assert _close(_pixel(seen.theirs, shape), wanted)
        assert _close(_pixel(seen.theirs, shape), _pixel(seen.ours, shape))


def test_hostile_titles_values_and_names_stay_text(tmp_path: Path, qgis_python: Path) -> None:
    style = Style(
        class_field="name",
        rules=(ClassRule(value=HOSTILE, title=HOSTILE, symbol=Symbol(fill="#0000FF")),),
        label=LabelStyle(field="a+b|<&>'"),
    )
    frame = geopandas.GeoDataFrame({"name": [HOSTILE], "a+b|<&>'": ["x"]}, geometry=[_box(0)])
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        info = project.add_layer(NewLayer("名 <&>'", "zones", CRS, style=style), frame)
        seen = look(project, [info], qgis_python)
    layer = seen.layers["名 <&>'"]
    assert layer["classes"][0] == [HOSTILE, HOSTILE, "#0000FF"]
    assert (layer["label"]["field"], layer["label"]["expression"]) == ("a+b|<&>'", False)
    assert _pixel(seen.theirs, _box(0)) == [0, 0, 255]


def test_words_have_our_size_colour_halo_and_scale(tmp_path: Path, qgis_python: Path) -> None:
    label = LabelStyle(
        field="name",
        size_mm=3.2,
        color="#5a3a10",
        halo="#fffff0",
        halo_mm=0.4,
        bold=True,
        max_scale_denominator=5000,
    )
    plain = LabelStyle(field="name", halo=None)
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        _areas(project, Style(label=label), [_box(0)], ["甲"])
        frame = geopandas.GeoDataFrame({"name": ["乙"]}, geometry=[shapely.Point(X, Y)])
        project.add_layer(NewLayer("点", "points", CRS, style=Style(label=plain)), frame)
        seen = look(project, project.layers(), qgis_python)
    assert seen.layers["图斑"]["label"] == {
        "field": "name",
        "expression": False,
        "mm": [3.2, 0.4, 0, 0],  # 0 is QGIS's number for millimetres
        "colors": ["#5a3a10", "#fffff0"],
        "halo": True,
        "bold": True,
        # QGIS calls the scale beyond which nothing is shown the smallest one
        "scale": [True, 5000, 0],
    }
    other = seen.layers["点"]["label"]
    assert (other["halo"], other["bold"], other["scale"][0]) == (False, False, False)


def test_outlines_bands_dashes_and_lines_are_drawn_where_ours_are(tmp_path: Path, qgis_python: Path) -> None:
    ring = _box(1).difference(_box(1).centroid.buffer(20))
    rules = _classes(
        Symbol(fill="#FFFF2D", stroke="#202020", stroke_mm=0.8),
        Symbol(fill=None, stroke="#4A1FA0", stroke_mm=0.7, tint_mm=2.0),
        Symbol(fill="#FFFFE0", stroke="#C62828", stroke_mm=0.6, dash=(4.0, 1.5, 1.0, 1.5)),
        Symbol(fill="#00FF00", stroke=None),
        Symbol(fill="#E60000", stroke="#000000", stroke_mm=0.0),
    )
    # the last two are neighbours: no ground shines through between them
    shapes = [_box(0), ring, _box(2), _box(0, 1), shapely.affinity.translate(_box(0, 1), SIDE, 0)]
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        style = Style(class_field="class_code", rules=rules)
        _areas(project, style, shapes, [rule.value for rule in rules])
        line = Style(symbol=Symbol(stroke="#0000FF", stroke_mm=1.0, dash=(4.0, 2.0, 1.0)))
        frame = geopandas.GeoDataFrame(
            {"name": ["路"]},
            geometry=[shapely.LineString([(X, Y + 350), (X + 200, Y + 350), (X + 380, Y + 390)])],
        )
        project.add_layer(NewLayer("路", "lines", CRS, style=line), frame)
        seen = look(project, project.layers(), qgis_python)
    assert (seen.ours < 250).any(axis=2).mean() > 0.1
    # antialiased edges differ a little
    assert (seen.difference() > 40).mean() < 0.001
    assert (seen.difference() > 2).mean() < 0.01
    low = np.array([[int(each) for each in VIEW.to_pixel(X + SIDE, Y + 200)]])
    border = seen.theirs[low[0, 1], low[0, 0] - 3 : low[0, 0] + 4]
    assert border[:, 2].max() <= 2  # green and red hold no blue, white does


@pytest.mark.parametrize("hatch", list(Hatch))
def test_hatches_run_our_way(tmp_path: Path, qgis_python: Path, hatch: Hatch) -> None:
    symbol = Symbol(fill=None, stroke=None, hatch=hatch, hatch_color="#000000", hatch_spacing_mm=3.0)
    # 300 to the inch: at few pixels QGIS rounds the distance
    view = MapView(X + 50, Y + 50, 0.1, 800, 800, px_per_mm=300 / 25.4)
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        info = _areas(project, Style(symbol=symbol), [shapely.box(X, Y, X + SIDE, Y + SIDE)], ["甲"])
        seen = look(project, [info], qgis_python, view=view)
    for image in (seen.theirs, seen.ours):
        ink = 1 - image[:, :, 0] / 255
        # along its lines a pattern repeats at any step, across them only at its own
        moved = {
            step: float(np.abs(ink[9:-9, 9:-9] - np.roll(ink, step, (0, 1))[9:-9, 9:-9]).mean())
            for step in ((-5, 5), (5, 5), (0, 5), (5, 0))
        }
        still = {step for step, change in moved.items() if change < 0.3 * max(moved.values())}
        assert (
            still
            == {
                Hatch.FORWARD: {(-5, 5)},
                Hatch.BACKWARD: {(5, 5)},
                Hatch.CROSS: set(),
                Hatch.DIAGONAL_CROSS: set(),
            }[hatch]
        )
        if hatch in (Hatch.CROSS, Hatch.DIAGONAL_CROSS):
            # two families of lines: a step along one of them moves the other only
            straight = moved[(0, 5)] + moved[(5, 0)]
            slanted = moved[(-5, 5)] + moved[(5, 5)]
            assert (straight < slanted) == (hatch is Hatch.CROSS)
    # as much ink: lines of the same width at the same distance
    assert (255 - seen.theirs).mean() == pytest.approx((255 - seen.ours).mean(), rel=0.1)


def test_markers_have_our_shape_and_size(tmp_path: Path, qgis_python: Path) -> None:
    rules = tuple(
        ClassRule(
            value=each.value,
            title=each.value,
            symbol=Symbol(fill="#FF8000", stroke="#000000", stroke_mm=0.4, marker=each, marker_mm=12.0),
        )
        for each in Marker
    )
    places = [shapely.Point(X + 20 + i % 6 * 70, Y + 200 - i // 6 * 70) for i in range(len(rules))]
    frame = geopandas.GeoDataFrame({"name": [each.value for each in Marker]}, geometry=places)
    style = Style(class_field="name", rules=rules)
    with Project.create(tmp_path / "工程.gpkg", CRS) as project:
        info = project.add_layer(NewLayer("点", "points", CRS, style=style), frame)
        seen = look(project, [info], qgis_python)
    for marker, place in zip(Marker, places, strict=True):
        assert _pixel(seen.theirs, place) == _pixel(seen.ours, place) == [255, 128, 0]
        middle, row = (int(each) for each in VIEW.to_pixel(place.x, place.y))
        part = (slice(row - 45, row + 45), slice(middle - 45, middle + 45))
        theirs, ours = (image[part][:, :, 2] < 128 for image in (seen.theirs, seen.ours))
        # QGIS sets a marker on whole pixels
        moved = [np.roll(theirs, step, (0, 1)) for step in itertools.product((-1, 0, 1), repeat=2)]
        shared = max((each & ours).sum() / (each | ours).sum() for each in moved)
        # a star of QGIS is a little slimmer, its cross has thinner arms
        least = {Marker.STAR: 0.85, Marker.CROSS: 0.5, Marker.SALTIRE: 0.5}
        assert shared > least.get(marker, 0.9), marker


def test_a_default_that_somebody_saved_in_qgis_stays_and_ours_stands_beside_it(
    tmp_path: Path, qgis_python: Path
) -> None:
    file = tmp_path / "工程.gpkg"
    for saved in ("我的样式", "图斑"):  # under a name of its own, and over ours
        file.unlink(missing_ok=True)
        project = Project.create(file, CRS)
        info = _areas(project, Style(symbol=Symbol(fill="#E60000")), [_box(0)], ["甲"])
        look(project, [info], qgis_python, save_as=saved)
        with Project.open(file) as project:
            project.update_layer(info.uid, style=Style(symbol=Symbol(fill="#0000E6")))
            seen = look(project, [info], qgis_python)
        assert _pixel(seen.theirs, _box(0)) == [0, 255, 0]


def test_the_demonstration_city_has_the_same_colours_parcel_by_parcel(
    tmp_path: Path, qgis_python: Path, demonstration_file: Path
) -> None:
    with Project.open(Path(shutil.copy(demonstration_file, tmp_path))) as project:
        (land,) = project.layers_of("land_use")
        shapes = project.read(land.uid, columns=["class_code"]).geometry
        xmin, ymin, xmax, ymax = shapes.total_bounds.tolist()
        view = MapView.at_scale(
            ((xmin + xmax) / 2, (ymin + ymax) / 2), 15_000, (1000, 800), px_per_mm=96 / 25.4
        )
        visible = [info for info in project.layers() if info.visible]
        seen = look(project, visible, qgis_python, view=view)
    assert {layer["renderer"] for layer in seen.layers.values()} == {"categorizedSymbol", "singleSymbol"}
    # away from edges, where antialiasing may differ
    inner = shapes.intersection(shapely.box(*view.bounds)).buffer(-6 * view.units_per_px)
    inner = inner[~inner.is_empty]
    assert len(inner) > 50
    off = [
        uid
        for uid, shape in inner.items()
        if not _close(_pixel(seen.theirs, shape, view), _pixel(seen.ours, shape, view))
    ]
    assert off == []
    assert (seen.difference() <= 2).mean() > 0.9
