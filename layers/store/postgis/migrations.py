"""Schemas that earlier versions of the program made brought up to date; newer ones are only read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from layers.errors import InputError, ProjectFileError
from layers.store.postgis.connecting import Connection, in_schema, postgis_schema
from layers.store.postgis.connections import Connections
from layers.store.postgis.founding import filled, read_setting
from layers.store.postgis.functions import FUNCTIONS, RIGHTS
from layers.store.postgis.roles import OWNER, role_name
from layers.store.postgis.tables import FORMAT_VERSION
from layers.words import _

FORMAT_KEY = "project.format"


@dataclass(frozen=True)
class SchemaFormat:
    """How a project in a database stands to this version of the program.

    Attributes
    ----------
    written : int
        The format of its tables and functions.
    is_owner : bool
        Whether the user of the connection may change them.
    """

    written: int
    is_owner: bool

    @property
    def is_older(self) -> bool:
        """Whether an earlier version of the program made it."""
        return self.written < FORMAT_VERSION

    @property
    def is_newer(self) -> bool:
        """Whether a later version of the program made it."""
        return self.written > FORMAT_VERSION

    @property
    def may_migrate(self) -> bool:
        """Whether it is older and its user may bring it up to date."""
        return self.is_older and self.is_owner

    @property
    def why_read_only(self) -> str:
        """Why nothing may be changed in it, in the user's language; empty where its format is known."""
        if self.is_newer:
            return _(
                "The project was made by a newer version of the program (format {found}, known {known})."
            ).format(found=self.written, known=FORMAT_VERSION)
        if not self.is_older:
            return ""
        text = _(
            "The project in the database was made by an earlier version of the program (format {found}, now"
            " {known}) and is only read until it is brought up to date."
        ).format(found=self.written, known=FORMAT_VERSION)
        if self.is_owner:
            return text
        return text + _("Your role may not do that; whoever made the project opens it once.")


def format_of(connection: Connection, schema: str) -> SchemaFormat:
    """Return how a project stands; one that says no number is taken as of the first format."""
    found = read_setting(connection, schema, FORMAT_KEY, 1)
    row = connection.execute(
        "SELECT pg_catalog.pg_has_role(session_user, oid, 'MEMBER') FROM pg_catalog.pg_roles"
        " WHERE rolname = %s",
        (role_name(schema, OWNER),),
    ).fetchone()
    return SchemaFormat(found if isinstance(found, int) else 1, row is not None and bool(row[0]))


def bring_up_to_date(connections: Connections, schema: str, found: SchemaFormat) -> SchemaFormat:
    """Bring an older project up to date, all of it or nothing; return how it stands then.

    Raises
    ------
    InputError
        When the user of the database may not do that.
    ProjectFileError
        When others were in the way all the while, or the connection broke.
    """
    if not found.is_older:
        return found
    if not found.is_owner:
        raise InputError(found.why_read_only, where=connections.address.server)
    connections.in_any_format(lambda lent: migrate(lent, schema))
    now = connections.reading(lambda lent: format_of(lent, schema))
    connections.why_read_only = now.why_read_only
    return now


def require_known(found: SchemaFormat, server: str, layers: Callable[[], object]) -> None:
    """Refuse a newer project whose layers cannot be listed.

    Raises
    ------
    ProjectFileError
    """
    try:
        layers()
    except (ProjectFileError, ValueError, TypeError) as error:
        if isinstance(error, ProjectFileError) and not isinstance(error.__cause__, psycopg.ProgrammingError):
            raise
        raise ProjectFileError(
            found.why_read_only,
            where=server,
            remedy=_("Update the program; the project was not changed."),
            details=str(error),
        ) from error


def migrate(connection: Connection, schema: str) -> None:
    """Bring an older project up to date, inside a transaction of the caller; nothing where somebody has.

    Tables are changed step by step; functions keep nothing between two calls, so that those of today take
    the place of whichever there are.
    """
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role_name(schema, OWNER))))
    # two who open it at the same time come one after the other
    connection.execute(in_schema(schema, "LOCK TABLE {schema}.zs_settings IN SHARE ROW EXCLUSIVE MODE"))
    written = format_of(connection, schema).written
    if written >= FORMAT_VERSION:
        return
    for step in range(max(written, 1), FORMAT_VERSION):
        _STEPS[step](connection, schema)
    postgis = postgis_schema(connection)
    for text in (FUNCTIONS, RIGHTS):
        connection.execute(filled(text, schema, postgis))
    connection.execute(
        in_schema(
            schema,
            "INSERT INTO {schema}.zs_settings (key, value) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        ),
        (FORMAT_KEY, json.dumps(FORMAT_VERSION)),
    )


def _living_are_not_retired(connection: Connection, schema: str) -> None:
    """From 1 to 2: what was taken out with a layer and came back with it could not be deleted again."""
    tables = connection.execute(in_schema(schema, "SELECT table_name FROM {schema}.zs_layers")).fetchall()
    for (table,) in tables:
        connection.execute(
            in_schema(
                schema,
                "DELETE FROM {schema}.zs_retired AS r USING {schema}.{table} AS f WHERE f.zs_uid = r.zs_uid",
                table=table,
            )
        )


_STEPS: Mapping[int, Callable[[Connection, str], None]] = {1: _living_are_not_retired}
