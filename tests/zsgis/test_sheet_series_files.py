"""Files of a series of sheets: one for each feature, whatever the features are called."""

from __future__ import annotations

from pathlib import Path

from zsgis.sheets.sheet_files import series_files


def test_names_that_a_file_cannot_tell_apart_get_files_of_their_own() -> None:
    files = series_files(Path("专题图/平台.pdf"), ["A/B", "A:B", "a?b", "火炬"])
    assert [file.name for file in files] == [
        "平台-A_B.pdf",
        "平台-A_B (2).pdf",
        "平台-a_b (3).pdf",
        "平台-火炬.pdf",
    ]


def test_very_long_names_are_cut_and_stay_apart(tmp_path: Path) -> None:
    files = series_files(tmp_path / "平台.pdf", ["翠" * 300, "翠" * 300 + "亨", "/" * 300, ""])
    for file in files:
        file.write_bytes(b"")
    assert len(set(files)) == 4
    assert all(file.name.endswith(".pdf") and len(file.name.encode()) <= 200 for file in files)
