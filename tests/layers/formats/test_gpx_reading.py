"""GPX in: every waypoint, route and track with its place, heights, times and words."""

from __future__ import annotations

import json
from pathlib import Path

import gpxpy
import pyproj
import pytest
import shapely

from layers.errors import InputError, JobCancelled, UsageError
from layers.formats.gpx import GPX
from layers.formats.model import ReadOptions
from layers.progress import NoProgress
from tests.layers.formats.gpx_samples import codes, document, points, read, track, valid_files, write

NAMES = [
    "cerknicko-jezero.gpx",
    "gpx1.1_with_all_fields.gpx",
    "route.gpx",
    "track_with_speed.gpx",
    "unicode2.gpx",
]


@pytest.mark.real_data
@pytest.mark.parametrize("name", NAMES)
def test_counts_are_those_of_an_independent_parser(shared_data: Path, name: str) -> None:
    counts = json.loads((shared_data / "gpx" / "counts.json").read_text(encoding="utf-8"))[name]
    if name == "route.gpx":
        # the list says 2 and 14; the file has one route, whose positions are named #001 to #055
        counts |= {"routes": 1, "route_points": 55}
    path = shared_data / "gpx" / name
    read_layers = [read(path, layer.name) for layer in GPX.layers(path, ReadOptions())]
    stated = read_layers[0].stated
    for key in ("waypoints", "routes", "route_points", "tracks", "segments", "track_points"):
        assert int(stated[key]) == counts[key], key
    assert int(stated["single_point_segments"]) == counts["single_point_segments"]
    rows = sum(len(data.frame) for data in read_layers)
    assert rows == counts["waypoints"] + counts["routes"] + counts["tracks"]
    tracks = [data.frame for data in read_layers if data.layer.endswith("航迹") or counts["tracks"] == rows]
    if counts["length_2d"]:
        # gpxpy counts on a sphere and a plane: half a percent
        length = sum(pyproj.Geod(ellps="WGS84").geometry_length(line) for line in tracks[0].geometry if line)
        assert length == pytest.approx(counts["length_2d"], rel=0.005)
        kept = sum(len(shapely.get_coordinates(line)) for line in tracks[0].geometry)
        assert kept == counts["track_points"]


@pytest.mark.real_data
@pytest.mark.parametrize("name", NAMES)
def test_places_and_words_are_those_that_gpxpy_reads(shared_data: Path, name: str) -> None:
    path = shared_data / "gpx" / name
    theirs = gpxpy.parse(path.read_text(encoding="utf-8"))
    layers = {layer.name.rpartition("_")[2]: layer.name for layer in GPX.layers(path, ReadOptions())}
    if theirs.waypoints:
        frame = read(path, layers["航点"]).frame
        assert [(shape.x, shape.y) for shape in frame.geometry] == [
            (one.longitude, one.latitude) for one in theirs.waypoints
        ]
        assert frame["name"].tolist() == [one.name for one in theirs.waypoints]
        if "hdop" in frame:
            assert frame["hdop"].tolist()[0] == theirs.waypoints[0].horizontal_dilution


@pytest.mark.real_data
def test_all_fields_of_a_waypoint(shared_data: Path) -> None:
    path = shared_data / "gpx" / "gpx1.1_with_all_fields.gpx"
    frame = read(path, "gpx1.1_with_all_fields_航点").frame
    first = frame.iloc[0]
    assert first["sat"] == 5
    assert [first[name] for name in ("magvar", "geoidheight", "hdop", "vdop", "pdop", "ageofdgpsdata")] == [
        1.1,
        2.0,
        6,
        7,
        8,
        9,
    ]
    assert first["dgpsid"] == 45
    texts = {"cmt": "example cmt", "desc": "example desc", "src": "example src", "sym": "example sym"}
    texts |= {"link": "http://link3", "link_text": "link text3", "link_type": "link type3", "fix": "2d"}
    assert {name: first[name] for name in texts} == texts
    assert json.loads(first["extensions"]) == {"aaa": "bbb", "ccc": "ddd"}
    assert list(first.geometry.coords) == [(45.6, 12.3, 75.1)]
    assert frame.iloc[1].geometry.has_z is False
    route = read(path, "gpx1.1_with_all_fields_航线").frame
    details = json.loads(route["points"].iloc[0])[0]
    assert details[0]["name"] == "example name r"
    assert details[0]["extensions"] == {"rteepte": "rtept"}
    assert details[2] == {"lon": 22.0, "lat": 12.0}


def test_segments_become_parts_with_heights_and_times(tmp_path: Path) -> None:
    def stamped(first: int) -> str:
        return "".join(
            f'<trkpt lat="22" lon="{113 + at}"><ele>{at}</ele><time>T{at}</time></trkpt>'
            for at in (first, first + 1)
        )

    data = read(write(tmp_path / "a.gpx", document(track(stamped(0), stamped(2)))))
    shape = data.frame.geometry.iloc[0]
    assert [list(part.coords) for part in shape.geoms] == [
        [(113, 22, 0), (114, 22, 1)],
        [(115, 22, 2), (116, 22, 3)],
    ]
    assert json.loads(data.frame["times"].iloc[0]) == ["T0", "T1", "T2", "T3"]
    assert "points" not in data.frame
    assert data.crs is not None
    assert data.crs.to_epsg() == 4326
    assert data.stated["creator"] == "手持机"


