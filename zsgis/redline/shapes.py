"""A shape out of a file, drawn or selected, made a red line: an area beyond doubt, or refused."""

from __future__ import annotations

import hashlib

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from layers.errors import GeometryError
from layers.findings import Finding, Severity
from layers.shape_words import fault_words, type_words
from layers.words import _

# a ring that only touches itself is put in order without changing its area by as much
_SAME_AREA_M2 = 0.01
_METRES_PER_DEGREE = 111_000.0


def red_line_shape(
    geometry: BaseGeometry | None, crs: pyproj.CRS, name: str
) -> tuple[BaseGeometry, tuple[Finding, ...]]:
    """Return a shape as Polygon or MultiPolygon, valid and without heights, with what was done to it.

    Closed lines become areas. A shape that is broken is put in order only where that leaves its area as it
    is; which area an outline that crosses itself means, nobody can tell but who drew it.

    Raises
    ------
    GeometryError
        For what is no area and no closed line, crosses itself, or has a coordinate that is no number.
    """
    if geometry is None or geometry.is_empty:
        raise GeometryError(
            _("It has no shape."), where=name, remedy=_("Draw it, or leave it out of the file.")
        )
    flat = shapely.force_2d(geometry)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise GeometryError(
            _("A coordinate of this shape is not a number."),
            where=name,
            remedy=_("Correct or remove this shape."),
        )
    area, findings = _area(flat, crs, name)
    if area.is_valid:
        return area, findings
    return _put_in_order(area, crs, name), (*findings, _told_order(name))


def _area(shape: BaseGeometry, crs: pyproj.CRS, name: str) -> tuple[BaseGeometry, tuple[Finding, ...]]:
    parts = shapely.get_parts(shape)
    while any(part.geom_type == "GeometryCollection" for part in parts.tolist()):
        parts = shapely.get_parts(parts)
    types = {part.geom_type for part in parts.tolist()}
    if types == {"Polygon"}:
        return _one(parts.tolist()), ()
    if not types <= {"LineString", "LinearRing"}:
        raise GeometryError(
            _("Only an area or a closed line is a red line; this is a {type}.").format(
                type=type_words(shape)
            ),
            where=name,
            remedy=_("Leave it out of the file, or draw the red line as an area."),
        )
    metres = 1.0 if crs.is_projected else _METRES_PER_DEGREE
    for line in parts.tolist():
        if not line.is_closed or len(line.coords) < 4:
            first, last = line.coords[0], line.coords[-1]
            raise GeometryError(
                _("The line is not closed: its end lies {metres:.2f} m from its beginning.").format(
                    metres=float(np.hypot(first[0] - last[0], first[1] - last[1])) * metres
                ),
                where=name,
                remedy=_("Close the line in the program it was drawn in."),
            )
    rings = [shapely.Polygon(line.coords) for line in parts.tolist()]
    told = Finding(
        "redline.closed_line",
        Severity.NOTE,
        _("“{name}”: the closed line was taken as an area.").format(name=name),
    )
    return _one(rings), (told,)


def _one(polygons: list[shapely.Polygon]) -> BaseGeometry:
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _put_in_order(area: BaseGeometry, crs: pyproj.CRS, name: str) -> BaseGeometry:
    fixed = shapely.make_valid(area, method="structure", keep_collapsed=False)
    scale = 1.0 if crs.is_projected else _METRES_PER_DEGREE**2
    same = abs(fixed.area - area.area) * scale < _SAME_AREA_M2
    if not same or fixed.geom_type not in ("Polygon", "MultiPolygon") or fixed.is_empty:
        raise GeometryError(
            _("The red line is broken: {fault}.").format(fault=fault_words(shapely.is_valid_reason(area))),
            where=name,
            remedy=_("Which ground it means, only who drew it can say: have it corrected."),
        )
    return fixed


def _told_order(name: str) -> Finding:
    text = _("“{name}”: the outline touches itself; it was put in order, its area is the same.")
    return Finding("redline.in_order", Severity.NOTE, text.format(name=name))


def shape_sum(geometry: BaseGeometry, crs: pyproj.CRS) -> str:
    """Return SHA-256 over a shape and its system: what stands for a file's where there is none."""
    digest = hashlib.sha256(crs.to_wkt().encode())
    digest.update(shapely.to_wkb(geometry))
    return digest.hexdigest()
