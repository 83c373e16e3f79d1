"""Older formats of the project file brought up to date, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import apsw

from layers.store.database import Database, rows
from layers.store.layer_table import watch_other_programs
from layers.store.records import read_setting, write_setting
from layers.store.schema import EDITS, FORMAT_VERSION, register_tables

FORMAT_KEY = "project.format"


def written_format(connection: apsw.Connection) -> int:
    """Return the format of a project file; 0 where it says none that is a number."""
    found = read_setting(connection, FORMAT_KEY, 0)
    return found if isinstance(found, int) else 0


def migrate(database: Database) -> None:
    """Bring a project file up to date, each step in one transaction."""
    with database.reading() as connection:
        written = written_format(connection)
    for step in range(max(written, 1), FORMAT_VERSION):
        with database.writing() as connection:
            if written_format(connection) == step:
                _STEPS[step](connection)
                write_setting(connection, FORMAT_KEY, step + 1)


def _remember_edits(connection: apsw.Connection) -> None:
    """From 1 to 2: edits as units, shapes as differences, other programs' changes noticed."""
    for column in ("edit_uid TEXT", "layer_version INTEGER", "shape BLOB"):
        connection.execute(f"ALTER TABLE zs_journal ADD COLUMN {column}")
    connection.execute(EDITS)
    register_tables(connection, ("zs_edits", "zs_lineage"))
    for (table,) in rows(connection, "SELECT table_name FROM zs_layers"):
        watch_other_programs(connection, table)


_STEPS: Mapping[int, Callable[[apsw.Connection], None]] = {1: _remember_edits}
