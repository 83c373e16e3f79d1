"""KML and KMZ out: what is written reads back with the same words, and shapes on the same place."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.crs import transform
from layers.errors import CrsError, InputError, JobCancelled, UsageError
from layers.formats.kml import KML_OUT
from layers.formats.model import OutgoingLayer
from layers.progress import NoProgress
from tests.layers.formats.kml_samples import codes, outgoing, read

CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t\r")


@pytest.mark.parametrize("ending", [".kml", ".kmz"])
def test_text_comes_back_exactly_and_shapes_to_a_millimetre(tmp_path: Path, ending: str) -> None:
    layer = outgoing()
    path = tmp_path / f"out{ending}"
    written = KML_OUT.write(layer, path, {}, NoProgress())
    assert written.path == path
    assert [note.code for note in written.notes] == ["kml.transformed"]
    data = read(path)
    back = data.frame.set_index("zs_uid").loc[["u1", "u2", "u3"]]
    assert back["DLBM"].tolist() == ["0802", "1001", None]
    assert back["备注"].tolist() == ["<b>&\"'\r\n\t 中山", "", None]
    assert back["面积"].tolist()[:2] == [8421.5, 1e-7]
    assert np.isnan(back["面积"].iloc[2])
    assert back["户数"].tolist() == [12, 0, -3]
    assert back["name"].tolist() == ["甲", "乙", None]
    assert back["folder"].tolist() == ["工业用地", "<道路>", None]
    assert back["color"].tolist() == ["#ff0010", "#0080ff", "#ff0010"]
    assert codes(data) == ["kml.no_shape"]
    returned = transform(
        np.asarray(back.geometry.array, dtype=object), pyproj.CRS.from_epsg(4326), pyproj.CRS.from_epsg(4547)
    )
    for ours, theirs in zip(layer.frame.geometry[:2], returned[:2], strict=True):
        assert shapely.hausdorff_distance(ours, theirs) < 0.001
        assert len(shapely.get_coordinates(ours)) == len(shapely.get_coordinates(theirs))
        assert shapely.get_num_interior_rings(ours) == shapely.get_num_interior_rings(theirs)
    assert returned[2] is None


def test_degrees_are_those_of_the_official_projection(tmp_path: Path) -> None:
    # on the central meridian of EPSG 4547 (114 degrees east, false easting 500 km) and on the equator
    frame = geopandas.GeoDataFrame({"zs_uid": ["u"]}, geometry=[shapely.Point(500_000, 0)], crs=4547)
    KML_OUT.write(OutgoingLayer("a", frame), tmp_path / "a.kml", {}, NoProgress())
    point = read(tmp_path / "a.kml").frame.geometry.iloc[0]
    assert point.x == pytest.approx(114.0, abs=1e-9)
    assert point.y == pytest.approx(0.0, abs=1e-9)


def test_titles_heights_and_types_are_kept(tmp_path: Path) -> None:
    line = shapely.LineString([(113, 22, 1.5), (113.1, 22.1, 0)])
    unknown = shapely.LineString([(113, 22, np.nan), (113.1, 22.1, 1)])
    frame = geopandas.GeoDataFrame(
        {"zs_uid": ["a", "b"], "big": [2**40, 1], "huge": [2**60 + 1, 1], "yes": [True, False]},
        geometry=[line, unknown],
        crs=4326,
    )
    titles = {"big": "大数"}
    written = KML_OUT.write(OutgoingLayer("a", frame, titles=titles), tmp_path / "a.kml", {}, NoProgress())
    assert written.notes == ()
    data = read(tmp_path / "a.kml")
    assert data.frame["big"].tolist() == [2**40, 1]
    assert data.frame["huge"].tolist() == [str(2**60 + 1), "1"]
    assert data.frame["yes"].tolist() == [True, False]
    assert data.stated["titles"] == '{"big": "大数"}'
    shapes = data.frame.geometry
    assert list(shapes.iloc[0].coords) == [(113, 22, 1.5), (113.1, 22.1, 0)]
    assert [point[:2] for point in shapes.iloc[1].coords] == [(113, 22), (113.1, 22.1)]


def test_what_other_programs_look_for_is_in_its_place(tmp_path: Path) -> None:
    KML_OUT.write(outgoing(), tmp_path / "a.kml", {}, NoProgress())
    text = (tmp_path / "a.kml").read_text(encoding="utf-8")
    assert "<name>地块 &amp; 红线</name>" in text
    assert '<SimpleField type="string" name="DLBM"><displayName>地类编码</displayName></SimpleField>' in text
    assert text.count("<Style id=") == 2
    assert "<color>ff1000ff</color>" in text  # #ff0010 in KML's order
    folders = re.findall(r"<Folder>\n<name>(.*?)</name>", text)
    assert folders == ["工业用地", "&lt;道路&gt;"]


def test_gdal_reads_it_the_same(tmp_path: Path) -> None:
    import pyogrio

    path = tmp_path / "a.kml"
    KML_OUT.write(outgoing(), path, {}, NoProgress())
    frames = [pyogrio.read_dataframe(path, layer=name) for name in pyogrio.list_layers(path)[:, 0]]
    shapes = [shape for frame in frames for shape in frame.geometry if shape is not None]
    ours = [shape for shape in read(path).frame.geometry if shape is not None]
    assert len(shapes) == len(ours) == 2
    for theirs in shapes:
        # its older driver turns rings of several parts as it likes
        assert min(shapely.hausdorff_distance(theirs, one) for one in ours) < 1e-9


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.text(CHARACTERS, max_size=20)),
            st.floats(-180, 180, allow_subnormal=False),
            st.floats(-85, 85, allow_subnormal=False),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_and_place_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str | None, float, float]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.kml"
    frame = geopandas.GeoDataFrame(
        {"zs_uid": [str(number) for number in range(len(rows))], "文字": [row[0] for row in rows]},
        geometry=[shapely.Point(*row[1:]) for row in rows],
        crs=4326,
    )
    KML_OUT.write(OutgoingLayer("a", frame), path, {}, NoProgress())
    back = read(path).frame
    texts = back["文字"].tolist() if "文字" in back else [None] * len(back)
    assert texts == [row[0] for row in rows]
    assert [(shape.x, shape.y) for shape in back.geometry] == [row[1:] for row in rows]


def test_what_kml_cannot_carry_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"zs_uid": ["a", "b"], "备注": ["好", "坏\x0b"]}, geometry=[None, None], crs=4326
    )
    with pytest.raises(InputError, match=r"U\+000B") as caught:
        KML_OUT.write(OutgoingLayer("层", frame), tmp_path / "a.kml", {}, NoProgress())
    assert "备注" in caught.value.where
    assert "2" in caught.value.where
    bare = OutgoingLayer("层", frame.set_crs(None, allow_override=True).drop(columns="备注"))
    with pytest.raises(CrsError, match="层"):
        KML_OUT.write(bare, tmp_path / "a.kml", {}, NoProgress())
    with pytest.raises(UsageError, match="digits"):
        KML_OUT.write(outgoing(), tmp_path / "a.kml", {"digits": 3}, NoProgress())
    assert list(tmp_path.iterdir()) == []


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    class Stopped:
        def step(self, done: float, text: str = "") -> None:
            raise JobCancelled(f"{done} {text}")

    for name in ("a.kml", "a.kmz"):
        with pytest.raises(JobCancelled):
            KML_OUT.write(outgoing(), tmp_path / name, {}, Stopped())
    assert list(tmp_path.iterdir()) == []
