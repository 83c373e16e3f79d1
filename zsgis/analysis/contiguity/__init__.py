"""Contiguity (连片): groups of parcels that can be assembled, and the single parcels that are missing."""

from zsgis.analysis.contiguity.capability import CAPABILITY, compute, run
from zsgis.analysis.contiguity.parameters import ContiguityParameters

__all__ = ["CAPABILITY", "ContiguityParameters", "compute", "run"]
