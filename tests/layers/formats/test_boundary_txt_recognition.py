"""What is taken for a text of boundary points, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.formats.boundary_txt import BOUNDARY_TXT
from layers.formats.model import ReadOptions
from layers.progress import NoProgress
from tests.layers.formats.boundary_txt_samples import (
    WINDR07,
    standard_file,
    valid_files,
)


def test_what_is_recognised(tmp_path: Path) -> None:
    for path in valid_files(tmp_path):
        data = path.read_bytes()
        assert BOUNDARY_TXT.recognises(path, data[:4096]), path.name
        assert len(BOUNDARY_TXT.read(path, ReadOptions(), NoProgress()).frame) >= 1
    assert BOUNDARY_TXT.recognises(Path("renamed.dat"), WINDR07.encode("gb18030"))
    assert BOUNDARY_TXT.recognises(Path("wide.TXT"), WINDR07.encode("utf-16-be"))
    # cut in the middle of a character
    assert BOUNDARY_TXT.recognises(Path("long.txt"), standard_file().encode("gb18030")[:13])


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("notes.txt", "会议纪要\n一、时间".encode()),
        ("table.csv", b"name,x,y\na,1,2\n"),
        ("drawing.txt", b"0\nSECTION\n2\nHEADER\n"),
        ("zip.txt", b"PK\x03\x04" + bytes(200)),
        ("folder.txt", b""),
        ("list.txt", b"a,b,c,d\n"),
    ],
)
def test_what_is_not_recognised(name: str, head: bytes) -> None:
    assert not BOUNDARY_TXT.recognises(Path(name), head)
