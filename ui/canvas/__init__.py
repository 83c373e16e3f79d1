"""The map in the window: view, tiles, mouse and keys."""

from ui.canvas.map_canvas import MapCanvas

__all__ = ["MapCanvas"]
