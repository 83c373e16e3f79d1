"""The open project and the map, as base maps and services see them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyproj

from layers.drawable import Bounds
from layers.pictures.model import Picture
from layers.pictures.paths import remembered_path
from ui.bench import Bench
from zsgis.map_crs import map_crs


class BenchPictures:
    """The pictures of the session; adding and removing are steps of undo."""

    def __init__(self, bench: Bench) -> None:
        self._session = bench.desk.session
        self._edits = bench.edits.tree

    def pictures(self) -> Sequence[Picture]:
        """Return them, top first."""
        return self._session.pictures

    def add(self, picture: Picture) -> None:
        """Put a picture under everything else."""
        self._edits.add_picture(picture)

    def remove(self, uid: str) -> None:
        """Take a picture out of the project."""
        self._edits.remove_picture(uid)

    def remembered_path(self, file: Path) -> str:
        """Return a file's path as the project keeps it."""
        project = self._session.project
        return remembered_path(file, project.path.parent) if project is not None else str(file)


class BenchMap:
    """The part of the map that is looked at."""

    def __init__(self, bench: Bench) -> None:
        self._session, self._canvas = bench.desk.session, bench.window.canvas

    def bounds(self) -> Bounds:
        """Return left, bottom, right, top."""
        return self._canvas.view.bounds

    def crs(self) -> pyproj.CRS | None:
        """Return the map's coordinate system; None without a project."""
        return map_crs(self._session)
