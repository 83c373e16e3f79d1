"""The score of suitability as a raster, cell by cell."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from shapely import Point

from layers.errors import InputError
from tests.zsgis.stock_samples import EAST, NORTH, at
from tests.zsgis.suitability_samples import (
    NAN,
    NEAR,
    VALUE,
    project_of,
    raster,
    run_on,
    scored,
    three_parcels,
)
from zsgis.result_grids import write_grid_file


def surface_sample(folder: Path) -> tuple[dict[str, dict[str, list[Any]]], Path]:
    """Return overlapping plots of all kinds and a raster: every criterion differs from cell to cell."""
    layers = three_parcels()
    layers["industrial_parcels"]["geometry"][1] = shapely.Polygon(
        [
            (EAST + 290, NORTH + 3),
            (EAST + 410, NORTH + 31),
            (EAST + 395, NORTH + 122),
            (EAST + 301, NORTH + 97),
        ]
    )
    layers |= {
        "carriers": {
            "name": ["a", "b", "c"],
            "geometry": [
                Point(EAST - 50, NORTH + 40),
                Point(EAST + 330, NORTH + 60),
                Point(EAST + 351, NORTH + 44),
            ],
        },
        "platforms": {"name": ["东"], "geometry": [at(343, -10, 664, 110)]},
        "territorial_plan": {
            "name": ["旧", "新"],
            "class_code": ["0802", "100102"],
            "geometry": [at(0, 0, 55, 100), at(33, 0, 400, 66)],
        },
        "control_lines": {"line_type": ["永久基本农田"], "geometry": [at(620, 0, 700, 37)]},
    }
    depth = np.random.default_rng(5).uniform(0, 2, (40, 80))
    depth[22, :] = NAN
    return layers, raster(folder / "depth.tif", depth)


def by_hand(layers: dict[str, dict[str, list[Any]]], depth: Path, x: float, y: float) -> float:
    """Return the score at a place, one criterion after another, with GEOS alone."""
    spot = Point(x, y)

    def on(kind: str) -> list[int]:
        return [place for place, shape in enumerate(layers[kind]["geometry"]) if shape.covers(spot)]

    if not on("industrial_parcels") or on("control_lines"):
        return NAN
    carriers = layers["carriers"]["geometry"]
    near = max(0.0, 100.0 - min(spot.distance(other) for other in carriers) / 5.0)
    count = sum(spot.distance(other) <= 120.0 for other in carriers)
    cluster = min(count / (math.pi * 0.12**2) / 30.0 * 100.0, 100.0)
    inside = 100.0 if on("platforms") else 0.0
    plan = on("territorial_plan")
    use = {0: 100.0, 1: 50.0}[plan[0]] if plan else 10.0
    with rasterio.open(depth) as source:
        (value,) = next(source.sample([(x, y)]))
    flood = NAN if value == -9999.0 else 100.0 - 50.0 * float(value)
    return (2 * near + cluster + inside + use + flood) / 6


def test_every_cell_has_the_score_at_its_centre_or_none(tmp_path: Path) -> None:
    layers, depth = surface_sample(tmp_path)
    result = scored(tmp_path, layers, NEAR + VALUE, rasters=f"flood={depth}", cell_m=7.0)
    (grid,) = result.grids
    side, _b, west, _d, down, north = grid.transform
    assert (side, down) == (7.0, -7.0)
    assert (west % 7.0, north % 7.0) == (0.0, 0.0)
    rows, columns = grid.cells.shape
    expected = np.array(
        [
            [by_hand(layers, depth, west + (c + 0.5) * 7.0, north - (r + 0.5) * 7.0) for c in range(columns)]
            for r in range(rows)
        ]
    )
    assert 300 < np.isfinite(expected).sum() < rows * columns / 2
    assert grid.cells == pytest.approx(expected, abs=1e-4, nan_ok=True)


def test_the_raster_of_scores_is_written_as_it_is(tmp_path: Path) -> None:
    layers, depth = surface_sample(tmp_path)
    result = scored(tmp_path, layers, NEAR + VALUE, rasters=f"flood={depth}", cell_m=5.0)
    (grid,) = result.grids
    path = write_grid_file(result, grid, tmp_path)
    assert path.name == "适宜性评价_得分栅格.tif"
    with rasterio.open(path) as source:
        assert (source.driver, source.nodata, source.crs.to_epsg()) == ("GTiff", -9999.0, 4547)
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert tuple(source.transform)[:6] == grid.transform
        values = source.read(1)
    assert np.array_equal(np.where(values == -9999.0, np.float32(NAN), values), grid.cells, equal_nan=True)
    assert not list(tmp_path.glob(".*"))


def test_the_side_of_cells_is_round_a_choice_or_none(tmp_path: Path) -> None:
    layers, _depth = surface_sample(tmp_path)
    with project_of(tmp_path, layers, NEAR) as project:
        # 700 m by 122 m: at most two million cells would be finer than the least, 1 m
        assert run_on(project, tmp_path).grids[0].transform[0] == 1.0
        assert run_on(project, tmp_path, cell_m="25").grids[0].transform[0] == 25.0
        assert run_on(project, tmp_path, cell_m="0").grids == ()
        with pytest.raises(InputError, match="加大像元边长"):
            run_on(project, tmp_path, cell_m="0.01")
