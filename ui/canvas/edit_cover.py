"""What was edited just now, painted over tiles that do not show it yet."""

from __future__ import annotations

import math
import operator
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRect, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from layers.drawable import Bounds, DrawableLayer
from layers.drawable_edits import FeatureLayer, parts_of
from layers.kind import GeometryType
from layers.pictures.drawn import DrawnPicture
from layers.style import Symbol
from ui.painting.classes import by_symbol
from ui.painting.layers import paint_ground, paint_symbols, pen_margin_px
from ui.painting.points import marker_margin_px, places
from ui.painting.strokes import lines_of, stroke
from ui.painting.thinning import MOST_VERTICES
from ui.painting.view import MapView

_MOST_KEPT = 64
GROUND_COLOR = "#FFFFFF"

Shown = FeatureLayer | DrawnPicture
States = Sequence[tuple[QRect, int]]
"""Parts of the view, each with the number of the state of the map that its picture shows."""


@dataclass(frozen=True, eq=False)
class ShownEdit:
    """What an edit did to a layer.

    Attributes
    ----------
    uid : str
        The layer.
    version : int
        The layer's number after the edit.
    boxes : ndarray of float64, shape (n, 4)
        What the features covered and cover, in map units; NaN for what has no place.
    gone, fresh : DrawableLayer
        The features as they were and as they are.
    """

    uid: str
    version: int
    boxes: NDArray[np.float64]
    gone: DrawableLayer
    fresh: DrawableLayer

    @property
    def is_above(self) -> bool:
        """Whether the features are symbols, which stand above tiles."""
        return self.fresh.geometry is GeometryType.POINT


@dataclass(eq=False)
class _Covered:
    """An edit that is painted where the map's picture is older than the state ``number``."""

    edit: ShownEdit
    number: float
    picture: tuple[MapView, QRect, QImage] | None = None


class EditCover:
    """Keeps the last edits and paints each where the map's picture is older than it."""

    def __init__(self) -> None:
        self._edits: deque[_Covered] = deque(maxlen=_MOST_KEPT)
        self._prepared: tuple[_Covered, tuple[Shown, ...]] | None = None

    @property
    def is_ahead(self) -> bool:
        """Whether it paints an edit that no state of the map shows yet."""
        return any(covered.number == math.inf for covered in self._edits)

    def prepare(self, edit: ShownEdit, view: MapView, layers: Sequence[Shown]) -> None:
        """Paint an edit into a picture that :meth:`add_ahead` is soon to show.

        Parameters
        ----------
        layers : sequence
            The map with the edit, top first.
        """
        place = place_of_edit(edit, view)
        picture = view, place, _picture(edit, view, place, layers)
        self._prepared = _Covered(edit, math.inf, picture), tuple(layers)

    def add_ahead(self, edit: ShownEdit, layers: Sequence[Shown]) -> None:
        """Paint an edit over whatever there is: the map has no state yet that shows it."""
        prepared, self._prepared = self._prepared, None
        if prepared is not None and prepared[0].edit is edit and _same(prepared[1], layers):
            self._edits.append(prepared[0])
        else:
            self._edits.append(_Covered(edit, math.inf))

    def add(self, number: int, edit: ShownEdit) -> None:
        """Paint an edit from now on; ``number`` is the map's state that shows it."""
        for known in self._edits:
            if known.edit is edit:
                known.number = number
                return
        self._edits.append(_Covered(edit, number))

    def settle(self, number: int) -> None:
        """Take ``number`` for the state that shows what was painted ahead: all of the map is drawn anew."""
        for known in self._edits:
            known.number = min(known.number, number)

    def clear(self) -> None:
        """Forget all edits: another map."""
        self._edits.clear()
        self._prepared = None

    def paint(
        self, painter: QPainter, view: MapView, known: States, layers: Sequence[Shown], *, above: bool
    ) -> None:
        """Paint areas and lines, or with ``above`` symbols, in device pixels.

        Parameters
        ----------
        known : sequence of (QRect, int)
            The parts of the view, each with the number of the state it shows.
        layers : sequence
            The map as it is now, top first.
        """
        oldest = min((state for _rect, state in known), default=math.inf)
        for covered in self._edits:
            edit = covered.edit
            if edit.is_above != above:
                continue
            if covered.number <= oldest:
                covered.picture = None
                continue
            old = [rect for rect, state in known if state < covered.number]
            if covered.picture is None or covered.picture[0] != view:
                place = place_of_edit(edit, view)
                covered.picture = view, place, _picture(edit, view, place, layers)
            _view, place, image = covered.picture
            for rect in old:
                part = rect & place
                if not part.isEmpty():
                    painter.drawImage(part.topLeft(), image, part.translated(-place.topLeft()))


