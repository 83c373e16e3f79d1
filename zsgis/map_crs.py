"""The coordinate system the map is shown in: read from a project, and kept in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyproj

    from layers.store import Project
    from zsgis.session import Session

SETTING = "map.crs"


def map_crs(session: Session) -> pyproj.CRS | None:
    """Return the map's coordinate system, the project's own unless another was chosen; None without one."""
    return session.map_crs


def read_map_crs(project: Project) -> pyproj.CRS:
    """Return the coordinate system a project's map was shown in last; the project's own where none is kept.

    What cannot be read, or does not lead to the project's own without guessing, counts as none.
    """
    from layers.crs import coordinate_change, parse_crs
    from layers.errors import CrsError

    kept = project.setting(SETTING, "")
    if not isinstance(kept, str) or not kept:
        return project.crs
    try:
        crs = parse_crs(kept)
        coordinate_change(project.crs, crs)
    except CrsError:
        return project.crs
    return crs


def kept_form(crs: pyproj.CRS) -> str:
    """Return a coordinate system as the project keeps it: its EPSG code, or WKT where it has none."""
    code = crs.to_epsg(min_confidence=100)
    return f"EPSG:{code}" if code else crs.to_wkt()
