"""Rasters and services in the map: rendered for the view, laid down as one picture."""

from __future__ import annotations

from typing import Any

import pyproj
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QImage, QPainter

from layers.pictures.drawn import DrawnPicture
from layers.pictures.opening import open_source
from layers.pictures.source import PictureSource, Rendered
from ui.painting.view import MapView


class PicturePainter:
    """Paints one picture; it is opened when it is first seen and stays open."""

    def __init__(self, drawn: DrawnPicture) -> None:
        self._drawn = drawn
        self._crs = pyproj.CRS.from_wkt(drawn.crs_wkt)
        self._source: PictureSource | None = None

    @property
    def uid(self) -> str:
        """The picture's name for good."""
        return self._drawn.uid

    def paint(self, painter: QPainter, view: MapView) -> tuple[str, ...]:
        """Paint the part inside a view; return the keys of tiles that still have to be fetched."""
        if self._drawn.opacity <= 0:
            return ()
        if self._source is None:
            self._source = open_source(self._drawn.picture, self._drawn.cache_folder)
        # a painter that is enlarged (a sheet, a dense screen) gets as many pixels as it shows
        ratio = abs(painter.deviceTransform().m11()) or 1.0
        width, height = max(round(view.width_px * ratio), 1), max(round(view.height_px * ratio), 1)
        rendered = self._source.render(view.bounds, width, height, self._crs)
        painter.save()
        painter.setOpacity(painter.opacity() * self._drawn.opacity)
        painter.drawImage(QRectF(0, 0, view.width_px, view.height_px), _image(rendered))
        painter.restore()
        return rendered.missing


def _image(rendered: Rendered) -> QImage:
    height, width = rendered.rgba.shape[:2]
    memory: Any = rendered.rgba.tobytes()
    return QImage(memory, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
