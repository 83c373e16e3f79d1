"""Characters that the font of sheets does not have: they come from another font, or as empty boxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from layers.print_font import print_font_characters
from layers.words import _
from zsgis.sheets.layout import MapItem, SheetLayout
from zsgis.sheets.preflight.findings import SheetFinding

_NAMED = 10


def glyph_findings(layout: SheetLayout) -> Iterator[SheetFinding]:
    """Tell which characters of a sheet its font lacks, once for all pages, with a text that holds one."""
    known = print_font_characters()
    missing: dict[str, str] = {}
    for text in _texts(layout):
        for char in text:
            if ord(char) not in known and not char.isspace():
                missing.setdefault(char, text)
    if missing:
        named = " ".join(f"{char} (U+{ord(char):04X})" for char in list(missing)[:_NAMED])
        words = _(
            "The font of the sheets lacks {count} characters, which may show as boxes: {named}, in “{text}”."
        )
        text = next(iter(missing.values()))
        yield SheetFinding("sheet.glyphs", words.format(count=len(missing), named=named, text=text))


def _texts(layout: SheetLayout) -> Iterator[str]:
    for page in layout.pages:
        for item in page.items:
            yield from _of_model(item)
            if isinstance(item, MapItem):
                for layer in item.layers:
                    if layer.labels is not None and layer.style.label is not None:
                        yield from layer.labels


def _of_model(model: BaseModel) -> Iterator[str]:
    """Yield every text that an item declares; what is not drawn (names, colours) is plain Latin."""
    for name, field in type(model).model_fields.items():
        if not field.exclude:
            yield from _of_value(getattr(model, name))


def _of_value(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from _of_model(value)
    elif isinstance(value, tuple):
        for one in value:
            yield from _of_value(one)
