"""The lines one may choose from: plain ones, the standard boundaries, the control lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from layers.control_lines import KIND as CONTROL_LINES
from layers.style import Symbol
from layers.style.boundaries import boundaries
from layers.words import N_, _

_PLAIN: tuple[tuple[str, tuple[float, ...]], ...] = (
    (N_("Solid"), ()),
    (N_("Dashed"), (3.0, 1.2)),
    (N_("Dotted"), (0.6, 0.9)),
    (N_("Dash and dot"), (4.0, 1.2, 0.6, 1.2)),
)
_LINE_PARTS = ("stroke", "stroke_mm", "dash", "dash_start_mm", "lines_over")


@dataclass(frozen=True)
class LineChoice:
    """A named line; ``parts`` are the parts of a symbol it sets."""

    title: str
    parts: dict[str, Any]
    note: str = ""

    def drawn(self, symbol: Symbol) -> Symbol:
        """Return the symbol with this line."""
        return symbol.model_copy(update=self.parts)

    def fits(self, symbol: Symbol) -> bool:
        """Tell whether a symbol has this line."""
        return all(getattr(symbol, name) == value for name, value in self.parts.items())


def line_choices() -> tuple[LineChoice, ...]:
    """Return every named line: plain ones keep colour and width, the others bring theirs."""
    plain = [
        LineChoice(_(title), {"dash": dash, "dash_start_mm": 0.0, "lines_over": ()}) for title, dash in _PLAIN
    ]
    standard = [
        LineChoice(
            boundary.title if boundary.certain else _("{name} (to be checked)").format(name=boundary.title),
            _line_parts(boundary.drawn(Symbol())),
            boundary.note,
        )
        for boundary in boundaries().values()
    ]
    control = [LineChoice(rule.title, _line_parts(rule.symbol)) for rule in CONTROL_LINES.style.rules]
    return *plain, *standard, *control


def _line_parts(symbol: Symbol) -> dict[str, Any]:
    return {name: getattr(symbol, name) for name in _LINE_PARTS}
