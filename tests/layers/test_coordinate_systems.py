"""Coordinate systems: what they are called, what may be measured in them, how one leads to another."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.crs import (
    coordinate_change,
    describe_crs,
    parse_crs,
    require_projected_metres,
    transform,
    transform_points,
)
from layers.errors import CrsError

ARCGIS_114 = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize(
    ("lon", "lat", "epsg", "east", "north"),
    [
        (113.38, 22.52, 4526, 38436212.615, 2491514.243),
        (113.38, 22.52, 4547, 436212.615, 2491514.243),
        (113.38, 22.52, 4508, 744907.964, 2493331.020),
        (113.38, 22.52, 4497, 19744907.964, 2493331.020),
        (113.1, 22.2, 4526, 38407192.198, 2456222.231),
        (113.8, 22.8, 4526, 38479465.379, 2522402.944),
    ],
)
def test_published_points(lon: float, lat: float, epsg: int, east: float, north: float) -> None:
    degrees, plane = parse_crs(4490), parse_crs(epsg)
    x, y = transform_points([lon], [lat], degrees, plane)
    assert (x[0], y[0]) == pytest.approx((east, north), abs=6e-4)
    back = transform_points(x, y, plane, degrees)
    assert (back[0][0], back[1][0]) == pytest.approx((lon, lat), abs=1e-11)


@settings(deadline=None)
@given(st.floats(400_000, 480_000), st.floats(2_450_000, 2_530_000))
def test_the_zone_number_is_all_that_parts_4526_and_4547(east: float, north: float) -> None:
    x, y = transform_points([east], [north], parse_crs(4547), parse_crs(4526))
    # A tenth of a millimetre: degrees come in between.
    assert x[0] - 38_000_000 == pytest.approx(east, abs=1e-4)
    assert y[0] == pytest.approx(north, abs=1e-4)
    change = coordinate_change(parse_crs(4547), parse_crs(4526))
    assert (change.uncertainty_m, change.is_identity, change.one_datum_assumed) == (0.0, False, False)


@pytest.mark.parametrize("text", [4547, "4547", "EPSG:4547", "epsg:4547", " ４５４７ ", "EPSG：4547"])
def test_a_code_is_read_however_it_is_typed(text: str | int) -> None:
    assert parse_crs(text).to_epsg() == 4547


@pytest.mark.parametrize(
    "text", ["", "foo", "999999", -1, 10**30, "EPSG:", "中山坐标系", "5737", "4479", True]
)
def test_what_is_no_map_coordinate_system_is_refused_with_advice(text: str | int) -> None:
    with pytest.raises(CrsError) as refusal:
        parse_crs(text)
    assert "4547" in refusal.value.remedy


def test_heights_are_left_out() -> None:
    assert parse_crs("EPSG:4547+5737").to_epsg() == 4547
    assert len(parse_crs(4480).axis_info) == 2


@pytest.mark.parametrize(
    ("epsg", "words"),
    [
        (4490, "2000国家大地坐标系 经纬度"),
        (4547, "2000国家大地坐标系 3°带 中央经线114°"),
        (4526, "2000国家大地坐标系 3°带 第38带（东坐标加带号） 中央经线114°"),
        (4546, "2000国家大地坐标系 3°带 中央经线111°"),
        (4508, "2000国家大地坐标系 6°带 中央经线111°"),
        (4497, "2000国家大地坐标系 6°带 第19带（东坐标加带号） 中央经线111°"),
        (2383, "1980西安坐标系 3°带 中央经线114°"),
        (21419, "1954年北京坐标系 6°带 第19带（东坐标加带号） 中央经线111°"),
        (4326, "WGS 84坐标系 经纬度"),
        (32650, "WGS 84坐标系 UTM 50N带 中央经线117°"),
        (3857, "WGS 84坐标系 网络墨卡托投影"),
    ],
)
def test_a_coordinate_system_in_an_officers_words(epsg: int, words: str) -> None:
    assert describe_crs(parse_crs(epsg)) == words


def test_arcgis_names_are_understood() -> None:
    crs = parse_crs(ARCGIS_114)
    assert describe_crs(crs) == "2000国家大地坐标系 3°带 中央经线114°"
    x, y = transform_points([436212.615], [2491514.243], crs, parse_crs(4490))
    assert (x[0], y[0]) == pytest.approx((113.38, 22.52), abs=1e-8)
    assert coordinate_change(crs, parse_crs(4547)).uncertainty_m == 0.0


def test_a_false_name_does_not_make_a_datum() -> None:
    liar = parse_crs(ARCGIS_114.replace("298.257222101", "298.257"))
    with pytest.raises(CrsError):
        coordinate_change(liar, parse_crs(4547))


def test_a_zone_of_unknown_width_is_not_guessed() -> None:
    # 111° is the meridian of a 3° zone and of a 6° zone.
    nameless = parse_crs(
        ARCGIS_114.replace("114.0", "111.0").replace("CGCS2000_3_Degree_GK_CM_114E", "local")
    )
    assert describe_crs(nameless) == "2000国家大地坐标系 横轴墨卡托投影 中央经线111°"
    independent = parse_crs(
        ARCGIS_114.replace("114.0", "113.25").replace("CGCS2000_3_Degree_GK_CM_114E", "x")
    )
    assert describe_crs(independent) == "2000国家大地坐标系 横轴墨卡托投影 中央经线113.25°"


@pytest.mark.usefixtures("english")
def test_english_when_the_program_speaks_english() -> None:
    assert describe_crs(parse_crs(4547)) == "CGCS2000, 3-degree zone, central meridian 114°"


def test_wgs84_and_cgcs2000_are_taken_as_one_and_it_is_said() -> None:
    change = coordinate_change(parse_crs(4326), parse_crs(4490))
    assert change.is_identity
    assert change.one_datum_assumed
    assert change.uncertainty_m == 1.0
    assert "不确定度1米" in change.description
    lon, lat = transform_points([113.38], [22.52], parse_crs(4326), parse_crs(4490))
    assert (lon[0], lat[0]) == (113.38, 22.52)


def test_satellite_coordinates_reach_the_bureaus_plane_through_degrees() -> None:
    utm, plane = parse_crs(32650), parse_crs(4547)
    change = coordinate_change(utm, plane)
    assert (change.is_identity, change.one_datum_assumed, change.uncertainty_m) == (False, True, 1.0)
    # UTM zone 50 by PROJ alone gives the degrees; CGCS2000 alone gives the plane.
    x, y = pyproj.Transformer.from_crs(4326, 32650, always_xy=True).transform(113.38, 22.52)
    assert transform_points([x], [y], utm, plane)[0][0] == pytest.approx(436212.615, abs=6e-4)
    back = transform_points(*transform_points([x], [y], utm, plane), plane, utm)
    assert (back[0][0], back[1][0]) == pytest.approx((x, y), abs=1e-4)


@pytest.mark.parametrize("legacy", [4610, 2383, 2362, 2344, 4214, 2435, 21459, 4555])
@pytest.mark.parametrize("modern", [4490, 4547, 4326, 32650])
def test_old_datums_are_never_changed_silently(legacy: int, modern: int) -> None:
    for source, target in ((legacy, modern), (modern, legacy)):
        with pytest.raises(CrsError) as refusal:
            transform_points([113.38], [22.52], parse_crs(source), parse_crs(target))
        assert "参数" in str(refusal.value)
        assert refusal.value.remedy


def test_inside_an_old_datum_the_projections_are_exact() -> None:
    x, y = transform_points([38_436_212.6], [2_491_514.2], parse_crs(2362), parse_crs(2383))
    assert (x[0], y[0]) == pytest.approx((436_212.6, 2_491_514.2), abs=1e-4)


@pytest.mark.parametrize(("source", "target"), [(4269, 4326), (4258, 4490), (4267, 4490)])
def test_null_shifts_and_missing_grids_are_refused(source: int, target: int) -> None:
    with pytest.raises(CrsError):
        coordinate_change(parse_crs(source), parse_crs(target))


def test_a_published_operation_states_its_uncertainty() -> None:
    # ED50 to WGS 84 has published parameters that are neither null nor a guess.
    change = coordinate_change(parse_crs(4230), parse_crs(4326))
    assert change.uncertainty_m > 0
    assert "ED50" in change.description


@pytest.mark.parametrize("epsg", [4490, 4326, 3857, 3395, 2263])
def test_nothing_is_measured_in_degrees_feet_or_on_web_maps(epsg: int) -> None:
    with pytest.raises(CrsError) as refusal:
        require_projected_metres(parse_crs(epsg))
    assert "4547" in refusal.value.remedy


def test_planes_in_metres_are_fit_to_measure() -> None:
    for epsg in (4526, 4547, 4497, 32650, 2383):
        require_projected_metres(parse_crs(epsg))
    with pytest.raises(CrsError):
        require_projected_metres(None)


def test_geometries_keep_missing_empty_and_heights() -> None:
    shapes = np.empty(4, dtype=object)
    shapes[:] = [
        shapely.from_wkt("POLYGON Z((113.38 22.52 5,113.39 22.52 6,113.39 22.53 7,113.38 22.52 5))"),
        None,
        shapely.from_wkt("POINT EMPTY"),
        shapely.from_wkt("MULTIPOINT(113.38 22.52,113.1 22.2)"),
    ]
    before = shapely.to_wkt(shapes[[0, 3]])
    result = transform(shapes, parse_crs(4490), parse_crs(4526))
    assert shapely.get_coordinates(result[0], include_z=True)[0] == pytest.approx(
        (38436212.615, 2491514.243, 5.0), abs=6e-4
    )
    assert result[1] is None
    assert result[2].is_empty
    assert result[2].geom_type == "Point"
    assert shapely.get_coordinates(result[3])[1] == pytest.approx((38407192.198, 2456222.231), abs=6e-4)
    assert (shapely.to_wkt(shapes[[0, 3]]) == before).all(), "the input was changed"


def test_nan_stays_and_impossible_points_are_refused() -> None:
    x, _y = transform_points([113.38, np.nan], [22.52, 22.52], parse_crs(4490), parse_crs(4547))
    assert x[0] == pytest.approx(436212.615, abs=6e-4)
    assert np.isnan(x[1])
    with pytest.raises(CrsError) as refusal:
        # x and y exchanged: 113 degrees north
        transform_points([113.38, 22.52], [22.52, 113.38], parse_crs(4490), parse_crs(4547))
    assert "2" in refusal.value.where
