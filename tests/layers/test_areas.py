"""Areas of parcels: official ellipsoidal formula, plane, and the geodesic check."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers import area
from layers.area import ellipsoidal_area_m2, geodesic_area_m2, measure, planar_area_m2, ring_area_m2
from layers.crs import parse_crs, transform
from layers.errors import CrsError, GeometryError, UsageError
from layers.kind import AreaBasis

DEGREES = parse_crs(4490)
ZONE_38 = parse_crs(4526)
CM_114 = parse_crs(4547)

# 石岐, 113.38 E 22.52 N in zone 38, to the decimetre.
X0, Y0 = 38436212.6, 2491514.2


def _shapes(*shapes: Any) -> NDArray[Any]:
    result = np.empty(len(shapes), dtype=object)
    result[:] = shapes
    return result


def _square(side: float) -> shapely.Polygon:
    return shapely.box(X0, Y0, X0 + side, Y0 + side)


def _triangle(size: float) -> shapely.Polygon:
    # 0.5 * |200*500 - 1000*1000| = 450 000 m2 at size 1000
    return shapely.Polygon([(X0, Y0), (X0 + 0.2 * size, Y0 + size), (X0 + size, Y0 + 0.5 * size)])


def test_the_coefficients_are_those_of_the_table() -> None:
    # Computed independently from e2 = 0.006694380022900686.
    expected = (
        1.0033640898341927,
        0.0011241893819271072,
        1.6994594735188535e-06,
        2.717857845577432e-09,
        4.358419004834252e-12,
    )
    assert pytest.approx(expected, rel=1e-9) == area.SERIES


def test_a_hundredth_degree_cell_has_its_published_area() -> None:
    cell = shapely.box(113.38, 22.52, 113.39, 22.53)
    assert ellipsoidal_area_m2(_shapes(cell), DEGREES)[0] == pytest.approx(1_139_241.6963644, abs=1e-6)
    assert geodesic_area_m2(_shapes(cell), DEGREES)[0] == pytest.approx(1_139_241.6979952, abs=1e-6)


@pytest.mark.parametrize(
    ("shape", "plane", "official", "geodesic"),
    [
        (_square(20), 400, 399.9598, 399.9598),
        (_square(100), 10_000, 9_998.9967, 9_998.9967),
        (_square(1_000), 1_000_000, 999_901.0792, 999_901.0806),
        (_square(10_000), 100_000_000, 99_991_451.226, 99_991_464.7439),
        (_square(30_000), 900_000_000, 899_946_004.0128, 899_947_093.7343),
        (_triangle(1_000), 450_000, 449_955.6055, 449_955.3420),
        (_triangle(10_000), 45_000_000, 44_996_272.9348, 44_996_028.0232),
    ],
)
def test_published_figures(shape: shapely.Polygon, plane: float, official: float, geodesic: float) -> None:
    # The figures carry four decimals.
    assert planar_area_m2(_shapes(shape), ZONE_38)[0] == pytest.approx(plane, abs=1e-6 * plane**0.5)
    assert ellipsoidal_area_m2(_shapes(shape), ZONE_38)[0] == pytest.approx(official, abs=1e-4)
    assert geodesic_area_m2(_shapes(shape), ZONE_38)[0] == pytest.approx(geodesic, abs=1e-3)


def test_the_edges_are_what_makes_official_and_geodesic_differ() -> None:
    # The same triangle with 200 vertices per edge: 245 m2 of difference shrink to 6 thousandths.
    corners = np.asarray(_triangle(10_000).exterior.coords)
    share = np.linspace(0, 1, 200, endpoint=False)[:, None]
    dense = np.vstack([a + share * (b - a) for a, b in pairwise(corners)])
    shape = _shapes(shapely.Polygon(dense))
    assert ellipsoidal_area_m2(shape, ZONE_38)[0] == pytest.approx(44_996_022.1826, abs=1e-3)
    assert geodesic_area_m2(shape, ZONE_38)[0] == pytest.approx(44_996_022.1762, abs=1e-3)


@pytest.mark.parametrize(("easting", "ppm"), [(38_436_213, -100), (38_407_000, -213), (38_479_000, -11)])
def test_the_plane_overstates_most_in_the_west(easting: float, ppm: float) -> None:
    square = _shapes(shapely.box(easting, Y0, easting + 100, Y0 + 100))
    ratio = ellipsoidal_area_m2(square, ZONE_38)[0] / planar_area_m2(square, ZONE_38)[0]
    assert (ratio - 1) * 1e6 == pytest.approx(ppm, abs=0.8)


def test_the_false_easting_does_not_matter() -> None:
    with_zone = _shapes(_square(500))
    without = transform(with_zone, ZONE_38, CM_114)
    assert ellipsoidal_area_m2(without, CM_114)[0] == pytest.approx(
        ellipsoidal_area_m2(with_zone, ZONE_38)[0], abs=1e-6
    )


def _ring(shape: shapely.Polygon) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    coordinates = shapely.get_coordinates(shape)
    return coordinates[:, 0], coordinates[:, 1], np.zeros(len(coordinates), dtype=np.int64)


@pytest.mark.parametrize("reference", [60.0, 114.0, 0.0])
def test_the_reference_meridian_cancels(reference: float) -> None:
    lon, lat, ring = _ring(shapely.Polygon([(113.38, 22.52), (113.392, 22.521), (113.385, 22.533)]))
    own = ring_area_m2(lon, lat, ring, 1)
    assert ring_area_m2(lon, lat, ring, 1, reference_deg=reference) == pytest.approx(own, abs=1e-4)


def test_holes_are_taken_off_and_parts_added_whatever_their_direction() -> None:
    outer, hole, island = _square(1_000), shapely.box(X0 + 100, Y0 + 100, X0 + 300, Y0 + 300), _square(50)
    island = shapely.transform(island, lambda c: c + np.array([5_000.0, 0.0]))
    single = ellipsoidal_area_m2(_shapes(outer, hole, island), ZONE_38)
    expected = single[0] - single[1] + single[2]
    clockwise, hole_ring = outer.exterior.coords[::-1], list(hole.exterior.coords)
    for exterior in (list(outer.exterior.coords), list(clockwise)):
        for interior in (hole_ring, hole_ring[::-1]):
            shape = shapely.MultiPolygon([shapely.Polygon(exterior, [interior]), island])
            assert ellipsoidal_area_m2(_shapes(shape), ZONE_38)[0] == pytest.approx(expected, abs=1e-6)
            assert geodesic_area_m2(_shapes(shape), ZONE_38)[0] == pytest.approx(expected, abs=2e-3)


def test_missing_is_not_zero_and_empty_is() -> None:
    shapes = _shapes(None, shapely.Polygon(), shapely.from_wkt("GEOMETRYCOLLECTION EMPTY"), _square(20), None)
    for areas in (
        planar_area_m2(shapes, ZONE_38),
        ellipsoidal_area_m2(shapes, ZONE_38),
        geodesic_area_m2(shapes, ZONE_38),
    ):
        assert np.isnan(areas[[0, 4]]).all()
        assert (areas[[1, 2]] == 0).all()
        assert areas[3] == pytest.approx(400, abs=0.05)
    assert len(ellipsoidal_area_m2(_shapes(), ZONE_38)) == 0
    assert np.isnan(ellipsoidal_area_m2(_shapes(None), ZONE_38)).all()


@pytest.mark.parametrize("wkt", ["POINT(1 1)", "LINESTRING(0 0,1 1)", "MULTIPOINT(0 0,1 1)"])
@pytest.mark.parametrize("function", [planar_area_m2, ellipsoidal_area_m2, geodesic_area_m2])
def test_points_and_lines_have_no_area(function: Any, wkt: str) -> None:
    with pytest.raises(GeometryError, match="2"):
        function(_shapes(_square(20), shapely.from_wkt(wkt)), ZONE_38)


def test_plane_area_is_refused_on_degrees_and_on_web_maps() -> None:
    cell = _shapes(shapely.box(113.38, 22.52, 113.39, 22.53))
    for crs in (4490, 4326, 3857):
        with pytest.raises(CrsError):
            planar_area_m2(cell, parse_crs(crs))


def test_the_basis_decides_and_a_recorded_area_is_not_measured() -> None:
    square = _shapes(_square(100))
    assert measure(square, ZONE_38, AreaBasis.PLANAR)[0] == pytest.approx(10_000)
    assert measure(square, ZONE_38, AreaBasis.ELLIPSOIDAL)[0] == pytest.approx(9_998.9967, abs=1e-4)
    for basis in (AreaBasis.RECORDED, AreaBasis.NONE):
        with pytest.raises(UsageError):
            measure(square, ZONE_38, basis)


def test_coordinates_that_cannot_be_are_refused() -> None:
    wrong = _shapes(shapely.box(113.38, 95.0, 113.39, 96.0))
    with pytest.raises(CrsError):
        planar_area_m2(transform(wrong, DEGREES, CM_114), CM_114)
    with pytest.raises(CrsError):
        ellipsoidal_area_m2(_shapes(shapely.box(np.inf, 0, 1, 1)), CM_114)
    with np.errstate(invalid="ignore"):
        broken = _shapes(shapely.Polygon([(X0, Y0), (X0 + 9, Y0), (np.nan, Y0 + 9)]))
    for function in (planar_area_m2, ellipsoidal_area_m2, geodesic_area_m2):
        with pytest.raises(GeometryError):
            function(broken, ZONE_38)


LON, LAT = st.floats(113.1, 113.7), st.floats(22.2, 22.7)
SIZE = st.floats(0.0005, 0.05)


@settings(deadline=None)
@given(LON, LAT, SIZE, SIZE, st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_parts_cut_along_meridian_and_parallel_add_up(
    lon: float, lat: float, width: float, height: float, east: float, north: float
) -> None:
    right, top = lon + width, lat + height
    cut_x, cut_y = lon + east * width, lat + north * height
    pieces = _shapes(
        shapely.box(lon, lat, right, top),
        shapely.box(lon, lat, cut_x, cut_y),
        shapely.box(cut_x, lat, right, cut_y),
        shapely.box(lon, cut_y, cut_x, top),
        shapely.box(cut_x, cut_y, right, top),
    )
    areas = ellipsoidal_area_m2(pieces, DEGREES)
    assert areas[1:].sum() == pytest.approx(areas[0], abs=1e-6, rel=1e-11)


POLYGON = st.lists(st.floats(0.3, 1.0), min_size=3, max_size=12)


def _star(radii: list[float], x: float, y: float, radius: float) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    size = radius * np.asarray(radii)
    return shapely.Polygon(np.column_stack([x + size * np.cos(angle), y + size * np.sin(angle)]))


@settings(deadline=None)
@given(POLYGON, st.floats(38_407_000, 38_479_000), st.floats(2_456_300, 2_522_000), st.floats(5, 50))
def test_small_parcels_agree_with_the_geodesic_area(
    radii: list[float], x: float, y: float, radius: float
) -> None:
    # Edges up to 87 m; over long slanting edges the two part by nature (the published triangles).
    shape = _shapes(_star(radii, x, y, radius))
    official, check = ellipsoidal_area_m2(shape, ZONE_38)[0], geodesic_area_m2(shape, ZONE_38)[0]
    assert abs(official - check) <= max(0.01, 1e-6 * official)


@settings(deadline=None)
@given(POLYGON, st.integers(0, 11), st.booleans())
def test_where_a_ring_starts_and_turns_does_not_matter(
    radii: list[float], start: int, backwards: bool
) -> None:
    shape = _star(radii, X0, Y0, 300)
    corners = list(shape.exterior.coords)[:-1]
    start %= len(corners)
    turned = corners[start:] + corners[:start]
    other = shapely.Polygon(turned[::-1] if backwards else turned)
    first, second = ellipsoidal_area_m2(_shapes(shape, other), ZONE_38)
    assert second == pytest.approx(first, abs=1e-6)


def _slow_official(shape: shapely.Polygon) -> float:
    """The formula as the rule writes it, vertex by vertex, from 60 degrees east."""
    to_degrees = pyproj.Transformer.from_crs(4526, 4490, always_xy=True)
    a, b = 6378137.0, 6356752.314140356
    e2 = (a * a - b * b) / (a * a)
    series = (
        1 + 3 / 6 * e2 + 30 / 80 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4,
        1 / 6 * e2 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4,
        3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4,
        1 / 112 * e2**3 + 45 / 2304 * e2**4,
        5 / 2304 * e2**4,
    )
    total = 0.0
    for sign, ring in [(1, shape.exterior), *((-1, hole) for hole in shape.interiors)]:
        points = [np.radians(to_degrees.transform(x, y)) for x, y in ring.coords]
        ring_sum = 0.0
        for (l1, b1), (l2, b2) in pairwise(points):
            d_l, d_b, b_m = (l1 + l2) / 2 - np.radians(60.0), b2 - b1, (b1 + b2) / 2
            s_a, s_b, s_c, s_d, s_e = (
                c * np.sin(k * d_b / 2) * np.cos(k * b_m)
                for c, k in zip(series, (1, 3, 5, 7, 9), strict=True)
            )
            ring_sum += 2 * b**2 * d_l * (s_a - s_b + s_c - s_d + s_e)
        total += sign * abs(ring_sum)
    return total


def test_many_shapes_at_once_equal_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    shapes = [
        _star(list(rng.uniform(0.3, 1, rng.integers(3, 30))), X0 + 2_000 * i, Y0 + 500 * i, 400)
        for i in range(40)
    ]
    shapes = [
        shapely.Polygon(s.exterior, [_star([0.5] * 5, X0 + 2_000 * i, Y0 + 500 * i, 100).exterior])
        for i, s in enumerate(shapes)
    ]
    expected = [_slow_official(shape) for shape in shapes]
    for block in (1_000_000, 50, 1):
        monkeypatch.setattr(area, "_BLOCK_VERTICES", block)
        got = ellipsoidal_area_m2(_shapes(*shapes), ZONE_38)
        # 1e-4: the slow way loses digits to the far meridian.
        assert got == pytest.approx(expected, abs=1e-4)


@pytest.mark.real_data
def test_a_real_citys_land_use(shared_data: Path) -> None:
    import geopandas

    frame = geopandas.read_file(shared_data / "xinwu" / "xinwu_land_use.gpkg")
    shapes, crs = np.asarray(frame.geometry.values, dtype=object), parse_crs(frame.crs)
    # The file's own plane areas, computed by its makers.
    assert planar_area_m2(shapes, crs) == pytest.approx(frame["area_m2"].to_numpy(), abs=1e-6)
    official, check = ellipsoidal_area_m2(shapes, crs), geodesic_area_m2(shapes, crs)
    # Neighbours share their edges, so what one gains another loses.
    assert official.sum() == pytest.approx(check.sum(), rel=1e-7)
    # With vertices every 20 m the course of the edges no longer matters, and parcel by parcel the two agree.
    dense = shapely.segmentize(shapes, 20.0)
    official, check = ellipsoidal_area_m2(dense, crs), geodesic_area_m2(dense, crs)
    assert (np.abs(official - check) <= np.maximum(0.01, 1e-6 * official)).all()
