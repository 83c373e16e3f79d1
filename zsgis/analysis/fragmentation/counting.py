"""Which patches count in which row of the tables, and the areas they are held against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from layers.area import ellipsoidal_area_m2, planar_area_m2, to_cents
from layers.crs import transform
from layers.kind import AreaBasis
from layers.progress import Progress, ProgressPart
from zsgis.analysis.fragmentation.merging import merge
from zsgis.analysis.fragmentation.model import LandPatches, Pieces
from zsgis.analysis.zone_names import deduction_name, outside_name
from zsgis.analysis.zoned import IntArray, Measured, Measuring, Shapes, Zones
from zsgis.overlay import REMAINDER


@dataclass(frozen=True)
class Counted:
    """Rows of the tables and their patches.

    Attributes
    ----------
    names : tuple of str, length rows
        Zones, then what lies outside all, where anything does.
    patches : LandPatches
        ``line`` is a row.
    whole : LandPatches
        The layer's patches uncut, all in row 0: what the total speaks of.
    cents : ndarray of int64, shape (rows,)
        Land of the chosen classes in each row.
    twice_cents : int
        What zones over each other count more than once.
    ground_cents : tuple of int or None, length rows
        The area that density and shares refer to: the zone's own; None outside the zones.
    layer_cents : int
        The same for the total: all parcels of the layer, whatever their class.
    """

    names: tuple[str, ...]
    patches: LandPatches
    whole: LandPatches
    cents: IntArray
    twice_cents: int
    ground_cents: tuple[int | None, ...]
    layer_cents: int

    @property
    def deduction(self) -> str:
        """The name of the row that deducts what is counted twice; empty where nothing is."""
        return deduction_name() if self.twice_cents else ""


def count_cut(
    land: Shapes,
    zones: Zones | None,
    measured: Measured,
    how: Measuring,
    touch_m: float,
    layer_cents: int,
    progress: Progress,
) -> Counted:
    """Count parts inside each zone as patches of their own; zones over each other each have theirs."""
    overlay = measured.overlay
    outside = bool((measured.zone == REMAINDER).any())
    names, rows = _rows(land, zones, outside=outside)
    line = np.where(measured.zone == REMAINDER, rows - 1, measured.zone)
    pieces = Pieces(overlay.geometry, overlay.feature, line, measured.cents, overlay.area_m2)
    cut = _merged(pieces, touch_m, how, ProgressPart(progress, 0.0, 0.5))
    whole = cut
    if zones is not None:
        whole = _merged(_uncut(land, measured, how), touch_m, how, ProgressPart(progress, 0.5, 1.0))
    cents = np.zeros(rows, dtype=np.int64)
    np.add.at(cents, line, measured.cents)
    twice = int(measured.overlap_cents.sum())
    ground = _ground(zones, how, layer_cents, outside=outside)
    return Counted(names, cut, whole, cents, twice, ground, layer_cents)


def count_whole(
    land: Shapes,
    zones: Zones | None,
    measured: Measured,
    how: Measuring,
    touch_m: float,
    layer_cents: int,
    progress: Progress,
) -> Counted:
    """Count each patch uncut in the row that holds most of it; of equal shares the first zone."""
    whole = _merged(_uncut(land, measured, how), touch_m, how, progress)
    zone_count = 1 if zones is None else len(zones.uids)
    piece_patch = np.full(len(measured.control_cents), -1, dtype=np.int64)
    piece_patch[whole.pieces.feature] = whole.patch
    own = piece_patch[measured.overlay.feature]
    place = np.where(measured.zone == REMAINDER, zone_count, measured.zone)
    held = own >= 0
    line = _most(own[held], place[held], measured.cents[held], len(whole))
    outside = bool((line == zone_count).any())
    names, rows = _rows(land, zones, outside=outside)
    order = np.lexsort((np.arange(len(line)), -whole.cents, line))
    placed = _reordered(whole, order, line)
    cents = np.zeros(rows, dtype=np.int64)
    np.add.at(cents, placed.line, placed.cents)
    return Counted(
        names, placed, whole, cents, 0, _ground(zones, how, layer_cents, outside=outside), layer_cents
    )


def _rows(land: Shapes, zones: Zones | None, *, outside: bool) -> tuple[tuple[str, ...], int]:
    if zones is None:
        return (land.layer_name,), 1
    names = (*zones.names, outside_name()) if outside else zones.names
    return names, len(names)


def _merged(pieces: Pieces, touch_m: float, how: Measuring, progress: Progress) -> LandPatches:
    return merge(pieces.take(pieces.cents > 0), touch_m, how.sliver_m2, how.sliver_width_m, progress)


def _uncut(land: Shapes, measured: Measured, how: Measuring) -> Pieces:
    """Return the whole parcels, repaired ones as the overlay worked with them."""
    geometry = np.array(transform(land.geometry, land.crs, how.plane), dtype=object)
    for repair in measured.overlay.repairs:
        if repair.side == "feature":
            geometry[repair.index] = repair.geometry
    count = len(geometry)
    return Pieces(
        geometry,
        np.arange(count),
        np.zeros(count, dtype=np.int64),
        measured.control_cents,
        measured.overlay.input_m2,
    )


def _most(patch: IntArray, place: IntArray, cents: IntArray, count: int) -> IntArray:
    """Return the place that holds most of each patch."""
    pairs, number = np.unique(np.stack([patch, place], axis=1), axis=0, return_inverse=True)
    held = np.zeros(len(pairs), dtype=np.int64)
    np.add.at(held, number.ravel(), cents)
    line = np.zeros(count, dtype=np.int64)
    order = np.lexsort((-pairs[:, 1], held))  # the last one written holds most, and of equals is the first
    line[pairs[order, 0]] = pairs[order, 1]
    return line


def _reordered(patches: LandPatches, order: IntArray, line: IntArray) -> LandPatches:
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return LandPatches(
        patches.pieces,
        rank[patches.patch],
        line[order],
        patches.cents[order],
        patches.outline[order],
        patches.perimeter_m[order],
        patches.planar_m2[order],
        patches.sliver[order],
    )


def _ground(
    zones: Zones | None, how: Measuring, layer_cents: int, *, outside: bool
) -> tuple[int | None, ...]:
    if zones is None:
        return (layer_cents,)
    areas: tuple[int | None, ...] = tuple(area_cents(zones, how).tolist())
    return (*areas, None) if outside else areas


def area_cents(shapes: Shapes, how: Measuring) -> IntArray:
    """Return the areas of whole shapes on the basis, in 0.01 m2; broken rings count as repaired."""
    geometry = np.array(shapes.geometry, dtype=object)
    broken = ~shapely.is_valid(geometry) & ~shapely.is_missing(geometry)
    geometry[broken] = shapely.make_valid(geometry[broken], method="structure", keep_collapsed=False)
    polygonal = np.isin(
        shapely.get_type_id(geometry), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    )
    geometry[~polygonal] = None
    if how.basis is AreaBasis.PLANAR:
        area = planar_area_m2(transform(geometry, shapes.crs, how.plane), how.plane)
    else:
        area = ellipsoidal_area_m2(geometry, shapes.crs)
    return to_cents(np.nan_to_num(area))
