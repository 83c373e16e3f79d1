"""What an analysis returns: tables with units, findings, and the record of the run that made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from layers.findings import Finding, Severity
from zsgis.charts import Chart, ResultGrid, ResultMap
from zsgis.parcel_pages import ParcelPages

__all__ = [
    "Adjustment",
    "Column",
    "Finding",
    "InputRecord",
    "NotDerivable",
    "Result",
    "Row",
    "RowRole",
    "RunRecord",
    "Severity",
    "Table",
]


class RowRole(StrEnum):
    """What a table row is, so that every writer can set it apart."""

    BODY = "body"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@dataclass(frozen=True)
class Column:
    """One column of a result table.

    Attributes
    ----------
    key : str
    title : str
        In the user's language, without the unit.
    unit : str
        As printed in the header: ``公顷``, ``亩``, ``%``; empty for text and counts.
    digits : int or None
        Digits printed after the point; None for text.
    group : str
        Heading over several neighbouring columns; empty means none.
    """

    key: str
    title: str
    unit: str = ""
    digits: int | None = None
    group: str = ""


@dataclass(frozen=True)
class Row:
    """One row: its values by column key, and the features its figures come from.

    A value is text, int, float, None (not applicable) or :class:`NotDerivable`. A number is what is printed:
    already rounded and balanced, so that a writer only formats it.
    ``sources`` maps a layer's uid to the ``zs_uid`` of the features behind the row.
    """

    values: Mapping[str, Any]
    role: RowRole = RowRole.BODY
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class NotDerivable:
    """A figure that the data cannot give, with the reason; printed as words, never as a number."""

    reason: str


@dataclass(frozen=True)
class Table:
    """A result table, ready to be shown, printed or written.

    Attributes
    ----------
    whole : bool
        Rows without figures are statements, too ("not touched", "not checked"), and always shown.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    whole: bool = False


@dataclass(frozen=True)
class InputRecord:
    """One input of a run, with what proves that it was this and no other data."""

    role: str
    layer_uid: str
    name: str
    kind: str
    version: int
    feature_count: int
    sha256: str
    crs: str
    standard: str = ""
    area_basis: str = ""


@dataclass(frozen=True)
class RunRecord:
    """How a result came about: enough to run it again and to defend it."""

    uid: str
    capability: str
    started: str
    seconds: float
    program_version: str
    parameters: Mapping[str, Any]
    inputs: tuple[InputRecord, ...]
    method: tuple[str, ...]
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Adjustment:
    """One figure that forced balance changed: who got how much, in the table's printed unit."""

    table: str
    item: str
    unit: str
    before: float
    after: float


@dataclass(frozen=True)
class Result:
    """The outcome of a capability.

    ``facts`` are figures outside the tables (balances, counts), by stable key.
    ``demo`` says that demonstration data took part: sheets and files made from it carry the watermark.
    ``secrecy`` is the highest secrecy among the inputs; empty means none stated.
    """

    capability: str
    title: str
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]
    adjustments: tuple[Adjustment, ...]
    run: RunRecord
    facts: Mapping[str, Any] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()
    maps: tuple[ResultMap, ...] = ()
    grids: tuple[ResultGrid, ...] = ()
    pages: ParcelPages | None = None
    demo: bool = False
    schematic: bool = False
    secrecy: str = ""

    def table(self, key: str) -> Table:
        """Return the table with this key.

        Raises
        ------
        KeyError
            When the result has no such table.
        """
        for candidate in self.tables:
            if candidate.key == key:
                return candidate
        raise KeyError(key)
