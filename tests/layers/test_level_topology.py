"""Shared boundaries are found whatever the rings look like, and arcs give the rings back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.array_runs import offsets_of, runs
from layers.drawable import DrawableLayer
from layers.levels.assembly import make_level
from layers.levels.build import rings_of as proper_rings
from layers.levels.model import NO_FEATURE, Level
from layers.levels.skeleton import find_skeleton
from layers.levels.topology import Topology, find_topology
from tests.layers.level_samples import layer_of, lengths, lines_of, rings_of, signed_area, wavy_parcels

GRAIN = 1e-9


def nothing(_share: float) -> None:
    pass


def topology_of(layer: DrawableLayer) -> Topology:
    return find_topology(proper_rings(layer), GRAIN, nothing)


def full_level(layer: DrawableLayer) -> Level:
    """Return a level from which nothing was left out."""
    skeleton = find_skeleton(topology_of(layer), (0.0, 0.0), -1.0, nothing)
    return make_level(skeleton, 0.0, np.zeros(len(skeleton.offsets) - 1), len(layer))


def own_rings(layer: DrawableLayer, row: int) -> list[np.ndarray]:
    return [
        np.asarray(layer.coords[layer.ring_offsets[ring] : layer.ring_offsets[ring + 1]])
        for ring in range(layer.ring_starts[row], layer.ring_starts[row + 1])
    ]


def assert_rings_come_back(layer: DrawableLayer) -> None:
    """Hold rings against the layer's own, but for vertices in the middle of straight edges."""
    level = full_level(layer)
    for row in range(len(layer)):
        found, own = rings_of(level, row), own_rings(layer, row)
        assert len(found) == len(own)
        for ring, expected in zip(found, own, strict=True):
            rounded = expected.astype(np.float32)
            vertices = {tuple(vertex) for vertex in rounded.tolist()}
            assert all(tuple(vertex) in vertices for vertex in ring.tolist())
            assert ring[0].tolist() == ring[-1].tolist()
            assert signed_area(ring) == pytest.approx(signed_area(rounded), rel=1e-9)
            assert shapely.Polygon(ring).equals(shapely.Polygon(rounded))


def test_two_squares_share_one_boundary():
    layer = layer_of([shapely.box(0, 0, 4, 4), shapely.box(4, 0, 8, 4)])
    level = full_level(layer)
    # the boundary between them, and what each has alone: 4 + 12 + 12
    assert sorted(lengths([line]) for line in lines_of(level)) == [4.0, 12.0, 12.0]
    shared = [sorted(sides) for sides in level.line_sides.tolist() if NO_FEATURE not in sides]
    assert shared == [[0, 1]]
    assert_rings_come_back(layer)


def test_the_interior_lies_to_the_left_of_the_first_side():
    layer = layer_of(wavy_parcels(6, 7))
    level = full_level(layer)
    shapes = {row: shapely.Polygon(own_rings(layer, row)[0]) for row in range(len(layer))}
    for line, (left, right) in zip(lines_of(level), level.line_sides.tolist(), strict=True):
        start, end = line[0].astype(float), line[1].astype(float)
        across = np.array([-(end - start)[1], (end - start)[0]]) * 1e-3
        middle = (start + end) / 2
        assert shapes[left].covers(shapely.Point(middle + across))
        assert right == NO_FEATURE or shapes[right].covers(shapely.Point(middle - across))


def test_every_boundary_of_a_coverage_is_there_once():
    shapes = wavy_parcels(18, 16)
    layer = layer_of(shapes)
    level = full_level(layer)
    outer = shapely.union_all(shapes).length
    rings = sum(shape.length for shape in shapes)
    # each inner boundary belongs to two rings, the outer one to one
    assert lengths(lines_of(level)) == pytest.approx((rings + outer) / 2, rel=1e-6)
    alone = level.line_sides[:, 1] == NO_FEATURE
    alone_lines = [line for line, single in zip(lines_of(level), alone, strict=True) if single]
    assert lengths(alone_lines) == pytest.approx(outer, rel=1e-6)
    assert_rings_come_back(layer)


def test_islands_and_what_lies_in_them_share_their_rings():
    hole = shapely.box(2, 2, 6, 6)
    # the same ring, begun at another vertex and run the other way
    inner = shapely.Polygon(list(np.roll(np.array(hole.exterior.coords)[:-1], 2, axis=0)[::-1]))
    layer = layer_of([shapely.box(0, 0, 8, 8) - hole, inner, shapely.box(20, 20, 21, 21)])
    level = full_level(layer)
    assert sorted(lengths([line]) for line in lines_of(level)) == [4.0, 16.0, 32.0]
    shared = {
        lengths([line]): sides for line, sides in zip(lines_of(level), level.line_sides.tolist(), strict=True)
    }
    assert NO_FEATURE not in shared[16.0]
    assert NO_FEATURE in shared[32.0]
    assert_rings_come_back(layer)


def test_features_upon_each_other_lose_no_boundary():
    box = shapely.box(0, 0, 10, 10)
    layer = layer_of([box, box, box])
    level = full_level(layer)
    # three rings that run the same way on one boundary: none of them lies on its other side
    assert [lengths([line]) for line in lines_of(level)] == [40.0, 40.0, 40.0]
    assert level.line_sides.tolist() == [[0, NO_FEATURE], [1, NO_FEATURE], [2, NO_FEATURE]]


