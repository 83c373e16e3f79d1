"""Suitability of land: criteria as data, hard limits, weights by hand or by pairwise comparison."""

from zsgis.analysis.suitability.capability import CAPABILITY, run
from zsgis.analysis.suitability.parameters import SuitabilityParameters

__all__ = ["CAPABILITY", "SuitabilityParameters", "run"]
