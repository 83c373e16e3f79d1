"""What an officer wants to see of a table, and the rows that answer it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.progress import NoProgress, Progress, ProgressPart
from zsgis.tabulation.columns import Mask, Rows
from zsgis.tabulation.shelf import ColumnShelf


@dataclass(frozen=True, eq=False)
class Arrangement:
    """What is wanted.

    Attributes
    ----------
    sort : str
        The field to sort by; empty keeps the order in which rows are stored.
    text : str
        What is typed; ``names`` are the fields looked in, ``only_column`` that it is a single one by choice.
    finds : bool
        The rows found are told and all are shown.
    selected : Mask or None
        Only these rows are to be shown; None for all.
    """

    sort: str = ""
    descending: bool = False
    text: str = ""
    names: tuple[str, ...] = ()
    only_column: bool = False
    finds: bool = False
    selected: Mask | None = None


@dataclass(frozen=True, eq=False)
class Arranged:
    """The answer: rows in their order (None for all as stored), and which were found, if any was asked."""

    rows: Rows | None
    found: Mask | None


def arranged(shelf: ColumnShelf, wanted: Arrangement, progress: Progress | None = None) -> Arranged:
    """Return the rows that are wanted.

    Raises
    ------
    FilterError
        When an expression cannot be understood.
    """
    reporter = progress or NoProgress()
    found = shelf.matching(
        wanted.text, wanted.names, only_column=wanted.only_column, progress=ProgressPart(reporter, 0.0, 0.5)
    )
    order = None
    if wanted.sort:
        part = ProgressPart(reporter, 0.5, 1.0)
        order = shelf.order(wanted.sort, descending=wanted.descending, progress=part)
    mask = None if wanted.finds else found
    return Arranged(_rows(order, mask, wanted.selected), found)


def _rows(order: Rows | None, mask: Mask | None, selected: Mask | None) -> Rows | None:
    wanted = mask if selected is None else selected if mask is None else mask & selected
    if wanted is None:
        return order
    return np.flatnonzero(wanted) if order is None else order[wanted[order]]
