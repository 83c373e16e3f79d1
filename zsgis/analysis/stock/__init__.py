"""The stock of land: how much of which class each zone holds."""

from zsgis.analysis.stock.capability import CAPABILITY, compute, run
from zsgis.analysis.stock.model import Land, Measuring, Rules, Zones
from zsgis.analysis.stock.parameters import NO_ZONES, StockParameters

Parameters = StockParameters

__all__ = [
    "CAPABILITY",
    "NO_ZONES",
    "Land",
    "Measuring",
    "Parameters",
    "Rules",
    "StockParameters",
    "Zones",
    "compute",
    "run",
]
