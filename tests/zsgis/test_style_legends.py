"""Legends and the web map tell of ranges, hidden classes and limits of scale what the map shows."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
from shapely import box

from layers.drawable_making import build_drawable
from layers.kinds import kind
from layers.store import LayerInfo, NewLayer, Project
from layers.style import ClassRule, ScaledSymbol, Style, Symbol
from zsgis.sheets.class_groups import FLAT
from zsgis.sheets.legend import Figures, layer_meanings
from zsgis.sheets.map_layers import outlined
from zsgis.webmap import write_webmap
from zsgis.webmap.features import WebLayer, web_layer

RED, GREEN, BLUE, GREY = (
    Symbol(fill=color, stroke_mm=0.1) for color in ("#FF0000", "#00FF00", "#0000FF", "#808080")
)
RULES = (
    ClassRule(value="低", title="0 – 10", symbol=RED, lower=0, upper=10),
    ClassRule(value="中", title="10 – 20", symbol=GREEN, lower=10, upper=20, visible=False),
    ClassRule(value="高", title="20 – 30", symbol=BLUE, lower=20, upper=30, max_denominator=5000),
    ClassRule(value="无", title="30 – 40", symbol=BLUE, lower=30, upper=40),
)
STYLE = Style(symbol=GREY, class_field="amount", numeric=True, rules=RULES)


def _layer(project: Project, style: Style) -> LayerInfo:
    frame = gpd.GeoDataFrame(
        {"amount": [10.0, 15.0, 25.0, np.nan]},
        geometry=[box(436000 + i * 100, 2491000, 436090 + i * 100, 2491090) for i in range(4)],
        crs=4547,
    )
    return project.add_layer(NewLayer("数", "zones", project.crs, style=style), frame)


def _meanings(tmp_path: Path, style: Style, denominator: float) -> list[tuple[str, str | None]]:
    with Project.create(tmp_path / "图.gpkg", 4547) as project:
        info = _layer(project, style)
        drawable = build_drawable(info, project.read(info.uid), None)
    figures = Figures({}, FLAT)
    return [(each.text, each.symbol.fill) for each in layer_meanings(drawable, figures, denominator)]


def test_a_sheet_tells_the_ranges_that_are_shown_at_its_scale(tmp_path: Path) -> None:
    # 10 counts to 0 – 10, 15 is hidden, 25 is shown to 1:5000, one has no number, none is above 30
    assert _meanings(tmp_path, STYLE, 4999) == [
        ("0 – 10", "#FF0000"),
        ("20 – 30", "#0000FF"),
        ("数", "#808080"),
    ]


def test_a_sheet_of_a_smaller_scale_leaves_out_what_it_does_not_show(tmp_path: Path) -> None:
    assert _meanings(tmp_path, STYLE, 5000) == [("0 – 10", "#FF0000"), ("数", "#808080")]


def test_a_layer_beyond_its_scales_means_nothing(tmp_path: Path) -> None:
    assert _meanings(tmp_path, STYLE.model_copy(update={"max_denominator": 1000.0}), 1000) == []


def test_a_layer_without_classes_means_the_symbol_of_the_scale(tmp_path: Path) -> None:
    near = ScaledSymbol(symbol=BLUE, max_denominator=2000)
    assert _meanings(tmp_path, Style(symbol=RED, other_scales=(near,)), 1999) == [("数", "#0000FF")]


def _web(tmp_path: Path, style: Style) -> WebLayer:
    with Project.create(tmp_path / "图.gpkg", 4547) as project:
        info = _layer(project, style)
        return web_layer(info, kind(info.kind), project.read(info.uid))


def test_the_web_map_gives_each_feature_the_look_of_its_range(tmp_path: Path) -> None:
    layer = _web(tmp_path, STYLE)
    assert layer.present == {0, 1, 2, 4}
    assert layer.looks[0]["fillColor"] == "#FF0000"
    # hidden: drawn at no scale
    assert layer.looks[1] == {"spans": []}
    (span,) = layer.looks[2]["spans"]
    assert (span["low"], span["high"], span["look"]["fillColor"]) == (0, 5000, "#0000FF")
    assert layer.looks[4]["fillColor"] == "#808080"


def test_the_web_map_keeps_a_layer_to_its_scales_and_changes_symbols(tmp_path: Path) -> None:
    near = ScaledSymbol(symbol=BLUE, max_denominator=2000)
    style = Style(symbol=RED, other_scales=(near,), min_denominator=500.0, max_denominator=8000.0)
    (look,) = _web(tmp_path, style).looks
    assert [(each["low"], each["high"], each["look"]["fillColor"]) for each in look["spans"]] == [
        (500, 2000, "#0000FF"),
        (2000, 8000, "#FF0000"),
    ]


def test_the_legend_of_the_web_map_leaves_hidden_classes_out(tmp_path: Path) -> None:
    with Project.create(tmp_path / "图.gpkg", 4547) as project:
        _layer(project, STYLE)
        text = write_webmap(project, tmp_path / "图.html").path.read_text(encoding="utf-8")
    legend = text[text.index("zs-legend") :]
    assert "0 – 10" in legend
    assert "20 – 30" in legend
    assert "10 – 20" not in legend
    assert "30 – 40" not in legend


def test_outlines_of_a_sheet_are_set_for_the_symbols_of_all_scales(tmp_path: Path) -> None:
    near = ScaledSymbol(symbol=BLUE, max_denominator=2000)
    style = Style(symbol=RED, other_scales=(near,), class_field="amount", numeric=True, rules=RULES)
    with Project.create(tmp_path / "图.gpkg", 4547) as project:
        info = _layer(project, style)
        drawable = build_drawable(info, project.read(info.uid), None)
    assert {symbol.stroke_mm for symbol in outlined(drawable, 0.4).style.all_symbols()} == {0.4}
    assert {symbol.stroke for symbol in outlined(drawable, 0).style.all_symbols()} == {None}
