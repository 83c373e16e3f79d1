"""What lies at a place of the map, in all layers and rasters, whatever their coordinate system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from layers.crs import parse_crs
from layers.errors import JobCancelled
from layers.pictures.adding import raster_facts, raster_picture
from layers.pictures.paths import resolved
from layers.store import LayerInfo, NewLayer, Project
from tests.ui.window_samples import EAST, PLATFORM, WEST, make_project
from zsgis.identifying import MapPlace, by_layer, features_at, pictures_at

GK = parse_crs("4547")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = make_project(tmp_path / "p.gpkg")
    yield made
    made.close()


def layer_of(project: Project, kind: str) -> LayerInfo:
    return project.layers_of(kind)[0]


def at(x: float, y: float = 2_490_050, reach: float = 1.0) -> MapPlace:
    return MapPlace(x, y, reach, GK)


def test_a_parcel_is_found_before_the_platform_it_lies_in(project: Project) -> None:
    hits = features_at(project, project.layers(), at(500_150))
    assert [hit.zs_uid for hit in hits] == [EAST, PLATFORM]
    # squares of 100 m, and the two of them together
    assert [hit.area_m2 for hit in hits] == pytest.approx([10_000.0, 20_000.0])


def test_the_layer_one_works_in_comes_first(project: Project) -> None:
    preferred = layer_of(project, "platforms").uid
    hits = features_at(project, project.layers(), at(500_050), preferred=preferred)
    assert [hit.zs_uid for hit in hits] == [PLATFORM, WEST]


def test_a_wide_reach_does_not_take_a_neighbour_for_what_lies_under_the_pointer(project: Project) -> None:
    # 500 m reach both parcels; the place lies 1 m inside the eastern one
    hits = features_at(project, project.layers(), at(500_101, reach=500.0))
    assert [hit.zs_uid for hit in hits] == [EAST, PLATFORM]
    near = features_at(project, project.layers(), at(499_990, reach=500.0))
    assert [hit.zs_uid for hit in near] == [WEST, PLATFORM]


def test_nothing_is_found_beside_the_parcels(project: Project) -> None:
    assert features_at(project, project.layers(), at(499_000, reach=5.0)) == ()


def test_layers_in_degrees_are_reached_in_metres(project: Project) -> None:
    degrees = parse_crs("4490")
    # 500,000 east is the central meridian of 114 degrees: a point there, and one 0.001 degrees (103 m) east
    points = gpd.GeoDataFrame(
        {"name": ["近", "远"]},
        geometry=[shapely.Point(114.0, 22.5), shapely.Point(114.001, 22.5)],
        crs=degrees,
    )
    layer = project.add_layer(NewLayer("点", "points", degrees), points)
    from layers.crs import transform_points

    x, y = transform_points([114.0], [22.5], degrees, GK)
    near = features_at(project, [layer], MapPlace(float(x[0]) + 3, float(y[0]), 4.0, GK))
    assert [name for _uid, name in by_layer(project, [layer], near)[0].features] == ["近"]
    wide = features_at(project, [layer], MapPlace(float(x[0]) + 3, float(y[0]), 150.0, GK))
    assert by_layer(project, [layer], wide)[0].count == 2


def test_the_map_may_be_in_another_system_than_the_project(project: Project) -> None:
    from layers.crs import transform_points

    other = parse_crs("4526")
    x, y = transform_points([500_150.0], [2_490_050.0], GK, other)
    hits = features_at(project, project.layers(), MapPlace(float(x[0]), float(y[0]), 1.0, other))
    assert [hit.zs_uid for hit in hits] == [EAST, PLATFORM]


def test_a_layer_that_cannot_be_on_the_map_is_passed_over(project: Project) -> None:
    xian = parse_crs("2383")
    zone = gpd.GeoDataFrame(geometry=[shapely.box(500_000, 2_490_000, 500_200, 2_490_100)], crs=xian)
    project.add_layer(NewLayer("旧图", "zones", xian), zone)
    hits = features_at(project, project.layers(), at(500_150))
    assert [hit.zs_uid for hit in hits] == [EAST, PLATFORM]


def test_features_are_listed_by_layer_top_first_with_their_number(project: Project) -> None:
    zones = gpd.GeoDataFrame(
        {"name": [f"区{n:02}" for n in range(20)]},
        geometry=[shapely.box(500_000, 2_490_000, 500_200 + n, 2_490_100) for n in range(20)],
        crs=GK,
    )
    project.add_layer(NewLayer("范围", "zones", GK), zones)
    layers = project.layers()
    groups = by_layer(project, layers, features_at(project, layers, at(500_150)))
    assert [group.layer_uid for group in groups] == [layer.uid for layer in layers]
    counts = {group.layer_name: group.count for group in groups}
    assert counts == {"范围": 20, "平台": 1, "图斑": 1}
    named = next(group.features for group in groups if group.layer_name == "范围")
    # the smallest first, and not more than one can read
    assert [text for _uid, text in named] == [f"区{n:02}" for n in range(12)]


def test_a_raster_says_what_its_cell_holds(tmp_path: Path) -> None:
    path = tmp_path / "dem.tif"
    cells = np.array([[1.5, 2.5], [-9999.0, 4.5]], dtype="float32")
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=2,
        height=2,
        count=1,
        dtype="float32",
        crs="EPSG:4547",
        transform=Affine(100, 0, 500_000, 0, -100, 2_490_200),
        nodata=-9999.0,
    ) as made:
        made.write(cells, 1)
    drawn = raster_picture(raster_facts(path), uid="dem", name="高程", project_folder=tmp_path)
    dem = resolved(drawn, tmp_path)
    assert [p.values[0][1] for p in pictures_at([dem], at(500_150, 2_490_150))] == ["2.5"]
    assert [p.values[0][1] for p in pictures_at([dem], at(500_050, 2_490_050))] == ["—"]
    assert pictures_at([dem], at(600_000)) == ()
    path.unlink()
    assert pictures_at([dem], at(500_150, 2_490_150)) == ()


def test_looking_stops_when_a_newer_click_comes(project: Project) -> None:
    class Stopped:
        def step(self, _done: float, _text: str = "") -> None:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        features_at(project, project.layers(), at(500_150), progress=Stopped())
