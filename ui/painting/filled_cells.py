"""Fills for the screen where polygons are hardly larger than pixels: a grid says whose a cell is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage, QPainter

from layers.drawable import DrawableLayer
from layers.drawable_edits import EditedLayer
from layers.drawable_parts import part_of
from layers.levels import Cells
from layers.levels.build import rings_of
from layers.levels.cells import rows_in_cells
from layers.levels.model import NO_FEATURE
from ui.painting.rings import IntArray
from ui.painting.sampled_fills import Symbols, lay, passes
from ui.painting.view import MapView

# Each pixel of a fill is the mean of so many samples each way.
CELL_SAMPLES = 3


class WhoseCells(Protocol):
    """Which feature covers each cell, and which class a feature has."""

    @property
    def cells(self) -> Cells:
        """The grid."""
        ...

    @property
    def class_index(self) -> NDArray[np.int32]:
        """Class code of each feature that :meth:`rows` names."""
        ...

    def rows(self, top: int, bottom: int, left: int, right: int) -> NDArray[np.int32]:
        """Return the features of lines ``top`` up to ``bottom``, columns ``left`` up to ``right``."""
        ...


@dataclass(frozen=True, eq=False)
class LayerCells:
    """The cells of a layer as they are kept."""

    layer: DrawableLayer
    cells: Cells

    @property
    def class_index(self) -> NDArray[np.int32]:
        """Class code of each feature."""
        return self.layer.class_index

    def rows(self, top: int, bottom: int, left: int, right: int) -> NDArray[np.int32]:
        """Return rows of the layer."""
        return self.cells.rows[top:bottom, left:right]


@dataclass(frozen=True, eq=False)
class EditedCells:
    """The cells of a layer with what has changed since.

    Attributes
    ----------
    fresh : ndarray of int64
        Rows of what was added that meet the view.
    """

    layer: EditedLayer
    cells: Cells
    fresh: IntArray

    @property
    def class_index(self) -> NDArray[np.int32]:
        """Class code of each feature, as an edited layer numbers them."""
        return np.concatenate([self.layer.base.class_index, self.layer.added.class_index])

    def rows(self, top: int, bottom: int, left: int, right: int) -> NDArray[np.int32]:
        """Return features as an edited layer numbers them."""
        kept = self.cells.rows[top:bottom, left:right]
        found = np.where(self.layer.is_hidden[kept], np.int32(NO_FEATURE), kept)
        added = rows_in_cells(
            rings_of(part_of(self.layer.added, self.fresh)), self.cells, top, left, found.shape
        )
        here = added != NO_FEATURE
        found[here] = len(self.layer.base) + self.fresh[added[here]]
        return found


def fill_from_cells(painter: QPainter, whose: WhoseCells, view: MapView, symbols: Symbols) -> None:
    """Fill polygons that are hardly larger than pixels."""
    for opacity, tones in passes(symbols):
        lay(painter, _from_cells(whose, view, tones), opacity)


def _from_cells(whose: WhoseCells, view: MapView, tones: NDArray[np.uint32]) -> QImage:
    width, height = round(view.width_px), round(view.height_px)
    cells = whose.cells
    step = view.units_per_px / CELL_SAMPLES
    across = np.floor((view.left + (np.arange(width * CELL_SAMPLES) + 0.5) * step - cells.left) / cells.size)
    down = np.floor((cells.top - view.top + (np.arange(height * CELL_SAMPLES) + 0.5) * step) / cells.size)
    in_x = np.flatnonzero((across >= 0) & (across < cells.rows.shape[1]))
    in_y = np.flatnonzero((down >= 0) & (down < cells.rows.shape[0]))
    pixels = np.zeros((height * CELL_SAMPLES, width * CELL_SAMPLES), dtype=np.uint32)
    if len(in_x) and len(in_y):
        # the last entry serves cells without a feature
        by_row = np.append(tones[whose.class_index], np.uint32(0))
        columns, lines = across[in_x].astype(np.intp), down[in_y].astype(np.intp)
        seen = whose.rows(int(lines[0]), int(lines[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
        colors = by_row[seen].take(lines - lines[0], axis=0)
        pixels[in_y[0] : in_y[-1] + 1, in_x[0] : in_x[-1] + 1] = colors.take(columns - columns[0], axis=1)
    memory: Any = pixels.data  # a buffer at run time; the stubs do not know
    image = QImage(
        memory, width * CELL_SAMPLES, height * CELL_SAMPLES, QImage.Format.Format_ARGB32_Premultiplied
    )
    return image.scaled(
        width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
