"""Charts and maps of a result, declared: what they show, in which units and colours; drawing is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray


@dataclass(frozen=True)
class Series:
    """One series of a bar chart: a value per category; NaN leaves a gap.

    Attributes
    ----------
    color : str
        ``#rrggbb``; empty lets the painter choose.
    """

    label: str
    values: tuple[float, ...]
    color: str = ""


@dataclass(frozen=True)
class BarChart:
    """Bars by category.

    Attributes
    ----------
    unit : str
        Of the values, as printed.
    colors : tuple of str
        ``#rrggbb`` of each category, for a single series; empty lets the painter choose.
    stacked : bool
        Series on top of each other; otherwise beside each other.
    """

    key: str
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    digits: int = 2
    colors: tuple[str, ...] = ()
    stacked: bool = False
    category_title: str = ""


@dataclass(frozen=True)
class MatrixChart:
    """A table of figures shaded by size, such as the transitions between classes.

    Attributes
    ----------
    values : tuple of tuple of float
        A row of values per entry of ``rows``; NaN where there is none.
    """

    key: str
    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    unit: str = ""
    digits: int = 2
    row_title: str = ""
    column_title: str = ""


@dataclass(frozen=True)
class Histogram:
    """How often values fall between edges.

    Attributes
    ----------
    edges : tuple of float, length n + 1
    counts : tuple of float, length n
        Numbers or areas, in ``count_unit``.
    marks : mapping of str to float
        Values marked with a line, by what they are called.
    """

    key: str
    title: str
    edges: tuple[float, ...]
    counts: tuple[float, ...]
    unit: str = ""
    count_unit: str = ""
    marks: Mapping[str, float] = field(default_factory=dict)


Chart = BarChart | MatrixChart | Histogram


class AreaLook(StrEnum):
    """How the areas of a class are drawn."""

    FILLED = "filled"
    HATCHED = "hatched"
    OUTLINED = "outlined"


@dataclass(frozen=True)
class MapClass:
    """One class of a result map: the values that belong to it, its name and colour.

    What is not filled lies over other areas and lets them be seen.
    """

    value: str
    title: str
    color: str
    look: AreaLook = AreaLook.FILLED


@dataclass(frozen=True)
class ResultMap:
    """Areas of a result, coloured by class, with their values.

    Attributes
    ----------
    crs : pyproj.CRS
    geometry : ndarray of object, shape (n,)
        Polygons or multipolygons in ``crs``.
    columns : mapping of str to sequence, length n
        Values by the column's title, text or numbers.
    color_by : str
        The column whose value, as text, finds the class.
    classes : tuple of MapClass
        In the order of the legend. A value without a class is drawn grey.
    sources : tuple of tuple of str, length n
        The ``zs_uid`` of the features behind each area, of layer ``layer_uid``; empty where none are named.
    outline : Polygon, MultiPolygon or None
        Drawn as a line of ``outline_color`` over the areas; in ``crs``, with its name in the legend.
    """

    key: str
    title: str
    crs: pyproj.CRS
    geometry: NDArray[np.object_]
    columns: Mapping[str, tuple[Any, ...]]
    color_by: str
    classes: tuple[MapClass, ...]
    layer_uid: str = ""
    sources: tuple[tuple[str, ...], ...] = ()
    outline: Any = None
    outline_title: str = ""
    outline_color: str = "#D6331F"


@dataclass(frozen=True)
class ResultGrid:
    """Values of a result on a grid of cells.

    Attributes
    ----------
    crs : pyproj.CRS
    transform : tuple of 6 floats
        x = t0 * column + t1 * row + t2, y = t3 * column + t4 * row + t5, in ``crs``; columns and rows count
        from the outer corner of the first cell. North up.
    cells : ndarray of float32, shape (rows, columns)
        NaN where there is no value.
    classes : tuple of MapClass
        In the order of the legend; ``value`` is the lower end of a class as a number, the last one's upper
        end is open. A class holds its lower end.
    limits : tuple of (low, high) or None
        Values at the ends of the colour ramp ``ramp`` when the grid is put on the map; None: what it holds.
    layer_uid : str
        The layer that the values are of: the grid lies on it.
    """

    key: str
    title: str
    crs: pyproj.CRS
    transform: tuple[float, float, float, float, float, float]
    cells: NDArray[np.float32]
    classes: tuple[MapClass, ...]
    unit: str = ""
    ramp: str = "viridis"
    limits: tuple[float, float] | None = None
    layer_uid: str = ""


Picture = Chart | ResultMap | ResultGrid
