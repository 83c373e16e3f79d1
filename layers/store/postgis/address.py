"""Where a project lies in a database: an address that never holds a password."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from layers.errors import UsageError
from layers.words import _

SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_SCHEMES = ("postgresql", "postgres")
_DEFAULT_PORT = 5432
# the names of its four roles are made of it, and PostgreSQL cuts names at 63 bytes
_LONGEST_SCHEMA = 48
# what stands between the marks of a function's text must not be able to end it
_SCHEMA = re.compile(r"[^\W\d]\w*")
_EXAMPLE = "postgresql://user@server/database?schema=zs_land"


@dataclass(frozen=True)
class DatabaseAddress:
    """A server, a database on it and a project's schema in that.

    Attributes
    ----------
    host : str
        Name of the server, or the folder of its socket.
    schema : str
        The project; empty where none is chosen yet.
    sslmode : str
        As libpq has it: ``prefer`` encrypts where the server can, ``verify-full`` also proves who it is.
    root_certificate : str
        File of the authority that ``verify-ca`` and ``verify-full`` trust; libpq's own where empty.
    """

    host: str
    database: str
    user: str = ""
    port: int = _DEFAULT_PORT
    schema: str = ""
    sslmode: str = "prefer"
    root_certificate: str = ""

    def __post_init__(self) -> None:
        for text in (self.host, self.database, self.user, self.schema, self.root_certificate):
            if not text.isprintable():
                raise UsageError(_("The address of the database holds characters that cannot be seen."))
        if not self.database:
            raise UsageError(_("The address names no database."), remedy=_example())
        if not 0 < self.port < 65536:
            raise UsageError(_("A port is a number from 1 to 65535."), where=str(self.port))
        if self.sslmode not in SSL_MODES:
            raise UsageError(
                _("“{mode}” is no way to encrypt a connection.").format(mode=self.sslmode),
                remedy=_("Say for instance: {example}").format(example="、".join(SSL_MODES)),
            )
        if self.schema:
            check_schema_name(self.schema)

    @classmethod
    def parse(cls, url: str) -> DatabaseAddress:
        """Read ``postgresql://user@host:port/database?schema=…&sslmode=…``.

        Raises
        ------
        UsageError
            When it is none, or holds a password: addresses are shown, remembered and seen by other users of
            the machine.
        """
        try:
            parts = urlsplit(url.strip())
            port = parts.port or _DEFAULT_PORT
            options = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError as error:
            raise UsageError(_("The address of the database cannot be read."), remedy=_example()) from error
        if parts.scheme not in _SCHEMES:
            raise UsageError(_("The address of the database cannot be read."), remedy=_example())
        if parts.password is not None or "password" in options:
            raise UsageError(
                _("An address does not hold a password: others can see it."),
                remedy=_(
                    "Leave it out; it is asked for, or taken from the system's key store or PGPASSFILE."
                ),
            )
        unknown = set(options) - {"schema", "sslmode", "sslrootcert", "host"}
        if unknown:
            raise UsageError(
                _("The address has options that are not known: {names}").format(
                    names="、".join(sorted(unknown))
                ),
                remedy=_example(),
            )
        chosen = {name: values[-1] for name, values in options.items()}
        return cls(
            host=chosen.get("host") or unquote(parts.hostname or ""),
            database=unquote(parts.path.removeprefix("/")),
            user=unquote(parts.username or ""),
            port=port,
            schema=chosen.get("schema", ""),
            sslmode=chosen.get("sslmode", "prefer"),
            root_certificate=chosen.get("sslrootcert", ""),
        )

    @property
    def url(self) -> str:
        """The address as text that :meth:`parse` reads."""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        options = {"schema": self.schema, "sslmode": self.sslmode if self.sslmode != "prefer" else ""}
        options["sslrootcert"] = self.root_certificate
        is_folder = self.host.startswith("/")
        if is_folder:
            options["host"] = self.host
        port = f":{self.port}" if self.port != _DEFAULT_PORT else ""
        query = urlencode({name: value for name, value in options.items() if value}, quote_via=quote)
        host = "" if is_folder else f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{user}{host}{port}/{quote(self.database, safe='')}{'?' if query else ''}{query}"

    @property
    def server(self) -> str:
        """What people call the database: ``server/database``."""
        return f"{self.host or 'localhost'}/{self.database}"

    @property
    def key_origin(self) -> str:
        """What a kept password is tied to, so that it is never sent to another server, port or database."""
        return f"postgresql://{self.host}:{self.port}/{self.database}"

    def with_schema(self, schema: str) -> DatabaseAddress:
        """Return the address of another project in the same database."""
        return replace(self, schema=schema)


def check_schema_name(schema: str) -> None:
    """Refuse a schema's name that cannot be used everywhere.

    Raises
    ------
    UsageError
    """
    if not _SCHEMA.fullmatch(schema) or len(schema.encode()) > _LONGEST_SCHEMA or schema.startswith("pg_"):
        raise UsageError(
            _("“{name}” cannot be the name of a schema.").format(name=schema),
            remedy=_(
                "Take letters, digits and underscores, {most} bytes at most (a Chinese character is 3)."
            ).format(most=_LONGEST_SCHEMA),
        )


def _example() -> str:
    return _("Say for instance: {example}").format(example=_EXAMPLE)
