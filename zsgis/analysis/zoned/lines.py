"""The exact table of zones by columns, in 0.01 m2, and the features behind every figure in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from layers.words import _
from zsgis.analysis.zone_names import deduction_name, outside_name
from zsgis.analysis.zoned.model import IntArray, Measured, Shapes, Zones
from zsgis.overlay import REMAINDER


@dataclass(frozen=True)
class Line:
    """A row of the exact table: a zone, what lies outside all, or what is deducted as counted twice."""

    name: str
    zone: int
    zone_uid: str = ""
    deduction: bool = False


@dataclass(frozen=True)
class LineTable:
    """The exact table and its sources.

    Attributes
    ----------
    lines : tuple of Line, length rows
    cents : ndarray of int64, shape (rows, columns)
        Adds up to the layer's area: what zones over each other count twice is deducted in a row of its own.
    line : ndarray of int64, shape (pieces,)
        Row of each piece.
    column : ndarray of int64, shape (features,)
        Column of each feature.
    """

    lines: tuple[Line, ...]
    cents: IntArray
    line: IntArray
    column: IntArray
    measured: Measured

    @cached_property
    def _by_line(self) -> tuple[IntArray, IntArray]:
        order = np.argsort(self.line, kind="stable")
        return order, np.searchsorted(self.line[order], np.arange(len(self.lines) + 1))

    def pieces(self, number: int | None) -> IntArray:
        """Return the positions of the pieces behind a row; of all pieces for None, the grand total.

        Behind a deduction stand the pieces of the features that lie in zones over each other.
        """
        if number is None:
            return np.arange(len(self.line))
        if self.lines[number].deduction:
            return np.flatnonzero(self.measured.overlap_cents[self.measured.overlay.feature] > 0)
        order, start = self._by_line
        return order[start[number] : start[number + 1]]

    def features(self, pieces: IntArray) -> IntArray:
        """Return the places of the distinct features of some pieces."""
        return np.unique(self.measured.overlay.feature[pieces])

    def behind(self, number: int | None, columns: Sequence[int] | None = None) -> IntArray:
        """Return the places of the features behind a row, in some of its columns or in all."""
        pieces = self.pieces(number)
        if columns is not None:
            pieces = pieces[np.isin(self.column[self.measured.overlay.feature[pieces]], columns)]
        return self.features(pieces)


def line_table(
    features: Shapes, zones: Zones | None, measured: Measured, column: IntArray, columns: int
) -> LineTable:
    """Return the exact table of zones by ``columns`` groups of features.

    Parameters
    ----------
    column : ndarray of int64, shape (features,)
        Column of each feature, 0 to ``columns`` - 1.
    """
    lines, row_of = _lines(features, zones, measured)
    line = row_of[measured.zone]
    cents = np.zeros((len(lines), columns), dtype=np.int64)
    np.add.at(cents, (line, column[measured.overlay.feature]), measured.cents)
    if lines and lines[-1].deduction:
        np.add.at(cents[-1], column, -measured.overlap_cents)
    return LineTable(lines, cents, line, column, measured)


def _lines(features: Shapes, zones: Zones | None, measured: Measured) -> tuple[tuple[Line, ...], IntArray]:
    """Return the rows, and the row of each zone number (the last entry serves -1, outside)."""
    if zones is None:
        return (Line(features.layer_name, 0),), np.zeros(2, dtype=np.int64)
    lines = [
        Line(name, number, uid)
        for number, (name, uid) in enumerate(zip(zones.names, zones.uids, strict=True))
    ]
    row_of = np.arange(len(lines) + 1)
    if (measured.zone == REMAINDER).any():
        lines.append(Line(outside_name(), REMAINDER))
    if measured.overlap_cents.any():
        lines.append(Line(deduction_name(), REMAINDER, deduction=True))
    return tuple(lines), row_of


def zones_note() -> str:
    """Return the note under a table of zones."""
    return _("A parcel that lies in several zones is counted in each; the total counts it once.")
