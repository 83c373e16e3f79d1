"""Draws sheets: the layouts of :mod:`zsgis.sheets` on PDF and pictures, with the map's own painters."""

from ui.sheets.export import draw_picture, ensure_application, export_sheet
from ui.sheets.page import draw_page

__all__ = ["draw_page", "draw_picture", "ensure_application", "export_sheet"]
