"""Small layers with known places and colours, and pictures of them as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage, QPainter

from layers.drawable import DrawableLayer
from layers.drawable_making import build_drawable
from layers.kind import GeometryType
from layers.style import ClassRule, Style, Symbol
from ui.painting import MapView, paint_ground, paint_symbols

# 100 x 100 pixels of 1 m, lower left corner at (0, 0), 4 pixels to the millimetre
VIEW = MapView(50, 50, 1.0, 100, 100, px_per_mm=4.0)
PLAIN = Symbol(fill="#FF0000", stroke=None)


@dataclass(frozen=True)
class Described:
    geometry: GeometryType
    style: Style
    uid: str = "layer-1"
    name: str = "图层"
    opacity: float = 1.0
    crs: Any = None


def layer_of(
    geometry: GeometryType,
    shapes: Sequence[Any],
    *,
    symbol: Symbol = PLAIN,
    style: Style | None = None,
    opacity: float = 1.0,
    names: Sequence[str] = (),
    uid: str = "layer-1",
) -> DrawableLayer:
    columns = {"name": list(names) or [f"名{i}" for i in range(len(shapes))]}
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), index=[f"{uid}-{i}" for i in range(len(shapes))])
    described = Described(geometry, style or Style(symbol=symbol), uid=uid, opacity=opacity)
    return build_drawable(described, frame, None)


def areas(*shapes: Any, **options: Any) -> DrawableLayer:
    return layer_of(GeometryType.POLYGON, shapes, **options)


def lines(*shapes: Any, **options: Any) -> DrawableLayer:
    return layer_of(GeometryType.LINE, shapes, **options)


def points(*shapes: Any, **options: Any) -> DrawableLayer:
    return layer_of(GeometryType.POINT, shapes, **options)


def blank(view: MapView, color: Any = Qt.GlobalColor.white) -> QImage:
    image = QImage(round(view.width_px), round(view.height_px), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(color)
    return image


def as_array(image: QImage) -> np.ndarray:
    """Return red, green, blue as int16, shape (height, width, 3)."""
    picture = image.convertToFormat(QImage.Format.Format_RGB888)
    bits = picture.constBits()
    assert bits is not None
    bits.setsize(picture.sizeInBytes())
    flat = np.frombuffer(bits, dtype=np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return flat[:, : picture.width() * 3].reshape(picture.height(), picture.width(), 3).astype(np.int16)


def picture(*layers: DrawableLayer, view: MapView = VIEW, ground: Any = Qt.GlobalColor.white) -> np.ndarray:
    """Paint layers (top first) without words and return red, green, blue."""
    image = blank(view, ground)
    painter = QPainter(image)
    paint_ground(painter, layers, view)
    paint_symbols(painter, layers, view)
    painter.end()
    return as_array(image)


def at(found: np.ndarray, x: float, y: float, view: MapView = VIEW) -> list[int]:
    """Return the colour of the pixel over a map point."""
    px, py = view.to_pixel(x, y)
    return [int(value) for value in found[int(py), int(px)]]


def coverage(side: float = 2000.0, cells: int = 400, seed: int = 5) -> DrawableLayer:
    """Return a partition of a square into polygons of four classes, with outlines."""
    rng = np.random.default_rng(seed)
    square = shapely.box(0, 0, side, side)
    seeds = shapely.multipoints(rng.uniform(0, side, (cells, 2)))
    parts = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=square))
    parts = shapely.intersection(parts, square)
    colors = ["#E8C070", "#70A0E8", "#60B060", "#D08080"]
    rules = tuple(
        ClassRule(
            value=f"名{code}", title=str(code), symbol=Symbol(fill=color, stroke="#404040", stroke_mm=0.3)
        )
        for code, color in enumerate(colors)
    )
    names = [f"名{i % 4}" for i in range(len(parts))]
    return areas(*parts, style=Style(class_field="name", rules=rules), names=names, uid="cover")
