"""Narrow ground that is open at its ends: told once with its area, and never where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, affinity

from layers.checking.model import CheckReport
from tests.layers.checking.check_samples import box, check, found

GAP = "topology.gap"


def gaps(shapes: list[Any], **how: Any) -> list[tuple[int, int, float | None]]:
    return found(check(shapes, **how), GAP)


def width(report: CheckReport) -> str:
    (number,) = report.numbers(GAP)
    return report.finding(number).value


@settings(max_examples=20, deadline=None)
@given(st.floats(0.02, 0.45), st.floats(10.0, 300.0), st.floats(0.0, 360.0))
def test_a_slit_between_two_parcels_is_told_once_with_its_area(wide: float, long: float, turn: float) -> None:
    pair = [box(0, 0, 50, long), box(50 + wide, 0, 100, long)]
    turned = [affinity.rotate(shape, turn, origin=(50, 0)) for shape in pair]
    ((row, other, area),) = gaps(turned)
    assert (row, other) == (0, 1)
    assert area == pytest.approx(wide * long, abs=2e-3)
    # both corners of the first parcel belong to its outline only, however the second one is drawn
    assert gaps([turned[0], shapely.reverse(turned[1])])[0][2] == pytest.approx(wide * long, abs=2e-3)


def test_its_width_is_told() -> None:
    report = check([box(0, 0, 50, 100), box(50.2, 0, 100, 100)])
    assert "0.200" in width(report)
    assert "0.200" in report.finding(report.numbers(GAP)[0]).text


def test_a_slit_goes_round_a_corner() -> None:
    inner = box(0, 0, 50, 50)
    outer = Polygon([(50.2, 0), (100, 0), (100, 100), (0, 100), (0, 50.2), (50.2, 50.2)])
    # two arms of 50 x 0.2 and the corner of 0.2 x 0.2
    assert gaps([inner, outer]) == [(0, 1, 20.04)]


def test_each_of_several_neighbours_has_its_own_slit() -> None:
    row = [box(50.2, 30 * i, 100, 30 * i + 30) for i in range(3)]
    assert gaps([box(0, 0, 50, 90), *row]) == [(0, 1, 6.0), (0, 2, 6.0), (0, 3, 6.0)]


def test_a_feature_that_lies_in_a_slit_is_no_part_of_it() -> None:
    between = box(50, 20, 50.2, 40)
    assert gaps([box(0, 0, 50, 100), box(50.2, 0, 100, 100), between]) == [(0, 1, 12.0), (0, 1, 4.0)]


def test_what_is_closed_at_its_ends_is_told_once() -> None:
    frame = [box(0, 0, 100, 10), box(0, 10.2, 100, 20), box(0, 10, 1, 10.2), box(99, 10, 100, 10.2)]
    assert gaps(frame) == [(0, 1, 19.6)]


def test_a_slit_from_the_edge_of_a_coverage_is_told_with_a_land_survey_too() -> None:
    pair = [box(0, 0, 50, 100), Polygon([(50, 0), (100, 0), (100, 100), (50.3, 100), (50, 60)])]
    # a wedge, 0.3 m wide at its mouth and 40 m long
    ((_row, _other, area),) = gaps(pair, kind_key="territorial_plan", values={"class_code": ["0701"] * 2})
    assert area == pytest.approx(6.0, abs=5e-3)


@pytest.mark.parametrize(
    "shapes",
    [
        # farther apart than the width
        [box(0, 0, 50, 100), box(50.51, 0, 100, 100)],
        # corners near each other
        [box(0, 0, 50, 50), box(50.1, 50.1, 100, 100)],
        # a street that opens from a corner
        [box(0, 0, 50, 100), Polygon([(50, 0), (100, 0), (100, 100), (70, 100)])],
        # a T: the long side has no vertex where the two others meet
        [box(0, 0, 50, 100), box(50, 0, 100, 40), box(50, 40, 100, 100)],
        # an inlet of one feature
        [Polygon([(0, 0), (50, 0), (50, 49.8), (20, 49.8), (20, 50), (50, 50), (50, 100), (0, 100)])],
        # an overlap
        [box(0, 0, 50, 100), box(49.8, 0, 100, 100)],
    ],
)
def test_what_is_no_slit_is_silent(shapes: list[Any]) -> None:
    assert gaps(shapes) == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 6))
def test_coverages_with_t_junctions_along_crooked_roads_are_silent(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    middle = [(50.0, 0.0), (50 + rng.uniform(-5, 5), 50.0), (50.0, 100.0)]
    line = shapely.LineString(middle)
    left = Polygon([(0, 0), *middle, (0, 100)])
    right = Polygon([(100, 0), *middle, (100, 100)])
    cuts = np.sort(rng.uniform(1, 99, count - 1))
    bands = zip([0.0, *cuts], [*cuts, 100.0], strict=True)
    parts = [shapely.intersection(right, box(0, low, 100, high)) for low, high in bands]
    assert line.length >= 100
    assert gaps([left, *parts]) == []
