"""Coordinates written into cells: decimal numbers, degrees with minutes and seconds, whole outlines, WKT."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import shapely

from layers.formats.tables.axes import order_by_size
from layers.formats.tables.numbers import number_of
from layers.formats.tables.rings import polygon_of_rings

_ANGLE = re.compile(
    r"(?P<before>[NSEW北南东西])?(?:经|纬)?\s*(?P<sign>-)?(?P<d>\d{1,3})\s*[°度]\s*"
    r"(?:(?P<m>\d{1,2}(?:\.\d+)?)\s*['分]\s*)?(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:\"|''|秒)?\s*)?(?P<after>[NSEW北南东西])?",
    re.IGNORECASE,
)
_SIGNS = str.maketrans(
    {"′": "'", "’": "'", "‘": "'", "″": '"', "”": '"', "“": '"', "º": "°", "˚": "°", "：": ":"}
)
_WKT = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\b", re.IGNORECASE
)
_PAIR = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*[,\s]\s*([+-]?\d+(?:\.\d+)?)")
_BETWEEN_PAIRS = re.compile(r"\s*[;|\n]\s*")
_BETWEEN_RINGS = re.compile(r"[#*@]+|\n\s*\n")
_LONGEST_ANGLE = 60
_MOST_NESTED = 20  # collections within collections are read by recursion


def coordinate_of(text: str) -> float | None:
    """Return the number of one coordinate: decimal, or degrees with minutes and seconds (22°31′12″N)."""
    number = number_of(text)
    if number is not None:
        return float(number)
    if len(text) > _LONGEST_ANGLE:
        return None
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS).strip()
    found = _ANGLE.fullmatch(plain)
    if found is None:
        return None
    minutes, seconds = float(found["m"] or 0.0), float(found["s"] or 0.0)
    if minutes >= 60 or seconds >= 60 or (found["s"] and not found["m"]):
        return None
    value = int(found["d"]) + minutes / 60 + seconds / 3600
    side = (found["before"] or found["after"] or "").upper()
    return -value if found["sign"] or side in ("S", "W", "南", "西") else value


def looks_like_outline(text: str) -> bool:
    """Tell whether a cell holds WKT or several pairs of coordinates."""
    return _WKT.match(text) is not None or len(_PAIR.findall(text[:400])) >= 2


def outline_of(text: str) -> tuple[shapely.Geometry | None, bool]:
    """Return the shape that a cell describes, None where it is none; and whether its order is sure.

    WKT is x, y. Pairs ``x,y x,y`` or ``x,y;x,y`` are put in the order that their size tells, else as they
    stand; three and more are the corners of a polygon, two a line. Rings are parted by ``#``, ``*``, ``@``
    or a blank line.
    """
    if _WKT.match(text):
        plain = re.sub(r"^\s*SRID=\d+;", "", text, flags=re.IGNORECASE)
        if plain.upper().count("COLLECTION") > _MOST_NESTED:
            return None, True
        return shapely.from_wkt(plain, on_invalid="ignore"), True
    plain = unicodedata.normalize("NFKC", text).replace("、", ";").strip()
    rings = [ring for part in _BETWEEN_RINGS.split(plain) if (ring := _pairs(part)) is not None]
    if not rings or any(not _BETWEEN_RINGS.fullmatch(rest) for rest in _leftovers(plain) if rest.strip()):
        return None, False
    everything = np.vstack(rings)
    exchanged = order_by_size(everything[:, 0], everything[:, 1])
    if exchanged:
        rings = [ring[:, ::-1] for ring in rings]
    return _shape(rings), exchanged is not None


def _shape(rings: list[np.ndarray]) -> shapely.Geometry | None:
    first = rings[0]
    if len(rings) == 1 and len(first) == 1:
        return shapely.Point(first[0])
    if len(rings) == 1 and len(first) == 2:
        return shapely.LineString(first)
    return polygon_of_rings(rings)


def _pairs(part: str) -> np.ndarray | None:
    found = _PAIR.findall(part)
    return np.array(found, dtype=np.float64) if found else None


def _leftovers(text: str) -> list[str]:
    """Return what a text holds besides pairs of numbers and the signs between them."""
    rest = _PAIR.sub("", text)
    return [piece for piece in re.split(r"[\s,;|()\[\]]+", rest) if piece]
