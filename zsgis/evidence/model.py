"""What is asked of an evidence folder, what came of it, and what looking at one again found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from zsgis.run_records.exports import Approval, KeptExport

if TYPE_CHECKING:
    from zsgis.plan import Plan
    from zsgis.result import Result

WHAT = "evidence"
"""What the register of exports calls one."""
FORM = "zsgis-evidence"
FORM_VERSION = 1
README, MANIFEST, SUMS = "README.txt", "manifest.json", "SHA256SUMS"
INPUTS, RULES, RUNS, SHEETS, LEDGER, LOG = "inputs", "rules", "runs", "sheets", "ledger", "log"


@dataclass(frozen=True)
class EvidenceOrder:
    """What an evidence folder is asked to hold.

    Attributes
    ----------
    out : Path
        The ZIP file.
    on : date
        The day of its ledger.
    moment : datetime
        When it is made, with its zone; all its entries bear this time.
    folders, lights : tuple of Path, str
        The bureau's folders of plans, and its own rule for lights by its path.
    again : bool
        Run every recorded analysis again; else inputs, rules and program are compared only.
    results : mapping
        Results that are still at hand, by the uid of their run: their charts and maps are put in.
    overwrite : bool
        Replace a file that exists.
    """

    out: Path
    plan: Plan
    on: dt.date
    moment: dt.datetime
    folders: tuple[Path, ...] = ()
    lights: str = ""
    again: bool = True
    approval: Approval = field(default_factory=Approval)
    results: Mapping[str, Result] = field(default_factory=dict)
    overwrite: bool = False


@dataclass(frozen=True)
class EvidenceReport:
    """What was written.

    Attributes
    ----------
    sha256 : str
        Of the whole file, as the register of exports keeps it.
    files, holding, runs : int
        Entries in it; how many of its runs still hold.
    notes : tuple of str
        What is not in it, and why; a sentence each.
    registered : bool
        Whether the export stands in the project's register: not where the project may only be read.
    """

    path: Path
    sha256: str
    files: int
    runs: int
    holding: int
    secrecy: str
    notes: tuple[str, ...]
    registered: bool


@dataclass(frozen=True)
class EvidenceCheck:
    """What looking at an evidence folder found.

    Attributes
    ----------
    made : str
        When it was made, as it says itself.
    files : int
        How many entries have the SHA-256 that is stated for them.
    faults : tuple of str
        Entries that are damaged, missing or too many, a sentence each; empty where it is whole.
    changes : tuple of str
        What became of the project since, a sentence each; empty where nothing, or no project was given.
    registered : KeptExport or None
        The entry of the project's register that names exactly this file.
    """

    path: Path
    made: str
    files: int
    faults: tuple[str, ...]
    changes: tuple[str, ...] = ()
    registered: KeptExport | None = None

    @property
    def whole(self) -> bool:
        """Whether every entry is what it was when the folder was made."""
        return not self.faults
