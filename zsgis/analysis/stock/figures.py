"""The exact table of the stock: zones as rows, classes as columns, in 0.01 m2, with the parcels behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from layers.classification import Standard
from zsgis.analysis.stock.model import UNCLASSIFIED, IntArray, Land, Measured, Rules, Zones
from zsgis.analysis.zone_names import deduction_name, outside_name
from zsgis.overlay import REMAINDER


@dataclass(frozen=True)
class ClassTree:
    """The classes told apart, and what they are grouped under.

    Attributes
    ----------
    codes : tuple of str
        The classes of the columns, in the standard's order; unclassified last.
    column : ndarray of int64, shape (parcels,)
        Column of each parcel.
    groups : tuple of ndarray of int64, shape (columns,)
        Group number of each column per coarser level, coarsest first.
    group_codes : tuple of tuple of str
        The groups' codes, per level.
    """

    codes: tuple[str, ...]
    column: IntArray
    groups: tuple[IntArray, ...]
    group_codes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Line:
    """A row of the exact table: a zone, what lies outside all, or what is deducted as counted twice."""

    name: str
    zone: int
    zone_uid: str = ""
    deduction: bool = False


@dataclass(frozen=True)
class Figures:
    """The exact table and its sources.

    Attributes
    ----------
    lines : tuple of Line, length rows
    cents : ndarray of int64, shape (rows, columns)
        The table adds up to the land layer's area: what zones over each other count twice is deducted in
        a row of its own.
    line : ndarray of int64, shape (pieces,)
        Row of each piece.
    """

    tree: ClassTree
    lines: tuple[Line, ...]
    cents: IntArray
    line: IntArray
    measured: Measured

    @cached_property
    def _by_line(self) -> tuple[IntArray, IntArray]:
        order = np.argsort(self.line, kind="stable")
        return order, np.searchsorted(self.line[order], np.arange(len(self.lines) + 1))

    def pieces(self, number: int | None) -> IntArray:
        """Return the positions of the pieces behind a row; of all pieces for None, the grand total.

        Behind a deduction stand the pieces of the parcels that lie in zones over each other.
        """
        if number is None:
            return np.arange(len(self.line))
        if self.lines[number].deduction:
            return np.flatnonzero(self.measured.overlap_cents[self.measured.overlay.feature] > 0)
        order, start = self._by_line
        return order[start[number] : start[number + 1]]

    def parcels(self, pieces: IntArray) -> IntArray:
        """Return the distinct parcels of some pieces."""
        return np.unique(self.measured.overlay.feature[pieces])


def class_tree(codes: tuple[str, ...], rules: Rules) -> ClassTree:
    """Return the classes at the level asked for, and the levels above it."""
    standard = rules.standard
    finest = 99 if rules.level == "full" else int(rules.level)
    shown = {code: standard.ancestor(code, finest) if code else UNCLASSIFIED for code in set(codes)}
    columns = _ordered(set(shown.values()), standard)
    place = {code: number for number, code in enumerate(columns)}
    column = np.array([place[shown[code]] for code in codes], dtype=np.int64)
    groups, group_codes = [], []
    for level in (1, 2):
        above = [standard.ancestor(code, level) if code else UNCLASSIFIED for code in columns]
        distinct = _ordered(set(above), standard)
        if level < finest and len(distinct) < len(columns):
            number = {code: i for i, code in enumerate(distinct)}
            groups.append(np.array([number[code] for code in above], dtype=np.int64))
            group_codes.append(distinct)
    return ClassTree(columns, column, tuple(groups), tuple(group_codes))


def _ordered(codes: set[str], standard: Standard) -> tuple[str, ...]:
    return tuple(sorted(codes, key=lambda code: (code == UNCLASSIFIED, standard.sort_key(code))))


def figures(land: Land, zones: Zones | None, rules: Rules, measured: Measured) -> Figures:
    """Return the exact table of zones and classes."""
    tree = class_tree(land.codes, rules)
    lines, row_of = _lines(land, zones, measured)
    line = row_of[measured.zone]
    cents = np.zeros((len(lines), len(tree.codes)), dtype=np.int64)
    np.add.at(cents, (line, tree.column[measured.overlay.feature]), measured.cents)
    if lines and lines[-1].deduction:
        np.add.at(cents[-1], tree.column, -measured.overlap_cents)
    return Figures(tree, lines, cents, line, measured)


def _lines(land: Land, zones: Zones | None, measured: Measured) -> tuple[tuple[Line, ...], IntArray]:
    """Return the rows, and the row of each zone number (the last entry serves -1, outside)."""
    if zones is None:
        return (Line(land.layer_name, 0),), np.zeros(2, dtype=np.int64)
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


Answer = Callable[[str], bool | None]


@dataclass(frozen=True)
class Purposes:
    """Land by what its class tells: construction, industrial, research.

    Attributes
    ----------
    kinds : tuple of tuple
        (construction, industrial, research) of each column; None where the class does not tell.
    cents : ndarray of int64, shape (rows, columns)
    """

    kinds: tuple[tuple[bool | None, bool | None, bool | None], ...]
    cents: IntArray


def purposes(land: Land, rules: Rules, table: Figures) -> Purposes:
    """Return the exact table by purpose; its rows add up to those of the class table."""
    standard = rules.standard
    answers: tuple[Answer, ...] = (
        lambda code: standard.is_construction(code, rules.land_class3),
        standard.is_industrial,
        standard.is_research,
    )
    told = {code: tuple(ask(code) for ask in answers) for code in set(land.codes)}
    kinds = sorted(set(told.values()), key=lambda kind: [str(k) for k in kind])
    place = {kind: number for number, kind in enumerate(kinds)}
    column = np.array([place[told[code]] for code in land.codes], dtype=np.int64)
    cents = np.zeros((len(table.lines), len(kinds)), dtype=np.int64)
    measured = table.measured
    np.add.at(cents, (table.line, column[measured.overlay.feature]), measured.cents)
    if table.lines and table.lines[-1].deduction:
        np.add.at(cents[-1], column, -measured.overlap_cents)
    return Purposes(tuple((k[0], k[1], k[2]) for k in kinds), cents)
