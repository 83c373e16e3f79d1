"""Boundary points as text (界址点坐标 TXT, 报部坐标): every dialect in, the standard form and others out."""

from __future__ import annotations

from layers.formats.boundary_txt.document import Document, render
from layers.formats.boundary_txt.forms import Form, form_called, forms
from layers.formats.boundary_txt.numbering import BoundaryPoint, boundary_points
from layers.formats.boundary_txt.parser import parse
from layers.formats.boundary_txt.reader import BoundaryTxt
from layers.formats.boundary_txt.writer import BoundaryTxtWriter

__all__ = [
    "BOUNDARY_TXT",
    "BOUNDARY_TXT_WRITER",
    "BoundaryPoint",
    "BoundaryTxt",
    "BoundaryTxtWriter",
    "Document",
    "Form",
    "boundary_points",
    "form_called",
    "forms",
    "parse",
    "render",
]

BOUNDARY_TXT = BoundaryTxt()
BOUNDARY_TXT_WRITER = BoundaryTxtWriter()
