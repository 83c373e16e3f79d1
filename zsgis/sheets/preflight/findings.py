"""A finding on a sheet: what it is about, whether it stops the export, and its number in the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from layers.findings import Finding, Severity
from zsgis.sheets.layout import Box


@dataclass(frozen=True)
class SheetFinding:
    """One finding on one sheet.

    Attributes
    ----------
    code : str
        Stable across languages, ``sheet.title``.
    text : str
        One sentence in the user's language.
    blocking : bool
        Whether the sheet must not be exported with it.
    sheet : str
        Name of the sheet.
    number : int
        From 1 in the list it stands in; 0 before it stands in one.
    page : int
        From 0.
    box : Box or None
        Where on the page, for a finding that has a place.
    """

    code: str
    text: str
    blocking: bool = False
    sheet: str = ""
    number: int = 0
    page: int = 0
    box: Box | None = None

    def told(self) -> Finding:
        """Return it as the finding a command prints."""
        severity = Severity.ERROR if self.blocking else Severity.WARNING
        return Finding(self.code, severity, f"{self.number}. {self.sheet}：{self.text}")


def numbered(findings: Iterable[SheetFinding]) -> tuple[SheetFinding, ...]:
    """Return the findings numbered from 1, blocking ones first, else in their order."""
    ranked = sorted(findings, key=lambda finding: not finding.blocking)
    return tuple(replace(finding, number=number) for number, finding in enumerate(ranked, 1))
