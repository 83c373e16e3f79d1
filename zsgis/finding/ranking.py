"""How well a short list of names, such as commands and layers, fits what is typed."""

from __future__ import annotations

from zsgis.finding.names import Rank
from zsgis.finding.spelling import spelling


def rank_of(word: str, name: str) -> Rank | None:
    """Return how well a name fits a word; None where not at all.

    Last of all a name fits whose letters, initials or pinyin hold the word's signs in their order.
    """
    typed = word.strip().lower()
    known = spelling(name)
    plain = typed.replace(" ", "")
    if not typed:
        return Rank.CONTAINS
    if known.text == typed:
        return Rank.EXACT
    for rank, fits in (
        (Rank.PREFIX, known.text.startswith(typed)),
        (Rank.INITIALS, known.initials.startswith(plain)),
        (Rank.CONTAINS, typed in known.text),
        (Rank.SPELLED, plain in known.pinyin or plain in known.initials),
        (Rank.FUZZY, len(plain) > 1 and any(_in_order(plain, form) for form in (known.text, known.pinyin))),
    ):
        if fits:
            return rank
    return None


def _in_order(word: str, text: str) -> bool:
    rest = iter(text)
    return all(sign in rest for sign in word)
