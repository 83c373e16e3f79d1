"""A filter's text cut into words, numbers, texts and signs; nothing is interpreted here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from layers.filtering.errors import FilterError
from layers.filtering.fields import folded
from layers.filtering.vocabulary import BASES, COMPARISONS, FUNCTIONS, KEYWORDS
from layers.units import UNIT_WORDS
from layers.words import _

MOST_CHARACTERS = 4000
"""So long a filter may be."""


class TokenKind(StrEnum):
    """What a piece of text is."""

    WORD = "word"
    NUMBER = "number"
    TEXT = "text"
    NAME = "name"
    QUOTED = "quoted"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True)
class Token:
    """A piece of a filter.

    Attributes
    ----------
    kind : TokenKind
        ``NAME`` is a field in brackets; ``QUOTED`` stands in straight double quotes: a field's name as in
        SQL, or a text.
    value : str
        A text without its quotes, a word folded, a number in half width.
    keys : tuple of str
        What a word means as a keyword; empty where it is none.
    start, end : int
        Its characters in the filter.
    """

    kind: TokenKind
    value: str
    start: int
    end: int
    keys: tuple[str, ...] = ()


_OWN = {"、": ",", "−": "-", "–": "-", "×": "*", "÷": "/", "≠": "≠", "。": "."}
_RUN = re.compile(r"(?:\w|[㎡㎢]|(?<=\d)\.(?=\d))+")
_NUMBER = re.compile(r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?")
_SIGNS = re.compile(r"<>|!=|==|>=|<=|=>|=<|&&|\|\||[=<>≠≥≤(),+\-*/%]")
_SAME_SIGN = {"!=": "<>", "≠": "<>", "==": "=", "≥": ">=", "=>": ">=", "≤": "<=", "=<": "<="}
_CLOSING = {
    **dict.fromkeys("‘’", "‘’"),
    **dict.fromkeys("“”", "“”"),
    "'": "'",
    "＇": "＇'",
    '"': '"',
    "＂": '＂"',
    "「": "」",
    "『": "』",
    "[": "]",
    "［": "］]",
    "【": "】",
    "`": "`",
}
_NAMES = "[［【`"
_LANGUAGE = frozenset((*KEYWORDS, *FUNCTIONS, *BASES, *UNIT_WORDS))


def tokens(text: str, field_words: AbstractSet[str] = frozenset()) -> tuple[Token, ...]:
    """Return the pieces of a filter, an end mark last.

    Parameters
    ----------
    field_words : set of str
        Names of fields, folded: Chinese is written without blanks, and ``面积大于10亩且地类编码='0101'`` is
        cut where known words meet.

    Raises
    ------
    FilterError
        For a quotation mark or bracket that is not closed, a sign that means nothing, or too long a text.
    """
    if len(text) > MOST_CHARACTERS:
        raise FilterError(
            _("a filter may have {most} characters.").format(most=f"{MOST_CHARACTERS:,}"), MOST_CHARACTERS
        )
    plain = "".join(_half_width(character) for character in text)
    known = _LANGUAGE | field_words
    found: list[Token] = []
    place = 0
    while place < len(text):
        if plain[place].isspace():
            place += 1
            continue
        pieces = _pieces(text, plain, place, known)
        found += pieces
        place = pieces[-1].end
    return (*found, Token(TokenKind.END, "", len(text), len(text)))


def _half_width(character: str) -> str:
    """Return the character in half width; always one, so that places stay."""
    if character in _OWN:
        return _OWN[character]
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character


def _pieces(text: str, plain: str, place: int, known: AbstractSet[str]) -> list[Token]:
    if text[place] in _CLOSING:
        return [_enclosed(text, place)]
    number = _NUMBER.match(plain, place)
    run = _RUN.match(plain, place)
    if number is not None and (run is None or number.end() >= run.end()):
        return [Token(TokenKind.NUMBER, number.group(), place, number.end())]
    if run is not None:
        return _words(run.group(), place, known)
    sign = _SIGNS.match(plain, place)
    if sign is None:
        raise FilterError(
            _("“{sign}” means nothing here.").format(sign=text[place]),
            place,
            remedy=_("A text stands in quotation marks."),
        )
    value = _SAME_SIGN.get(sign.group(), sign.group())
    keys = (value,) if value in COMPARISONS else KEYWORDS.get(value, ())
    return [Token(TokenKind.SIGN, value, place, sign.end(), keys)]


def _enclosed(text: str, start: int) -> Token:
    opening = text[start]
    closing = _CLOSING[opening]
    place = start + 1
    letters: list[str] = []
    while place < len(text):
        if text[place] in closing:
            if text[place + 1 : place + 2] != text[place]:
                return Token(_enclosed_kind(opening), "".join(letters), start, place + 1)
            place += 1  # doubled: the mark itself
        letters.append(text[place])
        place += 1
    raise FilterError(
        _("what is opened here with {mark} is not closed.").format(mark=opening), start, at_end=True
    )


def _enclosed_kind(opening: str) -> TokenKind:
    if opening in _NAMES:
        return TokenKind.NAME
    return TokenKind.QUOTED if opening in '"＂' else TokenKind.TEXT


def _words(run: str, offset: int, known: AbstractSet[str]) -> list[Token]:
    """Cut a run of letters where known words meet; what is not made of known words stays whole."""
    ends = _best_ends(run, known)
    if ends[0] is None:
        return [Token(TokenKind.WORD, folded(run), offset, offset + len(run))]
    found: list[Token] = []
    place = 0
    while place < len(run):
        end = ends[place] or len(run)
        piece = run[place:end]
        if folded(piece) not in known:
            found.append(Token(TokenKind.NUMBER, piece, offset + place, offset + end))
        else:
            word = folded(piece)
            found.append(Token(TokenKind.WORD, word, offset + place, offset + end, KEYWORDS.get(word, ())))
        place = end
    return found


def _best_ends(run: str, known: AbstractSet[str]) -> list[int | None]:
    """Return for each place the end of the longest piece from which the rest can be cut too."""
    longest = max((len(word) for word in known), default=1)
    size = len(run)
    low = "".join(letter.casefold() if len(letter.casefold()) == 1 else letter for letter in run)
    ends: list[int | None] = [None] * size
    for start in range(size - 1, -1, -1):
        for end in range(min(size, start + longest), start, -1):
            open_end = end == size or (ends[end] is not None and _may_part(run, end))
            if open_end and low[start:end] in known:
                ends[start] = end
                break
        number = _NUMBER.match(run, start)
        if ends[start] is None and number is not None:
            end = number.end()
            if end == size or (ends[end] is not None and not run[end].isdigit()):
                ends[start] = end
    return ends


def _may_part(run: str, place: int) -> bool:
    """Tell whether two words may meet: Latin letters and digits run on, Chinese does not."""
    return not (run[place - 1].isascii() and run[place].isascii())
