"""A PostgreSQL with PostGIS of one's own: a fresh cluster on a socket in a folder, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from layers.store.postgis import DatabaseAddress

DATABASE = "bureau"
ADMIN = "keeper"


def program(name: str) -> Path | None:
    """Return a program of the newest PostgreSQL that has PostGIS."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    has_postgis = any(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))
    return found[-1] if found and has_postgis else None


class PrivateServer:
    """A server that runs as an unprivileged user until it is thrown away.

    Parameters
    ----------
    durable : bool
        Whether what is confirmed is on the disk, as a bureau's server has it; tests need no such patience.
    """

    def __init__(self, *, durable: bool = False) -> None:
        initdb, pg_ctl = program("initdb"), program("pg_ctl")
        if initdb is None or pg_ctl is None:
            raise FileNotFoundError("PostgreSQL with PostGIS (make peers)")
        self._fsync = "on" if durable else "off"
        # a short path: a socket's may not be longer than 107 bytes
        self.folder = Path(tempfile.mkdtemp(prefix="zs"))
        self._pg_ctl = pg_ctl
        # PostgreSQL refuses to run as root
        self._become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._become:
            shutil.chown(self.folder, "postgres")
        self._run(
            initdb,
            "-D",
            self._data,
            "-U",
            ADMIN,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        self.start()
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        self.ask("CREATE EXTENSION postgis")

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Start it, or start it again."""
        options = f"-k {self.folder} -c listen_addresses= -c fsync={self._fsync} -c max_connections=60"
        self._run(self._pg_ctl, "-D", self._data, "-o", options, "-l", self.folder / "log", "-w", "start")

    def stop(self) -> None:
        """Stop at once, as a power failure does."""
        self._run(self._pg_ctl, "-D", self._data, "-m", "immediate", "-w", "stop")

    def throw_away(self) -> None:
        """Stop it and delete all it holds."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, schema: str = "", user: str = ADMIN, folder: Path | None = None) -> DatabaseAddress:
        """Return the address of a project, for a user, over the server's own socket or another one."""
        return DatabaseAddress(str(folder or self.folder), DATABASE, user=user, schema=schema)

    def ask(
        self, text: str, *values: Any, user: str = ADMIN, schema: str = "", table: str = ""
    ) -> list[tuple[Any, ...]]:
        """Send a statement past the program, as another client does; {schema} and {table} are names."""
        with psycopg.connect(self._conninfo(DATABASE, user), autocommit=True) as connection:
            names = {"schema": sql.Identifier(schema), "table": sql.Identifier(schema, table)}
            cursor = connection.execute(sql.SQL(text).format(**names), values or None)
            return cursor.fetchall() if cursor.description else []

    def make_user(self, name: str) -> str:
        """Make a user who may log in and nothing else."""
        with psycopg.connect(self._conninfo(DATABASE), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        return name

    def require_password(self, user: str) -> None:
        """Let a user in with a password only; the others need none."""
        rules = self._data / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
        self.ask("SELECT pg_reload_conf()")

    def _conninfo(self, database: str, user: str = ADMIN) -> str:
        return psycopg.conninfo.make_conninfo(host=str(self.folder), dbname=database, user=user)

    def _run(self, *command: str | Path) -> None:
        subprocess.run([*self._become, *map(str, command)], check=True, capture_output=True, cwd=self.folder)
