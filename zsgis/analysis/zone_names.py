"""What features are called in tables, sheets and files made from them: each by a name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from layers.words import _

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def total_name() -> str:
    """Return the name of the line that sums all zones."""
    return _("Total")


def outside_name() -> str:
    """Return the name of the line for what lies in no zone."""
    return _("Outside the zones")


def deduction_name() -> str:
    """Return the name of the line for what zones over each other count twice."""
    return _("Counted more than once (deducted)")


def own_name(value: object) -> str:
    """Return a feature's name as its layer has it, on one line; empty where it has none."""
    return _CONTROLS.sub(" ", value).strip() if isinstance(value, str) else ""


def called(values: Iterable[object]) -> tuple[str, ...]:
    """Return a name for each feature; one without is called by its place, counted from one."""
    unnamed = _("No. {number}")
    return tuple(
        own_name(value) or unnamed.format(number=number) for number, value in enumerate(values, start=1)
    )


def distinct_names(values: Iterable[object]) -> tuple[str, ...]:
    """Return a name for each zone, with a number behind every one that came before.

    The names of a table's own lines are taken from the start: a zone called 总计 is not the total.
    """
    taken = {total_name(), outside_name(), deduction_name()}
    out = []
    for name in called(values):
        number, candidate = 1, name
        while candidate in taken:
            number += 1
            candidate = f"{name} ({number})"
        taken.add(candidate)
        out.append(candidate)
    return tuple(out)
