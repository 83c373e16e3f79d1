"""Plans, control lines, holdings and forest of the demonstration lie on each other as those of a city do."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.classification.crosswalk import crosswalk
from zsgis.demo.plans import PLOT_CODES


def test_the_three_control_lines_do_not_lie_over_each_other(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    lines = demo_frames["control_lines"]
    assert set(lines["line_type"]) == {"永久基本农田", "生态保护红线", "城镇开发边界"}
    shapes = lines.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pair = first < second
    # edges are shared to the millimetre where lines run along the same cells, and set apart elsewhere
    common = shapely.area(shapely.intersection(shapes[first[pair]], shapes[second[pair]]))
    assert common.max() < 0.5


def test_the_growth_boundary_leaves_something_to_find(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    lines, land = demo_frames["control_lines"], demo_frames["land_use"]
    growth = shapely.union_all(lines.geometry[lines["line_type"] == "城镇开发边界"].to_numpy())
    shapely.prepare(growth)
    built = land[land["class_code"].isin(["070102", "070302", "100102", "110101"])]
    outside = ~shapely.contains(growth, built.geometry.representative_point().to_numpy())
    assert 0.005 < outside.mean() < 0.2


def test_the_territorial_plan_covers_the_city_and_differs_from_today(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    planned, land = demo_frames["territorial_plan"], demo_frames["land_use"]
    assert shapely.coverage_is_valid(planned.geometry.to_numpy())
    assert abs(planned.geometry.area.sum() - land.geometry.area.sum()) < 0.01
    point = land.geometry.representative_point().to_numpy()
    which, found = shapely.STRtree(planned.geometry.to_numpy()).query(point, predicate="within")
    assert np.array_equal(np.sort(which), np.arange(len(land)))
    today = land["class_code"].to_numpy()[which]
    differs = planned["class_code"].to_numpy()[found] != today
    share = land.geometry.area.to_numpy()[which][differs].sum() / land.geometry.area.sum()
    assert 0.02 < share < 0.25


def test_old_control_zones_cover_once_a_city_some_metres_off(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    zones = demo_frames["old_plan_zones"]
    assert set(zones["zone_type"]) == {"允许建设区", "有条件建设区", "限制建设区", "禁止建设区"}
    assert shapely.coverage_is_valid(zones.geometry.to_numpy())
    # cells and the faces cut from them share the outline of the city, as control lines do, to some metres
    whole = demo_frames["towns"].geometry.area.sum()
    assert zones.geometry.area.sum() == pytest.approx(whole, rel=1e-3)
    moved = np.array(zones.total_bounds) - np.array(demo_frames["towns"].total_bounds)
    assert moved == pytest.approx([24.0, -17.0, 24.0, -17.0], abs=1.0)


def test_a_plot_of_the_detailed_plan_is_called_by_the_class_of_its_land() -> None:
    """Each GB 50137 class leads through the crosswalk to the great class of the land that it stands for.

    Water, farmland and vacant land are planned as what the older standard has for them: E1 and E2, which lead
    to several or none, and housing for the vacant.
    """
    walk = crosswalk("gb50137", "yd2023")
    for land, plot in PLOT_CODES.items():
        led = walk.map(plot)
        code = led.code or led.broader or ""
        if plot in ("E1", "E2") or land == "2301":
            continue
        # a kindergarten is community service, 07, in the older standard
        wanted = "07" if land == "080404" else land[:2]
        assert walk.target.ancestor(code, 1) == wanted, (land, plot)


def test_the_detailed_plan_lies_on_the_territorial_plan_and_covers_a_part(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    plots, planned = demo_frames["detailed_plan"], demo_frames["territorial_plan"]
    assert set(plots.geometry.to_wkb()) < set(planned.geometry.to_wkb())
    assert 0.1 < plots.geometry.area.sum() / planned.geometry.area.sum() < 0.5
    assert (plots["plot_area_m2"] - plots.geometry.area).abs().max() <= 0.005 + 1e-6


def test_idle_land_is_supplied_and_not_begun_and_only_some_of_it_established(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    idle, supplied = demo_frames["idle"], demo_frames["supplied"].set_index("supervision_number")
    of = supplied.loc[idle["supervision_number"]]
    assert of["started_on"].isna().all()
    assert (of.geometry.to_wkb().to_numpy() == idle.geometry.to_wkb().to_numpy()).all()
    established = idle["finding_number"].fillna("") != ""
    assert 20 <= established.sum() <= len(idle) - 20
    assert set(idle["idle_cause"][~established]) == {"待认定"}
    assert idle["established_on"].notna().equals(established)


def test_reserve_land_is_neither_supplied_nor_approved(demo_frames: Mapping[str, gpd.GeoDataFrame]) -> None:
    reserve = demo_frames["reserve"]
    tree = shapely.STRtree(demo_frames["approved"].geometry.to_numpy())
    inside = tree.query(reserve.geometry.representative_point().to_numpy(), predicate="within")
    assert inside.shape[1] == 0
    assert len(reserve) >= 100
    assert (reserve.geometry.area / 1e4 - reserve["recorded_area_ha"]).abs().max() < 1e-4


def test_buildings_stand_on_plots_and_agree_with_the_parcels(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    buildings, land, parcels = (
        demo_frames["buildings"],
        demo_frames["land_use"],
        demo_frames["industrial_parcels"],
    )
    tree = shapely.STRtree(land.geometry.to_numpy())
    which, place = tree.query(buildings.geometry.to_numpy(), predicate="covered_by")
    assert np.array_equal(np.sort(which), np.arange(len(buildings)))
    # no floor area, no storeys or no year: what a check has to call missing
    assert buildings[["floor_area_m2", "storeys", "built_year"]].isna().any().all()
    wkb = dict(zip(parcels.geometry.to_wkb(), parcels["floor_area_m2"], strict=True))
    ground = land.geometry.to_wkb().to_numpy()[place[np.argsort(which)]]
    told = np.array([wkb.get(shape, np.nan) for shape in ground])
    floor = buildings["floor_area_m2"].to_numpy()
    both = ~np.isnan(told) & ~np.isnan(floor)
    assert both.sum() > 3_000
    assert np.array_equal(told[both], floor[both])
    # floor cannot be more than storeys times what is covered; 0.01 m2 for what is written
    room = buildings["storeys"].to_numpy() * buildings.geometry.area.to_numpy()
    known = ~np.isnan(floor) & ~np.isnan(room)
    assert (floor[known] <= room[known] * 1.001 + 0.01).all()


def test_forest_stands_are_mostly_forest_and_reach_some_works(
    demo_frames: Mapping[str, gpd.GeoDataFrame],
) -> None:
    stands, land = demo_frames["forest_stands"], demo_frames["land_use"]
    assert set(stands["protection_level"]) == {"Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级"}
    assert shapely.coverage_is_valid(stands.geometry.to_numpy())
    point = land.geometry.representative_point().to_numpy()
    which, _place = shapely.STRtree(stands.geometry.to_numpy()).query(point, predicate="within")
    area = land.geometry.area.to_numpy()[which]
    codes = land["class_code"].to_numpy()[which].astype(str)
    assert area[np.char.startswith(codes, "03")].sum() > 0.8 * area.sum()
    assert np.char.startswith(codes, "1001").any()
