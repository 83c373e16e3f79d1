"""KML that is broken or means harm gets one sentence with the place of the fault."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from layers.errors import InputError, JobCancelled
from layers.formats.kml import KML
from layers.formats.model import ReadOptions
from tests.layers.formats.kml_samples import (
    codes,
    document,
    placemark,
    point,
    polygon,
    read,
    valid_files,
    write,
)


def _complaint(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(path) in caught.value.where
    assert caught.value.remedy
    return caught.value


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><kml><Placemark><name>&c;</name></Placemark></kml>'
)
OUTSIDE = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><name>&x;</name></kml>'


@pytest.mark.parametrize("body", [BOMB, OUTSIDE, '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/x.dtd"><kml/>'])
def test_entities_are_refused(tmp_path: Path, body: str) -> None:
    assert "实体" in _complaint(write(tmp_path / "a.kml", body)).what


@pytest.mark.parametrize(
    "body",
    ["", "<", "\x00\x01\x02", "<gpx/>", "<html><body>登录</body></html>", "<kml/>", "PK\x03\x04", "%PDF-1.4"],
)
def test_what_is_no_kml_says_so(tmp_path: Path, body: str) -> None:
    _complaint(write(tmp_path / "a.kml", body))


def test_a_file_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    whole = document("\n".join(placemark(point(), f"p{number}") for number in range(20)))
    cut = whole[: whole.index("p12") + 2]
    data = read(write(tmp_path / "a.kml", cut))
    assert data.frame["name"].tolist() == [f"p{number}" for number in range(12)]
    (note,) = data.notes
    assert note.code == "kml.broken_off"
    # line 1 declares, line 2 opens, p0 stands in line 3
    assert "15" in note.text


def _layers_or_complaint(path: Path) -> bool:
    try:
        return bool(KML.layers(path, ReadOptions()))
    except InputError as error:
        return str(path) in error.where


def test_every_cut_reads_or_complains(tmp_path: Path) -> None:
    for path in valid_files(tmp_path):
        whole = path.read_bytes()
        cut = tmp_path / f"cut{path.suffix}"
        for length in range(0, len(whole), 41):
            cut.write_bytes(whole[:length])
            assert _layers_or_complaint(cut)


def test_folders_ten_thousand_deep_are_refused(tmp_path: Path) -> None:
    deep = "<Folder>" * 10_000 + placemark(point()) + "</Folder>" * 10_000
    assert "200" in _complaint(write(tmp_path / "a.kml", document(deep))).what
    nested = "<MultiGeometry>" * 10_000 + point() + "</MultiGeometry>" * 10_000
    assert "200" in _complaint(write(tmp_path / "b.kml", document(placemark(nested)))).what


def test_very_many_coordinates_are_read(tmp_path: Path) -> None:
    ring = " ".join(f"{113 + at / 1e6},{22 + at % 7 / 1e6}" for at in range(200_000))
    data = read(write(tmp_path / "a.kml", document(placemark(polygon(ring)))))
    assert len(data.frame.geometry.iloc[0].exterior.coords) == 200_001


def test_as_many_columns_as_rows_are_refused(tmp_path: Path) -> None:
    rows = "".join(
        placemark(point(), more=f'<ExtendedData><Data name="k{at}"><value>1</value></Data></ExtendedData>')
        for at in range(1_001)
    )
    assert "1000" in _complaint(write(tmp_path / "a.kml", document(rows))).what


def test_descriptions_that_never_end_take_no_time_of_note(tmp_path: Path) -> None:
    pieces = ["<table>" * 20_000, "<table><tr><td" + "<" * 150_000, "<table" + "<!--" * 40_000]
    rows = "".join(
        placemark(point(), more=f"<description><![CDATA[{piece}]]></description>") for piece in pieces
    )
    data = read(write(tmp_path / "a.kml", document(rows)))
    assert data.frame["description"].tolist() == pieces
    assert codes(data) == []


def test_a_kmz_bomb_is_refused(tmp_path: Path) -> None:
    packed = zipfile.ZipFile(tmp_path / "a.kmz", "w", zipfile.ZIP_DEFLATED)
    with packed as archive, archive.open("doc.kml", "w") as member:
        for _piece in range(80):
            member.write(b" " * 2**20)
    assert "81 MB" in _complaint(tmp_path / "a.kmz").what


def test_a_kmz_that_holds_itself_is_not_followed(tmp_path: Path) -> None:
    link = "<NetworkLink><name>自己</name><Link><href>a.kmz</href></Link></NetworkLink>"
    path = write(tmp_path / "a.kmz", document(link + placemark(point())))
    assert codes(read(path)) == ["kml.network_links"]


def test_stopping_stops(tmp_path: Path) -> None:
    class Stopped:
        def step(self, done: float, text: str = "") -> None:
            raise JobCancelled(f"{done} {text}")

    with pytest.raises(JobCancelled):
        KML.read(valid_files(tmp_path)[0], ReadOptions(), Stopped())


def test_characters_that_xml_forbids_are_replaced_and_told(tmp_path: Path) -> None:
    data = read(write(tmp_path / "a.kml", document(placemark(point(), "甲\x0b乙"))))
    assert data.frame["name"].tolist() == ["甲?乙"]
    assert codes(data) == ["kml.characters"]
