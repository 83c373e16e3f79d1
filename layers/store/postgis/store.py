"""A project in a PostGIS database, with the calls of a project file."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyproj
from psycopg import sql

from layers.edits import Author, Edit, EditRecord, FeatureShape
from layers.errors import InputError
from layers.progress import NoProgress, Progress
from layers.store.adding import LayerDraft
from layers.store.column_writing import ColumnValues, column_changes
from layers.store.editing import LayerChange
from layers.store.edits.steps import Step, step_of
from layers.store.guarding import ProjectGuard, Unguarded
from layers.store.model import LayerInfo, NewLayer
from layers.store.postgis import changing_layers, reading, roles
from layers.store.postgis.adding import add_layer
from layers.store.postgis.address import DatabaseAddress
from layers.store.postgis.connecting import Connection, in_schema, postgis_schema
from layers.store.postgis.connections import Connections, Retries
from layers.store.postgis.copies import ServerCopies
from layers.store.postgis.edit_writing import EditWriter
from layers.store.postgis.founding import check_project, found_project, read_setting
from layers.store.postgis.journal import read_journal, read_log
from layers.store.postgis.listening import Listener, News
from layers.store.postgis.merging import PostgisMerging
from layers.store.postgis.migrations import bring_up_to_date, format_of, require_known
from layers.store.postgis.plans import LayerPlan
from layers.store.postgis.roles import Member, Role
from layers.store.postgis.tables_read import PostgisPlaces, PostgisTable
from layers.store.reading import Bounds
from layers.store.records import as_json
from layers.store.twins import Parted
from layers.store.uids import new_uid
from layers.style import Style
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from layers.drawable_making import DrawingRows

# what each person keeps for themselves: where they looked, what they had open
_OWN_SETTINGS = "window."


class PostgisStore(PostgisMerging):
    """A project in a database that is open; safe to call from several threads.

    Made by :meth:`create` or :meth:`open`; a context manager that closes itself.

    Attributes
    ----------
    address : DatabaseAddress
    uid : str
    crs : pyproj.CRS
        The system of the project's maps and of new layers; each layer keeps its own.
    roles : frozenset of Role
        What the user of the database may do in it.
    format : SchemaFormat
        How it stands to this version of the program; in an older or newer one nothing is written.
    guard : ProjectGuard
        Nobody has to wait for anybody else.
    copies : ServerCopies
        Says that copies are the server's affair.
    parted : tuple of Parted
        Empty: what another program copies gets identifiers of its own as soon as it comes.
    """

    parted: tuple[Parted, ...] = ()
    guard: ProjectGuard = Unguarded()

    def __init__(self, connections: Connections, author: Author, folder: Path) -> None:
        self.address = connections.address
        self._folder = folder
        self._listeners: list[Listener] = []
        with connections.lent() as connection:
            check_project(connection, self.address)
            self.format = format_of(connection, self.address.schema)
            super().__init__(connections, self.address.schema, postgis_schema(connection), author)
            self.uid: str = read_setting(connection, self._schema, "project.uid", "")
            self.crs = pyproj.CRS.from_user_input(read_setting(connection, self._schema, "project.crs"))
            self.copies = ServerCopies(self.address, self.uid, self._schema, self.layers)
            self.roles = roles.roles_of_session(connection, self._schema)
        connections.why_read_only = self.format.why_read_only
        if self.format.is_newer:
            require_known(self.format, self.address.server, self.layers)

    @classmethod
    def create(
        cls,
        address: DatabaseAddress,
        crs: pyproj.CRS,
        *,
        title: str = "",
        password: str = "",
        uid: str = "",
        author: Author | None = None,
    ) -> PostgisStore:
        """Make a new project in a database.

        Parameters
        ----------
        uid : str
            The project's identifier for good, where it has one already.

        Raises
        ------
        ProjectFileError
            When the schema exists or the user may not make it.
        """
        connections = Connections(address, password)
        try:
            with connections.lent() as connection:
                found_project(connection, address, crs, title or address.schema, uid=uid)
        finally:
            connections.close()
        return cls.open(address, password=password, author=author)

    @classmethod
    def open(
        cls,
        address: DatabaseAddress,
        *,
        password: str = "",
        author: Author | None = None,
        folder: Path | None = None,
    ) -> PostgisStore:
        """Open a project in a database.

        Parameters
        ----------
        password : str
            Kept in memory while the project is open; where empty, libpq looks for one by its own rules.
        folder : Path, optional
            Where files that go with the project are looked for first; the user's home by default.

        Raises
        ------
        ProjectFileError
            When the database cannot be reached, or holds no such project for this user, or one so new that
            it cannot be read.
        """
        connections = Connections(address, password)
        try:
            return cls(connections, author or Author.here(), folder or Path.home())
        except BaseException:
            connections.close()
            raise

    def close(self) -> None:
        """Close all connections; everything done so far is on the server's disk already."""
        for listener in self._listeners:
            listener.close()
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_file(self) -> bool:
        """Whether the project is a file, and not in a database."""
        return False

    @property
    def path(self) -> Path:
        """A file beside which what goes with the project is kept; the project itself lies on the server."""
        return self._folder / f"{self._schema}.gpkg"

    @property
    def read_only(self) -> bool:
        """Whether the project may only be read: the user's role, or the project's format, allows no more."""
        return bool(self.why_read_only)

    @property
    def why_read_only(self) -> str:
        """Why the project may only be read, in the user's language; empty where it may be written."""
        if self.format.why_read_only:
            return self.format.why_read_only
        may_write = self.roles & {Role.SURVEYOR, Role.EDITOR}
        return "" if may_write else _("Your role in this database only allows reading.")

    @property
    def newer_format(self) -> int:
        """The format of a project that a newer program made; 0 for others."""
        return self.format.written if self.format.is_newer else 0

    def migrate(self) -> None:
        """Bring a project that an earlier version of the program made up to date, all of it or nothing.

        Those who open it with an earlier version afterwards are told to take this one.

        Raises
        ------
        InputError
            When the user of the database may not do that.
        ProjectFileError
            When others were in the way all the while, or the connection broke.
        """
        self.format = bring_up_to_date(self._connections, self._schema, self.format)

    @property
    def title(self) -> str:
        """What people call the project."""
        return str(self.setting("project.title", self._schema))

    @property
    def retries(self) -> Retries:
        """How often something was begun anew, and why."""
        return self._connections.retries

    def listen(self, heard: Callable[[News], object]) -> Listener:
        """Tell ``heard`` in a thread of its own what happens in the project, until the project is closed."""
        listener = Listener(self._connections, self._schema, heard)
        self._listeners.append(listener)
        return listener

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return all layers in drawing order, top first."""
        return tuple(plan.info for plan in self._all())

    def layer(self, name_or_uid: str) -> LayerInfo:
        """Return one layer by its uid, its name or its table's name.

        Raises
        ------
        InputError
            When there is none; the message names the layers.
        """
        return self._found(name_or_uid).info

    def layers_of(self, *kind_keys: str) -> tuple[LayerInfo, ...]:
        """Return the layers of these kinds, in drawing order."""
        return tuple(info for info in self.layers() if info.kind in kind_keys)

    def add_layer(self, new: NewLayer, frame: GeoDataFrame, progress: Progress | None = None) -> LayerInfo:
        """Add a layer with its features, in one transaction; see :meth:`layers.store.Project.add_layer`."""
        draft = LayerDraft.prepare(replace(new, uid=new.uid or new_uid()), frame)

        def work(connection: Connection) -> None:
            plans = tuple(self.plans(connection).values())
            add_layer(connection, self._schema, plans, draft, progress or NoProgress())

        self._committer.write(new, work)
        return self.layer(draft.new.uid)

    def remove_layer(self, uid: str, progress: Progress | None = None) -> None:
        """Delete a layer and its features; their identifiers are never used again."""
        plan = self._found(uid)
        (progress or NoProgress()).step(0.0)
        self._committer.write(plan, lambda lent: changing_layers.remove_layer(lent, plan))

    def update_layer(
        self,
        uid: str,
        *,
        name: str | None = None,
        visible: bool | None = None,
        opacity: float | None = None,
        order: int | None = None,
        style: Style | None = None,
        standard: str | None = None,
        status: str | None = None,
        secrecy: str | None = None,
    ) -> LayerInfo:
        """Change what is said, for everybody; the rest stays. ``order`` moves the layer, 1 is on top."""
        change = LayerChange(
            name=name,
            visible=visible,
            opacity=opacity,
            order=order,
            style=style,
            standard=standard,
            status=status,
            secrecy=secrecy,
        )

        def work(connection: Connection) -> None:
            plans = self.plans(connection)
            plan = self._plan(plans, self._found(uid).info.uid)
            changing_layers.update_layer(connection, tuple(plans.values()), plan, change)

        self._committer.write(change, work)
        return self.layer(uid)

    def mark_for_survey(self, uid: str, *, on: bool) -> None:
        """Let surveyors add and change features of a layer, or stop letting them."""
        plan = self._found(uid)
        self._committer.write(
            plan,
            lambda lent: lent.execute(
                in_schema(self._schema, "SELECT {schema}.zs_mark_survey(%s, %s)"), (plan.info.uid, on)
            ),
        )

    def members(self) -> tuple[Member, ...]:
        """Return who has which role in the project."""
        return self._connections.reading(lambda lent: roles.members(lent, self._schema))

    def grant(self, user: str, role: Role) -> None:
        """Give a user of the database a role in the project, instead of the one it has.

        Raises
        ------
        UsageError
            When there is no such user.
        """
        self._connections.in_transaction(lambda lent: roles.grant(lent, self._schema, user, role))

    def revoke(self, user: str) -> None:
        """Take all roles in the project from a user of the database; raises as :meth:`grant`."""
        self._connections.in_transaction(lambda lent: roles.revoke(lent, self._schema, user))

    def surveyed(self) -> tuple[str, ...]:
        """Return the uids of the layers whose features surveyors may add and change."""
        return tuple(plan.info.uid for plan in self._all() if plan.survey)

    def write_columns(
        self,
        uid: str,
        columns: Sequence[ColumnValues],
        reason: Mapping[str, Any],
        title: str,
        progress: Progress | None = None,
    ) -> EditRecord:
        """Write values into columns as one edit; see :meth:`layers.store.Project.write_columns`."""
        known = self._found(uid).info.uid
        edit = Edit(title, (), reason=as_json(dict(reason)))

        def steps(connection: Connection, writer: EditWriter) -> list[Step]:
            plan = writer.plan(known)
            if changing_layers.add_columns(connection, plan, columns):
                writer.renew(self.plans(connection))
                plan = writer.plan(known)
            return [
                step_of(change, plan.info, plan.srid, "") for change in column_changes(plan.info, columns)
            ]

        return self.write_rows(edit, steps, progress or NoProgress())

    def read(
        self,
        uid: str,
        *,
        columns: Sequence[str] | None = None,
        uids: Collection[str] | None = None,
        bounds: Bounds | None = None,
    ) -> GeoDataFrame:
        """Return a layer's features as a frame; see :meth:`layers.store.Project.read`."""
        return reading.read_frame(
            self._connections, self._found(uid), columns=columns, uids=uids, bounds=bounds
        )

    def shapes_in(self, uid: str, bounds: Bounds) -> tuple[FeatureShape, ...]:
        """Return the shapes whose box meets west, south, east, north, in the layer's own system."""
        frame = self.read(uid, columns=["zs_version"], bounds=bounds)
        return tuple(
            FeatureShape(str(zs_uid), int(version), shape)
            for zs_uid, version, shape in zip(frame.index, frame["zs_version"], frame.geometry, strict=True)
            if shape is not None and not shape.is_empty
        )

    def feature(self, uid: str, zs_uid: str) -> dict[str, Any]:
        """Return one feature's attributes by field name, with ``geometry``."""
        return reading.read_feature(self._connections, self._found(uid), zs_uid)

    def drawing_rows(self, uid: str, columns: Sequence[str], progress: Progress) -> DrawingRows:
        """Return a layer's shapes as arrays with some of its columns, for drawing."""
        return reading.read_for_drawing(self._connections, self._found(uid), columns, progress)

    def table(self, info: LayerInfo) -> PostgisTable:
        """Return what reads a layer's attributes row by row and column by column."""
        return PostgisTable(self._connections, self._found(info.uid))

    def places(self, uid: str) -> PostgisPlaces:
        """Return what tells where a layer's features lie, in portions."""
        return PostgisPlaces(self._connections, self._found(uid))

    def identify(self, uid: str, x: float, y: float, tolerance: float) -> list[str]:
        """Return the ``zs_uid`` of features within ``tolerance`` of a point, the nearest first."""
        return reading.find_at(self._connections, self._found(uid), x, y, tolerance)

    def content_hash(self, uid: str) -> str:
        """Return the fingerprint that a project file gives for the same content."""
        return reading.content_hash(self._connections, self._found(uid))

    def doubled_uids(self, uid: str) -> dict[str, str]:
        """Return each ``zs_uid`` of a layer that another layer has too, with that layer's name."""
        info, layers = self._found(uid).info, self.layers()
        query = sql.SQL("SELECT a.zs_uid FROM {} AS a JOIN {} AS b USING (zs_uid)")

        def read(connection: Connection) -> dict[str, str]:
            return {
                zs_uid: other.name
                for other in layers
                if other.uid != info.uid
                for (zs_uid,) in connection.execute(
                    query.format(
                        sql.Identifier(self._schema, info.table), sql.Identifier(self._schema, other.table)
                    )
                )
            }

        return self._connections.reading(read)

    def setting(self, key: str, default: Any = None) -> Any:
        """Return a setting, or ``default`` where it was never set; what is one's own goes before."""

        def read(connection: Connection) -> Any:
            found = connection.execute(
                in_schema(
                    self._schema,
                    "SELECT value FROM {schema}.zs_own_settings WHERE role = session_user AND key = %s",
                ),
                (key,),
            ).fetchone()
            if found is not None:
                return json.loads(found[0])
            return read_setting(connection, self._schema, key, default)

        return self._connections.reading(read)

    def set_setting(self, key: str, value: Any) -> None:
        """Set a setting to anything JSON can hold: of the window for oneself, others for everybody."""
        own = key.startswith(_OWN_SETTINGS)
        query = in_schema(
            self._schema,
            "INSERT INTO {schema}.{table} (key, value) VALUES (%s, %s) ON CONFLICT "
            + ("(role, key)" if own else "(key)")
            + " DO UPDATE SET value = excluded.value",
            table="zs_own_settings" if own else "zs_settings",
        )
        text = as_json(value)
        self._connections.in_transaction(lambda lent: lent.execute(query, (key, text)))

    def record_run(self, record: Mapping[str, Any]) -> str:
        """Keep the record of an analysis; return its uid, taken from the record or made."""
        uid = str(record.get("uid") or new_uid())
        self._connections.in_transaction(lambda lent: self._keep_run(lent, {**record, "uid": uid}))
        return uid

    def runs(self) -> tuple[dict[str, Any], ...]:
        """Return the records of all analyses, oldest first."""
        query = in_schema(self._schema, "SELECT record FROM {schema}.zs_runs ORDER BY id")
        found = self._connections.reading(lambda lent: lent.execute(query).fetchall())
        return tuple(json.loads(row[0]) for row in found)

    def journal(self) -> tuple[dict[str, Any], ...]:
        """Return who did what to layers and features and when (UTC), oldest first."""
        return self._connections.reading(lambda lent: read_journal(lent, self._schema))

    def log(self, limit: int) -> tuple[dict[str, Any], ...]:
        """Return the latest entries of the journal without what they changed, oldest first."""
        return self._connections.reading(lambda lent: read_log(lent, self._schema, limit))

    def holds(self, path: Path | str) -> bool:
        """Tell whether ``path`` is this project's own file: it has none."""
        del path
        return False

    def _all(self) -> tuple[LayerPlan, ...]:
        return tuple(self._connections.reading(self.plans).values())

    def _found(self, name_or_uid: str) -> LayerPlan:
        plans = self._all()
        for of in ("uid", "name", "table"):
            for plan in plans:
                if getattr(plan.info, of) == name_or_uid:
                    return plan
        raise InputError(
            _("The project has no layer “{name}”.").format(name=name_or_uid),
            where=self.address.server,
            remedy=_("Layers: {names}").format(names="、".join(plan.info.name for plan in plans) or "-"),
        )
