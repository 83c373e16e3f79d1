"""Coarser forms of a polygon layer for small scales: simplified once, drawn at once."""

from layers.levels.model import LINES_PER_BLOCK, NO_FEATURE, Cells, Level, Levels

__all__ = ["LINES_PER_BLOCK", "NO_FEATURE", "Cells", "Level", "Levels"]
