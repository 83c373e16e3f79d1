"""Systems a map can be shown in, against EPSG's register and PROJ's own projection."""

from __future__ import annotations

import pyproj
import pytest

from layers.crs import coordinate_change, describe_crs, parse_crs, transform_points
from layers.datums import Datum, central_meridian, datum_of, false_easting
from layers.errors import CrsError
from layers.map_systems import find_systems, gauss_kruger


@pytest.mark.parametrize(
    ("meridian", "width", "with_zone", "epsg"),
    [
        (114, 3, False, 4547),
        (114, 3, True, 4526),
        (111, 3, False, 4546),
        (111, 3, True, 4525),
        (111, 6, True, 4497),
        (111, 6, False, 4508),
        (75, 3, True, 4513),
        (135, 3, False, 4554),
    ],
)
def test_a_zone_of_the_register_is_the_registers_own(
    meridian: float, width: int, with_zone: bool, epsg: int
) -> None:
    crs = gauss_kruger(meridian, width=width, with_zone=with_zone)
    assert crs == parse_crs(epsg)
    assert central_meridian(crs) == meridian


@pytest.mark.parametrize(("meridian", "easting"), [(113.5, 500_000.0), (113 + 20 / 60, 40_000.0), (114, 0.0)])
def test_any_meridian_gives_what_proj_gives(meridian: float, easting: float) -> None:
    crs = gauss_kruger(meridian, false_easting=easting)
    proj = pyproj.Proj(proj="tmerc", a=6378137, rf=298.257222101, lon_0=meridian, k=1, x_0=easting, y_0=0)
    x, y = transform_points([113.38], [22.52], parse_crs(4490), crs)
    assert (x[0], y[0]) == pytest.approx(proj(113.38, 22.52), abs=1e-6)
    assert datum_of(crs) is Datum.CGCS2000
    assert false_easting(crs) == easting
    assert coordinate_change(parse_crs(4547), crs).uncertainty_m == 0.0
    assert f"{meridian:.10g}°" in describe_crs(crs)
    assert parse_crs(crs.to_wkt()) == crs


def test_a_zone_number_stands_before_an_easting_of_ones_own() -> None:
    assert false_easting(gauss_kruger(114, false_easting=400_000, with_zone=True)) == 38_400_000


@pytest.mark.parametrize(
    "given",
    [
        {"meridian": 20.0},
        {"meridian": float("nan")},
        {"meridian": 113.5, "with_zone": True},
        {"meridian": 114.0, "width": 6, "with_zone": True},
        {"meridian": 114.0, "width": 4},
        {"meridian": 114.0, "false_easting": -1.0},
        {"meridian": 114.0, "false_easting": float("inf")},
    ],
)
def test_what_is_no_system_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(CrsError):
        gauss_kruger(**given)  # type: ignore[arg-type]


def test_systems_are_found_by_number_and_by_name() -> None:
    assert find_systems("EPSG:4547")[0].code == 4547
    assert find_systems("4526")[0].code == 4526
    names = [entry.name for entry in find_systems("cgcs2000 3-degree zone 38")]
    assert names == ["CGCS2000 / 3-degree Gauss-Kruger zone 38"]
    assert find_systems("utm zone 49n wgs 84")[0].code == 32649
    assert find_systems("   ") == ()
    assert find_systems("no such system anywhere") == ()
