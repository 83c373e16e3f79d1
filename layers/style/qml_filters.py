"""Which features a class holds, in the expression language of QGIS."""

from __future__ import annotations

import math
from collections.abc import Sequence

from layers.kind import Field, FieldType
from layers.style.model import ClassRule
from layers.style.ranges import bounds_of


def class_filters(rules: Sequence[ClassRule], field: Field, *, numeric: bool) -> tuple[str, ...]:
    """Return an expression per rule that holds for its features only, and one for all other features."""
    if numeric:
        return _range_filters(rules, number_expression(field))
    name = _quoted(field)
    values = [_literal(rule.value, field.type) for rule in rules]
    others = f"{name} IS NULL OR {name} NOT IN ({', '.join(values)})" if values else ""
    return *(f"{name} = {value}" for value in values), others


def number_expression(field: Field) -> str:
    """Return the expression for a field's number."""
    is_number = field.type in (FieldType.NUMBER, FieldType.INTEGER)
    return _quoted(field) if is_number else f"to_real({_quoted(field)})"


def _quoted(field: Field) -> str:
    return '"' + field.name.replace('"', '""') + '"'


def _range_filters(rules: Sequence[ClassRule], number: str) -> tuple[str, ...]:
    own = [_range(rule, number) for rule in rules]
    filters = []
    for place, rule in enumerate(rules):
        # a number counts to the first range that holds it
        before = [own[other] for other in range(place) if _meet(rules[other], rule)]
        filters.append(" AND ".join([own[place], *(f"NOT ({text})" for text in before)]))
    some = " OR ".join(f"({text})" for text in own)
    return *filters, f"coalesce(NOT ({some}), TRUE)"


def _range(rule: ClassRule, number: str) -> str:
    low, high = bounds_of(rule)
    parts = [f"{number} >= {low!r}"] if math.isfinite(low) else []
    parts += [f"{number} <= {high!r}"] if math.isfinite(high) else []
    return " AND ".join(parts) or f"{number} IS NOT NULL"


def _meet(one: ClassRule, other: ClassRule) -> bool:
    (low, high), (other_low, other_high) = bounds_of(one), bounds_of(other)
    return low <= other_high and other_low <= high


def _literal(value: str, kind: FieldType) -> str:
    if kind is FieldType.BOOLEAN:
        return value.lower()
    if kind in (FieldType.NUMBER, FieldType.INTEGER):
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        return repr(number) if math.isfinite(number) else "NULL"
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n").replace("\t", "\\t")
    return f"'{escaped}'"
