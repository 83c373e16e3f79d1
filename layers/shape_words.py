"""What GEOS says of shapes, in the user's words."""

from __future__ import annotations

import re
from typing import Any

from layers.words import N_, _

_TYPES = {
    "Point": N_("point"),
    "LineString": N_("line"),
    "LinearRing": N_("line"),
}
_FAULTS = {
    "Self-intersection": N_("self-intersection"),
    "Ring Self-intersection": N_("a ring that crosses or touches itself"),
    "Hole lies outside shell": N_("a hole outside its polygon"),
    "Holes are nested": N_("a hole inside a hole"),
    "Interior is disconnected": N_("an interior in several pieces"),
    "Nested shells": N_("a part inside another part"),
    "Duplicate Rings": N_("the same ring twice"),
    "Too few points in geometry component": N_("too few points"),
    "Ring is not closed": N_("a ring that is not closed"),
    "Invalid Coordinate": N_("invalid coordinate"),
}
_PLACED = re.compile(r"^(?P<fault>.*?)\[(?P<x>\S+) (?P<y>\S+)[^\]]*\]$")


def type_words(shape: Any) -> str:
    """Return what a shape that is no area is: point, line, mixed."""
    return _(_TYPES.get(shape.geom_type.removeprefix("Multi"), N_("mixed")))


def fault(reason: str) -> str:
    """Return what is wrong with a shape, without the place, in the words of GEOS."""
    return reason.split("[", 1)[0].strip()


def fault_words(reason: str) -> str:
    """Return what is wrong with a shape and where, from the words of ``shapely.is_valid_reason``."""
    kind = fault(reason)
    words = _(_FAULTS[kind]) if kind in _FAULTS else kind
    placed = _PLACED.match(reason)
    if placed is None:
        return words
    return _("{fault} at east {x}, north {y}").format(fault=words, x=placed["x"], y=placed["y"])
