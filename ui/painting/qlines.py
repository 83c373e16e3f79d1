"""Single segments for Qt, written by memory instead of one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
from PyQt6 import sip
from PyQt6.QtCore import QLineF

from ui.painting.clip import FloatArray
from ui.painting.rings import REACH_PX

# A segment with an end so far out is left to the layer at full detail.
FARTHEST_PX = 4 * REACH_PX
SEGMENTS_AT_ONCE = 1 << 15

QLines = Any
"""A ``sip.array`` of QLineF, as ``QPainter.drawLines`` takes it."""


def qlines(count: int) -> tuple[QLines, FloatArray]:
    """Return an array of QLineF and its memory: x and y of both ends in a row, shape (count, 4)."""
    make: Any = sip.array
    array = make(QLineF, count)
    memory = np.frombuffer(array, dtype=np.float64) if count else np.empty(0)
    return array, memory.reshape(-1, 4)
