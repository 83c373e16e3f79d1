"""The commands about demand for land: the register is filled from a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from layers.words import _
from zsgis.commands.console import Outcome, run_command

if TYPE_CHECKING:
    from layers.progress import Progress


def add_demand_commands(app: typer.Typer) -> None:
    """Add ``zsgis demand fill`` to the command line."""
    group = typer.Typer(help=_("Demand for land: the register of projects."), no_args_is_help=True)
    app.add_typer(group, name="demand")

    @group.callback()
    def demand() -> None:
        """Keep the group a group while it has one command."""

    @group.command("fill", help=_("Add to the register what a plan names and it does not have yet."))
    def fill(
        project: Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")],
        plan: Annotated[str, typer.Option(help=_("Key of the plan. Empty: the plan that ships."))] = "",
        plans: Annotated[Path | None, typer.Option(help=_("Folder with plans of your own."))] = None,
        rule: Annotated[str, typer.Option(help=_("Rule file of priorities, by name or path."))] = "",
        as_json: Annotated[
            bool, typer.Option("--json", help=_("Print one JSON document on standard output."))
        ] = False,
    ) -> None:
        run_command(lambda progress: fill_demand(project, plan, plans, rule, progress), as_json=as_json)


def fill_demand(path: Path, plan: str, folder: Path | None, rule: str, progress: Progress) -> Outcome:
    """Fill the register of a project from a plan."""
    from layers.store import Project
    from zsgis.demand.priorities import priority_rule
    from zsgis.demand.starter import fill_register
    from zsgis.plan import DEFAULT_PLAN, load_plan

    chosen = load_plan(plan or DEFAULT_PLAN, folders=() if folder is None else (folder,))
    priorities = priority_rule(rule)
    with Project.open(path) as project:
        done = fill_register(project, chosen, priorities, progress)
    document = {
        "layer": done.layer.name,
        "plan": chosen.key,
        "added": list(done.added),
        "kept": done.kept,
    }
    told = _("“{layer}”: {added} projects of “{plan}” added, {kept} stood there already.").format(
        layer=done.layer.name, added=len(done.added), plan=chosen.title, kept=done.kept
    )
    return Outcome(document, (told,))
