"""The coordinate system the map is shown in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyproj

    from zsgis.session import Session


def map_crs(session: Session) -> pyproj.CRS | None:
    """Return the map's coordinate system, the project's own unless another was chosen; None without one."""
    project = session.project
    if project is None:
        return None
    chosen: pyproj.CRS | None = getattr(session, "map_crs", None)
    return chosen or project.crs
