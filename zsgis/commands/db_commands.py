"""Commands on a bureau-wide database: ``zsgis db init|list|push|pull|sync|roles``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from layers.words import _
from zsgis.commands.console import ExitCode, Outcome, pairs, run_command

if TYPE_CHECKING:
    from layers.progress import Progress
    from layers.store.postgis.address import DatabaseAddress
    from layers.store.postgis.roles import Role
    from zsgis.databases.syncing import SyncResult
    from zsgis.merging.model import Decision
    from zsgis.merging.planning import MergePlan

JsonOption = Annotated[bool, typer.Option("--json", help=_("Print one JSON document on standard output."))]
ProjectArgument = Annotated[Path, typer.Argument(help=_("The project file (.gpkg)."), metavar="PROJECT")]
UrlArgument = Annotated[
    str, typer.Argument(help=_("postgresql://user@server/database?schema=name, no password."), metavar="URL")
]
AskOption = Annotated[bool, typer.Option("--ask-password", help=_("Ask for the password at the terminal."))]
KeepOption = Annotated[
    bool, typer.Option("--keep-password", help=_("Keep the password in the system's key store."))
]
DecideOption = Annotated[
    Path | None, typer.Option("--decide", help=_("JSON file of decisions, by key of the question."))
]
Answer = TypeVar("Answer")


def add_db_commands(app: typer.Typer) -> None:
    """Add ``zsgis db`` to the command line."""
    db = typer.Typer(
        name="db", help=_("A database that a whole bureau shares (PostGIS)."), no_args_is_help=True
    )
    _add_exchange(db)
    _add_keeping(db)
    app.add_typer(db)


def _add_exchange(db: typer.Typer) -> None:
    @db.command("push", help=_("Send a project file's work to the database; make the project there first."))
    def push(
        project: ProjectArgument,
        url: UrlArgument,
        decide: DecideOption = None,
        ask: AskOption = False,
        keep: KeepOption = False,
        as_json: JsonOption = False,
    ) -> None:
        entry = Entry(url, ask, keep)
        run_command(lambda progress: push_file(project, entry, decide, progress), as_json=as_json)

    @db.command("pull", help=_("Take the database's work into a project file; make the file first."))
    def pull(
        project: ProjectArgument,
        url: UrlArgument,
        decide: DecideOption = None,
        ask: AskOption = False,
        keep: KeepOption = False,
        as_json: JsonOption = False,
    ) -> None:
        entry = Entry(url, ask, keep)
        run_command(lambda progress: pull_file(project, entry, decide, progress), as_json=as_json)

    @db.command("sync", help=_("Bring a project file and the database together, both ways."))
    def sync(
        project: ProjectArgument,
        url: UrlArgument,
        decide: DecideOption = None,
        ask: AskOption = False,
        keep: KeepOption = False,
        as_json: JsonOption = False,
    ) -> None:
        entry = Entry(url, ask, keep)
        run_command(lambda progress: sync_file(project, entry, decide, progress), as_json=as_json)


def _add_keeping(db: typer.Typer) -> None:
    @db.command("init", help=_("Make an empty project in the database, with its roles."))
    def init(
        url: UrlArgument,
        crs: Annotated[str, typer.Option(help=_("Coordinate system, an EPSG number."))] = "4547",
        title: Annotated[str, typer.Option(help=_("What people call the project."))] = "",
        ask: AskOption = False,
        keep: KeepOption = False,
        as_json: JsonOption = False,
    ) -> None:
        entry = Entry(url, ask, keep)
        run_command(lambda _progress: init_project(entry, crs, title), as_json=as_json)

    @db.command("list", help=_("List the projects of a database."))
    def list_(url: UrlArgument, ask: AskOption = False, as_json: JsonOption = False) -> None:
        entry = Entry(url, ask)
        run_command(lambda _progress: list_database(entry), as_json=as_json)

    @db.command("roles", help=_("Say who may do what in a project of the database, and change it."))
    def roles(
        url: UrlArgument,
        grant: Annotated[
            list[str] | None,
            typer.Option(help=_("USER=ROLE: reader, surveyor or editor; may be repeated.")),
        ] = None,
        revoke: Annotated[
            list[str] | None, typer.Option(help=_("A user who loses every role; may be repeated."))
        ] = None,
        survey: Annotated[
            list[str] | None, typer.Option(help=_("A layer that surveyors may fill; may be repeated."))
        ] = None,
        no_survey: Annotated[
            list[str] | None, typer.Option(help=_("A layer that surveyors no longer fill; may be repeated."))
        ] = None,
        ask: AskOption = False,
        as_json: JsonOption = False,
    ) -> None:
        wanted = Roles(
            pairs(grant or [], "--grant"), tuple(revoke or ()), tuple(survey or ()), tuple(no_survey or ())
        )
        run_command(lambda _progress: change_roles(Entry(url, ask), wanted), as_json=as_json)


@dataclass(frozen=True)
class Entry:
    """How to get into a database."""

    url: str
    ask: bool = False
    keep: bool = False

    def enter(self, work: Callable[[DatabaseAddress, str], Answer]) -> Answer:
        """Do what takes an address and a password; ask for it where the known one is refused."""
        import sys

        from layers.store.postgis.address import DatabaseAddress
        from layers.store.postgis.sentences import PasswordRefusedError
        from zsgis.databases.passwords import keep_password, kept_password
        from zsgis.services.secrets import Secrets, desktop_store

        address = DatabaseAddress.parse(self.url)
        secrets = Secrets(desktop_store)
        password = _asked(address) if self.ask else kept_password(secrets, address)
        try:
            answer = work(address, password)
        except PasswordRefusedError:
            if self.ask or not sys.stdin.isatty():
                raise
            password = _asked(address)
            answer = work(address, password)
        if self.keep and password and not keep_password(secrets, address, password):
            typer.echo(_("This system has no key store; the password was not kept."), err=True)
        return answer


@dataclass(frozen=True)
class Roles:
    """Changes of who may do what."""

    grant: Mapping[str, str]
    revoke: tuple[str, ...] = ()
    survey: tuple[str, ...] = ()
    no_survey: tuple[str, ...] = ()


def push_file(path: Path, entry: Entry, decide: Path | None, progress: Progress) -> Outcome:
    """Send a project file's work to a database."""
    from layers.store import Project
    from zsgis.databases.opening import open_database_project
    from zsgis.databases.syncing import base_file, push_new, synchronise

    def work(address: DatabaseAddress, password: str) -> Outcome:
        with Project.open(path) as project:
            if not base_file(path, address).is_file():
                result = push_new(project, address, password, progress)
            else:
                with open_database_project(address, password, _say) as store:
                    result = synchronise(
                        project, store, lambda plan: _decisions(decide, plan), progress, take=False
                    )
        return _told(result, address)

    return entry.enter(work)


