"""Features put into a drawing as what CAD knows: closed polylines, polylines, points, texts, fillings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.errors import InputError
from layers.formats.drawings.own_data import APP_ID, FILLING, LABEL, SHAPE, OwnData, tags_of
from layers.words import _

if TYPE_CHECKING:
    from ezdxf.document import Drawing
    from ezdxf.entities.dxfgfx import DXFGraphic
    from shapely.geometry.base import BaseGeometry

_TEXT_CHARACTERS = 250


@dataclass(frozen=True)
class _Stroke:
    """One entity of a feature.

    Attributes
    ----------
    points : ndarray of float64, shape (n, 2 or 3)
    kind : str
        ``ring``, ``line`` or ``point``.
    """

    points: NDArray[np.float64]
    kind: str
    part: int
    ring: int


class FeatureWriter:
    """Adds features to a drawing's model space.

    Attributes
    ----------
    without_shape : list of int
        Rows that had nothing to draw.
    """

    def __init__(self, document: Drawing, encoding: str, style: str, *, hatch: bool, where: str) -> None:
        self._space = document.modelspace()
        self._encoding = encoding
        self._style = style
        self._hatch = hatch
        self._where = where
        self.without_shape: list[int] = []

    def add(
        self, row: int, shape: BaseGeometry | None, values: Mapping[str, Any], look: Mapping[str, Any]
    ) -> None:
        """Add a feature.

        Raises
        ------
        InputError
            When its attributes are more than CAD allows on one entity, or its shape is of mixed kinds.
        """
        if shape is None or shape.is_empty:
            self.without_shape.append(row)
            return
        strokes = list(_strokes(shape))
        multiple = shape.geom_type.startswith("Multi")
        if not strokes:
            raise InputError(
                _("A shape of type {kind} cannot be drawn.").format(kind=shape.geom_type),
                where=f"{self._where}: {row + 1}",
                remedy=_("Export as .gpkg, which holds everything."),
            )
        for at, stroke in enumerate(strokes):
            own = OwnData(
                SHAPE, row, stroke.part, stroke.ring, len(strokes), multiple, None if at else values
            )
            self._keep(self._draw(stroke, look), own, row)
        if self._hatch and strokes[0].kind == "ring":
            self._fill(row, strokes, look)

    def label(self, row: int, shape: BaseGeometry, text: str, height: float, look: Mapping[str, Any]) -> None:
        """Add a feature's label at a place inside it."""
        place = shapely.point_on_surface(shape)
        attributes = {**look, "style": self._style}
        at = (float(place.x), float(place.y))
        if "\n" in text or "^" in text or len(text) > _TEXT_CHARACTERS:
            added: DXFGraphic = self._space.add_mtext(
                _paragraphs(text),
                dxfattribs={**attributes, "insert": at, "char_height": height, "attachment_point": 5},
            )
        else:
            from ezdxf.enums import TextEntityAlignment

            added = self._space.add_text(_line(text), height=height, dxfattribs=attributes).set_placement(
                at, align=TextEntityAlignment.MIDDLE_CENTER
            )
        self._keep(added, OwnData(LABEL, row), row)

    def _draw(self, stroke: _Stroke, look: Mapping[str, Any]) -> DXFGraphic:
        points = stroke.points
        if stroke.kind == "point":
            return self._space.add_point(tuple(points[0]), dxfattribs=dict(look))
        closed = stroke.kind == "ring"
        heights = points[:, 2] if points.shape[1] == 3 else np.zeros(1)
        if np.ptp(heights):
            return self._space.add_polyline3d(points.tolist(), close=closed, dxfattribs=dict(look))
        added = self._space.add_lwpolyline(
            points[:, :2].tolist(), format="xy", close=closed, dxfattribs=dict(look)
        )
        added.dxf.elevation = float(heights[0])
        return added

    def _fill(self, row: int, strokes: Sequence[_Stroke], look: Mapping[str, Any]) -> None:
        hatch = self._space.add_hatch(dxfattribs=dict(look))
        for stroke in strokes:
            hatch.paths.add_polyline_path(
                stroke.points[:, :2].tolist(), is_closed=True, flags=16 if stroke.ring else 1
            )
        self._keep(hatch, OwnData(FILLING, row), row)

    def _keep(self, entity: DXFGraphic, own: OwnData, row: int) -> None:
        try:
            entity.set_xdata(APP_ID, tags_of(own, self._encoding))
        except ValueError as error:
            raise InputError(
                _("The attributes of a feature are longer than a drawing can hold (16 kB)."),
                where=f"{self._where}: {row + 1}",
                remedy=_("Export as .gpkg, which holds everything."),
                details=str(error),
            ) from error


def _strokes(shape: BaseGeometry) -> Iterator[_Stroke]:
    for number, part in enumerate(shapely.get_parts(shape)):
        if part.is_empty:
            continue
        if part.geom_type == "Polygon":
            for ring, line in enumerate((part.exterior, *part.interiors)):
                yield _Stroke(_points(line)[:-1], "ring", number, ring)
        elif part.geom_type in ("LineString", "LinearRing"):
            yield _Stroke(_points(part), "line", number, 0)
        elif part.geom_type == "Point":
            yield _Stroke(_points(part), "point", number, 0)


def _points(shape: BaseGeometry) -> NDArray[np.float64]:
    return shapely.get_coordinates(shape, include_z=shape.has_z)


def _line(text: str) -> str:
    """Return a text as TEXT takes it: two percent signs begin a special sign there."""
    return "".join(sign if sign.isprintable() else " " for sign in text).replace("%%", "%%%%%%")


def _paragraphs(text: str) -> str:
    r"""Return a text as MTEXT takes it: backslash and braces begin formats, a caret a sign."""
    for sign in ("\\", "{", "}"):
        text = text.replace(sign, f"\\{sign}")
    return "\\P".join(text.replace("%%", "%%%%%%").replace("^", "^ ").splitlines())
