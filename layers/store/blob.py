"""The geometry blob of GeoPackage 1.3 (section 2.1.3): a header with an envelope, then ISO WKB."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from functools import partial
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from layers.batches import each
from layers.errors import GeometryError
from layers.words import _

_MAGIC = b"GP\x00"
_LITTLE_ENDIAN = 0x01
_ENVELOPE_XY = 0x02
_EMPTY = 0x10
_EXTENDED_TYPE = 0x20
_HEADER = 8
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
# by whether the header is little-endian
_BOXES = (struct.Struct(">4d"), struct.Struct("<4d"))
# byte order, type, two numbers: what is shorter holds no place at all
_ORDER_AND_TYPE = 1 + 4
_POINT_BYTES = _ORDER_AND_TYPE + 16
_COUNT = 4
# how the WKB of a multi-geometry begins that has one part, and the part in it
_ONE_PART = frozenset(
    struct.pack("<BIIBI", 1, kind + 3 + dimensions, 1, 1, kind + dimensions)
    for kind in (1, 2, 3)
    for dimensions in (0, 1000, 2000, 3000)
)
_ONE_PART_BYTES = 2 * _ORDER_AND_TYPE + _COUNT
# with which the types of straight-edged shapes end
_COLLECTION = 7
_SURELY_A_POINT = 8 + max(_ENVELOPE_BYTES) + _POINT_BYTES

# arcs and curves are said to be not implemented
_UNREADABLE = (ValueError, TypeError, NotImplementedError, shapely.errors.ShapelyError)

Geometries = npt.NDArray[np.object_]


def encode(geometry: Geometries, srs_id: int) -> list[bytes | None]:
    """Return the blobs of geometries; a missing geometry stays None.

    Parameters
    ----------
    geometry : ndarray of object, shape (n,)
        shapely geometries or None, coordinates in the order east, north.
    srs_id : int
        The layer's ``srs_id``.

    Notes
    -----
    Points and empty geometries carry no envelope, the rest carry one of x and y.
    """
    wkb = shapely.to_wkb(geometry, byte_order=1, output_dimension=4, flavor="iso")
    bounds = shapely.bounds(geometry)
    envelopes = bounds[:, [0, 2, 1, 3]].astype("<f8").tobytes()
    empty = shapely.is_empty(geometry)
    plain = shapely.get_type_id(geometry) == 0
    tail = srs_id.to_bytes(4, "little", signed=True)
    with_envelope = _MAGIC + bytes([_LITTLE_ENDIAN | _ENVELOPE_XY]) + tail
    without = _MAGIC + bytes([_LITTLE_ENDIAN]) + tail
    without_empty = _MAGIC + bytes([_LITTLE_ENDIAN | _EMPTY]) + tail
    blobs: list[bytes | None] = []
    for index, body in enumerate(wkb):
        if body is None:
            blobs.append(None)
        elif empty[index]:
            blobs.append(without_empty + body)
        elif plain[index]:
            blobs.append(without + body)
        else:
            blobs.append(with_envelope + envelopes[32 * index : 32 * index + 32] + body)
    return blobs


def decode(blobs: Sequence[bytes | None], where: str = "") -> Geometries:
    """Return the geometries of blobs; None stays None.

    Raises
    ------
    GeometryError
        When a blob is no GeoPackage geometry.
    """
    return _read(lambda: bodies(blobs), where)


def decode_parts(blobs: Sequence[bytes | None], where: str = "") -> Geometries:
    """Return the geometries of blobs as :func:`decode` does, multi-geometries of one part as that part.

    What is read so need not be copied out of its cover. In the other order of bytes a cover stays.
    """
    return _read(lambda: [_part(wkb) for wkb in bodies(blobs)], where)


def _read(wkb_of: Callable[[], list[bytes | None]], where: str) -> Geometries:
    try:
        found = wkb_of()
        held = np.empty(len(found), dtype=object)
        held[:] = found
        return np.asarray(each(shapely.from_wkb, held), dtype=object)
    except _UNREADABLE as error:
        raise GeometryError(
            _("A geometry in the project file cannot be read."), where=where, details=str(error)
        ) from error


def _part(wkb: bytes | None) -> bytes | None:
    if wkb is not None and wkb[:_ONE_PART_BYTES] in _ONE_PART:
        return wkb[_ORDER_AND_TYPE + _COUNT :]
    return wkb


def decode_readable(blobs: Sequence[bytes | None]) -> Geometries:
    """Return the geometries of blobs to be looked at, not measured; None for what is no geometry at all.

    A ring that is not closed is closed, as it is where it is drawn.
    """
    bodies = np.array([_body_or_none(blob) for blob in blobs], dtype=object)
    read = partial(shapely.from_wkb, on_invalid="fix")
    with np.errstate(invalid="ignore"):  # coordinates that are not a number
        try:
            return np.asarray(each(read, bodies), dtype=object)
        except _UNREADABLE:
            shapes = np.empty(len(bodies), dtype=object)
            shapes[:] = [_shape_or_none(read, wkb) for wkb in bodies]
            return shapes


def readable(blob: bytes | None) -> Any | None:
    """Return one geometry as :func:`decode_readable` does many."""
    wkb = _body_or_none(blob)
    if wkb is None:
        return None
    with np.errstate(invalid="ignore"):
        return _shape_or_none(partial(shapely.from_wkb, on_invalid="fix"), wkb)


def is_plain(blob: bytes | None) -> bool:
    """Tell whether a blob holds no shape, or a usual one with straight edges and no M values."""
    if blob is None:
        return True
    wkb = _body_or_none(blob)
    if wkb is None or len(wkb) < _ORDER_AND_TYPE:
        return False
    kind = int.from_bytes(wkb[1:_ORDER_AND_TYPE], "little" if wkb[0] else "big")
    return kind // 1000 in (0, 1) and 1 <= kind % 1000 <= _COLLECTION


def _shape_or_none(read: Callable[[bytes | None], Any], wkb: bytes | None) -> Any | None:
    try:
        return read(wkb)
    except _UNREADABLE:
        return None


def _body_or_none(blob: bytes | None) -> bytes | None:
    try:
        return None if blob is None else body(blob)
    except ValueError:
        return None


def body(blob: bytes) -> bytes:
    """Return the WKB in a blob.

    Raises
    ------
    ValueError
        When the blob has no GeoPackage header.
    """
    return blob[_body_begins(blob[:_HEADER]) :]


def bodies(blobs: Sequence[bytes | None]) -> list[bytes | None]:
    """Return the WKB in each blob as :func:`body` does in one; None stays None.

    Raises
    ------
    ValueError
        When a blob has no GeoPackage header.
    """
    # the headers of a layer are nearly all alike
    begins = {
        header: _body_begins(header) for header in {blob[:_HEADER] for blob in blobs if blob is not None}
    }
    return [None if blob is None else blob[begins[blob[:_HEADER]] :] for blob in blobs]


def _body_begins(header: bytes) -> int:
    if len(header) < _HEADER or header[:2] != b"GP":
        raise ValueError("no GeoPackage geometry")
    flags = header[3]
    kind = flags >> 1 & 7
    if kind >= len(_ENVELOPE_BYTES) or flags & _EXTENDED_TYPE:
        raise ValueError("an extended or unknown GeoPackage geometry")
    return _HEADER + _ENVELOPE_BYTES[kind]


def is_shapeless(blob: bytes | None) -> bool:
    """Tell whether there is no blob, or one of an empty shape, whether its header says so or not."""
    if blob is None:
        return True
    if len(blob) < 8 or blob[:2] != b"GP":
        return False
    if blob[3] & _EMPTY:
        return True
    return len(blob) < _SURELY_A_POINT and _holds_nothing(blob)


def _holds_nothing(blob: bytes) -> bool:
    try:
        wkb = body(blob)
        return len(wkb) < _POINT_BYTES and bool(shapely.is_empty(shapely.from_wkb(wkb)))
    except _UNREADABLE:
        return False


def envelope(blob: bytes) -> tuple[float, float, float, float] | None:
    """Return xmin, xmax, ymin, ymax of a blob; None when it is empty.

    Raises
    ------
    ValueError
        When the blob is no GeoPackage geometry.
    """
    wkb = body(blob)
    flags = blob[3]
    if flags & _EMPTY:
        return None
    if flags >> 1 & 7:
        west, east, south, north = _stored_box(blob)
    else:
        west, south, east, north = _bounds(wkb)
    return None if isnan(west) else (west, east, south, north)


def _stored_box(blob: bytes) -> tuple[float, float, float, float]:
    try:
        west, east, south, north = _BOXES[blob[3] & _LITTLE_ENDIAN].unpack_from(blob, 8)
    except struct.error as error:
        raise ValueError(str(error)) from error
    return west, east, south, north


def _bounds(wkb: bytes) -> tuple[float, float, float, float]:
    try:
        with np.errstate(invalid="ignore"):
            geometry: Any = shapely.from_wkb(wkb, on_invalid="fix")
    except _UNREADABLE as error:
        raise ValueError(str(error)) from error
    west, south, east, north = shapely.bounds(geometry).tolist()
    return west, south, east, north
