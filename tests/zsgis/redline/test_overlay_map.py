"""The overlay map: pieces by weight over the whole red line, whose outline stands on top."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba

from layers.classification import standard
from tests.zsgis.redline.samples import HUNDRED, boundary, project, three_parcels
from tests.zsgis.stock_samples import at
from zsgis.charts import AreaLook
from zsgis.redline import RedlineReport, check_redline, redline_rules
from zsgis.redline.model import Outcome
from zsgis.redline.overlay_map import OVERLAY, RED, overlay_map
from zsgis.redline.tables import report_result
from zsgis.reports.charts import draw


def checked(tmp_path: Path) -> RedlineReport:
    """Check 100 m x 100 m over three parcels, with basic farmland under the western 30 m."""
    farmland = {"line_type": ["永久基本农田"], "geometry": [at(-10, -10, 30, 110)]}
    with project(tmp_path / "p.gpkg", {"land_use": three_parcels(), "control_lines": farmland}) as made:
        return check_redline(made, boundary(), redline_rules())


def areas(report: RedlineReport) -> dict[str, float]:
    """Return how much ground of the map bears each conclusion, m2, what lies beneath not counted twice."""
    chart = overlay_map(report)
    found: dict[str, list[shapely.Geometry]] = {}
    for shape, words in zip(chart.geometry, chart.columns[chart.color_by], strict=True):
        found.setdefault(words, []).append(shape)
    return {words: round(shapely.union_all(shapes).area, 6) for words, shapes in found.items()}


def test_land_in_its_classes_and_hatched_what_it_is_hit_by(tmp_path: Path) -> None:
    """Farmland 30 x 100 m forbids; parcels over 90 x 100 m bear their classes; all lies on the red line."""
    report = checked(tmp_path)
    chart, found = overlay_map(report), areas(report)
    looks = {entry.value: entry for entry in chart.classes}
    assert found[chart.classes[0].value] == 10_000.0
    assert found[Outcome.FORBIDDEN.words] == 3_000.0
    assert looks[Outcome.FORBIDDEN.words].look is AreaLook.HATCHED
    land = {line.key.label: line for line in report.section("land_use").hits}
    assert sum(found[label] for label in land) == 9_000.0
    for label, line in land.items():
        assert looks[label].look is AreaLook.FILLED
        assert looks[label].color == standard("yd2023").color(line.key.code)


def test_without_land_classes_hits_are_filled(tmp_path: Path) -> None:
    farmland = {"line_type": ["永久基本农田"], "geometry": [at(-10, -10, 30, 110)]}
    with project(tmp_path / "p.gpkg", {"control_lines": farmland}) as made:
        chart = overlay_map(check_redline(made, boundary(), redline_rules()))
    _rest, forbidden = chart.classes
    assert (forbidden.value, forbidden.look) == (Outcome.FORBIDDEN.words, AreaLook.FILLED)


def test_what_is_touched_everywhere_tells_of_no_place(tmp_path: Path) -> None:
    """A town over all of the red line is in the table alone; a platform over a part of it is outlined."""
    town = {"name": ["甲镇"], "geometry": [at(-50, -50, 150, 150)]}
    platform = {"name": ["甲平台"], "geometry": [at(0, 0, 40, 50)]}
    layers = {"land_use": three_parcels(), "towns": town, "platforms": platform}
    with project(tmp_path / "p.gpkg", layers) as made:
        report = check_redline(made, boundary(), redline_rules())
    assert report.section("towns").outcome is Outcome.INFO
    chart = overlay_map(report)
    words = report.section("platforms").outcome.words
    sections, *_further, drawn_as = chart.columns.values()
    touched = [
        (section, shape.area)
        for section, drawn, shape in zip(sections, drawn_as, chart.geometry, strict=True)
        if drawn == words
    ]
    assert next(entry for entry in chart.classes if entry.value == words).look is AreaLook.OUTLINED
    assert touched == [(report.section("platforms").title, 2_000.0)]


def test_the_weightiest_lies_on_top_and_the_outline_is_the_red_line(tmp_path: Path) -> None:
    report = checked(tmp_path)
    (chart,) = report_result(report).maps
    assert chart.key == OVERLAY
    words = list(chart.columns[chart.color_by])
    order = [entry.value for entry in chart.classes]
    assert [order.index(each) for each in words] == sorted(order.index(each) for each in words)
    assert shapely.equals(chart.outline, HUNDRED)
    axes = draw(chart).axes[0]
    (outline,) = [each for each in axes.collections if _edged(each, RED)]
    assert outline is axes.collections[-1]
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()][-1] == chart.outline_title


def _edged(drawn: Collection, color: str) -> bool:
    """Tell whether something drawn has edges of a colour."""
    return bool(np.allclose(np.atleast_2d(np.asarray(drawn.get_edgecolor())), to_rgba(color)))
