"""What a report consists of, before it is a file: chapters of headings, texts, tables, pictures, notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from layers.words import N_, _
from zsgis.ledger.standing import RunStanding
from zsgis.result import Table

FigureKey = tuple[str, str, str]
"""Table of the report, row, column: what a figure is found under in another issue."""


class Change(StrEnum):
    """How a figure moved since the last issue."""

    UP = "up"
    DOWN = "down"
    OTHER = "other"
    NEW = "new"

    @property
    def mark(self) -> str:
        """A sign beside the figure, so that the change is not told by colour alone."""
        return _MARKS[self]

    @property
    def words(self) -> str:
        """The change in the user's language."""
        return _(_WORDS[self])


_MARKS = {Change.UP: "↑", Change.DOWN: "↓", Change.OTHER: "≠", Change.NEW: "＋"}
_WORDS = {
    Change.UP: N_("risen"),
    Change.DOWN: N_("fallen"),
    Change.OTHER: N_("not the same"),
    Change.NEW: N_("new figure"),
}


@dataclass(frozen=True)
class Heading:
    """A heading within a chapter."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; what is between ``{ref:KEY}`` names a table or picture of the report by its key."""

    text: str
    listed: bool = False


@dataclass(frozen=True)
class Notice:
    """What must not be overlooked: something is missing, or no longer holds."""

    text: str


@dataclass(frozen=True)
class ReportTable:
    """A table of the report.

    Attributes
    ----------
    key : str
        Stays the same from issue to issue.
    table : Table
        What is printed; in Word the first ``most`` rows that are no totals, and all totals.
    labels : tuple of str
        What each row is called; no two the same.
    runs : tuple of RunStanding
        The runs its figures come from.
    row_runs : tuple of str, one a row
        The run of each row, where rows have runs of their own; else empty.
    stale : tuple of str
        Why its figures are no longer current, a sentence each; empty where they are.
    stale_rows : frozenset of int
        Rows that are no longer current, where not all are.
    source : str
        Where the figures come from, one line.
    figures : frozenset of str
        Columns of text that hold figures, each with digits of its own.
    changes : mapping of (row, column key) to Change
        Figures that are another than in the last issue.
    """

    key: str
    table: Table
    labels: tuple[str, ...]
    runs: tuple[RunStanding, ...] = ()
    row_runs: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    stale_rows: frozenset[int] = frozenset()
    source: str = ""
    most: int = 1_000
    figures: frozenset[str] = frozenset()
    changes: Mapping[tuple[int, str], Change] = field(default_factory=dict)

    def is_stale(self, row: int) -> bool:
        """Whether the figures of a row are no longer current."""
        return bool(self.stale) or row in self.stale_rows


@dataclass(frozen=True)
class ReportPicture:
    """A chart or map as PNG, its size on paper in mm."""

    key: str
    title: str
    png: bytes
    width_mm: float
    height_mm: float
    source: str = ""


Content = Heading | Paragraph | Notice | ReportTable | ReportPicture


@dataclass(frozen=True)
class Chapter:
    """A chapter, or an annex."""

    key: str
    title: str
    contents: tuple[Content, ...]
    wide: bool = False
    annex: bool = False


@dataclass(frozen=True)
class Report:
    """A report ready to be written.

    Attributes
    ----------
    marks : tuple of str
        What must stand on the title page and at the head of every page: demonstration or schematic data.
    secrecy : str
        The highest of what it was made from; empty where none is stated.
    date : str
        As printed.
    """

    title: str
    subtitle: str
    organisation: str
    header: str
    date: str
    secrecy: str
    marks: tuple[str, ...]
    chapters: tuple[Chapter, ...]

    @property
    def tables(self) -> tuple[ReportTable, ...]:
        """All tables, in order."""
        return tuple(c for chapter in self.chapters for c in chapter.contents if isinstance(c, ReportTable))
