"""A picture as the map is given it, beside the layers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyproj

from layers.drawable import Bounds
from layers.pictures.model import Picture, RasterPicture
from layers.pictures.paths import resolved


@dataclass(frozen=True)
class DrawnPicture:
    """A picture with all that a drawing process needs to show it.

    Attributes
    ----------
    picture : Picture
        With an absolute path where it has one.
    crs_wkt : str
        Coordinate system of the map.
    cache_folder : Path
        Where fetched tiles and the like are kept.
    extent : tuple or None
        The rectangle around it in the map's system; None where it has no end or cannot be shown.
    """

    picture: Picture
    crs_wkt: str
    cache_folder: Path
    extent: Bounds | None = None

    @property
    def uid(self) -> str:
        """The picture's name for good."""
        return self.picture.uid

    @property
    def title(self) -> str:
        """What people call it."""
        return self.picture.name

    @property
    def opacity(self) -> float:
        """How much it hides, 0 to 1."""
        return self.picture.opacity


def credit_of(shown: Iterable[object]) -> str:
    """Return whom to name for the pictures among what is shown, each once; empty for nobody."""
    credits = (getattr(item.picture, "attribution", "") for item in shown if isinstance(item, DrawnPicture))
    return " · ".join(dict.fromkeys(text for text in credits if text))


def drawn_picture(
    picture: Picture, crs: pyproj.CRS, *, project_folder: Path, cache_folder: Path
) -> DrawnPicture:
    """Return a picture ready for the map; no file is touched.

    Raises
    ------
    CrsError
        When no safe way leads from the picture's coordinate system to the map's.
    """
    whole = resolved(picture, project_folder)
    return DrawnPicture(whole, crs.to_wkt(), cache_folder, _extent(whole, crs))


def _extent(picture: Picture, crs: pyproj.CRS) -> Bounds | None:
    if not isinstance(picture, RasterPicture):
        return None
    from layers.crs import parse_crs
    from layers.pictures.warp import bounds_in

    return bounds_in(picture.outline, parse_crs(picture.crs), crs)
