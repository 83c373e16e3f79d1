"""The command that brings two files of one project together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from layers.words import _
from zsgis.commands.console import ExitCode, Outcome, run_command

if TYPE_CHECKING:
    from layers.progress import Progress
    from zsgis.merging.model import Decisions
    from zsgis.merging.planning import MergePlan

_JSON = ".json"


def add_merge_command(app: typer.Typer) -> None:
    """Add ``zsgis merge`` to the command line."""

    @app.command("merge", help=_("Bring a working copy and its project together, feature by feature."))
    def merge(
        base: Annotated[Path, typer.Argument(help=_("The state in which both began."), metavar="BASE")],
        mine: Annotated[Path, typer.Argument(help=_("The working copy."), metavar="MINE")],
        theirs: Annotated[Path, typer.Argument(help=_("The project as it is now."), metavar="THEIRS")],
        out: Annotated[Path, typer.Option("-o", "--out", help=_("The new project file to write."))],
        report: Annotated[
            Path | None, typer.Option("--report", help=_("List of the merge, .xlsx or .json."))
        ] = None,
        decide: Annotated[
            Path | None, typer.Option("--decide", help=_("JSON file of decisions, by key of the question."))
        ] = None,
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        run_command(
            lambda progress: merge_files((base, mine, theirs), out, report, decide, progress),
            as_json=as_json,
        )


def merge_files(
    paths: tuple[Path, Path, Path], out: Path, report: Path | None, decide: Path | None, progress: Progress
) -> Outcome:
    """Merge base, mine and theirs into a new file; without all decisions only say what is to decide."""
    from contextlib import ExitStack

    from layers.progress import ProgressPart
    from zsgis.merging.applying import merge_to_file, open_sides
    from zsgis.merging.decisions import DecisionBook
    from zsgis.merging.listing import document
    from zsgis.merging.planning import plan_merge
    from zsgis.merging.repeats import require_first_time

    with ExitStack() as stack:
        sources = open_sides(stack, *paths)
        require_first_time(sources)
        plan = plan_merge(sources, ProgressPart(progress, 0.0, 0.6))
        decisions = {} if decide is None else DecisionBook(decide, plan).read()
        if report is not None:
            _write_report(plan, decisions, report)
        told = document(plan, decisions)
        if plan.undecided(decisions):
            return Outcome(
                {**told, "out": None}, question_words(plan, decisions), code=ExitCode.UNUSABLE_INPUT
            )
        result = merge_to_file(sources, plan, decisions, out, ProgressPart(progress, 0.6, 1.0))
    line = _("{out}: {merged} features merged by themselves, {decided} conflicts decided").format(
        out=out.name, merged=len(plan.merged), decided=len(plan.conflicts)
    )
    renamed = tuple(
        _("Layer “{name}” is now “{new}”: the name was taken.").format(name=name, new=new)
        for name, new in result.renamed.items()
    )
    return Outcome({**told, "out": str(out), "renamed": dict(result.renamed)}, (line, *renamed))


def _write_report(plan: MergePlan, decisions: Decisions, path: Path) -> None:
    import json

    from layers.whole_file import whole_file
    from zsgis.merging.listing import document
    from zsgis.merging.workbook import write_merge_workbook

    if path.suffix.lower() != _JSON:
        write_merge_workbook(plan, decisions, path)
        return
    with whole_file(path, _("The report cannot be written.")) as draft:
        draft.write_text(
            json.dumps(document(plan, decisions), ensure_ascii=False, indent=2, allow_nan=False),
            encoding="utf-8",
        )


def question_words(plan: MergePlan, decisions: Decisions) -> tuple[str, ...]:
    """Return what is to be decided, for people, with the keys that decisions go by."""
    from zsgis.merging.listing import info_of, question_lines

    left = plan.undecided(decisions)
    lines = [_("{count} conflicts are to be decided; nothing was written.").format(count=len(left))]
    for conflict in left:
        for question in conflict.questions:
            if question.key in decisions:
                continue
            lines.append(question.key)
            lines += [
                "    "
                + _("{layer} {feature}: {what}; {field}: base {base}, mine {mine}, theirs {theirs}").format(
                    layer=line.layer,
                    feature=line.feature,
                    what=line.what,
                    field=line.field,
                    base=line.base,
                    mine=line.mine,
                    theirs=line.theirs,
                )
                for line in question_lines(conflict, question, info_of(plan, conflict.layer_uid))
            ]
    return tuple(lines)