def pull_file(path: Path, entry: Entry, decide: Path | None, progress: Progress) -> Outcome:
    """Take a database's work into a project file, which is made where it is missing."""
    from layers.store import Project
    from zsgis.databases.opening import open_database_project
    from zsgis.databases.syncing import pull_new, synchronise

    def work(address: DatabaseAddress, password: str) -> Outcome:
        with open_database_project(address, password, _say) as store:
            if not path.exists():
                return _told(pull_new(store, path, progress), address)
            with Project.open(path) as project:
                result = synchronise(
                    project, store, lambda plan: _decisions(decide, plan), progress, send=False
                )
        return _told(result, address)

    return entry.enter(work)


def sync_file(path: Path, entry: Entry, decide: Path | None, progress: Progress) -> Outcome:
    """Bring a project file and a database together."""
    from layers.store import Project
    from zsgis.databases.opening import open_database_project
    from zsgis.databases.syncing import synchronise

    def work(address: DatabaseAddress, password: str) -> Outcome:
        with (
            Project.open(path) as project,
            open_database_project(address, password, _say) as store,
        ):
            result = synchronise(project, store, lambda plan: _decisions(decide, plan), progress)
        return _told(result, address)

    return entry.enter(work)


def init_project(entry: Entry, crs: str, title: str) -> Outcome:
    """Make an empty project in a database."""
    from layers.crs import parse_crs
    from layers.store.postgis.store import PostgisStore

    def work(address: DatabaseAddress, password: str) -> Outcome:
        with PostgisStore.create(address, parse_crs(crs), title=title, password=password) as store:
            document = {"url": address.url, "uid": store.uid, "schema": address.schema}
        return Outcome(document, (_("New project {path}").format(path=address.url),))

    return entry.enter(work)


