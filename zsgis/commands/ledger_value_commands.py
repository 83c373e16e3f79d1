"""``zsgis ledger show|assess|enter|take|drop``: indicators, their values and how they moved."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from layers.words import _
from zsgis.commands.console import Outcome, run_command

if TYPE_CHECKING:
    from layers.progress import Progress
    from zsgis.plan import Plan

_Project = Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")]
_Json = Annotated[bool, typer.Option("--json", help=_("Print one JSON document on standard output."))]
_Plan = Annotated[str, typer.Option(help=_("Key of the plan; the 14th five-year plan where not given."))]
_Folder = Annotated[
    list[Path] | None, typer.Option("--plans", help=_("A bureau's folder of plans; may be repeated."))
]
_Lights = Annotated[str, typer.Option(help=_("The bureau's own rule for lights (.toml)."))]


def add_value_commands(ledger: typer.Typer) -> None:
    """Add the commands of values to ``zsgis ledger``."""

    @ledger.command("show", help=_("Show the indicators of the plan with values, lights and runs."))
    def show(
        project: _Project,
        on: Annotated[str, typer.Option(help=_("As of which day (2025-12-31); today where not given."))] = "",
        plan: _Plan = "",
        plans: _Folder = None,
        lights: _Lights = "",
        whole: Annotated[
            bool, typer.Option("--whole", help=_("Without the lines of platforms, towns and zones."))
        ] = False,
        as_json: _Json = False,
    ) -> None:
        asked = Asked(plan, tuple(plans or ()), lights)
        run_command(lambda progress: show_ledger(project, asked, on, progress, whole=whole), as_json=as_json)

    @ledger.command("assess", help=_("Hold every indicator on one day against another: 年度, 中期, 期末."))
    def assess(
        project: _Project,
        kind: Annotated[str, typer.Option(help=_("yearly, midterm or final."))] = "",
        year: Annotated[int | None, typer.Option(help=_("The year of a yearly assessment."))] = None,
        earlier: Annotated[
            str, typer.Option("--from", help=_("The earlier day, where no kind is said."))
        ] = "",
        later: Annotated[str, typer.Option("--to", help=_("The later day."))] = "",
        plan: _Plan = "",
        plans: _Folder = None,
        lights: _Lights = "",
        as_json: _Json = False,
    ) -> None:
        asked = Asked(plan, tuple(plans or ()), lights)
        span = SpanAsked(kind, year, earlier, later)
        run_command(lambda progress: assess_plan(project, asked, span, progress), as_json=as_json)

    @ledger.command(
        "enter", help=_("Type in a department's value of an indicator, with where it comes from.")
    )
    def enter(
        project: _Project,
        series: Annotated[str, typer.Argument(help=_("Key of the indicator or series."), metavar="KEY")],
        value: Annotated[
            float, typer.Argument(help=_("The value, in the indicator's unit."), metavar="VALUE")
        ],
        on: Annotated[str, typer.Option(help=_("The day it holds for; 2024 means its last day."))],
        source: Annotated[str, typer.Option(help=_("Document or statement it was taken from."))],
        plan: _Plan = "",
        plans: _Folder = None,
        as_json: _Json = False,
    ) -> None:
        asked = Asked(plan, tuple(plans or ()))
        typed = TypedAsked(series, value, on, source)
        run_command(lambda progress: enter_typed(project, asked, typed, progress), as_json=as_json)


def add_indicator_commands(ledger: typer.Typer) -> None:
    """Add the commands of the bureau's own indicators to ``zsgis ledger``."""

    @ledger.command("take", help=_("Take the bureau's own indicators of a file (.toml) into the project."))
    def take(
        project: _Project,
        file: Annotated[Path, typer.Argument(help=_("The file of indicators."), metavar="FILE")],
        plan: _Plan = "",
        plans: _Folder = None,
        as_json: _Json = False,
    ) -> None:
        asked = Asked(plan, tuple(plans or ()))
        run_command(lambda progress: take_own(project, asked, file, progress), as_json=as_json)

    @ledger.command("drop", help=_("Take one of the bureau's own indicators out of the project."))
    def drop(
        project: _Project,
        key: Annotated[str, typer.Argument(help=_("Key of the indicator."), metavar="KEY")],
        as_json: _Json = False,
    ) -> None:
        run_command(lambda progress: drop_own(project, key, progress), as_json=as_json)


@dataclass(frozen=True)
class Asked:
    """Which plan is asked for (its key, and the bureau's folders of plans), and which rule for lights."""

    plan: str = ""
    folders: tuple[Path, ...] = ()
    lights: str = ""

    def load(self) -> Plan:
        """Return the plan."""
        from zsgis.plan import load_plan
        from zsgis.plan.loading import DEFAULT_PLAN

        return load_plan(self.plan or DEFAULT_PLAN, folders=self.folders)


