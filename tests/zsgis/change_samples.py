"""Two dates of land for the tests of change, and their matrix worked out the slow way."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas
import pyproj
import shapely
from stock_samples import at

from layers.store import NewLayer, Project
from zsgis.result import Result
from zsgis.run import run_capability

Land = list[tuple[Any, Any]]
"""Class and shape of every parcel."""


def two_dates(
    path: Path,
    earlier: Land,
    later: Land,
    *,
    standards: tuple[str, str] = ("yd2023", "yd2023"),
    zones: dict[str, list[Any]] | None = None,
    crs: int = 4547,
) -> Project:
    """Make a project with the layers 前期 and 后期; parcels are named a0, a1 … and b0, b1 …"""
    project = Project.create(path, 4547)
    for name, land, letter, standard in zip(("前期", "后期"), (earlier, later), "ab", standards, strict=True):
        frame = geopandas.GeoDataFrame(
            {
                "name": [f"{letter}{number}" for number in range(len(land))],
                "class_code": [code for code, __ in land],
                "geometry": [shape for __, shape in land],
            },
            geometry="geometry",
            crs=4547,
        ).to_crs(crs)
        project.add_layer(NewLayer(name=name, kind="land_use", crs=pyproj.CRS(crs), standard=standard), frame)
    if zones is not None:
        areas = geopandas.GeoDataFrame(zones, geometry="geometry", crs=4547)
        project.add_layer(NewLayer(name="范围", kind="zones", crs=pyproj.CRS(4547)), areas)
    return project


def change(project: Project, **parameters: Any) -> Result:
    """Run on planar areas in m2; closes the project."""
    with project:
        asked = {"basis": "planar", "unit": "m2", **parameters}
        return run_capability(project, "change", asked)


def rows(result: Result, table: str, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values.get(key) for key in keys) for row in result.table(table).rows]


def cells(result: Result) -> dict[tuple[str, str], float]:
    """Return the printed matrix without its totals and zeros."""
    table = result.table("matrix")
    columns = [column for column in table.columns if column.key.startswith("to_")]
    return {
        (row.values["before"], column.title): row.values[column.key]
        for row in table.rows[:-1]
        for column in columns
        if row.values[column.key]
    }


def assert_balances(result: Result) -> None:
    """Check the printed matrix as an auditor would: every row and column against its total."""
    table = result.table("matrix")
    columns = [column for column in table.columns if column.key.startswith("to_")]
    digits = table.columns[-1].digits

    def printed(value: float) -> Decimal:
        return Decimal(f"{value:.{digits}f}")

    for row in table.rows:
        assert sum(printed(row.values[c.key]) for c in columns) == printed(row.values["total"])
    for column in (*columns, table.columns[-1]):
        figures = [printed(row.values[column.key]) for row in table.rows]
        assert sum(figures[:-1]) == figures[-1]


def fates(result: Result, side: str = "earlier") -> dict[str, int]:
    """Return how many parcels have which fate."""
    return {
        row.values["fate"]: row.values[f"{side}_count"]
        for row in result.table("fates").rows[:-1]
        if row.values[f"{side}_count"]
    }


def slow_cells(earlier: Land, later: Land) -> dict[tuple[str, str], float]:
    """Return the shared area of every pair of classes: every pair of parcels cut, one after the other."""
    out: dict[tuple[str, str], float] = {}
    for before, one in earlier:
        for after, other in later:
            area = one.intersection(other).area
            if area > 0:
                out[before, after] = out.get((before, after), 0.0) + area
    return out


def moved(shape: Any, by: Any) -> Any:
    """Return a shape with every vertex moved by what ``by`` adds."""
    return shapely.transform(shape, by)


__all__ = [
    "Land",
    "assert_balances",
    "at",
    "cells",
    "change",
    "fates",
    "moved",
    "rows",
    "slow_cells",
    "two_dates",
]
