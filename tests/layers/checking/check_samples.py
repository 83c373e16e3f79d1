"""Small layers with known faults, and the check of them in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from layers.checking.model import CheckReport, FeatureNames
from layers.checking.rules import checking_rules
from layers.checking.run import check_layer
from layers.checking.subject import Columns, Subject
from layers.kinds import kind
from layers.progress import NoProgress
from layers.ragged import ragged_of

GAUSS_KRUEGER = pyproj.CRS(4547)
EAST, NORTH = 436_000.0, 2_491_000.0
"""A corner in the middle of the city."""


def subject(
    shapes: Sequence[Any],
    values: Mapping[str, Sequence[Any]] | None = None,
    *,
    kind_key: str = "zones",
    standard: str = "",
    crs: pyproj.CRS | None = GAUSS_KRUEGER,
) -> Subject:
    """Return a layer of these shapes as they stand."""
    declared = kind(kind_key)
    held = np.empty(len(shapes), dtype=object)
    held[:] = list(shapes)
    columns = {name: pd.Series(list(each)) for name, each in (values or {}).items()}
    return Subject(
        name="layer",
        kind=declared,
        shapes=ragged_of(held, declared.geometry),
        columns=Columns(columns),
        called=FeatureNames(None, columns.get("name")),
        crs=crs,
        standard=standard,
    )


def check(
    shapes: Sequence[Any], values: Mapping[str, Sequence[Any]] | None = None, **how: Any
) -> CheckReport:
    """Check a layer of shapes near the corner of the city: coordinates count from there, in metres."""
    moved = [None if shape is None else here(shape) for shape in shapes]
    return check_layer(subject(moved, values, **how), checking_rules(), NoProgress())


def here(shape: Any) -> Any:
    """Return a shape moved from around 0, 0 to the city."""
    high = bool(shapely.has_z(shape))
    moved = np.array([EAST, NORTH, 0.0] if high else [EAST, NORTH])
    return shapely.transform(shape, lambda coords: coords + moved, include_z=high)


def found(report: CheckReport, rule: str) -> list[tuple[int, int, float | None]]:
    """Return row, other row and figure (4 digits) of a rule's findings."""
    findings = [report.finding(number) for number in report.numbers(rule)]
    return [
        (one.row, one.other_row, None if one.figure is None else round(one.figure, 4)) for one in findings
    ]


def broken(report: CheckReport) -> set[str]:
    """Return the rules that are broken."""
    return {one.rule for one in report.hits}


def box(west: float, south: float, east: float, north: float) -> Any:
    """Return a rectangle."""
    return shapely.box(west, south, east, north)
