"""Parcels against control lines (三线压盖): farmland, ecology, growth boundary; forest stands beside."""

from zsgis.analysis.three_lines.capability import CAPABILITY, run
from zsgis.analysis.three_lines.parameters import ThreeLinesParameters

__all__ = ["CAPABILITY", "ThreeLinesParameters", "run"]
