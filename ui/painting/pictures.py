"""Rasters and services in the map: rendered for the view, laid down piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyproj
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QImage, QPainter

from layers.errors import InputError
from layers.pictures.drawn import DrawnPicture
from layers.pictures.opening import open_source
from layers.pictures.source import PictureSource, Rendered
from ui.painting.view import Bounds, MapView

# A large sheet has a hundred million pixels: so many each way are held at once.
_PIECE_PX = 1024
_Piece = tuple[int, int, int, int]


class PicturePainter:
    """Paints one picture; it is opened when it is first seen and stays open."""

    def __init__(self, drawn: DrawnPicture) -> None:
        self._drawn = drawn
        self._crs = pyproj.CRS.from_wkt(drawn.crs_wkt)
        self._source: PictureSource | None = None
        self._trouble = ""

    @property
    def uid(self) -> str:
        """The picture's name for good."""
        return self._drawn.uid

    @property
    def trouble(self) -> str:
        """Why the last painting shows nothing or not all, as a sentence; empty where nothing went wrong."""
        return self._trouble

    def paint(self, painter: QPainter, view: MapView) -> tuple[str, ...]:
        """Paint the part inside a view; return the keys of tiles that still have to be fetched.

        A file that is gone or cannot be read is no reason to stop: see :attr:`trouble`.
        """
        self._trouble = ""
        if self._drawn.opacity <= 0:
            return ()
        missing: list[str] = []
        painter.save()
        painter.setOpacity(painter.opacity() * self._drawn.opacity)
        try:
            self._paint_pieces(painter, view, missing)
        except InputError as error:
            self._trouble = str(error)
        finally:
            painter.restore()
        return tuple(dict.fromkeys(missing))

    def close(self) -> None:
        """Let go of files."""
        if self._source is not None:
            self._source.close()
            self._source = None

    def _paint_pieces(self, painter: QPainter, view: MapView, missing: list[str]) -> None:
        if self._source is None:
            self._source = open_source(self._drawn.picture, self._drawn.cache_folder)
        # a painter that is enlarged (a sheet, a dense screen) gets as many pixels as it shows
        ratio = abs(painter.deviceTransform().m11()) or 1.0
        size = max(round(view.width_px * ratio), 1), max(round(view.height_px * ratio), 1)
        across, down = view.width_px / size[0], view.height_px / size[1]
        for left, top, width, height in _pieces(*size):
            bounds = _piece_bounds(view.bounds, size, (left, top, width, height))
            rendered = self._source.render(bounds, width, height, self._crs)
            target = QRectF(left * across, top * down, width * across, height * down)
            painter.drawImage(target, _image(rendered))
            missing.extend(rendered.missing)
            self._trouble = self._trouble or rendered.trouble


def _pieces(width: int, height: int) -> Iterator[_Piece]:
    """Return left, top, width and height of the pieces of a picture."""
    for top in range(0, height, _PIECE_PX):
        for left in range(0, width, _PIECE_PX):
            yield left, top, min(_PIECE_PX, width - left), min(_PIECE_PX, height - top)


def _piece_bounds(bounds: Bounds, size: tuple[int, int], piece: _Piece) -> Bounds:
    xmin, ymin, xmax, ymax = bounds
    left, top, width, height = piece
    across, up = (xmax - xmin) / size[0], (ymax - ymin) / size[1]
    return xmin + left * across, ymax - (top + height) * up, xmin + (left + width) * across, ymax - top * up


def _image(rendered: Rendered) -> QImage:
    height, width = rendered.rgba.shape[:2]
    memory: Any = rendered.rgba.tobytes()
    return QImage(memory, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
