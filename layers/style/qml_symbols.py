"""Symbols in the words of QGIS: the ``<symbol>`` elements of its style files (QGIS 3.20 and later)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from xml.etree.ElementTree import Element, SubElement

from layers.kind import GeometryType
from layers.style.model import Hatch, Marker, Symbol

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
# Name of the shape, and its size for a marker of 1 mm, to be of the weight it has on our maps.
_SHAPES: dict[Marker, tuple[str, float]] = {
    Marker.CIRCLE: ("circle", 1.0),
    Marker.SQUARE: ("square", 0.88),
    Marker.TRIANGLE: ("equilateral_triangle", 1.2),
    Marker.DIAMOND: ("diamond", 1.15),
    Marker.STAR: ("star", 1.25),
    Marker.CROSS: ("cross_fill", 1.0),
}


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
    shape, size = _SHAPES[symbol.marker]
    options = {
        "name": shape,
        "size": number_text(symbol.marker_mm * size),
        "size_unit": "MM",
        "color": color_text(symbol.fill or "#000000", symbol.fill_opacity if symbol.fill else 0.0),
        "joinstyle": "round",
        "outline_style": "solid" if _has_stroke(symbol) else "no",
        "outline_color": color_text(symbol.stroke or "#000000"),
        "outline_width": number_text(symbol.stroke_mm),
        "outline_width_unit": "MM",
    }
    yield _layer("SimpleMarker", levels.outline, options)


def _line(symbol: Symbol, levels: Levels) -> Iterator[Element]:
    yield _layer("SimpleLine", levels.outline, _stroke_options(symbol))


def _area(symbol: Symbol, levels: Levels) -> Iterator[Element]:
    yield _layer("SimpleFill", levels.fill, _fill_options(symbol))
    yield from chain(_hatches(symbol, levels), _tint(symbol, levels))
    if _has_stroke(symbol):
        yield _layer("SimpleLine", levels.outline, _stroke_options(symbol))


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


def _stroke_options(symbol: Symbol) -> dict[str, str]:
    # dashes come in pairs of on and off
    dash = symbol.dash if len(symbol.dash) % 2 == 0 else symbol.dash * 2
    options = {
        "line_style": "solid" if _has_stroke(symbol) else "no",
        "line_color": color_text(symbol.stroke or "#000000"),
        "line_width": number_text(symbol.stroke_mm),
        "line_width_unit": "MM",
        "joinstyle": "round",
        "capstyle": "flat" if dash else "round",
    }
    if dash:
        lengths = ";".join(number_text(max(length, 0.001)) for length in dash)
        options |= {"use_custom_dash": "1", "customdash": lengths, "customdash_unit": "MM"}
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
