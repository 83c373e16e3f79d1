"""Approved and not supplied (批而未供): approved red lines less supplied ones, by batch and year."""

from zsgis.analysis.supply_gap.capability import CAPABILITY, run
from zsgis.analysis.supply_gap.parameters import SupplyGapParameters

__all__ = ["CAPABILITY", "SupplyGapParameters", "run"]
