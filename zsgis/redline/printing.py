"""The lines of a section, printed so that they add up: in hectares, and in per cent of the red line."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from layers.ownership import Ownership
from zsgis.analysis.zone_names import deduction_name
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table, printed_unit
from zsgis.redline.classes import Reading
from zsgis.redline.cutting import Cut, IntArray
from zsgis.redline.model import ClassKey, Line, LineRole
from zsgis.redline.near import Near
from zsgis.redline.rules import Effect, RedlineSettings

SHARE_DIGITS = 2


def lines_of(
    cut: Cut, near: Near, reading: Reading, rest_name: str, settings: RedlineSettings
) -> tuple[tuple[Line, ...], IntArray]:
    """Return a section's lines, and the line of each piece of the cut, the rest's last.

    One table is rounded for the section: ownerships by classes, with the deduction and the rest as columns
    of their own; great and coarse classes are its subtotals. So any table made from the lines adds up.
    """
    keys, owners = reading.keys(near), reading.owners(near)
    classes = reading.ordered([keys[f] for f in cut.feature.tolist()])
    present = {owners[f] for f in cut.feature.tolist()}
    known = (*(owner for owner in Ownership if owner in present), None)
    row_of = {owner: number for number, owner in enumerate(known)}
    column_of = {key: place for place, key in enumerate(classes)}
    row = np.array([row_of[owners[f]] for f in cut.feature.tolist()], dtype=np.int64)
    column = np.array([column_of[keys[f]] for f in cut.feature.tolist()], dtype=np.int64)
    cents = np.zeros((len(known), len(classes) + 2), dtype=np.int64)
    np.add.at(cents, (row, column), cut.cents)
    none = row_of[None]
    cents[none, -2], cents[none, -1] = -cut.overlap_cents, cut.rest_cents
    groups = _groups(classes)
    in_ha = balance_table(cents, printed_unit("ha", settings.ha_digits), groups=groups)
    percent = PrintedUnit("percent", "%", SHARE_DIGITS, Fraction(10**SHARE_DIGITS * 100, cut.total_cents))
    shares = balance_table(cents, percent, groups=groups)
    printed = _Printed(cents, in_ha, shares)
    lines: list[Line] = []
    of_piece = np.full(len(cut.feature) + len(cut.rest), -1, dtype=np.int64)
    for place, key in enumerate(classes):
        for number, owner in enumerate(known):
            mine = np.flatnonzero((row == number) & (column == place))
            if mine.size:
                of_piece[mine] = len(lines)
                line = printed.line(number, place, LineRole.CLASS, key, owner)
                lines.append(_filled(line, cut, near, mine, reading.effect(key)))
    if cut.overlap_cents:
        key = ClassKey(deduction_name())
        lines.append(printed.line(none, -2, LineRole.DEDUCTION, key, None))
    if len(cut.rest):
        of_piece[len(cut.feature) :] = len(lines)
        lines.append(
            printed.line(
                none,
                -1,
                LineRole.REST,
                ClassKey(rest_name),
                None,
                effect=reading.rule.weighed(reading.rule.rest),
                sliver=cut.rest_sliver,
            )
        )
    return tuple(lines), of_piece


class _Printed:
    """The section's table in cents, hectares and per cent."""

    def __init__(self, cents: IntArray, ha: PrintedTable, percent: PrintedTable) -> None:
        self._cents = cents
        self._ha = ha
        self._percent = percent

    def line(
        self,
        row: int,
        column: int,
        role: LineRole,
        key: ClassKey,
        owner: Ownership | None,
        *,
        effect: Effect = Effect.INFO,
        sliver: bool = False,
    ) -> Line:
        """Return the line of one cell."""
        return Line(
            role=role,
            key=key,
            ownership=owner,
            cents=int(self._cents[row, column]),
            ha=self._ha.unit.value(int(self._ha.cells[row, column])),
            percent=self._percent.unit.value(int(self._percent.cells[row, column])),
            effect=effect,
            sliver=sliver,
        )


def _filled(line: Line, cut: Cut, near: Near, pieces: IntArray, effect: Effect) -> Line:
    return dataclasses.replace(
        line,
        count=len(pieces),
        whole=int(cut.whole[pieces].sum()),
        sliver=bool(cut.sliver[pieces].all()),
        effect=effect,
        uids=tuple(near.uids[f] for f in cut.feature[pieces].tolist()),
    )


def _groups(classes: Sequence[ClassKey]) -> tuple[IntArray, ...]:
    """Return the numbers of great class and coarse class of each column; deduction and rest stand alone."""
    if len({(key.great_class, key.parent) for key in classes}) <= 1:
        return ()
    great = _numbered([key.great_class for key in classes])
    coarse = _numbered([f"{key.great_class}\0{key.parent}" for key in classes])
    return great, coarse


def _numbered(names: Sequence[str]) -> IntArray:
    order = {name: place for place, name in enumerate(dict.fromkeys(names))}
    numbers = [order[name] for name in names]
    return np.array([*numbers, len(order), len(order) + 1], dtype=np.int64)
