"""Cells of the dashboard as they are shown: figures with their digits, what is lacking, what is stale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layers.words import _
from zsgis.dashboard.model import BoardCell, BoardProject, Measure, Sources, merged
from zsgis.dashboard.projects import summed
from zsgis.printed_balance import PrintedUnit

UNITS = ("ha", "mu")
DIGITS = 2


def stale_text(text: str, *, stale: bool) -> str:
    """Return a figure as shown; one whose run no longer holds says so."""
    return _("{value} (stale)").format(value=text) if stale and text else text


def to_be_entered(count: int) -> str:
    """Return how many areas are lacking, a sentence; empty for none."""
    return _("{count} projects: area to be entered").format(count=f"{count:,}") if count else ""


def count_cell(projects: Sequence[BoardProject], more: Sources | None = None) -> BoardCell:
    """Return a number of projects; nothing is shown for none."""
    number = len(projects)
    sources = merged([more or {}, *(project.sources for project in projects)])
    return BoardCell(float(number), f"{number:,}" if number else "", sources)


def area_cell(
    projects: Sequence[BoardProject],
    measure: Measure,
    steps: int,
    unit: PrintedUnit,
    *,
    reasons: tuple[str, ...] = (),
) -> BoardCell:
    """Return the area of projects as printed; where none of them states one that is due, that is said.

    Parameters
    ----------
    steps : int
        The sum as printed in a table that adds up.
    reasons : tuple of str
        Why the figure no longer holds; empty where it does.
    """
    _total, known, lacking = summed(projects, measure)
    counted = [project for project in projects if measure in project.cents]
    sources = merged([project.sources for project in counted])
    if not known:
        return BoardCell(None, _("to be entered") if lacking else "", sources, to_be_entered(lacking))
    value, stale = unit.value(steps), bool(reasons)
    note = "\n".join(filter(None, (to_be_entered(lacking), *reasons)))
    return BoardCell(value, stale_text(f"{value:,.{unit.digits}f}", stale=stale), sources, note, stale)


def printed_sums(groups: Sequence[Sequence[Sequence[BoardProject]]], measure: Measure) -> np.ndarray:
    """Return the sums of an area over a table of projects, in 0.01 m2, shape (rows, columns)."""
    sums = [[summed(cell, measure)[0] for cell in row] for row in groups]
    columns = len(groups[0]) if groups else 1
    return np.array(sums, dtype=np.int64).reshape(len(groups), columns)
