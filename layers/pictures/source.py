"""What can be asked of a picture once it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.drawable import Bounds

Rgba = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Rendered:
    """A part of a picture.

    Attributes
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        Not premultiplied; the first row is the northern one. Alpha 0 where the picture has nothing.
    missing : tuple of str
        Keys of tiles that still have to be fetched.
    trouble : str
        What went wrong, as a sentence; the part is then empty or incomplete.
    """

    rgba: Rgba
    missing: tuple[str, ...] = ()
    trouble: str = ""


class PictureSource(Protocol):
    """An open picture; used by one thread at a time."""

    def render(self, bounds: Bounds, width: int, height: int, crs: pyproj.CRS) -> Rendered:
        """Return the part inside ``bounds`` (of ``crs``, north up) as ``width`` x ``height`` pixels.

        Raises
        ------
        CrsError
            When no safe way leads from the picture's coordinate system to ``crs``.
        """
        ...

    def extent(self, crs: pyproj.CRS) -> Bounds | None:
        """Return the rectangle around the picture in ``crs``; None where it has no end, or none known."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


def empty_rgba(width: int, height: int) -> Rgba:
    """Return a picture of nothing."""
    return np.zeros((height, width, 4), dtype=np.uint8)