@dataclass(frozen=True)
class SpanAsked:
    """Which assessment is asked for: its kind, or two days."""

    kind: str
    year: int | None
    earlier: str
    later: str


@dataclass(frozen=True)
class TypedAsked:
    """A value as it was typed."""

    series: str
    value: float
    on: str
    source: str


def parse_day(text: str) -> dt.date:
    """Return a day from what was typed; a year means its last day.

    Raises
    ------
    UsageError
        When it is none.
    """
    from layers.errors import UsageError

    said = text.strip()
    try:
        return dt.date.fromisoformat(f"{said}-12-31" if len(said) == len("2024") else said)
    except ValueError as error:
        raise UsageError(
            _("“{text}” is no day.").format(text=text), remedy=_("Write it like 2025-12-31, or 2025.")
        ) from error


def show_ledger(path: Path, asked: Asked, on: str, progress: Progress, *, whole: bool) -> Outcome:
    """Show the ledger of a day; nothing is run and nothing written."""
    from layers.store import Project
    from zsgis.ledger.documents import ledger_document, ledger_lines
    from zsgis.ledger.entries import ledger_of

    with Project.open(path, read_only=True) as project:
        ledger = ledger_of(
            project,
            asked.load(),
            parse_day(on) if on else None,
            progress,
            folders=asked.folders,
            lights=asked.lights,
        )
    return Outcome(ledger_document(ledger), tuple(ledger_lines(ledger, whole=whole)))


def assess_plan(path: Path, asked: Asked, span: SpanAsked, progress: Progress) -> Outcome:
    """Hold every indicator on one day against another."""
    from layers.store import Project
    from zsgis.ledger.assessing import assess
    from zsgis.ledger.documents import assessment_document, assessment_lines

    plan = asked.load()
    earlier, later = _span_days(plan, asked, span)
    with Project.open(path, read_only=True) as project:
        made = assess(project, plan, earlier, later, progress, folders=asked.folders, lights=asked.lights)
    return Outcome(assessment_document(made), tuple(assessment_lines(made)))


def _span_days(plan: Plan, asked: Asked, span: SpanAsked) -> tuple[dt.date, dt.date]:
    from layers.errors import UsageError
    from zsgis.ledger.assessing import Span, days_of
    from zsgis.ledger.lights import read_lights

    if span.kind in set(Span) and not (span.earlier or span.later):
        return days_of(Span(span.kind), plan, read_lights(asked.lights), span.year)
    if span.kind or not (span.earlier and span.later):
        raise UsageError(
            _("Which assessment: its kind, or two days?"),
            remedy=_("--kind yearly --year 2024, --kind midterm, --kind final, or --from DAY --to DAY."),
        )
    return parse_day(span.earlier), parse_day(span.later)


def enter_typed(path: Path, asked: Asked, typed: TypedAsked, progress: Progress) -> Outcome:
    """Keep a department's value in the project."""
    from zsgis.ledger.indicators import all_indicators
    from zsgis.ledger.typed_values import enter_value
    from zsgis.sharing.opening import open_to_write

    day, plan = parse_day(typed.on), asked.load()
    with open_to_write(path, progress) as project:
        units = {
            series: unit
            for one in all_indicators(project, plan, asked.folders)
            for series, unit in one.series.items()
        }
        kept = enter_value(project, typed.series, day, typed.value, typed.source, known=tuple(units))
    text = _("Entered: {key} on {day}: {value} {unit}")
    line = text.format(key=kept.series, day=kept.on, value=kept.value, unit=units[kept.series])
    return Outcome(kept.model_dump(mode="json"), (line,))


def take_own(path: Path, asked: Asked, file: Path, progress: Progress) -> Outcome:
    """Take the bureau's own indicators of a file into the project."""
    from zsgis.ledger.indicators import take_indicators
    from zsgis.sharing.opening import open_to_write

    plan = asked.load()
    with open_to_write(path, progress) as project:
        taken = take_indicators(project, plan, file, asked.folders)
    return Outcome({"taken": list(taken)}, (_("Taken: {names}").format(names=", ".join(taken)),))


def drop_own(path: Path, key: str, progress: Progress) -> Outcome:
    """Take one of the bureau's own indicators out of the project."""
    from zsgis.ledger.indicators import drop_indicator
    from zsgis.sharing.opening import open_to_write

    with open_to_write(path, progress) as project:
        drop_indicator(project, key)
    return Outcome({"dropped": key}, (_("Dropped: {key}").format(key=key),))
