"""Commands around copies of the project: take one, list them, go back to one, take a working copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from layers.errors import InputError
from layers.words import _
from zsgis.commands.console import Outcome, run_command

if TYPE_CHECKING:
    from layers.progress import Progress
    from layers.store.backups import BackupCopy

_Json = Annotated[bool, typer.Option("--json", help=_("Print one JSON document on standard output."))]
_Project = Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")]


def add_backup_commands(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command("backup", help=_("Take a copy of a project, also while somebody works in it."))
    def backup(project: _Project, as_json: _Json = False) -> None:
        run_command(lambda progress: take_backup(project, progress), as_json=as_json)

    @app.command("backups", help=_("List the copies of a project."))
    def backups(project: _Project, as_json: _Json = False) -> None:
        run_command(lambda _progress: list_backups(project), as_json=as_json)

    @app.command(
        "restore-backup", help=_("Go back to a copy; the present state is copied first, or stays with -o.")
    )
    def restore_backup(
        project: _Project,
        copy: Annotated[str, typer.Argument(help=_("Name of the copy, as listed."), metavar="COPY")],
        out: Annotated[
            Path | None, typer.Option("-o", "--out", help=_("Write it to a new project file instead."))
        ] = None,
        as_json: _Json = False,
    ) -> None:
        run_command(lambda progress: restore(project, copy, out, progress), as_json=as_json)

    @app.command("working-copy", help=_("Take a working copy of a project, to be merged back later."))
    def working_copy(
        project: _Project,
        folder: Annotated[Path, typer.Argument(help=_("The folder to write into."), metavar="FOLDER")],
        secret: Annotated[
            bool, typer.Option("--secret-allowed", help=_("Secret layers may lie in that folder."))
        ] = False,
        as_json: _Json = False,
    ) -> None:
        run_command(
            lambda progress: take_copy(project, folder, progress, secret_allowed=secret), as_json=as_json
        )


def take_backup(path: Path, progress: Progress) -> Outcome:
    """Take a copy by hand; whoever has the project goes on working."""
    from layers.store import Project
    from layers.store.backups import CopyKind
    from zsgis.backups.keeping import back_up
    from zsgis.backups.settings import BackupSettingsStore

    with Project.open(path, read_only=True) as project:
        copy = back_up(project.copies, BackupSettingsStore().read(), CopyKind.BY_HAND, "", progress)
    return Outcome(_describe(copy), (_("Copied to {name}").format(name=copy.path),))


def list_backups(path: Path) -> Outcome:
    """List the copies of a project, the latest first."""
    copies = _copies(path)
    lines = [
        "\t".join(
            [
                f"{copy.taken.astimezone():%Y-%m-%d %H:%M:%S}",
                copy.kind.value,
                f"{copy.size / 1e6:,.1f} MB",
                _("unreadable") if copy.summary is None else f"{copy.summary.features:,}",
                copy.path.name,
                copy.reason,
            ]
        )
        for copy in copies
    ]
    document = {"project": str(path), "copies": [_describe(copy) for copy in copies]}
    return Outcome(document, tuple(lines) or (_("No copy was taken yet."),))


def restore(path: Path, name: str, out: Path | None, progress: Progress) -> Outcome:
    """Make a project what one of its copies holds, or write the copy to a new project."""
    from layers.progress import ProgressPart
    from layers.store.backups.restoring import save_as_project
    from zsgis.backups.keeping import back_up_before
    from zsgis.backups.settings import BackupSettingsStore
    from zsgis.sharing.opening import open_to_write

    copy = next((copy for copy in _copies(path) if copy.path.name == name), None)
    if copy is None:
        raise InputError(
            _("The project has no copy of this name."),
            where=name,
            remedy=_("`zsgis backups PROJECT` lists them."),
        )
    if out is not None:
        save_as_project(copy.path, out, progress)
        return Outcome({"written": str(out)}, (_("The copy is saved as {name}").format(name=out),))
    time = f"{copy.taken.astimezone():%Y-%m-%d %H:%M}"
    title = _("Going back to the copy of {time}").format(time=time)
    with open_to_write(path) as project:
        settings = BackupSettingsStore().read()
        before = back_up_before(project.copies, settings, title, None, ProgressPart(progress, 0.0, 0.5))
        project.copies.replace_by(copy.path, ProgressPart(progress, 0.5, 1.0))
    document = {
        "restored": str(copy.path),
        "present_state": None if before is None else str(before.path),
    }
    return Outcome(document, (_("The project is as it was at {time}").format(time=time),))


def take_copy(path: Path, folder: Path, progress: Progress, *, secret_allowed: bool) -> Outcome:
    """Take a working copy with its base."""
    from layers.store import Project
    from layers.store.working_copies import base_of, read_origin, take_working_copy
    from zsgis.backups.keeping import now_here

    with Project.open(path, read_only=True) as project:
        copy = take_working_copy(
            project, folder, now_here(), secret_allowed=secret_allowed, progress=progress
        )
    origin = read_origin(copy)
    base = base_of(copy, origin) if origin is not None else None
    return Outcome(
        {"working_copy": str(copy), "base": str(base), "project": str(path)},
        (_("Working copy: {path}").format(path=copy),),
    )


def _copies(path: Path) -> tuple[BackupCopy, ...]:
    from layers.store import Project
    from zsgis.backups.settings import BackupSettingsStore

    with Project.open(path, read_only=True) as project:
        return project.copies.shelf(BackupSettingsStore().read().place).copies()


def _describe(copy: BackupCopy) -> dict[str, Any]:
    summary = copy.summary
    return {
        "file": str(copy.path),
        "taken": copy.taken.isoformat(),
        "kind": copy.kind.name.lower(),
        "reason": copy.reason,
        "size": copy.size,
        "good": copy.good,
        "layers": [] if summary is None else [layer.name for layer in summary.layers],
        "features": None if summary is None else summary.features,
        "secrecy": "" if summary is None else summary.secrecy,
    }
