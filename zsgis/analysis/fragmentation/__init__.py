"""Fragmentation of land: patches, their sizes and shapes, and the metrics of landscapes."""

from zsgis.analysis.fragmentation.capability import CAPABILITY, compute, run
from zsgis.analysis.fragmentation.parameters import FragmentationParameters

__all__ = ["CAPABILITY", "FragmentationParameters", "compute", "run"]
