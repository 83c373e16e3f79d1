"""Drawings that are damaged, lie about themselves, or want to use the machine up."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from ezdxf.document import Drawing

from layers.errors import InputError, JobCancelled
from layers.formats.drawings import DRAWINGS
from layers.formats.drawings import limits as drawing_limits
from layers.formats.drawings.limits import Budget
from layers.formats.model import ReadOptions
from layers.progress import NoProgress
from tests.layers.formats.drawings_samples import made, parcel_drawing, read, save, valid_files


def counted(path: Path) -> dict[str, int]:
    return {layer.name: layer.feature_count for layer in DRAWINGS.layers(path, ReadOptions())}


def test_a_truncated_drawing_gives_what_is_whole(tmp_path: Path) -> None:
    path = save(parcel_drawing(), tmp_path / "a.dxf")
    text = path.read_text(encoding="utf-8")
    # cut in the middle of the text after the red line
    path.write_text(text[: text.index("宗地一") - 20], encoding="utf-8")
    data = read(path, "面")
    assert len(data.frame) == 1
    assert data.frame.geometry[0].area == 5000.0
    assert data.notes[0].code == "drawing.damaged"


def test_an_object_cut_off_in_its_middle_takes_no_other_with_it(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        for at in range(5):
            document.modelspace().add_lwpolyline([(at, 0), (at + 1, 0), (at + 1, 1)], close=True)

    path = made(tmp_path, fill)
    text = path.read_text(encoding="utf-8")
    # the last one ends before it says what it is
    path.write_text(text[: text.rindex("LWPOLYLINE") + 20], encoding="utf-8")
    data = read(path, "面")
    assert len(data.frame) == 4
    assert data.notes[0].code == "drawing.damaged"


def test_an_object_of_no_known_type_takes_no_other_with_it(tmp_path: Path) -> None:
    path = save(parcel_drawing(), tmp_path / "a.dxf")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nINSERT\n", "\nINXERT\n"), encoding="utf-8")
    data = read(path, "面")
    assert data.frame.geometry[0].area == 5000.0
    assert any("INXERT" in note.text for note in data.notes)


def test_a_number_that_was_made_out_of_a_broken_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fill(document: Drawing) -> None:
        document.modelspace().add_line((1.25, 2), (3, 4))

    path = made(tmp_path, fill)
    text = path.read_text(encoding="utf-8").replace("\n1.25\n", "\n1.2Q5\n")
    path.write_text(text, encoding="utf-8")
    data = read(path, "线")
    assert data.frame.geometry[0].coords[0] == (1.2, 2.0)
    assert "1.2Q5" in data.notes[0].text
    assert capsys.readouterr().err == ""


def test_a_corner_that_is_no_point_is_left_unsaid(tmp_path: Path) -> None:
    path = save(parcel_drawing(), tmp_path / "a.dxf")
    lines = path.read_text(encoding="utf-8").split("\n")
    at = lines.index("$EXTMIN")
    lines[at + 1 : at + 7] = [" 40", "1.5"]
    path.write_text("\n".join(lines), encoding="utf-8")
    data = read(path, "面")
    assert data.frame.geometry[0].area == 5000.0
    assert "extent_min" not in data.stated


def test_a_wrong_group_code_is_stepped_over(tmp_path: Path) -> None:
    path = save(parcel_drawing(), tmp_path / "a.dxf")
    lines = path.read_text(encoding="utf-8").split("\n")
    at = lines.index("宗地一") - 1
    lines[at] = "  ?!"
    path.write_text("\n".join(lines), encoding="utf-8")
    data = read(path, "面")
    assert data.frame.geometry[0].area == 5000.0
    assert "drawing.damaged" in {note.code for note in data.notes}


@pytest.mark.parametrize("suffix", [".dxf", ".dwg"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 5000,
        b"PK\x03\x04" + b"\1" * 500,
        "宗地,面积\n1,2\n".encode(),
        b"AC1032" + b"\xff" * 3000,
        b"AC1009" + b"\0" * 300,
        b"AutoCAD Binary DXF\r\n\x1a\x00" + b"\x07" * 400,
        b"  0\nSECTION\n  2\nENTITIES\n  0\nLWPOLYLINE\n 90\n2000000000\n",
        b"  0\nSECTION\n",
    ],
)
def test_what_is_no_drawing_is_said_in_a_sentence(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert caught.value.remedy


def test_an_old_dwg_says_which_version_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "a.dwg"
    path.write_bytes(b"AC1009" + b"\0" * 300)
    with pytest.raises(InputError, match="R13"):
        read(path)


def test_blocks_that_hold_themselves_end(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        for name, other in (("甲", "乙"), ("乙", "甲")):
            block = document.blocks.new(name)
            block.add_line((0, 0), (1, 0))
            block.add_blockref(other, (5, 0))
        document.modelspace().add_blockref("甲", (0, 0))

    data = read(made(tmp_path, fill), "线")
    assert len(data.frame) == 2
    assert "甲" in next(note.text for note in data.notes if note.code == "drawing.circular")


def test_blocks_that_double_at_each_depth_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(document: Drawing) -> None:
        document.blocks.new("b0").add_point((0, 0))
        for depth in range(1, 22):
            block = document.blocks.new(f"b{depth}")
            for shift in (0, 1):
                block.add_blockref(f"b{depth - 1}", (shift, 0))
        document.modelspace().add_blockref("b21", (0, 0))

    path = made(tmp_path, fill)
    monkeypatch.setattr(Budget, "__init__", _small(20_000))
    with pytest.raises(InputError, match=path.name):
        read(path, "点")


def _small(entities: int) -> object:
    def start(self: Budget, path: Path) -> None:
        self.path, self.entities, self.vertices = path, entities, 1_000_000

    return start


def test_a_thousand_million_copies_are_refused_at_once(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        document.blocks.new("b").add_point((0, 0))
        attributes = {"column_count": 1_000_000_000, "row_count": 1_000_000_000}
        document.modelspace().add_blockref("b", (0, 0), dxfattribs=attributes)

    started = time.monotonic()
    with pytest.raises(InputError):
        read(made(tmp_path, fill))
    # far above what it takes, far below what the copies would
    assert time.monotonic() - started < 60


def test_gigantic_curves_end(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        space = document.modelspace()
        space.add_circle((0, 0), 1e11)
        space.add_circle((0, 0), 1e300)
        space.add_circle((0, 0), 0)
        space.add_ellipse((0, 0), (1e10, 0), 1e-6)
        space.add_open_spline([(0, 0, 0), (1e11, 1e11, 0), (0, 1e11, 0), (1e11, 0, 0)])
        space.add_open_spline([(0, 0, 0), (1e200, 1e200, 0), (0, 1e100, 0), (1e100, 0, 0)])
        spline = space.add_spline([])
        spline.dxf.degree = 1_000_000
        spline.control_points = [(0, 0, 0), (1, 1, 0)]
        space.add_lwpolyline([(0, 0, 1e9), (1, 0, 1e-300)], format="xyb", close=True)
        space.add_line((float("nan"), 0), (1, 1))
        space.add_line((0, 0), (float("inf"), 1))

    path = made(tmp_path, fill)
    data = read(path, "面")
    assert len(data.frame) >= 2
    (note,) = [note for note in data.notes if note.code == "drawing.senseless"]
    assert "CIRCLE" in note.text
    assert "SPLINE" in note.text


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_limits, "LINE_CHARACTERS", 5000)
    path = tmp_path / "a.dxf"
    path.write_bytes(
        b"  0\nSECTION\n  2\nENTITIES\n  0\nTEXT\n  1\n" + b"A" * 6000 + b"\n  0\nENDSEC\n  0\nEOF\n"
    )
    with pytest.raises(InputError, match=r"a\.dxf:"):
        read(path)


def test_a_file_larger_than_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    with path.open("wb") as file:
        file.write(b"  0\nSECTION\n")
        file.truncate(drawing_limits.FILE_BYTES + 1)
    with pytest.raises(InputError, match="400"):
        read(path)


def test_reading_stops_when_the_user_does(tmp_path: Path) -> None:
    class Stop:
        def step(self, done: float, text: str = "") -> None:
            raise JobCancelled

    for path in valid_files(tmp_path):
        with pytest.raises(JobCancelled):
            DRAWINGS.read(path, ReadOptions(layer="面"), Stop())


def test_changed_bytes_never_end_in_anything_but_a_sentence(tmp_path: Path) -> None:
    chance = random.Random(20240229)  # noqa: S311 - the same changes each time
    path = tmp_path / "changed.dxf"
    outcomes = {True: 0, False: 0}
    for source in valid_files(tmp_path):
        whole = source.read_bytes()
        for _turn in range(8):
            path.write_bytes(changed(whole, chance))
            outcomes[_read_or_refused(path)] += 1
    assert outcomes[True]


@pytest.mark.real_data
def test_changed_bytes_of_a_dwg_too(tmp_path: Path, shared_data: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - the same changes each time
    path = tmp_path / "changed.dwg"
    outcomes = {True: 0, False: 0}
    for source in sorted((shared_data / "dwg").glob("*.dwg")):
        whole = source.read_bytes()
        for _turn in range(20):
            path.write_bytes(changed(whole, chance))
            outcomes[_read_or_refused(path)] += 1
    assert outcomes[True]
    assert outcomes[False]


def _read_or_refused(path: Path) -> bool:
    try:
        names = counted(path)
        for name in names:
            DRAWINGS.read(path, ReadOptions(layer=name), NoProgress())
    except InputError:
        return False
    return True


def changed(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with some overwritten, cut out, doubled, or cut off."""
    body = bytearray(data)
    kind = chance.randrange(4)
    at = chance.randrange(len(body))
    span = chance.randrange(1, 400)
    if kind == 0:
        for _turn in range(chance.choice((1, 10, 100))):
            body[chance.randrange(len(body))] = chance.randrange(256)
    elif kind == 1:
        del body[at : at + span]
    elif kind == 2:
        body[at:at] = body[at : at + span]
    else:
        del body[at:]
    return bytes(body)


def test_a_sheet_that_lost_its_block_takes_nothing_else_with_it() -> None:
    """A binary drawing of ours, damaged by chance: one of its sheets has no block any more."""
    path = Path(__file__).parents[2] / "fixtures" / "drawings" / "lost_layout.dxf"
    found = counted(path)
    assert sum(found.values()) > 0
    for layer, count in found.items():
        assert len(read(path, layer).frame) == count
