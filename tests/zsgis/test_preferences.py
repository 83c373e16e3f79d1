"""What the program remembers between two sittings."""

from __future__ import annotations

from pathlib import Path

from zsgis.preferences import Preferences, PreferenceStore


def test_recent_projects_are_found_again_the_last_one_first(tmp_path: Path) -> None:
    store = PreferenceStore(tmp_path / "deep" / "preferences.json")
    for name in ("a", "b", "a"):
        store.change(store.current.with_recent(tmp_path / f"{name}.gpkg"))
    again = PreferenceStore(tmp_path / "deep" / "preferences.json").current
    assert [path.stem for path in again.recent] == ["a", "b"]
    assert again.last_folder == tmp_path


def test_only_the_last_eight_projects_are_kept(tmp_path: Path) -> None:
    preferences = Preferences()
    for number in range(12):
        preferences = preferences.with_recent(tmp_path / f"{number}.gpkg")
    assert [path.stem for path in preferences.recent] == ["11", "10", "9", "8", "7", "6", "5", "4"]


def test_a_broken_file_costs_the_memory_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    for text in ("{", '{"theme": "pink"}', "[]", "\x00"):
        path.write_text(text)
        assert PreferenceStore(path).current == Preferences()


def test_entries_of_a_newer_version_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "preferences.json"
    path.write_text('{"theme": "dark", "hologram": true}')
    assert PreferenceStore(path).current.theme == "dark"


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = PreferenceStore(tmp_path / "file" / "preferences.json")
    store.change(Preferences(theme="dark"))
    assert store.current.theme == "dark"


def test_the_folder_of_the_last_file_is_found_again_and_is_not_that_of_projects(tmp_path: Path) -> None:
    store = PreferenceStore(tmp_path / "preferences.json")
    store.change(store.current.with_recent(tmp_path / "work" / "a.gpkg"))
    store.change(store.current.with_read_folder(tmp_path / "rasters"))
    again = PreferenceStore(tmp_path / "preferences.json").current
    assert again.read_folder == tmp_path / "rasters"
    assert again.last_folder == tmp_path / "work"
