"""The exact table of the stock: zones as rows, classes as columns, in 0.01 m2, with the parcels behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from layers.classification import Standard
from zsgis.analysis.classes import UNCLASSIFIED
from zsgis.analysis.stock.model import Land, Rules
from zsgis.analysis.zoned import IntArray, LineTable, Measured, Zones, line_table


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
class Figures:
    """The exact table of zones by classes, and what its columns are."""

    tree: ClassTree
    table: LineTable


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
    return Figures(tree, line_table(land, zones, measured, tree.column, len(tree.codes)))


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


def purposes(land: Land, zones: Zones | None, rules: Rules, table: LineTable) -> Purposes:
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
    told_by = line_table(land, zones, table.measured, column, len(kinds))
    return Purposes(tuple((k[0], k[1], k[2]) for k in kinds), told_by.cents)
