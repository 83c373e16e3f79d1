"""What may be chosen about the reading of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from layers.errors import InputError
from layers.words import _

_ROWS = re.compile(r"(\d{1,7})(?:\s*[-–~]\s*(\d{1,7}))?")
_NO_HEADER = ("0", "none")
GEOMETRIES = ("points", "vertices", "none")
KNOWN = (
    "header_rows",
    "first_row",
    "geometry",
    "x_column",
    "y_column",
    "group_column",
    "order_column",
    "ring_column",
)


@dataclass(frozen=True)
class TableChoices:
    """The choices of a table's reader; what was not said is None or empty.

    Attributes
    ----------
    header_rows : tuple of int or None
        Rows of the heading from 0; empty for a table without one. Said as ``3-4``, ``3``, ``none``.
    first_row : int or None
        The first row of data from 0; said as the sheet numbers it.
    geometry : str
        ``points`` (a pair of columns), ``vertices`` (a row for each corner of a polygon) or ``none``.
    x_column, y_column : str
        Columns of the east and of the north coordinate, by name or by letter.
    group_column, order_column, ring_column : str
        For ``vertices``: what tells the polygons, the corners' order and the rings apart.
    """

    header_rows: tuple[int, ...] | None = None
    first_row: int | None = None
    geometry: str = ""
    x_column: str = ""
    y_column: str = ""
    group_column: str = ""
    order_column: str = ""
    ring_column: str = ""


def table_choices(given: Mapping[str, str]) -> TableChoices:
    """Return the choices that were given as texts.

    Raises
    ------
    InputError
        For a choice that is not known, or a text that does not say it.
    """
    for name in given:
        if name not in KNOWN:
            raise InputError(
                _("Tables have no choice “{name}”.").format(name=name),
                remedy=_("Known: {names}").format(names="、".join(KNOWN)),
            )
    geometry = given.get("geometry", "")
    if geometry and geometry not in GEOMETRIES:
        raise _not_so("geometry", geometry, "、".join(GEOMETRIES))
    return TableChoices(
        header_rows=_header(given.get("header_rows", "")),
        first_row=_row(given.get("first_row", "")),
        geometry=geometry,
        **{name: given.get(name, "") for name in KNOWN if name.endswith("_column")},
    )


def _header(text: str) -> tuple[int, ...] | None:
    if not text.strip():
        return None
    if text.strip().lower() in _NO_HEADER:
        return ()
    found = _ROWS.fullmatch(text.strip())
    if found is None:
        raise _not_so("header_rows", text, "3、3-4、none")
    first = int(found.group(1))
    last = int(found.group(2) or first)
    if not 1 <= first <= last < first + 20:
        raise _not_so("header_rows", text, "3、3-4、none")
    return tuple(range(first - 1, last))


def _row(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or int(text) < 1:
        raise _not_so("first_row", text, "5")
    return int(text) - 1


def _not_so(name: str, text: str, example: str) -> InputError:
    return InputError(
        _("“{text}” does not say “{name}”.").format(text=text, name=name),
        remedy=_("Say for instance: {example}").format(example=example),
    )
