"""What a project says of where new data should lie: the extent of its layers, and shapes that lie right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from layers.coordinates.places import ZHONGSHAN, Region
from layers.crs import parse_crs, transform
from layers.errors import CrsError
from layers.guard.fingerprint import Reference
from layers.importing.intake import Surroundings

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_DEGREES = 4490
# of one layer only a sample tells as much as all of it
_MOST_FEATURES = 20_000
_LARGEST_LAYER = 200_000


def surroundings_of(project: Project) -> Surroundings:
    """Return where new data is expected: in the city, or where the project's own layers lie if none is there.

    Demonstration layers count for nothing: their shapes are schematic.
    """
    layers = [layer for layer in project.layers() if not layer.demo and layer.bounds is not None]
    regions = [region for layer in layers if (region := _region(layer)) is not None]
    return Surroundings(_expected(regions), lambda: _reference(project, layers))


def _expected(regions: list[Region]) -> Region:
    if not regions or any(_meet(region, ZHONGSHAN) for region in regions):
        return ZHONGSHAN
    corners = np.array(regions)
    west, south = corners[:, :2].min(axis=0).tolist()
    east, north = corners[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def _meet(first: Region, second: Region) -> bool:
    return bool(shapely.box(*first).intersects(shapely.box(*second)))


def _region(layer: LayerInfo) -> Region | None:
    west, south, east, north = layer.bounds or (0.0, 0.0, 0.0, 0.0)
    try:
        box = transform(
            np.array([shapely.box(west, south, east, north)], dtype=object), layer.crs, parse_crs(_DEGREES)
        )
    except CrsError:
        return None
    found = shapely.bounds(box[0])
    return (float(found[0]), float(found[1]), float(found[2]), float(found[3]))


def _reference(project: Project, layers: list[LayerInfo]) -> Reference | None:
    """Return a sample of the largest layer that can be read at once and is on a current datum."""
    fitting = [layer for layer in layers if 0 < layer.feature_count <= _LARGEST_LAYER]
    if not fitting:
        return None
    layer = max(fitting, key=lambda layer: layer.feature_count)
    shapes = np.asarray(project.read(layer.uid, columns=()).geometry.array, dtype=object)
    return Reference(shapes[:: max(len(shapes) // _MOST_FEATURES, 1)], layer.crs, layer.name)
