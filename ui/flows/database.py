"""Projects in a bureau-wide database: connecting, opening, and what others do while one looks on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PyQt6.QtCore import QObject, pyqtSignal

from layers.edits import EditRecord
from layers.errors import ZsgisError
from layers.progress import Progress
from layers.words import N_, _
from ui.actions import FILE, ActionSpec
from ui.bench import Bench
from ui.dialogs.database import DatabaseDialog, DatabaseEntry, OfferedProject
from ui.dialogs.port import Verb
from ui.flows.project_loading import OpenedProject, loaded
from ui.pending_writes import PROJECT_LANE
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from layers.store.postgis.address import DatabaseAddress
    from layers.store.postgis.listening import News
    from layers.store.postgis.store import PostgisStore
    from zsgis.services.secrets import Secrets

_LANE = "database"
_MIGRATE = "migrate"
_ONLY_READ = "read"


class _OlderProjectError(Exception):
    """A project that an earlier version made and that could be brought up to date."""


class DatabaseFlows(QObject):
    """What happens when an officer works in the bureau's database.

    Parameters
    ----------
    secrets : Secrets, optional
        Keeps passwords; the desktop's own store by default.
    """

    heard = pyqtSignal(object, object)
    """A store and a piece of :class:`News` of it, told by a thread that listens."""

    def __init__(self, bench: Bench, secrets: Secrets | None = None) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._secrets = secrets
        self._written: set[str] = set()
        self._listening: PostgisStore | None = None
        self.dialog: DatabaseDialog | None = None
        self.heard.connect(self._take_news)
        self._session.subscribe(self._take_change)
        bench.editing.written.connect(self._note_written)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return (
            ActionSpec(
                "connect_database",
                N_("Connect to a database…"),
                FILE,
                "database",
                "Ctrl+Shift+F1",
                tip=N_("Open a project that the whole bureau shares (PostGIS)"),
            ),
        )

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {"connect_database": self.connect_database}

    def connect_database(self) -> None:
        """Ask for a database."""
        if self.dialog is not None:
            self.dialog.close()
        dialog = DatabaseDialog(self._bench.preferences.current.databases, self._bench.window)
        self.dialog = dialog
        dialog.address_changed.connect(self._fetch_password)
        dialog.look_asked.connect(self._look)
        dialog.open_asked.connect(self._open)
        dialog.show()
        entry = dialog.entry()
        self._jobs.start(
            _("Looking for the key store"),
            lambda _progress: self._keys().is_lasting,
            done=dialog.allow_keeping,
            lane=_LANE,
            quiet=True,
        )
        if entry is not None:
            self._fetch_password(entry.address)

    def _keys(self) -> Secrets:
        from zsgis.services.secrets import Secrets, desktop_store

        if self._secrets is None:
            self._secrets = Secrets(desktop_store)
        return self._secrets

    def _fetch_password(self, address: DatabaseAddress) -> None:
        """Look for the password that is kept; the key store may first ask to be unlocked."""
        from zsgis.databases.passwords import kept_password

        dialog = self.dialog

        def show(password: str) -> None:
            entry = dialog.entry() if dialog is not None else None
            if dialog is not None and entry is not None and entry.address.key_origin == address.key_origin:
                dialog.show_password(password)

        self._jobs.start(
            _("Looking for the key store"),
            lambda _progress: kept_password(self._keys(), address),
            done=show,
            lane=_LANE,
            quiet=True,
        )

    def _look(self, entry: DatabaseEntry) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        self._jobs.start(
            _("Asking the database"),
            partial(_list, entry),
            done=dialog.show_projects,
            failed=lambda error: dialog.show_trouble(_words(error)),
            cancelled=lambda: dialog.show_busy(False),
            lane=_LANE,
        )

    def _open(self, entry: DatabaseEntry, answer: str = "") -> None:
        title = _("Opening {name}").format(name=entry.address.server)
        self._bench.projects.open_other(
            title, partial(self._load, entry, answer), lambda error: self._take_failure(error, entry)
        )

    def _take_failure(self, error: BaseException, entry: DatabaseEntry) -> None:
        """Ask what to do with a project of an earlier version; show whatever else went wrong."""
        dialogs = self._bench.desk.dialogs
        if not isinstance(error, _OlderProjectError):
            dialogs.show_error(error)
            return
        answer = dialogs.choose(
            _("Bring the project in the database up to date?"),
            _(
                "An earlier version of the program made it. Layers, features and history stay as they are."
                " Whoever opens it with an earlier version afterwards is told to update the program."
            ),
            (Verb(_MIGRATE, _("Bring up to date")), Verb(_ONLY_READ, _("Only read"))),
        )
        if answer:
            self._open(entry, answer)

    def _load(self, entry: DatabaseEntry, answer: str, progress: Progress) -> OpenedProject:
        from layers.store.postgis.store import PostgisStore
        from zsgis.databases.passwords import forget_password, keep_password

        progress.step(0.1)
        store = PostgisStore.open(entry.address, password=entry.password)
        if store.format.may_migrate and answer != _ONLY_READ:
            _bring_up_to_date(store, answer)
        if entry.keep and entry.password:
            keep_password(self._keys(), entry.address, entry.password)
        elif entry.password:
            forget_password(self._keys(), entry.address)
        # the window knows projects by the class of files; a test holds that a database answers the same calls
        return loaded(cast("Project", store), progress)

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._listening = None
            self._written.clear()
            store = _database(self._session.project)
            if store is not None:
                self._listening = store
                preferences = self._bench.preferences
                preferences.change(preferences.current.with_database(store.address.url))
                store.listen(lambda news: self.heard.emit(store, news))

    def _note_written(self, record: EditRecord) -> None:
        if self._listening is not None:
            self._written.add(record.head.uid)

    def _take_news(self, store: PostgisStore, news: News) -> None:
        """Read what others did, after what is under way here has been written."""
        if store is not self._listening:
            return
        self._jobs.start(
            _("Reading what others did"),
            partial(_read, store, news, self._written),
            done=partial(self._show_news, store),
            failed=lambda _error: None,  # who listens is told again once the server is back
            lane=PROJECT_LANE,
            quiet=True,
        )

    def _show_news(
        self, store: PostgisStore, found: tuple[EditRecord | None, tuple[LayerInfo, ...]] | None
    ) -> None:
        if found is None or store is not self._listening:
            return
        record, layers = found
        if record is None:
            self._session.renew_layers(layers)
        elif record.head.uid not in self._written:
            self._session.take_record(record, layers)
            self._bench.editing.written.emit(record)


def _bring_up_to_date(store: PostgisStore, answer: str) -> None:
    """Bring an older project up to date where that was wanted; it is closed where it was not asked yet."""
    try:
        if answer != _MIGRATE:
            raise _OlderProjectError
        store.migrate()
    except BaseException:
        store.close()
        raise


def _read(
    store: PostgisStore, news: News, own: set[str], _progress: Progress
) -> tuple[EditRecord | None, tuple[LayerInfo, ...]] | None:
    """Return what a piece of news means: an edit of others, or layers that may all be others."""
    if news.edit_uid and news.edit_uid in own:
        return None
    layers = store.layers()
    record = store.record(news.edit_uid) if news.edit_uid else None
    return record, layers


def _list(entry: DatabaseEntry, _progress: Progress) -> tuple[OfferedProject, ...]:
    from layers.store.postgis.connections import Connections
    from layers.store.postgis.founding import list_projects

    connections = Connections(entry.address, entry.password)
    try:
        with connections.lent() as connection:
            return tuple(
                OfferedProject(one.schema, one.title, one.layers) for one in list_projects(connection)
            )
    finally:
        connections.close()


def _database(project: object) -> PostgisStore | None:
    # asked only of what has an address: loading the database's part would cost every start
    if not hasattr(project, "address"):
        return None
    from layers.store.postgis.store import PostgisStore

    return project if isinstance(project, PostgisStore) else None


def _words(error: BaseException) -> str:
    return str(error) if isinstance(error, ZsgisError) else _("The database cannot be reached.")
