"""The standard lines of administrative and survey boundaries, from ``resources/styles/boundaries.toml``."""

from __future__ import annotations

import tomllib
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field

from layers.locations import resource_path
from layers.style.model import LineOver, Symbol

MM_PER_PT = 25.4 / 72


class _Over(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    width_pt: float = Field(gt=0.0)
    dash_pt: tuple[float, ...] = ()
    start_pt: float = 0.0
    round: bool = False


class Boundary(BaseModel):
    """A boundary's line; sizes in points, as in its source.

    ``certain`` is off where the source leaves something open; ``note`` says what.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    color: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$")
    width_pt: float = Field(gt=0.0)
    dash_pt: tuple[float, ...] = ()
    over: tuple[_Over, ...] = ()
    certain: bool
    note: str = ""

    def drawn(self, symbol: Symbol) -> Symbol:
        """Return a symbol with this line as its stroke; all else stays."""
        return symbol.model_copy(
            update={
                "stroke": self.color,
                "stroke_mm": _mm(self.width_pt),
                "dash": tuple(_mm(length) for length in self.dash_pt),
                "dash_start_mm": 0.0,
                "lines_over": tuple(
                    LineOver(
                        width_mm=_mm(line.width_pt),
                        dash=tuple(_mm(length) for length in line.dash_pt),
                        dash_start_mm=_mm(line.start_pt),
                        round_ends=line.round,
                    )
                    for line in self.over
                ),
            }
        )


@lru_cache(maxsize=1)
def boundaries() -> dict[str, Boundary]:
    """Return the boundaries by their keys, from the nation's down."""
    declared = tomllib.loads(resource_path("styles", "boundaries.toml").read_text(encoding="utf-8"))
    return {key: Boundary.model_validate(facts) for key, facts in declared.items()}


def _mm(points: float) -> float:
    return round(points * MM_PER_PT, 4)
