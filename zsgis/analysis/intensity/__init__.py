"""Intensity of use: share of construction and industry, and how intensively development zones are used."""

from zsgis.analysis.intensity.capability import CAPABILITY, run
from zsgis.analysis.intensity.parameters import IntensityParameters

__all__ = ["CAPABILITY", "IntensityParameters", "run"]
