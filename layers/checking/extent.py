"""What lies outside: of the city's box, and of the boundary the project holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyproj
import shapely

from layers.checking.model import FloatArray, Hits, IntArray
from layers.checking.neighbours import areas_of
from layers.checking.overlaps import places_in
from layers.checking.rules import Rule
from layers.checking.sentences import row_list
from layers.checking.spread import spread
from layers.checking.subject import Ground
from layers.crs import GEOGRAPHIC_CGCS2000, parse_crs, transform_known_points
from layers.errors import CrsError
from layers.progress import Progress

_SIDE_POINTS = 21
_ROWS_AT_ONCE = 500


def city_hits(ground: Ground, rule: Rule) -> list[Hits]:
    """Return the features with a part outside the city's box in degrees, as one finding.

    A layer that lies elsewhere as a whole is one fault, not as many as it has features. Nothing is found
    where the system is not known.

    Raises
    ------
    CrsError
        When CGCS2000 cannot be reached from the layer's system.
    """
    crs = ground.subject.crs
    if crs is None:
        return []
    west, south, east, north = _box_in(crs, rule)
    own = ground.back(ground.bounds)
    with np.errstate(invalid="ignore"):
        out = (own[:, 0] < west) | (own[:, 1] < south) | (own[:, 2] > east) | (own[:, 3] > north)
    rows = np.flatnonzero(out)
    return [ground.hits(rule.key, rows)] if len(rows) < 2 else [_together(ground, rule, rows)]


def _together(ground: Ground, rule: Rule, rows: IntArray) -> Hits:
    """Return one finding about several features; what it shows is where they lie."""
    bounds = ground.bounds[rows]
    around = np.concatenate([bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)])[None]
    found = ground.hits(
        rule.key, np.array([-1]), boxes=around, figures=np.array([float(len(rows))]), unit="features"
    )
    return replace(found, values=[row_list(rows)], groups=[rows])


def _box_in(crs: pyproj.CRS, rule: Rule) -> FloatArray:
    """Return the least box in ``crs`` that holds the city's box in degrees."""
    west, south, east, north = (rule.number(f"{side}_deg") for side in ("west", "south", "east", "north"))
    lon, lat = np.linspace(west, east, _SIDE_POINTS), np.linspace(south, north, _SIDE_POINTS)
    around = np.concatenate([lon, lon, np.full(len(lat), west), np.full(len(lat), east)])
    along = np.concatenate([np.full(len(lon), south), np.full(len(lon), north), lat, lat])
    x, y = transform_known_points(around, along, parse_crs(GEOGRAPHIC_CGCS2000), crs)
    if np.isnan(x).all():
        raise CrsError("")
    return np.array([np.nanmin(x), np.nanmin(y), np.nanmax(x), np.nanmax(y)])


def boundary_hits(ground: Ground, rule: Rule, boundary: Any, progress: Progress) -> list[Hits]:
    """Return features that reach beyond a boundary; the figure is the area outside, m2.

    Parameters
    ----------
    boundary : shapely polygon or multipolygon
        In the layer's own coordinate system; must be valid.
    """
    limit = shapely.transform(boundary, lambda coords: coords * np.array(ground.factors))
    rows = np.flatnonzero(np.isfinite(ground.bounds[:, 0]))
    rows = rows[_not_inside(ground, limit, rows)]

    def cut(start: int) -> Any:
        part = rows[start : start + _ROWS_AT_ONCE]
        polygons = ground.polygons(part)
        bad = ~shapely.is_valid(polygons)
        polygons[bad] = shapely.make_valid(polygons[bad], method="structure", keep_collapsed=False)
        # only the near part of a long boundary is cut with
        near = shapely.intersection(limit, shapely.box(*shapely.bounds(polygons).T))
        return shapely.difference(polygons, near)

    outside = spread(cut, range(0, len(rows), _ROWS_AT_ONCE), progress)
    left = np.concatenate(outside) if outside else np.empty(0, dtype=object)
    areas = shapely.area(left)
    out = areas > rule.number("area_m2")
    rows, left = rows[out], left[out]
    shapes = np.empty(len(left), dtype=object)
    shapes[:] = [areas_of(shape) for shape in left]
    return [
        ground.hits(
            rule.key,
            rows,
            places=places_in(shapes),
            boxes=shapely.bounds(shapes).reshape(-1, 4),
            figures=areas[out],
            unit="m2",
            shapes=shapes,
        )
    ]


def _not_inside(ground: Ground, limit: Any, rows: IntArray) -> Any:
    """Tell which features are not wholly inside for certain: those whose box is not."""
    corners = shapely.get_parts(shapely.boundary(limit))
    coords, line = shapely.get_coordinates(corners, return_index=True)
    same = line[1:] == line[:-1]
    ends = np.stack([coords[:-1][same], coords[1:][same]], axis=1)
    tree = shapely.STRtree(np.asarray(shapely.linestrings(ends)))
    boxes = shapely.box(*ground.bounds[rows].T)
    on_line = np.zeros(len(rows), dtype=np.bool_)
    on_line[np.unique(tree.query(boxes)[0])] = True
    # a box that meets no side of the boundary is inside as a whole or outside as a whole
    shapely.prepare(limit)
    middle = (ground.bounds[rows, :2] + ground.bounds[rows, 2:]) / 2
    return on_line | ~shapely.contains_xy(limit, middle[:, 0], middle[:, 1])
