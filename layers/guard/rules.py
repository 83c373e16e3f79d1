"""The guard's rules as data: which systems are tried, how likely each is, and the limits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from layers.coordinates import ZHONGSHAN
from layers.datums import Datum
from layers.guard.model import Extent
from layers.locations import resource_path


@dataclass(frozen=True)
class TriedSystem:
    """A way in which coordinates are tried.

    Attributes
    ----------
    taken : str
        Text for ``parse_taken_as``.
    likely : float
        How likely it is once the data lies in the expected area, 0 to 1.
    decides : bool
        The digits alone tell it from every other current system.
    legacy : mapping
        The same grid on a legacy datum, as EPSG code.
    """

    taken: str
    likely: float
    decides: bool
    legacy: Mapping[Datum, str]


@dataclass(frozen=True)
class CoordinateRules:
    """What ``resources/rules/coordinate_guard.toml`` says; the names there are those here.

    Attributes
    ----------
    expected : Extent
        Where data is looked for when nobody says otherwise: the city.
    """

    expected: Extent
    country: Extent
    systems: tuple[TriedSystem, ...]
    inside_share: float
    rival_margin_deg: float
    own_area_margin_deg: float
    cgcs2000_since: int
    confidence: Mapping[str, float]


@lru_cache(maxsize=1)
def coordinate_rules() -> CoordinateRules:
    """Read the rules that the program ships."""
    path = resource_path("rules", "coordinate_guard.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    limits = data["limits"]
    west, south, east, north = (float(value) for value in limits["country"])
    return CoordinateRules(
        expected=ZHONGSHAN,
        country=(west, south, east, north),
        systems=tuple(_system(entry) for entry in data["systems"]),
        inside_share=float(limits["inside_share"]),
        rival_margin_deg=float(limits["rival_margin_deg"]),
        own_area_margin_deg=float(limits["own_area_margin_deg"]),
        cgcs2000_since=int(limits["cgcs2000_since"]),
        confidence={name: float(value) for name, value in data["confidence"].items()},
    )


def _system(entry: Mapping[str, object]) -> TriedSystem:
    legacy = {
        datum: str(entry[str(datum)]) for datum in (Datum.XIAN80, Datum.BEIJING54) if str(datum) in entry
    }
    likely = entry["likely"]
    return TriedSystem(
        taken=str(entry["taken"]),
        likely=float(likely) if isinstance(likely, int | float) else 0.0,
        decides=entry["decides"] is True,
        legacy=legacy,
    )
