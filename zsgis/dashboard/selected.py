"""What is selected, in the dashboard's words: which projects, and their land together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from layers.words import _
from zsgis.dashboard.model import BoardProject, Measure, touches
from zsgis.dashboard.projects import summed
from zsgis.printed_balance import PrintedUnit, printed_unit

_DIGITS, _NAMED = 2, 2


def selected_words(
    projects: Sequence[BoardProject], selection: Mapping[str, Collection[str]], unit_key: str
) -> str:
    """Return the projects that stand on the selected features, with what they want and get; empty for none.

    Each area is rounded half up by itself; one that nobody states is left out.
    """
    chosen = [project for project in projects if touches(project.sources, selection)]
    if not chosen:
        return ""
    unit = printed_unit(unit_key, _DIGITS)
    names = "、".join(project.name for project in chosen[:_NAMED])
    if len(chosen) > _NAMED:
        names = _("{names} and others").format(names=names)
    said = [_("{count} projects selected: {names}").format(count=f"{len(chosen):,}", names=names)]
    for measure in (Measure.WANTED, Measure.SUPPLIED, Measure.PLANNED):
        cents, known, _lacking = summed(chosen, measure)
        if known:
            said.append(f"{measure.words} {_in(cents, unit)} {unit.title}")
    return " · ".join(said)


def _in(cents: int, unit: PrintedUnit) -> str:
    step = unit.steps_per_cent
    steps = (2 * cents * step.numerator + step.denominator) // (2 * step.denominator)
    return f"{unit.value(steps):,.{unit.digits}f}"
