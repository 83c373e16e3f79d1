"""What may be written next in a filter: fields, comparisons, values of a domain, 且 and 或."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from layers.filtering.checking import check
from layers.filtering.errors import FilterError, Wanted
from layers.filtering.fields import FieldNames, FilterField, folded
from layers.filtering.parser import parse_syntax
from layers.filtering.tokens import Token, TokenKind, tokens
from layers.filtering.vocabulary import COMPARISONS, PATTERNS
from layers.kind import FieldType

MOST_OFFERS = 200
_QUOTES = "'‘’“”\"＇＂「『"
_COMPARING = ("=", "<>", ">", ">=", "<", "<=", "介于", "属于", "为空", "非空")
_SEARCHING = ("=", "<>", "包含", "开头是", "结尾是", "属于", "为空", "非空")
_MEASURING = ("图形面积(椭球)", "图形面积(平面)", "图形长度(椭球)", "图形长度(平面)")
# what may stand between a field and its value
_BETWEEN = frozenset((*COMPARISONS, *PATTERNS, "in", "not", "between", "with", "to"))


@dataclass(frozen=True)
class Offer:
    """Something that may be written: ``text``, and what it is in words."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Completion:
    """Offers in place of the characters ``start`` to ``end``."""

    start: int
    end: int
    offers: tuple[Offer, ...]


def complete(text: str, cursor: int, fields: Iterable[FilterField]) -> Completion:
    """Return what may stand at the cursor; what has been typed of it already narrows the offers."""
    names = FieldNames(fields)
    before = text[:cursor]
    for start in _starts(before, names):
        offers = tuple(_fitting(_offers(before[:start], names), before[start:]))[:MOST_OFFERS]
        if offers:
            return Completion(start, cursor, offers)
    return Completion(cursor, cursor, ())


def _starts(before: str, names: FieldNames) -> Iterator[int]:
    """Return where the word that is being typed may start, the longest first."""
    try:
        last = _last(tokens(before, names.words()))
    except FilterError as error:
        if error.at_end:
            yield error.position
        return
    if last is not None and last.end == len(before) and last.kind in (TokenKind.WORD, TokenKind.NUMBER):
        # Chinese is written without blanks: known words may stand right before it
        yield from range(last.start, last.end)
    yield len(before)


def _last(found: tuple[Token, ...]) -> Token | None:
    return found[-2] if len(found) > 1 else None


def _offers(before: str, names: FieldNames) -> Iterator[Offer]:
    """Return everything that may follow a text."""
    wanted = _wanted(before, names)
    if wanted is Wanted.JOINT:
        yield from (Offer("且"), Offer("或"))
    elif wanted is Wanted.COMPARISON:
        field = _field_before(before, names)
        text = field is not None and field.type is FieldType.TEXT
        yield from map(Offer, _SEARCHING if text else _COMPARING)
    elif wanted is Wanted.LIST:
        yield Offer("(")
    elif wanted is Wanted.VALUE:
        yield from _values(_field_before(before, names))
        yield from (Offer(field.title, " ".join((*field.met_as, field.name))) for field in names.fields)
        yield from map(Offer, _MEASURING)


def _wanted(before: str, names: FieldNames) -> Wanted:
    try:
        check(parse_syntax(before, names.words()), names)
    except FilterError as error:
        reaches_end = error.at_end or error.position + error.length >= len(before.rstrip())
        return error.wanted if reaches_end else Wanted.OTHER
    return Wanted.JOINT


def _field_before(before: str, names: FieldNames) -> FilterField | None:
    """Return the field whose value is being written."""
    for token in reversed(tokens(before, names.words())[:-1]):
        if token.kind in (TokenKind.WORD, TokenKind.NAME):
            field = names.find(token.value)
            if field is not None:
                return field
        passed = token.kind in (TokenKind.TEXT, TokenKind.NUMBER) or token.value in "(,"
        if not passed and not set(token.keys) <= _BETWEEN:
            return None
    return None


def _values(field: FilterField | None) -> Iterator[Offer]:
    if field is None:
        return
    if field.type is FieldType.BOOLEAN:
        yield from (Offer("是"), Offer("否"))
    for value, note in field.values:
        yield Offer("'" + value.replace("'", "''") + "'" if field.type is FieldType.TEXT else value, note)


def _fitting(offers: Iterable[Offer], typed: str) -> Iterator[Offer]:
    """Return the offers that have what is typed in them, those that begin with it first."""
    wanted = folded(typed).strip(_QUOTES)
    by_rank: dict[int, dict[str, Offer]] = {0: {}, 1: {}, 2: {}}
    for offer in offers:
        text, notes = folded(offer.text).strip(_QUOTES), folded(offer.note).split()
        if text == wanted or not any(wanted in word for word in (text, *notes)):
            continue
        rank = 0 if text.startswith(wanted) else 1 if any(word.startswith(wanted) for word in notes) else 2
        by_rank[rank].setdefault(offer.text, offer)
    for found in by_rank.values():
        yield from found.values()
