"""The parts of a shapefile, and which of its records are whole: looked at before GDAL opens it.

Source: ESRI Shapefile Technical Description (1998): a .shp and a .shx begin with 100 bytes (file code 9994,
length in 16-bit words), each record of a .shx has 8 bytes (offset and length of content, in words).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from layers.errors import InputError
from layers.formats.dbf_table import DbfHeader, read_header, records_present
from layers.formats.file_heads import head_of, is_shapefile, require_head
from layers.progress import Progress
from layers.words import N_, _

HEAD_BYTES = 100
_KNOWN_TYPES = frozenset({0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28, 31})
# bytes of a record before its points: type, box, count of parts and of points
_POLY_TYPES = (3, 5, 13, 15, 23, 25)
_MULTIPOINT_TYPES = (8, 18, 28)
TITLE = N_("Shapefile")


@dataclass(frozen=True)
class ShapefileParts:
    """The files of one shapefile; None for what is missing. Names and endings may be in any case."""

    shp: Path | None
    shx: Path | None
    dbf: Path | None
    prj: Path | None
    cpg: Path | None
    fields: Path | None


@dataclass(frozen=True)
class Records:
    """Where the shapes of a .shp lie.

    Attributes
    ----------
    offsets, sizes : ndarray of int64, shape (n,)
        Of each record's content in bytes, from the file's start.
    bad : ndarray of bool, shape (n,)
        The record lies (partly) beyond the file's end, or counts more points than it has room for.
    rebuilt : bool
        The .shx was missing or damaged and the places were found by going through the .shp.
    """

    offsets: Any
    sizes: Any
    bad: Any
    rebuilt: bool


def find_parts(path: Path) -> ShapefileParts:
    """Return the parts that lie beside a .shp or .dbf under its name."""
    found = {
        each.name[len(path.stem) :].lower(): each
        for each in path.parent.iterdir()
        if each.name.startswith(path.stem + ".") and each.is_file()
    }
    own = path.suffix.lower()
    found[own] = path
    # what is no table is a shapefile, under whatever ending it came
    shp = None if own == ".dbf" else path
    return ShapefileParts(
        shp,
        found.get(".shx"),
        found.get(".dbf"),
        found.get(".prj"),
        found.get(".cpg"),
        found.get(".fields.csv"),
    )


def find_records(parts: ShapefileParts, progress: Progress) -> Records:
    """Return where the shapes of a .shp lie, by its index or, without one, by going through it.

    Raises
    ------
    InputError
        When the .shp is none.
    JobCancelled
        When the user stopped.
    """
    shp = parts.shp
    if shp is None:
        raise ValueError("a table has no shapes")
    require_head(shp, _(TITLE), is_shapefile)
    kind = struct.unpack_from("<i", head_of(shp), 32)[0]
    if kind not in _KNOWN_TYPES:
        raise InputError(
            _("The shapefile states a type of shapes that does not exist: {type}.").format(type=kind),
            where=str(shp),
            remedy=_("Get the file once more."),
        )
    size = shp.stat().st_size
    index = _index_of(parts.shx)
    if index is not None and _fits(shp, index, size):
        offsets, sizes = index
        return Records(offsets, sizes, _bad(shp, offsets, sizes, size), rebuilt=False)
    offsets, sizes = _scanned(shp, size, progress)
    return Records(offsets, sizes, _bad(shp, offsets, sizes, size), rebuilt=True)


def table_of(parts: ShapefileParts) -> tuple[DbfHeader, int] | None:
    """Return the header of the .dbf and how many whole records it holds; None without a .dbf.

    Raises
    ------
    InputError
        When its header is damaged.
    """
    if parts.dbf is None:
        return None
    header = read_header(parts.dbf)
    return header, records_present(parts.dbf, header)


def _index_of(shx: Path | None) -> tuple[Any, Any] | None:
    """Return offsets and sizes of records' contents as the index states them; None where it is unusable."""
    if shx is None:
        return None
    data = shx.read_bytes()
    if not is_shapefile(data[:HEAD_BYTES]):
        return None
    stated = 2 * struct.unpack_from(">i", data, 24)[0]
    whole = (min(len(data), max(stated, HEAD_BYTES)) - HEAD_BYTES) // 8
    if stated > len(data):
        # cut off: the .shp itself tells where the rest is
        return None
    words = np.frombuffer(data, dtype=">i4", count=2 * whole, offset=HEAD_BYTES).astype(np.int64)
    return words[0::2] * 2 + 8, words[1::2] * 2


def _fits(shp: Path, index: tuple[Any, Any], size: int) -> bool:
    """Tell whether an index belongs to this .shp: the first records inside it have the lengths it says."""
    offsets, sizes = index
    inside = np.flatnonzero((offsets >= HEAD_BYTES + 8) & (offsets <= size))[:100]
    with shp.open("rb") as file:
        for record in inside.tolist():
            file.seek(int(offsets[record]) - 4)
            length = file.read(4)
            if len(length) == 4 and 2 * struct.unpack(">i", length)[0] != sizes[record]:
                return False
    return bool(((offsets >= HEAD_BYTES + 8) & (sizes >= 0)).all())


def _scanned(shp: Path, size: int, progress: Progress) -> tuple[Any, Any]:
    """Return the places of records, each following the one before."""
    offsets: list[int] = []
    sizes: list[int] = []
    at = HEAD_BYTES
    with shp.open("rb") as file:
        while at + 12 <= size:
            file.seek(at)
            length = 2 * struct.unpack(">i", file.read(8)[4:])[0]
            if length < 4:
                break
            offsets.append(at + 8)
            sizes.append(length)
            at += 8 + length
            if len(offsets) % 5000 == 0:
                progress.step(at / size, _("Rebuilding the index"))
    return np.array(offsets, dtype=np.int64), np.array(sizes, dtype=np.int64)


def _bad(shp: Path, offsets: Any, sizes: Any, size: int) -> Any:
    """Return which records are cut off or state more parts and points than they have room for."""
    bad = (offsets < HEAD_BYTES + 8) | (sizes < 4) | (offsets + sizes > size)
    good = np.flatnonzero(~bad)
    if not len(good):
        return bad
    data = np.memmap(shp, dtype=np.uint8, mode="r")
    kinds = _integers(data, offsets[good])
    bad[good[~np.isin(kinds, list(_KNOWN_TYPES))]] = True
    for types, counts_at, base in ((_POLY_TYPES, 36, 44), (_MULTIPOINT_TYPES, 36, 40)):
        chosen = good[np.isin(kinds, types)]
        roomy = sizes[chosen] >= base
        bad[chosen[~roomy]] = True
        chosen = chosen[roomy]
        first = _integers(data, offsets[chosen] + counts_at).astype(np.int64)
        if base == 44:
            points = _integers(data, offsets[chosen] + 40).astype(np.int64)
            needed = base + 4 * first + 16 * points
            wrong = (first < 0) | (points < 0) | (needed > sizes[chosen])
        else:
            wrong = (first < 0) | (base + 16 * first > sizes[chosen])
        bad[chosen[wrong]] = True
    del data
    return bad


def _integers(data: Any, places: Any) -> Any:
    """Return the little-endian 32-bit integers at some places."""
    taken = data[places[:, None] + np.arange(4)]
    return np.ascontiguousarray(taken).view("<i4")[:, 0]
