"""Shapes come back bit for bit: every type, empty or not, with heights and measures, or they are refused."""

from __future__ import annotations

import itertools
import math
import struct
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from store_samples import CRS, new_project

from layers.errors import GeometryError, InputError
from layers.store import NewLayer
from layers.store.blob import decode, decode_parts, encode, envelope, is_shapeless
from layers.store.geometry import from_table

_KINDS = {"POINT": "points", "LINESTRING": "lines", "POLYGON": "zones"}
_BODIES = {
    "POINT": "({a})",
    "LINESTRING": "({a}, {b}, {c})",
    "POLYGON": "(({a}, {b}, {c}, {a}))",
}
_DIMENSIONS = {
    "": ("0.1 0.2", "10 0.30000000000000004", "10 1e-300"),
    "Z": ("0.1 0.2 1", "10 0.3 2", "10 10 -3.5"),
    "M": ("0.1 0.2 1", "10 0.3 2", "10 10 -3.5"),
    "ZM": ("0.1 0.2 1 7", "10 0.3 2 8", "10 10 -3.5 9"),
}


def _zoo() -> list[tuple[str, str]]:
    """Return kind and WKT of every type x dimensions x (filled, several parts, empty)."""
    zoo = []
    for (name, kind), (mark, (a, b, c)) in itertools.product(_KINDS.items(), _DIMENSIONS.items()):
        body = _BODIES[name].format(a=a, b=b, c=c)
        other = _BODIES[name].format(a=c, b=a, c=b)
        zoo += [
            (kind, f"{name} {mark} {body}"),
            (kind, f"{name} {mark} EMPTY"),
            (kind, f"MULTI{name} {mark} ({body}, {other})"),
            (kind, f"MULTI{name} {mark} EMPTY"),
        ]
    return zoo


def _round_trip(
    folder: Path, kind: str, shapes: list[shapely.Geometry | None]
) -> list[shapely.Geometry | None]:
    frame = geopandas.GeoDataFrame({"name": ["x"] * len(shapes)}, geometry=shapes, crs=CRS)
    with new_project(folder) as project:
        uid = project.add_layer(NewLayer("层", kind, CRS), frame).uid
        return list(project.read(uid).geometry)


def _wkb(shape: shapely.Geometry | None) -> bytes | None:
    return None if shape is None else shapely.to_wkb(shape, flavor="iso", output_dimension=4, byte_order=1)


@pytest.mark.parametrize(("kind", "wkt"), _zoo())
def test_every_shape_comes_back_as_it_was(tmp_path: Path, kind: str, wkt: str) -> None:
    shape = shapely.from_wkt(wkt)
    (back,) = _round_trip(tmp_path, kind, [shape])
    assert back is not None
    assert _wkb(back) == _wkb(shape)
    assert (back.has_z, back.has_m) == (shape.has_z, shape.has_m)


@pytest.mark.parametrize("wkt", [wkt for _kind, wkt in _zoo()])
def test_empty_shapes_are_known_by_their_flag_and_without_it(wkt: str) -> None:
    shape = shapely.from_wkt(wkt)
    (blob,) = encode(np.array([shape], dtype=object), 4547)
    assert blob is not None
    assert is_shapeless(blob) == shape.is_empty
    unsaid = blob[:3] + bytes([blob[3] & ~0x10]) + blob[4:]
    # a point of no numbers is an empty one by its flag alone
    assert is_shapeless(unsaid) == (shape.is_empty and shape.geom_type != "Point")


@pytest.mark.parametrize("broken", [b"", b"GP", b"no geometry", b"GP\x00\x01\x00\x00\x00\x00\x01\x03"])
def test_what_is_broken_is_not_taken_for_empty(broken: bytes) -> None:
    assert is_shapeless(None)
    assert not is_shapeless(broken)


def test_a_layer_may_mix_parts_heights_and_missing_shapes(tmp_path: Path) -> None:
    shapes = [shapely.from_wkt(wkt) for kind, wkt in _zoo() if kind == "zones"]
    back = _round_trip(tmp_path, "zones", [*shapes, None])
    assert [_wkb(shape) for shape in back] == [*(_wkb(shape) for shape in shapes), None]


def test_one_part_in_a_multi_polygon_comes_back_as_that_part(tmp_path: Path) -> None:
    square = shapely.box(0, 0, 1, 1)
    assert _round_trip(tmp_path, "zones", [shapely.MultiPolygon([square])]) == [square]


def test_invalid_shapes_are_kept_as_they_are(tmp_path: Path) -> None:
    bow_tie = shapely.from_wkt("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))")
    (back,) = _round_trip(tmp_path, "zones", [bow_tie])
    assert _wkb(back) == _wkb(bow_tie)


