"""A layer cut by a red line: the pieces add up to the red line's own area on the basis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from layers.area import measure, planar_area_m2
from layers.cents import LIMIT_SHARE, share_out, to_cents
from layers.crs import require_projected_metres, transform
from layers.errors import GeometryError
from layers.kind import AreaBasis
from layers.progress import Progress, ProgressPart
from zsgis.overlay import REMAINDER, Overlay, ShapeError, Side, balanced_overlay
from zsgis.redline.boundary import Boundary
from zsgis.redline.near import Near
from zsgis.redline.rules import RedlineSettings

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
GeometryArray = NDArray[np.object_]

# a feature that lacks less than this in the red line lies in it with all its ground
_WHOLE_M2 = 0.01
# shapes measured between two looks at whether to stop
_BLOCK = 4_000


@dataclass(frozen=True, eq=False)
class Cut:
    """The pieces of a layer under a red line; n pieces, at most one of a feature.

    Attributes
    ----------
    feature : ndarray of int64, shape (n,)
        Position of each piece's feature among the features near.
    geometry : ndarray of object, shape (n,)
        In ``plane``.
    cents : ndarray of int64, shape (n,)
        On the basis; with ``rest_cents`` less ``overlap_cents`` they add up to ``total_cents``.
    whole, sliver : ndarray of bool, shape (n,)
    rest : ndarray of object, shape (0,) or (1,)
        What lies in no feature.
    overlap_cents : int
        What features over each other cover more than once.
    correction_m2 : float
        What pieces at the red line's edge were given so that the sum holds.
    """

    feature: IntArray
    geometry: GeometryArray
    cents: IntArray
    whole: BoolArray
    sliver: BoolArray
    rest: GeometryArray
    rest_cents: int
    rest_sliver: bool
    overlap_cents: int
    total_cents: int
    correction_m2: float
    plane: pyproj.CRS
    overlay: Overlay


def area_of_boundary(boundary: Boundary, basis: AreaBasis, plane: pyproj.CRS) -> float:
    """Return a red line's own area in m2: planar in ``plane``, ellipsoidal from its own vertices."""
    shape = np.array([boundary.geometry], dtype=object)
    if basis is AreaBasis.PLANAR:
        return float(planar_area_m2(transform(shape, boundary.crs, plane), plane)[0])
    return float(measure(shape, boundary.crs, basis)[0])


def cut_layer(
    boundary: Boundary,
    near: Near,
    basis: AreaBasis,
    plane: pyproj.CRS,
    settings: RedlineSettings,
    *,
    names: tuple[str, ...],
    progress: Progress,
) -> Cut:
    """Cut the features near by the red line and measure the pieces on a basis.

    The red line is what is cut up, the features are what it is cut by: the planar balance that the overlay
    proves is the red line's. A feature that lies in it whole keeps the area of its own vertices. What then
    is missing to the red line's own area, or too much, comes from the red line's straight edges, which are
    other lines on the ellipsoid than in the plane, and goes to the pieces at the edge and to what lies in
    no feature, in proportion; only where these are too small to bear it, to all pieces.

    Parameters
    ----------
    names : tuple of str
        What the features are called, for errors.

    Raises
    ------
    GeometryError
        Names the feature that cannot be used.
    CrsError
        When the plane is none, or cannot be reached without guessing.
    """
    require_projected_metres(plane)
    red_line = transform(np.array([boundary.geometry], dtype=object), boundary.crs, plane)
    features = transform(near.geometry, near.info.crs, plane)
    try:
        overlay = balanced_overlay(red_line, features, progress=ProgressPart(progress, 0.0, 0.6))
    except ShapeError as error:
        raise _named(error, boundary, near, names) from error
    progress.step(0.6)
    inside = overlay.zone != REMAINDER
    repaired = {each.index: each.geometry for each in overlay.repairs if each.side is Side.ZONE}
    for index, shape in repaired.items():
        features[index] = shape
    feature = overlay.zone[inside]
    whole = np.abs(shapely.area(features[feature]) - overlay.area_m2[inside]) < _WHOLE_M2
    own = whole & ~np.isin(feature, list(repaired))
    parts_m2 = _measured(overlay, near, basis, plane, own, ProgressPart(progress, 0.65, 0.85))
    total_m2 = area_of_boundary(boundary, basis, plane)
    ratio = total_m2 / float(overlay.input_m2[0]) if overlay.input_m2[0] > 0 else 1.0
    total, overlap = to_cents([total_m2, float(overlay.overlap_m2[0]) * ratio]).tolist()
    bears = np.ones(len(parts_m2), dtype=bool)
    bears[np.flatnonzero(inside)] = ~whole
    cents = _forced(parts_m2, bears, total + overlap)
    progress.step(0.9)
    sliver = _slivers(overlay.geometry, settings)
    return Cut(
        feature=feature,
        geometry=overlay.geometry[inside],
        cents=cents[inside],
        whole=whole,
        sliver=sliver[inside] & ~whole,
        rest=overlay.geometry[~inside],
        rest_cents=int(cents[~inside].sum()),
        rest_sliver=bool(sliver[~inside].all()),
        overlap_cents=overlap,
        total_cents=total,
        correction_m2=(total + overlap) / 100 - float(parts_m2.sum()),
        plane=plane,
        overlay=overlay,
    )


