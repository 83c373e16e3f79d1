"""A shapefile made readable: whole parts stay where they are, damaged or missing ones are made anew."""

from __future__ import annotations

import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from layers.findings import Severity
from layers.formats.dbf_table import DbfHeader
from layers.formats.model import SourceNote
from layers.formats.shapefile_parts import HEAD_BYTES, Records, ShapefileParts, find_records, table_of
from layers.progress import Progress
from layers.words import _

_COPY_NAME = "layer"
_RANGES_SHOWN = 10
_PIECE = 2**20


@dataclass(frozen=True)
class SoundShapefile:
    """What GDAL can open.

    Attributes
    ----------
    path : Path
        The file itself, or a copy in the folder that was given.
    notes : tuple of SourceNote
        What was missing or damaged; ``rows`` are record numbers from 0.
    """

    path: Path
    notes: tuple[SourceNote, ...]


def make_sound(parts: ShapefileParts, folder: Path, progress: Progress) -> SoundShapefile:
    """Return a shapefile with an index and a table of as many records as it has shapes.

    Parameters
    ----------
    folder : Path
        Where a copy is made if one is needed; the user's folder is never written to.

    Raises
    ------
    InputError
        When the .shp or the .dbf is none.
    JobCancelled
        When the user stopped.
    """
    if parts.shp is None:
        return _sound_table(parts, folder)
    records = find_records(parts, progress)
    table = table_of(parts)
    count = max(len(records.offsets), table[1] if table else 0)
    notes = _notes(parts, records, table)
    if not notes and _named_alike(parts):
        return SoundShapefile(parts.shp, ())
    copy = folder / f"{_COPY_NAME}.shp"
    _copy_shapes(parts.shp, copy, records, count, progress)
    if parts.dbf is not None and table is not None:
        _copy_table(parts.dbf, copy.with_suffix(".dbf"), table, count)
    if parts.prj is not None:
        shutil.copyfile(parts.prj, copy.with_suffix(".prj"))
    return SoundShapefile(copy, tuple(notes))


def ranges_of(numbers: list[int]) -> str:
    """Return record numbers as people write them, counted from 1: ``3、7-9``."""
    pieces: list[list[int]] = []
    for number in numbers:
        if pieces and number == pieces[-1][1] + 1:
            pieces[-1][1] = number
        else:
            pieces.append([number, number])
    words = [f"{a + 1}" if a == b else f"{a + 1}-{b + 1}" for a, b in pieces[:_RANGES_SHOWN]]
    return "、".join(words) + ("…" if len(pieces) > _RANGES_SHOWN else "")


def _sound_table(parts: ShapefileParts, folder: Path) -> SoundShapefile:
    table = table_of(parts)
    if parts.dbf is None or table is None:
        raise ValueError("neither shapes nor table")
    notes = _table_notes(table, table[1])
    if not notes and parts.dbf.suffix in (".dbf", ".DBF") and parts.shx is None:
        return SoundShapefile(parts.dbf, ())
    copy = folder / f"{_COPY_NAME}.dbf"
    _copy_table(parts.dbf, copy, table, table[1])
    return SoundShapefile(copy, tuple(notes))


def _notes(parts: ShapefileParts, records: Records, table: tuple[DbfHeader, int] | None) -> list[SourceNote]:
    notes = []
    if records.rebuilt:
        text = (
            _("The .shx is missing; the places of the shapes were found by going through the .shp.")
            if parts.shx is None
            else _("The .shx does not belong to the .shp; it was made anew for reading.")
        )
        notes.append(SourceNote("shapefile.index_rebuilt", Severity.WARNING, text))
    bad = np.flatnonzero(records.bad).tolist()
    if bad:
        text = _("The .shp is cut off or damaged: {count} records have no readable shape (no. {numbers}).")
        notes.append(_about("shapefile.damaged_shapes", text, bad))
    if table is None:
        text = _("The .dbf is missing: the file has shapes but no attributes.")
        return [*notes, SourceNote("shapefile.no_table", Severity.WARNING, text)]
    notes += _table_notes(table, len(records.offsets))
    shapeless = list(range(len(records.offsets), table[1]))
    if shapeless:
        text = _("{count} records of the .dbf have no shape in the .shp (no. {numbers}).")
        notes.append(_about("shapefile.no_shapes", text, shapeless))
    return notes


def _table_notes(table: tuple[DbfHeader, int], shapes: int) -> list[SourceNote]:
    header, present = table
    # a header may claim four thousand million records: what is missing is counted against the shapes
    lacking = list(range(present, max(shapes, present)))
    if lacking:
        text = _("The .dbf is cut off or too short: {count} records have no attributes (no. {numbers}).")
        return [_about("shapefile.damaged_table", text, lacking)]
    if header.records > present:
        text = _("The .dbf states {stated} records and holds {present}; the rest is missing.")
        words = text.format(stated=header.records, present=present)
        return [SourceNote("shapefile.damaged_table", Severity.WARNING, words)]
    return []


def _about(code: str, text: str, rows: list[int]) -> SourceNote:
    words = text.format(count=len(rows), numbers=ranges_of(rows))
    return SourceNote(code, Severity.WARNING, words, tuple(rows))


def _named_alike(parts: ShapefileParts) -> bool:
    """Tell whether GDAL finds the parts: it looks for endings in small or in capital letters only."""
    beside = [part for part in (parts.shx, parts.dbf) if part is not None]
    return all(part.suffix in (part.suffix.lower(), part.suffix.upper()) for part in beside)


def _copy_shapes(shp: Path, copy: Path, records: Records, count: int, progress: Progress) -> None:
    """Copy a .shp and write its index; records without a readable shape point to an empty one."""
    size = shp.stat().st_size
    with shp.open("rb") as source, copy.open("wb") as target:
        while piece := source.read(_PIECE):
            target.write(piece)
            progress.step(min(target.tell() / size, 1.0), _("Copying the file"))
        target.write(bytes(target.tell() % 2))
        empty_at = target.tell()
        target.write(struct.pack(">iii", count + 1, 2, 0))
        length = target.tell() // 2
        target.seek(24)
        target.write(struct.pack(">i", min(length, 2**31 - 1)))
    offsets = np.full(count, empty_at, dtype=np.int64)
    sizes = np.full(count, 4, dtype=np.int64)
    good = np.flatnonzero(~records.bad)
    offsets[good] = records.offsets[good] - 8
    sizes[good] = records.sizes[good]
    with shp.open("rb") as source:
        head = bytearray(source.read(HEAD_BYTES))
    struct.pack_into(">i", head, 24, (HEAD_BYTES + 8 * count) // 2)
    pairs: Any = np.stack([offsets // 2, sizes // 2], axis=1).astype(">i4")
    copy.with_suffix(".shx").write_bytes(bytes(head) + pairs.tobytes())


def _copy_table(dbf: Path, copy: Path, table: tuple[DbfHeader, int], count: int) -> None:
    """Copy the whole records of a .dbf, and blank ones up to a count."""
    header, present = table
    with dbf.open("rb") as source, copy.open("wb") as target:
        start = bytearray(source.read(header.header_bytes))
        struct.pack_into("<I", start, 4, max(count, present))
        target.write(start)
        left = present * header.record_bytes
        while left and (piece := source.read(min(left, _PIECE))):
            target.write(piece)
            left -= len(piece)
        for _number in range(present, count):
            target.write(b" " * header.record_bytes)
        target.write(b"\x1a")
