"""The fields a filter may name, with every name an officer knows them under."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.kind import Field, FieldType

if TYPE_CHECKING:
    from layers.store import LayerInfo


@dataclass(frozen=True)
class FilterField:
    """A field as a filter knows it.

    Attributes
    ----------
    name, alias : str
        Column name, and the term an officer reads.
    unit : str
        As in :class:`layers.kind.Field`.
    met_as : tuple of str
        Other names it is met under (``DLBM``).
    values : tuple of (str, str)
        The values of its domain with their names; empty where any value may stand.
    """

    name: str
    alias: str
    type: FieldType
    unit: str = ""
    met_as: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """What the field is called in a sentence."""
        return self.alias or self.name


class FieldNames:
    """Finds fields by name, alias or another name; letter case and full width do not count.

    A column's own name comes before an alias, an alias before the names a field is met under.
    """

    def __init__(self, fields: Iterable[FilterField]) -> None:
        self.fields = tuple(fields)
        self._by_word: dict[str, FilterField] = {}
        ways = (
            [(field.name, field) for field in self.fields],
            [(field.alias, field) for field in self.fields],
            [(other, field) for field in self.fields for other in field.met_as],
        )
        for names in ways:
            for name, field in names:
                if name:
                    self._by_word.setdefault(folded(name), field)

    def find(self, word: str) -> FilterField | None:
        """Return the field of this name."""
        return self._by_word.get(folded(word))

    def words(self) -> frozenset[str]:
        """Return every name, folded."""
        return frozenset(self._by_word)


def folded(word: str) -> str:
    """Return a word as it is compared: half width, without letter case and outer blanks."""
    return unicodedata.normalize("NFKC", word).strip().casefold()


def fields_of(info: LayerInfo) -> tuple[FilterField, ...]:
    """Return a layer's fields with the names and domains that its kind and standard declare."""
    from layers.kinds import kind

    declared = {field.name: field for field in kind(info.kind).fields}
    found = []
    for field in info.fields:
        known = declared.get(field.name)
        values = _values(known) if known is not None else ()
        if field.name == kind(info.kind).class_field:
            values = _classes(info.standard) or values
        met_as = known.met_as if known is not None else ()
        found.append(FilterField(field.name, field.alias, field.type, field.unit, met_as, values))
    return tuple(found)


def _values(field: Field) -> tuple[tuple[str, str], ...]:
    names = dict(field.names)
    return tuple((value, names.get(value, "")) for value in field.domain or names)


def _classes(key: str) -> tuple[tuple[str, str], ...]:
    if not key or key == "custom":
        return ()
    from layers.classification import standard

    classes = standard(key)
    return tuple((code, classes.name(code)) for code in classes.classes)
