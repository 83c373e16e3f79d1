"""A run as the project keeps it, read back.

Records of older programs lack what was not kept then; what newer ones hold besides is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

EXPORT = "export"
"""What stands in place of an analysis in an entry of the register of exports."""
NO_FIGURES = ("merge", EXPORT)
"""Records that are no analyses: there is nothing to verify in them."""


class Kept(BaseModel):
    """An entry that was kept: what a newer program wrote besides is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class KeptInput(Kept):
    """One input, with the fingerprint of what it held; ``layer_uid`` is empty for a file from outside."""

    role: str = ""
    layer_uid: str = ""
    name: str = ""
    kind: str = ""
    version: int = 0
    feature_count: int = 0
    sha256: str = ""
    crs: str = ""
    standard: str = ""
    area_basis: str = ""


class KeptRule(Kept):
    """A rule file that decided something.

    Attributes
    ----------
    role : str
        What the run called it.
    file : str
        Its name among the shipped rules, or the path of a bureau's own.
    version : str
        The day it states.
    """

    role: str
    file: str
    title: str
    version: str
    status: str
    source: str
    sha256: str


class KeptColumn(Kept):
    """A column of a kept table; ``digits`` is None for text."""

    key: str
    title: str = ""
    unit: str = ""
    digits: int | None = None


class KeptRow(Kept):
    """A row: its values by column key, as JSON holds them; a figure that was not derivable is an object."""

    values: Mapping[str, Any]
    role: str = "body"


class KeptTable(Kept):
    """A table's figures.

    Attributes
    ----------
    rows : tuple of KeptRow
        All rows, or of a very long table its subtotals and totals only.
    left_out : int
        How many rows were not kept.
    sha256 : str
        Over all rows, so that a change in those left out is noticed.
    """

    key: str
    title: str = ""
    columns: tuple[KeptColumn, ...] = ()
    rows: tuple[KeptRow, ...] = ()
    left_out: int = 0
    sha256: str = ""


class KeptRun(Kept):
    """One run.

    Attributes
    ----------
    started : str
        UTC, ISO 8601.
    who, machine : str
        Empty where the record is older than this was kept.
    rules : mapping
        What decided, in words; ``rule_files`` are those of them that are files.
    figures : mapping
        Figures outside the tables.
    sources : str
        The parcels behind the rows, packed; see :mod:`zsgis.run_records.sources`. Empty where none were kept.
    sources_left_out : int
        How many features stood behind the rows where they were too many to keep.
    """

    uid: str
    capability: str
    title: str = ""
    started: str = ""
    seconds: float = 0.0
    who: str = ""
    machine: str = ""
    program_version: str = ""
    parameters: Mapping[str, Any] = {}
    inputs: tuple[KeptInput, ...] = ()
    method: tuple[str, ...] = ()
    rules: Mapping[str, str] = {}
    rule_files: tuple[KeptRule, ...] = ()
    figures: Mapping[str, Any] = {}
    tables: tuple[KeptTable, ...] = ()
    sources: str = ""
    sources_left_out: int = 0
    demo: bool = False
    schematic: bool = False
    secrecy: str = ""

    def table(self, key: str) -> KeptTable | None:
        """Return a table by its key; None where the run has none such."""
        return next((table for table in self.tables if table.key == key), None)


@dataclass(frozen=True)
class UnreadableRun:
    """A record that is no run this program understands."""

    uid: str
    capability: str
    started: str
    reason: str


def kept_runs(records: Iterable[Mapping[str, Any]]) -> tuple[KeptRun | UnreadableRun, ...]:
    """Return the records of a project as runs, in their order."""
    return tuple(_read(record) for record in records)


def _read(record: Mapping[str, Any]) -> KeptRun | UnreadableRun:
    try:
        return KeptRun.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return UnreadableRun(
            uid=str(record.get("uid", "")),
            capability=str(record.get("capability", "")),
            started=str(record.get("started", "")),
            reason=f"{where}: {first['msg']}",
        )
