"""Rows of a table and features of a layer: by code, then by name, then by place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.joining.keys import code_key, name_key
from layers.joining.likeness import suggest
from layers.joining.model import AmbiguousRow, DoubledFeature, JoinBy, JoinKey, JoinPlan, JoinRequest, Match
from layers.joining.places import match_places, points_of

Columns = Mapping[str, Sequence[Any]]


def plan_join(
    features: Columns,
    rows: Columns,
    request: JoinRequest,
    *,
    feature_count: int,
    row_count: int,
    feature_shapes: NDArray[Any] | None = None,
    row_shapes: NDArray[Any] | None = None,
) -> JoinPlan:
    """Return which row goes to which feature; nothing is changed.

    A row that fits several features, and rows that fit one feature together, are listed and not matched:
    one row goes to one feature.

    Parameters
    ----------
    features, rows : mapping
        Values by field and by column; at least those of ``request.keys``.
    feature_shapes, row_shapes : ndarray of object, optional
        Shapes in one and the same system, needed for a join by place.
    """
    open_rows = list(range(row_count))
    matches: list[Match] = []
    ambiguous: list[AmbiguousRow] = []
    for key in request.keys:
        found, unclear = _match_key(key, features, rows, open_rows)
        matches += found
        ambiguous += unclear
        settled = {one.row for one in found} | {one.row for one in unclear}
        open_rows = [row for row in open_rows if row not in settled]
    if request.by_place and feature_shapes is not None and row_shapes is not None and open_rows:
        points = points_of(row_shapes[np.array(open_rows)])
        found, unclear = match_places(open_rows, points, feature_shapes, request.distance)
        matches += found
        ambiguous += unclear
        settled = {one.row for one in found} | {one.row for one in unclear}
        open_rows = [row for row in open_rows if row not in settled]
    single, doubled = _part_doubled(matches)
    met = {match.feature for match in matches} | {one for row in ambiguous for one in row.features}
    return JoinPlan(
        matches=tuple(sorted(single, key=lambda match: match.row)),
        ambiguous=tuple(sorted(ambiguous, key=lambda one: one.row)),
        doubled=doubled,
        unmatched=tuple(open_rows),
        untouched=tuple(feature for feature in range(feature_count) if feature not in met),
        suggestions=_suggestions(request, features, rows, open_rows),
    )


def _match_key(
    key: JoinKey, features: Columns, rows: Columns, open_rows: Sequence[int]
) -> tuple[list[Match], list[AmbiguousRow]]:
    comparable = code_key if key.by is JoinBy.CODE else name_key
    known: dict[str, list[int]] = defaultdict(list)
    for feature, value in enumerate(features[key.field]):
        text = comparable(value)
        if text:
            known[text].append(feature)
    matches: list[Match] = []
    ambiguous: list[AmbiguousRow] = []
    column = rows[key.column]
    for row in open_rows:
        found = known.get(comparable(column[row]), [])
        said = code_key(column[row])
        if len(found) == 1:
            matches.append(Match(row, found[0], key.by, said))
        elif found:
            ambiguous.append(AmbiguousRow(row, tuple(found), key.by, said))
    return matches, ambiguous


def _part_doubled(matches: Sequence[Match]) -> tuple[list[Match], tuple[DoubledFeature, ...]]:
    rows_of: dict[int, list[int]] = defaultdict(list)
    for match in matches:
        rows_of[match.feature].append(match.row)
    doubled = {feature: sorted(rows) for feature, rows in rows_of.items() if len(rows) > 1}
    single = [match for match in matches if match.feature not in doubled]
    return single, tuple(DoubledFeature(feature, tuple(rows)) for feature, rows in sorted(doubled.items()))


def _suggestions(
    request: JoinRequest, features: Columns, rows: Columns, open_rows: Sequence[int]
) -> tuple[Any, ...]:
    key = next((one for one in request.keys if one.by is JoinBy.NAME), None)
    if key is None or not open_rows:
        return ()
    wanted = {row: name_key(rows[key.column][row]) for row in open_rows}
    return suggest(
        {row: name for row, name in wanted.items() if name},
        [name_key(value) for value in features[key.field]],
    )
