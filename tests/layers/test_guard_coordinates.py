"""What coordinates are: told from digits, from what the file says, and asked where nothing can tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers.crs import parse_crs, transform_points
from layers.gcj02 import to_bd09, to_gcj02
from layers.guard import Aspect, Shift, judge_coordinates, parse_taken_as
from layers.guard.placing import place
from layers.guard.rules import coordinate_rules
from layers.guard.taken_as import local_system

DECIDED = ("4526", "4547", "4497", "4525", "4527")
OFFERED = ("4490", "4508", "32649", "32650", "4548", "3857", "gcj02", "bd09", "3857+gcj02")
LONGITUDES, LATITUDES = st.floats(113.105, 113.795), st.floats(22.205, 22.795)


def shown(taken: str, lon: float, lat: float) -> NDArray[np.float64]:
    """Return how a system writes a true place: one row, first number first."""
    taken_as = parse_taken_as(taken)
    x, y = np.array([lon]), np.array([lat])
    if taken_as.shift is Shift.GCJ02:
        x, y = to_gcj02(x, y)
    elif taken_as.shift is Shift.BD09:
        x, y = to_bd09(x, y)
    if taken_as.crs.is_projected:
        degrees = taken_as.crs.geodetic_crs
        assert degrees is not None
        x, y = transform_points(x, y, degrees, taken_as.crs)
    points = np.column_stack([x, y])
    return points[:, ::-1] if taken_as.swapped else points


def values(verdict: Any) -> list[str]:
    return [each.value for each in verdict.candidates]


# domain facts, section 5a
@pytest.mark.parametrize(
    ("lon", "lat", "taken", "east", "north", "sure"),
    [
        (113.38, 22.52, "4526", 38436212.615, 2491514.243, True),
        (113.38, 22.52, "4547", 436212.615, 2491514.243, True),
        (113.38, 22.52, "4508", 744907.964, 2493331.020, False),
        (113.38, 22.52, "4497", 19744907.964, 2493331.020, True),
        (113.1, 22.2, "4526", 38407192.198, 2456222.231, True),
        (113.8, 22.8, "4526", 38479465.379, 2522402.944, True),
    ],
)
def test_published_points_are_recognised(
    lon: float, lat: float, taken: str, east: float, north: float, sure: bool
) -> None:
    box = (113.0, 22.1, 113.9, 22.9)
    for points, order in (([east, north], ""), ([north, east], "+swapped")):
        verdict = judge_coordinates(np.array([points]), expected=box)
        assert verdict.aspect is Aspect.CRS
        first = verdict.candidates[0]
        assert (first.value, verdict.sure, first.in_box) == (taken + order, sure, True)
        assert first.extent is not None
        assert first.extent[:2] == pytest.approx((lon, lat), abs=1e-7)


def test_4546_is_4508_under_another_name() -> None:
    points = shown("4546", 113.38, 22.52)
    assert judge_coordinates(points).candidates[0].value == "4508"
    verdict = judge_coordinates(points, crs=parse_crs(4546))
    assert verdict.sure


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(DECIDED + OFFERED), st.booleans(), LONGITUDES, LATITUDES)
def test_any_place_in_the_city_is_recognised_and_no_wrong_system_is_sure(
    taken: str, swapped: bool, lon: float, lat: float
) -> None:
    own = taken + ("+swapped" if swapped else "")
    points = shown(own, lon, lat)
    verdict = judge_coordinates(points)
    assert own in values(verdict)
    right = next(each for each in verdict.candidates if each.value == own)
    assert right.extent is not None
    assert right.extent[:2] == pytest.approx((lon, lat), abs=1e-8)
    if taken in DECIDED:
        assert verdict.sure
        assert verdict.chosen is right
        assert any("西安" in text for text in verdict.warnings)
    else:
        assert not verdict.sure
        assert verdict.chosen is None


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from((*DECIDED, *OFFERED)),
    st.sampled_from(("4526", "4547", "4497", "4508", "4546", "32649", "3857", "4326", "4490", "4549")),
    st.booleans(),
    LONGITUDES,
    LATITUDES,
)
def test_a_statement_that_the_numbers_contradict_is_never_sure(
    written: str, stated: str, swapped: bool, lon: float, lat: float
) -> None:
    points = shown(written + ("+swapped" if swapped else ""), lon, lat)
    verdict = judge_coordinates(points, crs=parse_crs(stated))
    said = parse_taken_as(stated)
    fits = place(said, points).share_inside(coordinate_rules().expected) == 1.0
    assert verdict.sure == fits
    if fits:
        assert parse_taken_as(verdict.candidates[0].value).crs.equals(said.crs, ignore_axis_order=True) or (
            {verdict.candidates[0].value, stated} == {"4508", "4546"}
        )


def test_a_wrong_zone_is_told_with_the_place_it_leads_to() -> None:
    verdict = judge_coordinates(shown("4547", 113.38, 22.52), crs=parse_crs(4546))
    assert not verdict.sure
    assert values(verdict)[0] == "4547"
    stated = next(each for each in verdict.candidates if not each.in_box)
    assert "110.38°E 22.52°N" in stated.reason


def test_exchanged_columns_under_a_right_statement_are_asked() -> None:
    verdict = judge_coordinates(shown("4547+swapped", 113.38, 22.52), crs=parse_crs(4547))
    assert not verdict.sure
    assert values(verdict)[0] == "4547+swapped"
    assert "4547" in values(verdict)


def test_data_elsewhere_is_believed_within_its_own_area_with_a_word() -> None:
    wuxi = transform_points([120.3], [31.5], parse_crs(4490), parse_crs(32650))
    verdict = judge_coordinates(np.column_stack(wuxi), crs=parse_crs(32650))
    assert verdict.sure
    assert verdict.candidates[0].value == "32650"
    assert "120.30°E 31.50°N" in verdict.warnings[0]
    far = np.array([[500_000.0, 9_000_000.0]])
    assert not judge_coordinates(far, crs=parse_crs(4547)).sure


def test_a_phones_degrees_are_taken_with_a_warning() -> None:
    points = shown("4326", 113.38, 22.52)
    assert not judge_coordinates(points).sure
    verdict = judge_coordinates(points, crs=parse_crs(4326))
    assert verdict.sure
    assert verdict.candidates[0].value == "4326"
    assert "4490" not in values(verdict)
    assert {"gcj02", "bd09"} <= set(values(verdict))
    assert "GCJ-02" in verdict.warnings[0]


def test_legacy_datums_are_always_offered_and_need_parameters() -> None:
    verdict = judge_coordinates(shown("4547", 113.38, 22.52))
    assert values(verdict) == ["4547", "2383", "2435"]
    assert [each.needs_parameters for each in verdict.candidates] == [False, True, True]
    assert [each.extent_uncertainty_m for each in verdict.candidates] == [0.0, 300.0, 300.0]
    by_file = judge_coordinates(shown("4547", 113.38, 22.52), crs=parse_crs(2383))
    assert by_file.sure
    assert by_file.candidates[0].needs_parameters


@pytest.mark.parametrize(
    ("stated", "first", "sure"),
    [
        ({"坐标系": "2000国家大地坐标系", "几度分带": "3", "带号": "38"}, "4547", True),
        ({"坐标系": "80国家大地坐标系", "几度分带": "3", "带号": "38"}, "2383", True),
        ({"坐标系": "1954年北京坐标系"}, "2435", True),
        ({"坐标系": "西安80", "中央经线": "114"}, "2383", True),
        ({"坐标系": "2000国家大地坐标系", "几度分带": "3", "带号": "37"}, "4547", False),
        ({"数据产生日期": "2012-03-01"}, "4547", False),
        ({"数据产生日期": "2021年3月1日"}, "4547", True),
        ({"坐标系": "WGS84"}, "4547", False),
    ],
)
def test_the_files_words_decide_the_datum(stated: dict[str, str], first: str, sure: bool) -> None:
    verdict = judge_coordinates(shown("4547", 113.38, 22.52), stated=stated)
    assert (verdict.candidates[0].value, verdict.sure) == (first, sure)


def test_a_local_meridian_is_found_and_asked() -> None:
    # about 112.5°, 113.38° lies 90 km east: 590 km, where the 114° zone has Hong Kong
    x, y = transform_points([113.38], [22.52], parse_crs(4490), local_system(112.5))
    verdict = judge_coordinates(np.column_stack([x, y]))
    assert not verdict.sure
    assert "gk:112.5:500000" in values(verdict)
    found = next(each for each in verdict.candidates if each.value == "gk:112.5:500000")
    assert found.extent is not None
    assert found.extent[:2] == pytest.approx((113.38, 22.52), abs=1e-8)


@pytest.mark.parametrize(
    ("points", "value"),
    [
        ([36212.615, 91514.243], "4547+offset:400000:2400000"),
        ([436212.615, 491514.243], "4547+offset:0:2000000"),
        ([91514.243, 36212.615], "4547+swapped+offset:400000:2400000"),
        ([436212615.0, 2491514243.0], "4547+mm"),
        ([43621261.5, 249151424.3], "4547+cm"),
        ([436.212615, 2491.514243], "4547+km"),
        ([2491514243.0, 38436212615.0], "4526+swapped+mm"),
    ],
)
def test_cut_digits_and_other_units_are_told_and_asked(points: list[float], value: str) -> None:
    verdict = judge_coordinates(np.array([points]))
    assert not verdict.sure
    found = verdict.find(value)
    assert found is not None
    assert found.extent is not None
    assert found.extent[:2] == pytest.approx((113.38, 22.52), abs=1e-6)


def test_data_elsewhere_that_says_nothing_is_offered_with_its_places() -> None:
    # a place in Guangxi: 108.3°E 22.8°N, zone 36 of three degrees
    points = np.column_stack(transform_points([108.3], [22.8], parse_crs(4490), parse_crs(4524)))
    for numbers, order in ((points, ""), (points[:, ::-1], "+swapped")):
        verdict = judge_coordinates(numbers)
        assert not verdict.sure
        first = verdict.candidates[0]
        assert (first.value, first.in_box) == ("4524" + order, False)
        assert "108.30°E 22.80°N" in first.reason
    degrees = judge_coordinates(np.array([[108.3, 22.8]]))
    assert (values(degrees), degrees.sure) == (["4490"], False)
    six_digits = judge_coordinates(np.array([[436_212.0, 4_491_514.0]]))
    assert not six_digits.sure
    assert {"4547", "4508", "32649"} <= set(values(six_digits))
    worded = judge_coordinates(points, stated={"坐标系": "2000国家大地坐标系", "带号": "36"})
    assert (worded.candidates[0].value, worded.sure) == ("4524", False)


def test_a_neighbouring_citys_data_is_offered_beside_a_meridian_of_its_own() -> None:
    points = np.column_stack(transform_points([112.9], [22.5], parse_crs(4490), parse_crs(4547)))
    verdict = judge_coordinates(points)
    assert not verdict.sure
    assert "4547" in values(verdict)
    assert any(value.startswith("gk:") for value in values(verdict))


def test_numbers_that_lie_nowhere_have_no_candidate() -> None:
    nonsense = judge_coordinates(np.array([[-7.7e8, 3.3e11]]))
    assert (nonsense.sure, nonsense.candidates, nonsense.chosen, nonsense.likeliest) == (
        False,
        (),
        None,
        None,
    )


def test_where_there_is_no_shape_the_files_word_stands() -> None:
    verdict = judge_coordinates(np.zeros((0, 2)), crs=parse_crs(2383))
    assert verdict.sure
    assert (verdict.candidates[0].value, verdict.candidates[0].needs_parameters) == ("2383", True)


def test_one_stray_vertex_does_not_hide_the_system() -> None:
    points = np.repeat(shown("4547", 113.38, 22.52), 100, axis=0)
    points[0] = 0.0
    assert judge_coordinates(points).sure
    points[:5] = 0.0
    assert not judge_coordinates(points).sure


def test_a_verdict_as_plain_values() -> None:
    plain = judge_coordinates(shown("gcj02", 113.38, 22.52)).to_json()
    assert plain["sure"] is False
    assert plain["chosen"] is None
    assert plain["candidates"][1]["value"] == "gcj02"
    assert plain["candidates"][1]["shift"] == "gcj02"
    assert plain["candidates"][1]["extent"][:2] == pytest.approx([113.38, 22.52], abs=1e-9)


def test_heights_and_systems_without_a_place_are_no_statement() -> None:
    points = shown("4547", 113.38, 22.52)
    compound = judge_coordinates(points, crs=pyproj.CRS("EPSG:4547+5737"))
    assert (compound.sure, compound.candidates[0].value) == (True, "4547")
    drawing = pyproj.CRS.from_wkt('LOCAL_CS["Unknown",UNIT["metre",1],AXIS["X",EAST],AXIS["Y",NORTH]]')
    assert judge_coordinates(points, crs=drawing).to_json() == judge_coordinates(points).to_json()
