"""What is wrong with a filter, and where in its text."""

from __future__ import annotations

from enum import StrEnum

from layers.errors import InputError
from layers.words import _


class Wanted(StrEnum):
    """What may stand at a place of a filter; completion offers it."""

    VALUE = "value"
    COMPARISON = "comparison"
    JOINT = "joint"
    LIST = "list"
    OTHER = "other"


class FilterError(InputError):
    """A filter that cannot be used.

    Attributes
    ----------
    position, length : int
        The characters that are meant, counted from 0.
    wanted : Wanted
        What may stand there instead.
    at_end : bool
        The text stops too early: whoever types has not finished.
    """

    def __init__(
        self,
        what: str,
        position: int,
        length: int = 1,
        *,
        remedy: str = "",
        wanted: Wanted = Wanted.OTHER,
        at_end: bool = False,
    ) -> None:
        super().__init__(what, where=_("character {number}").format(number=position + 1), remedy=remedy)
        self.position = position
        self.length = length
        self.wanted = wanted
        self.at_end = at_end

    def __str__(self) -> str:
        """Return the message as one sentence, the place first."""
        text = _("Character {number}: {what}").format(number=self.position + 1, what=self.what)
        return f"{text} {self.remedy}".rstrip()
