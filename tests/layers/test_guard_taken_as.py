"""What coordinates are taken as: the one line that says it, and what is done to the coordinates then."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.crs import parse_crs, transform_points
from layers.datums import central_meridian
from layers.errors import CrsError
from layers.gcj02 import from_bd09, to_bd09, to_gcj02
from layers.guard import Shift, apply, describe, parse_taken_as
from layers.guard.placing import moved

# domain facts, section 5b: true, GCJ-02, BD-09
SHIFTED = (
    (113.38, 22.52, 113.38547453702452, 22.517302300583502, 113.39191015968704, 22.523545662872937),
    (113.20, 22.66, 113.20533352, 22.65718736, 113.21186418, 22.66293941),
    (113.60, 22.56, 113.60503797, 22.55694594, 113.61155223, 22.56285776),
    (113.45, 22.25, 113.45540445, 22.24729955, 113.46198137, 22.25297136),
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("4547", "4547"),
        ("EPSG:4526", "4526"),
        ("４５４７＋ｓｗａｐｐｅｄ", "4547+swapped"),
        ("gcj02", "gcj02"),
        ("BD09+swapped", "bd09+swapped"),
        ("3857+gcj02", "3857+gcj02"),
        ("4547+bd09", "4547+bd09"),
        ("gk:114.5", "gk:114.5:500000"),
        ("gk:113.4166:700000", "gk:113.4166:700000"),
        ("gk:114", "4547"),
        ("gk:114.5:500000:xian80", "gk:114.5:500000:xian80"),
        ("GK:113:500000:Beijing54", "gk:113:500000:beijing54"),
        ("utm49", "32649"),
        ("UTM 50N", "32650"),
        ("4547+mm+swapped", "4547+swapped+mm"),
        ("4547+offset:400000:2400000.5", "4547+offset:400000:2400000.5"),
        ("2383+with:中山 七参 2019", "2383+with:中山 七参 2019"),
        ("4526+swapped+km+offset:1e3:-2", "4526+swapped+km+offset:1000:-2"),
    ],
)
def test_one_line_says_all_and_is_read_back(text: str, written: str) -> None:
    taken_as = parse_taken_as(text)
    assert taken_as.text == written
    assert parse_taken_as(written) == taken_as


def test_a_systems_own_text_may_hold_plus_signs() -> None:
    taken_as = parse_taken_as("+proj=tmerc +lon_0=113.5 +x_0=500000 +ellps=GRS80 +units=m+swapped")
    assert taken_as.swapped
    assert central_meridian(taken_as.crs) == 113.5
    assert parse_taken_as(taken_as.text) == taken_as


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "“”"),
        ("中山坐标系", "“中山坐标系”"),
        ("4547+foo", "“4547+foo”"),
        ("gk:", "“”"),
        ("gk:abc", "“abc”"),
        ("gk:20", "20°"),
        ("gk:114:-5", "0"),
        ("gk:114.5:500000:mars", "mars"),
        ("4490+mm", "“4490+mm”"),
        ("4547+offset:x:2", "“x”"),
        ("4547+offset:1e99:2", "“1e99”"),
        ("utm99", "“utm99”"),
        ("5737", "“5737”"),
        ("4547" * 10_000, "“4547"),
    ],
)
def test_what_is_not_understood_is_named(text: str, names: str) -> None:
    with pytest.raises(CrsError) as refusal:
        parse_taken_as(text)
    assert names in refusal.value.what
    assert refusal.value.remedy


def test_in_an_officers_words() -> None:
    words = describe(parse_taken_as("4547+swapped+mm+offset:400000:2400000"))
    assert words == (
        "2000国家大地坐标系 3°带 中央经线114°，X、Y对调，单位 mm，东坐标加 400,000 米、北坐标加 2,400,000 米"
    )
    assert describe(parse_taken_as("bd09")) == "2000国家大地坐标系 经纬度，由 BD-09 偏移坐标还原"


@pytest.mark.parametrize(("lon", "lat", "gcj_lon", "gcj_lat", "bd_lon", "bd_lat"), SHIFTED)
def test_published_shifts_are_taken_off(
    lon: float, lat: float, gcj_lon: float, gcj_lat: float, bd_lon: float, bd_lat: float
) -> None:
    shown = to_bd09([lon], [lat])
    assert (shown[0][0], shown[1][0]) == pytest.approx((bd_lon, bd_lat), abs=6e-9)
    for text, x, y in (("gcj02", gcj_lon, gcj_lat), ("bd09", bd_lon, bd_lat)):
        applied = apply(parse_taken_as(text), shapely.points([[x, y]]))
        assert applied.crs.to_epsg() == 4490
        # the published figures have eight decimals
        assert shapely.get_coordinates(applied.geometry)[0] == pytest.approx((lon, lat), abs=1.1e-8)
        assert [note.code for note in applied.notes] == ["guard.shift"]


@given(st.floats(113.0, 114.0), st.floats(22.0, 23.0))
def test_the_way_back_from_bd09_is_exact(lon: float, lat: float) -> None:
    back_lon, back_lat = from_bd09(*to_bd09([lon], [lat]))
    assert back_lon[0] == pytest.approx(lon, abs=1e-12)
    assert back_lat[0] == pytest.approx(lat, abs=1e-12)


# domain facts, section 5a
@pytest.mark.parametrize(
    ("lon", "lat", "text", "first", "second"),
    [
        (113.38, 22.52, "4526", 38436212.615, 2491514.243),
        (113.38, 22.52, "4547", 436212.615, 2491514.243),
        (113.38, 22.52, "4508", 744907.964, 2493331.020),
        (113.38, 22.52, "4497", 19744907.964, 2493331.020),
        (113.1, 22.2, "4526", 38407192.198, 2456222.231),
        (113.8, 22.8, "4526", 38479465.379, 2522402.944),
        (113.38, 22.52, "4526+swapped", 2491514.243, 38436212.615),
        (113.38, 22.52, "4547+mm", 436212615.0, 2491514243.0),
        (113.38, 22.52, "4547+km+swapped", 2491.514243, 436.212615),
        (113.38, 22.52, "4547+swapped+offset:400000:2400000", 91514.243, 36212.615),
        (113.38, 22.52, "gk:114", 436212.615, 2491514.243),
    ],
)
def test_published_points_come_to_their_place(
    lon: float, lat: float, text: str, first: float, second: float
) -> None:
    applied = apply(parse_taken_as(text), shapely.points([[first, second]]))
    x, y = shapely.get_coordinates(applied.geometry)[0]
    there = transform_points([x], [y], applied.crs, parse_crs(4490))
    # half a millimetre of the published figures
    assert (there[0][0], there[1][0]) == pytest.approx((lon, lat), abs=6e-9)


@settings(deadline=None, max_examples=20)
@given(
    st.sampled_from(["3857", "4547", "4526"]),
    st.sampled_from([Shift.GCJ02, Shift.BD09]),
    st.floats(113.1, 113.8),
    st.floats(22.2, 22.8),
)
def test_a_shift_is_taken_off_in_a_plane_too(text: str, shift: Shift, lon: float, lat: float) -> None:
    crs = parse_crs(text)
    degrees = crs.geodetic_crs
    assert degrees is not None
    shifted = (to_gcj02 if shift is Shift.GCJ02 else to_bd09)([lon], [lat])
    shown = np.column_stack(transform_points(*shifted, degrees, crs))
    applied = apply(parse_taken_as(f"{text}+{shift}"), shapely.points(shown))
    true = np.column_stack(transform_points([lon], [lat], degrees, crs))
    assert shapely.get_coordinates(applied.geometry) == pytest.approx(true, abs=1e-5)


@pytest.mark.parametrize("text", ["4490+swapped", "4326+swapped", "4547+swapped"])
def test_exchanged_numbers_change_places(text: str) -> None:
    corners = [(22.5, 113.3), (22.6, 113.3), (22.6, 113.4)]
    flat, high = shapely.Polygon(corners), shapely.Polygon([(*corner, 7.0) for corner in corners])
    shapes = np.array([flat, None, high], dtype=object)
    put_right = moved(shapes, parse_taken_as(text))
    assert shapely.get_coordinates(put_right[0]).tolist()[:3] == [[113.3, 22.5], [113.3, 22.6], [113.4, 22.6]]
    assert shapely.get_coordinates(put_right[2], include_z=True)[1].tolist() == [113.3, 22.6, 7.0]
    assert put_right[1] is None
    assert shapes[0].equals(shapely.Polygon(corners))


def test_heights_holes_and_missing_shapes_stay() -> None:
    shell = [(1.0, 10.0, 5.0), (4.0, 10.0, 6.0), (4.0, 40.0, 7.0), (1.0, 10.0, 5.0)]
    shapes = np.array([shapely.Polygon(shell), None, shapely.Point(), shapely.Point(2, 3)], dtype=object)
    applied = apply(parse_taken_as("4547+swapped"), shapes)
    assert shapely.get_coordinates(applied.geometry[0], include_z=True).tolist()[1] == [10.0, 4.0, 6.0]
    assert applied.geometry[1] is None
    assert applied.geometry[2].is_empty
    assert (applied.geometry[3].x, applied.geometry[3].y) == (3.0, 2.0)
    assert shapes[3].x == 2.0
    assert [note.code for note in applied.notes] == ["guard.swapped"]


def test_what_is_right_is_not_touched() -> None:
    shapes = np.array([shapely.Point(436212.615, 2491514.243)], dtype=object)
    applied = apply(parse_taken_as("4547"), shapes)
    assert applied.geometry is shapes
    assert applied.notes == ()
    assert applied.crs.to_epsg() == 4547
