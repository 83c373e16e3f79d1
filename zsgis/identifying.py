"""All that lies at a place of the map: features of every layer, top first, and what rasters hold there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layers.crs import metres_per_unit, transform_points
from layers.errors import CrsError, InputError
from layers.kind import GeometryType
from layers.kinds import kind
from layers.progress import NoProgress, Progress
from layers.words import _
from zsgis.inspection import EMPTY_VALUE, Hit
from zsgis.shown_features import shown_features

if TYPE_CHECKING:
    import pyproj

    from layers.pictures.model import Picture
    from layers.store import LayerInfo, Project

_MOST_NAMED = 12


@dataclass(frozen=True)
class MapPlace:
    """A place of the map, and how far around it counts.

    Attributes
    ----------
    x, y, reach : float
        East, north and reach in ``crs``.
    denominator : float or None
        The scale of the map: what a style does not show at 1:``denominator`` is not there. None leaves
        nothing out.
    """

    x: float
    y: float
    reach: float
    crs: pyproj.CRS
    denominator: float | None = None


@dataclass(frozen=True)
class PictureValues:
    """What a raster holds at a place: title and text of each band."""

    uid: str
    name: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PlaceFound:
    """What lies at a place.

    Attributes
    ----------
    hits : tuple of Hit
        Features, the most wanted first.
    pictures : tuple of PictureValues
        Rasters, top first.
    """

    hits: tuple[Hit, ...] = ()
    pictures: tuple[PictureValues, ...] = ()


@dataclass(frozen=True)
class LayerHits:
    """The features of one layer at a place.

    Attributes
    ----------
    count : int
        How many there are; ``features`` names the first of them.
    features : tuple of (zs_uid, text)
    """

    layer_uid: str
    layer_name: str
    count: int
    features: tuple[tuple[str, str], ...]


def features_at(
    project: Project,
    layers: Sequence[LayerInfo],
    place: MapPlace,
    *,
    preferred: str = "",
    progress: Progress | None = None,
) -> tuple[Hit, ...]:
    """Return what stands at a place, the most wanted first; from full geometry, whatever the map draws.

    Parameters
    ----------
    layers : sequence of LayerInfo
        The layers to look in. One that cannot be brought onto the map has nothing there.
    preferred : str
        The layer whose features come first. After it points and lines, then the smallest polygon: a parcel
        is wanted before the platform it lies in.

    Raises
    ------
    JobCancelled
        When the user stopped.
    """
    progress = progress or NoProgress()
    ranked: list[tuple[tuple[bool, int, float], Hit]] = []
    for number, layer in enumerate(layers):
        progress.step(number / len(layers))
        for hit in _in_layer(project, layer, place):
            is_polygon = layer.geometry is GeometryType.POLYGON
            ranked.append(((layer.uid != preferred, int(is_polygon), hit.area_m2), hit))
    return tuple(hit for _rank, hit in sorted(ranked, key=lambda entry: entry[0]))


def pictures_at(pictures: Sequence[Picture], place: MapPlace) -> tuple[PictureValues, ...]:
    """Return what rasters hold at a place; services, and files that cannot be read, say nothing.

    Parameters
    ----------
    pictures : sequence of Picture
        With absolute paths, top first.
    """
    from layers.pictures.identify import values_at
    from layers.pictures.raster_model import RasterPicture

    found = []
    for picture in pictures:
        if not isinstance(picture, RasterPicture):
            continue
        try:
            bands = values_at(picture, place.x, place.y, place.crs)
        except InputError:
            continue
        if bands:
            rows = tuple((name, _value_text(value, unit)) for name, value, unit in bands)
            found.append(PictureValues(picture.uid, picture.name, rows))
    return tuple(found)


def by_layer(project: Project, layers: Sequence[LayerInfo], hits: Sequence[Hit]) -> tuple[LayerHits, ...]:
    """Return hits by their layer, in the order of ``layers``, with the features' names."""
    groups = []
    for layer in layers:
        here = [hit for hit in hits if hit.layer_uid == layer.uid]
        if here:
            named = tuple((hit.zs_uid, _name(project, layer, hit.zs_uid)) for hit in here[:_MOST_NAMED])
            groups.append(LayerHits(layer.uid, layer.name, len(here), named))
    return tuple(groups)


def _in_layer(project: Project, layer: LayerInfo, place: MapPlace) -> list[Hit]:
    import shapely

    try:
        x, y = transform_points([place.x], [place.y], place.crs, layer.crs)
    except CrsError:
        return []
    reach = place.reach * metres_per_unit(place.crs) / metres_per_unit(layer.crs)
    is_polygon = layer.geometry is GeometryType.POLYGON
    # what the place lies in counts; only where it lies in nothing, what is near
    found = _shown_at(project, layer, place, (float(x[0]), float(y[0])), 0.0) if is_polygon else []
    if not found:
        near = _shown_at(project, layer, place, (float(x[0]), float(y[0])), reach)
        found = near[: 1 if is_polygon else None]
    if not found:
        return []
    areas = [0.0] * len(found)
    if is_polygon and layer.crs.is_projected:
        # only to rank them: what cannot be measured comes last
        shapes = [project.feature(layer.uid, uid)["geometry"] for uid in found]
        own = shapely.area(np.array(shapes, dtype=object)) * metres_per_unit(layer.crs) ** 2
        areas = np.nan_to_num(own, nan=np.inf).tolist()
    return [Hit(layer.uid, zs_uid, area) for zs_uid, area in zip(found, areas, strict=True)]


def _shown_at(
    project: Project, layer: LayerInfo, place: MapPlace, xy: tuple[float, float], reach: float
) -> list[str]:
    return shown_features(project, layer, project.identify(layer.uid, *xy, reach), place.denominator)


def _name(project: Project, layer: LayerInfo, zs_uid: str) -> str:
    name = project.feature(layer.uid, zs_uid).get(kind(layer.kind).name_field)
    return str(name) if name else _("(no name)")


def _value_text(value: float | None, unit: str) -> str:
    return EMPTY_VALUE if value is None else f"{value:,.6g} {unit}".rstrip()
