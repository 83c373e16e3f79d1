"""A reader that crashes, hangs, hoards or errs ends in a sentence, and the next file is read as ever."""

from __future__ import annotations

import contextlib
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import psutil
import pytest
from misbehaving_readers import awkward_data

from layers.errors import CrsError, InputError, JobCancelled
from layers.formats.isolated import IsolatedReader, ReadingLimits
from layers.formats.model import ReadOptions

LIMITS = ReadingLimits(memory_bytes=900_000_000, memory_per_byte=0.0, silent_s=6.0, silent_s_per_megabyte=0.0)


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader(LIMITS, registry="misbehaving_readers") as reader:
        yield reader


def odd_file(folder: Path, name: str) -> Path:
    path = folder / f"{name}.odd"
    path.write_bytes(b"odd")
    return path


def test_everything_read_comes_over_as_it_was(
    reader: IsolatedReader, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = reader.read("misbehaving", odd_file(tmp_path, "good"), ReadOptions())
    expected = awkward_data()
    pd.testing.assert_frame_equal(
        pd.DataFrame(data.frame.drop(columns="geometry")),
        pd.DataFrame(expected.frame.drop(columns="geometry")),
    )
    for name in ("code", "huge", "whole", "mixed", "day", "bytes", "empty"):
        told, held = data.frame[name].tolist(), expected.frame[name].tolist()
        assert [(type(value), value) for value in told] == [(type(value), value) for value in held]
    assert data.frame.geometry.to_wkb().tolist() == expected.frame.geometry.to_wkb().tolist()
    assert data.crs == expected.crs
    assert (data.layer, data.encoding, data.encoding_guessed) == ("图斑", "GB18030", True)
    assert (data.unreadable, data.notes, data.stated) == ((1,), expected.notes, {"带号": "38"})
    assert capfd.readouterr() == ("", "")


def test_layers_and_questions_come_over(reader: IsolatedReader, tmp_path: Path) -> None:
    path = odd_file(tmp_path, "good")
    (layer,) = reader.layers("misbehaving", path, ReadOptions())
    assert (layer.name, layer.geometry, layer.columns) == ("图斑", "Polygon", ("code",))
    assert layer.crs is not None
    assert layer.crs.to_epsg() == 4526
    answer = reader.question("named", path, ReadOptions(layer="甲", choices={"header_rows": "2"}))
    assert answer == {"name": "good.odd", "layer": "甲", "header_rows": "2"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("segfault", "crashed"),
        ("exits", "crashed"),
        ("hangs", "nothing had happened"),
        ("eats", "memory"),
        ("raises", "cannot be read"),
    ],
)
def test_a_failing_reader_ends_in_a_sentence_and_the_next_file_is_read(
    reader: IsolatedReader, tmp_path: Path, name: str, said: str, english: None
) -> None:
    path = odd_file(tmp_path, name)
    with pytest.raises(InputError) as caught:
        reader.read("misbehaving", path, ReadOptions())
    assert said in caught.value.what
    assert caught.value.where == str(path)
    assert caught.value.remedy
    assert len(reader.read("misbehaving", odd_file(tmp_path, "good"), ReadOptions()).frame) == 3


def test_room_that_earlier_files_took_is_not_held_against_the_next(tmp_path: Path) -> None:
    path = odd_file(tmp_path, "keeps_room")
    with IsolatedReader(LIMITS, registry="misbehaving_readers") as reader:
        counts = [len(reader.read("misbehaving", path, ReadOptions()).frame) for _number in range(6)]
    assert counts == [3] * 6


def test_an_error_keeps_its_kind_and_its_words(reader: IsolatedReader, tmp_path: Path) -> None:
    with pytest.raises(CrsError) as caught:
        reader.read("misbehaving", odd_file(tmp_path, "refuses"), ReadOptions())
    error = caught.value
    assert (error.what, error.where, error.remedy, error.details) == ("no system", "line 3", "say it", "more")


class Impatient:
    """Stops after some reports."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def step(self, done: float, text: str = "") -> None:
        if text:
            self.texts.append(text)
        if len(self.texts) > 5:
            raise JobCancelled


def test_stopping_ends_the_process_and_leaves_nothing_behind(reader: IsolatedReader, tmp_path: Path) -> None:
    impatient = Impatient()
    with pytest.raises(JobCancelled):
        reader.read("misbehaving", odd_file(tmp_path, "talks_forever"), ReadOptions(), impatient)
    assert "halfway" in impatient.texts
    assert len(reader.read("misbehaving", odd_file(tmp_path, "good"), ReadOptions()).frame) == 3


def test_what_a_killed_reader_wrote_is_cleared_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with IsolatedReader(LIMITS, registry="misbehaving_readers") as reader, pytest.raises(InputError):
        reader.read("misbehaving", odd_file(tmp_path, "litters"), ReadOptions())
    assert list((tmp_path / "temporary").iterdir()) == []


def test_many_files_and_crashes_leave_nothing_open(tmp_path: Path) -> None:
    good, bad = odd_file(tmp_path, "good"), odd_file(tmp_path, "exits")
    process = psutil.Process()
    before = set(process.children())
    with IsolatedReader(LIMITS, registry="misbehaving_readers") as reader:

        def read(path: Path) -> None:
            with contextlib.suppress(InputError):
                reader.read("misbehaving", path, ReadOptions())

        read(bad)
        read(good)
        held = (len(process.open_files()), process.num_fds(), threading.active_count())
        for number in range(40):
            read(bad if number % 20 == 0 else good)
        assert (len(process.open_files()), process.num_fds(), threading.active_count()) == held
        serving = [child for child in process.children() if child not in before]
        assert serving
    assert not any(child.is_running() for child in serving)


def test_closing_waits_for_the_file_that_is_being_read(tmp_path: Path) -> None:
    path = odd_file(tmp_path, "good")
    reader = IsolatedReader(LIMITS, registry="misbehaving_readers")
    counts: list[int] = []
    thread = threading.Thread(
        target=lambda: counts.append(len(reader.read("misbehaving", path, ReadOptions()).frame))
    )
    thread.start()
    reader.close()
    thread.join()
    reader.close()
    assert counts == [3]


def test_several_threads_are_served_one_after_another(reader: IsolatedReader, tmp_path: Path) -> None:
    path = odd_file(tmp_path, "good")
    counts: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: counts.append(len(reader.read("misbehaving", path, ReadOptions()).frame))
        )
        for _number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [3, 3, 3]


@pytest.mark.skipif(sys.platform != "linux", reason="only there the system itself refuses memory")
def test_room_that_a_large_file_left_reserved_does_not_stand_against_the_next(tmp_path: Path) -> None:
    limits = ReadingLimits(memory_bytes=900_000_000, memory_per_byte=1.0)
    large = odd_file(tmp_path, "reserves")
    # sparse: it takes no room on the disk
    with large.open("r+b") as file:
        file.truncate(2_000_000_000)
    with IsolatedReader(limits, registry="misbehaving_readers") as reader:
        reader.read("misbehaving", large, ReadOptions())
        assert len(reader.read("misbehaving", odd_file(tmp_path, "good"), ReadOptions()).frame) == 3
        with pytest.raises(InputError):
            reader.read("misbehaving", odd_file(tmp_path, "eats"), ReadOptions())
