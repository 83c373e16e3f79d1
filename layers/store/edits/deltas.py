"""The difference of two stored shapes, small and readable in both directions.

A polygon of 100,000 vertices of which one was moved differs in a few bytes; the journal keeps these, before
and after, with checksums of both whole shapes: a difference is never applied to anything else.

Layout: one byte that says which side is there; CRC-32 and length of each side that is; then, until the end,
pieces of (bytes alike, length before, length after, bytes before, bytes after). Numbers are little-endian and
unsigned, 32 bits. What follows the last piece is alike.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

_BEFORE, _AFTER = 1, 2
_SIDE = struct.Struct("<II")
_PIECE = struct.Struct("<III")
# header, envelope and counts of a polygon that is the only part: they differ when a vertex came or went
_HEAD_BYTES = 62
# pieces nearer to each other than this are one: a piece costs twelve bytes
_NEAR_BYTES = 16


class DeltaMismatchError(ValueError):
    """The shape is not the one the difference was taken from."""


def shape_delta(before: bytes | None, after: bytes | None) -> bytes | None:
    """Return the difference of two blobs, None for no shape; None where they are alike."""
    if before == after:
        return None
    parts = [bytes([_BEFORE * (before is not None) | _AFTER * (after is not None)])]
    parts += [_SIDE.pack(zlib.crc32(side), len(side)) for side in (before, after) if side is not None]
    for alike, old, new in _pieces(before or b"", after or b""):
        parts += [_PIECE.pack(alike, len(old), len(new)), old, new]
    return b"".join(parts)


def after_of(delta: bytes, before: bytes | None) -> bytes | None:
    """Return the blob after, from the one before.

    Raises
    ------
    DeltaMismatchError
        When ``before`` is not the blob the difference was taken from.
    """
    return _turned(delta, before, forward=True)


def before_of(delta: bytes, after: bytes | None) -> bytes | None:
    """Return the blob before, from the one after; raises as :func:`after_of`."""
    return _turned(delta, after, forward=False)


def is_before(delta: bytes, blob: bytes | None) -> bool:
    """Tell whether a blob is the one the difference was taken from."""
    return _is(_sides(delta)[0], blob)


def is_after(delta: bytes, blob: bytes | None) -> bool:
    """Tell whether a blob is the one the difference leads to."""
    return _is(_sides(delta)[1], blob)


def _turned(delta: bytes, source: bytes | None, *, forward: bool) -> bytes | None:
    before, after, start = _sides(delta)
    known, wanted = (before, after) if forward else (after, before)
    if not _is(known, source):
        raise DeltaMismatchError("another shape than the one the difference was taken from")
    if wanted is None:
        return None
    source = source or b""
    made: list[bytes] = []
    place = 0
    while start < len(delta):
        alike, old, new = _PIECE.unpack_from(delta, start)
        start += _PIECE.size
        skipped, put = (
            (old, delta[start + old : start + old + new]) if forward else (new, delta[start : start + old])
        )
        start += old + new
        made += [source[place : place + alike], put]
        place += alike + skipped
    made.append(source[place:])
    result = b"".join(made)
    if not _is(wanted, result):
        raise DeltaMismatchError("a damaged difference of shapes")
    return result


def _sides(delta: bytes) -> tuple[tuple[int, int] | None, tuple[int, int] | None, int]:
    """Return checksum and length of both sides, and where the pieces begin."""
    start = 1
    sides: list[tuple[int, int] | None] = []
    for side in (_BEFORE, _AFTER):
        if delta[0] & side:
            sides.append(_SIDE.unpack_from(delta, start))
            start += _SIDE.size
        else:
            sides.append(None)
    return sides[0], sides[1], start


def _is(side: tuple[int, int] | None, blob: bytes | None) -> bool:
    if side is None or blob is None:
        return side is None and blob is None
    return side == (zlib.crc32(blob), len(blob))


def _pieces(before: bytes, after: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Return pieces as (bytes alike since the last one, bytes before, bytes after)."""
    if len(before) == len(after):
        yield from _runs(before, after)
        return
    head = min(_HEAD_BYTES, len(before), len(after))
    end = 0
    for alike, old, new in _runs(before[:head], after[:head]):
        yield alike, old, new
        end += alike + len(old)
    first, second = _bytes(before[head:]), _bytes(after[head:])
    shared = min(len(first), len(second))
    lead = _length_alike(first[:shared], second[:shared])
    tail = _length_alike(first[lead:][::-1][: shared - lead], second[lead:][::-1][: shared - lead])
    yield (
        head - end + lead,
        before[head + lead : len(before) - tail],
        after[head + lead : len(after) - tail],
    )


def _runs(before: bytes, after: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Return the pieces in which two blobs of one length differ."""
    other = np.flatnonzero(_bytes(before) != _bytes(after))
    if not other.size:
        return
    breaks = np.flatnonzero(np.diff(other) > _NEAR_BYTES)
    end = 0
    for start, stop in zip(
        other[np.concatenate([[0], breaks + 1])].tolist(),
        (other[np.concatenate([breaks, [other.size - 1]])] + 1).tolist(),
        strict=True,
    ):
        yield start - end, before[start:stop], after[start:stop]
        end = stop


def _bytes(blob: bytes) -> npt.NDArray[np.uint8]:
    return np.frombuffer(blob, dtype=np.uint8)


def _length_alike(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> int:
    other = np.flatnonzero(first != second)
    return int(other[0]) if other.size else len(first)
