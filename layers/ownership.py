"""Whose land it is: the nation's (国有) or a collective's (集体), as codes and words of surveys tell it."""

from __future__ import annotations

from enum import StrEnum

from layers.words import _


class Ownership(StrEnum):
    """Whose land it is."""

    NATIONAL = "national"
    COLLECTIVE = "collective"
    UNCLEAR = "unclear"


_WORDS = {"国有": Ownership.NATIONAL, "集体": Ownership.COLLECTIVE}
# QSXZ of the land survey (layers/code_names.py): 1x and 2x are the nation's land, 3x and 4x a collective's
_FIRST_DIGITS = {
    "1": Ownership.NATIONAL,
    "2": Ownership.NATIONAL,
    "3": Ownership.COLLECTIVE,
    "4": Ownership.COLLECTIVE,
}


def ownership_of(value: object) -> Ownership:
    """Return whose land a value of an ownership field names; unclear for none, and for anything else.

    A code counts by its first digit, words by what they begin with: 国有土地使用权 is the nation's.
    """
    text = "" if value is None else str(value).strip()
    for words, whose in _WORDS.items():
        if text.startswith(words):
            return whose
    if len(text) == 2 and text.isascii() and text.isdigit():
        return _FIRST_DIGITS.get(text[0], Ownership.UNCLEAR)
    return Ownership.UNCLEAR


def ownership_words(whose: Ownership) -> str:
    """Return an ownership in the user's language."""
    return {
        Ownership.NATIONAL: _("State-owned"),
        Ownership.COLLECTIVE: _("Collective"),
        Ownership.UNCLEAR: _("Ownership unclear"),
    }[whose]
