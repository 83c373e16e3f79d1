"""The made-up city: towns of tiles, platforms of towns, land that fits together without gap or overlap."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.crs import parse_crs, transform_points
from layers.errors import InputError
from zsgis.demo import DEFAULT_SEED
from zsgis.demo.blocks import divide, set_back, share_line
from zsgis.demo.chance import smooth_noise, stream, uids
from zsgis.demo.city import City, make_city
from zsgis.demo.joining import join_groups
from zsgis.demo.platforms import share_tiles
from zsgis.demo.seeds import read_parts, read_towns
from zsgis.demo.towns import TILE_M, lay_tiles
from zsgis.plan.starter import platform_compositions, towns

TILE_M2 = 1500.0 * 1500.0
SQUARE = np.array([[[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]]])


@pytest.fixture(scope="module")
def city() -> City:
    return make_city(DEFAULT_SEED)


def test_all_23_towns_are_there_and_hold_their_own_points(city: City) -> None:
    assert city.towns.names == tuple(town.name for town in towns())
    assert len(city.towns.names) == 23
    # 小榄 has two points, its own and that of 东升, which was merged into it
    assert len(city.towns.points) == 24
    assert (city.tiles.town_at(*city.towns.points.T) == city.towns.point_town).all()


def test_the_city_has_about_its_published_size(city: City) -> None:
    tiles = (city.tiles.town >= 0).sum()
    # 1783.67 km2 are published; whole tiles of 2.25 km2 and filled notches leave it within one hundredth
    assert tiles * TILE_M2 == pytest.approx(1783.67e6, rel=0.01)


def test_every_town_comes_near_its_target_area(city: City) -> None:
    count = np.bincount(city.tiles.town[city.tiles.town >= 0], minlength=23)
    target = city.towns.area_target_m2 / city.towns.area_target_m2.sum() * 1783.67e6 / TILE_M2
    # claims stop within a tile or two of the target (4 % smaller at first); filling notches adds a few
    assert np.abs(count - target).max() <= 6


def test_every_town_and_platform_is_in_one_piece(city: City) -> None:
    for owner, numbers in ((city.tiles.town, range(23)), (city.tile_platform, range(7))):
        for number in numbers:
            row, column = np.nonzero(owner == number)
            joined = shapely.union_all(shapely.box(column, row, column + 1, row + 1))
            assert joined.geom_type == "Polygon"


def test_town_outlines_are_stepped_along_the_tiles(city: City) -> None:
    """Nobody may take them for real: each vertex lies on a line of the tile grid."""
    _town, outlines = join_groups(city.faces.geometry, city.face_town)
    vertex = shapely.get_coordinates(outlines) - [city.tiles.west, city.tiles.south]
    off_line = np.abs(vertex / TILE_M - np.round(vertex / TILE_M)).min(axis=1)
    assert off_line.max() == 0.0


def test_platforms_take_the_towns_of_their_composition_only(city: City) -> None:
    for index, composition in enumerate(city.compositions):
        taken = {city.towns.names[k] for k in np.unique(city.tiles.town[city.tile_platform == index])}
        assert taken == {member.town for member in composition.members}


def test_a_town_in_one_platform_as_a_whole_gives_the_rest_to_it(city: City) -> None:
    torch = [c.platform for c in city.compositions].index("torch")
    own = city.tile_platform[city.tiles.town == city.towns.names.index("民众街道")]
    assert (own == torch).all()
    shared = city.tile_platform[city.tiles.town == city.towns.names.index("中山港街道")]
    assert (shared == torch).any()
    assert (shared >= 0).all()


def test_a_part_without_a_size_is_refused() -> None:
    seeds = read_towns()
    parts = tuple(part for part in read_parts() if part.town != "大涌镇")
    with pytest.raises(InputError, match="大涌镇"):
        share_tiles(lay_tiles(seeds), seeds, platform_compositions(), parts)


def test_the_land_is_a_true_coverage(city: City) -> None:
    assert shapely.coverage_is_valid(city.faces.geometry)
    assert shapely.is_valid(city.faces.geometry).all()


def test_the_land_fills_the_tiles_exactly(city: City) -> None:
    """Areas have ten digits before the point at most: doubles sum them well below 0.01 m2."""
    count = np.bincount(city.tiles.town[city.tiles.town >= 0], minlength=23)
    per_town = np.bincount(city.face_town, weights=city.area_m2, minlength=23)
    assert np.abs(per_town - count * TILE_M2).max() < 0.005
    assert abs(city.area_m2.sum() - count.sum() * TILE_M2) < 0.005


def test_no_face_crosses_a_border_between_towns(city: City) -> None:
    town, outlines = join_groups(city.faces.geometry, city.face_town)
    for number, outline in zip(town, outlines, strict=True):
        row, column = np.nonzero(city.tiles.town == number)
        west, south = city.tiles.west + column * TILE_M, city.tiles.south + row * TILE_M
        tiles = shapely.union_all(shapely.box(west, south, west + TILE_M, south + TILE_M))
        assert shapely.equals(outline, tiles)


def test_coordinates_are_rounded_to_a_millimetre(city: City) -> None:
    vertex = shapely.get_coordinates(city.faces.geometry)
    assert np.abs(vertex - np.round(vertex, 3)).max() == 0.0


def test_no_slivers_are_left(city: City) -> None:
    # a third of a mu, 222 m2, is the least that anybody would draw
    assert city.area_m2.min() > 222.0


def test_about_20000_polygons_all_with_a_code(city: City) -> None:
    assert 19_000 <= city.area_m2.size <= 22_500
    assert all(len(code) in (4, 6) for code in city.class_code)


def test_two_seeds_give_two_cities(city: City) -> None:
    other = make_city(DEFAULT_SEED + 1)
    assert other.area_m2.size != city.area_m2.size
    assert shapely.coverage_is_valid(other.faces.geometry)
    assert abs(other.area_m2.sum() - city.area_m2.sum()) < 0.01


def test_the_town_points_are_where_geonames_has_them() -> None:
    seeds = read_towns()
    lon, lat = transform_points(*seeds.points.T, parse_crs("EPSG:4547"), parse_crs("EPSG:4326"))
    # 古镇 by GeoNames: 113.17498 E, 22.61522 N
    first = list(seeds.point_town).index(seeds.names.index("古镇镇"))
    assert lon[first] == pytest.approx(113.17498, abs=1e-6)
    assert lat[first] == pytest.approx(22.61522, abs=1e-6)


def test_setting_a_square_back_from_its_streets() -> None:
    inner = set_back(SQUARE, np.array([10.0]))
    assert shapely.equals(shapely.polygons(inner)[0], shapely.box(10.0, 10.0, 90.0, 90.0))


def test_dividing_a_square_in_two_by_two() -> None:
    parts = shapely.polygons(divide(SQUARE, 2, 2))
    assert list(shapely.area(parts)) == [2500.0] * 4
    assert shapely.equals(shapely.union_all(parts), shapely.box(0.0, 0.0, 100.0, 100.0))


@given(counts=st.lists(st.integers(1, 12), min_size=1, max_size=20), seed=st.integers(0, 1000))
def test_shares_of_a_line_follow_each_other_from_0_to_1(counts: list[int], seed: int) -> None:
    group, start, end = share_line(np.array(counts), np.random.default_rng(seed), 0.4)
    assert np.bincount(group).tolist() == counts
    for number in range(len(counts)):
        own = group == number
        assert start[own][0] == 0.0
        assert end[own][-1] == 1.0
        assert (start[own][1:] == end[own][:-1]).all()
        assert (end[own] > start[own]).all()


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_noise_stays_between_0_and_1_and_repeats(seed: int) -> None:
    place = np.linspace(-5000.0, 5000.0, 60)
    noise = smooth_noise(seed, "test", place, place[::-1], 700.0)
    assert (noise >= 0.0).all()
    assert (noise <= 1.0).all()
    assert (noise == smooth_noise(seed, "test", place, place[::-1], 700.0)).all()
    # the steepest blend of 0 to 1 over 700 m is 1.5/700 per metre and axis
    assert np.abs(np.diff(noise)).max() <= 2 * 1.5 / 700.0 * (place[1] - place[0])


def test_subjects_draw_from_streams_of_their_own() -> None:
    assert stream(1, "a").random() == stream(1, "a").random()
    assert stream(1, "a").random() != stream(1, "b").random()
    assert stream(1, "a").random() != stream(2, "a").random()


def test_identifiers_are_uuid_version_7_and_all_different() -> None:
    made = uids(7, "land_use", 500)
    assert len(set(made)) == 500
    assert made == uids(7, "land_use", 500)
    assert not set(made) & set(uids(7, "towns", 500))
    # RFC 9562: digit 13 is the version, digit 17 one of 8, 9, a, b; the date leads:
    # 2021-12-31 is day 18992, 18992 * 86 400 000 ms = 1 640 908 800 000 = 0x017e0df4c400
    assert {uid[14] for uid in made} == {"7"}
    assert {uid[19] for uid in made} <= set("89ab")
    assert {uid[:13] for uid in made} == {
        f"{1_640_908_800_000:012x}"[:8] + "-" + f"{1_640_908_800_000:012x}"[8:]
    }


def test_joining_keeps_the_area_and_every_vertex_of_the_outline() -> None:
    squares = np.array([shapely.box(i, 0, i + 1, 1) for i in range(4)], dtype=object)
    keys, joined = join_groups(squares, np.array([5, 5, 2, 2]))
    assert keys.tolist() == [2, 5]
    assert shapely.area(joined).tolist() == [2.0, 2.0]
    # the point between the two squares of a group stays on the outline, so that neighbours still fit
    assert shapely.coverage_is_valid(np.array([joined[0], squares[0], squares[1]], dtype=object))
    assert {(3.0, 0.0), (3.0, 1.0)} <= set(map(tuple, shapely.get_coordinates(joined[0])))
