"""Measuring by hand: known triangles, another program's geodesic, the table of official areas."""

from __future__ import annotations

import pyproj
import pytest

from layers.crs import parse_crs
from zsgis.measuring import bearing_text, measure_area, measure_line

GK = parse_crs("4526")  # zone 38, the central meridian 114 E at east 38,500,000
DEGREES = parse_crs("4490")
MIDDLE = (38_436_213.0, 2_491_514.0)
ELLIPSOID = pyproj.Geod(a=6378137.0, rf=298.257222101)


def around(width: float, height: float) -> list[tuple[float, float]]:
    x, y = MIDDLE
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def test_a_triangle_of_three_four_five():
    x, y = MIDDLE
    measured = measure_area([(x, y), (x + 4, y), (x + 4, y + 3)], GK)
    assert [segment.planar_m for segment in measured.segments] == pytest.approx([4.0, 3.0, 5.0])
    assert measured.planar_m == pytest.approx(12.0)
    assert measured.planar_m2 == pytest.approx(6.0)
    # east, north, and back to the south-west: 180 + atan(4 / 3)
    bearings = [segment.bearing_deg for segment in measured.segments]
    assert bearings == pytest.approx([90.0, 0.0, 233.130102354])
    assert all(segment.on_grid for segment in measured.segments)
    assert not measured.crosses_itself


def test_lengths_on_the_ellipsoid_are_those_of_the_geodesic():
    points = [(38_436_213.0, 2_491_514.0), (38_440_000.0, 2_500_000.0), (38_500_000.0, 2_500_000.0)]
    to_degrees = pyproj.Transformer.from_crs(4526, 4490, always_xy=True)
    lon, lat = to_degrees.transform(*zip(*points, strict=True))
    expected = ELLIPSOID.line_lengths(lon, lat)
    measured = measure_line(points, GK)
    assert [segment.ellipsoidal_m for segment in measured.segments] == pytest.approx(expected, abs=1e-6)
    assert measured.ellipsoidal_m == pytest.approx(sum(expected), abs=1e-6)
    # 64 km from the central meridian the plane is longer: 1 + 64^2 / (2 * 6371^2) = 1.00005
    assert measured.segments[0].planar_m / expected[0] == pytest.approx(1.00005, abs=6e-6)


def test_in_degrees_there_is_no_plane():
    measured = measure_area([(113.38, 22.52), (113.39, 22.52), (113.39, 22.53), (113.38, 22.53)], DEGREES)
    assert measured.planar_m is None
    assert measured.planar_m2 is None
    # the cell of the official formula's test vector
    assert measured.ellipsoidal_m2 == pytest.approx(1_139_241.6963644, abs=1e-4)
    north = measured.segments[1]
    assert not north.on_grid
    assert north.bearing_deg == pytest.approx(0.0, abs=1e-9)
    assert north.ellipsoidal_m == pytest.approx(ELLIPSOID.line_length([113.39, 113.39], [22.52, 22.53]))


@pytest.mark.parametrize(("side", "official"), [(20, 399.9598), (100, 9998.9967), (1000, 999901.0792)])
def test_areas_are_those_of_the_official_formula(side: float, official: float):
    # squares at east 38,436,213 of the table that the standard was checked with
    assert measure_area(around(side, side), GK).ellipsoidal_m2 == pytest.approx(official, rel=2e-6)


def test_the_two_bases_differ_as_the_projection_does():
    measured = measure_area(around(1000, 1000), GK)
    assert measured.planar_m2 == pytest.approx(1_000_000.0)
    assert measured.ellipsoidal_m2 is not None
    assert measured.planar_m2 is not None
    # 64 km from the meridian areas are 1.0001 times too large
    assert measured.planar_m2 - measured.ellipsoidal_m2 == pytest.approx(99, abs=3)


def test_an_outline_that_crosses_itself_is_told():
    x, y = MIDDLE
    bow = [(x, y), (x + 10, y + 10), (x + 10, y), (x, y + 10)]
    assert measure_area(bow, GK).crosses_itself


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_few_points_have_no_area(count: int):
    measured = measure_area(around(3, 4)[:count], GK)
    assert measured.planar_m2 is None
    assert measured.ellipsoidal_m2 is None
    assert measured.planar_m == (3.0 if count == 2 else 0.0)


def test_one_place_twice_has_no_bearing():
    segment = measure_line([MIDDLE, MIDDLE], GK).segments[0]
    assert segment.planar_m == 0.0
    assert segment.bearing_deg is None


def test_where_cgcs2000_cannot_be_reached_only_the_plane_is_measured():
    measured = measure_area(around(3, 4), parse_crs("2362"))  # Xian 1980, zone 38
    assert measured.planar_m2 == pytest.approx(12.0)
    assert measured.ellipsoidal_m2 is None
    assert measured.ellipsoidal_m is None


def test_a_map_for_looking_at_has_no_plane_to_measure_in():
    measured = measure_line([(12_620_000.0, 2_570_000.0), (12_621_000.0, 2_570_000.0)], parse_crs("3857"))
    assert measured.planar_m is None
    # a kilometre there is cos(22.5 degrees) of one on the ground
    assert measured.ellipsoidal_m == pytest.approx(924, abs=2)


@pytest.mark.parametrize(
    ("degrees", "text"),
    [(0.0, "0°00′00″"), (45.508, "45°30′29″"), (359.99999, "0°00′00″"), (233.130102354, "233°07′48″")],
)
def test_bearings_are_read_in_degrees_minutes_seconds(degrees: float, text: str):
    assert bearing_text(degrees) == text
