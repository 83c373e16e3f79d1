"""GeoJSON, written feature by feature: GDAL's own writer takes five times as long and cannot be stopped."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from layers.errors import InputError
from layers.progress import Progress
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_PER_STEP = 2_000
# of a degree: a hundredth of a millimetre
_DIGITS = 10


def write_geojson(
    frame: GeoDataFrame, path: Path, *, head: Mapping[str, str], standard: bool, progress: Progress
) -> None:
    """Write a frame as a feature collection in UTF-8, one feature a line.

    Parameters
    ----------
    head : mapping
        What the collection says of itself: its name, and its secrecy as ``description``.
    standard : bool
        As RFC 7946: degrees of WGS 84 with ten digits, outlines counter-clockwise, no system named. Else
        coordinates bit for bit and the system in a ``crs`` member (GeoJSON 2008).

    Raises
    ------
    InputError
        When shapes have measures, or the system has no number that could be named.
    JobCancelled
        When the user stopped.
    """
    shapes = np.asarray(frame.geometry.array, dtype=object)
    if shapely.has_m(shapes).any():
        raise InputError(
            _("The shapes have heights or measures (Z, M) that this format cannot hold as they are."),
            where=str(path),
            remedy=_("Export as .gpkg, which holds everything."),
        )
    members: dict[str, Any] = {"type": "FeatureCollection", **head}
    if not standard and frame.crs is not None:
        members["crs"] = {"type": "name", "properties": {"name": _crs_name(frame.crs, path)}}
    attributes = frame.drop(columns=[frame.geometry.name])
    columns = [_plain_values(attributes[column]) for column in attributes.columns]
    names = [str(column) for column in attributes.columns]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(members, ensure_ascii=False)[:-1] + ', "features": [\n')
        for start in range(0, len(shapes), _PER_STEP):
            progress.step(start / len(shapes), _("Writing features"))
            bodies = shapely.to_geojson(_ready(shapes[start : start + _PER_STEP], standard))
            for row, body in enumerate(bodies, start):
                values = {key: column[row] for key, column in zip(names, columns, strict=True)}
                properties = json.dumps(values, ensure_ascii=False, allow_nan=False)
                end = "" if row == len(shapes) - 1 else ","
                file.write(
                    f'{{"type": "Feature", "properties": {properties}, "geometry": {body or "null"}}}{end}\n'
                )
        file.write("]}\n")


def _ready(shapes: Any, standard: bool) -> Any:
    ready = shapes.copy()
    # a point without coordinates is no GeoJSON; a shape that lies nowhere is null (RFC 7946, 3.2)
    ready[shapely.is_empty(shapes) & (shapely.get_type_id(shapes) == 0)] = None
    if not standard:
        return ready
    heights = shapely.has_z(ready)
    for chosen, include_z in ((~heights, False), (heights, True)):
        if chosen.any():
            ready[chosen] = shapely.transform(
                ready[chosen], lambda points: np.round(points, _DIGITS), include_z=include_z
            )
    return shapely.orient_polygons(ready)


def _plain_values(series: Any) -> list[Any]:
    """Return a column's values as JSON has them: days as ISO text, None for what is missing or no number."""
    return [_plain(value) for value in series.astype(object)]


def _plain(value: Any) -> Any:
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bool | int | str):
        return value
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value)


def _crs_name(crs: Any, path: Path) -> str:
    authority = pyproj.CRS.from_user_input(crs).to_authority(min_confidence=100)
    if authority is None:
        raise InputError(
            _("GeoJSON can only name coordinate systems that have a number (EPSG); this one has none."),
            where=str(path),
            remedy=_("Write it in WGS 84, or export as .gpkg, which holds everything."),
        )
    return f"urn:ogc:def:crs:{authority[0]}::{authority[1]}"
