"""Symbols in the words of QGIS: the ``<symbol>`` elements of its style files (QGIS 3.20 and later)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from xml.etree.ElementTree import Element, SubElement

from layers.kind import GeometryType
from layers.style.model import Hatch, LineOver, Marker, Symbol

SYMBOL_TYPES = {GeometryType.POINT: "marker", GeometryType.LINE: "line", GeometryType.POLYGON: "fill"}

# QGIS ignores levels from 1000 on
_LEVELS = 1000
_HATCH_LINE_MM = 0.12
# degrees from the east, counter-clockwise
_HATCH_ANGLES: dict[Hatch, tuple[int, ...]] = {
    Hatch.FORWARD: (45,),
    Hatch.BACKWARD: (135,),
    Hatch.CROSS: (0, 90),
    Hatch.DIAGONAL_CROSS: (45, 135),
}
# The soft band outside a boundary: wide and faint to narrow and stronger.
_TINT_STEPS = 5
_TINT_ALPHA = 0.11
# Name of the shape, its size for a marker of 1 mm (its weight on our maps), and its turn in degrees.
_SHAPES: dict[Marker, tuple[str, float, int]] = {
    Marker.CIRCLE: ("circle", 1.0, 0),
    Marker.SQUARE: ("square", 0.88, 0),
    Marker.TRIANGLE: ("equilateral_triangle", 1.2, 0),
    Marker.INVERTED_TRIANGLE: ("equilateral_triangle", 1.2, 180),
    Marker.DIAMOND: ("diamond", 1.15, 0),
    Marker.PENTAGON: ("pentagon", 1.1, 0),
    Marker.STAR: ("star", 1.25, 0),
    Marker.CROSS: ("cross_fill", 1.0, 0),
    Marker.SALTIRE: ("cross_fill", 1.0, 45),
    Marker.RING: ("circle", 0.42, 0),
    Marker.FRAMED_SQUARE: ("square", 0.42, 0),
}
# The frame around some: its inner and outer edge for a marker of 1 mm.
_FRAMED = (Marker.RING, Marker.FRAMED_SQUARE)
_FRAME_INNER, _FRAME_OUTER = 0.74, 1.1


@dataclass(frozen=True)
class Levels:
    """When the parts of a class are drawn: all fills first, then hatches and bands, then all outlines.

    Within each of these the classes follow one another by ``place`` of ``count``.
    """

    place: int = 0
    count: int = 1

    @property
    def fill(self) -> int:
        """The level of the fill."""
        return self._level(0)

    @property
    def cover(self) -> int:
        """The level of hatch and band."""
        return self._level(1)

    @property
    def outline(self) -> int:
        """The level of outlines, lines and markers."""
        return self._level(2)

    def _level(self, turn: int) -> int:
        return turn * self.count + self.place if 3 * self.count <= _LEVELS else turn


def symbol_element(symbol: Symbol, geometry: GeometryType, name: str, levels: Levels) -> Element:
    """Return the ``<symbol>`` that draws ``symbol``; lengths are millimetres."""
    element = Element("symbol", {"type": SYMBOL_TYPES[geometry], "name": name, "alpha": "1"})
    parts = {GeometryType.POINT: _marker, GeometryType.LINE: _line, GeometryType.POLYGON: _area}
    element.extend(parts[geometry](symbol, levels))
    return element


def color_text(color: str, opacity: float = 1.0) -> str:
    """Return ``#RRGGBB`` as QGIS writes it: ``red,green,blue,alpha`` of 0 to 255."""
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def number_text(value: float) -> str:
    """Return a number as XML holds it."""
    return f"{value:.9g}"


def _layer(class_name: str, level: int, options: dict[str, str]) -> Element:
    layer = Element("layer", {"class": class_name, "pass": str(level), "enabled": "1", "locked": "0"})
    held = SubElement(layer, "Option", {"type": "Map"})
    for name, value in options.items():
        SubElement(held, "Option", {"type": "QString", "name": name, "value": value})
    return layer


def _has_stroke(symbol: Symbol) -> bool:
    return symbol.stroke is not None and symbol.stroke_mm > 0


def _marker(symbol: Symbol, levels: Levels) -> Iterator[Element]:
    shape, size, turn = _SHAPES[symbol.marker]
    if symbol.marker in _FRAMED:
        yield from _frame(symbol, shape, levels)
    options = {
        **_marker_options(shape, symbol.marker_mm * size),
        "angle": str(turn),
        "color": color_text(symbol.fill or "#000000", symbol.fill_opacity if symbol.fill else 0.0),
        **_marker_outline(symbol),
    }
    yield _layer("SimpleMarker", levels.outline, options)


