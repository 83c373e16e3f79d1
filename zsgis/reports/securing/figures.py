"""The figures of a report, under keys that stay from issue to issue, and held against the last issue."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from zsgis.reports.securing.blocks import Change, FigureKey, Report, ReportTable
from zsgis.reports.word.table_setting import shown
from zsgis.result import Column


@dataclass(frozen=True)
class IssuedFigure:
    """A figure as it was printed.

    Attributes
    ----------
    words : str
        As printed; a figure that is no longer current says so in ``stale``.
    run : str
        The number of its run, or of several.
    """

    title: str
    words: str
    unit: str
    run: str
    stale: bool = False


@dataclass(frozen=True)
class Moved:
    """A figure that is another than in the last issue; None stands for an issue without it."""

    key: FigureKey
    before: IssuedFigure | None
    after: IssuedFigure | None

    @property
    def figure(self) -> IssuedFigure:
        """The figure now; where it is gone, as it was."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of nothing")
        return found

    @property
    def difference(self) -> float | None:
        """After less before, where both are numbers."""
        if self.before is None or self.after is None:
            return None
        before, after = number_of(self.before.words), number_of(self.after.words)
        return None if before is None or after is None else after - before

    @property
    def change(self) -> Change:
        """How it moved."""
        difference = self.difference
        if self.before is None:
            return Change.NEW
        if difference is None or difference == 0:
            return Change.OTHER
        return Change.UP if difference > 0 else Change.DOWN


def number_of(words: str) -> float | None:
    """Return a printed number; None where it is none."""
    try:
        return float(words.replace(",", ""))
    except ValueError:
        return None


def figures_of_report(report: Report) -> dict[FigureKey, IssuedFigure]:
    """Return every figure that a report prints in its tables."""
    return {key: figure for table in report.tables for key, figure in _table_figures(table).items()}


def _table_figures(table: ReportTable) -> dict[FigureKey, IssuedFigure]:
    found: dict[FigureKey, IssuedFigure] = {}
    own = "、".join(str(standing.number) for standing in table.runs)
    for place, (row, label) in enumerate(zip(table.table.rows, table.labels, strict=True)):
        run = table.row_runs[place] if table.row_runs else own
        for column in table.table.columns:
            value = row.values.get(column.key)
            if value is None or not _is_figure(table, column):
                continue
            title = " · ".join(part for part in (table.table.title, label, column.title) if part)
            words = shown(value, column)
            found[table.key, label, column.key] = IssuedFigure(
                title, words, column.unit, run, table.is_stale(place)
            )
    return found


def _is_figure(table: ReportTable, column: Column) -> bool:
    return column.digits is not None or column.key in table.figures


def moved_figures(
    before: Mapping[FigureKey, IssuedFigure], after: Mapping[FigureKey, IssuedFigure]
) -> tuple[Moved, ...]:
    """Return the figures that are another now, new ones, and last those that are gone."""
    changed = [
        Moved(key, before.get(key), figure)
        for key, figure in after.items()
        if key not in before or before[key].words != figure.words
    ]
    gone = [Moved(key, figure, None) for key, figure in before.items() if key not in after]
    return (*changed, *gone)


def new_tables(moved: tuple[Moved, ...], before: Mapping[FigureKey, IssuedFigure]) -> dict[str, int]:
    """Return the tables that the last issue did not have at all, with how many figures each."""
    known = {table for table, _row, _column in before}
    return dict(Counter(each.key[0] for each in moved if each.key[0] not in known))


def marked(report: Report, moved: tuple[Moved, ...]) -> Report:
    """Return a report whose figures that moved are marked."""
    changes = {each.key: each.change for each in moved if each.after is not None}
    chapters = tuple(
        dataclasses.replace(
            chapter,
            contents=tuple(
                _marked_table(content, changes) if isinstance(content, ReportTable) else content
                for content in chapter.contents
            ),
        )
        for chapter in report.chapters
    )
    return dataclasses.replace(report, chapters=chapters)


def _marked_table(table: ReportTable, changes: Mapping[FigureKey, Change]) -> ReportTable:
    found = {
        (place, column.key): changes[table.key, label, column.key]
        for place, label in enumerate(table.labels)
        for column in table.table.columns
        if (table.key, label, column.key) in changes
    }
    return dataclasses.replace(table, changes=found)
