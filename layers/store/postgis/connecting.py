"""Connections to a project's database, each set up the same way."""

from __future__ import annotations

import platform
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from layers.errors import ProjectFileError
from layers.store.postgis.address import DatabaseAddress
from layers.store.postgis.sentences import as_sentence
from layers.words import _

Connection = psycopg.Connection[Any]

_CONNECT_S = 10
# a lock is waited for so long before the edit begins anew; longer than any other edit takes
_LOCK_MS = 4_000
_STATEMENT_MS = 120_000
_FORGOTTEN_MS = 300_000
# a cut cable is noticed within half a minute
_KEEPALIVE = "keepalives_idle=10 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=20000"


def connect(address: DatabaseAddress, password: str = "") -> Connection:
    """Return a new connection; every statement is on its own until a transaction is opened.

    Parameters
    ----------
    password : str
        Where empty, libpq looks for one by its own rules (``PGPASSWORD``, ``PGPASSFILE``).

    Raises
    ------
    ProjectFileError
    """
    given: dict[str, Any] = {
        "host": address.host,
        "user": address.user,
        "password": password,
        "sslrootcert": address.root_certificate,
    }
    try:
        connection = psycopg.connect(
            make_conninfo(
                _KEEPALIVE,
                **{name: value for name, value in given.items() if value},
                dbname=address.database,
                port=address.port,
                sslmode=address.sslmode,
                application_name=f"zsgis {platform.node()}"[:60],
                connect_timeout=_CONNECT_S,
                client_encoding="UTF8",
            ),
            autocommit=True,
        )
    except psycopg.Error as error:
        raise as_sentence(error, address.server) from error
    except UnicodeError as error:
        raise ProjectFileError(
            _("The address of the database cannot be read."), where=address.server, details=str(error)
        ) from error
    try:
        _set_up(connection)
    except psycopg.Error as error:
        connection.close()
        raise as_sentence(error, address.server) from error
    return connection


def _set_up(connection: Connection) -> None:
    # nothing that others made in some schema may stand in for a function or a table that is meant
    connection.execute(
        "SELECT set_config('search_path', 'pg_catalog, pg_temp', false),"
        " set_config('datestyle', 'ISO, YMD', false), set_config('intervalstyle', 'iso_8601', false),"
        " set_config('extra_float_digits', '1', false), set_config('timezone', 'UTC', false),"
        " set_config('default_transaction_isolation', 'read committed', false),"
        " set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false),"
        " set_config('idle_in_transaction_session_timeout', %s, false)",
        (str(_LOCK_MS), str(_STATEMENT_MS), str(_FORGOTTEN_MS)),
    )


def postgis_schema(connection: Connection) -> str:
    """Return the schema in which PostGIS lies; empty where the database has none."""
    found = connection.execute(
        "SELECT n.nspname FROM pg_catalog.pg_extension AS e"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'"
    ).fetchone()
    return "" if found is None else str(found[0])


def in_schema(schema: str, text: str, **names: str) -> sql.Composed:
    """Return a statement with ``{schema}`` and other names filled in as identifiers."""
    identifiers = {name: sql.Identifier(value) for name, value in names.items()}
    return sql.SQL(text).format(schema=sql.Identifier(schema), **identifiers)