def _frame(symbol: Symbol, shape: str, levels: Levels) -> Iterator[Element]:
    if symbol.fill is not None:
        band = {
            "joinstyle": "miter",
            "outline_style": "solid",
            "outline_color": color_text(symbol.fill, symbol.fill_opacity),
            "outline_width": number_text(symbol.marker_mm * (_FRAME_OUTER - _FRAME_INNER) / 2),
        }
        middle = _marker_options(shape, symbol.marker_mm * (_FRAME_OUTER + _FRAME_INNER) / 2)
        yield _layer("SimpleMarker", levels.outline, {**middle, **band})
    for edge in (_FRAME_OUTER, _FRAME_INNER) if _has_stroke(symbol) else ():
        options = {**_marker_options(shape, symbol.marker_mm * edge), **_marker_outline(symbol)}
        yield _layer("SimpleMarker", levels.outline, options)


def _marker_options(shape: str, size_mm: float) -> dict[str, str]:
    return {
        "name": shape,
        "size": number_text(size_mm),
        "size_unit": "MM",
        "color": color_text("#000000", 0.0),
        "joinstyle": "round",
        "outline_width_unit": "MM",
    }


def _marker_outline(symbol: Symbol) -> dict[str, str]:
    return {
        "outline_style": "solid" if _has_stroke(symbol) else "no",
        "outline_color": color_text(symbol.stroke or "#000000"),
        "outline_width": number_text(symbol.stroke_mm),
    }


def _line(symbol: Symbol, levels: Levels) -> Iterator[Element]:
    yield from _strokes(symbol, levels)


def _area(symbol: Symbol, levels: Levels) -> Iterator[Element]:
    yield _layer("SimpleFill", levels.fill, _fill_options(symbol))
    yield from chain(_hatches(symbol, levels), _tint(symbol, levels))
    if _has_stroke(symbol):
        yield from _strokes(symbol, levels)


def _fill_options(symbol: Symbol) -> dict[str, str]:
    tone = color_text(symbol.fill or "#000000", symbol.fill_opacity if symbol.fill else 0.0)
    # Two edges that meet let the ground shine through; a hairline of the fill's own colour closes the gap.
    # A transparent hairline would draw the seam twice.
    closed = symbol.fill is not None and symbol.fill_opacity >= 1
    return {
        "style": "no" if symbol.fill is None else "solid",
        "color": tone,
        "joinstyle": "round",
        "outline_style": "solid" if closed else "no",
        "outline_color": tone,
        "outline_width": "0",
        "outline_width_unit": "MM",
    }


def _strokes(symbol: Symbol, levels: Levels) -> Iterator[Element]:
    """Return the stroke and the lines over it."""
    if not _has_stroke(symbol):
        yield _layer("SimpleLine", levels.outline, {"line_style": "no"})
        return
    own = LineOver(
        width_mm=symbol.stroke_mm,
        dash=symbol.dash,
        dash_start_mm=symbol.dash_start_mm,
        round_ends=not symbol.dash,
    )
    for line in (own, *symbol.lines_over):
        yield _layer("SimpleLine", levels.outline, _stroke_options(symbol, line))


def _stroke_options(symbol: Symbol, line: LineOver) -> dict[str, str]:
    # dashes come in pairs of on and off
    dash = line.dash if len(line.dash) % 2 == 0 else line.dash * 2
    options = {
        "line_style": "solid",
        "line_color": color_text(symbol.stroke or "#000000"),
        "line_width": number_text(line.width_mm),
        "line_width_unit": "MM",
        "joinstyle": "round",
        "capstyle": "round" if line.round_ends else "flat",
    }
    if dash:
        lengths = ";".join(number_text(max(length, 0.001)) for length in dash)
        options |= {"use_custom_dash": "1", "customdash": lengths, "customdash_unit": "MM"}
    if dash and line.dash_start_mm:
        options |= {"dash_pattern_offset": number_text(line.dash_start_mm), "dash_pattern_offset_unit": "MM"}
    return options


def _hatches(symbol: Symbol, levels: Levels) -> Iterator[Element]:
    if symbol.hatch is None:
        return
    for number, angle in enumerate(_HATCH_ANGLES[symbol.hatch]):
        options = {
            "angle": str(angle),
            "distance": number_text(symbol.hatch_spacing_mm),
            "distance_unit": "MM",
            "line_width": number_text(_HATCH_LINE_MM),
            "line_width_unit": "MM",
            "color": color_text(symbol.hatch_color),
        }
        pattern = _layer("LinePatternFill", levels.cover, options)
        line = Symbol(stroke=symbol.hatch_color, stroke_mm=_HATCH_LINE_MM)
        pattern.append(symbol_element(line, GeometryType.LINE, f"@hatch@{number}", Levels()))
        yield pattern


def _tint(symbol: Symbol, levels: Levels) -> Iterator[Element]:
    if symbol.tint_mm <= 0 or symbol.stroke is None:
        return
    for step in range(_TINT_STEPS, 0, -1):
        width = symbol.tint_mm * step / _TINT_STEPS
        options = {
            "line_style": "solid",
            "line_color": color_text(symbol.stroke, _TINT_ALPHA),
            "line_width": number_text(width),
            "line_width_unit": "MM",
            # the middle of the band lies half its width outside
            "offset": number_text(-width / 2),
            "offset_unit": "MM",
            "joinstyle": "round",
            "capstyle": "round",
        }
        yield _layer("SimpleLine", levels.cover, options)
