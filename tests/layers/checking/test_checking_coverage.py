"""Gaps and overlaps: found exactly once with their area, in whatever order and wherever the layer lies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon

from tests.layers.checking.check_samples import box, broken, check, found

COVER = "territorial_plan"
WIDE = 6


def grid(columns: int, rows: int, size: float = 50.0, seed: int = 0) -> list[Any]:
    """Return a coverage of crooked cells with shared corners; the outline is straight."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(columns + 1) * size, np.arange(rows + 1) * size, indexing="ij")
    inner = (slice(1, -1), slice(1, -1))
    x[inner] += rng.uniform(-0.3, 0.3, x[inner].shape) * size
    y[inner] += rng.uniform(-0.3, 0.3, y[inner].shape) * size
    at = np.stack([x, y], axis=2)
    return [
        Polygon([at[i, j], at[i + 1, j], at[i + 1, j + 1], at[i, j + 1]])
        for i in range(columns)
        for j in range(rows)
    ]


def faults(shapes: list[Any], **how: Any) -> set[str]:
    return {rule for rule in broken(check(shapes, kind_key=COVER, **how)) if rule.startswith("topology.")}


def test_a_clean_coverage_has_no_finding() -> None:
    assert faults(grid(WIDE, WIDE)) == set()


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 5), st.integers(2, 5), st.integers(0, 1000))
def test_random_clean_coverages_have_no_finding(columns: int, rows: int, seed: int) -> None:
    assert faults(grid(columns, rows, seed=seed)) == set()


def test_a_missing_cell_is_one_gap_with_its_area() -> None:
    cells = grid(5, 5)
    gone = cells.pop(12)
    ((_row, _other, figure),) = found(check(cells, kind_key=COVER), "topology.gap")
    assert figure == pytest.approx(gone.area, abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([6, 7, 8, 11, 12, 13, 16, 17, 18]),
    st.floats(0.05, 0.95),
    st.floats(0.05, 0.9),
    st.integers(0, 99),
    st.integers(0, 99),
)
def test_a_planted_gap_or_overlap_is_found_exactly_once(
    cell: int, along: float, share: float, seed: int, order: int
) -> None:
    cells = grid(5, 5, seed=seed)
    ring = np.asarray(cells[cell].exterior.coords)[:-1]
    middle = np.asarray(cells[cell].centroid.coords[0])
    foot = ring[0] + along * (ring[1] - ring[0])
    # the side from corner 0 to corner 1 is bent inwards: a triangle becomes free
    tip = foot + share * 0.5 * (middle - foot)
    dent = Polygon([ring[0], tip, ring[1]])
    bent = Polygon([ring[0], tip, *ring[1:]])
    shuffled = np.random.default_rng(order).permutation(len(cells))
    gap = check([bent if i == cell else cells[i] for i in shuffled], kind_key=COVER)
    ((row, other, figure),) = found(gap, "topology.gap")
    assert figure == pytest.approx(dent.area, abs=1e-3)
    assert {int(shuffled[row]), int(shuffled[other])} == {cell, cell - 1}
    assert not found(gap, "topology.overlap")
    # the neighbour takes the triangle, and the cell keeps it too
    below = shapely.union(cells[cell - 1], dent)
    lap = check([below if i == cell - 1 else cells[i] for i in shuffled], kind_key=COVER)
    ((row, other, figure),) = found(lap, "topology.overlap")
    assert figure == pytest.approx(dent.area, abs=1e-3)
    assert {int(shuffled[row]), int(shuffled[other])} == {cell, cell - 1}
    assert not found(lap, "topology.gap")


@settings(max_examples=10, deadline=None)
@given(st.floats(-9000, 9000), st.floats(-9000, 9000))
def test_a_layer_that_is_moved_has_the_same_findings(east: float, north: float) -> None:
    cells = grid(4, 4)
    cells[5] = shapely.affinity.translate(cells[5], 3.0, 2.0)
    moved = [shapely.transform(cell, lambda coords: coords + np.array([east, north])) for cell in cells]
    for rule in ("topology.overlap", "topology.gap"):
        before, after = (found(check(each, kind_key=COVER), rule) for each in (cells, moved))
        assert [one[:2] for one in before] == [one[:2] for one in after]
        assert [one[2] for one in before] == pytest.approx([one[2] for one in after], abs=1e-3)


