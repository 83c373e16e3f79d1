"""CAD drawings: DXF and DWG in, DXF out."""

from layers.formats.drawings.reading import DRAWINGS, drawing_layers
from layers.formats.drawings.writing import DXF

__all__ = ["DRAWINGS", "DXF", "drawing_layers"]
