"""Styles for printing without colour: greys, and hatches where greys would not tell classes apart."""

from __future__ import annotations

from itertools import product

from layers.style.model import Hatch, Style, Symbol

_INK = "#202020"
# Greys that paper tells apart, none so dark that black hatches and words drown in it.
_GREYS = ("#FFFFFF", "#C8C8C8", "#969696", "#E6E6E6", "#AFAFAF")
_HATCHES: tuple[tuple[Hatch | None, float], ...] = (
    (None, 1.5),
    (Hatch.FORWARD, 1.2),
    (Hatch.BACKWARD, 1.2),
    (Hatch.CROSS, 1.6),
    (Hatch.DIAGONAL_CROSS, 1.8),
    (Hatch.FORWARD, 2.6),
    (Hatch.BACKWARD, 2.6),
    (Hatch.CROSS, 3.2),
    (Hatch.DIAGONAL_CROSS, 3.6),
)
# by column of the table, so that neighbours in a legend differ by hatch and by grey
_LOOKS = tuple((grey, hatch) for hatch, grey in product(_HATCHES, _GREYS))


def monochrome(style: Style) -> Style:
    """Return a style in black, white and grey.

    Areas: each different fill of the classes gets a grey and a hatch of its own, in the order of the rules
    (45 before they repeat); classes of one look keep one look. Ranges of numbers get greys from light to dark
    instead. A fill that lets the ground through keeps doing so, and own hatches stay, in black. Lines become
    black or grey by their lightness and keep their dashes; points keep their shapes; words become black.
    """
    looks = _ramp(style) if style.numeric else _apart(style) if style.rules else {}
    changed = style.with_symbols(lambda symbol: _without_color(symbol, looks))
    if style.label is None:
        return changed
    halo = "#FFFFFF" if style.label.halo else None
    return changed.model_copy(
        update={"label": style.label.model_copy(update={"color": "#000000", "halo": halo})}
    )


_Looks = dict[Symbol, tuple[str, Hatch | None, float]]


def _filled(symbol: Symbol) -> bool:
    return symbol.fill is not None and symbol.fill_opacity > 0


def _apart(style: Style) -> _Looks:
    """Return a grey and a hatch for each different look of the classes."""
    found: _Looks = {}
    seen: dict[tuple[object, ...], int] = {}
    for symbol in (*(rule.symbol for rule in style.rules), *style.all_symbols()):
        if not _filled(symbol):
            continue
        number = seen.setdefault((symbol.fill, symbol.hatch, symbol.hatch_color), len(seen))
        grey, (hatch, spacing) = _LOOKS[number % len(_LOOKS)]
        found[symbol] = (grey, hatch, spacing)
    return found


def _ramp(style: Style) -> _Looks:
    """Return greys from light to dark in the order of the ranges."""
    fills = [rule.symbol for rule in style.rules if _filled(rule.symbol)]
    last = max(len(fills) - 1, 1)
    found: _Looks = {}
    for place, symbol in enumerate(fills):
        level = round(0xF2 + (0x40 - 0xF2) * place / last)
        found[symbol] = (f"#{level:02X}{level:02X}{level:02X}", None, symbol.hatch_spacing_mm)
    return found


def _without_color(symbol: Symbol, looks: _Looks) -> Symbol:
    fill, hatch, spacing = looks.get(symbol, (_grey(symbol.fill), symbol.hatch, symbol.hatch_spacing_mm))
    if symbol.hatch is not None:
        hatch, spacing = symbol.hatch, symbol.hatch_spacing_mm
    return symbol.model_copy(
        update={
            "fill": fill if symbol.fill is not None else None,
            "hatch": hatch,
            "hatch_spacing_mm": spacing,
            "hatch_color": _INK,
            "stroke": _ink(symbol.stroke),
        }
    )


def _lightness(color: str) -> float:
    """Return the share of light a colour has to the eye (luma of ITU-R BT.601), 0 to 1."""
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def _grey(color: str | None) -> str | None:
    if color is None:
        return None
    level = round(255 * _lightness(color))
    return f"#{level:02X}{level:02X}{level:02X}"


def _ink(color: str | None) -> str | None:
    """Return white for what is drawn in white, grey for light lines, black for all others."""
    if color is None:
        return None
    light = _lightness(color)
    return "#FFFFFF" if light > 0.95 else "#707070" if light > 0.4 else _INK
