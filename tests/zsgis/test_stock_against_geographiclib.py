"""The stock of a real district on the ellipsoid, held against GeographicLib in Python."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

from layers.store import NewLayer, Project
from tests.geographiclib_truth import truth
from zsgis.run import run_capability


@pytest.mark.real_data
def test_the_stock_of_a_real_district(tmp_path: Path, shared_data: Path) -> None:
    """The sixth part of 2,033 real polygons; what the stock prints by class is GeographicLib's."""
    frame = geopandas.read_file(shared_data / "xinwu" / "xinwu_land_use.gpkg").iloc[::6]
    frame = geopandas.GeoDataFrame(
        {"class_code": frame["Class"].astype(str), "geometry": frame.geometry}, crs=frame.crs
    )
    with Project.create(tmp_path / "p.gpkg", 32650) as project:
        new = NewLayer(name="现状", kind="land_use", crs=pyproj.CRS(32650), standard="custom")
        project.add_layer(new, frame)
        given_ = {"basis": "ellipsoidal", "unit": "m2", "digits": 2, "zones": "-"}
        result = run_capability(project, "stock", given_)
    to_degrees = pyproj.Transformer.from_crs(32650, 4326, always_xy=True)
    expected: dict[str, list[float]] = {}
    for code, shape in zip(frame["class_code"], frame.geometry, strict=True):
        degrees = shapely.transform(shape, lambda xy: np.column_stack(to_degrees.transform(*xy.T)))
        area, apart = truth(degrees)
        sums = expected.setdefault(code, [0.0, 0.0, 0.0])
        for place, more in enumerate((area, apart, 0.005)):  # each parcel counts in whole 0.01 m2
            sums[place] += more
    rows = [
        row
        for row in result.table("stock").rows
        if row.values["class_code"] in expected and row.values["zone"] == "总计"
    ]
    assert {row.values["class_code"] for row in rows} == set(expected)
    for row in rows:
        area, apart, rounding = expected[row.values["class_code"]]
        assert abs(row.values["area_m2"] - area) <= apart + rounding + 0.01
        assert apart < 2e-5 * area
