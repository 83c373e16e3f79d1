"""Coordinates as people type them, against PROJ asked directly and the vectors of the domain tables."""

from __future__ import annotations

import csv
from pathlib import Path

import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.coordinates import ZHONGSHAN, on_map, places_of, typed_pair
from layers.crs import parse_crs
from layers.errors import CrsError
from layers.map_systems import gauss_kruger

CM_114 = parse_crs(4547)
# domain facts, table 5a
VECTORS = (
    (113.38, 22.52, 4526, 38436212.615, 2491514.243),
    (113.38, 22.52, 4547, 436212.615, 2491514.243),
    (113.38, 22.52, 4508, 744907.964, 2493331.020),
    (113.38, 22.52, 4497, 19744907.964, 2493331.020),
    (113.1, 22.2, 4526, 38407192.198, 2456222.231),
    (113.8, 22.8, 4526, 38479465.379, 2522402.944),
)


@pytest.mark.parametrize(
    "text",
    [
        "22.52, 113.38",
        "22.52 113.38",
        "113.38,22.52",
        "１１３．３８，２２．５２",
        "22.52N 113.38E",
        "E113.38 N22.52",
        "B 22.52  L 113.38",
        "22°31′12″N 113°22′48″E",
        "22°31'12.0\" 113°22'48.0\"",
        "113°22′48″，22°31′12″",
        "22-31-12 113-22-48",
        "22 31 12 113 22 48",
        "22 31.2 113 22.8",
        "22°31.2′ 113°22.8′",
        "北纬22度31分12秒，东经113度22分48秒",
        "纬度：22.52　经度：113.38",
        "x=113.38, y=22.52",
        "(22.52, 113.38)",
        "X=2491514.243 Y=436212.615",
        "X 436212.615, Y 2491514.243",
        "2491514.243\t436212.615",
        "436212.615 2491514.243",
        "2,491,514.243 436,212.615",
        "38436212.615，2491514.243",
        "Y=38436212.615；X=2491514.243",
        "２４９１５１４．２４３　３８４３６２１２．６１５",
        "2493331.020 744907.964",
        "19744907.964 2493331.020",
    ],
)
def test_every_usual_writing_of_one_place_is_that_place(text: str) -> None:
    (place,) = places_of(text, CM_114)
    # a millimetre is about 1e-8 degrees
    assert (place.longitude, place.latitude) == pytest.approx((113.38, 22.52), abs=2e-8)
    assert place.expected


@pytest.mark.parametrize(("lon", "lat", "epsg", "east", "north"), VECTORS)
def test_the_vectors_of_the_domain_tables_are_found_in_both_orders(
    lon: float, lat: float, epsg: int, east: float, north: float
) -> None:
    for text, exchanged in ((f"{north} {east}", False), (f"{east} {north}", True)):
        (place,) = places_of(text, parse_crs(epsg))
        assert place.crs.to_epsg() == epsg
        assert place.exchanged is exchanged
        assert (place.longitude, place.latitude) == pytest.approx((lon, lat), abs=2e-8)


def test_the_vectors_are_those_of_the_table() -> None:
    table = Path(__file__).resolve().parents[3] / "shared" / "domain" / "tables" / "s5a_1_lon.csv"
    if not table.is_file():
        pytest.skip("the domain tables are not beside the checkout")
    with table.open(encoding="utf-8") as file:
        rows = [tuple(float(value) for value in row.values()) for row in csv.DictReader(file)]
    assert rows == [tuple(float(value) for value in vector) for vector in VECTORS]


@given(
    st.floats(ZHONGSHAN[0], ZHONGSHAN[2]),
    st.floats(ZHONGSHAN[1], ZHONGSHAN[3]),
    st.sampled_from([4526, 4547, 4497, 4490]),
    st.booleans(),
)
def test_whatever_proj_gives_is_read_back(lon: float, lat: float, epsg: int, exchanged: bool) -> None:
    east, north = pyproj.Transformer.from_crs(4490, epsg, always_xy=True).transform(lon, lat)
    first, second = (east, north) if exchanged else (north, east)
    places = places_of(f"{first:.10f} {second:.10f}", None, ((113.0, 22.1, 113.9, 22.9),))
    assert any(abs(p.longitude - lon) < 1e-7 and abs(p.latitude - lat) < 1e-7 for p in places)
    assert len(places) == 1


def test_what_stays_open_is_offered_in_the_usual_order_first() -> None:
    first, second = places_of("30 40", CM_114)
    assert (first.latitude, first.longitude, first.exchanged) == (30, 40, False)
    assert (second.latitude, second.longitude, second.exchanged) == (40, 30, True)
    assert "次序" in second.description
    # where the map shows one of them, it is that one
    (only,) = places_of("30 40", CM_114, ((29.0, 39.0, 31.0, 41.0),))
    assert only.exchanged


def test_plane_coordinates_far_from_here_are_offered_for_each_meridian() -> None:
    places = places_of("X=4430000 Y=450000", CM_114)
    assert [place.crs.to_epsg() for place in places] == [4547, 4546]
    assert all(place.latitude == pytest.approx(40, abs=0.1) for place in places)


def test_a_map_about_another_meridian_is_asked_first() -> None:
    own = gauss_kruger(113.5)
    east, north = pyproj.Transformer.from_crs(4490, own, always_xy=True).transform(113.38, 22.52)
    # about 114° the same numbers would be half a degree further east, beyond where places are expected
    (place,) = places_of(f"X {north:.3f} Y {east:.3f}", own)
    assert place.crs == own
    assert (place.longitude, place.latitude) == pytest.approx((113.38, 22.52), abs=2e-8)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "中山市",
        "22.52",
        "22.52 113.38 7",
        "22°61′ 113°22′",
        "22.5-31-12 113-22-48",
        "N22.52 N113.38",
        "22.52; rm",
        "9999999999 5",
        "1" * 300,
        "nan nan",
        "2491514.243 48436212.615",
    ],
)
def test_what_is_no_place_is_none(text: str) -> None:
    assert places_of(text, CM_114) == ()


@given(st.text(max_size=80))
def test_any_text_is_read_or_not(text: str) -> None:
    for place in places_of(text, CM_114):
        assert -180 <= place.longitude <= 180
        assert -90 <= place.latitude <= 90


def test_south_and_west_count_down() -> None:
    pair = typed_pair("33°30′S 70°30′W")
    assert pair is not None
    assert (pair[0].value, pair[1].value) == (-33.5, -70.5)
    pair = typed_pair("-33.5, -70.5")
    assert pair is not None
    assert (pair[0].value, pair[1].value) == (-33.5, -70.5)


def test_a_place_is_brought_onto_the_map() -> None:
    (place,) = places_of("38436212.615 2491514.243", CM_114)
    assert on_map(place, CM_114) == pytest.approx((436212.615, 2491514.243), abs=1e-6)
    assert on_map(place, parse_crs(4490)) == pytest.approx((113.38, 22.52), abs=2e-8)
    with pytest.raises(CrsError):
        on_map(place, parse_crs(2383))
