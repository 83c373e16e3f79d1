"""Ellipsoidal figures of the red-line check, one feature at a time: shapely's pieces, geodesic areas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pyproj
import pytest
import shapely

from layers.store import NewLayer, Project
from tests.zsgis.redline.samples import boundary
from zsgis.redline import LineRole, check_redline, redline_rules

# GeographicLib's algorithm, in PROJ
CGCS2000 = pyproj.Geod(a=6378137.0, rf=298.257222101)


def geodesic_m2(shape: Any, to_degrees: pyproj.Transformer) -> float:
    """Return the geodesic area of a polygon's vertices in m2, holes taken off."""
    total = 0.0
    for part in shapely.get_parts(shape):
        for place, ring in enumerate((part.exterior, *part.interiors)):
            longitude, latitude = to_degrees.transform(*shapely.get_coordinates(ring).T)
            area = abs(CGCS2000.polygon_area_perimeter(longitude, latitude)[0])
            total += -area if place else area
    return total


@pytest.mark.real_data
def test_a_real_district_one_feature_at_a_time(tmp_path: Path, shared_data: Path) -> None:
    """About 500 polygons of a real district; a ring of 1.5 km with two holes lies over them.

    Official and geodesic areas of parcels this small differ by their edges only: by less than 1e-5 of each
    class. Pieces are rounded to 0.01 m2.
    """
    frame = geopandas.read_file(shared_data / "xinwu/xinwu_land_use.gpkg")
    frame = geopandas.GeoDataFrame(
        {"class_code": frame["Class"].astype(str), "geometry": frame.geometry}, crs=frame.crs
    )
    middle = shapely.box(*frame.total_bounds).centroid
    holes = [shapely.affinity.translate(middle.buffer(200.0), dx, 100.0) for dx in (-600.0, 500.0)]
    line = middle.buffer(1_500.0).difference(shapely.union_all(holes))
    made = Project.create(tmp_path / "p.gpkg", 32650)
    made.add_layer(NewLayer(name="现状", kind="land_use", crs=pyproj.CRS(32650), standard="custom"), frame)
    with made:
        report = check_redline(made, boundary(line, crs=32650), redline_rules())
    assert len(report.rings) == 3
    section = report.section("land_use")
    to_degrees = pyproj.Transformer.from_crs(32650, 4326, always_xy=True)
    theirs: dict[str, float] = {}
    counts: dict[str, int] = {}
    for code, shape in zip(frame["class_code"], frame.geometry, strict=True):
        piece = shapely.intersection(shape, line)
        if piece.area > 0:
            polygons = [part for part in shapely.get_parts(piece) if part.geom_type == "Polygon"]
            m2 = geodesic_m2(shapely.MultiPolygon(polygons), to_degrees)
            theirs[code] = theirs.get(code, 0.0) + m2
            counts[code] = counts.get(code, 0) + 1
    ours = {each.key.code: each.m2 for each in section.lines if each.role is LineRole.CLASS}
    assert set(ours) == set(theirs)
    for code, m2 in ours.items():
        assert m2 == pytest.approx(theirs[code], rel=1e-5, abs=0.01 * counts[code] + 0.01)
    whole = geodesic_m2(line, to_degrees)
    assert report.ellipsoidal_cents / 100 == pytest.approx(whole, rel=1e-5)
    assert sum(each.cents for each in section.lines) == section.total_cents == report.ellipsoidal_cents