def test_heights_of_some_positions_only_stand_apart(tmp_path: Path) -> None:
    some = '<trkpt lat="22" lon="113"><ele>5</ele></trkpt><trkpt lat="22" lon="114"/>'
    frame = read(write(tmp_path / "a.gpx", document(track(some)))).frame
    assert list(frame.geometry.iloc[0].coords) == [(113, 22), (114, 22)]
    assert json.loads(frame["points"].iloc[0]) == [
        [{"lon": 113.0, "lat": 22.0, "ele": 5.0}, {"lon": 114.0, "lat": 22.0}]
    ]


def test_the_three_kinds_are_three_layers_in_any_encoding(tmp_path: Path) -> None:
    path = valid_files(tmp_path)[2]
    found = [(one.name, one.geometry, one.feature_count) for one in GPX.layers(path, ReadOptions())]
    assert found == [
        ("all_航点", "Point", 1),
        ("all_航线", "LineString", 1),
        ("all_航迹", "MultiLineString", 1),
    ]
    data = read(path, "all_航点")
    assert data.encoding == "gb18030"
    assert data.frame["name"].tolist() == ["界桩1"]
    assert json.loads(data.frame["extensions"].iloc[0]) == {"a": {"@k": "1", "#text": "甲"}}
    with pytest.raises(InputError, match="all_航点、all_航线、all_航迹"):
        read(path)
    with pytest.raises(InputError, match="没有"):
        read(path, "x")


def test_positions_that_are_none_are_listed_and_the_rest_is_kept(tmp_path: Path) -> None:
    odd = points((113, 22), (114, 22)) + '<trkpt lat="北" lon="1"/><trkpt lon="1"/><trkpt lat="91" lon="1"/>'
    data = read(write(tmp_path / "a.gpx", document(track(odd))))
    assert len(data.frame.geometry.iloc[0].coords) == 2
    (note,) = data.notes
    assert note.code == "gpx.positions"
    assert note.rows == (0,)
    assert "3" in note.text
    assert "北" in note.text


def test_tracks_without_a_line_are_kept_and_told(tmp_path: Path) -> None:
    body = track("", name="空") + track(points((113, 22)), points((113, 22), (114, 22)), name="半")
    data = read(write(tmp_path / "a.gpx", document(body)))
    assert data.frame["name"].tolist() == ["空", "半"]
    assert data.frame.geometry.isna().tolist() == [True, False]
    assert codes(data) == ["gpx.no_shape", "gpx.single_positions"]
    assert [len(segment) for segment in json.loads(data.frame["points"].iloc[1])] == [1, 2]


def test_words_in_place_of_numbers_keep_the_column_as_text(tmp_path: Path) -> None:
    body = '<wpt lat="1" lon="2"><sat>5</sat></wpt><wpt lat="1" lon="2"><sat>好</sat></wpt>'
    data = read(write(tmp_path / "a.gpx", document(body)))
    assert data.frame["sat"].tolist() == ["5", "好"]
    assert codes(data) == ["gpx.untyped"]


def test_a_file_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    whole = document(track(points(*[(113 + at / 10, 22) for at in range(9)])))
    cut = whole[: whole.index('lon="113.5"')]
    data = read(write(tmp_path / "a.gpx", cut))
    assert len(data.frame.geometry.iloc[0].coords) == 5
    assert codes(data) == ["gpx.broken_off"]


BOMB = (
    '<!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<gpx><wpt lat="1" lon="2"><name>&b;</name></wpt></gpx>'
)


@pytest.mark.parametrize(
    "body", ["", "<", "<kml/>", "<gpx/>", BOMB, "<gpx>" + "<a>" * 10_000, "\x00\x01", "<gpx><trk>"]
)
def test_what_is_broken_or_means_harm_gets_one_sentence(tmp_path: Path, body: str) -> None:
    path = write(tmp_path / "a.gpx", body)
    if body == "<gpx><trk>":
        assert codes(read(path)) == ["gpx.broken_off", "gpx.no_shape"]
        return
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(path) in caught.value.where
    assert caught.value.remedy


def _layers_or_complaint(path: Path) -> bool:
    try:
        return bool(GPX.layers(path, ReadOptions()))
    except InputError as error:
        return str(path) in error.where


def test_every_cut_reads_or_complains(tmp_path: Path) -> None:
    cut = tmp_path / "cut.gpx"
    for path in valid_files(tmp_path):
        whole = path.read_bytes()
        for length in range(0, len(whole), 17):
            cut.write_bytes(whole[:length])
            assert _layers_or_complaint(cut)


def test_unknown_choices_stopping_and_names(tmp_path: Path) -> None:
    class Stopped:
        def step(self, done: float, text: str = "") -> None:
            raise JobCancelled(f"{done} {text}")

    path = valid_files(tmp_path)[0]
    with pytest.raises(UsageError, match="x_column"):
        GPX.read(path, ReadOptions(choices={"x_column": "1"}), NoProgress())
    with pytest.raises(JobCancelled):
        GPX.read(path, ReadOptions(), Stopped())
    assert GPX.recognises(tmp_path / "a.xml", b"<gpx ")
    assert GPX.recognises(tmp_path / "A.GPX", b"")
    assert not GPX.recognises(tmp_path / "a.xml", b"<kml ")
