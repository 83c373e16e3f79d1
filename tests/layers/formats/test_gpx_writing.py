"""GPX out: what is written reads back with the same words, and shapes on the same place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import gpxpy
import numpy as np
import pyproj
import pytest
import shapely

from layers.crs import transform
from layers.errors import CrsError, InputError, JobCancelled, UsageError
from layers.formats.gpx import GPX_OUT
from layers.formats.model import OutgoingLayer
from layers.progress import NoProgress
from tests.layers.formats.gpx_samples import read

WORDS = ["<b>&\"'\r\n\t 中山", "", None]


def _layer(shapes: list[Any], crs: int | None = 4547) -> OutgoingLayer:
    count = len(shapes)
    frame = geopandas.GeoDataFrame(
        {
            "zs_uid": [f"u{at}" for at in range(count)],
            "备注": (WORDS * count)[:count],
            "编号": ["0802"] * count,
            "面积": [1.5, np.nan, -1e-7][:count],
            "points": list(range(count)),
        },
        geometry=shapes,
        crs=crs,
    )
    return OutgoingLayer("界桩", frame, titles={"编号": "地类编码"}, labels=["甲", "", "乙"][:count])


def _back(geometry: Any) -> Any:
    return transform(
        np.asarray(geometry.array, dtype=object), pyproj.CRS.from_epsg(4326), pyproj.CRS.from_epsg(4547)
    )


def test_points_become_waypoints(tmp_path: Path) -> None:
    shapes = [shapely.Point(500_000.123, 2_480_000.456, 7.25), shapely.Point(500_010, 2_480_000), None]
    written = GPX_OUT.write(_layer(shapes), tmp_path / "a.gpx", {}, NoProgress())
    assert [note.code for note in written.notes] == ["gpx.transformed", "gpx.left_out"]
    assert written.notes[1].rows == (2,)
    data = read(tmp_path / "a.gpx")
    frame = data.frame
    assert frame["备注"].tolist() == WORDS[:2]
    assert frame["编号"].tolist() == ["0802"] * 2
    assert frame["面积"].iloc[0] == 1.5
    assert np.isnan(frame["面积"].iloc[1])
    assert frame["points_2"].tolist() == [0, 1]
    assert data.renamed == {"points": "points_2"}
    assert frame["name"].tolist() == ["甲", None]
    assert frame["desc"].iloc[0].endswith("地类编码：0802\n面积：1.5\npoints：0")
    assert frame["ele"].iloc[0] == 7.25
    back = _back(frame.geometry)
    for ours, theirs in zip(shapes[:2], back, strict=True):
        assert shapely.distance(ours, theirs) < 0.001


def test_lines_become_tracks_and_boundaries_when_chosen(tmp_path: Path) -> None:
    line = shapely.LineString([(500_000, 2_480_000), (500_100, 2_480_050)])
    two = shapely.MultiLineString([line, shapely.affinity.translate(line, 500)])
    holed = shapely.box(500_000, 2_480_000, 500_100, 2_480_100) - shapely.box(
        500_010, 2_480_010, 500_020, 2_480_020
    )
    path = tmp_path / "a.gpx"
    GPX_OUT.write(_layer([line, two, holed]), path, {"polygons": "boundary"}, NoProgress())
    frame = read(path).frame
    back = _back(frame.geometry)
    for ours, theirs in zip([line, two, holed.boundary], back, strict=True):
        assert shapely.hausdorff_distance(ours, theirs) < 0.001
        assert len(shapely.get_parts(theirs)) == len(shapely.get_parts(ours))
    assert frame["zs_uid"].tolist() == ["u0", "u1", "u2"]


def test_polygons_are_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="KML") as caught:
        GPX_OUT.write(_layer([shapely.box(0, 0, 1, 1)]), tmp_path / "a.gpx", {}, NoProgress())
    assert "1" in caught.value.where
    collection = shapely.GeometryCollection([shapely.Point(0, 0)])
    with pytest.raises(InputError):
        GPX_OUT.write(_layer([collection]), tmp_path / "a.gpx", {"polygons": "boundary"}, NoProgress())
    with pytest.raises(UsageError, match="polygons=x"):
        GPX_OUT.write(_layer([None]), tmp_path / "a.gpx", {"polygons": "x"}, NoProgress())
    with pytest.raises(UsageError, match="digits"):
        GPX_OUT.write(_layer([None]), tmp_path / "a.gpx", {"digits": 1}, NoProgress())
    with pytest.raises(CrsError):
        GPX_OUT.write(_layer([None], crs=None), tmp_path / "a.gpx", {}, NoProgress())
    assert list(tmp_path.iterdir()) == []


def test_gpxpy_and_the_schemas_order(tmp_path: Path) -> None:
    line = shapely.LineString([(500_000, 2_480_000), (500_100, 2_480_050)])
    point = shapely.MultiPoint([(500_000, 2_480_000), (500_100, 2_480_050)])
    GPX_OUT.write(_layer([line, point]), tmp_path / "a.gpx", {}, NoProgress())
    text = (tmp_path / "a.gpx").read_text(encoding="utf-8")
    theirs = gpxpy.parse(text)
    assert len(theirs.waypoints) == 2
    assert [len(segment.points) for segment in theirs.tracks[0].segments] == [2]
    assert theirs.tracks[0].name == "甲"
    assert text.index("<wpt") < text.index("<trk")


def test_gdal_reads_it(tmp_path: Path) -> None:
    import pyogrio

    line = shapely.LineString([(500_000, 2_480_000), (500_100, 2_480_050)])
    GPX_OUT.write(_layer([line]), tmp_path / "a.gpx", {}, NoProgress())
    frame = pyogrio.read_dataframe(tmp_path / "a.gpx", layer="tracks")
    assert (
        shapely.hausdorff_distance(frame.geometry.iloc[0], read(tmp_path / "a.gpx").frame.geometry.iloc[0])
        < 1e-9
    )


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    class Stopped:
        def step(self, done: float, text: str = "") -> None:
            raise JobCancelled(f"{done} {text}")

    with pytest.raises(JobCancelled):
        GPX_OUT.write(_layer([shapely.Point(500_000, 2_480_000)]), tmp_path / "a.gpx", {}, Stopped())
    assert list(tmp_path.iterdir()) == []
