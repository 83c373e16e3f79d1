"""How a layer's features become a drawable layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from layers.batches import batches
from layers.drawable import DrawableLayer, LayerDescription, fields_drawn
from layers.drawable_parts import along_hilbert
from layers.kind import GeometryType
from layers.progress import NoProgress, Progress, ProgressPart
from layers.ragged import Ragged, ragged_of, shapes_of
from layers.style.ranges import numbers_of
from layers.text_arrays import TextColumn, UidColumn

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_VERTICES_AT_ONCE = 200_000
_THREADS = 2
_FEW = 100


@dataclass(frozen=True, eq=False)
class DrawingRows:
    """What a drawing needs of a layer's features, in any order.

    Attributes
    ----------
    uids : sequence of str
        ``zs_uid`` of each feature.
    shapes : Ragged
        Their shapes in the layer's own coordinate system.
    columns : mapping of str to pandas.Series
        Values of each feature by field, as far as the layer has the fields that its style names.
    shapeless : int
        How many features have no shape in the data; what has one that cannot be read is not among them.
    """

    uids: Sequence[str]
    shapes: Ragged
    columns: Mapping[str, pd.Series[Any]]
    shapeless: int = 0


def _label_points(shapes: NDArray[np.object_], geometry: GeometryType) -> FloatArray:
    import shapely

    try:
        if geometry is GeometryType.LINE:
            merged = shapely.line_merge(shapes)
            points = shapely.line_interpolate_point(merged, 0.5, normalized=True)
        else:
            points = shapely.point_on_surface(shapes)
    except shapely.errors.GEOSException:  # one broken shape must not cost the others their labels
        bounds = shapely.bounds(shapes)
        return (bounds[:, :2] + bounds[:, 2:]) / 2
    xy, rows = shapely.get_coordinates(points, return_index=True)
    found = np.full((len(shapes), 2), np.nan)
    found[rows] = xy  # of a multipoint the last
    return found


def _all_label_points(ragged: Ragged, geometry: GeometryType, progress: Progress) -> FloatArray:
    found = np.full((len(ragged), 2), np.nan)
    for part in batches(len(ragged)):
        progress.step(part.start / max(len(ragged), 1))
        last = min(part.stop, len(ragged))
        found[part] = _label_points(shapes_of(ragged.stretch(part.start, last), geometry), geometry)
    return found


def _class_codes(column: Any, count: int) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    if column is None:
        return (), np.full(count, -1, dtype=np.int32)
    if count <= _FEW and all(isinstance(value, str) for value in column):
        # of a few features the library's preparations take longer than all the rest
        numbers: dict[str, int] = {}
        found = [numbers.setdefault(value, len(numbers)) for value in column]
        return tuple(numbers), np.array(found, dtype=np.int32)
    import pandas as pd

    codes, values = pd.factorize(column.astype("string"))
    return tuple(str(value) for value in values), codes.astype(np.int32)


def _label_texts(column: Any) -> TextColumn:
    import pandas as pd

    return TextColumn.of("" if pd.isna(value) else str(value) for value in column)


def _in_map_crs(coords: FloatArray, source: Any, target: Any, progress: Progress) -> FloatArray:
    """Return coordinates in the map's system; NaN where the map's system cannot show them."""
    if target is None or source is None or source == target:
        return coords
    from layers.crs import transform_known_points

    def moved(start: int) -> FloatArray:
        part = coords[start : start + _VERTICES_AT_ONCE]
        return np.column_stack(transform_known_points(part[:, 0], part[:, 1], source, target))

    starts = range(0, max(len(coords), 1), _VERTICES_AT_ONCE)
    done: list[FloatArray] = []
    with ThreadPoolExecutor(_THREADS) as pool:  # PROJ does not hold Python's lock
        for found in pool.map(moved, starts):
            progress.step(len(done) / len(starts))
            done.append(found)
    return np.concatenate(done)


def _drawn_shapes(
    rows: DrawingRows, info: LayerDescription, map_crs: Any, progress: Progress
) -> tuple[Ragged, FloatArray]:
    """Return shapes in the map's system and their bounds; coordinates that are not finite cost the shape."""
    own = rows.shapes
    coords = _in_map_crs(own.coords, info.crs, map_crs, ProgressPart(progress, 0.0, 0.9))
    shapes = Ragged(coords, own.ring_offsets, own.part_offsets, own.feature_offsets)
    progress.step(0.9)
    bounds = shapes.bounds()
    progress.step(1.0)
    lost = np.isnan(bounds[:, 0]) & (np.diff(shapes.coord_offsets) > 0)
    if lost.any():
        shapes = shapes.taken(np.arange(len(shapes)), without=lost)
    return shapes, bounds


def make_drawable(
    info: LayerDescription, rows: DrawingRows, map_crs: Any, progress: Progress
) -> DrawableLayer:
    """Turn a layer's features into arrays to be drawn.

    Parameters
    ----------
    info : LayerDescription
        The layer: name, geometry type, coordinate system, style.
    rows : DrawingRows
        Its features. Columns the style names and that are missing draw as having no value.
    map_crs : pyproj.CRS or None
        The map's coordinate system; None keeps the layer's own.
    progress : Progress
        Told the share done; may stop the work.
    """
    shapes, bounds = _drawn_shapes(rows, info, map_crs, ProgressPart(progress, 0.0, 0.3))
    order = along_hilbert(bounds)
    progress.step(0.4)
    turned = shapes.turned_rings() if info.geometry is GeometryType.POLYGON else None
    progress.step(0.5)
    shapes = shapes.taken(order, turned, progress=ProgressPart(progress, 0.5, 0.7))
    label = info.style.label
    column = rows.columns.get(info.style.class_field)
    numbers = numbers_of(column)[order] if info.style.numeric and column is not None else None
    class_values, class_codes = _class_codes(None if info.style.numeric else column, len(rows.uids))
    texts = rows.columns.get(label.field) if label else None
    labels = None if texts is None else _label_texts(texts.iloc[order])
    label_points = np.full((len(order), 2), np.nan)
    if labels is not None:
        label_points = _all_label_points(shapes, info.geometry, ProgressPart(progress, 0.7, 0.95))
    layer = DrawableLayer(
        uid=info.uid,
        title=info.name,
        geometry=info.geometry,
        style=info.style,
        opacity=info.opacity,
        coords=shapes.coords,
        ring_offsets=shapes.ring_offsets,
        part_offsets=shapes.part_offsets,
        feature_offsets=shapes.feature_offsets,
        bounds=bounds[order],
        class_values=class_values,
        class_codes=class_codes[order],
        uids=UidColumn.of(rows.uids).reordered(order),
        labels=labels,
        label_points=label_points,
        class_numbers=numbers,
        shapeless=rows.shapeless,
    )
    progress.step(1.0)
    return layer


def build_drawable(info: LayerDescription, frame: gpd.GeoDataFrame, map_crs: Any) -> DrawableLayer:
    """Turn a frame of features into arrays to be drawn; see :func:`make_drawable`.

    Parameters
    ----------
    frame : GeoDataFrame
        The features; the index holds ``zs_uid``.
    """
    import shapely

    given = np.asarray(frame.geometry.values, dtype=object)
    shapes = ragged_of(given, info.geometry)
    shapeless = int((shapely.is_missing(given) | shapely.is_empty(given)).sum())
    columns = {name: frame[name] for name in fields_drawn(info.style) if name in frame.columns}
    rows = DrawingRows([str(uid) for uid in frame.index], shapes, columns, shapeless)
    return make_drawable(info, rows, map_crs, NoProgress())
