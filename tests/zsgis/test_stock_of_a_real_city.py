"""The overlay and the stock on a real district: 2,033 land-use polygons in 3,999 cells of 250 m."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

from layers.store import NewLayer, Project
from zsgis.overlay import REMAINDER, ShapeError, balanced_overlay
from zsgis.result import Result, RowRole
from zsgis.run import run_capability

pytestmark = pytest.mark.real_data


def read(shared_data: Path, name: str) -> geopandas.GeoDataFrame:
    return geopandas.read_file(shared_data / "xinwu" / f"xinwu_{name}.gpkg")


def arrays(frame: geopandas.GeoDataFrame) -> Any:
    return np.array(frame.geometry.array, dtype=object)


@pytest.fixture(scope="module")
def land(shared_data: Path) -> geopandas.GeoDataFrame:
    return read(shared_data, "land_use")


@pytest.fixture(scope="module")
def grid(shared_data: Path) -> geopandas.GeoDataFrame:
    return read(shared_data, "grid_250m")


def test_pieces_equal_geopandas_and_balance(land: Any, grid: Any) -> None:
    overlay = balanced_overlay(arrays(land), arrays(grid))
    assert np.abs(overlay.imbalance_m2).max() <= 0.01
    assert abs(overlay.imbalance_m2.sum()) <= 0.01
    left = geopandas.GeoDataFrame({"f": range(len(land))}, geometry=land.geometry)
    right = geopandas.GeoDataFrame({"z": range(len(grid))}, geometry=grid.geometry)
    inside = geopandas.overlay(left, right, how="intersection", keep_geom_type=True)
    outside = geopandas.overlay(left, right, how="difference", keep_geom_type=True)
    expected = inside.area.groupby([inside["f"], inside["z"]]).sum()
    pairs = zip(overlay.feature.tolist(), overlay.zone.tolist(), overlay.area_m2.tolist(), strict=True)
    found = {(f, z): area for f, z, area in pairs if z != REMAINDER}
    assert found.keys() >= {pair for pair, area in expected.items() if area > 1e-3}
    for pair in found.keys() | set(expected.index):
        assert found.get(pair, 0.0) == pytest.approx(expected.get(pair, 0.0), abs=1e-3)
    assert overlay.remainder_m2.sum() == pytest.approx(outside.area.sum(), abs=0.01)


def test_roads_are_no_land(shared_data: Path, grid: Any) -> None:
    with pytest.raises(ShapeError):
        balanced_overlay(arrays(read(shared_data, "road_centerlines")), arrays(grid))


def test_waters_over_each_other_are_found(shared_data: Path, grid: Any) -> None:
    # the layer's 87 areas sum up to 21391708.98 m2 and cover 21387128.89 m2 (union): 4580.09 m2 lie double
    waters = arrays(read(shared_data, "water_osm"))
    overlay = balanced_overlay(waters, arrays(grid), check_features=True)
    doubled = shapely.area(waters).sum() - shapely.area(shapely.union_all(waters))
    assert sum(pair.area_m2 for pair in overlay.feature_overlaps) == pytest.approx(doubled, abs=0.01)
    assert np.abs(overlay.imbalance_m2).max() <= 0.01


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory, land: Any, grid: Any) -> Result:
    crs = pyproj.CRS(32650)
    parcels = land.assign(class_code=land["Class"].astype(str), survey_area_m2=land["area_m2"])
    cells = grid.assign(name=grid["grid_id_main"].astype(str))
    with Project.create(tmp_path_factory.mktemp("city") / "city.gpkg", 32650) as project:
        project.add_layer(
            NewLayer(name="土地利用", kind="land_use", crs=crs, standard="custom"),
            parcels[["class_code", "survey_area_m2", "geometry"]],
        )
        project.add_layer(NewLayer(name="网格", kind="zones", crs=crs), cells[["name", "geometry"]])
        return run_capability(project, "stock", {"basis": "planar", "unit": "m2"})


def test_each_zones_planar_total_is_that_of_shapely(result: Result, land: Any, grid: Any) -> None:
    tree = shapely.STRtree(arrays(land))
    cell, parcel = tree.query(arrays(grid), predicate="intersects")
    shared = shapely.area(shapely.intersection(arrays(grid)[cell], arrays(land)[parcel]))
    expected = np.bincount(cell, weights=shared, minlength=len(grid))
    zones = result.facts["zones"]
    assert [zone["zone"] for zone in zones] == grid["grid_id_main"].astype(str).tolist()
    assert np.abs(np.array([zone["planar_m2"] for zone in zones]) - expected).max() <= 0.01


def test_the_printed_tables_of_4000_zones_add_up(result: Result) -> None:
    table = result.table("stock")
    for column in [c for c in table.columns if c.key.startswith("area_")]:
        by_zone: dict[str, Decimal] = {}
        total = Decimal(0)
        for row in table.rows:
            figure = Decimal(f"{row.values[column.key]:.{column.digits}f}")
            zone = row.values["zone"]
            if row.role is RowRole.BODY:
                by_zone[zone] = by_zone.get(zone, Decimal(0)) + figure
                total += figure
            elif not row.values["class_code"] and zone != "总计":
                assert by_zone.get(zone, Decimal(0)) == figure
        assert total == Decimal(f"{table.rows[-1].values[column.key]:.{column.digits}f}")
    # the data come in UTM zone 50, whose planar areas are 0.2 % off in Wuxi
    told = {"overlay.outside_zones", "overlay.slivers", "input.plane_distorts"}
    assert {finding.code for finding in result.findings} == told