def list_database(entry: Entry) -> Outcome:
    """List the projects of a database."""
    from layers.store.postgis.connections import Connections
    from layers.store.postgis.founding import list_projects

    def work(address: DatabaseAddress, password: str) -> Outcome:
        connections = Connections(address, password)
        try:
            with connections.lent() as connection:
                found = list_projects(connection)
        finally:
            connections.close()
        document = {
            "projects": [{"schema": one.schema, "title": one.title, "layers": one.layers} for one in found]
        }
        lines = tuple(f"{one.schema}\t{one.title}\t{one.layers}" for one in found)
        return Outcome(document, lines or (_("The database has no project that you may read."),))

    return entry.enter(work)


def change_roles(entry: Entry, wanted: Roles) -> Outcome:
    """Change who may do what in a project of a database, and say who may now."""
    from zsgis.databases.opening import open_database_project

    given = {user: _role(text) for user, text in wanted.grant.items()}

    def work(address: DatabaseAddress, password: str) -> Outcome:
        with open_database_project(address, password, _say) as store:
            for user, role in given.items():
                store.grant(user, role)
            for user in wanted.revoke:
                store.revoke(user)
            for layers, is_on in ((wanted.survey, True), (wanted.no_survey, False)):
                for layer in layers:
                    store.mark_for_survey(layer, on=is_on)
            members = store.members()
            surveyed = set(store.surveyed())
            layers_surveyed = [info.name for info in store.layers() if info.uid in surveyed]
        document = {
            "members": [{"user": member.user, "role": member.role.value} for member in members],
            "survey": layers_surveyed,
        }
        lines = [f"{member.user}\t{member.role.words}" for member in members]
        if layers_surveyed:
            lines.append(_("Surveyors fill: {names}").format(names="、".join(layers_surveyed)))
        return Outcome(document, tuple(lines))

    return entry.enter(work)


def _told(result: SyncResult, address: DatabaseAddress) -> Outcome:
    from zsgis.commands.merge_command import question_words
    from zsgis.merging.listing import document

    told = {"url": address.url, "sent": result.sent, "taken": result.taken, "done": result.done}
    if result.plan is not None:
        told["merge"] = document(result.plan, {})
    if not result.done and result.plan is not None:
        return Outcome(told, question_words(result.plan, {}), code=ExitCode.UNUSABLE_INPUT)
    line = _("{sent} features sent to the database, {taken} taken from it").format(
        sent=result.sent, taken=result.taken
    )
    return Outcome(told, (line,))


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _decisions(path: Path | None, plan: MergePlan) -> Mapping[str, Decision]:
    from zsgis.merging.decisions import DecisionBook

    return {} if path is None else DecisionBook(path, plan).read()


def _asked(address: DatabaseAddress) -> str:
    return str(
        typer.prompt(
            _("Password of {user} at {server}").format(user=address.user, server=address.server),
            hide_input=True,
            err=True,
        )
    )


def _role(text: str) -> Role:
    from layers.errors import UsageError
    from layers.store.postgis.roles import Role

    try:
        return Role(text)
    except ValueError as error:
        raise UsageError(
            _("“{text}” does not say “{name}”.").format(text=text, name="--grant"),
            remedy=_("Say for instance: {example}").format(example="reader、surveyor、editor"),
        ) from error
