"""The indicators: which amount is divided by which, as TD/T 1029-2010 and the statistics of land lay down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from layers.words import N_


@dataclass(frozen=True)
class Indicator:
    """A quotient of two amounts.

    Attributes
    ----------
    title : str
        Message id.
    unit : str
        As printed; empty for plain ratios. A message id where it has letters.
    factor : float
        What the quotient is multiplied with: 100 for per cent, 10 000 for amounts per hectare.
    """

    key: str
    title: str
    numerator: str
    denominator: str
    unit: str = "%"
    factor: float = 100.0
    digits: int = 2


INDICATORS: tuple[Indicator, ...] = (
    Indicator("development", N_("Development intensity"), "construction", "land"),
    Indicator("industrial_share", N_("Industrial share of construction land"), "industrial", "construction"),
    Indicator("supply_rate", N_("Rate of land supply"), "supplied_ready", "ready"),
    Indicator("built_rate", N_("Rate of built land"), "built_supplied", "supplied"),
    Indicator("industry_rate", N_("Rate of industrial land"), "industry", "built"),
    Indicator("floor_ratio", N_("Overall floor area ratio"), "floor", "built", "", 1.0),
    Indicator(
        "industrial_floor_ratio",
        N_("Floor area ratio of industrial land"),
        "industrial_floor",
        "industrial_floor_land",
        "",
        1.0,
    ),
    Indicator(
        "tax_yield",
        N_("Taxes per area of industrial land"),
        "tax",
        "tax_land",
        N_("10,000 yuan/ha"),
        10_000.0,
    ),
    Indicator("idle_rate", N_("Rate of idle land"), "idle_supplied", "supplied"),
)

LAND, FLOOR, YUAN = "land", "floor", "yuan"
AMOUNTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "land": (N_("All land"), LAND),
        "construction": (N_("Construction land"), LAND),
        "industrial": (N_("Industrial land"), LAND),
        "ready": (N_("Approved land"), LAND),
        "supplied_ready": (N_("Supplied land within approved land"), LAND),
        "supplied": (N_("Supplied land"), LAND),
        "built_supplied": (N_("Built land within supplied land"), LAND),
        "built": (N_("Built land"), LAND),
        "industry": (N_("Land of industry, mining and storage"), LAND),
        "floor": (N_("Floor area of buildings"), FLOOR),
        "industrial_floor": (N_("Floor area of industrial parcels"), FLOOR),
        "industrial_floor_land": (N_("Industrial parcels with a floor area"), LAND),
        "tax": (N_("Taxes"), YUAN),
        "tax_land": (N_("Industrial parcels with taxes"), LAND),
        "idle_supplied": (N_("Established idle land within supplied land"), LAND),
    }
)
"""Title (message id) of each amount, and whether it is land or floor area (both in m2) or 10,000 yuan."""
