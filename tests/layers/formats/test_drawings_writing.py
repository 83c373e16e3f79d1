"""Drawings that are written open elsewhere, and come back as they were."""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from ezdxf.filemanagement import readfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.errors import InputError, JobCancelled
from layers.formats.drawings import DXF
from layers.formats.model import OutgoingLayer, WrittenFile
from layers.progress import NoProgress
from tests.layers.formats.drawings_samples import EAST, NORTH, read

HOLED = shapely.Polygon(
    [(EAST, NORTH), (EAST + 100.123, NORTH), (EAST + 100, NORTH + 90.456), (EAST, NORTH + 90)],
    [
        [(EAST + 10, NORTH + 10), (EAST + 20, NORTH + 10), (EAST + 20, NORTH + 20)],
        [(EAST + 40, NORTH + 40), (EAST + 50, NORTH + 40), (EAST + 50, NORTH + 50)],
    ],
)
TWO = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 7)])


def frame(shapes: list[Any], **columns: list[Any]) -> gpd.GeoDataFrame:
    """Return a frame in the city's system; columns keep their values as they are."""
    uids = pd.Series([f"u{at}" for at in range(len(shapes))], dtype=object)
    values = {name: pd.Series(column, dtype=object) for name, column in columns.items()}
    return gpd.GeoDataFrame({"zs_uid": uids, **values}, geometry=shapes, crs="EPSG:4526")


def write(
    path: Path, layer: gpd.GeoDataFrame, choices: dict[str, Any] | None = None, **more: Any
) -> WrittenFile:
    path.unlink(missing_ok=True)
    return DXF.write(OutgoingLayer("宗地", layer, **more), path, choices or {}, NoProgress())


@pytest.mark.parametrize("version", ["R2000", "R2004", "R2007", "R2010", "R2018"])
@pytest.mark.parametrize("hatch", ["yes", "no"])
def test_areas_come_back_with_holes_parts_and_text(tmp_path: Path, version: str, hatch: str) -> None:
    texts = ['石岐\\U+4e2d ^J \\M+5B0A1 \n 二行 "引" 𠀀 %%c {}', "€ é 曱甴" + "长" * 3000, None]
    days = [datetime.date(2024, 2, 29), None, datetime.date(1999, 1, 1)]
    one = shapely.MultiPolygon([shapely.box(10, 0, 11, 1)])
    before = frame([HOLED, TWO, one], 名称=texts, 日期=days, 数=[1, 2**62, -3], layer=["甲", "", "乙"])
    path = tmp_path / "out.dxf"
    colors = np.array([[255, 0, 0], [0, 255, 0], [1, 2, 3]], np.uint8)
    labels = ["标%%c注^", "两\n行 {\\P}", None]
    write(path, before, {"version": version, "hatch": hatch}, colors=colors, labels=labels)
    after = read(path, "面")
    for name in before.columns.drop("geometry"):
        assert after.frame[name].tolist() == before[name].tolist(), name
    assert shapely.equals_exact(
        after.frame.geometry.to_numpy(), before.geometry.to_numpy(), tolerance=0.0
    ).all()
    assert after.crs is not None
    assert after.crs.to_epsg() == 4526
    assert after.frame["layer_2"].tolist() == ["宗地"] * 3
    if version != "R2000":
        assert after.frame.color_rgb.tolist() == ["#ff0000", "#00ff00", "#010203"]
    assert read(path, "文字").frame.text.tolist() == ["标%%c注^", "两\n行 {\\P}"]


def test_lines_and_points_come_back(tmp_path: Path) -> None:
    shapes = [
        shapely.LineString([(0, 0), (1, 2.5)]),
        shapely.MultiLineString([[(0, 0), (1, 1)], [(5, 5), (6, 6), (7, 5)]]),
        shapely.LineString([(0, 0, 1), (1, 1, 2)]),
        shapely.Point(3, 4),
        shapely.MultiPoint([(1, 1), (2, 2)]),
    ]
    path = tmp_path / "out.dxf"
    write(path, frame(shapes))
    lines = read(path, "线").frame
    assert lines.zs_uid.tolist() == ["u0", "u1", "u2"]
    flat = shapely.force_2d(lines.geometry.to_numpy())
    assert shapely.equals_exact(
        flat, shapely.force_2d(np.array(shapes[:3], dtype=object)), tolerance=0.0
    ).all()
    assert shapely.get_coordinates(lines.geometry[2], include_z=True)[:, 2].tolist() == [1.0, 2.0]
    points = read(path, "点").frame
    assert shapely.equals_exact(points.geometry.to_numpy(), np.array(shapes[3:], dtype=object)).all()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    texts=st.lists(st.one_of(st.none(), st.text(max_size=40)), min_size=1, max_size=4),
    version=st.sampled_from(["R2000", "R2010"]),
    corner=st.tuples(st.floats(-1e7, 1e8), st.floats(-1e7, 1e8)),
)
def test_any_text_comes_back_exactly(
    tmp_path: Path, texts: list[str | None], version: str, corner: tuple[float, float]
) -> None:
    path = tmp_path / "out.dxf"
    box = shapely.box(corner[0], corner[1], corner[0] + 10, corner[1] + 10)
    write(path, frame([box] * len(texts), text=texts), {"version": version})
    after = read(path, "面").frame
    assert after["text"].tolist() == texts
    assert all(shape.equals(box) for shape in after.geometry)


