"""A consumer map's shift is told from base data: on a real district, and on an invented one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from numpy.typing import NDArray

from layers.crs import parse_crs, transform, transform_points
from layers.gcj02 import to_bd09, to_gcj02
from layers.guard import Reference, Shift, fingerprint, judge_coordinates
from layers.guard.sampling import chosen_rows, sample_points

DEGREES = parse_crs(4490)
SHIFTS = (Shift.NONE, Shift.GCJ02, Shift.BD09)


def shifted(points: NDArray[np.float64], shift: Shift) -> NDArray[np.float64]:
    if shift is Shift.NONE:
        return points
    return np.column_stack((to_gcj02 if shift is Shift.GCJ02 else to_bd09)(points[:, 0], points[:, 1]))


@pytest.fixture(scope="module")
def district(shared_data: Path) -> dict[str, NDArray[Any]]:
    names = ("land_use", "road_centerlines", "water_osm")
    return {
        name: np.asarray(
            pyogrio.read_dataframe(shared_data / "xinwu" / f"xinwu_{name}.gpkg").geometry.values, dtype=object
        )
        for name in names
    }


@pytest.mark.real_data
@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize(
    ("new", "base"),
    [("land_use", "road_centerlines"), ("road_centerlines", "land_use"), ("land_use", "water_osm")],
)
def test_a_real_districts_shift_is_told(
    district: dict[str, NDArray[Any]], new: str, base: str, shift: Shift
) -> None:
    utm = parse_crs(32650)
    sample = shifted(sample_points(transform(district[new], utm, DEGREES)), shift)
    assert fingerprint(sample, Reference(district[base], utm)) is shift


@pytest.mark.real_data
def test_layers_that_share_no_lines_tell_nothing(district: dict[str, NDArray[Any]]) -> None:
    utm = parse_crs(32650)
    sample = sample_points(transform(district["water_osm"], utm, DEGREES))
    assert fingerprint(sample, Reference(district["road_centerlines"], utm)) is None


def plots(seed: int, count: int = 300) -> NDArray[Any]:
    """Return an irregular cover of 3 km by 3 km in the city, in plane coordinates."""
    rng = np.random.default_rng(seed)
    seeds = rng.uniform((435_000, 2_490_000), (438_000, 2_493_000), (count, 2))
    return np.asarray(shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(seeds))), dtype=object)


def noisy_part(shapes: NDArray[Any], metres: float) -> NDArray[np.float64]:
    """Return some of the plots' corners in degrees, as somebody else would have drawn them."""
    part = transform(shapes[::4], parse_crs(4547), DEGREES)
    points = sample_points(part)
    inside = shapely.total_bounds(transform(shapes, parse_crs(4547), DEGREES))
    points = points[((points > inside[:2]) & (points < inside[2:])).all(axis=1)]
    return points + np.random.default_rng(7).normal(0, metres / 111_000, points.shape)


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("base_crs", [4547, 4490])
def test_corners_drawn_anew_tell_the_shift(shift: Shift, base_crs: int) -> None:
    shapes = plots(1)
    sample = shifted(noisy_part(shapes, 1.0), shift)
    base = Reference(transform(shapes, parse_crs(4547), parse_crs(base_crs)), parse_crs(base_crs))
    verdict = judge_coordinates(sample, crs=parse_crs(4326), reference=base)
    likely = {Shift.NONE: "4326", Shift.GCJ02: "gcj02", Shift.BD09: "bd09"}[shift]
    assert verdict.candidates[0].value == likely
    # against the file's own word somebody is asked
    assert verdict.sure == (shift is Shift.NONE)


@pytest.mark.parametrize("shift", SHIFTS)
def test_base_data_alone_is_enough(shift: Shift) -> None:
    shapes = plots(1)
    verdict = judge_coordinates(
        shifted(noisy_part(shapes, 1.0), shift), reference=Reference(shapes, parse_crs(4547))
    )
    assert verdict.sure
    assert verdict.candidates[0].shift is shift


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_another_places_plots_tell_nothing(seed: int) -> None:
    sample = noisy_part(plots(1), 0.0)
    assert fingerprint(sample, Reference(plots(seed), parse_crs(4547))) is None


def test_base_data_tells_utm_from_a_six_degree_zone() -> None:
    shapes = plots(1)
    base = Reference(shapes, parse_crs(4547))
    for code in (32649, 4508):
        there = transform(shapes[::3], parse_crs(4547), parse_crs(code))
        verdict = judge_coordinates(sample_points(there), reference=base)
        assert verdict.sure
        assert verdict.candidates[0].value == str(code)


def test_a_projected_file_in_mars_coordinates_is_asked() -> None:
    shapes = plots(1)
    mars = shifted(noisy_part(shapes, 0.5), Shift.GCJ02)
    plane = np.column_stack(transform_points(mars[:, 0], mars[:, 1], DEGREES, parse_crs(4547)))
    verdict = judge_coordinates(plane, crs=parse_crs(4547), reference=Reference(shapes, parse_crs(4547)))
    assert not verdict.sure
    assert verdict.candidates[0].value == "4547+gcj02"
    assert verdict.find("4547") is not None


def test_too_little_or_elsewhere_tells_nothing() -> None:
    shapes = plots(1)
    sample = noisy_part(shapes, 0.0)
    base = Reference(shapes, parse_crs(4547))
    assert fingerprint(sample[:10], base) is None
    assert fingerprint(sample + 1.0, base) is None
    assert fingerprint(sample, Reference(np.array([None], dtype=object), parse_crs(4547))) is None
    assert fingerprint(sample, Reference(shapely.points(sample), DEGREES)) is None
    assert fingerprint(sample, Reference(shapes, parse_crs(2383))) is None


def test_a_sample_spreads_over_the_layer_and_holds_its_extent() -> None:
    assert chosen_rows(5, 10).tolist() == [0, 1, 2, 3, 4]
    assert chosen_rows(101, 3).tolist() == [0, 50, 100]
    points = shapely.points(np.arange(50_000.0), np.zeros(50_000))
    points[12_345] = shapely.Point(7, -99)
    points[3] = None
    sample = sample_points(points)
    assert len(sample) <= 2010
    assert sample.min(axis=0).tolist() == [0.0, -99.0]
    assert sample.max(axis=0).tolist() == [49_999.0, 0.0]
    assert sample_points(np.array([None, shapely.Point()], dtype=object)).shape == (0, 2)
