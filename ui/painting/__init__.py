"""Painters: arrays in, ink out. They know QtCore, QtGui and QtSvg and nothing of widgets."""

from ui.painting.layers import paint_ground, paint_layers, paint_symbols
from ui.painting.view import MapView
from ui.painting.watermarks import watermark

__all__ = ["MapView", "paint_ground", "paint_layers", "paint_symbols", "watermark"]
