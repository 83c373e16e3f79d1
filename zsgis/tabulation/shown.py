"""How a table writes a field: a heading with its unit, codes with names, numbers with digits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layers.field_terms import PRECISION_NAMES
from layers.kind import FieldType
from layers.kinds import KINDS, code_names
from layers.words import _
from zsgis.inspection import AREA_DIGITS, EMPTY_VALUE, UNIT_TITLES

if TYPE_CHECKING:
    from layers.store import LayerField, LayerInfo

_MOST_DIGITS = 6

Value = str | float | int | None


@dataclass(frozen=True)
class ShownField:
    """One field of a layer as people read it.

    Attributes
    ----------
    name : str
        Column name in the project file.
    alias : str
        The declared term; ``title`` is this with the unit.
    digits : int or None
        Decimals of every number; None writes as many as a number needs, at most six.
    grouped : bool
        Whether thousands are set apart: not in whole numbers without a unit, which are years and grades.
    names : mapping
        What a stored text means: a land-class code's name. ``code_shown`` tells whether the code stands
        before its name.
    """

    name: str
    alias: str
    type: FieldType
    unit: str = ""
    digits: int | None = None
    grouped: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    code_shown: bool = True

    @property
    def title(self) -> str:
        """The heading: term and unit."""
        unit = UNIT_TITLES.get(self.unit, self.unit)
        return _("{title} ({unit})").format(title=self.alias, unit=unit) if unit else self.alias

    @property
    def is_figure(self) -> bool:
        """Whether the field holds numbers, which stand on the right."""
        return self.type in (FieldType.INTEGER, FieldType.NUMBER)

    def text(self, value: Value) -> str:
        """Return a value as a table shows it; a dash for no data, never 0."""
        if value is None:
            return EMPTY_VALUE
        if isinstance(value, str):
            return self._word(value)
        return self._number(value, self.grouped)

    def plain(self, value: Value) -> str:
        """Return a value for a spreadsheet or a search: without thousands separators, empty for no data."""
        if value is None:
            return ""
        return self._word(value) if isinstance(value, str) else self._number(value, grouped=False)

    def _word(self, word: str) -> str:
        name = self.names.get(word)
        if name is None:
            return word
        return f"{word} {name}" if self.code_shown else name

    def _number(self, value: float, grouped: bool) -> str:
        mark = "," if grouped else ""
        if isinstance(value, int):
            return f"{value:{mark}d}"
        if math.isnan(value):
            return EMPTY_VALUE
        if self.digits is not None:
            return f"{value:{mark}.{self.digits}f}"
        text = f"{value:{mark}.{_MOST_DIGITS}f}"
        return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def shown_fields(layer: LayerInfo) -> tuple[ShownField, ...]:
    """Return a layer's fields as a table shows them, in the order of its declaration."""
    return tuple(_shown(layer, stored) for stored in layer.fields)


def _shown(layer: LayerInfo, stored: LayerField) -> ShownField:
    names = _names(layer, stored)
    return ShownField(
        name=stored.name,
        alias=stored.alias,
        type=stored.type,
        unit=stored.unit,
        digits=AREA_DIGITS.get(stored.unit) if stored.type is FieldType.NUMBER else None,
        grouped=stored.type is not FieldType.INTEGER or bool(stored.unit),
        names=names,
        code_shown=stored.type is FieldType.TEXT and stored.name != "precision",
    )


def _names(layer: LayerInfo, stored: LayerField) -> Mapping[str, str]:
    if stored.type is FieldType.BOOLEAN:
        return {"1": _("yes"), "0": _("no")}
    if stored.name == "precision":
        return {word: _(name) for word, name in PRECISION_NAMES.items()}
    declared = KINDS.get(layer.kind)
    is_class = declared is not None and stored.name == declared.class_field
    if is_class and layer.standard and layer.standard != "custom":
        from layers.classification import standard

        classes = standard(layer.standard)
        return {code: classes.name(code) for code in classes.classes}
    return code_names(layer.kind, stored.name)
