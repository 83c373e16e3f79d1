"""How much a text looks like one that somebody wrote, rather than one read in a wrong encoding.

Chinese that is read wrongly turns into rare characters, accented letters, signs and private characters.
So each character that is not ASCII counts by how common it is: level 1 of GB 2312-80 holds the 3,755 common
ones, level 2 the 3,008 less common ones, and level 1 of Big5 the 5,401 common traditional ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

_LEVEL_1_LEADS = range(0xB0, 0xD8)
_LEVEL_2_LEADS = range(0xD8, 0xF8)
_BIG5_LEVEL_1_LEADS = range(0xA4, 0xC7)
# Chinese punctuation, full-width signs, dashes and quotes, letterlike signs, roman and circled numbers, units
_SIGNS_MET = (
    (0x2010, 0x2040),
    (0x2100, 0x2180),
    (0x2460, 0x2500),
    (0x3000, 0x3040),
    (0x3200, 0x3400),
    (0xFF00, 0xFFF0),
)
_LATIN_LETTERS = (0x00C0, 0x02B0)
_OTHER_LETTERS = ((0x0370, 0x0530), (0x3040, 0x3100), (0xAC00, 0xD7B0))
_CHINESE = ((0x4E00, 0xA000), (0x3400, 0x4DC0), (0x20000, 0x323B0))


def plausibility(texts: Iterable[str]) -> float:
    """Return how much texts look written, 0 to 1; 1 where all is ASCII."""
    counts: Counter[str] = Counter()
    for text in texts:
        if not text.isascii():
            counts.update(text)
    weights = [(count, _weight(character)) for character, count in counts.items() if ord(character) > 0x7F]
    total = sum(count for count, _value in weights)
    return sum(count * value for count, value in weights) / total if total else 1.0


@lru_cache(maxsize=65_536)
def _weight(character: str) -> float:
    code = ord(character)
    if _within(code, _CHINESE):
        return _chinese_weight(character)
    if _within(code, _SIGNS_MET):
        return 0.9
    if _LATIN_LETTERS[0] <= code < _LATIN_LETTERS[1] and character.isalpha():
        return 0.6
    if _within(code, _OTHER_LETTERS):
        return 0.4
    return 0.2 if 0xA1 <= code < 0xC0 else 0.0


def _chinese_weight(character: str) -> float:
    simplified = _lead(character, "gb2312")
    if simplified in _LEVEL_1_LEADS:
        return 1.0
    if _lead(character, "big5") in _BIG5_LEVEL_1_LEADS:
        return 0.55
    return 0.7 if simplified in _LEVEL_2_LEADS else 0.4


def _lead(character: str, encoding: str) -> int:
    """Return the first byte of a character; 0 where the encoding does not have it."""
    try:
        return character.encode(encoding)[0]
    except UnicodeEncodeError:
        return 0


def _within(code: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(start <= code < end for start, end in ranges)
