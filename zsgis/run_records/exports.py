"""The register of exports (输出登记): what left a project, when, by whom, on whose word and why.

An export is a record among those of the project, so a file and a shared database keep it alike, a working
copy hands it in, and nothing written once is changed.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from layers.edits import Author
from layers.errors import UsageError
from layers.words import _
from zsgis import __version__
from zsgis.run_records.model import EXPORT, Kept

if TYPE_CHECKING:
    from layers.store import Project

SHEET, REPORT, WEBMAP = "sheet", "report", "webmap"
"""Sorts of exports, besides those that rooms of their own name."""


@dataclass(frozen=True)
class Approval:
    """On whose word something secret leaves the house, and why.

    Raises
    ------
    UsageError
        When only one of the two is stated.
    """

    by: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        if bool(self.by.strip()) != bool(self.why.strip()):
            raise UsageError(
                _("An approval says who approved and why."), remedy=_("State both, or neither of them.")
            )

    @property
    def given(self) -> bool:
        """Whether anybody approved."""
        return bool(self.by.strip())


@dataclass(frozen=True)
class FileNote:
    """A file as the register names it; ``path`` is where it was written to."""

    name: str
    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class ExportNote:
    """What is entered of an export.

    Attributes
    ----------
    what : str
        Which sort: ``evidence``, ``sheet``, ``report`` …
    secrecy : str
        The highest of what it was made from; empty where none is stated.
    use : str
        What a sheet is for.
    review : str
        The state of a sheet's 审图号, and in ``review_word`` its reason or number; empty where not stated.
    overridden : tuple of str
        Findings that would have stopped the export, but for the approval.
    """

    what: str
    title: str
    files: tuple[FileNote, ...]
    secrecy: str = ""
    approval: Approval = field(default_factory=Approval)
    demo: bool = False
    use: str = ""
    review: str = ""
    review_word: str = ""
    overridden: tuple[str, ...] = ()


class KeptFile(Kept):
    """A file of an export as it was kept."""

    name: str
    path: str = ""
    sha256: str = ""
    size: int = 0


class KeptExport(Kept):
    """An entry of the register; ``started`` is UTC, ISO 8601."""

    uid: str
    what: str
    title: str = ""
    started: str = ""
    who: str = ""
    machine: str = ""
    program_version: str = ""
    secrecy: str = ""
    demo: bool = False
    approved_by: str = ""
    why: str = ""
    use: str = ""
    review: str = ""
    review_word: str = ""
    overridden: tuple[str, ...] = ()
    files: tuple[KeptFile, ...] = ()


def record_export(project: Project, note: ExportNote) -> str:
    """Enter an export in the project's register; return the entry's uid.

    Raises
    ------
    ProjectFileError
        When the project cannot be written.
    """
    author = Author.here()
    return project.record_run(
        {
            "uid": str(uuid.uuid4()),
            "capability": EXPORT,
            "what": note.what,
            "title": note.title,
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "who": author.name,
            "machine": author.machine,
            "program_version": __version__,
            "secrecy": note.secrecy,
            "demo": note.demo,
            "approved_by": note.approval.by.strip(),
            "why": note.approval.why.strip(),
            "use": note.use,
            "review": note.review,
            "review_word": note.review_word,
            "overridden": list(note.overridden),
            "files": [asdict(file) for file in note.files],
        }
    )


def exports_of(project: Project, *whats: str) -> tuple[KeptExport, ...]:
    """Return the entries of the register, oldest first, of some sorts or all.

    Entries that cannot be read are left out.
    """
    found: list[KeptExport] = []
    for record in project.runs():
        if record.get("capability") != EXPORT or (whats and record.get("what") not in whats):
            continue
        try:
            found.append(KeptExport.model_validate(record))
        except ValidationError:
            continue
    return tuple(found)


def export_lines(exports: Sequence[KeptExport]) -> list[list[str]]:
    """Return the register as rows of text, a file each, the headings first."""
    rows = [
        [
            _("When"),
            _("Who"),
            _("Computer"),
            _("Sort"),
            _("Title"),
            _("File"),
            _("SHA-256"),
            _("Secrecy"),
            _("Approved by"),
            _("Reason"),
            _("Use of the sheet"),
            _("Map review"),
            _("Let through"),
        ]
    ]
    for one in exports:
        for file in one.files or (KeptFile(name=""),):
            rows.append(
                [
                    one.started,
                    one.who,
                    one.machine,
                    one.what,
                    one.title,
                    file.name,
                    file.sha256,
                    one.secrecy,
                    one.approved_by,
                    one.why,
                    one.use,
                    f"{one.review}={one.review_word}" if one.review_word else one.review,
                    "；".join(one.overridden),
                ]
            )
    return rows
