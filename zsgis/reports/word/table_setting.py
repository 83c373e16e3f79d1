"""How a table is set in Word: its font, the distance of its lines, the look and the words of its cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from layers.words import _
from zsgis.result import Column, NotDerivable

FONT, WESTERN = "宋体", "Times New Roman"
COORDINATES = frozenset({"x", "y"})
"""Keys of columns whose figures are coordinates."""

MARGIN_MM = 1.0
"""Between a cell's edges and its text."""
_HALF_POINTS = 18
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class CellLook:
    """What sets a cell apart: a sign behind its text, a ground, whether it stands back."""

    sign: str = ""
    fill: str = ""
    stale: bool = False
    right: bool = False


PLAIN = CellLook()


def _plain(_row: int, _column: Column) -> CellLook:
    return PLAIN


@dataclass(frozen=True)
class TableSetting:
    """How a table is set.

    Attributes
    ----------
    pitch_pt : float
        Distance of lines; 0 leaves it to the font. With a distance each row states its height.
    look : callable
        The look of a cell, by the place of its row and its column.
    """

    font: str = FONT
    half_points: int = _HALF_POINTS
    pitch_pt: float = 0.0
    look: Callable[[int, Column], CellLook] = _plain


DEFAULT = TableSetting()


def clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def shown(value: object, column: Column) -> str:
    """Return a value as it is printed; coordinates without signs between their thousands."""
    if value is None:
        return ""
    if isinstance(value, NotDerivable):
        return _("not derivable")
    if isinstance(value, (int, float)):
        plain = column.key in COORDINATES
        return f"{value:{'' if plain else ','}.{column.digits or 0}f}"
    return str(value)
