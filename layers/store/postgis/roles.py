"""Who may do what in a project, as roles of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg
from psycopg import sql

from layers.errors import UsageError
from layers.words import N_, _


class Role(StrEnum):
    """What somebody may do; each may also do what those before may."""

    READER = "reader"
    SURVEYOR = "surveyor"
    EDITOR = "editor"

    @property
    def words(self) -> str:
        """What it is called in the user's language."""
        return _(_WORDS[self])


_WORDS = {
    Role.READER: N_("reader"),
    Role.SURVEYOR: N_("surveyor"),
    Role.EDITOR: N_("editor"),
}
OWNER = "owner"


@dataclass(frozen=True)
class Member:
    """A user of the database and the role that was given to it."""

    user: str
    role: Role


def role_name(schema: str, role: str) -> str:
    """Return what a role of a project is called in the database."""
    return f"{schema}_{role}"


def make_roles(connection: psycopg.Connection[Any], schema: str) -> None:
    """Make the roles of a project; the user of the connection becomes its owner's member."""
    names = {role: sql.Identifier(role_name(schema, role)) for role in (OWNER, *Role)}
    for name in names.values():
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
    pairs = ((Role.READER, Role.SURVEYOR), (Role.SURVEYOR, Role.EDITOR))
    for less, more in pairs:
        connection.execute(sql.SQL("GRANT {} TO {}").format(names[less], names[more]))
    connection.execute(sql.SQL("GRANT {}, {} TO CURRENT_USER").format(names[OWNER], names[Role.EDITOR]))


def grant(connection: psycopg.Connection[Any], schema: str, user: str, role: Role) -> None:
    """Give a user of the database a role in a project, instead of the one it has there."""
    _require_user(connection, user)
    for other in Role:
        if other is not role:
            _revoke_one(connection, schema, user, other)
    connection.execute(
        sql.SQL("GRANT {} TO {}").format(sql.Identifier(role_name(schema, role)), sql.Identifier(user))
    )


def revoke(connection: psycopg.Connection[Any], schema: str, user: str) -> None:
    """Take all roles in a project from a user of the database."""
    _require_user(connection, user)
    for role in Role:
        _revoke_one(connection, schema, user, role)


def members(connection: psycopg.Connection[Any], schema: str) -> tuple[Member, ...]:
    """Return who has which role in a project, as far as it was given directly."""
    names = {role_name(schema, role): role for role in Role}
    found = connection.execute(
        "SELECT m.rolname, g.rolname FROM pg_catalog.pg_auth_members AS a"
        " JOIN pg_catalog.pg_roles AS m ON m.oid = a.member JOIN pg_catalog.pg_roles AS g ON g.oid = a.roleid"
        " WHERE g.rolname = ANY(%s) AND NOT m.rolname = ANY(%s) ORDER BY 1, 2",
        (list(names), list(names)),
    ).fetchall()
    return tuple(Member(user, names[group]) for user, group in found)


def roles_of_session(connection: psycopg.Connection[Any], schema: str) -> frozenset[Role]:
    """Return what the user of the connection may do, whether directly, by another role or as superuser."""
    names: Sequence[str] = [role_name(schema, role) for role in Role]
    found = connection.execute(
        "SELECT n FROM unnest(%s::text[]) AS n WHERE EXISTS"
        " (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = n)"
        " AND pg_catalog.pg_has_role(session_user, n, 'MEMBER')",
        (names,),
    ).fetchall()
    held = {row[0] for row in found}
    return frozenset(role for role in Role if role_name(schema, role) in held)


def _revoke_one(connection: psycopg.Connection[Any], schema: str, user: str, role: Role) -> None:
    connection.execute(
        sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(role_name(schema, role)), sql.Identifier(user))
    )


def _require_user(connection: psycopg.Connection[Any], user: str) -> None:
    if connection.execute("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = %s", (user,)).fetchone() is None:
        raise UsageError(
            _("The database has no user “{name}”.").format(name=user),
            remedy=_("Whoever looks after the database makes users: CREATE ROLE … LOGIN."),
        )
