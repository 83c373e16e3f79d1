"""A layer's columns on their way into XML: type, title, and each value as text that reads back the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.errors import InputError
from layers.formats.model import OutgoingLayer
from layers.words import _

if TYPE_CHECKING:
    import pandas as pd

_INT32 = 2**31
_EXACT_IN_DOUBLE = 2**53
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class XmlField:
    """A column: ``texts`` holds None where there is no value."""

    name: str
    title: str
    kind: str
    texts: Sequence[str | None]


def fields_of(layer: OutgoingLayer, form: str) -> tuple[XmlField, ...]:
    """Return the fields of a layer, one per column.

    Parameters
    ----------
    form : str
        What the format is called, for the complaint.

    Raises
    ------
    InputError
        When text holds a character that XML cannot carry.
    """
    fields = []
    for name in layer.frame.columns:
        if name == layer.frame.geometry.name:
            continue
        kind, texts = _texts(layer.frame[name])
        _require_xml(form, layer.name, str(name), [str(name), layer.titles.get(str(name), ""), *texts])
        fields.append(XmlField(str(name), layer.titles.get(str(name), ""), kind, texts))
    extra = [layer.name, *(layer.classes or ()), *(layer.labels or ())]
    _require_xml(form, layer.name, _("class or label"), extra)
    return tuple(fields)


def _texts(series: pd.Series[Any]) -> tuple[str, list[str | None]]:
    """Return KML's type of a column and its values as text."""
    missing = series.isna().to_numpy(dtype=bool)
    values = series.tolist()
    kind = series.dtype.kind
    if kind == "b":
        texts = ["1" if not gap and value else "0" for value, gap in zip(values, missing, strict=True)]
        return "bool", _gapped(texts, missing)
    if kind in "iu":
        texts = ["" if gap else str(int(value)) for value, gap in zip(values, missing, strict=True)]
        largest = max((abs(int(text)) for text in texts if text), default=0)
        # KML knows whole numbers of 32 bits
        known = "int" if largest < _INT32 else "double" if largest < _EXACT_IN_DOUBLE else "string"
        return known, _gapped(texts, missing)
    if kind == "f":
        texts = ["" if gap else repr(float(value)) for value, gap in zip(values, missing, strict=True)]
        return "double", _gapped(texts, missing)
    if kind == "M":
        texts = [
            "" if gap else str(value).removesuffix(" 00:00:00")
            for value, gap in zip(values, missing, strict=True)
        ]
        return "string", _gapped(texts, missing)
    return "string", _gapped(
        ["" if gap else str(value) for value, gap in zip(values, missing, strict=True)], missing
    )


def _gapped(texts: list[str], missing: np.typing.NDArray[np.bool_]) -> list[str | None]:
    return [None if gap else text for text, gap in zip(texts, missing, strict=True)]


def _require_xml(form: str, layer: str, column: str, texts: Sequence[str | None]) -> None:
    for row, text in enumerate(texts):
        found = _NOT_IN_XML.search(text) if text else None
        if found:
            raise InputError(
                _("Text holds a character (U+{code}) that {form} cannot carry.").format(
                    code=f"{ord(found.group()):04X}", form=form
                ),
                where=_("{layer}, column {column}, row {row}").format(
                    layer=layer, column=column, row=max(row - 1, 1)
                ),
                remedy=_("Delete the character, or export as .gpkg, which holds everything."),
            )
