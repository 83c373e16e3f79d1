"""How a project file begins, and how one is told from other files."""

from __future__ import annotations

from pathlib import Path

import apsw
import pyproj

from layers.errors import NotAProjectError, ProjectFileError
from layers.store.database import Database
from layers.store.records import write_setting
from layers.store.schema import FORMAT_VERSION, create_schema, is_geopackage, is_project
from layers.store.srs import crs_text, ensure_srs
from layers.store.uids import new_uid
from layers.words import _

_SUFFIX = ".gpkg"


def reserve(path: Path) -> None:
    """Take a file name that nothing bears yet, by making an empty file.

    Raises
    ------
    ProjectFileError
    """
    if path.suffix.lower() != _SUFFIX:
        raise ProjectFileError(
            _("A project file's name ends in .gpkg."), where=str(path), remedy=_("Give it another name.")
        )
    try:
        with path.open("xb"):
            pass
    except FileExistsError as error:
        raise ProjectFileError(
            _("The file exists already; it was left as it is."),
            where=str(path),
            remedy=_("Open it, or choose another name for the new project."),
        ) from error
    except OSError as error:
        raise ProjectFileError(
            _("No project file can be made here."),
            where=str(path),
            remedy=_("Check that the folder exists and that you may write to it."),
            details=str(error),
        ) from error


def write_empty(path: Path, crs: pyproj.CRS, title: str) -> None:
    """Write a project without layers."""
    path.touch()
    database = Database(path)
    try:
        with database.writing() as connection:
            create_schema(connection)
            ensure_srs(connection, pyproj.CRS.from_epsg(4326))
            ensure_srs(connection, crs)
            write_setting(connection, "project.format", FORMAT_VERSION)
            write_setting(connection, "project.uid", new_uid())
            write_setting(connection, "project.title", title)
            write_setting(connection, "project.crs", crs_text(crs))
    finally:
        database.close()


def check_project(connection: apsw.Connection, path: Path) -> None:
    """Refuse a database that is no project.

    Raises
    ------
    ProjectFileError
    """
    if not is_geopackage(connection):
        raise ProjectFileError(
            _("The file is a database, but no GeoPackage."),
            where=str(path),
            remedy=_("Choose a project file made by this program."),
        )
    if not is_project(connection):
        raise NotAProjectError(
            _("The file is an ordinary GeoPackage, not a project of this program."),
            where=str(path),
            remedy=_("Make a new project and import the file's layers into it."),
        )
