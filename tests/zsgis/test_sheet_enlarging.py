"""Wall maps: everything on the sheet is larger by one factor, and the scale stays what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.store import Project
from layers.style import LabelStyle, Style, Symbol
from tests.sheet_example import WEST_PLATFORM, drawables, example_project
from zsgis.sheets import SheetLayout, compose, load_template
from zsgis.sheets.enlarging import enlarged
from zsgis.sheets.layout import Box, LegendItem, MapItem, ScaleBarItem, TableColumn, TextItem
from zsgis.sheets.preflight import PreflightOrder, Review, Use, preflight
from zsgis.sheets.template_files import shipped_template


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with example_project(tmp_path / "work.gpkg") as made:
        yield made


def test_lengths_grow_and_nothing_else() -> None:
    text = TextItem(box=Box(x=10, y=20, width=30, height=5), lines=("甲",), size_mm=3, line_mm=4)
    assert enlarged(text, 2) == TextItem(
        box=Box(x=20, y=40, width=60, height=10), lines=("甲",), size_mm=6, line_mm=8
    )
    column = TableColumn(title="面积", width_mm=20, align="left")
    assert enlarged(column, 1.5).width_mm == 30
    look = Style(
        symbol=Symbol(stroke_mm=0.3, dash=(3.0, 1.0), marker_mm=2.0, fill_opacity=0.5),
        label=LabelStyle(field="name", size_mm=2.8, priority=7, max_scale_denominator=5000),
    )
    larger = enlarged(look, 2)
    assert (larger.symbol.stroke_mm, larger.symbol.dash, larger.symbol.marker_mm) == (0.6, (6.0, 2.0), 4.0)
    assert larger.symbol.fill_opacity == 0.5
    assert larger.label is not None
    assert (larger.label.size_mm, larger.label.priority, larger.label.max_scale_denominator) == (5.6, 7, 5000)
    # 0.3 * 1.6 / 1.6 is not 0.3 in binary fractions: what was made larger and smaller again is the same
    assert enlarged(enlarged(look, 1.6), 1 / 1.6) == look


def _sheet(project: Project, tmp_path: Path, factor: float) -> SheetLayout:
    file = tmp_path / f"{factor}.toml"
    text = shipped_template("platform_a3").read_text(encoding="utf-8")
    file.write_text(text.replace("height_mm = 297\n", f"height_mm = 297\nenlarge = {factor}\n", 1))
    return compose(project, template=str(file), zone=WEST_PLATFORM, drawables=drawables(project))


def test_twice_as_large_at_twice_the_scale_is_the_same_sheet_but_for_its_numbers(
    project: Project, tmp_path: Path
) -> None:
    # 2000 m and a tenth on 243.8 mm are 1:10000 (9,115 rounded up); on 487.6 mm 1:5000 (4,558)
    one, two = _sheet(project, tmp_path, 1.0), _sheet(project, tmp_path, 2.0)
    assert (two.first.width_mm, two.first.height_mm) == (840, 594)
    (small,), (large,) = one.first.items_of(MapItem), two.first.items_of(MapItem)
    assert (small.scale_denominator, large.scale_denominator) == (10_000, 5000)
    assert large.neat.width == 2 * small.neat.width
    assert large.bounds == pytest.approx(small.bounds)
    (bar,) = two.first.items_of(ScaleBarItem)
    assert bar.ratio.endswith("1:5,000")
    # what the bar says is what it is long: millimetres on paper times the scale
    assert bar.segment_mm * 5 == pytest.approx(bar.segment_m)
    (legend,), (larger,) = one.first.items_of(LegendItem), two.first.items_of(LegendItem)
    assert [entry.text for entry in larger.entries] == [entry.text for entry in legend.entries]
    assert [entry.symbol for entry in larger.entries] == [
        enlarged(entry.symbol, 2) for entry in legend.entries
    ]


def test_the_legend_of_a_wall_map_explains_what_is_on_it(project: Project, tmp_path: Path) -> None:
    for factor in (1.6, 2.83):
        found = preflight(_sheet(project, tmp_path, factor), PreflightOrder(Use.INTERNAL, Review(), ()))
        assert [finding.text for finding in found if finding.blocking] == []


@pytest.mark.parametrize(
    ("key", "size"),
    [
        ("figure_a4", (210, 297)),
        ("platform_a1", (841, 594)),
        ("city_a0", (1189, 841)),
        ("city_a3", (420, 297)),
    ],
)
def test_shipped_templates_have_the_size_of_their_paper(key: str, size: tuple[int, int]) -> None:
    form = load_template(key)
    made = (form.width_mm * form.enlarge, form.height_mm * form.enlarge)
    assert made == pytest.approx(size, abs=0.01)
