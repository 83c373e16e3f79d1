"""Turns of the wheel and strokes on a touchpad as steps of the scale."""

from __future__ import annotations

import math

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QNativeGestureEvent, QWheelEvent

from ui.canvas.tile_grid import STEPS_PER_DOUBLING

_NOTCH = 120
_STEPS_PER_NOTCH = STEPS_PER_DOUBLING // 2
# where a touchpad tells pixels only: so many are a notch
_NOTCH_PX = 60


class WheelSteps:
    """Adds up what comes in fractions of a step: fine wheels and touchpads send many small turns."""

    def __init__(self) -> None:
        self._rest = 0.0

    def turn(self, event: QWheelEvent) -> int:
        """Return the whole steps that are due; two notches double, with Ctrl a notch is a quarter of that."""
        if event.phase() in (Qt.ScrollPhase.ScrollBegin, Qt.ScrollPhase.ScrollEnd):
            self._rest = 0.0
        notches = event.angleDelta().y() / _NOTCH
        if event.angleDelta().isNull():
            notches = event.pixelDelta().y() / _NOTCH_PX
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return self._due(notches * _STEPS_PER_NOTCH * (0.25 if fine else 1.0))

    def pinch(self, event: QNativeGestureEvent) -> int:
        """Return the whole steps of two fingers drawn apart; a value of 0.5 enlarges to one and a half."""
        return self._due(math.log2(max(1.0 + event.value(), 0.5)) * STEPS_PER_DOUBLING)

    def _due(self, steps: float) -> int:
        if steps * self._rest < 0:  # turned back: what was left of the other way does not count
            self._rest = 0.0
        self._rest += steps
        whole = int(self._rest)
        self._rest -= whole
        return whole
