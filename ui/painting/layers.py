"""The map: its layers painted in order, the same on tiles, pictures and paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter

from layers.drawable_edits import EditedLayer, FeatureLayer, features_in
from layers.kind import GeometryType
from ui.painting.fonts import load_fonts
from ui.painting.groups import transparency
from ui.painting.labels import paint_labels
from ui.painting.pictures import PicturePainter
from ui.painting.points import paint_points
from ui.painting.polygons import paint_polygons
from ui.painting.screen_areas import paint_at_once, paint_edited_at_once
from ui.painting.strokes import paint_lines
from ui.painting.view import MapView

Shown = FeatureLayer | PicturePainter
"""What can be drawn: a layer's features, or a picture (raster, service)."""

Missing = dict[str, tuple[str, ...]]
"""What is still to be fetched of each picture, by its uid."""


def paint_layers(
    painter: QPainter,
    layers: Sequence[Shown],
    view: MapView,
    *,
    px_per_mm: float | None = None,
    labels: bool = True,
    vector: bool = False,
    family: str = "",
) -> None:
    """Paint layers into the rectangle from (0, 0) to the view's size, in the painter's coordinates.

    Parameters
    ----------
    layers : sequence of FeatureLayer or PicturePainter
        Top first, as a project lists them.
    px_per_mm : float, optional
        Overrides the view's own.
    labels : bool
        Whether texts are painted; they need a running QGuiApplication.
    vector : bool
        True for PDF and SVG: nothing becomes pixels, opacity stays opacity, text stays text.
    family : str
        Font of the labels; empty means the one for print in a vector file, else the one for the screen.
    """
    if px_per_mm is not None:
        view = replace(view, px_per_mm=px_per_mm)
    painter.save()
    painter.setClipRect(QRectF(0, 0, view.width_px, view.height_px), Qt.ClipOperation.IntersectClip)
    paint_ground(painter, layers, view, vector=vector)
    features = [layer for layer in layers if not isinstance(layer, PicturePainter)]
    paint_symbols(painter, features, view, vector=vector)
    if labels:
        fonts = load_fonts()
        paint_labels(painter, features, view, family=family or (fonts.print_ if vector else fonts.screen))
    painter.restore()


def paint_ground(
    painter: QPainter,
    layers: Sequence[Shown],
    view: MapView,
    *,
    vector: bool = False,
    at_once: bool = False,
) -> Missing:
    """Paint pictures, areas and lines: what a tile shows. Needs no application and no screen.

    Parameters
    ----------
    at_once : bool
        Whether many polygons are drawn in few large calls, from coarser levels where they look the same: on
        the screen, where it must be quick, and not on paper.

    Returns
    -------
    dict
        What is still to be fetched of pictures.
    """
    missing: Missing = {}
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for layer in reversed(layers):
        if isinstance(layer, PicturePainter):
            wanted = layer.paint(painter, view)
            if wanted:
                missing[layer.uid] = wanted
            continue
        if layer.geometry is not GeometryType.POINT and layer.opacity > 0:
            _paint_features(painter, layer, view, vector=vector, at_once=at_once)
    return missing


def _paint_features(
    painter: QPainter, layer: FeatureLayer, view: MapView, *, vector: bool, at_once: bool
) -> None:
    """Paint the areas or lines of a layer."""
    margin = pen_margin_px(layer, view)
    areas = layer.geometry is GeometryType.POLYGON
    if at_once and areas and isinstance(layer, EditedLayer):
        with transparency(painter, view, layer.opacity, vector=False) as (target, _):
            if paint_edited_at_once(target, layer, view, margin):
                return
    part, rows = features_in(layer, view.bounds_with(margin))
    if not len(rows):
        return
    with transparency(painter, view, 1.0 if vector else layer.opacity, vector=vector) as (target, _):
        if at_once and areas and paint_at_once(target, part, rows, view, margin):
            return
        paint = paint_lines if layer.geometry is GeometryType.LINE else paint_polygons
        paint(target, part, rows, view, vector=vector)


def paint_symbols(
    painter: QPainter, layers: Sequence[FeatureLayer], view: MapView, *, vector: bool = False
) -> None:
    """Paint point symbols; they stand above all areas and lines."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for layer in reversed(layers):
        if layer.geometry is not GeometryType.POINT or layer.opacity <= 0:
            continue
        with transparency(painter, view, 1.0 if vector else layer.opacity, vector=vector) as (target, _):
            paint_points(target, layer, view, vector=vector)


def pen_margin_px(layer: FeatureLayer, view: MapView) -> float:
    """Return how far beyond the view a shape may lie and still leave ink in it."""
    reach = max(max(symbol.widest_mm / 2, symbol.tint_mm) for symbol in layer.style.all_symbols())
    return reach * view.px_per_mm + 2