def test_layers_are_named_after_classes(tmp_path: Path) -> None:
    path = tmp_path / "out.dxf"
    shapes = [shapely.box(at, 0, at + 1, 1) for at in range(4)]
    colors = np.array([[255, 255, 45], [187, 150, 116], [1, 1, 1], [2, 2, 2]], np.uint8)
    written = write(path, frame(shapes), classes=["居住/用地", "工业用地", "A", "a"], colors=colors)
    document = readfile(path)
    assert [entity.dxf.layer for entity in document.modelspace()] == ["居住_用地", "工业用地", "A", "a_2"]
    assert document.layers.get("居住_用地").rgb == (255, 255, 45)
    assert "居住/用地 → 居住_用地" in written.notes[0].text
    assert document.header["$INSUNITS"] == 6
    assert tuple(document.header["$EXTMAX"])[:2] == (4.0, 1.0)
    assert document.header["$ACADVER"] == "AC1024"
    assert not document.audit().has_errors


def test_gbk_stands_in_old_versions(tmp_path: Path) -> None:
    path = tmp_path / "out.dxf"
    write(path, frame([shapely.box(0, 0, 1, 1)]), {"version": "R2000"}, labels=["石岐"])
    data = path.read_bytes()
    assert b"ANSI_936" in data
    assert "石岐".encode("gbk") in data
    assert not read(path, "面").encoding_guessed


def test_a_feature_changed_in_cad_comes_as_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "out.dxf"
    write(path, frame([HOLED]))
    document = readfile(path)
    space = document.modelspace()
    space.delete_entity(space[1])
    document.saveas(path)
    after = read(path, "面").frame
    assert len(after) == 2
    assert "zs_uid" not in after


def test_what_a_drawing_cannot_hold_is_refused_or_told(tmp_path: Path) -> None:
    path = tmp_path / "out.dxf"
    with pytest.raises(InputError, match="16"):
        write(path, frame([HOLED], text=["长" * 9000]))
    assert list(tmp_path.iterdir()) == []
    written = write(path, frame([HOLED, None]))
    assert written.notes[0].rows == (1,)
    for choices in ({"version": "R12"}, {"colour": "1"}, {"label_height": "-1"}):
        with pytest.raises(InputError):
            write(path, frame([HOLED]), choices)


def test_nothing_is_left_when_the_user_stops(tmp_path: Path) -> None:
    class Stop:
        def step(self, done: float, text: str = "") -> None:
            if done > 0.8:
                raise JobCancelled

    with pytest.raises(JobCancelled):
        DXF.write(OutgoingLayer("a", frame([HOLED])), tmp_path / "out.dxf", {}, Stop())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.peer
def test_gdal_reads_the_same_coordinates(tmp_path: Path, gdal_python: Path) -> None:
    path = tmp_path / "out.dxf"
    write(path, frame([HOLED, TWO]))
    script = (
        "import json, sys; from osgeo import ogr; ogr.UseExceptions(); d = ogr.Open(sys.argv[1]); "
        "print(json.dumps([f.GetGeometryRef().GetPoints() for f in d.GetLayer(0)]))"
    )
    said = subprocess.run([gdal_python, "-c", script, path], capture_output=True, text=True, check=True)
    rings = [HOLED.exterior, *HOLED.interiors, *(part.exterior for part in TWO.geoms)]
    found = json.loads(said.stdout)
    assert len(found) == len(rings)
    for ring, points in zip(rings, found, strict=True):
        assert [tuple(point[:2]) for point in points] == [tuple(p) for p in ring.coords]


@pytest.mark.peer
def test_gdal_sees_the_same_curves_and_blocks(tmp_path: Path, gdal_python: Path) -> None:
    from tests.layers.formats.drawings_samples import parcel_drawing, save

    path = save(parcel_drawing(), tmp_path / "in.dxf")
    script = (
        "import json, sys; from osgeo import ogr; ogr.UseExceptions(); d = ogr.Open(sys.argv[1]); "
        "print(json.dumps([[f.GetField('Layer'), f.GetField('Text'), f.GetGeometryRef().GetEnvelope()] "
        "for f in d.GetLayer(0)]))"
    )
    said = subprocess.run([gdal_python, "-c", script, path], capture_output=True, text=True, check=True)
    # GDAL's lines for a circle reach its outermost points only nearly
    theirs = np.array([box for _layer, _text, box in json.loads(said.stdout)])
    for family in ("面", "线"):
        for west, south, east, north in read(path, family).frame.bounds.to_numpy():
            assert np.abs(theirs - (west, east, south, north)).max(axis=1).min() < 0.01


def test_a_layer_without_features_becomes_an_empty_drawing(tmp_path: Path) -> None:
    path = tmp_path / "out.dxf"
    write(path, frame([HOLED], 名称=["甲"]).iloc[:0])
    assert len(readfile(path).modelspace()) == 0
