"""What a filter says, as written: names are not looked up yet, and nothing has a type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A part of a filter and its characters, ``start`` to ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class NumberPart(Part):
    """A number as written, with the unit behind it or none."""

    text: str
    unit: str = ""


@dataclass(frozen=True)
class TextPart(Part):
    """A text in quotation marks."""

    text: str


@dataclass(frozen=True)
class QuotedPart(Part):
    """Something in straight double quotes: a field where there is one of that name, else a text."""

    text: str


@dataclass(frozen=True)
class FlagPart(Part):
    """Yes or no."""

    value: bool


@dataclass(frozen=True)
class NamePart(Part):
    """A word that should name a field."""

    text: str


@dataclass(frozen=True)
class CallPart(Part):
    """A function; ``basis`` is the word in its brackets where shapes are measured."""

    function: str
    argument: Part | None
    basis: str = ""


@dataclass(frozen=True)
class NegativePart(Part):
    """A value with its sign turned."""

    value: Part


@dataclass(frozen=True)
class ArithmeticPart(Part):
    """Two values joined by ``+ - * /``."""

    sign: str
    left: Part
    right: Part


@dataclass(frozen=True)
class ComparisonPart(Part):
    """Two values compared by one of :data:`layers.filtering.vocabulary.COMPARISONS`."""

    sign: str
    left: Part
    right: Part


@dataclass(frozen=True)
class ListPart(Part):
    """Whether a value is one of several."""

    value: Part
    options: tuple[Part, ...]


@dataclass(frozen=True)
class BetweenPart(Part):
    """Whether a value lies between two others, ends included."""

    value: Part
    low: Part
    high: Part


@dataclass(frozen=True)
class PatternPart(Part):
    """Whether a text is like another: ``like``, ``contains``, ``starts`` or ``ends``."""

    way: str
    value: Part
    pattern: Part


@dataclass(frozen=True)
class MissingPart(Part):
    """Whether a value is missing."""

    value: Part


@dataclass(frozen=True)
class NotPart(Part):
    """The contrary."""

    condition: Part


@dataclass(frozen=True)
class JointPart(Part):
    """Several conditions: ``and`` wants all of them, ``or`` one."""

    way: str
    conditions: tuple[Part, ...]
