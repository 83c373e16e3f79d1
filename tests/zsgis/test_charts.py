"""Charts and maps of a result: what is drawn is what was declared, and files come whole."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image
from shapely import Polygon, box

from layers.errors import InputError
from layers.store import Project
from tests.zsgis.stock_samples import at
from zsgis.analysis.layers_used import unsigned_record
from zsgis.charts import BarChart, Histogram, MapClass, MatrixChart, ResultGrid, ResultMap, Series
from zsgis.reports.charts import NIGHT, PAPER, Look, chart_png, draw, write_pictures
from zsgis.result import Result
from zsgis.result_layers import add_to_project, write_map

NAN = float("nan")
BARS = BarChart("sizes", "规模", ("小", "中", "大"), (Series("面积", (1.5, NAN, 3.0)),), unit="公顷")


def heights(figure: Figure) -> list[float]:
    return [bar.get_height() for bar in figure.axes[0].patches]  # type: ignore[attr-defined]


def result_map(secret: str = "") -> ResultMap:
    with_hole = Polygon(at(0, 0, 30, 30).exterior.coords, [list(at(10, 10, 20, 20).exterior.coords)])
    shapes = np.array([with_hole, at(30, 0, 40, 10), at(50, 0, 60, 10), None], dtype=object)
    return ResultMap(
        key="groups",
        title="连片/分组",
        crs=pyproj.CRS(4547),
        geometry=shapes,
        columns={"组": ("大", "小", "?", "小"), "面积": (800.0, 100.0, 100.0, 0.0)},
        color_by="组",
        classes=(MapClass("大", "大组", "#B5473C"), MapClass("小", "小组", "#F2D7A6")),
        layer_uid="L",
        sources=(("a", "b"), ("c",), ("d",), ()),
    )


def result(**parts: object) -> Result:
    record = unsigned_record((), (), {})
    return Result("contiguity", "连片分析", (), (), (), record, **parts)  # type: ignore[arg-type]


def test_a_bar_is_as_high_as_its_value_and_no_data_is_no_bar() -> None:
    figure = draw(BARS)
    assert heights(figure) == [1.5, 0.0, 3.0]
    said = [text.get_text() for text in figure.axes[0].texts]
    assert said == ["1.50", "", "3.00"]


def test_stacked_series_stand_on_each_other() -> None:
    chart = BarChart("s", "x", ("甲", "乙"), (Series("a", (1, 2)), Series("b", (3, 4))), stacked=True)
    bars = draw(chart).axes[0].patches
    assert [(bar.get_y(), bar.get_height()) for bar in bars] == [(0, 1), (0, 2), (1, 3), (2, 4)]  # type: ignore[attr-defined]


def test_many_bars_lie_and_the_figure_grows_with_them() -> None:
    names = tuple(f"地块 {number}" for number in range(40))
    figure = draw(BarChart("s", "x", names, (Series("a", tuple(range(40))),)), height_mm=60)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list(names)
    assert figure.get_figheight() * 25.4 > 40 * 6


def test_a_matrix_names_its_figures_and_leaves_zeros_empty() -> None:
    chart = MatrixChart("m", "转移", ("甲", "乙"), ("甲", "乙"), ((12.5, 0.0), (3.25, 8.0)), unit="公顷")
    said = [text.get_text() for text in draw(chart).axes[0].texts]
    assert said == ["12.50", "3.25", "8.00"]


def test_a_histogram_has_its_own_edges_and_names_its_marks() -> None:
    axes = draw(Histogram("h", "得分", (0, 10, 30), (4, 6), marks={"中位数": 12.0})).axes[0]
    bars = [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in axes.patches]  # type: ignore[attr-defined]
    assert bars == [(0, 10, 4), (10, 20, 6)]
    assert [text.get_text().strip() for text in axes.texts] == ["中位数"]


def test_a_map_draws_each_class_in_its_colour_with_holes_and_what_has_no_class_grey() -> None:
    axes = draw(result_map()).axes[0]
    collections = [c for c in axes.collections if isinstance(c, PathCollection)]
    assert [len(c.get_paths()) for c in collections] == [1, 1, 1]
    # the hole runs the other way round than its shell, so that it is left out
    rings = collections[0].get_paths()[0].to_polygons()
    assert [shapely.is_ccw(shapely.LinearRing(ring)) for ring in rings] == [True, False]
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["大组", "小组", "其他"]
    # a fifth of the width that is shown, 60 m and its margins, rounded down to 1, 2 or 5
    assert [text.get_text() for text in axes.texts] == ["10 m"]


def test_every_chart_and_map_is_written_as_svg_and_png(tmp_path: Path) -> None:
    files = write_pictures(result(charts=(BARS,), maps=(result_map(),)), tmp_path)
    assert sorted(file.name for file in files) == [
        "连片分析_规模.png", "连片分析_规模.svg", "连片分析_连片_分组.png", "连片分析_连片_分组.svg",
    ]  # fmt: skip
    with Image.open(files[1]) as picture:
        assert picture.width == pytest.approx(170 / 25.4 * 200, abs=1)
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 10
    assert files[0].read_text(encoding="utf-8").startswith("<?xml")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(file.name for file in files)


def test_a_map_written_as_a_layer_holds_areas_values_and_what_stands_behind_them(tmp_path: Path) -> None:
    read = geopandas.read_file(write_map(result(), result_map(), tmp_path))
    assert list(read["组"]) == ["大", "小", "?"]
    assert list(read["sources"]) == ["a b", "c", "d"]
    assert read.geometry.area.tolist() == [800.0, 100.0, 100.0]
    assert read.crs.to_epsg() == 4547


def test_a_map_written_as_a_layer_bears_the_secrecy_of_what_it_was_made_from(tmp_path: Path) -> None:
    written = write_map(result(secrecy="内部★5年"), result_map(), tmp_path)
    with closing(sqlite3.connect(written)) as connection:
        assert connection.execute("SELECT description FROM gpkg_contents").fetchone() == ("密级：内部★5年",)


def test_a_map_becomes_a_layer_with_its_classes_and_what_it_inherits(tmp_path: Path) -> None:
    made = result(maps=(result_map(),), demo=True, secrecy="秘密")
    with Project.create(tmp_path / "p.gpkg", 4547) as project:
        layer = add_to_project(project, made, result_map())
        assert (layer.kind, layer.feature_count, layer.demo, layer.secrecy) == ("zones", 3, True, "秘密")
        assert [(rule.value, rule.symbol.fill) for rule in layer.style.rules] == [
            ("大", "#B5473C"),
            ("小", "#F2D7A6"),
        ]
        assert layer.style.class_field == "组"
        assert list(project.read(layer.uid)["面积"]) == [800.0, 100.0, 100.0]


def test_a_map_without_area_becomes_no_layer(tmp_path: Path) -> None:
    empty = np.array([None, box(0, 0, 0, 0)], dtype=object)
    chart = ResultMap("m", "空", pyproj.CRS(4547), empty, {"组": ("a", "b")}, "组", ())
    with Project.create(tmp_path / "p.gpkg", 4547) as project:
        with pytest.raises(InputError, match="没有任何范围"):
            add_to_project(project, result(), chart)
        assert project.layers() == ()


def wide_matrix() -> MatrixChart:
    names = tuple(f"机关团体新闻出版用地{number}" for number in range(18))
    values = tuple(tuple(12_345.6789 * (row == column) + 0.25 for column in range(18)) for row in range(18))
    return MatrixChart("m", "转移", names, names, values, unit="公顷", digits=4)


@pytest.mark.parametrize("asked", [(60.0, 40.0), (170.0, 100.0), (900.0, 300.0)])
def test_every_figure_of_a_matrix_stands_within_its_cell(asked: tuple[float, float]) -> None:
    figure = draw(wide_matrix(), *asked)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    cell = axes.get_window_extent().width / 18
    assert max(text.get_window_extent().width for text in axes.texts) < cell
    assert axes.get_window_extent().height / 18 > max(text.get_window_extent().height for text in axes.texts)
    # names of columns stand on end and do not run into each other
    names = [label.get_window_extent() for label in axes.get_xticklabels()]
    assert all(first.x1 < second.x0 for first, second in pairwise(names))


def test_names_that_fit_above_their_columns_lie() -> None:
    chart = MatrixChart("m", "转移", ("甲", "乙"), ("甲", "乙"), ((12.5, 0.0), (3.25, 8.0)))
    assert {label.get_rotation() for label in draw(chart).axes[0].get_xticklabels()} == {0.0}


def far_apart(count: int) -> ResultMap:
    """Return plots of 20 m in a row 40 km long, the first of them 10 km."""
    step = 30_000 / count
    shapes = [at(0, 0, 10_000, 10_000)]
    shapes += [at(10_000 + step * k, 0, 10_020 + step * k, 20) for k in range(count)]
    values = ("大", *("小",) * count)
    classes = (MapClass("大", "大", "#B5473C"), MapClass("小", "小", "#4C8C4A"))
    return ResultMap("m", "图", pyproj.CRS(4547), np.array(shapes), {"组": values}, "组", classes)


def test_what_is_too_small_to_be_seen_has_a_mark_in_its_colour() -> None:
    chart = far_apart(5)
    axes = draw(chart, 170, 100).axes[0]
    # 40 km on about 120 mm: 20 m are 0.06 mm
    (marks,) = [c for c in axes.collections if len(c.get_offsets()) == 5]
    assert to_hex(marks.get_facecolor()[0]).upper() == "#4C8C4A"  # type: ignore[index]
    inside = [
        shape.covers(shapely.Point(place))
        for shape, place in zip(chart.geometry[1:], marks.get_offsets(), strict=True)
    ]
    assert all(inside)
    assert any("方块" in text.get_text() for text in axes.texts)
    near = draw(result_map()).axes[0]
    assert not any("方块" in text.get_text() for text in near.texts)


def test_very_many_small_areas_have_a_line_in_their_own_colour() -> None:
    axes = draw(far_apart(3_500), 170, 100).axes[0]
    (many,) = [c for c in axes.collections if len(c.get_paths()) == 3_500]
    assert to_hex(many.get_edgecolor()[0]).upper() == "#4C8C4A"  # type: ignore[index]
    assert many.get_linewidth()[0] > 0.0


def test_cells_are_drawn_in_the_colours_of_their_classes_and_nothing_where_there_is_none() -> None:
    cells = np.array([[5.0, 20.0], [NAN, 95.0]], dtype=np.float32)
    classes = (
        MapClass("0", "0–20", "#C0562B"),
        MapClass("20", "20–80", "#DFA15A"),
        MapClass("80", "80–", "#4C8C4A"),
    )
    grid = ResultGrid(
        "g", "得分", pyproj.CRS(4547), (10.0, 0.0, 500_000.0, 0.0, -10.0, 2_490_000.0), cells, classes
    )
    axes = draw(grid).axes[0]
    (image,) = axes.images
    shown = image.to_rgba(image.get_array())
    assert [to_hex(shown[place]).upper() for place in ((0, 0), (0, 1), (1, 1))] == [
        "#C0562B",
        "#DFA15A",
        "#4C8C4A",
    ]
    assert shown[1, 0, 3] == 0.0
    assert image.get_extent() == [500_000.0, 500_020.0, 2_489_980.0, 2_490_000.0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["0–20", "20–80", "80–"]  # type: ignore[union-attr]


def test_a_large_grid_is_drawn_with_every_so_manyth_cell() -> None:
    cells = np.zeros((4000, 20), dtype=np.float32)
    at_corner = (1.0, 0.0, 0.0, 0.0, -1.0, 4000.0)
    grid = ResultGrid("g", "得分", pyproj.CRS(4547), at_corner, cells, (MapClass("0", "0", "#C0562B"),))
    (image,) = draw(grid).axes[0].images
    assert image.get_array().shape == (1334, 7)  # type: ignore[union-attr]


@pytest.mark.parametrize("look", [PAPER, NIGHT], ids=["light", "dark"])
def test_inks_are_read_on_their_ground(look: Look) -> None:
    for ink in (look.text, look.muted, look.accent):
        assert contrast(ink, look.ground) >= 4.5


@pytest.mark.parametrize("look", [PAPER, NIGHT], ids=["light", "dark"])
@pytest.mark.parametrize(
    "chart", [BARS, wide_matrix(), Histogram("h", "得分", (0, 1), (4,))], ids=lambda c: c.key
)
def test_a_chart_stands_on_the_ground_of_its_look(
    chart: BarChart | MatrixChart | Histogram, look: Look
) -> None:
    with Image.open(io.BytesIO(chart_png(chart, 100, 60, 50, look))) as picture:
        assert to_hex([part / 255 for part in picture.convert("RGB").getpixel((1, 1))]).upper() == look.ground


@pytest.mark.parametrize("look", [PAPER, NIGHT], ids=["light", "dark"])
def test_figures_of_a_matrix_are_read_on_their_shade(look: Look) -> None:
    values = tuple(tuple(float(10.0 ** (row + column / 4)) for column in range(4)) for row in range(4))
    names = tuple("甲乙丙丁")
    axes = draw(MatrixChart("m", "转移", names, names, values), look=look).axes[0]
    (image,) = axes.images
    shades = image.to_rgba(image.get_array())
    for text in axes.texts:
        column, row = (int(part) for part in text.get_position())
        assert contrast(to_hex(text.get_color()), to_hex(shades[row, column])) >= 4.5


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.1)."""

    def luminance(color: str) -> float:
        parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)
