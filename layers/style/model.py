"""The declaration of a layer's look. Lengths are millimetres on paper; colours are ``#RRGGBB``."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

_COLOR = r"^#[0-9A-Fa-f]{6}$"


class Marker(StrEnum):
    """Shapes of point symbols; each is told apart without colour."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    STAR = "star"
    CROSS = "cross"


class Hatch(StrEnum):
    """Hatch patterns, anchored to the map."""

    FORWARD = "forward"
    BACKWARD = "backward"
    CROSS = "cross"
    DIAGONAL_CROSS = "diagonal_cross"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Symbol(_Frozen):
    """One symbol for points, lines or polygons; what does not apply is ignored.

    ``dash`` lists on and off lengths in millimetres; empty means a solid line.
    ``tint_mm`` draws a soft band of the stroke's colour along a polygon's outside.
    """

    fill: str | None = Field(default="#D9D9D9", pattern=_COLOR)
    fill_opacity: float = Field(default=1.0, ge=0.0, le=1.0)
    hatch: Hatch | None = None
    hatch_color: str = Field(default="#505050", pattern=_COLOR)
    hatch_spacing_mm: float = Field(default=1.5, gt=0.0)
    stroke: str | None = Field(default="#606060", pattern=_COLOR)
    stroke_mm: float = Field(default=0.12, ge=0.0)
    dash: tuple[float, ...] = ()
    tint_mm: float = Field(default=0.0, ge=0.0)
    marker: Marker = Marker.CIRCLE
    marker_mm: float = Field(default=2.5, gt=0.0)


class ClassRule(_Frozen):
    """The symbol of one class: features whose class value is ``value``."""

    value: str
    title: str
    symbol: Symbol


class LabelStyle(_Frozen):
    """Text beside or on a feature, taken from a field."""

    field: str
    size_mm: float = Field(default=2.6, gt=0.0)
    color: str = Field(default="#202020", pattern=_COLOR)
    halo: str | None = Field(default="#FFFFFF", pattern=_COLOR)
    halo_mm: float = Field(default=0.3, ge=0.0)
    bold: bool = False
    max_scale_denominator: float | None = None


class Style(_Frozen):
    """How a layer is drawn: one symbol, or one per class of ``class_field``.

    A feature whose value no rule names is drawn with ``symbol``.
    """

    symbol: Symbol = Symbol()
    class_field: str = ""
    rules: tuple[ClassRule, ...] = ()
    label: LabelStyle | None = None
