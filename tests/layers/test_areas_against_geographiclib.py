"""Areas of polygons held against GeographicLib in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.area import ellipsoidal_area_m2, geodesic_area_m2
from layers.crs import parse_crs
from tests.geographiclib_truth import truth


def array(*shapes: Any) -> Any:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


@settings(max_examples=30)
@given(
    st.floats(75.0, 134.0),
    st.floats(3.0, 53.0),
    st.floats(1e-4, 0.05),
    st.lists(st.tuples(st.floats(0.3, 1.0), st.floats(0.2, 1.0)), min_size=3, max_size=12),
)
def test_any_polygon_in_china(
    longitude: float, latitude: float, reach: float, spokes: list[tuple[float, float]]
) -> None:
    turn = np.cumsum([step for _length, step in spokes])
    turn *= 2 * np.pi / turn[-1]
    length = reach * np.array([length for length, _step in spokes])
    corners = np.column_stack([longitude + length * np.cos(turn), latitude + length * np.sin(turn)])
    shape = shapely.Polygon(corners)
    if not shape.is_valid:
        return
    area, apart = truth(shape)
    degrees = parse_crs(4490)
    assert geodesic_area_m2(array(shape), degrees)[0] == pytest.approx(area, rel=1e-9, abs=2e-3)
    assert abs(ellipsoidal_area_m2(array(shape), degrees)[0] - area) <= apart + 2e-3


def test_a_rectangle_of_the_graticule_is_the_zone_between_its_parallels() -> None:
    # A meridian is a geodesic; of a parallel 2,000 points make one, to 2 x 2,000 x 10 m edges of 4e-6 m2.
    west, south, east, north, many = 113.3, 22.4, 113.5, 22.6, 2_000
    along = np.linspace(west, east, many)
    shape = shapely.Polygon(
        [*((x, south) for x in along.tolist()), *((x, north) for x in along[::-1].tolist())]
    )
    area, _apart = truth(shape)
    # the official formula of its four corners alone, edges straight in longitude and latitude
    official = ellipsoidal_area_m2(array(shapely.box(west, south, east, north)), parse_crs(4490))[0]
    # the formula's series ends at the eighth power of the eccentricity: 1e-9 of the area
    assert official == pytest.approx(area, rel=2e-9)
