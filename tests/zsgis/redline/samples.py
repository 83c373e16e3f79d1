"""Small projects and red lines whose figures can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import pyproj
from shapely.geometry.base import BaseGeometry

from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import at
from zsgis.redline import Boundary, RedlineReport, Section, boundaries_of_shapes
from zsgis.result import Finding

PLANE = pyproj.CRS(4547)
HUNDRED = at(0, 0, 100, 100)


def boundary(shape: BaseGeometry = HUNDRED, name: str = "试验红线", crs: int = 4547) -> Boundary:
    """Return a drawn red line; 100 m by 100 m where no shape is given."""
    return boundaries_of_shapes([(name, shape)], pyproj.CRS(crs)).boundaries[0]


def project(path: Path, layers: Mapping[str, Mapping[str, Sequence[Any]]], **common: Any) -> Project:
    """Make a project with a layer of each kind named; areas of every kind count in the plane."""
    made = Project.create(path, 4547)
    for key, columns in layers.items():
        add(made, key, columns, **common)
    made.set_setting("area_basis", dict.fromkeys(layers, "planar"))
    return made


def add(made: Project, kind: str, columns: Mapping[str, Sequence[Any]], name: str = "", **layer: Any) -> None:
    """Add a layer; a key of columns named geometry holds the shapes in 4547, or in ``crs``."""
    crs = layer.pop("crs", 4547)
    frame = geopandas.GeoDataFrame(dict(columns), geometry="geometry", crs=4547).to_crs(crs)
    standard = layer.pop("standard", "yd2023" if kind in ("land_use", "territorial_plan") else "")
    new = NewLayer(name=name or kind, kind=kind, crs=pyproj.CRS(crs), standard=standard, **layer)
    made.add_layer(new, frame)


def three_parcels() -> dict[str, list[Any]]:
    """Return a field of the collective, a factory on state land and a pond nobody's code tells the owner of.

    Of the red line of 100 m by 100 m they hold 40 x 100, 30 x 100 and 20 x 100 m; 10 x 100 m lies in none.
    """
    return {
        "name": ["田", "厂", "塘"],
        "class_code": ["0101", "100101", "1704"],
        "ownership_code": ["30", "20", None],
        "geometry": [at(-10, -10, 40, 110), at(40, 0, 70, 100), at(70, -50, 90, 150)],
    }


def figures(section: Section) -> list[tuple[str, str, float, float, float]]:
    """Return label, ownership, m2, ha and per cent of each line."""
    return [
        (line.key.label, line.ownership.value if line.ownership else "", line.m2, line.ha, line.percent)
        for line in section.lines
    ]


def codes(report: RedlineReport) -> list[str]:
    """Return the codes of a report's findings, in order."""
    return [finding.code for finding in report.findings]


def finding(report: RedlineReport, code: str) -> Finding:
    """Return the first finding with this code."""
    return next(each for each in report.findings if each.code == code)
