"""A file is written whole or stays what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.errors import InputError
from layers.whole_file import whole_file


def test_the_file_appears_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("old", encoding="utf-8")
    with whole_file(path, "failed") as draft:
        draft.write_text("new", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_stood_there_stays_when_the_writer_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("old", encoding="utf-8")

    def break_off() -> None:
        with whole_file(path, "failed") as draft:
            draft.write_text("half", encoding="utf-8")
            raise KeyError("column")

    with pytest.raises(KeyError):
        break_off()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("place", ["no folder/表.csv", "file/表.csv"])
def test_a_place_where_nothing_can_be_written_is_named(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file, no folder", encoding="utf-8")
    path = tmp_path / place
    with pytest.raises(InputError, match="failed: ") as caught, whole_file(path, "failed: {reason}") as draft:
        draft.write_text("new", encoding="utf-8")
    assert caught.value.where == str(path)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
