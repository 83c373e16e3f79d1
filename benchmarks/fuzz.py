"""Damaged files of every family, read as an import reads them: no crash, no hang, no hoard, nothing written.

    python -m benchmarks.fuzz [--files 10000] [--only KEY] [--seed 1] [--json]

A reader may refuse a file or read what is left of it. A crash of the reading process, more than ten seconds
for one file, more than 1 GB, an error that is no sentence, or a file that appears beside the damaged one is a
failure; the file is kept in the folder that is printed. A file that takes too long is read a second time, as
a busy machine is not its doing.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.mutations import damaged
from benchmarks.processes import PeakMemory
from benchmarks.structure import damaged_inside
from layers.errors import InputError
from layers.formats.isolated import IsolatedReader, ReadingLimits
from layers.formats.model import ReadOptions
from layers.formats.raster import is_raster_file
from layers.formats.registry import format_of
from layers.words import use_language
from tests.layers.formats.samples import FAMILIES, Family

LIMITS = ReadingLimits(
    memory_bytes=1_000_000_000, memory_per_byte=0.0, silent_s=10.0, silent_s_per_megabyte=0.0
)
_LONGEST_S = 10.0
_INSIDE = 0.5


@dataclass
class Tally:
    """What became of a family's damaged files.

    Attributes
    ----------
    fates : Counter
        ``read``, ``refused``, ``other_family`` (not recognised any more), and the failures ``crash``,
        ``hang``, ``memory``, ``fault`` (a library's error, no sentence of ours), ``slow``, ``litter``.
    slowest_s : float
    peak_bytes : int
        The most memory that the reading process was seen to hold, its libraries included.
    kept : list of Path
        Files that made a reader fail.
    """

    fates: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    peak_bytes: int = 0
    kept: list[Path] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """How many files made a reader fail."""
        return sum(count for fate, count in self.fates.items() if fate in _FAILURES)


_PARTS = {
    ".png": (".pgw",),
    ".jpg": (".jgw",),
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".mif": (".mid",),
    ".tab": (".dat", ".map", ".id"),
}
_FAILURES = frozenset({"crash", "hang", "memory", "fault", "slow", "litter"})


def fuzz_family(
    family: Family, files: int, seed: int, reader: IsolatedReader, folder: Path, kept: Path
) -> Tally:
    """Read damaged files of one family and tell what became of them.

    Parameters
    ----------
    folder : Path
        Empty; good and damaged files are made there.
    kept : Path
        Where files that make a reader fail are kept.
    """
    chance = random.Random(f"{family.key} {seed}")  # noqa: S311 - chance, no secret
    good = family.valid_files(_made(folder / "good"))
    if not good:
        return Tally()
    place = _made(folder / "damaged")
    tally = Tally()
    for number in range(files):
        source = chance.choice(good)
        path = _damaged_copy(source, place, chance)
        before = sorted(each.name for each in place.iterdir())
        fate, took = _timed(path, reader)
        if fate in ("slow", "hang"):
            fate, took = _timed(path, reader)
        tally.slowest_s = max(tally.slowest_s, took)
        if sorted(each.name for each in place.iterdir()) != before:
            fate = "litter"
        tally.fates[fate] += 1
        if fate in _FAILURES:
            tally.kept.append(_keep(place, kept / f"{family.key}-{seed}-{number}-{fate}"))
        _clear(place)
    return tally


def _timed(path: Path, reader: IsolatedReader) -> tuple[str, float]:
    start = time.monotonic()
    fate = fate_of_file(path, reader)
    took = time.monotonic() - start
    return ("slow" if fate in ("read", "refused") and took > _LONGEST_S else fate), took


def _damaged_copy(source: Path, place: Path, chance: random.Random) -> Path:
    """Copy a file with its parts into a folder, one of them damaged; return the file itself."""
    if source.is_dir():
        target = place / source.name
        shutil.copytree(source, target)
        parts = sorted(part for part in target.rglob("*") if part.is_file())
    else:
        beside = [source.with_suffix(suffix) for suffix in _PARTS.get(source.suffix, ())]
        parts = [Path(shutil.copy2(part, place / part.name)) for part in (source, *beside) if part.is_file()]
        target = place / source.name
    victim = chance.choice(parts) if chance.random() < 0.5 or source.is_dir() else target
    data = victim.read_bytes()
    victim.write_bytes(damaged_inside(data, chance) if chance.random() < _INSIDE else damaged(data, chance))
    return target


def fate_of_file(path: Path, reader: IsolatedReader) -> str:
    """Return what becomes of a file that is read: ``read``, ``refused`` or a failure."""
    options = ReadOptions()
    if is_raster_file(path):
        return _fate_of_raster(path, reader)
    try:
        chosen = format_of(path)
    except InputError:
        return "other_family"
    try:
        for layer in reader.layers(chosen.key, path, options)[:3]:
            reader.read(chosen.key, path, ReadOptions(layer=layer.name))
    except InputError as error:
        return _fate_of(error)
    return "read"


def _fate_of_raster(path: Path, reader: IsolatedReader) -> str:
    try:
        reader.question("raster", path, ReadOptions())
    except InputError as error:
        return _fate_of(error)
    return "read"


def _fate_of(error: InputError) -> str:
    for fate, sign in (("crash", "crashed"), ("hang", "nothing had happened"), ("memory", "far more memory")):
        if sign in error.what:
            return fate
    if error.what == "The file cannot be read." or not error.what.strip() or not error.remedy.strip():
        return "fault"
    return "refused"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _keep(place: Path, kept: Path) -> Path:
    shutil.copytree(place, kept, dirs_exist_ok=True)
    return kept


def _clear(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; the exit code is the number of failures, 99 at most."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    use_language("en")
    kept = Path(tempfile.mkdtemp(prefix="zsgis-fuzz-"))
    results: dict[str, dict[str, Any]] = {}
    for family in FAMILIES:
        if asked.only and family.key not in asked.only:
            continue
        with tempfile.TemporaryDirectory() as folder, IsolatedReader(LIMITS) as reader:
            start = time.monotonic()
            with PeakMemory() as peak:
                tally = fuzz_family(family, asked.files, asked.seed, reader, Path(folder), kept)
            tally.peak_bytes = peak.peak_bytes
            seconds = time.monotonic() - start
        results[family.key] = {
            "files": tally.fates.total(),
            "fates": dict(tally.fates.most_common()),
            "failed": tally.failed,
            "slowest_s": round(tally.slowest_s, 3),
            "peak_mb": round(tally.peak_bytes / 1e6),
            "seconds": round(seconds, 1),
            "kept": [str(path) for path in tally.kept],
        }
        if not asked.json:
            print(f"{family.key:22} {json.dumps(results[family.key])}", flush=True)
    if asked.json:
        print(json.dumps(results, indent=2))
    return min(sum(int(each["failed"]) for each in results.values()), 99)


if __name__ == "__main__":
    raise SystemExit(main())
