"""Classes as they stand in a file: no standard, only the values met."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Mapping

from layers.classification.model import LandClass, Standard
from layers.words import _

_CALM = (
    "#8DB6CD", "#E8C07D", "#A9C77F", "#D99A8B", "#B6A6CA", "#D8D2A8",
    "#7FA7A0", "#C98BA3", "#9FB3D9", "#C2A383", "#BFD8B8", "#A3A3A3",
)  # fmt: skip


def custom_standard(codes: Iterable[str], names: Mapping[str, str] | None = None) -> Standard:
    """Return a standard made of the values met in a file, in natural order (2 before 10).

    Parameters
    ----------
    codes : iterable of str
        Class values; doubles and empty ones are left out.
    names : mapping, optional
        A value's name; without one the value names itself.

    Returns
    -------
    Standard
        Key ``custom``. Nothing can be derived from it, and colours follow the order of the values.
    """
    ordered = sorted({str(code) for code in codes if str(code)}, key=_natural)
    named = names or {}
    classes = {
        code: LandClass(code=code, level=1, parent="", name=named.get(code, code), color=_color(place))
        for place, code in enumerate(ordered)
    }
    title = _("Classes as they stand in the file")
    return Standard(key="custom", title=title, version="", source="", classes=classes, short_title=title)


def _natural(code: str) -> tuple[tuple[int, int, str], ...]:
    pieces = re.findall(r"[0-9]+|[^0-9]+", code)
    return tuple((0, int(piece), "") if piece[0].isdigit() else (1, 0, piece) for piece in pieces)


def _color(place: int) -> str:
    if place < len(_CALM):
        return _CALM[place]
    # Steps of the golden angle never come back to a hue already used.
    red, green, blue = colorsys.hls_to_rgb((place * 0.381966) % 1.0, 0.68, 0.38)
    return f"#{round(red * 255):02X}{round(green * 255):02X}{round(blue * 255):02X}"
