"""Shapes read from blobs without objects are what shapely reads."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.kind import GeometryType
from layers.ragged import Ragged, ragged_of, shapes_of
from layers.store.blob import encode
from layers.store.blob_arrays import read_blobs

HOLE = shapely.box(0, 0, 9, 9) - shapely.box(2, 2, 4, 4)
MANY_HOLES = shapely.box(0, 0, 30, 3) - shapely.union_all(
    [shapely.box(3 * i + 1, 1, 3 * i + 2, 2) for i in range(9)]
)
SHAPES: dict[str, Any] = {
    "box": shapely.box(1, 2, 3, 4),
    "multi of one": shapely.MultiPolygon([HOLE]),
    "hole": HOLE,
    "many holes": MANY_HOLES,
    "two parts": shapely.MultiPolygon([shapely.box(0, 0, 1, 1), HOLE]),
    "z": shapely.force_3d(HOLE, 7.5),
    "m": shapely.from_wkt("POLYGON M ((0 0 1, 4 0 2, 4 4 3, 0 0 1))"),
    "zm": shapely.from_wkt("MULTIPOLYGON ZM (((0 0 1 5, 4 0 2 5, 4 4 3 5, 0 0 1 5)))"),
    "empty": shapely.Polygon(),
    "empty multi": shapely.MultiPolygon(),
    "none": None,
    "line": shapely.LineString([(0, 0), (1, 1)]),
    "point": shapely.Point(1, 1),
    "collection": shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(5, 5, 6, 6)]),
}


def assert_same(found: Ragged, expected: Ragged) -> None:
    for name in ("coords", "ring_offsets", "part_offsets", "feature_offsets"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def blobs_of(*shapes: Any) -> list[bytes | None]:
    return encode(np.array(shapes, dtype=object), 4547)


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(SHAPES)), max_size=12))
def test_any_mixture_reads_as_by_shapely(names: list[str]):
    shapes = np.array([SHAPES[name] for name in names], dtype=object)
    found = read_blobs(blobs_of(*shapes), GeometryType.POLYGON)
    assert_same(found, ragged_of(shapes, GeometryType.POLYGON))
    assert len(found) == len(names)


@pytest.mark.parametrize("geometry", [GeometryType.LINE, GeometryType.POINT])
def test_lines_and_points_read_as_by_shapely(geometry: GeometryType):
    shapes = np.array([*SHAPES.values(), shapely.MultiPoint([(1, 2), (3, 4)])], dtype=object)
    assert_same(read_blobs(blobs_of(*shapes), geometry), ragged_of(shapes, geometry))


def header(*, flags: int = 1) -> bytes:
    return b"GP\x00" + bytes([flags]) + struct.pack("<i", 4547)


def polygon(points: list[tuple[float, float]], *, count: int | None = None) -> bytes:
    head = struct.pack("<BII", 1, 3, 1) + struct.pack("<I", len(points) if count is None else count)
    return head + b"".join(struct.pack("<dd", *point) for point in points)


SQUARE = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]
BIG_ENDIAN = b"GP\x00\x00" + struct.pack(">i", 4547) + shapely.to_wkb(shapely.box(0, 0, 4, 4), byte_order=0)
BROKEN: dict[str, bytes] = {
    "nothing": b"",
    "no header": b"\x01\x03\x00\x00\x00",
    "other magic": b"XX" + header()[2:] + polygon(SQUARE),
    "extended": header(flags=0x21) + polygon(SQUARE),
    "cut": (header() + polygon(SQUARE))[:-9],
    "endless ring": header() + polygon(SQUARE, count=2**32 - 1),
    "one vertex": header() + polygon(SQUARE[:1]),
    "no wkb": header(),
    "unknown type": header() + struct.pack("<BII", 1, 99, 1),
    "endless parts": header() + struct.pack("<BII", 1, 6, 2**32 - 1),
}


@pytest.mark.parametrize("blob", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_blob_costs_only_itself(blob: bytes):
    good = header() + polygon(SQUARE)
    found = read_blobs([good, blob, good], GeometryType.POLYGON)
    assert np.diff(found.feature_offsets).tolist() == [1, 0, 1]
    assert found.coords.tolist() == [list(point) for point in SQUARE] * 2


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=120), st.booleans())
def test_any_bytes_do_no_harm(data: bytes, with_header: bool):
    found = read_blobs([header() + data if with_header else data], GeometryType.POLYGON)
    assert len(found) == 1


def test_an_open_ring_is_closed():
    found = read_blobs([header() + polygon(SQUARE[:-1])], GeometryType.POLYGON)
    assert found.coords.tolist() == [list(point) for point in SQUARE]


def test_a_ring_of_two_vertices_has_a_place_and_no_area():
    found = read_blobs([header() + polygon([(0.0, 0.0), (4.0, 3.0)])], GeometryType.POLYGON)
    assert found.bounds().tolist() == [[0, 0, 4, 3]]
    assert found.ring_areas().tolist() == [0]


def test_the_other_order_of_bytes_is_read():
    found = read_blobs([BIG_ENDIAN], GeometryType.POLYGON)
    assert shapely.equals(shapes_of(found, GeometryType.POLYGON)[0], shapely.box(0, 0, 4, 4))


def test_a_polygon_of_a_hundred_thousand_vertices_and_holes_is_read():
    circle = shapely.Point(0, 0).buffer(5000, quad_segs=25_000)
    many = circle - shapely.union_all([shapely.box(i, 0, i + 0.5, 1) for i in range(500)])
    found = read_blobs(blobs_of(many), GeometryType.POLYGON)
    assert len(found.coords) == shapely.get_num_coordinates(many)
    assert len(found.ring_offsets) - 1 == 501


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(len(SHAPES))), st.data())
def test_features_are_taken_in_any_order(order: list[int], data: st.DataObject):
    shapes = np.array(list(SHAPES.values()), dtype=object)
    ragged = ragged_of(shapes, GeometryType.POLYGON)
    assert_same(ragged.taken(np.array(order)), ragged_of(shapes[order], GeometryType.POLYGON))
    without = np.array(data.draw(st.lists(st.booleans(), min_size=len(shapes), max_size=len(shapes))))
    left = [None if without[row] else shapes[row] for row in order]
    assert_same(
        ragged.taken(np.array(order), without=without),
        ragged_of(np.array(left, dtype=object), GeometryType.POLYGON),
    )


def test_rings_are_turned_as_shapely_orients_them():
    clockwise = shapely.orient_polygons(
        np.array([HOLE, MANY_HOLES, shapely.box(0, 0, 1, 1)]), exterior_cw=True
    )
    ragged = ragged_of(clockwise, GeometryType.POLYGON)
    assert ragged.turned_rings().all()
    turned = ragged.taken(np.arange(3), ragged.turned_rings())
    assert not turned.turned_rings().any()
    assert_same(turned, ragged_of(shapely.orient_polygons(clockwise), GeometryType.POLYGON))
    assert turned.ring_areas().sum() == pytest.approx(shapely.area(clockwise).sum())


@given(st.integers(0, len(SHAPES)), st.integers(0, len(SHAPES)))
def test_a_stretch_is_what_its_shapes_are(one: int, other: int):
    first, last = sorted((one, other))
    shapes = np.array(list(SHAPES.values()), dtype=object)
    found = ragged_of(shapes, GeometryType.POLYGON).stretch(first, last)
    assert_same(found, ragged_of(shapes[first:last], GeometryType.POLYGON))
