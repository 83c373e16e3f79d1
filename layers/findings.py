"""Something the user must know about data or a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from layers.words import N_, _


class Severity(StrEnum):
    """How much a finding weighs."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def words(self) -> str:
        """The weight in the user's language."""
        return _(_WORDS[self])


_WORDS = {
    Severity.NOTE: N_("Note"),
    Severity.WARNING: N_("Warning"),
    Severity.ERROR: N_("Error"),
}


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes
    ----------
    code : str
        Stable across languages, ``overlay.repaired_ring``.
    text : str
        One sentence in the user's language, with the numbers that matter.
    sources : mapping
        A layer's uid to the ``zs_uid`` of the features it is about.
    """

    code: str
    severity: Severity
    text: str
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
