"""What matching a table's rows with a layer's features found; nothing is joined that is not listed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class JoinBy(StrEnum):
    """By what a row found its feature."""

    CODE = "code"
    NAME = "name"
    PLACE = "place"


@dataclass(frozen=True)
class JoinKey:
    """A field of the layer and the column of the table that are compared.

    Codes must be equal to the last sign; names are compared without blanks, brackets and width of letters.
    """

    field: str
    column: str
    by: JoinBy = JoinBy.CODE


@dataclass(frozen=True)
class JoinRequest:
    """How rows are to find their features.

    Attributes
    ----------
    keys : tuple of JoinKey
        Tried in this order; a row that has found its feature is not asked again.
    by_place : bool
        Rows that found none by a key look where their point lies.
    distance : float
        How far the nearest feature may be from a point that lies in none, in the unit of the layer's system;
        0 takes only features that hold the point.
    """

    keys: tuple[JoinKey, ...] = ()
    by_place: bool = False
    distance: float = 0.0


@dataclass(frozen=True)
class Match:
    """A row and its feature, both counted from 0; ``said`` is the value or the distance they met by."""

    row: int
    feature: int
    by: JoinBy
    said: str


@dataclass(frozen=True)
class AmbiguousRow:
    """A row that fits several features."""

    row: int
    features: tuple[int, ...]
    by: JoinBy
    said: str


@dataclass(frozen=True)
class DoubledFeature:
    """A feature that several rows fit."""

    feature: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Suggestion:
    """A feature whose name is like an unmatched row's; never taken by itself.

    ``likeness`` is Dice's coefficient of the pairs of neighbouring signs, 0 to 1.
    """

    row: int
    feature: int
    likeness: float


@dataclass(frozen=True)
class JoinPlan:
    """Which row goes to which feature.

    Attributes
    ----------
    matches : tuple of Match
        One row to one feature; rows of ``ambiguous`` and ``doubled`` are not among them.
    unmatched : tuple of int
        Rows that fit no feature.
    untouched : tuple of int
        Features that no row fits.
    """

    matches: tuple[Match, ...]
    ambiguous: tuple[AmbiguousRow, ...] = ()
    doubled: tuple[DoubledFeature, ...] = ()
    unmatched: tuple[int, ...] = ()
    untouched: tuple[int, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def one_to_one(self) -> bool:
        """Whether every row fits one feature at most and every feature one row at most."""
        return not self.ambiguous and not self.doubled


@dataclass(frozen=True)
class Conflict:
    """A value of the table that differs from the one the feature has already."""

    feature: int
    row: int
    column: str
    there: Any
    new: Any


@dataclass(frozen=True)
class JoinedColumns:
    """The values that a join brings.

    Attributes
    ----------
    values : mapping
        By field of the layer: value by feature, for the features that get one; blanks of the table bring
        nothing.
    conflicts : tuple of Conflict
        Values that are there and differ; ``values`` holds the table's.
    """

    values: Mapping[str, Mapping[int, Any]]
    conflicts: tuple[Conflict, ...] = ()
