"""Screening for incubators (三(四)2): commercial rooms, old and idle factories, ranked with reasons."""

from zsgis.analysis.screening.capability import CAPABILITY, run
from zsgis.analysis.screening.parameters import ScreeningParameters

__all__ = ["CAPABILITY", "ScreeningParameters", "run"]
