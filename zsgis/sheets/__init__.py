"""Sheets as data: page, map, legend, table, marginalia in millimetres; drawn by the screen floor."""

from zsgis.sheets.compose import compose
from zsgis.sheets.layout import SheetLayout, SheetPage, bind
from zsgis.sheets.series import series
from zsgis.sheets.template import Template
from zsgis.sheets.template_files import load_template, template_keys

__all__ = [
    "SheetLayout",
    "SheetPage",
    "Template",
    "bind",
    "compose",
    "load_template",
    "series",
    "template_keys",
]
