"""A changed style as a step of undo; what one sitting of the style editor changes is one step."""

from __future__ import annotations

from PyQt6.QtGui import QUndoCommand

from layers.style import Style
from layers.words import _
from ui.layer_edits import LayerEdits

# unlike the numbers of other commands that merge
_MERGED = 4


class StyleStep(QUndoCommand):
    """A layer's style before and after; neighbouring steps of one ``sitting`` are one.

    Parameters
    ----------
    sitting : str
        Names what belongs together; empty stands alone.
    """

    def __init__(self, edits: LayerEdits, uid: str, before: Style, after: Style, sitting: str = "") -> None:
        super().__init__(_("Layer style"))
        self._edits = edits
        self._uid = uid
        self._before = before
        self._after = after
        self._sitting = sitting

    def redo(self) -> None:
        """Show and write the new style."""
        self._edits.apply(self._uid, {"style": self._after})

    def undo(self) -> None:
        """Show and write the old style."""
        self._edits.apply(self._uid, {"style": self._before})

    def id(self) -> int:
        """Let steps of one sitting meet."""
        return _MERGED if self._sitting else -1

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        """Take over the later style; where it is the first again, nothing is left to undo."""
        if not isinstance(other, StyleStep) or (other._uid, other._sitting) != (self._uid, self._sitting):
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True