def place_of_edit(edit: ShownEdit, view: MapView) -> QRect:
    """Return the pixels of a view that an edit touches."""
    window = QRect(0, 0, round(view.width_px), round(view.height_px))
    boxes = edit.boxes[np.isfinite(edit.boxes).all(axis=1)]
    if not len(boxes):
        return QRect()
    (left, bottom), (right, top) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    xmin, ymin, xmax, ymax = view.bounds_with(1)
    low_x, low_y = max(left, xmin), max(bottom, ymin)
    high_x, high_y = min(right, xmax), min(top, ymax)
    margin = round(max(pen_margin_px(edit.fresh, view), marker_margin_px(edit.fresh, view))) + 1
    first = view.to_pixel(low_x, high_y)
    last = view.to_pixel(high_x, low_y)
    if last[0] < first[0] - margin or last[1] < first[1] - margin:
        return QRect()
    corner = QRect(round(first[0]), round(first[1]), round(last[0] - first[0]), round(last[1] - first[1]))
    return corner.adjusted(-margin, -margin, margin, margin) & window


def _picture(edit: ShownEdit, view: MapView, place: QRect, layers: Sequence[Shown]) -> QImage:
    """Return what stands where an edit was: the map itself where that is few shapes, else the edit alone."""
    part = _part(view, place)
    image = QImage(place.size(), QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        return image
    features = _features_to_paint(layers, part) if not edit.is_above else None
    image.fill(Qt.GlobalColor.transparent if features is None else QColor(GROUND_COLOR))
    painter = QPainter(image)
    if features is not None:
        paint_ground(painter, features, part)
    else:
        _veil(painter, edit.gone, part)
        paint_ground(painter, [edit.fresh], part)
        paint_symbols(painter, [edit.fresh], part)
    painter.end()
    return image


def _same(layers: Sequence[Shown], others: Sequence[Shown]) -> bool:
    return len(layers) == len(others) and all(map(operator.is_, layers, others))


def _features_to_paint(layers: Sequence[Shown], view: MapView) -> list[FeatureLayer] | None:
    """Return the layers that stand there, top first; None where painting them takes longer than a frame."""
    features: list[FeatureLayer] = []
    count = 0
    for layer in layers:
        if isinstance(layer, DrawnPicture):
            return None
        if layer.geometry is GeometryType.POINT or layer.opacity <= 0:
            continue
        found = _vertices_in(layer, view.bounds_with(pen_margin_px(layer, view)))
        count += found
        if count > MOST_VERTICES:
            return None
        if found:
            features.append(layer)
    return features


def _vertices_in(layer: FeatureLayer, bounds: Bounds) -> int:
    count = 0
    for part in parts_of(layer):
        rows = part.rows_in(bounds)
        offsets, rings = part.ring_offsets, part.ring_starts
        count += int((offsets[rings[rows + 1]] - offsets[rings[rows]]).sum())
    return count


def _part(view: MapView, place: QRect) -> MapView:
    """Return the view of some pixels of a view."""
    x, y = view.to_map(place.x() + place.width() / 2, place.y() + place.height() / 2)
    return MapView(
        x, y, view.units_per_px, place.width(), place.height(), view.px_per_mm, view.metres_per_unit
    )


def _veil(painter: QPainter, gone: DrawableLayer, view: MapView) -> None:
    """Hide features as far as they hid what lies under them, until it is drawn again."""
    # large areas with smooth edges take as long again
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, gone.geometry is not GeometryType.POLYGON)
    margin = max(pen_margin_px(gone, view), marker_margin_px(gone, view))
    for symbol, rows in by_symbol(gone, gone.rows_in(view.bounds_with(margin)), view):
        tone = QColor(GROUND_COLOR)
        tone.setAlphaF(_strength(symbol, gone))
        if gone.geometry is GeometryType.POINT:
            radius = symbol.marker_mm * view.px_per_mm / 2 + 1
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tone)
            for x, y in places(gone, rows, view).tolist():
                painter.drawEllipse(QPointF(x, y), radius, radius)
            continue
        lines = lines_of(gone, rows, view, vector=False)
        if gone.geometry is GeometryType.POLYGON:
            for path in lines.paths:
                painter.fillPath(path, tone)
        else:
            stroke(painter, lines, QPen(tone, symbol.widest_mm * view.px_per_mm + 2))


def _strength(symbol: Symbol, layer: DrawableLayer) -> float:
    if layer.geometry is not GeometryType.POLYGON:
        return layer.opacity
    return layer.opacity * symbol.fill_opacity if symbol.fill is not None else 0.0
