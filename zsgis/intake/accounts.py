"""What became of each file: the account that the command prints and the window shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.findings import Finding
from layers.words import N_, _

if TYPE_CHECKING:
    from layers.errors import ZsgisError
    from layers.importing.bringing import ImportReport


class Fate(StrEnum):
    """What became of a file."""

    LAYER = "layer"
    PICTURE = "picture"
    TABLE = "table"
    UNSURE = "unsure"
    REFUSED = "refused"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The fate in the user's language."""
        return _(_WORDS[self])


_WORDS = {
    Fate.LAYER: N_("imported"),
    Fate.PICTURE: N_("put into the map"),
    Fate.TABLE: N_("table without shapes"),
    Fate.UNSURE: N_("not sure"),
    Fate.REFUSED: N_("refused"),
    Fate.OTHER: N_("no data"),
}


@dataclass(frozen=True)
class FileAccount:
    """What became of one layer of a file, or of a file as a whole.

    Attributes
    ----------
    source_layer : str
        Layer of the file; empty where it is about the whole.
    text : str
        One line for people, without the file's name.
    facts : mapping
        The same and more for programs, JSON-able.
    """

    path: Path
    fate: Fate
    text: str
    source_layer: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def line(self, folder: Path) -> str:
        """Return the account as one line, the file named as seen from ``folder``."""
        try:
            name = str(self.path.relative_to(folder))
        except ValueError:
            name = str(self.path)
        place = f"{name} [{self.source_layer}]" if self.source_layer else name
        return "\t".join([place, self.fate.words, self.text])

    def document(self) -> dict[str, Any]:
        """Return the account for programs."""
        return {
            "file": str(self.path),
            "source_layer": self.source_layer,
            "fate": str(self.fate),
            "text": self.text,
            **self.facts,
            "findings": [
                {"code": each.code, "severity": str(each.severity), "text": each.text}
                for each in self.findings
            ],
        }


def account_of_import(path: Path, report: ImportReport, source_layer: str = "") -> FileAccount:
    """Return the account of a layer that was taken in."""
    from layers.guard.taken_as import describe

    taken = describe(report.decisions.taken_as)
    text = _("“{layer}”: {count} features; {crs}").format(
        layer=report.layer.name, count=f"{report.written:,}", crs=taken
    )
    facts = {
        "layer": report.layer.name,
        "uid": report.layer.uid,
        "kind": report.layer.kind,
        "format": report.intake.format_key,
        "read": report.read,
        "written": report.written,
        "taken_as": report.decisions.taken_as.text,
        "crs": report.layer.crs.to_string(),
        "encoding": report.intake.data.encoding,
        "standard": report.decisions.standard,
        "units": dict(report.decisions.units),
        "mapping": dict(report.mapping),
        "examination": report.intake.examination.to_json(),
    }
    return FileAccount(path, Fate.LAYER, text, source_layer, facts, report.findings)


def account_of_error(path: Path, error: ZsgisError, source_layer: str = "") -> FileAccount:
    """Return the account of a file that was not taken in."""
    from layers.errors import UnknownFormatError
    from layers.importing.doubt import UncertainError

    told = {"what": error.what, "where": error.where, "remedy": error.remedy, "details": error.details}
    fate = Fate.REFUSED
    if isinstance(error, UncertainError):
        fate = Fate.UNSURE
    elif isinstance(error, UnknownFormatError):
        fate = Fate.OTHER
    return FileAccount(path, fate, str(error), source_layer, {"error": told, **error.facts})


def count_by_fate(accounts: Sequence[FileAccount]) -> dict[str, int]:
    """Return how many accounts there are of each fate, for programs."""
    return {str(fate): sum(each.fate is fate for each in accounts) for fate in Fate}
