"""Buildings: footprints on the plots of the city, one feature for what stands on a plot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from zsgis.demo.blocks import divide
from zsgis.demo.chance import stream
from zsgis.demo.city import City
from zsgis.demo.frames import DemoLayer, demo_frame, numbered
from zsgis.demo.land import is_parcel
from zsgis.demo.shapes import polygons
from zsgis.demo.zones import Use

_LARGE_M2 = 15_000.0
_UNKNOWN_FLOOR, _UNKNOWN_STOREYS, _UNKNOWN_YEAR = 0.05, 0.3, 0.04


@dataclass(frozen=True)
class _Sort:
    """What is built on plots whose class begins in a certain way: covered share, storeys, words."""

    use: str
    structure: str
    share: tuple[float, float]
    storeys: tuple[int, int]
    height_m: float


_SORTS = {
    "07": _Sort("住宅", "钢筋混凝土", (0.1, 0.2), (3, 18), 3.0),
    "08": _Sort("公共建筑", "钢筋混凝土", (0.15, 0.3), (2, 8), 3.9),
    "09": _Sort("商业", "钢筋混凝土", (0.2, 0.36), (2, 10), 4.2),
    "11": _Sort("仓储", "钢结构", (0.35, 0.55), (1, 2), 8.0),
    "1001": _Sort("工业厂房", "钢结构", (0.3, 0.6), (1, 5), 6.0),
}
_URBAN = (Use.CORE, Use.MIDDLE, Use.EDGE, Use.INDUSTRY, Use.RESEARCH)


def buildings_layer(city: City, parcel_floor_m2: NDArray[np.float64]) -> DemoLayer:
    """Return footprints on plots with four corners.

    Parameters
    ----------
    parcel_floor_m2 : ndarray of float64
        Floor area of each industrial or research parcel, in the order of the faces; NaN where unknown.
        Storeys follow from it, so that the two layers agree.
    """
    rng = stream(city.seed, "buildings")
    face, corners = _plots(city)
    keys = [_sort_key(code) for code in city.class_code[face]]
    sorts = [_SORTS[key] for key in keys]
    low, high = np.array([sort.share for sort in sorts]).T
    ground = city.area_m2[face] * (low + (high - low) * rng.random(face.size))
    least, most = np.array([sort.storeys for sort in sorts]).T
    storeys = rng.integers(least, most + 1)
    floor = np.round(ground * storeys, 2)
    told = _parcel_floor(city, parcel_floor_m2)[face]
    on_parcel = np.isfinite(told)
    storeys[on_parcel] = np.maximum(1, np.ceil(told[on_parcel] / ground[on_parcel])).astype(np.int64)
    floor[on_parcel] = told[on_parcel]
    silent = rng.random(face.size) < _UNKNOWN_FLOOR
    uncounted = silent & (rng.random(face.size) < _UNKNOWN_STOREYS)
    year = np.clip(np.round(rng.normal(2004.0, 8.0, face.size)), 1980, 2021)
    year[rng.random(face.size) < _UNKNOWN_YEAR] = np.nan
    columns = {
        "name": numbered("演示建筑", face.size, 5),
        "building_code": numbered("演示幢", face.size, 5),
        "use_name": [sort.use for sort in sorts],
        "structure": [sort.structure for sort in sorts],
        "storeys": np.where(uncounted, np.nan, storeys),
        "height_m": np.round(storeys * [sort.height_m for sort in sorts], 1),
        "floor_area_m2": np.where(silent, np.nan, floor),
        "built_year": year,
        "town": city.town_names[city.face_town[face]],
    }
    geometry = _footprints(corners, city.area_m2[face], ground)
    frame = demo_frame(city.seed, "buildings", geometry, columns)
    return DemoLayer("建筑物", "buildings", frame, visible=False)


def _sort_key(code: str) -> str:
    return next((key for key in _SORTS if code.startswith(key)), "")


def _plots(city: City) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the built plots that have four corners, and those corners, shape (n, 4, 2)."""
    built = (city.faces.block >= 0) & np.isin(city.face_use, _URBAN)
    codes, number = np.unique(city.class_code.astype(str), return_inverse=True)
    built &= np.array([bool(_sort_key(code)) for code in codes.tolist()])[number]
    face = np.flatnonzero(built)
    # nodes of neighbours on a straight side are no corners
    plain = shapely.simplify(city.faces.geometry[face], 0.2)
    four = (shapely.get_type_id(plain) == shapely.GeometryType.POLYGON) & (
        shapely.get_num_coordinates(plain) == 5
    )
    convex = shapely.area(plain) > 0.999 * shapely.area(shapely.convex_hull(plain))
    kept = four & convex
    corners = shapely.get_coordinates(plain[kept]).reshape(-1, 5, 2)[:, :4]
    return face[kept], corners


def _parcel_floor(city: City, parcel_floor_m2: NDArray[np.float64]) -> NDArray[np.float64]:
    floor = np.full(city.area_m2.size, np.nan)
    floor[np.flatnonzero(is_parcel(city.class_code))] = parcel_floor_m2
    return floor


def _footprints(
    corners: NDArray[np.float64], plot_m2: NDArray[np.float64], ground_m2: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Return one building for each small plot and two rows of three for a large one."""
    out = np.empty(len(corners), dtype=object)
    for chosen, along, across in ((plot_m2 < _LARGE_M2, 1, 1), (plot_m2 >= _LARGE_M2, 3, 2)):
        parts = divide(corners[chosen], along, across)
        share = np.repeat(np.sqrt(ground_m2[chosen] / plot_m2[chosen]), along * across)[:, None, None]
        middle = parts.mean(axis=1, keepdims=True)
        shapes = polygons(np.round(middle + share * (parts - middle), 3))
        if along * across > 1:
            owner = np.repeat(np.arange(int(chosen.sum())), along * across)
            shapes = np.asarray(shapely.multipolygons(shapes, indices=owner), dtype=object)
        out[chosen] = shapes
    return out
