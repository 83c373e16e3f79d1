"""Charts and maps of a result: what is drawn is what was declared, and files come whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from PIL import Image
from shapely import Polygon, box

from layers.errors import InputError
from layers.store import Project
from tests.zsgis.stock_samples import at
from zsgis.analysis.layers_used import unsigned_record
from zsgis.charts import BarChart, Histogram, MapClass, MatrixChart, ResultMap, Series
from zsgis.reports.charts import draw, write_pictures
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
