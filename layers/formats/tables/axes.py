"""Which columns hold coordinates, and which of the two points east.

In Chinese surveying X (纵坐标) points north and Y (横坐标) east; other programs have it the other way round.
Where the names X and Y alone stand there, the size of the numbers decides: northings of China have seven
digits before the point, eastings six, or eight with the zone in front.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from layers.errors import InputError
from layers.formats.tables.grid import column_letters
from layers.formats.tables.headings import JOINED_BY, Heading, TableColumn
from layers.formats.tables.options import TableChoices
from layers.words import _

_SYSTEMS = re.compile(
    r"[_\-\s(]*(wgs[_\-]?84|cgcs[_\-]?2000|2000|gcj[_\-]?0?2|bd[_\-]?0?9|80|54|xian80|beijing54)\)?$"
)
_DECORATION = re.compile(r"[\s_\-:：.()（）]|坐标|\(?(?:度|米|m|deg)\)?$")
_EAST = frozenset(
    [
        "经",
        "经度",
        "大地经度",
        "东经",
        "lon",
        "lng",
        "long",
        "longitude",
        "经度l",
        "l经度",
        "经度e",
        "中心点经度",
        "中心经度",
        "东",
        "横",
        "横y",
        "y横",
        "东y",
        "y东",
        "东向",
        "e",
        "east",
        "easting",
        "eastingy",
        "pointx",
        "xcoord",
        "centroidx",
        "centerx",
    ]
)
_NORTH = frozenset(
    [
        "纬",
        "纬度",
        "大地纬度",
        "北纬",
        "lat",
        "latitude",
        "纬度b",
        "b纬度",
        "纬度n",
        "中心点纬度",
        "中心纬度",
        "北",
        "纵",
        "纵x",
        "x纵",
        "北x",
        "x北",
        "北向",
        "n",
        "north",
        "northing",
        "northingx",
        "pointy",
        "ycoord",
        "centroidy",
        "centery",
    ]
)
_DEGREES = frozenset(name for name in _EAST | _NORTH if re.search(r"[经纬]|lon|lng|lat", name))
_NORTHINGS = (1_000_000.0, 6_500_000.0)  # 9 to 58 degrees north in metres
_EASTINGS = (100_000.0, 900_000.0)
_ZONED = (13_000_000.0, 46_000_000.0)  # with the numbers of the zones of China, 13 to 45
_LONGITUDES, _LATITUDES = (70.0, 140.0), (3.0, 56.0)


class AxisOrder(StrEnum):
    """How it became clear which column points east."""

    CHOSEN = "chosen"
    NAMED = "named"
    BY_SIZE = "by_size"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Axes:
    """The two columns of coordinates; ``order`` says how it is known which is which."""

    east: TableColumn
    north: TableColumn
    order: AxisOrder
    datum: str = ""

    def stated(self) -> dict[str, str]:
        """Return what is kept with the layer of it."""
        stated = {
            "x_column": self.east.name,
            "y_column": self.north.name,
            "coordinate_order": str(self.order),
        }
        return stated | ({"datum_in_heading": self.datum} if self.datum else {})


def find_axes(heading: Heading, choices: TableChoices) -> Axes | None:
    """Return the columns of coordinates by choice or by name; None where there are none.

    A pair named X and Y is returned with X as east and ``UNSURE``: :func:`settle` looks at the numbers.

    Raises
    ------
    InputError
        When a chosen column is not there, or only one of the two was chosen.
    """
    if choices.x_column or choices.y_column:
        if not (choices.x_column and choices.y_column):
            raise InputError(
                _("Only one column of coordinates was chosen."),
                remedy=_("Choose both: the one that points east and the one that points north."),
            )
        east = find_column(heading, choices.x_column)
        return Axes(east, find_column(heading, choices.y_column), AxisOrder.CHOSEN)
    by_key: dict[str, TableColumn] = {}
    datum: dict[str, str] = {}
    for column in heading.columns:
        key, system = _key(column.name)
        by_key.setdefault(key, column)
        datum.setdefault(key, system)
    found = _named(by_key)
    if found is not None:
        east_key, north_key = found
        return Axes(by_key[east_key], by_key[north_key], AxisOrder.NAMED, datum[east_key])
    if "x" in by_key and "y" in by_key:
        return Axes(by_key["x"], by_key["y"], AxisOrder.UNSURE, datum["x"])
    if "b" in by_key and "l" in by_key:
        return Axes(by_key["l"], by_key["b"], AxisOrder.NAMED, datum["l"])
    return None


def settle(axes: Axes, east: NDArray[np.float64], north: NDArray[np.float64]) -> Axes:
    """Return the same columns in the order that their numbers tell, where the names did not.

    Parameters
    ----------
    east, north : ndarray of float64, shape (n,)
        Numbers of ``axes.east`` and ``axes.north``; NaN where there is none.
    """
    if axes.order is not AxisOrder.UNSURE:
        return axes
    exchanged = order_by_size(east, north)
    if exchanged is None:
        return axes
    if exchanged:
        return Axes(axes.north, axes.east, AxisOrder.BY_SIZE, axes.datum)
    return Axes(axes.east, axes.north, AxisOrder.BY_SIZE, axes.datum)


def order_by_size(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool | None:
    """Tell by the numbers whether the first of two is the north coordinate; None where they do not tell."""
    there = ~(np.isnan(first) | np.isnan(second))
    if not there.any():
        return None
    one, two = first[there], second[there]
    as_written = _is_east_north(one, two)
    exchanged = _is_east_north(two, one)
    return None if as_written == exchanged else exchanged


def find_column(heading: Heading, wanted: str) -> TableColumn:
    """Return a column by its name or its letter.

    Raises
    ------
    InputError
        When there is none.
    """
    for column in heading.columns:
        if wanted in (column.name, column.heading):
            return column
    for column in heading.columns:
        if column_letters(column.position) == wanted.strip().upper():
            return column
    raise InputError(
        _("The file has no column “{name}”.").format(name=wanted),
        remedy=_("Its columns: {names}").format(
            names="、".join(column.name for column in heading.columns) or "-"
        ),
    )


def _named(by_key: dict[str, TableColumn]) -> tuple[str, str] | None:
    """Return the first pair whose names say the direction; degrees before plane coordinates.

    A single sign (n, e, 东) may stand for anything else, such as a count: it comes after whole words, and
    first with one like it.
    """
    words = [key for key in by_key if len(key) > 1]
    signs = [key for key in by_key if len(key) == 1]
    for names in (words, signs, list(by_key)):
        for degrees in (True, False):
            east = next((key for key in names if key in _EAST and (key in _DEGREES) == degrees), None)
            north = next((key for key in names if key in _NORTH and (key in _DEGREES) == degrees), None)
            if east is not None and north is not None:
                return east, north
    return None


def _key(name: str) -> tuple[str, str]:
    plain = unicodedata.normalize("NFKC", name.rsplit(JOINED_BY, 1)[-1]).casefold().strip()
    system = _SYSTEMS.search(plain)
    if system is not None:
        plain = plain[: system.start()]
    return _DECORATION.sub("", plain), system.group(1) if system else ""


def _is_east_north(east: NDArray[np.float64], north: NDArray[np.float64]) -> bool:
    plane = _within(north, _NORTHINGS) and any(_within(east, range_) for range_ in (_EASTINGS, _ZONED))
    mercator = _within(north, _NORTHINGS) and _within(east, (7_500_000.0, 15_600_000.0))
    return plane or mercator or (_within(east, _LONGITUDES) and _within(north, _LATITUDES))


def _within(values: NDArray[np.float64], bounds: Sequence[float]) -> bool:
    # a few slips do not change what the column is
    inside = (values >= bounds[0]) & (values <= bounds[1])
    return bool(inside.mean() > 0.9)
