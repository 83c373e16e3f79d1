"""What this part of the window needs of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pyproj

from layers.drawable import Bounds
from layers.pictures.model import Picture


class ProjectPictures(Protocol):
    """The pictures of the open project; adding and removing can be undone."""

    def pictures(self) -> Sequence[Picture]:
        """Return them, top first."""
        ...

    def add(self, picture: Picture) -> None:
        """Put a picture under everything else."""
        ...

    def remove(self, uid: str) -> None:
        """Take a picture out of the project."""
        ...

    def remembered_path(self, file: Path) -> str:
        """Return a file's path as the project keeps it."""
        ...


class MapWindow(Protocol):
    """The part of the map that is looked at."""

    def bounds(self) -> Bounds:
        """Return left, bottom, right, top."""
        ...

    def crs(self) -> pyproj.CRS | None:
        """Return the map's coordinate system; None without a project."""
        ...
