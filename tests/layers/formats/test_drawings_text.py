"""Text of a drawing is read in what it is written in, stated or not, rightly or wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.errors import InputError
from layers.formats.drawings.text_encoding import text_encoding
from tests.layers.formats.drawings_samples import parcel_drawing, read, save


def rewritten(path: Path, old: bytes, new: bytes, *, decode: str = "", encode: str = "") -> Path:
    data = path.read_bytes()
    assert old in data
    data = data.replace(old, new)
    path.write_bytes(data.decode(decode).encode(encode) if decode else data)
    return path


def names(path: Path, encoding: str = "") -> tuple[str, bool]:
    data = read(path, "文字", encoding)
    return data.frame.text[0], data.encoding_guessed


def test_gbk_that_is_stated(tmp_path: Path) -> None:
    path = save(parcel_drawing("R2000"), tmp_path / "a.dxf")
    assert names(path) == ("宗地一", False)
    assert read(path, "面").stated["code_page"] == "ANSI_936"


def test_gbk_behind_the_western_code_page(tmp_path: Path) -> None:
    path = rewritten(save(parcel_drawing("R2000"), tmp_path / "a.dxf"), b"ANSI_936", b"ANSI_1252")
    assert names(path) == ("宗地一", True)


def test_utf8_behind_gbk(tmp_path: Path) -> None:
    path = save(parcel_drawing("R2000"), tmp_path / "a.dxf")
    rewritten(path, b"ANSI_936", b"ANSI_936", decode="gbk", encode="utf-8")
    assert names(path) == ("宗地一", True)


def test_gbk_in_a_version_of_utf8(tmp_path: Path) -> None:
    path = save(parcel_drawing("R2010"), tmp_path / "a.dxf")
    rewritten(path, b"AC1024", b"AC1024", decode="utf-8", encode="gbk")
    assert names(path) == ("宗地一", True)


def test_the_named_encoding_is_taken(tmp_path: Path) -> None:
    path = save(parcel_drawing("R2000"), tmp_path / "a.dxf")
    assert names(path, "GBK") == ("宗地一", False)
    assert names(path, "latin-1")[0] == "宗地一".encode("gbk").decode("latin-1")
    with pytest.raises(InputError, match="klingon"):
        names(path, "klingon")


def test_gbk_in_a_damaged_drawing(tmp_path: Path) -> None:
    path = rewritten(save(parcel_drawing("R2000"), tmp_path / "a.dxf"), b"ANSI_936", b"ANSI_1252")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"OBJECTS")])
    assert names(path)[0] == "宗地一"


def test_gbk_in_a_binary_drawing_behind_the_western_code_page(tmp_path: Path) -> None:
    path = save(parcel_drawing("R2000"), tmp_path / "a.dxf", binary=True)
    rewritten(path, b"ANSI_936", b"ANSI_1252")
    assert names(path) == ("宗地一", True)


@pytest.mark.parametrize(
    ("written", "meant"), [("\\U+5B97\\U+5730", "宗地"), ("\\M+5D7DA\\M+5B5D8", "宗地"), ("50%%d", "50°")]
)
def test_signs_written_as_escapes(tmp_path: Path, written: str, meant: str) -> None:
    # GBK of 宗 is D7DA, of 地 is B5D8
    path = save(parcel_drawing("R2010"), tmp_path / "a.dxf")
    rewritten(path, "宗地一".encode(), written.encode())
    assert names(path)[0] == meant


def test_bytes_that_are_no_letters_become_a_mark(tmp_path: Path) -> None:
    path = save(parcel_drawing("R2010"), tmp_path / "a.dxf")
    rewritten(path, "宗地一".encode(), b"\xff\xfe" + "地".encode())
    text = read(path, "文字").frame.text[0]
    assert text.endswith("地")
    text.encode("utf-8")


def test_a_drawing_of_ascii_is_not_guessed() -> None:
    found = text_encoding(b"  9\n$ACADVER\n  1\nAC1015\n  9\n$DWGCODEPAGE\n  3\nANSI_936\n", "")
    assert (found.name, found.stated, found.guessed) == ("gb18030", "ANSI_936", False)
    assert not text_encoding(b"  0\nSECTION\n", "").guessed
