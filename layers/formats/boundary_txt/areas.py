"""The area a record states: in which unit it is, found by measuring the shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from layers.area import M2_PER_HA, M2_PER_MU

UNITS = {"m2": 1.0, "ha": M2_PER_HA, "mu": M2_PER_MU}
"""Square metres of a unit."""

# Beyond rounding: areas on the ellipsoid differ from those in the plane by up to 0.04 % in a 3-degree zone.
_SHARE = 0.001
_LEAST_M2 = 0.05
_FIGURE = re.compile(r"[0-9]{1,12}(?:\.[0-9]{0,9})?")


@dataclass(frozen=True)
class StatedArea:
    """An area as written.

    Attributes
    ----------
    value : float
        The figure.
    half_digit : float
        Half of its last digit.
    """

    value: float
    half_digit: float

    def fits(self, unit: str, area_m2: float) -> bool:
        """Tell whether it says the measured area in a unit, but for rounding."""
        factor = UNITS[unit]
        allowed = max(_SHARE * area_m2, _LEAST_M2) + self.half_digit * factor
        return abs(self.value * factor - area_m2) <= allowed


def stated_area(text: str) -> StatedArea | None:
    """Read a record's area; None where it holds none."""
    plain = text.strip()
    if not _FIGURE.fullmatch(plain) or float(plain) == 0.0:
        return None
    return StatedArea(float(plain), 0.5 * 10.0 ** -len(plain.partition(".")[2]))


def unit_of(area: StatedArea, area_m2: float) -> str:
    """Return the unit in which a stated area says the measured one best; empty where it does in none."""
    fitting = [unit for unit in UNITS if area.fits(unit, area_m2)]
    return min(fitting, key=lambda unit: abs(area.value * UNITS[unit] - area_m2), default="")


def common_unit(units: Sequence[str]) -> str:
    """Return the unit that all areas which fit share; empty where they share none."""
    known = {unit for unit in units if unit}
    return known.pop() if len(known) == 1 else ""
