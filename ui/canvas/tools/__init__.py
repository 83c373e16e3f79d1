"""What the mouse and the keys do on the map: one tool at a time."""

from ui.canvas.tools.tool import Pointer, Surface, Tool

__all__ = ["Pointer", "Surface", "Tool"]