@pytest.mark.parametrize(
    ("kind", "wkt"),
    [
        ("zones", "POINT (0 0)"),
        ("points", "POLYGON ((0 0, 1 0, 1 1, 0 0))"),
        ("lines", "MULTIPOINT ((0 0), (1 1))"),
        ("zones", "GEOMETRYCOLLECTION (POLYGON ((0 0, 1 0, 1 1, 0 0)))"),
    ],
)
def test_a_shape_of_the_wrong_type_is_refused_with_its_number(tmp_path: Path, kind: str, wkt: str) -> None:
    right = {
        "zones": "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        "points": "POINT (1 1)",
        "lines": "LINESTRING (0 0, 1 1)",
    }
    with pytest.raises(InputError) as caught:
        _round_trip(tmp_path, kind, [shapely.from_wkt(right[kind]), shapely.from_wkt(wkt)])
    assert "2" in caught.value.where


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_coordinate_that_is_no_number_is_refused(tmp_path: Path, value: float) -> None:
    with np.errstate(invalid="ignore"):
        line = shapely.linestrings([[0, 0], [value, 1]], handle_nan="allow")
    with pytest.raises(GeometryError):
        _round_trip(tmp_path, "lines", [line])


_number = st.floats(-1e9, 1e9, allow_nan=False, allow_infinity=False)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_number, _number, _number), min_size=1, max_size=8), st.booleans())
def test_any_coordinates_come_through_the_blob_with_a_true_envelope(
    places: list[tuple[float, float, float]], with_z: bool
) -> None:
    shapes = np.array(
        [shapely.LineString([(x, y, z)[: 2 + with_z], (y, x, z)[: 2 + with_z]]) for x, y, z in places]
    )
    blobs = encode(shapes, 4547)
    assert shapely.to_wkb(decode(blobs), output_dimension=4).tolist() == shapely.to_wkb(shapes).tolist()
    for blob, shape in zip(blobs, shapes, strict=True):
        assert blob is not None
        assert blob[:2] == b"GP"
        assert int.from_bytes(blob[4:8], "little") == 4547
        west, south, east, north = shape.bounds
        assert envelope(blob) == (west, east, south, north)


@pytest.mark.parametrize(
    "blob", [b"", b"GP", b"XX\x00\x01aaaabbbb", b"GP\x00\x0faaaabbbb", b"GP\x00\x01aaaabbbb"]
)
def test_a_blob_that_is_no_shape_is_refused(blob: bytes) -> None:
    with pytest.raises(GeometryError):
        decode([blob])


def test_a_box_is_read_in_either_order_of_bytes_and_none_from_a_blob_that_is_cut_off() -> None:
    wkb = shapely.to_wkb(shapely.LineString([(1, 2), (3, 4)]))
    little = b"GP\x00\x03" + bytes(4) + struct.pack("<4d", 1, 3, 2, 4) + wkb
    big = b"GP\x00\x02" + bytes(4) + struct.pack(">4d", 1, 3, 2, 4) + wkb
    assert envelope(little) == envelope(big) == (1.0, 3.0, 2.0, 4.0)
    for length in (8, 20, 39):
        with pytest.raises(ValueError, match="buffer"):
            envelope(little[:length])


def test_parts_read_by_themselves_are_those_taken_out_of_their_multi_geometries() -> None:
    point, line = shapely.Point(1, 2), shapely.LineString([(0, 0, 5), (1, 1, 6)])
    square = shapely.box(0, 0, 9, 9)
    hole = shapely.Polygon(square.exterior, [shapely.box(1, 1, 2, 2).exterior])
    shapes: NDArray[np.object_] = np.array(
        [
            shapely.MultiPolygon([square]),
            shapely.MultiPolygon([hole]),
            shapely.MultiPolygon([shapely.Polygon([(0, 0, 7), (9, 0, 7), (9, 9, 8)])]),
            shapely.MultiPolygon([square, shapely.box(20, 0, 21, 1)]),
            shapely.MultiPolygon(),
            shapely.MultiLineString([line]),
            shapely.MultiPoint([point]),
            shapely.GeometryCollection([point]),
            square,
            None,
        ],
        dtype=object,
    )
    blobs = encode(shapes, 4547)
    whole = shapely.to_wkb(shapes[0], byte_order=0)  # of the other order of bytes
    blobs.append(b"GP\x00\x01" + bytes(4) + whole)
    read = from_table(decode_parts(blobs))
    taken_out = from_table(decode(blobs))
    assert (
        shapely.to_wkb(read, output_dimension=4).tolist()
        == shapely.to_wkb(taken_out, output_dimension=4).tolist()
    )
    # all but the one in other order come without their cover
    assert shapely.get_type_id(decode_parts(blobs)).tolist() == [3, 3, 3, 6, 6, 1, 0, 7, 3, -1, 6]