def test_all_overlaps_are_those_that_comparing_every_pair_finds() -> None:
    rng = np.random.default_rng(5)
    cells = [
        shapely.affinity.translate(cell, *rng.normal(0, 2.0, 2)) if rng.random() < 0.4 else cell
        for cell in grid(8, 8, seed=2)
    ]
    wanted = {
        (i, j): round(area, 3)
        for i in range(len(cells))
        for j in range(i + 1, len(cells))
        if (area := shapely.intersection(cells[i], cells[j]).area) > 0.02
    }
    seen = {
        (row, other): round(figure or 0.0, 3)
        for row, other, figure in found(check(cells), "topology.overlap")
        if (figure or 0.0) > 0.02
    }
    assert seen.keys() == wanted.keys()
    assert seen == pytest.approx(wanted, abs=2e-3)


def test_all_gaps_are_the_holes_of_the_union() -> None:
    rng = np.random.default_rng(7)
    cells = [shapely.buffer(cell, -0.2) if rng.random() < 0.2 else cell for cell in grid(7, 7, seed=4)]
    union = shapely.union_all(cells)
    rings = [Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    # a shrunken cell lies as an island in its hole
    holes = sorted(shapely.difference(ring, union).area for ring in rings)
    seen = [figure or 0.0 for _r, _o, figure in found(check(cells, kind_key=COVER), "topology.gap")]
    for hole in [area for area in holes if area >= 0.01]:
        (same,) = [area for area in seen if area == pytest.approx(hole, abs=2e-3)]
        seen.remove(same)
    # the others are open at the outline: what closing all cells at once fills beside the holes, but for the
    # small places where three cells meet
    closed = shapely.buffer(shapely.buffer(union, 0.25, join_style="mitre"), -0.25, join_style="mitre")
    assert sum(seen) == pytest.approx(shapely.difference(closed, union).area - sum(holes), rel=0.02)


def test_geos_finds_faults_in_features_that_we_name() -> None:
    cells = grid(6, 6, seed=9)
    assert shapely.coverage_is_valid(cells)
    assert faults(cells) == set()
    cells[14] = shapely.affinity.translate(cells[14], 1.0, 0.0)
    by_geos = {int(row) for row in np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(cells)))}
    overlaps = found(check(cells, kind_key=COVER), "topology.overlap")
    assert by_geos
    assert by_geos <= {row for one in overlaps for row in one[:2]}


def test_a_vertex_that_the_neighbour_lacks_is_no_gap() -> None:
    left = box(0, 0, 50, 100)
    right = Polygon([(50, 0), (100, 0), (100, 100), (50, 100), (50, 37.3)])
    assert faults([left, right]) == set()


def test_a_vertex_half_a_millimetre_off_is_a_note_and_no_gap() -> None:
    left = box(0, 0, 50, 100)
    right = Polygon([(50, 0), (100, 0), (100, 100), (50, 100), (50.0005, 37.3)])
    assert faults([left, right, box(0, -50, 100, 0), box(0, 100, 100, 150)]) == {
        "topology.unmatched_vertices"
    }


def test_layers_inside_one_another_are_all_told() -> None:
    # nine cells drawn inside one large feature: the middle one shares every side with the others
    inner = [box(10 + 10 * i, 10 + 10 * j, 20 + 10 * i, 20 + 10 * j) for i in range(3) for j in range(3)]
    report = check([box(0, 0, 100, 100), *inner])
    assert found(report, "topology.overlap") == [(0, number, 100.0) for number in range(1, 10)]


def test_an_overlap_with_an_invalid_shape_is_found() -> None:
    bow = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    report = check([bow, box(80, 0, 200, 100)])
    # the right wing is a triangle with its tip at 50, 50: from 80 on a trapezium of 60 and 100, 20 wide
    assert found(report, "topology.overlap") == [(0, 1, 1600.0)]


def test_a_wide_space_is_a_gap_only_where_the_layer_must_cover_the_ground() -> None:
    frame = [box(0, 0, 100, 10), box(0, 90, 100, 100), box(0, 10, 10, 90), box(90, 10, 100, 90)]
    assert found(check(frame, kind_key=COVER), "topology.gap")[0][2] == 6400.0
    assert "topology.gap" not in broken(check(frame))
    thin = [box(0, 0, 100, 10), box(0, 10.2, 100, 20), box(0, 10, 1, 10.2), box(99, 10, 100, 10.2)]
    assert found(check(thin), "topology.gap")[0][2] == pytest.approx(98 * 0.2, abs=1e-3)
