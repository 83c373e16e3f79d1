"""The values a join brings to the features, and where they differ from what is there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from layers.joining.model import Conflict, JoinedColumns, JoinPlan


def join_columns(
    plan: JoinPlan,
    rows: Mapping[str, Sequence[Any]],
    targets: Mapping[str, str],
    existing: Mapping[str, Sequence[Any]],
) -> JoinedColumns:
    """Return the values by field and feature.

    Parameters
    ----------
    rows : mapping
        The table's values by column, already in the type of the field they go to.
    targets : mapping
        Field of the layer by column of the table; columns that are not named are not joined.
    existing : mapping
        Values of the features by field, for the fields that the layer has already.
    """
    values: dict[str, dict[int, Any]] = {}
    conflicts: list[Conflict] = []
    for column, field in targets.items():
        brought: dict[int, Any] = {}
        there = existing.get(field)
        for match in plan.matches:
            new = rows[column][match.row]
            if _is_blank(new):
                continue
            old = None if there is None else there[match.feature]
            if _is_blank(old):
                brought[match.feature] = new
            elif old != new:
                brought[match.feature] = new
                conflicts.append(Conflict(match.feature, match.row, field, old, new))
        values[field] = brought
    return JoinedColumns(values, tuple(conflicts))


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or value == ""
