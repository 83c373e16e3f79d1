"""Runs of samples between boundaries, against the plain question of what covers a sample's middle."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers.levels import NO_FEATURE
from ui.painting.scan_lines import runs_between

WIDTH, HEIGHT = 40, 30


def _ring_edges(shape: shapely.Polygon, row: int) -> list[tuple[float, float, float, float, int, int]]:
    """Return the edges of a polygon, y down, with its inside on the left as seen with north up."""
    found = []
    shape = shapely.orient_polygons(shape)
    for ring in (shape.exterior, *shape.interiors):
        xy = np.asarray(ring.coords)
        found += [(*xy[place], *xy[place + 1], row, NO_FEATURE) for place in range(len(xy) - 1)]
    return found


def _covered(edges: list[tuple[float, float, float, float, int, int]]) -> np.ndarray | None:
    """Return the row that covers each sample; the edges are given with north up."""
    table = np.array(edges, dtype=float).reshape(-1, 6)
    segments = table[:, :4].copy()
    segments[:, [1, 3]] = HEIGHT - segments[:, [1, 3]]
    runs = runs_between(segments, table[:, 4].astype(int), table[:, 5].astype(int), WIDTH, HEIGHT)
    if runs is None:
        return None
    # samples() gives 0 before the first run: rows counted from 1
    return runs.samples((runs.rows + 1).astype(np.uint32))[:, :WIDTH].astype(int) - 1


def _under(shapes: list[shapely.Polygon]) -> np.ndarray:
    """Return a set of rows for each sample, by asking each polygon about each middle."""
    x, y = np.meshgrid(np.arange(WIDTH) + 0.5, HEIGHT - np.arange(HEIGHT) - 0.5)
    return np.array([shapely.contains_xy(shape, x, y) for shape in shapes])


def test_two_squares_by_hand():
    # 4 wide and 2 high each, the first from x 1 to 5, the second from 5 to 9; y 1 to 3 counted from below
    edges = [
        (1, 1, 5, 1, 0, NO_FEATURE),
        (5, 1, 5, 3, 0, 1),  # northwards: the first square on the left, the second on the right
        (5, 3, 1, 3, 0, NO_FEATURE),
        (1, 3, 1, 1, 0, NO_FEATURE),
        (5, 1, 9, 1, 1, NO_FEATURE),
        (9, 1, 9, 3, 1, NO_FEATURE),
        (9, 3, 5, 3, 1, NO_FEATURE),
    ]
    covered = _covered(edges)
    assert covered is not None
    expected = np.full((HEIGHT, WIDTH), NO_FEATURE)
    expected[HEIGHT - 3 : HEIGHT - 1, 1:5] = 0
    expected[HEIGHT - 3 : HEIGHT - 1, 5:9] = 1
    np.testing.assert_array_equal(covered, expected)


@pytest.mark.parametrize("seed", range(6))
def test_a_partition_is_covered_as_its_polygons_say(seed: int):
    rng = np.random.default_rng(seed)
    seeds = shapely.multipoints(rng.uniform(-20, 60, (120, 2)))  # some lie outside, some reach across the rim
    shapes = list(shapely.get_parts(shapely.voronoi_polygons(seeds)))
    covered = _covered([edge for row, shape in enumerate(shapes) for edge in _ring_edges(shape, row)])
    assert covered is not None
    under = _under(shapes)
    assert (under.sum(axis=0) == 1).all()
    np.testing.assert_array_equal(covered, under.argmax(axis=0))


def test_holes_and_what_lies_in_them():
    outer, inner = shapely.box(2, 2, 30, 20), shapely.Point(15, 10).buffer(6)
    covered = _covered([*_ring_edges(outer - inner, 0), *_ring_edges(inner, 1)])
    assert covered is not None
    under = _under([outer - inner, inner])
    np.testing.assert_array_equal(covered, np.where(under.any(axis=0), under.argmax(axis=0), NO_FEATURE))


@pytest.mark.parametrize(
    "shapes",
    [
        [shapely.box(2, 2, 20, 20), shapely.box(10, 5, 30, 15)],
        [shapely.box(2, 2, 30, 20), shapely.box(5, 5, 10, 15), shapely.box(15, 5, 20, 15)],
        [shapely.box(2, 2, 30, 20)] * 2,
        [shapely.box(2, 2, 30, 20), shapely.box(2, 2, 30, 20), shapely.box(30, 2, 35, 20)],
        [shapely.Point(20, 15).buffer(size) for size in (12, 9, 6, 3)],
    ],
    ids=["crossing", "lying in one", "doubled", "doubled beside another", "in each other"],
)
def test_features_upon_each_other_leave_no_gap(shapes: list[shapely.Polygon]):
    covered = _covered([edge for row, shape in enumerate(shapes) for edge in _ring_edges(shape, row)])
    assert covered is not None
    under = _under(shapes)
    np.testing.assert_array_equal(covered != NO_FEATURE, under.any(axis=0))
    at = np.nonzero(covered != NO_FEATURE)
    assert under[(covered[at], *at)].all()  # who is shown does cover the sample
    some = {row for row, own in enumerate(under) if (own & (under.sum(axis=0) == 1)).any()}
    assert some <= set(covered.ravel().tolist())


def test_a_feature_within_another_is_shown():
    covered = _covered(
        [*_ring_edges(shapely.box(2, 2, 30, 20), 0), *_ring_edges(shapely.box(10, 5, 20, 15), 1)]
    )
    assert covered is not None
    np.testing.assert_array_equal(covered == 1, _under([shapely.box(10, 5, 20, 15)])[0])


def test_boundaries_that_do_not_close_bound_nothing():
    edges = _ring_edges(shapely.box(2, 2, 30, 20), 0)
    upright = [edge for edge in edges if edge[1] != edge[3]]
    assert _covered(upright) is not None
    assert _covered(upright[:1]) is None


def test_what_lies_beside_above_and_below_the_picture():
    shape = shapely.box(-1000, -1000, 1000, 1000)
    covered = _covered(_ring_edges(shape, 5))
    assert covered is not None
    assert (covered == 5).all()
    nothing = _covered(_ring_edges(shapely.box(100, 5, 120, 10), 5))
    assert nothing is not None
    assert (nothing == NO_FEATURE).all()


def test_no_boundaries_at_all():
    covered = _covered([])
    assert covered is not None
    assert (covered == NO_FEATURE).all()