def _named(error: ShapeError, boundary: Boundary, near: Near, names: tuple[str, ...]) -> GeometryError:
    where = f"{near.info.name}: {names[error.index]}" if error.side is Side.ZONE else boundary.name
    return GeometryError(error.what, where=where, remedy=error.remedy, details=error.details)


def _measured(
    overlay: Overlay, near: Near, basis: AreaBasis, plane: pyproj.CRS, own: BoolArray, progress: Progress
) -> FloatArray:
    """Return the area of each part in m2; ``own`` pieces are features with all their ground."""
    if basis is AreaBasis.PLANAR:
        return overlay.area_m2
    whole = np.zeros(len(overlay.zone), dtype=bool)
    whole[np.flatnonzero(overlay.zone != REMAINDER)[own]] = True
    parts_m2 = np.zeros(len(overlay.zone))
    cut, features = overlay.geometry[~whole], near.geometry[overlay.zone[whole]]
    parts_m2[~whole] = _in_blocks(cut, plane, basis, ProgressPart(progress, 0.0, 0.5))
    parts_m2[whole] = _in_blocks(features, near.info.crs, basis, ProgressPart(progress, 0.5, 1.0))
    return parts_m2


def _in_blocks(shapes: GeometryArray, crs: pyproj.CRS, basis: AreaBasis, progress: Progress) -> FloatArray:
    area_m2 = np.zeros(len(shapes))
    for first in range(0, len(shapes), _BLOCK):
        progress.step(first / len(shapes))
        block = slice(first, first + _BLOCK)
        area_m2[block] = measure(shapes[block], crs, basis)
    return area_m2


def _forced(parts_m2: FloatArray, bears: BoolArray, control: int) -> IntArray:
    """Return the parts in cents that add up to ``control``, whole features as they are where that is fair."""
    cents = to_cents(parts_m2) if len(parts_m2) else np.zeros(0, dtype=np.int64)
    left = control - int(cents[~bears].sum())
    missing = control - int(cents.sum())
    room = int(cents[bears].sum())
    if bears.any() and left >= 0 and abs(missing) <= max(LIMIT_SHARE * room, int(bears.sum())):
        cents[bears] = share_out(parts_m2[bears], left, limit_share=None)
        return cents
    return share_out(parts_m2, control, limit_share=None) if len(parts_m2) else cents


def _slivers(geometry: GeometryArray, settings: RedlineSettings) -> BoolArray:
    """Tell of which pieces every part is under the tolerance."""
    parts, owner = shapely.get_parts(geometry, return_index=True)
    area, length = shapely.area(parts), shapely.length(parts)
    broad = (area >= settings.sliver_m2) | (2.0 * area >= settings.sliver_width_m * length)
    none_broad: BoolArray = np.bincount(owner[broad], minlength=len(geometry)) == 0
    return none_broad
