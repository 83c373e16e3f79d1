"""Chinese names as they are typed without an input method: initials and pinyin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_HAN = re.compile("[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Spelling:
    """A name in lower case, its initials and its pinyin without tones or spaces; empty without Chinese."""

    text: str
    initials: str = ""
    pinyin: str = ""


def has_han(text: str) -> bool:
    """Tell whether a text has Chinese characters."""
    return _HAN.search(text) is not None


@lru_cache(maxsize=65_536)
def spelling(text: str) -> Spelling:
    """Return how a name is typed; other signs than Chinese stand for themselves, spaces are left out.

    A character with several readings is read as pypinyin's list of phrases has it in its place.
    """
    folded = text.lower()
    initials, pinyin, end = "", "", 0
    for run in _HAN.finditer(folded):
        between = folded[end : run.start()].replace(" ", "")
        first, whole = _read(run[0])
        initials, pinyin, end = initials + between + first, pinyin + between + whole, run.end()
    if not end:
        return Spelling(folded)
    rest = folded[end:].replace(" ", "")
    return Spelling(folded, initials + rest, pinyin + rest)


@lru_cache(maxsize=65_536)
def _read(han: str) -> tuple[str, str]:
    """Return initials and pinyin of Chinese characters; numbered names share them, so each is read once."""
    from pypinyin import lazy_pinyin

    read = lazy_pinyin(han)
    return "".join(part[:1] for part in read), "".join(read)


def spelled_like(wanted: str, name: str) -> bool:
    """Tell whether a name holds what is typed: as it is written, by initials or by pinyin."""
    word = wanted.lower()
    if word in name.lower():
        return True
    known = spelling(name)
    plain = word.replace(" ", "")
    return bool(plain) and (plain in known.initials or plain in known.pinyin)
