"""What an entity looks like as vertices in the plane it was drawn in, curves made of short straight lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from layers.formats.drawings import curves, limits

if TYPE_CHECKING:
    from ezdxf.entities.dxfgfx import DXFGraphic
    from ezdxf.math import BSpline

CURVED = frozenset({"ARC", "CIRCLE", "ELLIPSE", "SPLINE", "HELIX"})
_FULL_TURN = 1e-9


@dataclass(frozen=True)
class Outline:
    """The lines of an entity.

    Attributes
    ----------
    parts : tuple of ndarray of float64, shape (n, 3)
        World coordinates of the drawing (x, y, z). Closed parts do not repeat their first vertex.
    closed : bool
        The parts are rings; several are the boundaries of a filling, by the even-odd rule.
    curved : bool
        Some of it stands for a curve.
    """

    parts: tuple[NDArray[np.float64], ...]
    closed: bool
    curved: bool


def outline(entity: DXFGraphic, sagitta: float) -> Outline | None:
    """Return an entity's lines; None for a type that has none that are read.

    Parameters
    ----------
    sagitta : float
        How far a short line may lie from its curve, in units of the drawing.

    Raises
    ------
    ValueError
        When the entity makes no sense: too few vertices, no radius, a degree that nobody draws with.
    """
    make = _MAKERS.get(entity.dxftype())
    return make(entity, sagitta) if make else None


def _line(entity: Any, _sagitta: float) -> Outline:
    return Outline((_array([entity.dxf.start, entity.dxf.end]),), closed=False, curved=False)


def _lwpolyline(entity: Any, sagitta: float) -> Outline:
    rows = np.array(entity.lwpoints.values, dtype=np.float64).reshape(-1, 5)
    bulges = rows[:, 4]
    flat = curves.polyline_points(rows[:, :2], bulges, bool(entity.closed), sagitta)
    height = float(entity.dxf.get("elevation", 0.0))
    part = _to_world(entity, np.column_stack((flat, np.full(len(flat), height))))
    return Outline((part,), bool(entity.closed), bool(np.any(bulges)))


def _polyline(entity: Any, sagitta: float) -> Outline | None:
    if entity.is_polygon_mesh or entity.is_poly_face_mesh:
        return None
    # frame vertices of a fitted curve (flag 16) are only the handles it was drawn with
    vertices = [vertex for vertex in entity.vertices if not int(vertex.dxf.get("flags", 0)) & 16]
    if entity.is_3d_polyline:
        part = _array([vertex.dxf.location for vertex in vertices])
        return Outline((part,), bool(entity.is_closed), curved=False)
    bulges = np.array([float(vertex.dxf.get("bulge", 0.0)) for vertex in vertices])
    places = _array([vertex.dxf.location for vertex in vertices])
    flat = curves.polyline_points(places[:, :2], bulges, bool(entity.is_closed), sagitta)
    elevation = entity.dxf.get("elevation")
    height = float(elevation[2]) if elevation is not None else float(places[0, 2]) if len(places) else 0.0
    part = _to_world(entity, np.column_stack((flat, np.full(len(flat), height))))
    return Outline((part,), bool(entity.is_closed), bool(np.any(bulges)))


def _circle(entity: Any, sagitta: float) -> Outline:
    center, radius = entity.dxf.center, abs(float(entity.dxf.radius))
    _require(radius > 0.0)
    flat = curves.arc_points((center[0], center[1]), radius, 0.0, math.tau, sagitta)[:-1]
    return Outline((_to_world(entity, _lift(flat, center[2])),), closed=True, curved=True)


def _arc(entity: Any, sagitta: float) -> Outline:
    center, radius = entity.dxf.center, abs(float(entity.dxf.radius))
    _require(radius > 0.0)
    start = math.radians(entity.dxf.start_angle)
    # arcs run anticlockwise; equal angles mean a whole turn
    angle = (math.radians(entity.dxf.end_angle) - start) % math.tau or math.tau
    flat = curves.arc_points((center[0], center[1]), radius, start, angle, sagitta)
    return Outline((_to_world(entity, _lift(flat, center[2])),), closed=False, curved=True)


def _ellipse(entity: Any, sagitta: float) -> Outline:
    center, major = (np.array(entity.dxf.get(name), dtype=np.float64) for name in ("center", "major_axis"))
    minor = np.array(entity.minor_axis, dtype=np.float64)
    _require(bool(np.linalg.norm(major) > 0.0))
    start = float(entity.dxf.start_param)
    angle = (float(entity.dxf.end_param) - start) % math.tau
    full = angle < _FULL_TURN or math.tau - angle < _FULL_TURN
    points = curves.ellipse_points(
        center, major, minor, (start, start + (math.tau if full else angle)), sagitta
    )
    return Outline((points[:-1] if full else points,), closed=full, curved=True)


def _spline(entity: Any, sagitta: float) -> Outline:
    count = max(len(entity.control_points), len(entity.fit_points))
    _require(int(entity.dxf.degree) <= limits.SPLINE_DEGREE and 2 <= count <= limits.SPLINE_POINTS)
    points = _spline_points(entity.construction_tool(), sagitta)
    closed = bool(entity.closed) or bool(
        len(points) > 3 and np.allclose(points[0], points[-1], atol=1e-9, rtol=0.0)
    )
    if closed and np.allclose(points[0], points[-1], atol=1e-9, rtol=0.0):
        points = points[:-1]
    return Outline((points,), closed, curved=True)


def _spline_points(curve: BSpline, sagitta: float) -> NDArray[np.float64]:
    frame = _array(curve.control_points)
    _require(bool(np.all(np.abs(frame) < limits.COORDINATE)))
    extent = float(np.max(np.ptp(frame, axis=0)))
    return _array(curve.flattening(curves.sagitta_for(extent, sagitta), 4))


def _corners(entity: Any, _sagitta: float) -> Outline:
    part = _array(entity.wcs_vertices())
    return Outline((part,), closed=True, curved=False)


def _hatch(entity: Any, sagitta: float) -> Outline:
    height = float(entity.dxf.elevation[2])
    parts, curved = [], False
    for path in entity.paths:
        if hasattr(path, "edges"):
            rings, bent = list(_edge_rings(path.edges, sagitta)), True
        else:
            rows = np.array([tuple(v)[:3] for v in path.vertices], dtype=np.float64).reshape(-1, 3)
            rings = [curves.polyline_points(rows[:, :2], rows[:, 2], True, sagitta)]
            bent = bool(np.any(rows[:, 2]))
        curved = curved or bent
        parts += [_to_world(entity, _lift(ring, height)) for ring in rings if len(ring) >= 3]
    _require(bool(parts))
    return Outline(tuple(parts), closed=True, curved=curved)


def _edge_rings(edges: Iterable[Any], sagitta: float) -> Iterator[NDArray[np.float64]]:
    """Yield the rings that the edges of a boundary make in turn, whichever way each edge runs."""
    chain: NDArray[np.float64] | None = None
    for edge in edges:
        points = _edge(edge, sagitta)
        if chain is not None and _same(chain[0], chain[-1]):
            yield chain
            chain = None
        if chain is None:
            chain = points
            continue
        if not _same(chain[-1], points[0]):
            if _same(chain[-1], points[-1]):
                points = points[::-1]
            elif _same(chain[0], points[0]) or _same(chain[0], points[-1]):
                chain = chain[::-1]
                points = points if _same(chain[-1], points[0]) else points[::-1]
        chain = np.concatenate((chain, points[1:] if _same(chain[-1], points[0]) else points))
    if chain is not None:
        yield chain


def _edge(edge: Any, sagitta: float) -> NDArray[np.float64]:
    kind = type(edge).__name__
    if kind == "LineEdge":
        return np.array([(p[0], p[1]) for p in (edge.start, edge.end)], dtype=np.float64)
    if kind == "ArcEdge":
        radius = abs(float(edge.radius))
        _require(radius > 0.0)
        start = math.radians(edge.start_angle)
        angle = math.radians(edge.end_angle) - start
        angle = math.tau if abs(angle) >= math.tau - _FULL_TURN else angle % math.tau
        return curves.arc_points((edge.center[0], edge.center[1]), radius, start, angle, sagitta)
    if kind == "EllipseEdge":
        tool = edge.construction_tool()
        angle = tool.end_param - tool.start_param
        angle = math.tau if abs(angle) >= math.tau - _FULL_TURN else angle % math.tau or math.tau
        center, major, minor = (
            np.array(vector, dtype=np.float64) for vector in (tool.center, tool.major_axis, tool.minor_axis)
        )
        return curves.ellipse_points(
            center, major, minor, (tool.start_param, tool.start_param + angle), sagitta
        )[:, :2]
    _require(kind == "SplineEdge" and int(edge.degree) <= limits.SPLINE_DEGREE)
    _require(len(edge.control_points) <= limits.SPLINE_POINTS)
    return _spline_points(edge.construction_tool(), sagitta)[:, :2]


def _same(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    return bool(np.all(np.abs(a - b) <= 1e-6 + 1e-12 * np.abs(a)))


def _array(points: Iterable[Any]) -> NDArray[np.float64]:
    return np.array([tuple(point) for point in points], dtype=np.float64).reshape(-1, 3)


def _lift(flat: NDArray[np.float64], height: float) -> NDArray[np.float64]:
    return np.column_stack((flat, np.full(len(flat), float(height))))


def _to_world(entity: Any, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn coordinates of the entity's own plane (extrusion) into the drawing's."""
    ocs = entity.ocs()
    if not ocs.transform:
        return points
    axes = np.array([tuple(ocs.ux), tuple(ocs.uy), tuple(ocs.uz)], dtype=np.float64)
    return np.asarray(points @ axes, dtype=np.float64)


def _require(fine: bool) -> None:
    if not fine:
        raise ValueError("the entity makes no sense")


_MAKERS: Mapping[str, Callable[[Any, float], Outline | None]] = {
    "LINE": _line,
    "LWPOLYLINE": _lwpolyline,
    "POLYLINE": _polyline,
    "CIRCLE": _circle,
    "ARC": _arc,
    "ELLIPSE": _ellipse,
    "SPLINE": _spline,
    "HELIX": _spline,
    "SOLID": _corners,
    "TRACE": _corners,
    "3DFACE": _corners,
    "HATCH": _hatch,
    "MPOLYGON": _hatch,
}
