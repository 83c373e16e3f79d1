"""Which coordinate system a header states, taken only where the figures agree with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.datums import Datum
from layers.findings import Severity
from layers.formats.boundary_txt.document import Block
from layers.formats.boundary_txt.notes import LineNote
from layers.formats.boundary_txt.parser import plain_text
from layers.words import _

# Of each datum: EPSG codes of the first zone with the zone number before the easting and without, by width.
ZONE_CODES = {
    Datum.CGCS2000: {3: (4513, 4534), 6: (4491, 4502)},
    Datum.XIAN80: {3: (2349, 2370), 6: (2327, 2338)},
    Datum.BEIJING54: {3: (2401, 2422), 6: (21413, 21453)},
}
ZONES = {3: range(25, 46), 6: range(13, 24)}
PREFIX = 1_000_000.0
FALSE_EASTING = 500_000.0
# Half a zone at the equator (167 km, 334 km) and a little, as data of a county may reach over the edge.
_MOST_FROM_MERIDIAN = {3: 185_000.0, 6: 345_000.0}
# China from its southern islands to the Heilongjiang.
NORTHINGS = (300_000.0, 6_000_000.0)
EASTINGS = (150_000.0, 850_000.0)
MAINLAND_NORTHINGS = (1_900_000.0, 6_000_000.0)
LONGITUDES, LATITUDES = (73.0, 136.0), (3.0, 54.0)
_LOCAL = ("地方", "城市", "独立", "假定", "任意", "工程")
_DATUMS = (("2000", Datum.CGCS2000), ("80", Datum.XIAN80), ("54", Datum.BEIJING54))
_NOT_GIVEN = re.compile(r"[\s,0.]*")

Figures = NDArray[np.float64]


@dataclass(frozen=True)
class StatedSystem:
    """What a header says of its coordinate system.

    Attributes
    ----------
    datum : Datum or None
        None where the header names none, a local one, or one that is not known.
    width, zone : int or None
        几度分带 and 带号.
    plain : bool
        Projection and unit are Gauss-Krüger and metres, or not named.
    """

    datum: Datum | None
    width: int | None
    zone: int | None
    plain: bool


def stated_system(block: Block) -> StatedSystem:
    """Return what a block's header says."""
    projection = plain_text(block.value("投影类型"))
    unit = plain_text(block.value("计量单位")).lower()
    return StatedSystem(
        datum=_datum(plain_text(block.value("坐标系"))),
        width=_whole(block.value("几度分带").replace("三", "3").replace("六", "6")),
        zone=_whole(block.value("带号")),
        plain=(not projection or "高斯" in projection or "gauss" in projection.lower())
        and unit in ("", "米", "m", "metre", "meter", "meters"),
    )


def _datum(text: str) -> Datum | None:
    if any(word in text for word in _LOCAL):
        return None
    return next((datum for sign, datum in _DATUMS if sign in text), None)


def _whole(text: str) -> int | None:
    found = re.search(r"[0-9]{1,3}", plain_text(text))
    return int(found.group()) if found else None


def coordinate_system(
    block: Block, east: Figures, north: Figures
) -> tuple[pyproj.CRS | None, list[LineNote]]:
    """Return the coordinate system, and what speaks against the one that the header states.

    Parameters
    ----------
    block : Block
        The header.
    east, north : ndarray of float64, shape (n,)
        All points of its plots, after a change of order that is certain.

    Returns
    -------
    pyproj.CRS or None
        Gauss-Krüger on CGCS2000, Xian 1980 or Beijing 1954, with the zone number before the easting or
        without, by the figures; None where the header does not say enough or the figures contradict it.
    """
    stated = stated_system(block)
    notes = _parameters(block)
    prefixes = np.unique(np.floor(east / PREFIX)).astype(int).tolist() if len(east) else []
    if len(prefixes) > 1:
        zones = "、".join(str(zone) for zone in prefixes[:5])
        return None, [
            *notes,
            _contradiction(_("Y begins with different zones: {zones}.").format(zones=zones)),
        ]
    if not prefixes or not stated.plain:
        return None, notes
    prefix = prefixes[0]
    zone = prefix or stated.zone
    if prefix and stated.zone is not None and stated.zone != prefix:
        text = _("The header says zone {stated}, but Y begins with {prefix}.")
        return None, [*notes, _contradiction(text.format(stated=stated.zone, prefix=prefix))]
    width = next((wide for wide, zones in ZONES.items() if zone in zones), None)
    if zone is None or width is None:
        return None, notes
    if stated.width not in (None, width):
        text = _("The header says {stated}-degree zones, but zone {zone} is a {width}-degree zone.")
        return None, [*notes, _contradiction(text.format(stated=stated.width, zone=zone, width=width))]
    return _checked(stated.datum, width, zone, bool(prefix), (east - prefix * PREFIX, north), notes)


def _checked(
    datum: Datum | None,
    width: int,
    zone: int,
    prefixed: bool,
    places: tuple[Figures, Figures],
    notes: Sequence[LineNote],
) -> tuple[pyproj.CRS | None, list[LineNote]]:
    """Return the system where the points lie in its zone."""
    east, north = places
    farthest = float(np.abs(east - FALSE_EASTING).max())
    if farthest > _MOST_FROM_MERIDIAN[width] or north.min() < NORTHINGS[0] or north.max() > NORTHINGS[1]:
        text = _("Points lie outside zone {zone}, up to {kilometres} km from its meridian.")
        words = text.format(zone=zone, kilometres=f"{farthest / 1000:.0f}")
        return None, [*notes, _contradiction(words)]
    if datum is None:
        return None, list(notes)
    return zone_crs(datum, width, zone, prefixed), list(notes)


def zone_crs(datum: Datum, width: int, zone: int, prefixed: bool) -> pyproj.CRS:
    """Return EPSG's system of a zone."""
    with_number, without = ZONE_CODES[datum][width]
    return pyproj.CRS.from_epsg((with_number if prefixed else without) + zone - ZONES[width].start)


def _parameters(block: Block) -> list[LineNote]:
    given = block.value("转换参数")
    if _NOT_GIVEN.fullmatch(plain_text(given)):
        return []
    text = _("The header gives conversion parameters ({parameters}); they were not applied.")
    return [LineNote("boundary_txt.parameters", Severity.WARNING, text.format(parameters=given[:80]))]


def _contradiction(text: str) -> LineNote:
    return LineNote("boundary_txt.system", Severity.WARNING, text)


def is_exchanged(first: Figures, second: Figures) -> bool:
    """Tell whether a plot's figures stand as east, north: only where no other reading lies in China.

    Parameters
    ----------
    first, second : ndarray of float64, shape (n,)
        The third and fourth figure of a plot's rows; by the format's rule north and east.
    """
    if not len(first):
        return False
    if _within(second, LATITUDES) and _within(first, LONGITUDES):
        return True
    if not _within(second, MAINLAND_NORTHINGS):
        return False
    zone = first // PREFIX
    # an easting without its zone would be a northing south of 8°, beside an easting in zone 1 to 5
    known = (zone == 0) | np.isin(zone, [*ZONES[3], *ZONES[6]])
    return bool(known.all()) and _within(first - zone * PREFIX, EASTINGS)


def _within(figures: Figures, limits: tuple[float, float]) -> bool:
    return bool((figures >= limits[0]).all() and (figures <= limits[1]).all())
