"""The scale of a map follows from the unit of its coordinates."""

from __future__ import annotations

import math

import pytest

from layers.crs import metres_per_unit, parse_crs


@pytest.mark.parametrize("epsg", [4547, 4526, 32650])
def test_a_plane_in_metres_counts_metres(epsg: int) -> None:
    assert metres_per_unit(parse_crs(epsg)) == 1.0


def test_a_degree_is_not_a_metre() -> None:
    # 2 * pi * 6378137 m / 360 = 111319.4908 m along the equator
    assert metres_per_unit(parse_crs(4490)) == pytest.approx(2 * math.pi * 6378137 / 360, rel=1e-9)
