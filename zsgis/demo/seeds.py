"""The starter data that the demonstration grows from: towns, corridors, hills, sizes of parts."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.crs import parse_crs, transform_points
from layers.locations import resource_path
from zsgis.plan import starter

DEMO_CRS = "EPSG:4547"
STARTER_CRS = "EPSG:4326"


@dataclass(frozen=True)
class Towns:
    """The towns and the points they grow from.

    Attributes
    ----------
    codes, names, former_names : tuple of str
        Statistical code, name and names of merged towns, per town.
    population : ndarray, shape (towns,)
        People; steers how far a town's core reaches.
    area_target_m2 : ndarray, shape (towns,)
        Approximate area; steers how many tiles a town gets.
    points : ndarray, shape (points, 2)
        East and north in EPSG:4547, metres; a merged town has more than one.
    point_town : ndarray, shape (points,)
        Index of each point's town.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    former_names: tuple[str, ...]
    population: NDArray[np.float64]
    area_target_m2: NDArray[np.float64]
    points: NDArray[np.float64]
    point_town: NDArray[np.int64]


@dataclass(frozen=True)
class Corridor:
    """The course of a river, road or railway: a made-up line with a width."""

    name: str
    class_code: str
    width_m: float
    course: NDArray[np.float64]


@dataclass(frozen=True)
class Hill:
    """A made-up hill: an ellipse in EPSG:4547, metres."""

    east: float
    north: float
    reach_east: float
    reach_north: float


@dataclass(frozen=True)
class Part:
    """How many tiles a platform takes of a town, those nearest to a point (EPSG:4547, metres)."""

    platform: str
    town: str
    tiles: int
    toward: tuple[float, float]


def _rows(name: str) -> list[dict[str, str]]:
    with resource_path("starter", name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def to_demo_crs(lon: list[float], lat: list[float]) -> NDArray[np.float64]:
    """Bring WGS 84 degrees to EPSG:4547; shape (n, 2), metres."""
    east, north = transform_points(np.array(lon), np.array(lat), parse_crs(STARTER_CRS), parse_crs(DEMO_CRS))
    return np.column_stack([east, north])


def read_towns() -> Towns:
    """Read the towns and bring their points to EPSG:4547."""
    towns = starter.towns()
    area_km2 = {row["town"]: float(row["area_target_km2"]) for row in _rows("demo_towns.csv")}
    spots = [(index, town.lon, town.lat) for index, town in enumerate(towns)]
    spots += [(index, old.lon, old.lat) for index, town in enumerate(towns) for old in town.former]
    return Towns(
        codes=tuple(town.code for town in towns),
        names=tuple(town.name for town in towns),
        former_names=tuple("、".join(former.name for former in town.former) for town in towns),
        population=np.array([float(town.population[0].value) for town in towns]),
        area_target_m2=np.array([area_km2[town.name] * 1e6 for town in towns]),
        points=to_demo_crs([lon for _town, lon, _lat in spots], [lat for _town, _lon, lat in spots]),
        point_town=np.array([index for index, _lon, _lat in spots], dtype=np.int64),
    )


def read_corridors() -> tuple[Corridor, ...]:
    """Read the courses of rivers, main roads and the railway, in the order they stand in the file."""
    courses: dict[str, list[dict[str, str]]] = {}
    for row in _rows("demo_corridors.csv"):
        courses.setdefault(row["name"], []).append(row)
    return tuple(
        Corridor(
            name=name,
            class_code=rows[0]["class_code"],
            width_m=float(rows[0]["width_m"]),
            course=np.array([(float(row["x_km"]), float(row["y_km"])) for row in rows]) * 1000.0,
        )
        for name, rows in courses.items()
    )


def read_hills() -> tuple[Hill, ...]:
    """Read the hills."""
    names = ("x_km", "y_km", "reach_east_km", "reach_north_km")
    return tuple(Hill(*(float(row[name]) * 1000.0 for name in names)) for row in _rows("demo_hills.csv"))


def read_parts() -> tuple[Part, ...]:
    """Read how much platforms take of towns that belong to them in part."""
    return tuple(
        Part(
            platform=row["platform"],
            town=row["town"],
            tiles=int(row["tiles"]),
            toward=(float(row["toward_x_km"]) * 1000.0, float(row["toward_y_km"]) * 1000.0),
        )
        for row in _rows("demo_parts.csv")
    )
