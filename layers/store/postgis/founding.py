"""How a project begins in a database, and which ones there are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import psycopg
import pyproj
from psycopg import sql

from layers.errors import ProjectFileError, UsageError
from layers.store.postgis.address import DatabaseAddress, check_schema_name
from layers.store.postgis.connecting import Connection, in_schema, postgis_schema
from layers.store.postgis.functions import FUNCTIONS, RIGHTS, TRIGGERS
from layers.store.postgis.roles import OWNER, Role, make_roles, role_name
from layers.store.postgis.tables import FORMAT_VERSION, GRANTS, TABLES
from layers.store.srs import crs_text
from layers.store.uids import new_uid
from layers.words import _


@dataclass(frozen=True)
class ProjectListing:
    """A project in a database, as somebody may choose it."""

    schema: str
    title: str
    layers: int


def channel_of(schema: str) -> str:
    """Return the channel on which a project tells its news."""
    return f"zsgis_{schema}"


def found_project(
    connection: Connection, address: DatabaseAddress, crs: pyproj.CRS, title: str, *, uid: str = ""
) -> None:
    """Make a project without layers, with its roles; all of it or nothing.

    Raises
    ------
    ProjectFileError
        When PostGIS is missing and cannot be added, or the user may not make schemas and roles.
    """
    check_schema_name(address.schema)
    _require_room(connection, address)
    postgis = _ensure_postgis(connection, address)
    schema = address.schema
    try:
        with connection.transaction():
            make_roles(connection, schema)
            owner = sql.Identifier(role_name(schema, OWNER))
            connection.execute(
                sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(sql.Identifier(schema), owner)
            )
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(owner))
            for text in (TABLES, FUNCTIONS, TRIGGERS, GRANTS, RIGHTS):
                connection.execute(filled(text, schema, postgis))
            settings = {
                "project.format": FORMAT_VERSION,
                "project.uid": uid or new_uid(),
                "project.title": title,
                "project.crs": crs_text(crs),
            }
            with connection.cursor() as cursor:
                cursor.executemany(
                    in_schema(schema, "INSERT INTO {schema}.zs_settings (key, value) VALUES (%s, %s)"),
                    [(key, json.dumps(value, ensure_ascii=False)) for key, value in settings.items()],
                )
    except psycopg.errors.InsufficientPrivilege as error:
        raise ProjectFileError(
            _("Your user may not make projects in this database."),
            where=address.server,
            remedy=_(
                "Whoever looks after the database gives the right: CREATEROLE, and CREATE on the database."
            ),
            details=str(error),
        ) from error


def list_projects(connection: Connection) -> tuple[ProjectListing, ...]:
    """Return the projects of a database that the user of the connection may read."""
    schemas = connection.execute(
        "SELECT n.nspname FROM pg_catalog.pg_namespace AS n"
        " JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = 'zs_layers'"
        " JOIN pg_catalog.pg_class AS s ON s.relnamespace = n.oid AND s.relname = 'zs_settings'"
        " WHERE pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
        " AND pg_catalog.has_table_privilege(s.oid, 'SELECT') ORDER BY 1"
    ).fetchall()
    return tuple(_listing(connection, schema) for (schema,) in schemas)


def check_project(connection: Connection, address: DatabaseAddress) -> None:
    """Refuse a schema that holds no project, or none that the user may read.

    Raises
    ------
    ProjectFileError
    """
    if not address.schema:
        raise UsageError(
            _("The address names no project in the database."),
            where=address.server,
            remedy=_("Projects: {names}").format(
                names="、".join(found.schema for found in list_projects(connection)) or "-"
            ),
        )
    if address.schema not in {found.schema for found in list_projects(connection)}:
        raise ProjectFileError(
            _("The database has no project “{name}”, or you may not read it.").format(name=address.schema),
            where=address.server,
            remedy=_("Ask whoever looks after the database for the role of a reader."),
        )


def read_setting(connection: Connection, schema: str, key: str, default: Any = None) -> Any:
    """Return a setting of a project, or ``default`` where it was never set."""
    found = connection.execute(
        in_schema(schema, "SELECT value FROM {schema}.zs_settings WHERE key = %s"), (key,)
    ).fetchone()
    return default if found is None else json.loads(found[0])


def _listing(connection: Connection, schema: str) -> ProjectListing:
    count = connection.execute(in_schema(schema, "SELECT count(*) FROM {schema}.zs_layers")).fetchone()
    return ProjectListing(
        schema, str(read_setting(connection, schema, "project.title", schema)), int(count[0]) if count else 0
    )


def _require_room(connection: Connection, address: DatabaseAddress) -> None:
    names = [role_name(address.schema, role) for role in (OWNER, *Role)]
    taken = connection.execute(
        "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = %s"
        " UNION ALL SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = ANY(%s)",
        (address.schema, names),
    ).fetchone()
    if taken is not None:
        raise ProjectFileError(
            _("The server has a schema or a role “{name}” already; nothing was changed.").format(
                name=taken[0]
            ),
            where=address.server,
            remedy=_("Give the project another schema."),
        )


def _ensure_postgis(connection: Connection, address: DatabaseAddress) -> str:
    if not postgis_schema(connection):
        try:
            connection.execute("CREATE EXTENSION postgis SCHEMA public")
        except psycopg.Error as error:
            raise ProjectFileError(
                _("The database has no PostGIS."),
                where=address.server,
                remedy=_("Whoever looks after the database adds it: CREATE EXTENSION postgis."),
                details=str(error),
            ) from error
    return postgis_schema(connection)


def filled(text: str, schema: str, postgis: str) -> sql.Composed:
    """Return statements of :mod:`tables` and :mod:`functions` for one project."""
    quoted_postgis = '"' + postgis.replace('"', '""') + '"'
    return sql.SQL(text).format(
        schema=sql.Identifier(schema),
        postgis=sql.Identifier(postgis),
        schema_name=sql.Literal(schema),
        postgis_text=sql.Literal(quoted_postgis),
        channel=sql.Literal(channel_of(schema)),
        reader=sql.Identifier(role_name(schema, Role.READER)),
        surveyor=sql.Identifier(role_name(schema, Role.SURVEYOR)),
        editor=sql.Identifier(role_name(schema, Role.EDITOR)),
        surveyor_name=sql.Literal(role_name(schema, Role.SURVEYOR)),
        editor_name=sql.Literal(role_name(schema, Role.EDITOR)),
    )
