"""The figures of the red-line check against another maker's overlay: random land, and a real district."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

from layers.store import NewLayer, Project
from tests.zsgis.redline.samples import boundary, project
from zsgis.redline import LineRole, RedlineChecker, redline_rules


def test_random_land_as_geopandas_cuts_it(tmp_path: Path) -> None:
    """600 cells of a Voronoi diagram by class and ownership, under ten random red lines."""
    random = np.random.default_rng(6)
    seeds = shapely.MultiPoint(random.uniform(0, 2_000, (600, 2)) + np.array([500_000, 2_490_000]))
    cells = list(shapely.voronoi_polygons(seeds).geoms)
    land = {
        "name": [str(n) for n in range(len(cells))],
        "class_code": random.choice(["0101", "0301", "100101", "1704"], len(cells)).tolist(),
        "ownership_code": random.choice(["20", "30", "99"], len(cells)).tolist(),
        "geometry": cells,
    }
    frame = geopandas.GeoDataFrame(land, geometry="geometry", crs=4547)
    owners = {"20": "national", "30": "collective", "99": "unclear"}
    with project(tmp_path / "p.gpkg", {"land_use": land}) as made:
        checker = RedlineChecker(made, redline_rules())
        for _number in range(10):
            corners = random.uniform(200, 1_800, (8, 2)) + np.array([500_000, 2_490_000])
            line = shapely.MultiPoint(corners).convex_hull
            section = checker.check(boundary(line)).section("land_use")
            cut = geopandas.overlay(frame, geopandas.GeoDataFrame(geometry=[line], crs=4547))
            by_both = cut.assign(m2=cut.area).groupby(["class_code", "ownership_code"])["m2"]
            theirs: dict[Any, Any] = by_both.agg(["sum", "size"]).to_dict("index")
            expected = {(code, owners[owner]): row for (code, owner), row in theirs.items()}
            ours = {
                (each.key.code, each.ownership.value if each.ownership else ""): each
                for each in section.lines
            }
            assert set(ours) == set(expected)
            for key, each in ours.items():
                # each piece is rounded to 0.01 m2
                assert each.m2 == pytest.approx(expected[key]["sum"], abs=0.01 * each.count + 0.01)
                assert each.count == expected[key]["size"]


@pytest.mark.real_data
def test_the_real_district_as_geopandas_cuts_it(tmp_path: Path, shared_data: Path) -> None:
    """2,033 polygons of land use of a real district, under a red line of 3 km about its middle."""
    frame = geopandas.read_file(shared_data / "xinwu/xinwu_land_use.gpkg")
    frame = geopandas.GeoDataFrame(
        {"class_code": frame["Class"].astype(str), "geometry": frame.geometry}, crs=frame.crs
    )
    line = shapely.box(*frame.total_bounds).centroid.buffer(3_000.0)
    made = Project.create(tmp_path / "p.gpkg", 32650)
    made.add_layer(NewLayer(name="现状", kind="land_use", crs=pyproj.CRS(32650), standard="custom"), frame)
    made.set_setting("area_basis", {"land_use": "planar"})
    with made:
        report = RedlineChecker(made, redline_rules()).check(boundary(line, crs=32650))
    section = report.section("land_use")
    cut = geopandas.overlay(frame, geopandas.GeoDataFrame(geometry=[line], crs=32650))
    theirs = cut.assign(m2=cut.area).groupby("class_code")["m2"].sum().to_dict()
    ours = {each.key.code: each.m2 for each in section.lines if each.role is LineRole.CLASS}
    counts = {each.key.code: each.count for each in section.lines}
    assert set(ours) == set(theirs)
    for code, m2 in ours.items():
        assert m2 == pytest.approx(theirs[code], abs=0.01 * counts[code] + 0.01)
    assert sum(each.cents for each in section.lines) == round(line.area * 100)
