"""Places of the map that somebody gave a name to; kept in the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyproj
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

SETTING = "map.bookmarks"
"""The project setting that holds them."""

_MOST = 1000


class Bookmark(BaseModel):
    """A named place.

    Attributes
    ----------
    x, y : float
        The middle, east and north in ``crs``.
    across, up : float
        How much was seen, in the unit of ``crs``.
    crs : str
        The map's coordinate system then: an authority's code, or WKT.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    uid: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=200)
    x: float
    y: float
    across: float = Field(gt=0)
    up: float = Field(gt=0)
    crs: str = Field(max_length=20_000)


@dataclass(frozen=True)
class Place:
    """What to look at: the middle and how much is seen, in the map's coordinate system."""

    x: float
    y: float
    across: float
    up: float


Bookmarks = tuple[Bookmark, ...]
_LIST: TypeAdapter[list[Any]] = TypeAdapter(list[Any])


def read_bookmarks(stored: object) -> Bookmarks:
    """Return the bookmarks of a setting; what is no bookmark is passed over."""
    try:
        entries = _LIST.validate_python(stored)
    except ValidationError:
        return ()
    found: dict[str, Bookmark] = {}
    for entry in entries[:_MOST]:
        try:
            mark = Bookmark.model_validate(entry)
        except ValidationError:
            continue
        found.setdefault(mark.uid, mark)
    return tuple(found.values())


def write_bookmarks(bookmarks: Bookmarks) -> list[dict[str, Any]]:
    """Return bookmarks as what JSON can hold."""
    return [mark.model_dump(mode="json") for mark in bookmarks]


def with_bookmark(bookmarks: Bookmarks, mark: Bookmark) -> Bookmarks:
    """Return bookmarks with one more, or one of them changed."""
    if any(known.uid == mark.uid for known in bookmarks):
        return tuple(mark if known.uid == mark.uid else known for known in bookmarks)
    return (*bookmarks, mark)


def without_bookmark(bookmarks: Bookmarks, uid: str) -> Bookmarks:
    """Return bookmarks without one."""
    return tuple(mark for mark in bookmarks if mark.uid != uid)


def place_of(mark: Bookmark, crs: pyproj.CRS) -> Place:
    """Return where a bookmark lies on a map.

    Raises
    ------
    CrsError
        When its coordinate system cannot be brought to the map's.
    """
    from layers.crs import metres_per_unit, parse_crs, transform_points

    own = parse_crs(mark.crs)
    if own.equals(crs, ignore_axis_order=True):
        return Place(mark.x, mark.y, mark.across, mark.up)
    x, y = transform_points([mark.x], [mark.y], own, crs)
    unit = metres_per_unit(own) / metres_per_unit(crs)
    return Place(float(x[0]), float(y[0]), mark.across * unit, mark.up * unit)
