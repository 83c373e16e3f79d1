"""Numbers out of what people type or paste as a place: degrees in all usual writings, plane coordinates."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

MOST_CHARACTERS = 200
_AXES = (("N", "S"), ("E", "W"), ("X",), ("Y",))

_SIGNS = str.maketrans(
    {
        "′": "'",
        "’": "'",
        "‘": "'",
        "＇": "'",
        "″": '"',
        "”": '"',
        "“": '"',
        "＂": '"',
        "º": "°",
        "度": "°",
        "分": "'",
        "秒": '"',
        "，": ";",
        "、": ";",
        "；": ";",
        "−": "-",
        "–": "-",
        "—": "-",
        "－": "-",
        "：": ":",
    }
)
# longer words first; each letter says which axis a number is on
_WORDS = (
    ("北纬", "N"),
    ("南纬", "S"),
    ("东经", "E"),
    ("西经", "W"),
    ("纬°", "N"),
    ("经°", "E"),
    ("LATITUDE", "N"),
    ("LONGITUDE", "E"),
    ("LAT", "N"),
    ("LON", "E"),
    ("LNG", "E"),
    ("纵坐标", "X"),
    ("横坐标", "Y"),
    ("北", "N"),
    ("东", "E"),
    ("B", "N"),
    ("L", "E"),
)
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?![\d,])")
_PIECE = re.compile(
    r"(?P<chain>\d+-\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?(?![\d-]))"
    r"|(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+))"
    r"|(?P<letter>[NSEWXY])"
    r"|(?P<mark>[°'\"])"
    r"|(?P<split>[,;\t\n/|])"
    r"|(?P<blank>[ \r:=()]+)"
)


@dataclass(frozen=True)
class TypedNumber:
    """One of two numbers of a place.

    Attributes
    ----------
    value : float
        Degrees where it is an angle, else as written.
    axis : str
        ``N``, ``S``, ``E``, ``W``, ``X`` or ``Y`` where it was said, else empty. South and west are negative.
    is_angle : bool
        Written with degrees, minutes or seconds.
    """

    value: float
    axis: str = ""
    is_angle: bool = False


@dataclass
class _Part:
    """What belongs to one number: up to degrees, minutes and seconds."""

    values: list[str]
    axis: str = ""
    marked: bool = False


def typed_pair(text: str) -> tuple[TypedNumber, TypedNumber] | None:
    """Return the two numbers of a place in the order they were written; None where it is none.

    Understood are ``22.52, 113.38``, ``22°31′12.5″N 113°22′48″E``, ``22-31-12.5 113-22-48``,
    ``22 31 12.5 113 22 48``, ``N22.52 E113.38``, ``北纬22度31分``, ``X=2491514.243 Y=436212.615``,
    ``2,491,514.243 436,212.615``, all of it in full width too.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    plain = _plain(text)
    for form in (plain, _THOUSANDS.sub(lambda found: found.group().replace(",", ""), plain)):
        parts = _parts(form)
        if parts is not None:
            numbers = [_number(part) for part in _two(parts)]
            if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None:
                return None if _one_axis(numbers[0], numbers[1]) else (numbers[0], numbers[1])
    return None


def _one_axis(first: TypedNumber, second: TypedNumber) -> bool:
    """Tell whether both numbers are said to be on one axis."""
    return any(first.axis in axis and second.axis in axis for axis in _AXES)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    plain = plain.replace("''", '"').strip().upper()
    for word, letter in _WORDS:
        plain = plain.replace(word, letter)
    return plain


def _parts(plain: str) -> list[_Part] | None:
    """Cut a text into parts: at separators, at letters, and where another degree mark begins one."""
    pieces: list[tuple[str, str]] = []
    place = 0
    while place < len(plain):
        found = _PIECE.match(plain, place)
        if found is None or found.lastgroup is None:
            return None
        pieces.append((found.lastgroup, found.group()))
        place = found.end()
    pieces = [piece for piece in pieces if piece[0] != "blank"]
    letters_lead = bool(pieces) and pieces[0][0] == "letter"
    parts = [_Part([])]
    for (kind, text), (_following, mark) in pairwise([*pieces, ("end", "")]):
        _take(parts, kind, text, starts=letters_lead, degrees=mark == "°")
    return [part for part in parts if part.values or part.axis]


def _take(parts: list[_Part], kind: str, text: str, *, starts: bool, degrees: bool) -> None:
    begun = bool(parts[-1].values)
    begins = kind == "number" and begun and (degrees or text[0] in "+-")
    if begins or kind == "split" or (kind == "letter" and starts) or (kind == "chain" and begun):
        parts.append(_Part([]))
    now = parts[-1]
    if kind == "letter":
        now.axis = text
        if not starts:
            parts.append(_Part([]))
    elif kind == "chain":
        now.values += text.split("-")
        now.marked = True
    elif kind == "number":
        now.values.append(text)
    elif kind == "mark":
        now.marked = True


def _two(parts: list[_Part]) -> list[_Part]:
    """Return the parts as two: numbers that nothing separates are shared out evenly."""
    if len(parts) == 1 and not parts[0].axis and len(parts[0].values) in (2, 4, 6):
        values = parts[0].values
        half = len(values) // 2
        return [_Part(values[:half], "", half > 1), _Part(values[half:], "", half > 1)]
    return parts


def _number(part: _Part) -> TypedNumber | None:
    if not 1 <= len(part.values) <= 3:
        return None
    numbers = [float(value) for value in part.values]
    small = all(0 <= number < 60 for number in numbers[1:])
    whole = all(number == int(number) for number in numbers[:-1])
    if not all(map(math.isfinite, numbers)) or not small or not whole:
        return None
    negative = part.values[0].startswith("-")
    value = sum(abs(number) / 60**place for place, number in enumerate(numbers))
    value = -value if negative != (part.axis in ("S", "W")) else value
    return TypedNumber(value, part.axis, part.marked or len(numbers) > 1)
