"""What a dashboard shows, as data: parts of rows and cells, each cell with the features behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from layers.words import N_, _

Sources = Mapping[str, tuple[str, ...]]
"""Features, ``zs_uid`` by layer uid."""


class Measure(StrEnum):
    """What a table of projects counts."""

    PROJECTS = "projects"
    WANTED = "wanted"
    APPROVED = "approved"
    SUPPLIED = "supplied"
    PLANNED = "planned"

    @property
    def words(self) -> str:
        """The measure in the user's language."""
        return _(_MEASURES[self])


_MEASURES = {
    Measure.PROJECTS: N_("Projects"),
    Measure.WANTED: N_("Area wanted"),
    Measure.APPROVED: N_("Area approved"),
    Measure.SUPPLIED: N_("Area supplied"),
    Measure.PLANNED: N_("Area recommended"),
}


class QuotaMeasure(StrEnum):
    """What a table of quotas states."""

    ASSIGNED = "assigned"
    USED = "used"
    LEFT = "left"
    PLANNED = "planned"

    @property
    def words(self) -> str:
        """The measure in the user's language."""
        return _(_QUOTA_MEASURES[self])


_QUOTA_MEASURES = {
    QuotaMeasure.ASSIGNED: N_("Assigned"),
    QuotaMeasure.USED: N_("Used"),
    QuotaMeasure.LEFT: N_("Left"),
    QuotaMeasure.PLANNED: N_("Drawn by the recommended plan"),
}


@dataclass(frozen=True)
class BoardProject:
    """A project of the register.

    Attributes
    ----------
    stage : int
        Place in the order of stages; -1 for one that has not begun.
    cents : mapping
        Areas in 0.01 m2 by measure; None where one should be stated and is not; without an entry where none
        is due yet.
    sources : mapping
        Its record and the parcels that the recommended plan gives it.
    """

    uid: str
    name: str
    platform: str
    stage: int
    rank: int
    cents: Mapping[Measure, int | None]
    sources: Sources


@dataclass(frozen=True)
class BoardColumn:
    """A column; ``digits`` is None for text."""

    title: str
    unit: str = ""
    digits: int | None = None


@dataclass(frozen=True)
class BoardCell:
    """One cell.

    Attributes
    ----------
    value : float or None
        None where there is nothing to state; never 0 in its place.
    text : str
        As shown.
    note : str
        What is to be said of it: what is missing, or why it no longer holds.
    stale : bool
        Its run no longer holds; the text says so, too.
    share : float or None
        How much of a whole it is, drawn as a bar; above 1 where it is more.
    """

    value: float | None
    text: str
    sources: Sources = field(default_factory=dict)
    note: str = ""
    stale: bool = False
    share: float | None = None


@dataclass(frozen=True)
class BoardRow:
    """A row; its first cell says what it is of."""

    cells: tuple[BoardCell, ...]
    total: bool = False


@dataclass(frozen=True)
class BoardPart:
    """One table of the dashboard.

    Attributes
    ----------
    note : str
        What is to be said of the whole: missing areas, a run that no longer holds.
    """

    key: str
    title: str
    columns: tuple[BoardColumn, ...]
    rows: tuple[BoardRow, ...]
    note: str = ""

    @property
    def unit(self) -> str:
        """The unit of all figures; empty where they have several."""
        units = {column.unit for column in self.columns if column.digits is not None}
        return units.pop() if len(units) == 1 else ""


@dataclass(frozen=True)
class Board:
    """All that a dashboard shows, in every measure and unit it offers.

    Attributes
    ----------
    projects : tuple of BoardProject
        Those of the register.
    platforms, quotas : mapping
        By measure and unit (``ha``, ``mu``).
    ranks : mapping
        By unit.
    lights : BoardPart or None
        None while the runs are still being looked at.
    """

    projects: tuple[BoardProject, ...]
    platforms: Mapping[tuple[Measure, str], BoardPart]
    quotas: Mapping[tuple[QuotaMeasure, str], BoardPart]
    ranks: Mapping[str, BoardPart]
    lights: BoardPart | None


def merged(parts: Collection[Sources]) -> dict[str, tuple[str, ...]]:
    """Return the features of several cells together, each once, in their order."""
    found: dict[str, dict[str, None]] = {}
    for sources in parts:
        for layer, uids in sources.items():
            found.setdefault(layer, {}).update(dict.fromkeys(uids))
    return {layer: tuple(uids) for layer, uids in found.items()}


def touches(sources: Sources, selection: Mapping[str, Collection[str]]) -> bool:
    """Tell whether any of these features is selected."""
    return any(
        not chosen.isdisjoint(sources[layer])
        for layer, chosen in ((layer, frozenset(uids)) for layer, uids in selection.items())
        if layer in sources
    )
