"""Arcs, circles, ellipses and splines become short lines no farther from the curve than is allowed."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from ezdxf.document import Drawing
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.formats.drawings.curves import arc_points, bulge_points, segment_count
from tests.layers.formats.drawings_samples import made, read


@settings(deadline=None)
@given(
    radius=st.floats(0.01, 1e6),
    angle=st.floats(0.01, math.tau),
    sagitta=st.floats(1e-4, 0.1),
)
def test_no_line_is_farther_from_its_arc_than_the_sagitta(
    radius: float, angle: float, sagitta: float
) -> None:
    points = arc_points((0.0, 0.0), radius, 0.3, angle, sagitta)
    middles = (points[1:] + points[:-1]) / 2.0
    inside = radius - np.hypot(middles[:, 0], middles[:, 1])
    assert inside.max() <= max(sagitta, radius * 1e-9) * (1 + 1e-6) + radius * 1e-12
    assert np.hypot(points[:, 0], points[:, 1]) == pytest.approx(np.full(len(points), radius))


def test_a_huge_circle_ends_in_a_bounded_number_of_lines() -> None:
    assert segment_count(1e12, math.tau, 0.001) < 100_000


@pytest.mark.parametrize(("bulge", "middle"), [(1.0, (5, -5)), (-1.0, (5, 5))])
def test_a_bulge_of_one_is_a_half_circle_to_the_right_of_its_way(
    bulge: float, middle: tuple[float, float]
) -> None:
    # a positive bulge runs anticlockwise: from (0,0) to (10,0) it passes below
    points = bulge_points(np.array([0.0, 0.0]), np.array([10.0, 0.0]), bulge, 0.0001)
    nearest = points[np.argmin(np.abs(points[:, 0] - 5.0))]
    assert nearest == pytest.approx(middle, abs=0.05)
    assert np.hypot(points[:, 0] - 5.0, points[:, 1]) == pytest.approx(np.full(len(points), 5.0))


def test_a_bulge_of_a_quarter_circle() -> None:
    # tan(90 degrees / 4); centre (0, 0), from (10, 0) anticlockwise to (0, 10)
    points = bulge_points(np.array([10.0, 0.0]), np.array([0.0, 10.0]), math.tan(math.pi / 8), 0.001)
    assert np.hypot(points[:, 0], points[:, 1]) == pytest.approx(np.full(len(points), 10.0))


@pytest.mark.parametrize("tolerance", ["0.001", "0.1"])
def test_a_circle_of_two_bulges_has_the_area_of_its_polygon(tmp_path: Path, tolerance: str) -> None:
    radius = 30.0

    def fill(document: Drawing) -> None:
        ring = [(-radius, 0, 1), (radius, 0, 1)]
        document.modelspace().add_lwpolyline(ring, format="xyb", close=True)

    data = read(made(tmp_path, fill), "面", tolerance_m=tolerance)
    shape = data.frame.geometry[0]
    # each half is n lines of angle pi/n <= 2 acos(1 - s/r); a regular 2n-gon has the area n r² sin(pi/n)
    count = math.ceil(math.pi / min(2 * math.acos(1 - float(tolerance) / radius), math.pi / 8))
    assert len(shape.exterior.coords) == 2 * count + 1
    assert shape.area == pytest.approx(count * radius**2 * math.sin(math.pi / count), rel=1e-12)
    # what is missing to the circle is at most its length by two thirds of the sagitta
    assert 0 < math.pi * radius**2 - shape.area < math.tau * radius * float(tolerance) * 2 / 3 * 1.001
    assert data.curves == ("LWPOLYLINE",)


def test_curves_against_their_formulas(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        space = document.modelspace()
        space.add_circle((100, 100), 20)
        space.add_ellipse((0, 0), (8, 6), 0.5)
        space.add_arc((0, 0), 10, 350, 10)
        space.add_ellipse((0, 0), (10, 0), 0.3, 0, math.pi / 2)

    path = made(tmp_path, fill)
    circle, ellipse = read(path, "面").frame.geometry
    assert circle.area == pytest.approx(math.pi * 400, rel=1e-4)
    # half axes 10 and 5
    assert ellipse.area == pytest.approx(math.pi * 50, rel=2e-4)
    arc, quarter = read(path, "线").frame.geometry
    # over the zero direction, 20 degrees in all
    assert arc.length == pytest.approx(10 * math.radians(20), rel=1e-4)
    assert arc.bounds[2] == pytest.approx(10.0, abs=0.001)
    assert quarter.coords[0] == pytest.approx((10, 0))
    assert quarter.coords[-1] == pytest.approx((0, 3), abs=1e-9)


def test_a_spline_follows_its_polynomial(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        document.modelspace().add_open_spline([(0, 0, 0), (0, 10, 0), (10, 10, 0), (10, 0, 0)])

    line = read(made(tmp_path, fill), "线").frame.geometry[0]
    # a single cubic: B(t) = 3(1-t)²t P1 + 3(1-t)t² P2 + t³ P3
    t = np.linspace(0, 1, 101)
    x = 3 * (1 - t) * t**2 * 10 + t**3 * 10
    y = 3 * (1 - t) ** 2 * t * 10 + 3 * (1 - t) * t**2 * 10
    assert max(line.distance(shapely.Point(a, b)) for a, b in zip(x, y, strict=True)) < 0.001


def test_a_stretched_block_keeps_the_tolerance(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        document.blocks.new("unit").add_circle((0, 0), 1)
        document.modelspace().add_blockref("unit", (0, 0), dxfattribs={"xscale": 1000, "yscale": 500})

    shape = read(made(tmp_path, fill), "面").frame.geometry[0]
    # half axes 1000 and 500; too small by at most 2/3 of the sagitta along the whole length (< 2 pi 1000)
    assert 0 < math.pi * 500_000 - shape.area < math.tau * 1000 * 0.001
    middles = shapely.get_coordinates(shape.exterior)[:-1]
    assert (middles[:, 0] / 1000) ** 2 + (middles[:, 1] / 500) ** 2 == pytest.approx(np.ones(len(middles)))
