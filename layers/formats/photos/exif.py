"""What a camera wrote into a JPEG's header (EXIF 2.32); the picture itself is never unpacked."""

from __future__ import annotations

import math
import re
import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

_EXIF, _GPS = 0x8769, 0x8825
_ORIENTATION = 274
_TAKEN, _OFFSET = 36867, 36881
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_ALTITUDE_REF, _ALTITUDE, _TIME = 5, 6, 7
_DIRECTION_REF, _DIRECTION, _DATUM, _DATE, _ACCURACY = 16, 17, 18, 29, 31
# as cameras write them, and as programs do
_STAMP = re.compile(r"^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_SHIFT = re.compile(r"^[+-]\d\d:\d\d$")
# whatever Pillow meets in a damaged header
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    struct.error,
)


@dataclass(frozen=True)
class PhotoFacts:
    """What a photo says of itself; None or empty where it says nothing that can be used.

    Attributes
    ----------
    longitude, latitude : float or None
        Degrees; both or none.
    altitude_m : float or None
        Above sea level.
    direction_deg : float or None
        Where the camera looked, clockwise from north, 0 to 360.
    direction_from : str
        ``true`` or ``magnetic`` north.
    accuracy_m : float or None
        Of the position, as the receiver estimated it.
    datum : str
        As stated; nearly always WGS-84 or nothing.
    taken_at, gps_time : str
        ISO 8601; the camera's own clock, with its shift from UTC where stated; and UTC by satellite.
    orientation : int
        EXIF's 1 to 8: how the picture is turned for viewing.
    width, height : int
        Pixels as stored.
    sides_assumed : bool
        North and east were assumed, as the photo gives degrees and not their side.
    """

    width: int
    height: int
    longitude: float | None = None
    latitude: float | None = None
    altitude_m: float | None = None
    direction_deg: float | None = None
    direction_from: str = ""
    accuracy_m: float | None = None
    datum: str = ""
    taken_at: str = ""
    gps_time: str = ""
    orientation: int = 1
    sides_assumed: bool = False


class UnreadablePhotoError(Exception):
    """The file is no JPEG, or its header is damaged; the message is the library's."""


def photo_facts(path: Path) -> PhotoFacts:
    """Read the header of a JPEG.

    Raises
    ------
    UnreadablePhotoError
        When there is none.
    """
    # this class reads the header only; its opener would refuse large pictures as if to unpack them
    from PIL.JpegImagePlugin import JpegImageFile

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damaged tags are left out below
            with path.open("rb") as file, JpegImageFile(file) as picture:
                size = picture.size
                tags, exif, gps = _tags(picture)
    except _DAMAGE as error:
        raise UnreadablePhotoError(str(error)) from error
    longitude, latitude, assumed = _place(gps)
    direction = _number(gps.get(_DIRECTION))
    orientation = tags.get(_ORIENTATION)
    return PhotoFacts(
        width=size[0],
        height=size[1],
        longitude=longitude,
        latitude=latitude,
        altitude_m=_altitude(gps),
        direction_deg=direction if direction is not None and 0 <= direction <= 360 else None,
        direction_from="magnetic" if _text(gps.get(_DIRECTION_REF)).upper() == "M" else "true",
        accuracy_m=_number(gps.get(_ACCURACY)),
        datum=_text(gps.get(_DATUM)),
        taken_at=_taken(exif),
        gps_time=_gps_time(gps),
        orientation=orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,
        sides_assumed=assumed,
    )


def _tags(picture: Any) -> tuple[Mapping[int, Any], Mapping[int, Any], Mapping[int, Any]]:
    """Return the tags of the picture, of the shot and of the receiver; empty where they are damaged."""
    try:
        tags = picture.getexif()
        return dict(tags), dict(tags.get_ifd(_EXIF)), dict(tags.get_ifd(_GPS))
    except _DAMAGE:
        return {}, {}, {}


def _place(gps: Mapping[int, Any]) -> tuple[float | None, float | None, bool]:
    latitude, south = _degrees(gps.get(_LATITUDE)), _text(gps.get(_LATITUDE_REF)).upper()
    longitude, west = _degrees(gps.get(_LONGITUDE)), _text(gps.get(_LONGITUDE_REF)).upper()
    # receivers without a fix write zeros
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None, False
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None, None, False
    assumed = south not in ("N", "S") or west not in ("E", "W")
    return -longitude if west == "W" else longitude, -latitude if south == "S" else latitude, assumed


def _degrees(value: Any) -> float | None:
    """Return degrees of degrees, minutes, seconds; None where one of them is 0/0."""
    parts = list(value) if isinstance(value, tuple | list) else [value]
    numbers = [_number(part) for part in parts[:3]]
    if any(number is None for number in numbers):
        return None
    known = [number for number in numbers if number is not None]
    return math.fsum(number / 60.0**place for place, number in enumerate(known))


def _altitude(gps: Mapping[int, Any]) -> float | None:
    height = _number(gps.get(_ALTITUDE))
    below = gps.get(_ALTITUDE_REF) in (1, b"\x01", "\x01")
    return -height if height is not None and below else height


def _taken(exif: Mapping[int, Any]) -> str:
    moment = _moment(_text(exif.get(_TAKEN)))
    shift = _text(exif.get(_OFFSET))
    return moment + shift if moment and _SHIFT.match(shift) else moment


def _gps_time(gps: Mapping[int, Any]) -> str:
    clock = gps.get(_TIME)
    parts = [_number(part) for part in clock] if isinstance(clock, tuple | list) else []
    if len(parts) != 3 or None in parts:
        return ""
    hour, minute, second = (int(part or 0) for part in parts)
    moment = _moment(f"{_text(gps.get(_DATE))} {hour:02}:{minute:02}:{second:02}")
    return f"{moment}Z" if moment else ""


def _moment(text: str) -> str:
    found = _STAMP.match(text)
    if not found:
        return ""
    try:
        return datetime.fromisoformat("{}-{}-{}T{}:{}:{}".format(*found.groups())).isoformat()
    except ValueError:
        return ""


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if math.isfinite(number) else None


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", errors="replace")
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""
