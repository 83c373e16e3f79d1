"""Fills for the screen from a level's boundaries, each once: all classes in one go."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QImage, QPainter

from layers.drawable import DrawableLayer
from layers.levels import NO_FEATURE
from ui.painting.level_lines import LevelLines
from ui.painting.sampled_fills import PATH_SAMPLES, Symbols, lay, passes
from ui.painting.scan_lines import runs_between


def fill_from_lines(painter: QPainter, layer: DrawableLayer, lines: LevelLines, symbols: Symbols) -> bool:
    """Fill the polygons that some lines bound; False, and nothing filled, where those do not close."""
    width, height = (round(px) * PATH_SAMPLES for px in (lines.view.width_px, lines.view.height_px))
    left, right = lines.of_segments(lines.filled).T
    runs = runs_between(lines.segments * PATH_SAMPLES, left, right, width, height)
    if runs is None:
        return False
    codes = layer.class_index[runs.rows]
    for opacity, tones in passes(symbols):
        values = np.where(runs.rows == NO_FEATURE, np.uint32(0), tones[codes])
        lay(painter, _image(runs.samples(values), width), opacity, PATH_SAMPLES)
    return True


def _image(samples: NDArray[np.uint32], width: int) -> QImage:
    """Return samples as a picture that is narrower than their lines."""
    memory: Any = samples.data  # a buffer at run time; the stubs do not know
    return QImage(memory, width, len(samples), samples.strides[0], QImage.Format.Format_ARGB32_Premultiplied)
