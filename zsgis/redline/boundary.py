"""A red line as data: its shape, where it came from, its points as they are printed."""

from __future__ import annotations

from dataclasses import dataclass

import pyproj
from shapely.geometry.base import BaseGeometry

from layers.errors import InputError
from layers.findings import Finding


@dataclass(frozen=True)
class BoundarySource:
    """Where a red line came from.

    Attributes
    ----------
    file : str
        The file's name without its folder; empty for one that was drawn or selected.
    layer : str
        Layer of the file, or of the project.
    place : int
        Which feature of it, from 1.
    taken_as : str
        What the coordinates were taken as (``layers.guard.taken_as``); empty where there was no question.
    sha256 : str
        Of the file; of the shape where there is no file.
    secrecy : str
        Secrecy that the file or the layer bears (密级); empty where it states none.
    """

    file: str
    layer: str = ""
    place: int = 1
    taken_as: str = ""
    sha256: str = ""
    secrecy: str = ""


@dataclass(frozen=True, eq=False)
class Boundary:
    """One red line.

    Attributes
    ----------
    geometry : Polygon or MultiPolygon
        Valid, without heights, x east and y north, in ``crs``, which may be geographic.
    recorded_m2 : float or None
        The area its file states.
    findings : tuple of Finding
        What had to be told when it was read.
    """

    name: str
    geometry: BaseGeometry
    crs: pyproj.CRS
    source: BoundarySource
    recorded_m2: float | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Boundaries:
    """The red lines of a file, each feature one; what could not be one, with its error, by its name."""

    boundaries: tuple[Boundary, ...]
    refused: tuple[tuple[str, InputError], ...] = ()


@dataclass(frozen=True)
class RedlinePoint:
    """A row of 界址点坐标成果表.

    Attributes
    ----------
    label : str
        J1 …; a ring's last row bears its first point's name again.
    x_north, y_east : float
        As printed, in the digits set.
    side_m : float or None
        To the next point, from the printed coordinates; None at the row that closes the ring.
    """

    label: str
    x_north: float
    y_east: float
    side_m: float | None


@dataclass(frozen=True)
class RedlineRing:
    """A ring of the red line: outer ones clockwise, holes against it, closed by its first point."""

    number: int
    hole: bool
    points: tuple[RedlinePoint, ...]
    length_m: float