def test_a_doubled_feature_and_its_neighbour():
    left, right = shapely.box(0, 0, 4, 4), shapely.box(4, 0, 8, 4)
    layer = layer_of([left, right, left])
    level = full_level(layer)
    shared = [sides for sides in level.line_sides.tolist() if NO_FEATURE not in sides]
    # the edge between them has one feature on the one side and two on the other: a line for each of those
    assert len(shared) == 1
    assert {shapely.Polygon(own_rings(layer, row)[0]).bounds for row in shared[0]} == {
        left.bounds,
        right.bounds,
    }
    assert lengths(lines_of(level)) == (12 + 4 + 12) + (12 + 4)


def test_a_boundary_that_only_one_neighbour_has_vertices_on_stays_two():
    layer = layer_of([shapely.box(0, 0, 4, 4), shapely.Polygon([(4, 0), (8, 0), (8, 4), (4, 4), (4, 2)])])
    level = full_level(layer)
    assert (level.line_sides[:, 1] == NO_FEATURE).all()
    assert lengths(lines_of(level)) == 32.0


def test_neighbours_that_differ_in_the_last_digits_share_their_boundary():
    exact, off = shapely.box(0.1, 0, 0.3, 1), shapely.box(0.1 + 0.2, 0, 0.6, 1)
    assert exact.bounds[2] != off.bounds[0]
    level = full_level(layer_of([exact, off]))
    assert (level.line_sides != NO_FEATURE).all(axis=1).sum() == 1


ZOO = {
    "bow-tie": shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 4)]),
    "hole touches": shapely.Polygon([(0, 0), (8, 0), (8, 8), (0, 8)], [[(0, 0), (4, 2), (2, 4)]]),
    "spike": shapely.Polygon([(0, 0), (8, 0), (8, 8), (8, 12), (8, 8), (0, 8)]),
    "same vertex twice": shapely.Polygon([(0, 0), (0, 0), (8, 0), (8, 8), (8, 8), (0, 8)]),
    "parts that touch": shapely.MultiPolygon([shapely.box(0, 0, 4, 4), shapely.box(4, 4, 8, 8)]),
    "no area": shapely.Polygon([(0, 0), (4, 0), (8, 0)]),
    "one place": shapely.Polygon([(1, 1), (1, 1), (1, 1)]),
    "minus zero": shapely.Polygon([(-0.0, 0), (4, 0), (4, 4), (0, 4)]),
    "two holes that touch": shapely.Polygon(
        [(0, 0), (9, 0), (9, 9), (0, 9)], [[(2, 2), (4, 4), (2, 4)], [(4, 4), (6, 4), (6, 6)]]
    ),
}


@pytest.mark.parametrize("shape", ZOO.values(), ids=ZOO.keys())
@pytest.mark.parametrize("times", [1, 2, 3])
def test_odd_shapes_are_cut_and_put_together(shape: shapely.Geometry, times: int):
    layer = layer_of([shape] * times + [shapely.box(0, 8, 8, 16)])
    level = full_level(layer)
    assert len(level.ring_starts) == len(layer) + 1
    assert np.isfinite(level.coords).all()
    for row in range(len(layer)):
        own = own_rings(layer, row)
        for ring in rings_of(level, row):
            # the same vertices as one of the feature's own rings
            places = {tuple(vertex) for vertex in ring.tolist()}
            assert any(places == {tuple(vertex) for vertex in mine.tolist()} for mine in own)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 3)), min_size=1, max_size=12))
def test_squares_anywhere_come_back_whole(places: list[tuple[int, int, int]]):
    # vertices at every whole number, so that squares beside and upon each other share what they can
    shapes = [shapely.segmentize(shapely.box(x, y, x + side, y + side), 1.0) for x, y, side in places]
    layer = layer_of(shapes)
    assert_rings_come_back(layer)
    level = full_level(layer)
    used: dict[tuple[float, ...], int] = {}
    for line, sides in zip(lines_of(level), level.line_sides.tolist(), strict=True):
        unit = shapely.get_coordinates(shapely.segmentize(shapely.LineString(line), 1.0))
        for start, end in pairwise(unit.tolist()):
            edge = tuple(sorted((tuple(start), tuple(end))))
            used[edge] = used.get(edge, 0) + sum(side != NO_FEATURE for side in sides)
    expected: dict[tuple[float, ...], int] = {}
    for shape in shapes:
        ring = [tuple(vertex) for vertex in shape.exterior.coords]
        for start, end in pairwise(ring):
            edge = tuple(sorted((start, end)))
            expected[edge] = expected.get(edge, 0) + 1
    # every edge of every square is some side of a line
    assert used == expected


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5), st.sampled_from([1, -1]))))
def test_runs_are_what_they_say(given: list[tuple[int, int, int]]):
    starts, counts, steps = (
        (np.array(column, dtype=np.int64) for column in zip(*given, strict=True))
        if given
        else (np.empty(0, dtype=np.int64),) * 3
    )
    slow = [start + step * i for start, count, step in given for i in range(count)]
    assert runs(starts, offsets_of(counts), steps).tolist() == slow
    ahead = [start + i for start, count, _step in given for i in range(count)]
    assert runs(starts, offsets_of(counts)).tolist() == ahead
