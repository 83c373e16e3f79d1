"""A value typed in place of both sides' values."""

from __future__ import annotations

from typing import Any

from layers.errors import InputError
from layers.store.model import LayerInfo
from layers.store.values import convert
from layers.words import _
from zsgis.merging.model import Question


def as_value(text: str, question: Question, info: LayerInfo | None) -> Any:
    """Return what was typed as the field holds it; an empty text is no data.

    Raises
    ------
    InputError
        When it does not fit the field.
    """
    if not text.strip():
        return None
    field = next((one for one in info.fields if one.name == question.name), None) if info else None
    if field is None:
        return text
    converted, failed = convert([text], field.type)
    if failed.any():
        raise InputError(
            _("“{value}” does not fit field “{field}”.").format(value=text, field=field.alias),
            remedy=_("Give a value of the field's type."),
        )
    return converted[0]
