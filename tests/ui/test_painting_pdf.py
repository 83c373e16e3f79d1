"""The same painters on a PDF page: lines stay lines, transparency stays transparency, words stay words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
import shapely
from drawing_samples import areas, coverage, points
from PyQt6.QtCore import QMarginsF
from PyQt6.QtGui import QPageSize, QPainter, QPdfWriter
from pytestqt.qtbot import QtBot

from layers.style import LabelStyle, Style, Symbol
from ui.painting import MapView, paint_layers

PX_PER_MM = 1200 / 25.4


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Iterator[pikepdf.Page]:
    writer = QPdfWriter(str(tmp_path / "map.pdf"))
    writer.setResolution(1200)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    platform = areas(
        shapely.box(300, 300, 1500, 1500),
        symbol=Symbol(
            fill="#FF0000",
            fill_opacity=0.25,
            hatch="forward",
            stroke="#C00000",
            stroke_mm=0.6,
            dash=(3.0, 1.0),
            tint_mm=2.0,
        ),
        uid="platform",
    )
    style = Style(symbol=Symbol(fill="#2060C0"), label=LabelStyle(field="name"))
    place = points(shapely.Point(1000, 1700), style=style, names=["中山市"], uid="place")
    half = coverage()
    painter = QPainter(writer)
    size = (160 * PX_PER_MM, 160 * PX_PER_MM)
    view = MapView.fitting((0, 0, 2000, 2000), size, px_per_mm=PX_PER_MM)
    paint_layers(painter, [place, platform, half], view, vector=True)
    painter.end()
    with pikepdf.open(tmp_path / "map.pdf") as document:
        yield document.pages[0]


def test_a_page_holds_no_image(page: pikepdf.Page):
    assert list(page.get_images()) == []
    operators = {str(instruction.operator) for instruction in pikepdf.parse_content_stream(page)}
    # fills, strokes and texts are there as such, inline images are not
    assert {"f", "S", "Tj"} <= operators or {"f", "S", "TJ"} <= operators
    assert "INLINE IMAGE" not in operators
    assert "BI" not in operators


def test_transparency_is_written_as_transparency(page: pikepdf.Page):
    states = page.resources.ExtGState
    alphas = {round(float(state.get("/ca", 1)), 2) for state in states.values()}
    assert 0.25 in alphas


def test_words_can_be_found_again(page: pikepdf.Page):
    (font,) = page.resources.Font.values()
    mapping = font.ToUnicode.read_bytes().decode("ascii").upper()
    for sign in "中山市":
        assert f"{ord(sign):04X}" in mapping
    descriptor = font.DescendantFonts[0].FontDescriptor
    assert any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
