"""The form of a layer, from its kind's declaration and from the columns it has."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from layers.field_terms import CLOSING_FIELDS
from layers.forms.model import Form, FormField, Section
from layers.kind import Field, Kind
from layers.kinds import kind
from layers.store.model import LayerField, LayerInfo

_AREA_UNITS = ("m2", "ha", "mu")
_CLOSING = frozenset(declared.name for declared in CLOSING_FIELDS)
_ORDER = tuple(Section)


def form_of(info: LayerInfo) -> Form:
    """Return the form of a layer's features.

    Columns the kind does not declare stand at the end with the type they are stored under; fields the layer
    has no column for are left out. A field computed from a single other stands behind it.
    """
    declared = kind(info.kind)
    return Form(
        kind=info.kind,
        standard_key=info.standard,
        class_field=declared.class_field,
        area_basis=declared.area_basis,
        geometry=info.geometry,
        crs=info.crs,
        fields=_fields(info.kind, info.fields),
        defaults=_defaults(declared, info),
    )


@lru_cache(maxsize=64)
def _fields(kind_key: str, columns: tuple[LayerField, ...]) -> tuple[FormField, ...]:
    declared = kind(kind_key)
    fields = _beside_their_sources([_field(declared, column) for column in columns])
    return tuple(sorted(fields, key=lambda one: _ORDER.index(one.section)))


def _field(declared: Kind, column: LayerField) -> FormField:
    if not declared.has_field(column.name):
        plain = Field(column.name, column.alias or column.name, column.type, column.unit)
        return FormField(plain, Section.FURTHER)
    one = declared.field(column.name)
    return FormField(one, _section(one))


def _section(one: Field) -> Section:
    if one.required:
        return Section.REQUIRED
    if one.name in _CLOSING:
        return Section.CLOSING
    return Section.AREAS if one.unit in _AREA_UNITS else Section.FIELDS


def _beside_their_sources(fields: list[FormField]) -> list[FormField]:
    """Return the fields with those that name another's value in its section, right behind it."""
    by_name = {one.name: one for one in fields}
    behind: dict[str, list[FormField]] = {}
    for one in fields:
        computed = one.declared.computed
        if computed is not None and len(computed.of) == 1 and computed.of[0] in by_name:
            source = by_name[computed.of[0]]
            behind.setdefault(source.name, []).append(FormField(one.declared, source.section))
    moved = {one.name for followers in behind.values() for one in followers}
    ordered: list[FormField] = []
    for one in fields:
        if one.name not in moved:
            ordered += [one, *behind.get(one.name, ())]
    return ordered


def _defaults(declared: Kind, info: LayerInfo) -> dict[str, Any]:
    """Return what a new feature begins with: what the kind says, and the standing of its layer."""
    held = {column.name for column in info.fields}
    given: dict[str, Any] = {
        one.name: one.default for one in declared.fields if one.default is not None and one.name in held
    }
    if "status" in held and info.status:
        given.setdefault("status", info.status)
    return given
