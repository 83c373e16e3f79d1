from __future__ import annotations

import math
import random
from functools import reduce
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.errors import InputError
from layers.formats.boundary_txt import BOUNDARY_TXT, BOUNDARY_TXT_WRITER, parse, render
from layers.formats.boundary_txt.rings import even_odd
from layers.formats.model import OutgoingLayer, ReadOptions, SourceData, SourceLayer
from layers.progress import NoProgress
from tests.layers.formats.boundary_txt_samples import EAST, NORTH, valid_files

BOUNDED = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SPACING = 1000.0


def star(random_: random.Random, east: float, north: float, least: float, most: float) -> Any:
    """Return a ring about a point: corners between two distances from it, in order of direction."""
    count = random_.randint(4, 14)
    turns = [(i + random_.uniform(0.1, 0.9)) * 2 * math.pi / count for i in range(count)]
    reach = [random_.uniform(least, most) for _turn in turns]
    ring = [
        (east + r * math.cos(turn), north + r * math.sin(turn)) for r, turn in zip(reach, turns, strict=True)
    ]
    return ring if random_.random() < 0.5 else ring[::-1]


@st.composite
def plots(draw: st.DrawFn) -> Any:
    """Draw a polygon or multipolygon with holes, islands in holes, in any direction."""
    random_ = draw(st.randoms(use_true_random=False))
    parts = []
    for number in range(draw(st.integers(1, 4))):
        east, north = EAST + number * SPACING, NORTH + random_.uniform(-100, 100)
        depth = draw(st.integers(1, 4))
        rings = [
            # a chord between corners as far as 72 degrees apart comes as near as cos 72° of their distance
            star(random_, east, north, 400 * 0.12**level * 0.8, 400 * 0.12**level)
            for level in range(depth)
        ]
        parts += [(rings[i], rings[i + 1 : i + 2]) for i in range(0, depth, 2)]
    return shapely.Polygon(*parts[0]) if len(parts) == 1 else shapely.MultiPolygon(parts)


def round_trip(folder: Path, shape: Any, **choices: Any) -> Any:
    path = folder / "out.txt"
    path.unlink(missing_ok=True)
    frame = geopandas.GeoDataFrame(geometry=[shape], crs=4526)
    BOUNDARY_TXT_WRITER.write(OutgoingLayer("x", frame), path, choices, NoProgress())
    data = BOUNDARY_TXT.read(path, ReadOptions(), NoProgress())
    assert data.notes == ()
    assert data.crs is not None
    assert data.crs.to_epsg() == 4526
    return data.frame.geometry[0]


def ring_counts(shape: Any) -> list[int]:
    return sorted(len(part.interiors) for part in shapely.get_parts(shape))


@BOUNDED
@given(plots(), st.sampled_from(["first", "next", "none"]), st.sampled_from(["plot", "ring"]))
def test_a_shape_comes_back_to_half_a_millimetre(
    tmp_path: Path, shape: Any, closing: str, scope: str
) -> None:
    assert shape.is_valid
    read = round_trip(tmp_path, shape, closing=closing, label_scope=scope)
    assert ring_counts(read) == ring_counts(shape)
    # half a millimetre in each of two directions
    assert shapely.hausdorff_distance(read.boundary, shape.boundary) <= 0.0005 * math.sqrt(2) + 1e-6
    assert read.area == pytest.approx(shape.area, abs=0.0005 * 2 * shape.length)


@BOUNDED
@given(plots())
def test_corners_keep_their_order_where_the_form_keeps_it(tmp_path: Path, shape: Any) -> None:
    read = round_trip(tmp_path, shape, start="as_is")
    ours, theirs = shapely.get_coordinates(shape), shapely.get_coordinates(read)
    assert len(ours) == len(theirs)
    assert np.abs(ours - theirs).max() <= 0.0005 + 1e-8


@BOUNDED
@given(plots())
def test_a_file_written_is_written_the_same_again(tmp_path: Path, shape: Any) -> None:
    first = round_trip(tmp_path, shape)
    data = (tmp_path / "out.txt").read_bytes()
    round_trip(tmp_path, first)
    assert (tmp_path / "out.txt").read_bytes() == data
    assert render(parse(data.decode("gb18030"), NoProgress())).encode("gb18030") == data


@BOUNDED
@given(plots(), st.randoms(use_true_random=False))
def test_order_and_direction_of_rings_do_not_matter(shape: Any, random_: random.Random) -> None:
    rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(shapely.get_parts(shape))]
    expected, crossing = even_odd(rings)
    assert not crossing
    # in an independent way: each ring turns what is inside it
    turned = reduce(shapely.symmetric_difference, [shapely.Polygon(ring) for ring in rings])
    assert expected.is_valid
    assert expected.equals(shape)
    assert expected.area == pytest.approx(turned.area, rel=1e-9)
    other = [np.roll(ring, random_.randrange(len(ring)), axis=0) for ring in rings]
    other = [ring[::-1] if random_.random() < 0.5 else ring for ring in other]
    random_.shuffle(other)
    again, _crossing = even_odd(other)
    assert again.equals(expected)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return [path.read_bytes() for path in valid_files(tmp_path_factory.mktemp("valid"))]


@settings(BOUNDED, max_examples=150)
@given(st.data())
def test_damaged_files_are_read_or_refused(
    tmp_path: Path, originals: list[bytes], data: st.DataObject
) -> None:
    damaged = bytearray(data.draw(st.sampled_from(originals)))
    for _edit in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, max(len(damaged) - 1, 0)))
        piece = data.draw(
            st.one_of(st.binary(max_size=4), st.sampled_from([b"\r", b"\n", b",", b"@", b"[", b"9"]))
        )
        damaged[place : place + data.draw(st.integers(0, 3))] = piece
    path = tmp_path / "damaged.txt"
    path.write_bytes(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    BOUNDARY_TXT.recognises(path, path.read_bytes()[:4096])
    try:
        layers = BOUNDARY_TXT.layers(path, ReadOptions())
        read = BOUNDARY_TXT.read(path, ReadOptions(layer=layers[-1].name), NoProgress())
    except InputError as error:
        where = error.where
    else:
        where = str(path)
        _require_told(layers, read)
    assert str(path) in where


def _require_told(layers: tuple[SourceLayer, ...], read: SourceData) -> None:
    assert len(read.frame) == layers[-1].feature_count >= 1
    # a plot without a shape is told
    told = {row for note in read.notes for row in note.rows}
    assert set(read.unreadable) <= told
    assert read.frame.geometry.isna().sum() == len(read.unreadable)


@settings(BOUNDED, max_examples=100)
@given(st.text(st.sampled_from("面点线@,，[]【】=J123.0 \r\n\t"), max_size=200))
def test_text_of_the_formats_own_signs(tmp_path: Path, text: str) -> None:
    path = tmp_path / "signs.txt"
    path.write_bytes(text.encode())
    try:
        read = BOUNDARY_TXT.read(path, ReadOptions(), NoProgress())
    except InputError:
        return
    assert len(read.frame) >= 1
