"""A page as SVG: every layer of a map a group of its own, text as text in a font that lies in the file."""

from __future__ import annotations

import base64
import html
import io
import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtSvg import QSvgGenerator

from layers.print_font import print_font_file
from layers.progress import Progress
from ui.painting.fonts import load_fonts
from ui.sheets.page import draw_page
from ui.sheets.paper import UNITS_PER_INCH, UNITS_PER_MM
from zsgis.sheets.layout import SheetPage

# Qt writes one run of shapes and knows no layers: a small square of this colour, outside the page, says where
# one begins; it is taken out again
_MARK = "#010203"
_MARKED = re.compile(
    rf'(?:<g clip-path="[^"]*">\s*)?<g fill="{_MARK}"[^>]*>\s*<(?:rect|path)[^>]*/>\s*</g>(?:\s*</g>)?'
)
_TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")


class _Marks:
    """Marks where a layer begins; a :class:`ui.sheets.slices.Slices`."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter
        self.parts: list[tuple[str, float]] = []

    def begin(self, title: str, opacity: float, uid: str = "") -> float:
        """Begin a layer's group; its opacity is the group's, not that of its colours."""
        del uid
        self._mark(title, opacity)
        return 1.0

    def end(self) -> None:
        """Go on with the sheet itself."""
        self._mark("", 1.0)

    def _mark(self, title: str, opacity: float) -> None:
        self.parts.append((title, opacity))
        self._painter.save()
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(_MARK))
        self._painter.drawRect(QRectF(-9.0, -9.0, 1.0, 1.0))
        self._painter.restore()


def write_svg(page: SheetPage, path: Path, title: str, progress: Progress) -> None:
    """Write a page.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    writer = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    writer.setFileName(str(path))
    writer.setResolution(UNITS_PER_INCH)
    width, height = page.width_mm * UNITS_PER_MM, page.height_mm * UNITS_PER_MM
    writer.setSize(QSize(round(width), round(height)))
    writer.setViewBox(QRectF(0.0, 0.0, width, height))
    writer.setTitle(title)
    writer.setDescription("zsgis")
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(str(path))
    marks = _Marks(painter)
    try:
        draw_page(painter, page, progress, marks)
    finally:
        painter.end()
    drawn = path.read_text(encoding="utf-8")
    path.write_text(_with_font(_with_groups(drawn, marks.parts)), encoding="utf-8")


def _with_groups(drawn: str, parts: list[tuple[str, float]]) -> str:
    """Return the drawing with a group for each layer between its mark and the next."""
    pieces = _MARKED.split(drawn)
    if len(pieces) != len(parts) + 1:
        raise OSError(f"{len(pieces) - 1} marks of {len(parts)} layers")
    out, is_open = [pieces[0]], False
    for number, ((title, opacity), piece) in enumerate(zip(parts, pieces[1:], strict=True)):
        if is_open:
            out.append("</g>\n")
        is_open = bool(title)
        if is_open:
            faded = f' opacity="{opacity:g}"' if opacity < 1.0 else ""
            name = html.escape(title, quote=True)
            out.append(
                f'\n<g id="layer-{number}" inkscape:groupmode="layer" inkscape:label="{name}"{faded}>'
                f"<title>{name}</title>\n"
            )
        out.append(piece)
    whole = "".join(out)
    names = 'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns="http://www.w3.org/2000/svg"'
    return whole.replace('xmlns="http://www.w3.org/2000/svg"', names, 1)


def _with_font(drawn: str) -> str:
    """Return the drawing with as much of the font as its text needs, so that it looks the same anywhere."""
    text = "".join(html.unescape(found) for found in _TEXT.findall(drawn))
    if not text:
        return drawn
    data = base64.b64encode(_font_for(text)).decode("ascii")
    family = load_fonts().print_
    style = (
        f"<style>@font-face {{ font-family: '{family}'; "
        f"src: url(data:font/ttf;base64,{data}) format('truetype'); }}</style>\n"
    )
    return drawn.replace("<defs>", f"{style}<defs>", 1)


def _font_for(text: str) -> bytes:
    """Return the glyphs of some text as a font of their own."""
    options = subset.Options()
    options.layout_features = ["*"]
    options.name_IDs = [1, 2]
    options.drop_tables += ["FFTM"]  # when the font was made, which nobody asks
    maker = subset.Subsetter(options)
    with TTFont(print_font_file(), fontNumber=0, lazy=True) as font:
        maker.populate(text=text)
        maker.subset(font)
        made = io.BytesIO()
        font.save(made)
    return made.getvalue()
