"""The declaration of a layer's look. Lengths are millimetres on paper; colours are ``#RRGGBB``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_COLOR = r"^#[0-9A-Fa-f]{6}$"


class Marker(StrEnum):
    """Shapes of point symbols; each is told apart without colour."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    STAR = "star"
    CROSS = "cross"
    PENTAGON = "pentagon"
    INVERTED_TRIANGLE = "inverted_triangle"
    SALTIRE = "saltire"
    RING = "ring"
    FRAMED_SQUARE = "framed_square"


class Hatch(StrEnum):
    """Hatch patterns, anchored to the map."""

    FORWARD = "forward"
    BACKWARD = "backward"
    CROSS = "cross"
    DIAGONAL_CROSS = "diagonal_cross"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ScaleLimited(_Frozen):
    """What is shown within a range of scales only.

    Shown where ``min_denominator <= denominator < max_denominator``: of two ranges that meet, one holds at
    any scale. None sets no limit.
    """

    min_denominator: float | None = Field(default=None, gt=0.0, allow_inf_nan=False)
    max_denominator: float | None = Field(default=None, gt=0.0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        low, high = self.min_denominator, self.max_denominator
        if low is not None and high is not None and low >= high:
            raise ValueError("the range of scales is empty")
        return self

    def shown_at(self, denominator: float) -> bool:
        """Tell whether it is shown at 1:``denominator``."""
        low, high = self.min_denominator, self.max_denominator
        return (low is None or denominator >= low) and (high is None or denominator < high)


class LineOver(_Frozen):
    """One more line over a stroke, in its colour: the dots and bars of boundary symbols.

    A dot of diameter ``d`` is a round dash without length and ``width_mm = d``; a bar across the line is a
    short flat dash of great width.
    """

    width_mm: float = Field(gt=0.0)
    dash: tuple[float, ...] = ()
    dash_start_mm: float = 0.0
    round_ends: bool = False


class Symbol(_Frozen):
    """One symbol for points, lines or polygons; what does not apply is ignored.

    ``dash`` lists on and off lengths in millimetres; empty means a solid line. ``dash_start_mm`` is where in
    the pattern a line begins. ``tint_mm`` draws a soft band of the stroke's colour along a polygon's outside.
    """

    fill: str | None = Field(default="#D9D9D9", pattern=_COLOR)
    fill_opacity: float = Field(default=1.0, ge=0.0, le=1.0)
    hatch: Hatch | None = None
    hatch_color: str = Field(default="#505050", pattern=_COLOR)
    hatch_spacing_mm: float = Field(default=1.5, gt=0.0)
    stroke: str | None = Field(default="#606060", pattern=_COLOR)
    stroke_mm: float = Field(default=0.12, ge=0.0)
    dash: tuple[float, ...] = ()
    dash_start_mm: float = 0.0
    lines_over: tuple[LineOver, ...] = ()
    tint_mm: float = Field(default=0.0, ge=0.0)
    marker: Marker = Marker.CIRCLE
    marker_mm: float = Field(default=2.5, gt=0.0)

    @property
    def widest_mm(self) -> float:
        """Width of the widest line the symbol is outlined with."""
        return max(self.stroke_mm, *(line.width_mm for line in self.lines_over), 0.0)


class ScaledSymbol(ScaleLimited):
    """The symbol to be drawn instead of the usual one within a range of scales."""

    symbol: Symbol


class ClassRule(ScaleLimited):
    """The symbol of one class.

    Of a style by value: the features whose class value is ``value``. Of a numeric style: those whose number
    is above ``lower`` and at most ``upper`` (None sets no bound), and those that are exactly ``lower`` where
    no rule before holds them; ``value`` then only names the class.
    """

    value: str
    title: str
    symbol: Symbol
    lower: float | None = Field(default=None, allow_inf_nan=False)
    upper: float | None = Field(default=None, allow_inf_nan=False)
    visible: bool = True
    other_scales: tuple[ScaledSymbol, ...] = ()

    def symbol_at(self, denominator: float) -> Symbol | None:
        """Return the symbol at 1:``denominator``; None where the class is not shown."""
        shown = self.visible and self.shown_at(denominator)
        return _scaled(self.symbol, self.other_scales, denominator) if shown else None


class LabelStyle(_Frozen):
    """Text beside or on a feature, taken from a field.

    Shown where ``min_scale_denominator <= denominator <= max_scale_denominator``. Where there is no room for
    all, labels of higher ``priority`` have their turn first, and of a layer the larger shapes; with
    ``by_class`` the classes have their turns in the order in which the style lists them.
    """

    field: str
    size_mm: float = Field(default=2.6, gt=0.0)
    color: str = Field(default="#202020", pattern=_COLOR)
    halo: str | None = Field(default="#FFFFFF", pattern=_COLOR)
    halo_mm: float = Field(default=0.3, ge=0.0)
    bold: bool = False
    priority: int = Field(default=5, ge=0, le=10)
    by_class: bool = False
    min_scale_denominator: float | None = None
    max_scale_denominator: float | None = None


class Style(ScaleLimited):
    """How a layer is drawn: one symbol, or one per class of ``class_field``.

    A feature that no rule holds is drawn with ``symbol``, unless ``rest_visible`` is off. ``numeric`` says
    that the field is classed by its numbers (``lower`` and ``upper`` of the rules).
    """

    symbol: Symbol = Symbol()
    other_scales: tuple[ScaledSymbol, ...] = ()
    class_field: str = ""
    numeric: bool = False
    rules: tuple[ClassRule, ...] = ()
    rest_visible: bool = True
    label: LabelStyle | None = None

    def symbols_at(self, denominator: float) -> tuple[Symbol | None, ...]:
        """Return what is drawn at 1:``denominator``: the symbol of each rule, then that of all the rest.

        None means not shown; the last entry serves class index -1.
        """
        if not self.shown_at(denominator):
            return (None,) * (len(self.rules) + 1)
        rest = _scaled(self.symbol, self.other_scales, denominator) if self.rest_visible else None
        return *(rule.symbol_at(denominator) for rule in self.rules), rest

    def all_symbols(self) -> Iterator[Symbol]:
        """Return every symbol the style draws with at any scale."""
        yield self.symbol
        yield from (scaled.symbol for scaled in self.other_scales)
        for rule in self.rules:
            yield rule.symbol
            yield from (scaled.symbol for scaled in rule.other_scales)

    def with_symbols(self, change: Callable[[Symbol], Symbol]) -> Style:
        """Return the style with every symbol changed."""
        rules = tuple(
            rule.model_copy(
                update={
                    "symbol": change(rule.symbol),
                    "other_scales": _changed(rule.other_scales, change),
                }
            )
            for rule in self.rules
        )
        others = _changed(self.other_scales, change)
        return self.model_copy(update={"symbol": change(self.symbol), "rules": rules, "other_scales": others})


def _scaled(usual: Symbol, others: tuple[ScaledSymbol, ...], denominator: float) -> Symbol:
    return next((other.symbol for other in others if other.shown_at(denominator)), usual)


def _changed(
    scaled: tuple[ScaledSymbol, ...], change: Callable[[Symbol], Symbol]
) -> tuple[ScaledSymbol, ...]:
    return tuple(each.model_copy(update={"symbol": change(each.symbol)}) for each in scaled)
