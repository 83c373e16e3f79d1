"""Reads a filter: tokens in, parts out. Built by hand, so that each error says what is expected where.

condition   = joint { "or" joint }          joint = denied { "and" denied }
denied      = [ "not" ] test
test        = sum [ comparison sum | [ "not" ] "in" list | [ "not" ] "between" sum "and" sum
                  | [ "not" ] pattern sum | "is" [ "not" ] "null" ]
sum         = product { ("+" | "-") product }     product = signed { ("*" | "/") signed }
signed      = [ "-" | "+" ] ( number [ unit ] | text | field | function | "(" condition ")" )
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

from layers.filtering import syntax
from layers.filtering.errors import FilterError, Wanted
from layers.filtering.syntax import Part
from layers.filtering.tokens import Token, TokenKind, tokens
from layers.filtering.vocabulary import BASES, COMPARISONS, FUNCTIONS, PATTERNS
from layers.units import UNIT_WORDS
from layers.words import _

MOST_NESTED = 40
"""So deep brackets, functions and signs may stand in one another."""
MOST_TERMS = 100
"""So many values one sum or product may have."""


def parse_syntax(text: str, field_words: AbstractSet[str] = frozenset()) -> Part:
    """Return what a filter says; see :func:`layers.filtering.tokens.tokens` for ``field_words``.

    Raises
    ------
    FilterError
        With the place and what is expected there.
    """
    return _Parser(tokens(text, field_words), field_words).whole()


class _Parser:
    """Walks along the tokens once; ``_keys`` are what is left of a word that means several keys."""

    def __init__(self, found: tuple[Token, ...], field_words: AbstractSet[str]) -> None:
        self._tokens = found
        self._field_words = field_words
        self._place = 0
        self._keys = found[0].keys
        self._depth = 0

    def whole(self) -> Part:
        """Return the whole filter as one condition."""
        part = self._either()
        if self._now.kind is not TokenKind.END:
            raise self._expected(_("“且” or “或” is expected here."), Wanted.JOINT)
        return part

    @property
    def _now(self) -> Token:
        return self._tokens[self._place]

    @property
    def _last_end(self) -> int:
        return self._tokens[self._place - 1].end if self._place else 0

    def _step(self) -> Token:
        token = self._now
        if token.kind is not TokenKind.END:
            self._place += 1
            self._keys = self._now.keys
        return token

    def _take(self, *keys: str) -> str:
        """Go on over the next key where it is one of these, and return it; empty otherwise."""
        if not self._keys or self._keys[0] not in keys:
            return ""
        key, self._keys = self._keys[0], self._keys[1:]
        if not self._keys:
            self._step()
        return key

    def _take_sign(self, *signs: str) -> str:
        if self._now.kind is TokenKind.SIGN and self._now.value in signs:
            return self._step().value
        return ""

    def _next_keys(self) -> tuple[str, ...]:
        """Return the keys at hand: those left of this word, and those of the next."""
        following = self._tokens[min(self._place + 1, len(self._tokens) - 1)]
        return (*self._keys, *following.keys)

    def _expected(self, what: str, wanted: Wanted) -> FilterError:
        token = self._now
        at_end = token.kind is TokenKind.END
        return FilterError(what, token.start, max(token.end - token.start, 1), wanted=wanted, at_end=at_end)

    @contextmanager
    def _nested(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise FilterError(
                _("brackets stand in one another more than {most} times.").format(most=MOST_NESTED),
                self._now.start,
            )
        yield
        self._depth -= 1

    # conditions

    def _either(self) -> Part:
        return self._joint("or", self._all)

    def _all(self) -> Part:
        return self._joint("and", self._denied)

    def _joint(self, key: str, inner: Callable[[], Part]) -> Part:
        parts = [inner()]
        while self._take(key):
            parts.append(inner())
        if len(parts) == 1:
            return parts[0]
        return syntax.JointPart(parts[0].start, parts[-1].end, key, tuple(parts))

    def _denied(self) -> Part:
        start = self._now.start
        if self._names_field() or not self._take("not"):
            return self._test()
        with self._nested():
            part = self._denied()
        return syntax.NotPart(start, part.end, part)

    def _test(self) -> Part:
        left = self._sum()
        sign = self._take(*COMPARISONS)
        if sign:
            right = self._sum()
            return syntax.ComparisonPart(left.start, right.end, sign, left, right)
        if self._take("is"):
            return self._missing(left)
        denied = self._denies_test() and bool(self._take("not"))
        part = self._special_test(left)
        return syntax.NotPart(part.start, part.end, part) if denied else part

    def _denies_test(self) -> bool:
        keys = self._next_keys()
        return len(keys) > 1 and keys[0] == "not" and keys[1] in ("in", "between", *PATTERNS)

    def _special_test(self, left: Part) -> Part:
        if self._take("in"):
            options = self._options()
            return syntax.ListPart(left.start, self._last_end, left, options)
        if self._take("between"):
            return self._between(left)
        way = self._take(*PATTERNS)
        if way:
            self._take("with")
            pattern = self._sum()
            return syntax.PatternPart(left.start, pattern.end, way, left, pattern)
        return left

    def _missing(self, left: Part) -> Part:
        denied = bool(self._take("not"))
        if not self._take("null"):
            raise self._expected(_("“null” is expected after “is”."), Wanted.OTHER)
        part = syntax.MissingPart(left.start, self._last_end, left)
        return syntax.NotPart(part.start, part.end, part) if denied else part

    def _options(self) -> tuple[Part, ...]:
        if not self._take_sign("("):
            raise self._expected(_("a list in brackets is expected here, as (1, 2, 3)."), Wanted.LIST)
        found = [self._sum()]
        while self._take_sign(","):
            found.append(self._sum())
        self._close()
        return tuple(found)

    def _between(self, value: Part) -> Part:
        low = self._sum()
        if not self._take("and", "to"):
            raise self._expected(_("“和” and the upper value are expected here."), Wanted.OTHER)
        high = self._sum()
        self._take("inside")
        return syntax.BetweenPart(value.start, self._last_end, value, low, high)

    def _close(self) -> None:
        if not self._take_sign(")"):
            raise self._expected(_("“)” is expected here."), Wanted.OTHER)

    # values

    def _sum(self) -> Part:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Part:
        return self._chain(("*", "/"), self._signed)

    def _chain(self, signs: tuple[str, ...], inner: Callable[[], Part]) -> Part:
        left = inner()
        count = 1
        while sign := self._take_sign(*signs):
            right = inner()
            left = syntax.ArithmeticPart(left.start, right.end, sign, left, right)
            count += 1
            if count > MOST_TERMS:
                raise FilterError(
                    _("a sum or product may have {most} parts.").format(most=MOST_TERMS), right.start
                )
        return left

    def _signed(self) -> Part:
        start = self._now.start
        sign = self._take_sign("-", "+")
        if not sign:
            return self._primary()
        with self._nested():
            value = self._signed()
        return syntax.NegativePart(start, value.end, value) if sign == "-" else value

    def _primary(self) -> Part:
        token = self._now
        if token.kind is TokenKind.NUMBER:
            return self._number()
        if token.kind is TokenKind.TEXT:
            self._step()
            return syntax.TextPart(token.start, token.end, token.value)
        if token.kind is TokenKind.QUOTED:
            self._step()
            return syntax.QuotedPart(token.start, token.end, token.value)
        if self._take_sign("("):
            with self._nested():
                part = self._either()
            self._close()
            return part
        return self._name()

    def _number(self) -> Part:
        token = self._step()
        unit = ""
        if self._now.kind is not TokenKind.NUMBER and self._now.value in UNIT_WORDS:
            unit = UNIT_WORDS[self._step().value]
        return syntax.NumberPart(token.start, self._last_end, token.value, unit)

    def _names_field(self) -> bool:
        token = self._now
        return token.kind is TokenKind.NAME or (
            token.kind is TokenKind.WORD and token.value in self._field_words
        )

    def _name(self) -> Part:
        token = self._now
        following = self._tokens[min(self._place + 1, len(self._tokens) - 1)]
        opened = following.kind is TokenKind.SIGN and following.value == "("
        if token.kind is TokenKind.WORD and opened and token.value in FUNCTIONS:
            return self._call()
        if self._names_field():
            self._step()
            return syntax.NamePart(token.start, token.end, token.value)
        if token.kind is TokenKind.WORD and token.value in FUNCTIONS:
            self._step()
            raise self._expected(
                _("brackets are expected behind a function, as 图形面积(椭球)."), Wanted.OTHER
            )
        flag = self._take("true", "false")
        if flag:
            return syntax.FlagPart(token.start, token.end, flag == "true")
        if token.kind is TokenKind.WORD and not token.keys:
            self._step()
            return syntax.NamePart(token.start, token.end, token.value)
        if token.keys[:1] == ("null",):
            raise FilterError(
                _("nothing can be compared with “{word}”.").format(word=token.value),
                token.start,
                token.end - token.start,
                remedy=_("Write “field 为空” or “field is null”."),
            )
        raise self._expected(_("a field or a value is expected here."), Wanted.VALUE)

    def _call(self) -> Part:
        name = self._step()
        self._step()
        function = FUNCTIONS[name.value]
        if self._now.kind is TokenKind.WORD and self._now.value in BASES and not self._names_field():
            basis = BASES[self._step().value]
            self._close()
            return syntax.CallPart(name.start, self._last_end, function, None, basis)
        if self._take_sign(")"):
            return syntax.CallPart(name.start, self._last_end, function, None)
        with self._nested():
            argument = self._sum()
        self._close()
        return syntax.CallPart(name.start, self._last_end, function, argument)
