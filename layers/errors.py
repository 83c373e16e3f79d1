"""What can go wrong, as sentences an officer can act on: what, where, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ZsgisError(Exception):
    """Base of every error the program raises on purpose.

    Parameters
    ----------
    what : str
        One sentence, in the user's language, that says what is wrong.
    where : str
        File, layer, feature or cell; empty where ``what`` says it already.
    remedy : str
        What the user can do about it.
    details : str
        Technical text that folds out; never needed to understand the message.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "", details: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy
        self.details = details

    @property
    def facts(self) -> Mapping[str, Any]:
        """What programs may want to know besides the words, JSON-able."""
        return {}

    def __str__(self) -> str:
        """Return the message as one line of text."""
        parts = [self.what]
        if self.where and self.where not in self.what:
            parts.insert(0, f"{self.where}:")
        if self.remedy:
            parts.append(self.remedy)
        return " ".join(parts)


class UsageError(ZsgisError):
    """The call itself is wrong: an unknown kind, capability or option."""


class InputError(ZsgisError):
    """What was handed in cannot be used."""


class UnknownFormatError(InputError):
    """A file is of no family that is read."""


class CrsError(InputError):
    """A coordinate system is missing, wrong, or cannot be reached without guessing."""


class GeometryError(InputError):
    """A shape cannot be used, or not for this."""


class ProjectFileError(InputError):
    """The project file cannot be read or written."""


class StaleEditError(InputError):
    """A feature was changed or removed by something else since an edit was thought out."""


class BlockedUndoError(StaleEditError):
    """An edit cannot be taken back any more, and earlier ones wait behind it.

    Attributes
    ----------
    edit_uid : str
        The edit; the store can pass over it.
    """

    def __init__(self, error: StaleEditError, edit_uid: str) -> None:
        super().__init__(error.what, where=error.where, remedy=error.remedy, details=error.details)
        self.edit_uid = edit_uid


class NotAProjectError(ProjectFileError):
    """A GeoPackage that is in order, but holds map data and no project."""


class SecrecyError(InputError):
    """What is secret was about to leave the house."""


class JobCancelled(Exception):  # noqa: N818 - not an error: the user asked for it
    """The user stopped the job."""
