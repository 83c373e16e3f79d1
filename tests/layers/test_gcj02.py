"""GCJ-02: equal to published values, and back again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.gcj02 import from_gcj02, to_gcj02

# longitude, latitude, the same in GCJ-02: values of two independent programs
PUBLISHED = (
    (113.38, 22.52, 113.38547453702452, 22.517302300583502),
    (113.20, 22.66, 113.20533352, 22.65718736),
    (113.60, 22.56, 113.60503797, 22.55694594),
    (113.45, 22.25, 113.45540445, 22.24729955),
)


@pytest.mark.parametrize(("lon", "lat", "shown_lon", "shown_lat"), PUBLISHED)
def test_points_are_shown_where_other_programs_show_them(
    lon: float, lat: float, shown_lon: float, shown_lat: float
) -> None:
    found_lon, found_lat = to_gcj02([lon], [lat])
    assert found_lon[0] == pytest.approx(shown_lon, abs=6e-9)
    assert found_lat[0] == pytest.approx(shown_lat, abs=6e-9)


@given(st.floats(75, 134), st.floats(4, 53))
def test_the_way_back_leads_to_the_same_point(lon: float, lat: float) -> None:
    back_lon, back_lat = from_gcj02(*to_gcj02([lon], [lat]))
    assert back_lon[0] == pytest.approx(lon, abs=1e-9)
    assert back_lat[0] == pytest.approx(lat, abs=1e-9)


def test_abroad_nothing_is_shifted_and_unknown_stays_unknown() -> None:
    lon, lat = to_gcj02([2.35, np.nan], [48.85, 22.5])
    assert (lon[0], lat[0]) == (2.35, 48.85)
    assert np.isnan(lon[1])
