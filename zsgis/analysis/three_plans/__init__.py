"""Differences between three plans (三规差异): former land plan, detailed plan, territorial plan."""

from zsgis.analysis.three_plans.capability import CAPABILITY, run
from zsgis.analysis.three_plans.parameters import ThreePlansParameters

__all__ = ["CAPABILITY", "ThreePlansParameters", "run"]
