"""The stock of land: how much of which class each zone holds."""

from zsgis.analysis.stock.capability import CAPABILITY, compute, run
from zsgis.analysis.stock.model import Land, Rules
from zsgis.analysis.stock.parameters import StockParameters

Parameters = StockParameters

__all__ = ["CAPABILITY", "Land", "Parameters", "Rules", "StockParameters", "compute", "run"]
