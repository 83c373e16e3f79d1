"""Bearings as surveyors write them: degrees, minutes, seconds, or quadrants."""

from __future__ import annotations

import math
import re
import unicodedata

from layers.errors import InputError
from layers.words import _

_SIGNS = str.maketrans(
    {
        "′": "'",
        "’": "'",
        "‘": "'",
        "″": '"',
        "”": '"',
        "“": '"',
        "º": "°",
        "度": "°",
        "分": "'",
        "秒": '"',
        "北": "N",
        "南": "S",
        "东": "E",
        "西": "W",
        "偏": " ",
        "−": "-",
        "–": "-",
        "—": "-",
    }
)
_ANGLE = (
    r"(?P<degrees>\d{1,3}(?:\.\d+)?)"
    r"(?:[°\s:-]+(?P<minutes>\d{1,2}(?:\.\d+)?)(?:['\s:-]+(?P<seconds>\d{1,2}(?:\.\d+)?))?)?"
    r"[°'\"\s]*"
)
_AZIMUTH = re.compile(_ANGLE)
_QUADRANT = re.compile(r"(?P<first>[NS])\s*(?P<both>[EW])?\s*" + _ANGLE + r"(?P<second>[EW])?")
_MOST_CHARACTERS = 60


def bearing(text: str) -> float:
    """Return a bearing in degrees from north, clockwise, 0 up to 360.

    Understood are azimuths ``45°30′20.5″``, ``45-30-20``, ``45 30 20``, ``45:30:20``, ``45.5056`` (decimal
    degrees), ``45度30分20秒``, and quadrants ``N45-30-20E``, ``NE 45 30 20``, ``北偏东45°30′``,
    ``南西12-20-30``.

    Raises
    ------
    InputError
        When it is none of these, minutes or seconds are 60 or more, an azimuth is over 360° or an angle of a
        quadrant over 90°.
    """
    plain = unicodedata.normalize("NFKC", text[: _MOST_CHARACTERS + 1].translate(_SIGNS)).translate(_SIGNS)
    plain = plain.replace("''", '"').strip().upper()
    if len(plain) <= _MOST_CHARACTERS:
        found = _AZIMUTH.fullmatch(plain)
        if found is not None:
            angle = _degrees(found)
            if angle is not None and angle <= 360.0:
                return angle % 360.0
        quarter = _QUADRANT.fullmatch(plain)
        if quarter is not None:
            turned = _turned(quarter)
            if turned is not None:
                return turned
    raise InputError(
        _("“{text}” is no bearing.").format(text=text.strip()[:_MOST_CHARACTERS]),
        remedy=_("Write 45-30-20, 45°30′20″, 45.5056 or N45-30-20E."),
    )


def _degrees(found: re.Match[str]) -> float | None:
    """Return degrees, minutes and seconds as degrees; None where they do not fit together."""
    texts = [found[name] for name in ("degrees", "minutes", "seconds")]
    given = [text for text in texts if text is not None]
    if any("." in text for text in given[:-1]):
        return None
    numbers = [float(text) for text in given]
    if any(number >= 60.0 for number in numbers[1:]):
        return None
    return math.fsum(number / 60**place for place, number in enumerate(numbers))


def _turned(found: re.Match[str]) -> float | None:
    """Return the azimuth of an angle within a quadrant."""
    angle = _degrees(found)
    sides = [side for side in (found["both"], found["second"]) if side]
    if angle is None or angle > 90.0 or len(sides) != 1:
        return None
    north, east = found["first"] == "N", sides[0] == "E"
    if north:
        return angle if east else (360.0 - angle) % 360.0
    return 180.0 - angle if east else 180.0 + angle
