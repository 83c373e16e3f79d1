"""The choosers of the raster dialog: a list, a band, a ramp with its colours, a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QIcon, QImage, QPixmap
from PyQt6.QtWidgets import QDoubleSpinBox

from layers.pictures.ramps import ramp_table, ramp_title, ramps
from layers.pictures.raster_model import RasterBand
from layers.words import _
from ui.forms.editors import CalmComboBox

_SWATCH = QSize(64, 16)


def choice(entries: Sequence[tuple[str, str]]) -> CalmComboBox:
    """Return a list of keys with their message ids."""
    box = CalmComboBox()
    for key, title in entries:
        box.addItem(_(title), key)
    return box


def band_choice(bands: Sequence[RasterBand]) -> CalmComboBox:
    """Return a list of a raster's bands in their order."""
    box = CalmComboBox()
    for band in bands:
        plain = _("Band {number}").format(number=band.number)
        box.addItem(f"{plain}  {band.name}".strip(), band.number)
    return box


def ramp_choice() -> CalmComboBox:
    """Return a list of the colour ramps, each with its colours."""
    box = CalmComboBox()
    box.setIconSize(_SWATCH)
    for name in ramps():
        table: Any = ramp_table(name).tobytes()
        strip = QImage(table, 256, 1, 768, QImage.Format.Format_RGB888)
        box.addItem(QIcon(QPixmap.fromImage(strip.scaled(_SWATCH))), ramp_title(name), name)
    return box


def number_box(low: float, high: float, unit: str, *, step: float, decimals: int = 0) -> QDoubleSpinBox:
    """Return a box for a number."""
    box = QDoubleSpinBox()
    box.setDecimals(decimals)
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setSuffix(unit)
    box.setKeyboardTracking(False)
    return box
