"""Units of area and length: what words mean them, how large they are, how they are written."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType

_MU = Fraction(2000, 3)
_AREA = {
    "m2": (Fraction(1), "m2 ㎡ 平方米 平米"),
    "ha": (Fraction(10_000), "ha 公顷"),
    "mu": (_MU, "mu 亩"),
    "10000mu": (_MU * 10_000, "万亩"),
    "km2": (Fraction(1_000_000), "km2 ㎢ 平方公里 平方千米"),
}
_LENGTH = {
    "m": (Fraction(1), "m 米"),
    "km": (Fraction(1000), "km 公里 千米"),
}
_SHARE = {"percent": (Fraction(1), "percent % 百分点")}
_DIMENSIONS = {"area": _AREA, "length": _LENGTH, "share": _SHARE}

UNIT_WORDS = MappingProxyType(
    {
        word: unit
        for units in _DIMENSIONS.values()
        for unit, (_size, words) in units.items()
        for word in words.split()
    }
)
"""The unit that a word means, as people write it behind a number or in a header."""

_SIZES = MappingProxyType(
    {
        unit: (dimension, size)
        for dimension, units in _DIMENSIONS.items()
        for unit, (size, _words) in units.items()
    }
)
_UNIT_TITLES = MappingProxyType(
    {"m2": "m²", "ha": "公顷", "mu": "亩", "10000mu": "万亩", "km2": "km²", "percent": "%"}
)


def dimension(unit: str) -> str:
    """Return ``area``, ``length`` or ``share``; empty for a unit that is not known."""
    return _SIZES[unit][0] if unit in _SIZES else ""


def factor(source: str, target: str) -> Fraction:
    """Return how many ``target`` one ``source`` is, exactly; both must be of one dimension."""
    return _SIZES[source][1] / _SIZES[target][1]


def unit_title(unit: str) -> str:
    """Return a unit as people write it."""
    return _UNIT_TITLES.get(unit, unit)
