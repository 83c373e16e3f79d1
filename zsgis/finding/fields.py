"""Under which fields the features of a layer are looked for: their names, codes and numbers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from layers.kind import Field, FieldType
from layers.kinds import KINDS

if TYPE_CHECKING:
    from layers.store import LayerField, LayerInfo

_NAMES = ("name", "short_name")
_CODES = ("feature_code", "parcel_code", "code", "plan_key")


def searched_fields(layer: LayerInfo) -> tuple[LayerField, ...]:
    """Return the fields by which a layer's features are found.

    Its kind's name, and whatever the kinds declare as a number or code of a feature; columns that came along
    from a file count where they have a name under which such a field is met.
    """
    kind = KINDS.get(layer.kind)
    own = {kind.name_field} if kind is not None else set()
    found = [
        field
        for field in layer.fields
        if field.name in own or field.name in _NAMES or field.name.upper() in _met_names()
    ]
    return tuple(field for field in found if field.type in (FieldType.TEXT, FieldType.INTEGER))


@cache
def _met_names() -> frozenset[str]:
    codes = [field for kind in KINDS.values() for field in kind.fields if _is_code(field)]
    return frozenset(name.upper() for field in codes for name in (field.name, *field.met_as))


def _is_code(field: Field) -> bool:
    """Tell whether a field numbers single features: not a class, nor a region."""
    return field.name in _CODES or (field.type is FieldType.TEXT and field.alias.endswith("号"))
