"""Damaged files of every family end in a sentence or in what is left of them, never in anything worse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.fuzz import LIMITS, fuzz_family
from benchmarks.mutations import damaged
from layers.formats.isolated import IsolatedReader
from tests.layers.formats.samples import FAMILIES, Family

FILES = 30
SEED = 20_261_123


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader(LIMITS) as reader:
        yield reader


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.key)
def test_damaged_files_do_no_harm(
    family: Family, reader: IsolatedReader, tmp_path: Path, english: None
) -> None:
    tally = fuzz_family(family, FILES, SEED, reader, tmp_path, tmp_path / "kept")
    assert tally.kept == []
    assert tally.failed == 0
    if family.valid_files(tmp_path):
        assert sum(tally.fates.values()) == FILES


def test_good_files_are_read(reader: IsolatedReader, tmp_path: Path, english: None) -> None:
    from benchmarks.fuzz import fate_of_file

    for family in FAMILIES:
        folder = tmp_path / family.key
        folder.mkdir()
        fates = {path.name: fate_of_file(path, reader) for path in family.valid_files(folder)}
        assert set(fates.values()) <= {"read"}, fates


def test_the_same_chance_gives_the_same_damage() -> None:
    import random

    data = bytes(range(256)) * 4
    first = [damaged(data, random.Random(seed)) for seed in range(50)]  # noqa: S311 - chance, no secret
    again = [damaged(data, random.Random(seed)) for seed in range(50)]  # noqa: S311 - chance, no secret
    assert first == again
    assert sum(each != data for each in first) >= 45
