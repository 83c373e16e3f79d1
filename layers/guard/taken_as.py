"""What coordinates are taken as, in one line of text.

    4547                        an EPSG code, or anything else that names a system (EPSG:4547, WKT)
    gk:114.5                    Gauss-Krüger on CGCS2000 about a meridian of one's own
    gk:114.5:700000             the same with a false easting of 700,000 m
    gk:114.5:500000:xian80      the same on Xi'an 1980 (or beijing54)
    utm49                       UTM on WGS 84, northern half
    gcj02, bd09                 degrees of a consumer map; 3857+gcj02: its shift in another system
    4547+swapped                north stands where east belongs
    4547+mm                     millimetres (cm, km)
    4547+offset:400000:2400000  so much is missing in the eastings and northings
    2383+with:NAME              Xi'an 1980 by the user's own parameters of that name

Several additions may follow each other.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

import pyproj

from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs
from layers.datums import (
    Datum,
    central_meridian,
    datum_of,
    describe_crs,
    false_easting,
    is_transverse_mercator,
    same_numbers,
)
from layers.errors import CrsError
from layers.guard.model import Shift
from layers.map_systems import gauss_kruger
from layers.words import _

METRES = {"m": 1.0, "mm": 0.001, "cm": 0.01, "km": 1000.0}
"""Metres per unit."""

_MOST_CHARACTERS = 20_000
_ADDITION = re.compile(
    r"\+(?P<word>swapped|gcj02|bd09|mm|cm|km|m|offset:[^:+]+:[^:+]+|with:[^+]+)$", re.IGNORECASE
)
_UTM = re.compile(r"utm[ _-]?(\d{1,2})n?", re.IGNORECASE)
_DATUMS = {Datum.CGCS2000: 4490, Datum.XIAN80: 4610, Datum.BEIJING54: 4214}
_FARTHEST_M = 1e8


@dataclass(frozen=True)
class TakenAs:
    """What coordinates are taken as.

    Attributes
    ----------
    crs : pyproj.CRS
        The system they stand in once everything else is undone.
    swapped : bool
        The first number is north.
    shift : Shift
        Consumer map's shift to take off.
    unit : str
        ``m``, ``mm``, ``cm`` or ``km``; of no meaning for degrees.
    offset : tuple of float
        Metres to add to east and north.
    parameters : str
        Name of the user's own datum parameters; empty for none.
    """

    crs: pyproj.CRS
    swapped: bool = False
    shift: Shift = Shift.NONE
    unit: str = "m"
    offset: tuple[float, float] = (0.0, 0.0)
    parameters: str = ""

    @property
    def text(self) -> str:
        """The one line that :func:`parse_taken_as` reads back."""
        shifted = self.shift is not Shift.NONE
        bare = shifted and self.crs.equals(parse_crs(GEOGRAPHIC_CGCS2000), ignore_axis_order=True)
        parts = [str(self.shift) if bare else crs_text(self.crs)]
        if shifted and not bare:
            parts.append(str(self.shift))
        if self.swapped:
            parts.append("swapped")
        if self.unit != "m":
            parts.append(self.unit)
        if self.offset != (0.0, 0.0):
            parts.append(f"offset:{self.offset[0]:.15g}:{self.offset[1]:.15g}")
        if self.parameters:
            parts.append(f"with:{self.parameters}")
        return "+".join(parts)


def parse_taken_as(text: str) -> TakenAs:
    """Read what coordinates are to be taken as; the grammar stands at the top of this module.

    Raises
    ------
    CrsError
        When the text is not understood; the sentence says which part.
    """
    rest = unicodedata.normalize("NFKC", text).strip()
    if len(rest) > _MOST_CHARACTERS:
        raise _not_understood(rest[:40] + "…")
    said = _Said()
    while found := _ADDITION.search(rest):
        said.add(found["word"])
        rest = rest[: found.start()].rstrip()
    crs, shift = _base(rest)
    if crs.is_geographic and (said.unit != "m" or said.offset != (0.0, 0.0)):
        raise CrsError(
            _("“{text}”: degrees have no metres to change.").format(text=text[:80]),
            remedy=_("Leave out what follows the plus sign."),
        )
    return TakenAs(crs, said.swapped, said.shift or shift, said.unit, said.offset, said.parameters)


@dataclass
class _Said:
    """The additions, gathered from the last to the first."""

    swapped: bool = False
    shift: Shift | None = None
    unit: str = "m"
    offset: tuple[float, float] = (0.0, 0.0)
    parameters: str = ""

    def add(self, word: str) -> None:
        key, _colon, rest = word.partition(":")
        key = key.lower()
        if key == "swapped":
            self.swapped = True
        elif key in METRES:
            self.unit = key
        elif key == "offset":
            east, _colon, north = rest.partition(":")
            self.offset = (_number(east), _number(north))
        elif key == "with":
            self.parameters = rest.strip()
        else:
            self.shift = Shift(key)


def _base(text: str) -> tuple[pyproj.CRS, Shift]:
    plain = text.lower()
    if plain in (Shift.GCJ02, Shift.BD09):
        return parse_crs(GEOGRAPHIC_CGCS2000), Shift(plain)
    if plain.startswith("gk:"):
        return _local(plain.split(":")[1:], text), Shift.NONE
    utm = _UTM.fullmatch(plain)
    if utm is not None and 1 <= int(utm[1]) <= 60:
        return parse_crs(32600 + int(utm[1])), Shift.NONE
    try:
        return parse_crs(text), Shift.NONE
    except CrsError as error:
        raise _not_understood(text) from error


def _local(parts: list[str], text: str) -> pyproj.CRS:
    if not 1 <= len(parts) <= 3:
        raise _not_understood(text)
    easting = _number(parts[1]) if len(parts) > 1 else 500_000.0
    datum = parts[2] if len(parts) > 2 else str(Datum.CGCS2000)
    if datum not in {str(each) for each in _DATUMS}:
        raise _not_understood(text)
    return local_system(_number(parts[0]), easting, Datum(datum))


def local_system(meridian: float, easting: float = 500_000.0, datum: Datum = Datum.CGCS2000) -> pyproj.CRS:
    """Return Gauss-Krüger about a meridian of one's own, without zone number.

    Parameters
    ----------
    meridian : float
        Degrees east, 60 to 150.
    easting : float
        False easting, metres, 0 to 1,000,000.

    Raises
    ------
    CrsError
        When a number is out of its range.
    """
    crs = gauss_kruger(meridian, false_easting=easting)
    if datum is Datum.CGCS2000:
        return crs
    other = pyproj.CRS.from_epsg(_DATUMS[datum])
    operation = pyproj.crs.coordinate_operation.TransverseMercatorConversion(
        longitude_natural_origin=meridian, false_easting=easting
    )
    name = f"{other.name} / Gauss-Kruger CM {meridian:.10g}E"
    return parse_crs(pyproj.crs.ProjectedCRS(operation, name=name, geodetic_crs=other).to_wkt())


def crs_text(crs: pyproj.CRS) -> str:
    """Return a system as text that :func:`parse_taken_as` reads: EPSG code, ``gk:``, or WKT."""
    named = crs.to_json_dict().get("id", {})
    if named.get("authority") == "EPSG":
        return str(named["code"])
    meridian, easting, datum = central_meridian(crs), false_easting(crs), datum_of(crs)
    if datum in _DATUMS and meridian is not None and easting is not None and is_transverse_mercator(crs):
        own = "" if datum is Datum.CGCS2000 else f":{datum}"
        plain = f"gk:{meridian:.15g}:{easting:.15g}{own}"
        usual = 0 <= easting < 1_000_000 and 60 <= meridian <= 150
        if usual and same_numbers(_base(plain)[0], crs):
            return plain
    return str(crs.to_wkt())


def describe(taken_as: TakenAs) -> str:
    """Return what coordinates are taken as in the user's language."""
    words = [describe_crs(taken_as.crs)]
    if taken_as.shift is not Shift.NONE:
        words.append(_("with the shift of {name} taken off").format(name=shift_name(taken_as.shift)))
    if taken_as.swapped:
        words.append(_("X and Y exchanged"))
    if taken_as.unit != "m":
        words.append(_("in {unit}").format(unit=taken_as.unit))
    if taken_as.offset != (0.0, 0.0):
        east, north = taken_as.offset
        words.append(
            _("{east:,.0f} m added to the eastings, {north:,.0f} m to the northings").format(
                east=east, north=north
            )
        )
    if taken_as.parameters:
        words.append(_("by the parameters “{name}”").format(name=taken_as.parameters))
    return _(", ").join(words)


def shift_name(shift: Shift) -> str:
    """Return what the consumer map's degrees are called."""
    return {Shift.GCJ02: "GCJ-02", Shift.BD09: "BD-09"}.get(shift, "")


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > _FARTHEST_M:
        raise CrsError(
            _("“{text}” is no number for a coordinate system.").format(text=text[:40]),
            remedy=_("Write it like gk:114.5:500000 or 4547+offset:400000:2400000."),
        )
    return value


def _not_understood(text: str) -> CrsError:
    return CrsError(
        _("“{text}” does not say what the coordinates are.").format(text=text[:80]),
        remedy=_("Write an EPSG code, gk:114.5, utm49, gcj02 or bd09; +swapped where X and Y are exchanged."),
    )
