"""What stands in a layer's fields already, for lists that no standard gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from layers.forms.choices import Pairs, choices
from layers.forms.model import Form
from layers.kind import FieldType
from layers.progress import Progress

if TYPE_CHECKING:
    from layers.store.table_reading import LayerTable

_MOST = 300


def open_lists(form: Form) -> tuple[str, ...]:
    """Return the fields whose values depend on another field and are in no list."""
    return tuple(
        one.name
        for one in form.fields
        if one.declared.cascade
        and one.declared.cascade in form.by_name
        and one.declared.type is FieldType.TEXT
        and not choices(form, one.name, {}).options
    )


def met_values(table: LayerTable, form: Form, progress: Progress) -> Mapping[str, Pairs]:
    """Return the values of the open lists as they stand in a layer, the most frequent first."""
    names = open_lists(form)
    if not names:
        return {}
    sources = [form.by_name[name].declared.cascade for name in names]
    counts: list[Counter[tuple[str, str]]] = [Counter() for _name in names]
    for block in table.blocks([*names, *sources], progress):
        for row in block:
            for number, count in enumerate(counts):
                value, under = row[number], row[len(names) + number]
                if isinstance(value, str) and value:
                    count[(str(under or ""), value)] += 1
    return {name: _pairs(count) for name, count in zip(names, counts, strict=True)}


def _pairs(counts: Counter[tuple[str, str]]) -> Pairs:
    under: dict[str, list[str]] = {}
    every: Counter[str] = Counter()
    for (source, value), number in counts.most_common():
        every[value] += number
        if source:
            under.setdefault(source, []).append(value)
    found: dict[str, Sequence[str]] = {"": [value for value, _number in every.most_common(_MOST)], **under}
    return {source: tuple(values[:_MOST]) for source, values in found.items()}
