"""What is wrong in a text of boundary points is told with its line, and no wrong shape comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.errors import InputError, UsageError
from layers.findings import Severity
from tests.layers.formats.boundary_txt_reading import codes, only, read
from tests.layers.formats.boundary_txt_samples import (
    EAST,
    HEADER,
    NORTH,
    WINDR07,
    box,
    plot,
    rows,
    standard_file,
)


def test_a_row_that_cannot_be_read_leaves_the_plot_without_a_shape(tmp_path: Path) -> None:
    text = HEADER + plot("0.8", [box(100, 80)]) + plot("0.25", [box(50, 50, 500)])
    broken = text.replace(f"J2,1,{NORTH + 80:.3f},", f"J2,1,{NORTH + 80:.3f}")
    data = read(tmp_path, broken)
    assert data.frame.geometry[0] is None
    assert data.frame.geometry[1].area == pytest.approx(2500)
    assert data.unreadable == (0,)
    (note,) = data.notes
    assert (note.severity, note.rows) == (Severity.ERROR, (0,))
    # twelve lines of header, the record, J1
    assert note.text.startswith("红线.txt:15:")


@pytest.mark.parametrize(
    "old",
    [
        f"{NORTH:.3f}",  # a figure that became text
        f"{EAST + 100:.3f}",
    ],
)
@pytest.mark.parametrize("new", ["3.84E+07", "nan", "inf", "12a", "", "--1", "1_000_000.0", "٣٤٥٦٧٨٩٠"])
def test_a_figure_that_is_none(tmp_path: Path, old: str, new: str) -> None:
    text = (HEADER + plot("0.8", [box(100, 80)])).replace(old, new, 1)
    data = read(tmp_path, text)
    assert data.frame.geometry[0] is None
    assert codes(data) == ["boundary_txt.no_shape"]


def test_a_figure_that_lost_a_digit(tmp_path: Path) -> None:
    text = (HEADER + plot("0.8", [box(100, 80)])).replace(f"{EAST + 100:.3f}", "3843630.000", 1)
    data = read(tmp_path, text)
    assert data.frame.geometry[0] is None
    assert "红线.txt:15:" in only(data, "boundary_txt.no_shape")


def test_a_closing_row_at_another_place(tmp_path: Path) -> None:
    text = HEADER + plot("0.8", [box(100, 80)])
    last = f"J1,1,{NORTH + 80:.3f},{EAST:.3f}\n"
    assert text.endswith(last)
    data = read(tmp_path, text[: -len(last)] + f"J1,1,{NORTH + 80:.3f},{EAST + 7:.3f}\n")
    assert data.frame.geometry[0] is None
    assert "7.000" in only(data, "boundary_txt.no_shape")


def test_a_ring_that_goes_on_after_another(tmp_path: Path) -> None:
    text = rows([box(100, 80), box(10, 10, 20, 20)], closing=False) + f"J9,1,{NORTH:.3f},{EAST:.3f}\n"
    data = read(tmp_path, HEADER + "9,,1,甲,面,,,,@\n" + text)
    assert data.frame.geometry[0] is None
    assert "红线.txt:22:" in only(data, "boundary_txt.no_shape")


def test_too_few_points(tmp_path: Path) -> None:
    text = HEADER + f"2,,1,甲,面,,,,@\nJ1,1,{NORTH},{EAST}\nJ2,1,{NORTH + 1},{EAST}\n3,,2,乙,面,,,,@\n"
    data = read(tmp_path, text)
    assert data.frame.geometry.isna().all()
    assert data.frame["地块名称"].tolist() == ["甲", "乙"]


def test_what_follows_the_points_is_named_and_left_out(tmp_path: Path) -> None:
    data = read(tmp_path, WINDR07 + "制表人：张三\n-- end of file --\n")
    assert data.frame.geometry[0].area == pytest.approx(109.43, abs=0.005)
    assert codes(data) == ["boundary_txt.stray"] * 2
    assert "红线.txt:19:" in data.notes[0].text


def test_a_strange_line_among_the_points_may_have_been_one(tmp_path: Path) -> None:
    lines = WINDR07.split("\n")
    lines.insert(15, "#########")
    data = read(tmp_path, "\n".join(lines))
    assert data.frame.geometry[0] is None
    assert "红线.txt:16:" in only(data, "boundary_txt.no_shape")


def test_a_damaged_byte_costs_one_character(tmp_path: Path) -> None:
    for encoding in ("gb18030", "utf-8"):
        data = standard_file().encode(encoding)
        place = data.index("乙".encode(encoding))
        broken = read(tmp_path, data[:place] + b"\xff" + data[place + 1 :])
        assert broken.encoding.lower() == encoding
        assert broken.frame["地块名称"][0] == "东区，一期"
        assert "boundary_txt.characters" in codes(broken)
        assert not broken.unreadable


def test_a_truncated_utf8_file_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    text = standard_file() + "3,,3,末"
    data = read(tmp_path, text.encode()[:-1])
    assert data.encoding == "UTF-8"
    assert data.frame["地块名称"][0] == "东区，一期"


def test_a_told_encoding_outranks_what_it_looks_like(tmp_path: Path) -> None:
    data = read(tmp_path, standard_file().encode("gb18030"), encoding="gbk")
    assert (data.encoding, data.encoding_guessed) == ("gbk", False)
    with pytest.raises(InputError):
        read(tmp_path, standard_file().encode("gb18030"), encoding="utf-8")
    for wrong in ("no-such", "rot13", "zlib", "x" * 10_000, "\0"):
        with pytest.raises(InputError):
            read(tmp_path, standard_file().encode("gb18030"), encoding=wrong)


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 5000, b"hello", b"\xff\xfe", b"\xef\xbb\xbf", bytes(range(256)) * 40, b"\r\n" * 50]
)
def test_no_boundary_points(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match=r"红线\.txt"):
        read(tmp_path, data)


def test_a_line_without_end(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, HEADER + "x" * 3_000_000)
    assert "红线.txt" in caught.value.where
    assert "13" in caught.value.where


def test_limits_of_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from layers.formats.boundary_txt import parser

    monkeypatch.setattr(parser, "PLOT_POINTS", 4)
    with pytest.raises(InputError) as caught:
        read(tmp_path, WINDR07)
    assert "18" in caught.value.where


def test_many_faults_of_a_kind_are_told_once(tmp_path: Path) -> None:
    data = read(tmp_path, WINDR07 + "?\n" * 1000)
    assert len(data.notes) == 201
    assert "800" in data.notes[-1].text


def test_unknown_choices_are_refused(tmp_path: Path) -> None:
    for choices in ({"colour": "red"}, {"order": "up"}):
        with pytest.raises(UsageError):
            read(tmp_path, WINDR07, choices=choices)
