"""Values that a department types in: of which day, from which document, by whom and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from layers.edits import Author
from layers.errors import UsageError
from layers.words import _
from zsgis.plan.model import Declared, Key, Text
from zsgis.plan.reading import validated

if TYPE_CHECKING:
    from layers.store import Project

SETTING = "ledger_values"


class TypedValue(Declared):
    """A value of a series.

    Attributes
    ----------
    on : date
        The day it holds for; a year's value holds for its last day.
    source : str
        Document or statement it was taken from.
    who, entered : str
        Who typed it, and when (UTC).
    """

    series: Key
    on: dt.date
    value: Annotated[float, Field(allow_inf_nan=False)]
    source: Text
    who: str = ""
    entered: str = ""


def typed_values(project: Project) -> tuple[TypedValue, ...]:
    """Return all typed values, each series by day."""
    read = [
        validated(TypedValue, raw, where=str(raw.get("series", "?"))) for raw in project.setting(SETTING, [])
    ]
    return tuple(sorted(read, key=lambda one: (one.series, one.on)))


def enter_value(
    project: Project, series: str, on: dt.date, value: float, source: str, *, known: Sequence[str]
) -> TypedValue:
    """Keep a value; one of the same series and day is replaced.

    Parameters
    ----------
    known : sequence of str
        The series there are.

    Raises
    ------
    UsageError
        When there is no such series, or the value or its source cannot be taken.
    """
    if series not in known:
        raise UsageError(
            _("Nothing is typed in for an indicator “{key}”.").format(key=series),
            remedy=_("Known: {names}.").format(names=", ".join(known)),
        )
    if not source.strip():
        raise UsageError(
            _("Where the value comes from is not said."),
            remedy=_("Name the document or statement it was taken from."),
        )
    if not -1e15 < value < 1e15:
        raise UsageError(_("“{value}” is no value.").format(value=value), remedy=_("Type a number."))
    entered = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    new = TypedValue(
        series=series, on=on, value=value, source=source.strip(), who=Author.here().name, entered=entered
    )
    kept = [one for one in typed_values(project) if (one.series, one.on) != (series, on)]
    ordered = sorted([*kept, new], key=lambda one: (one.series, one.on))
    project.set_setting(SETTING, [one.model_dump(mode="json") for one in ordered])
    return new
