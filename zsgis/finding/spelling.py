"""Chinese names as they are typed without an input method: initials and pinyin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

_FIRST_HAN, _LAST_HAN = "\u3400", "\u9fff"


@dataclass(frozen=True)
class Spelling:
    """A name in lower case, its initials and its pinyin without tones or spaces; empty without Chinese."""

    text: str
    initials: str = ""
    pinyin: str = ""


def has_han(text: str) -> bool:
    """Tell whether a text has Chinese characters."""
    return any(_FIRST_HAN <= sign <= _LAST_HAN for sign in text)


@lru_cache(maxsize=65_536)
def spelling(text: str) -> Spelling:
    """Return how a name is typed; other signs than Chinese stand for themselves, spaces are left out.

    A character with several readings is read as pypinyin's list of phrases has it in its place.
    """
    folded = text.lower()
    if not has_han(text):
        return Spelling(folded)
    from pypinyin import lazy_pinyin

    read: list[str] = []
    for han, run in groupby(folded, key=has_han):
        signs = "".join(run)
        read += lazy_pinyin(signs) if han else signs.replace(" ", "")
    return Spelling(folded, "".join(part[:1] for part in read), "".join(read))


def spelled_like(wanted: str, name: str) -> bool:
    """Tell whether a name holds what is typed: as it is written, by initials or by pinyin."""
    word = wanted.lower()
    if word in name.lower():
        return True
    known = spelling(name)
    plain = word.replace(" ", "")
    return bool(plain) and (plain in known.initials or plain in known.pinyin)
