"""The tool that draws the new course of a boundary across it."""

from __future__ import annotations

from layers.words import _
from ui.canvas.tools.draft import DraftTool

RESHAPE = "tool_reshape"


class ReshapeTool(DraftTool):
    """Draws the line that takes the place of the boundary between the two places where it crosses it."""

    key = RESHAPE

    @property
    def first_hint(self) -> str:
        """What the first click does."""
        return _("Draw the new boundary across the old one, from one crossing to the other. Esc ends.")
