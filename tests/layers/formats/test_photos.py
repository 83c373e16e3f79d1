"""Photos in: a point where the camera knew its place, a row with a word where it did not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layers.errors import InputError, JobCancelled, UsageError
from layers.formats.model import ReadOptions, SourceData
from layers.formats.photos import PHOTOS, read_photos
from layers.progress import NoProgress
from tests.layers.formats.photos_samples import degrees, photo, place, rational, valid_files


def _read(path: Path) -> SourceData:
    return PHOTOS.read(path, ReadOptions(), NoProgress())


def _codes(data: SourceData) -> list[str]:
    return [note.code for note in data.notes]


@pytest.mark.real_data
def test_real_photos_lie_where_they_were_taken(shared_data: Path) -> None:
    truth = json.loads((shared_data / "photos" / "positions.json").read_text(encoding="utf-8"))
    data = _read(shared_data / "photos")
    found = dict(zip(data.frame["file"], data.frame.geometry, strict=True))
    assert set(found) == set(truth)
    for name, position in truth.items():
        if position is None:
            assert found[name] is None
        else:
            # seven digits in the list: a centimetre
            assert (found[name].y, found[name].x) == pytest.approx(position[:2], abs=1e-7)
            assert found[name].has_z is (position[2] is not None)
    note = data.notes[0]
    assert note.code == "photos.no_position"
    assert "Canon_40D.jpg" in note.text
    assert data.frame["file"].iloc[note.rows[0]] == "Canon_40D.jpg"
    row = data.frame.set_index("file").loc["DSCN0010.jpg"]
    assert row["taken_at"] == "2008-10-22T16:28:39"
    assert row["gps_time"] == "2008-10-23T14:27:07Z"
    assert (row["width"], row["height"]) == (640, 480)


def test_everything_a_phone_notes(tmp_path: Path) -> None:
    folder = tmp_path / "外业" / "第一天"
    folder.mkdir(parents=True)
    valid_files(folder)
    data = _read(tmp_path)
    assert data.crs is not None
    assert data.crs.to_epsg() == 4326
    assert data.layer == tmp_path.name
    frame = data.frame.set_index("file")
    first = frame.loc["现场1.jpg"]
    # 22 + 30/60 + 36/3600, 113 + 24/60 + 18/3600
    assert first.geometry.coords[0] == pytest.approx((113.405, 22.51, 25.5))
    assert first["path"] == "外业/第一天/现场1.jpg"
    assert first["taken_at"] == "2024-05-01T10:03:04"
    assert first["gps_time"] == "2024-05-01T02:03:04Z"
    assert (first["direction_deg"], first["direction_from"], first["altitude_m"]) == (90.0, "true", 25.5)
    assert first["sha256"] == hashlib.sha256((folder / "现场1.jpg").read_bytes()).hexdigest()
    south = frame.loc["south.jpeg"]
    assert (south.geometry.x, south.geometry.y) == pytest.approx((-113.405, -22.51))
    assert south["direction_from"] == "magnetic"
    assert south["taken_at"] == "2024-05-01T10:03:04+08:00"
    assert south["orientation"] == 6
    none = frame.loc["无位置.jpg"]
    assert none.geometry is None
    assert none["direction_from"] is None
    assert np.isnan(none["direction_deg"])
    assert _codes(data) == ["photos.no_position"]


@pytest.mark.parametrize(
    "changed",
    [
        {"latitude": (rational(22), rational(0, 0), rational(0))},
        {"longitude": None},
        {"latitude": degrees(0, 0, 0), "longitude": degrees(0, 0, 0)},
        {"latitude": degrees(95, 0, 0)},
        {"longitude": degrees(190, 0, 0)},
    ],
)
def test_positions_that_are_none(tmp_path: Path, changed: dict[str, Any]) -> None:
    data = _read(photo(tmp_path / "a.jpg", place(**changed)))
    assert data.frame.geometry.tolist() == [None]
    assert _codes(data) == ["photos.no_position"]


@pytest.mark.parametrize(
    ("changed", "column", "expected"),
    [
        ({"direction": rational(0, 0)}, "direction_deg", np.nan),
        ({"direction": rational(400)}, "direction_deg", np.nan),
        ({"below": b"\x01"}, "altitude_m", -25.5),
        ({"altitude": rational(0, 0)}, "altitude_m", np.nan),
        ({"accuracy": rational(35, 10)}, "accuracy_m", 3.5),
    ],
)
def test_numbers_that_are_odd(tmp_path: Path, changed: dict[str, Any], column: str, expected: float) -> None:
    data = _read(photo(tmp_path / "a.jpg", place(**changed)))
    assert data.frame[column].iloc[0] == pytest.approx(expected, nan_ok=True)
    assert data.frame.geometry.iloc[0] is not None


@pytest.mark.parametrize(
    ("taken", "date", "expected"),
    [
        ("0000:00:00 00:00:00", "    :  :  ", (None, None)),
        ("2024-05-01T10:03:04", "2024-05-01", ("2024-05-01T10:03:04", "2024-05-01T02:03:04Z")),
        ("", "2024:13:01", (None, None)),
    ],
)
def test_clocks_that_were_never_set(
    tmp_path: Path, taken: str, date: str, expected: tuple[str | None, str | None]
) -> None:
    row = _read(photo(tmp_path / "a.jpg", place(date=date), taken)).frame.iloc[0]
    assert (row["taken_at"], row["gps_time"]) == expected


def test_missing_sides_and_other_datums_are_told(tmp_path: Path) -> None:
    data = _read(photo(tmp_path / "a.jpg", place(north=None)))
    assert data.frame.geometry.iloc[0].y == pytest.approx(22.51)
    assert _codes(data) == ["photos.sides_assumed"]
    data = _read(photo(tmp_path / "b.jpg", place(datum="GCJ-02")))
    assert data.crs is None
    assert _codes(data) == ["photos.datum"]
    assert "GCJ-02" in data.notes[0].text
    assert _read(photo(tmp_path / "c.jpg", place(datum="WGS-84"))).crs is not None


def test_what_is_no_photo_in_a_folder_is_listed_and_kept_as_a_row(tmp_path: Path) -> None:
    photo(tmp_path / "a.jpg", place())
    (tmp_path / "b.jpg").write_bytes(b"no photo")
    (tmp_path / "c.HEIC").write_bytes(b"\x00\x00\x00\x18ftypheic")
    (tmp_path / "d.txt").write_text("x")
    (tmp_path / ".hidden.jpg").write_bytes(b"")
    photo(tmp_path / "scan.jpg", place())
    (tmp_path / "scan.jgw").write_text("1\n0\n0\n-1\n0\n0\n")
    data = _read(tmp_path)
    assert data.frame["file"].tolist() == ["a.jpg", "b.jpg", "c.HEIC"]
    assert data.frame.geometry.isna().tolist() == [False, True, True]
    assert _codes(data) == ["photos.unreadable", "photos.others"]
    assert data.notes[0].rows == (1, 2)
    assert "b.jpg" in data.notes[0].text
    assert "HEIC" in data.notes[0].text
    assert "3" in data.notes[1].text


def test_a_single_file_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "b.jpg").write_bytes(b"no photo")
    with pytest.raises(InputError, match="JPG"):
        _read(tmp_path / "b.jpg")
    (tmp_path / "c.heic").write_bytes(b"x")
    with pytest.raises(InputError, match="HEIC"):
        _read(tmp_path / "c.heic")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="照片"):
        _read(tmp_path / "empty")
    assert [layer.feature_count for layer in PHOTOS.layers(tmp_path / "b.jpg", ReadOptions())] == [1]


def test_every_cut_and_every_changed_byte_of_the_header(tmp_path: Path) -> None:
    whole = photo(tmp_path / "a.jpg", place()).read_bytes()
    path = tmp_path / "odd.jpg"
    for length in range(1, min(len(whole), 700), 9):
        path.write_bytes(whole[:length])
        assert len(read_photos((path,), tmp_path, NoProgress()).frame) == 1
    for at in range(0, min(len(whole), 500), 2):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        data = read_photos((path,), tmp_path, NoProgress())
        shape = data.frame.geometry.iloc[0]
        assert shape is None or (abs(shape.x) <= 180 and abs(shape.y) <= 90)


def test_a_header_that_claims_a_picture_of_four_gigapixels_is_only_read(tmp_path: Path) -> None:
    whole = bytearray(photo(tmp_path / "a.jpg", place()).read_bytes())
    frame = whole.index(b"\xff\xc0")  # height and width stand five bytes on
    whole[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    (tmp_path / "a.jpg").write_bytes(whole)
    row = _read(tmp_path / "a.jpg").frame.iloc[0]
    assert (row["width"], row["height"]) == (65_535, 65_535)


def test_which_files_and_folders_are_photos(tmp_path: Path) -> None:
    photo(tmp_path / "a.jpg")
    assert PHOTOS.recognises(tmp_path / "a.jpg", b"\xff\xd8\xff")
    assert PHOTOS.recognises(tmp_path / "renamed.dat", b"\xff\xd8\xff")
    assert PHOTOS.recognises(tmp_path, b"")
    (tmp_path / "inside").mkdir()
    assert not PHOTOS.recognises(tmp_path / "inside", b"")
    (tmp_path / "A.JGW").write_text("1")
    assert not PHOTOS.recognises(tmp_path / "a.jpg", b"\xff\xd8\xff")


def test_photos_of_folders_inside_count_where_there_are_none_beside_them(tmp_path: Path) -> None:
    inside = tmp_path / "第一天"
    inside.mkdir()
    photo(inside / "a.jpg", place())
    assert _read(tmp_path).frame["path"].tolist() == ["第一天/a.jpg"]
    photo(tmp_path / "b.jpg", place())
    assert _read(tmp_path).frame["path"].tolist() == ["b.jpg"]


def test_choices_layers_and_stopping(tmp_path: Path) -> None:
    class Stopped:
        def step(self, done: float, text: str = "") -> None:
            raise JobCancelled(f"{done} {text}")

    path = photo(tmp_path / "a.jpg")
    with pytest.raises(UsageError):
        PHOTOS.read(path, ReadOptions(choices={"k": "v"}), NoProgress())
    with pytest.raises(InputError):
        PHOTOS.read(path, ReadOptions(layer="b"), NoProgress())
    with pytest.raises(JobCancelled):
        PHOTOS.read(tmp_path, ReadOptions(), Stopped())
