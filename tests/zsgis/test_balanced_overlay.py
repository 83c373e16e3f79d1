"""The balanced overlay: nothing is lost, nothing is dropped, and every oddity is named."""

from __future__ import annotations

import itertools
import time
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from layers.errors import JobCancelled
from zsgis.overlay import (
    REMAINDER,
    Overlay,
    ShapeError,
    Side,
    SliverPolicy,
    balanced_overlay,
    zones_over_each_other,
)
from zsgis.overlay.cutting import Inputs, cut_pairs


def shapes(*geometry: Any) -> Any:
    out = np.empty(len(geometry), dtype=object)
    out[:] = geometry
    return out


def by_pair(overlay: Overlay) -> dict[tuple[int, int], float]:
    pairs = zip(overlay.feature.tolist(), overlay.zone.tolist(), strict=True)
    return dict(zip(pairs, overlay.area_m2.tolist(), strict=True))


def assert_balanced(overlay: Overlay) -> None:
    assert np.abs(overlay.imbalance_m2).max(initial=0.0) <= 0.01
    assert abs(overlay.imbalance_m2.sum()) <= 0.01
    inside = overlay.zone != REMAINDER
    pieces = np.bincount(overlay.feature[inside], overlay.area_m2[inside], len(overlay.input_m2))
    rest = np.bincount(overlay.feature[~inside], overlay.area_m2[~inside], len(overlay.input_m2))
    # the proof again, from the pieces' shapes and not from the overlay's own sums
    np.testing.assert_allclose(overlay.area_m2, shapely.area(overlay.geometry), atol=1e-5)
    np.testing.assert_allclose(pieces - overlay.overlap_m2 + rest, overlay.input_m2, atol=0.01)
    assert shapely.is_valid(overlay.geometry).all()


def test_three_parcels_and_two_zones_by_hand() -> None:
    # Parcels of 10 x 10 = 100 m2 at x = 0, 10, 20. Zone A covers x from -5 to 14, zone B from 14 to 25.
    # Parcel 1 lies in A: 100. Parcel 2: 4 x 10 = 40 in A, 6 x 10 = 60 in B.
    # Parcel 3: 5 x 10 = 50 in B, 50 in no zone.
    parcels = shapes(box(0, 0, 10, 10), box(10, 0, 20, 10), box(20, 0, 30, 10))
    zones = shapes(box(-5, -5, 14, 15), box(14, -5, 25, 15))
    overlay = balanced_overlay(parcels, zones)
    assert by_pair(overlay) == pytest.approx(
        {(0, 0): 100.0, (1, 0): 40.0, (1, 1): 60.0, (2, 1): 50.0, (2, REMAINDER): 50.0}
    )
    assert overlay.whole.tolist() == [True, False, False, False, False]
    assert overlay.zone_m2(2).tolist() == pytest.approx([140.0, 110.0])
    assert overlay.imbalance_m2.tolist() == [0.0, 0.0, 0.0]


def test_zones_over_each_other_are_named_and_counted() -> None:
    # The zones share x from 4 to 6 over the parcel's height of 10: 20 m2 covered twice;
    # over their own height of 12 they share 24 m2. Pieces 60 + 60, overlap 20, remainder 0.
    parcels = shapes(box(0, 0, 10, 10), box(20, 0, 30, 10))
    zones = shapes(box(0, -1, 6, 11), box(4, -1, 10, 11))
    overlay = balanced_overlay(parcels, zones)
    assert overlay.pieces_m2.tolist() == pytest.approx([120.0, 0.0])
    assert overlay.overlap_m2.tolist() == pytest.approx([20.0, 0.0])
    assert overlay.remainder_m2.tolist() == pytest.approx([0.0, 100.0])
    (pair,) = overlay.zone_overlaps
    assert (pair.first, pair.second, pair.area_m2) == (0, 1, pytest.approx(24.0))
    assert_balanced(overlay)


def test_zones_over_each_other_are_told_without_any_feature() -> None:
    # two bars of 6 x 12 share 2 x 12 = 24 m2; the bow tie is two triangles of 1 m2 and is repaired
    bow = Polygon([(20, 0), (22, 2), (22, 0), (20, 2)])
    zones = shapes(box(0, -1, 6, 11), box(4, -1, 10, 11), bow)
    overlaps, repairs = zones_over_each_other(zones)
    (pair,) = overlaps
    assert (pair.first, pair.second, pair.area_m2) == (0, 1, pytest.approx(24.0))
    overlay = balanced_overlay(shapes(box(-5, -5, 30, 15)), zones)
    assert overlaps == overlay.zone_overlaps
    assert repairs == overlay.repairs
    assert [repair.index for repair in repairs] == [2]


def test_a_zone_given_twice_counts_twice_and_says_so() -> None:
    overlay = balanced_overlay(shapes(box(0, 0, 10, 10)), shapes(box(-1, -1, 5, 11), box(-1, -1, 5, 11)))
    assert overlay.pieces_m2[0] == pytest.approx(100.0)
    assert overlay.overlap_m2[0] == pytest.approx(50.0)
    assert overlay.remainder_m2[0] == pytest.approx(50.0)
    assert len(overlay.zone_overlaps) == 1


def test_parcels_over_each_other_are_named_when_asked() -> None:
    parcels = shapes(box(0, 0, 10, 10), box(9, 0, 19, 10))
    assert balanced_overlay(parcels, shapes()).feature_overlaps == ()
    (pair,) = balanced_overlay(parcels, shapes(), check_features=True).feature_overlaps
    assert pair.area_m2 == pytest.approx(10.0)


def test_a_broken_ring_is_repaired_named_and_measured_before_and_after() -> None:
    # The hourglass over a square of side 10: the shoelace areas of its halves cancel to 0, the two
    # triangles have 25 m2 each.
    hourglass = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    overlay = balanced_overlay(shapes(box(0, 0, 10, 10), hourglass), shapes(box(0, 0, 5, 10)))
    (repair,) = overlay.repairs
    assert (repair.side, repair.index) == (Side.FEATURE, 1)
    assert repair.before_m2 == 0.0
    assert repair.after_m2 == pytest.approx(50.0)
    assert "Self-intersection" in repair.reason
    assert by_pair(overlay)[1, 0] == pytest.approx(25.0)
    assert by_pair(overlay)[1, REMAINDER] == pytest.approx(25.0)


def through(y: float) -> Polygon:
    with np.errstate(invalid="ignore"):
        return Polygon([(0, 0), (1, y), (1, 1), (0, 0)])


@pytest.mark.parametrize(
    "shape",
    [
        shapely.LineString([(0, 0), (1, 1)]),
        shapely.Point(0, 0),
        through(float("nan")),
        through(float("inf")),
    ],
)
def test_what_is_no_area_is_refused_by_name(shape: shapely.Geometry) -> None:
    with pytest.raises(ShapeError) as caught:
        balanced_overlay(shapes(box(0, 0, 1, 1)), shapes(box(0, 0, 1, 1), shape))
    assert (caught.value.side, caught.value.index) == (Side.ZONE, 1)
    assert caught.value.remedy


def test_nothing_in_nothing_out() -> None:
    square = box(0, 0, 10, 10)
    assert len(balanced_overlay(shapes(), shapes()).feature) == 0
    assert len(balanced_overlay(shapes(), shapes(square)).feature) == 0
    alone = balanced_overlay(shapes(square, None, Polygon()), shapes())
    assert by_pair(alone) == {(0, REMAINDER): 100.0}
    assert alone.input_m2.tolist() == [100.0, 0.0, 0.0]


def test_where_geos_gives_up_both_are_snapped_and_the_pair_is_named() -> None:
    # Cutting refuses an hourglass that nobody repaired; on the grid of 0.1 mm it works, and gives the
    # part of the two triangles left of x = 5, one triangle of 25 m2.
    hourglass = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    inputs = Inputs(
        shapes(box(20, 0, 30, 10), hourglass), shapes(box(-1, -1, 5, 11)), np.array([100.0, 50.0]), np.ones(2)
    )
    cut = cut_pairs(inputs, np.array([0, 1]), np.array([0, 0]), 1e-4)
    assert [(s.feature, s.zone, s.grid_m) for s in cut.snapped] == [(1, 0, 1e-4)]
    assert cut.pieces.area_m2.tolist() == pytest.approx([25.0])


def sliver_case() -> tuple[Any, Any]:
    # The parcel is 100 m wide; zone A ends at 49.98 and zone B starts there and ends at 50, so that B's
    # piece is 0.02 m x 10 m = 0.2 m2; zone C takes the rest.
    return shapes(box(0, 0, 100, 10)), shapes(
        box(-1, -1, 49.98, 11), box(49.98, -1, 50, 11), box(50, -1, 101, 11)
    )


def test_slivers_are_kept_and_counted() -> None:
    parcels, zones = sliver_case()
    overlay = balanced_overlay(parcels, zones, sliver_m2=1.0)
    assert len(overlay.feature) == 3
    assert (overlay.slivers.kept, overlay.slivers.merged) == (1, 0)
    assert overlay.slivers.kept_m2 == pytest.approx(0.2)


def test_slivers_are_merged_into_the_neighbour_and_no_area_is_lost() -> None:
    parcels, zones = sliver_case()
    overlay = balanced_overlay(parcels, zones, sliver_m2=1.0, sliver_policy=SliverPolicy.MERGE)
    # both neighbours share 10 m with the sliver; C's piece (500 m2) is larger than A's (499.8 m2)
    assert by_pair(overlay) == pytest.approx({(0, 0): 499.8, (0, 2): 500.2})
    assert (overlay.slivers.kept, overlay.slivers.merged) == (0, 1)
    assert_balanced(overlay)


def test_a_sliver_of_remainder_joins_the_piece_beside_it() -> None:
    overlay = balanced_overlay(
        shapes(box(0, 0, 10, 10)),
        shapes(box(-1, -1, 9.99, 11)),
        sliver_m2=1.0,
        sliver_policy=SliverPolicy.MERGE,
    )
    assert by_pair(overlay) == pytest.approx({(0, 0): 100.0})
    assert overlay.slivers.merged_m2 == pytest.approx(0.1)


def test_a_small_parcel_is_no_sliver_and_a_wide_part_is_none_either() -> None:
    small = box(0, 0, 0.5, 0.5)
    overlay = balanced_overlay(shapes(small), shapes(), sliver_m2=1.0, sliver_policy=SliverPolicy.MERGE)
    assert (overlay.slivers.kept, overlay.slivers.merged) == (0, 0)
    # 0.9 m x 0.9 m is under 1 m2 but 0.45 m thick, so a width of 0.1 m lets it be
    corner = balanced_overlay(
        shapes(box(0, 0, 10, 10)), shapes(box(-1, -1, 0.9, 0.9)), sliver_m2=1.0, sliver_width_m=0.1
    )
    assert corner.slivers.kept == 0


ZOO = {
    "square": box(0, 0, 10, 10),
    "same square": box(0, 0, 10, 10),
    "beside, edge shared": box(10, 0, 20, 10),
    "beside, corner shared": box(10, 10, 20, 20),
    "inside": box(2, 2, 8, 8),
    "inside, edge shared": box(0, 2, 5, 8),
    "around": box(-5, -5, 15, 15),
    "far away": box(1000, 1000, 1010, 1010),
    "with hole": Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 8, 8).exterior.coords[::-1]]),
    "hole touches shell": Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(0, 5), (5, 2), (5, 8)]]),
    "two parts": shapely.MultiPolygon([box(0, 0, 4, 4), box(6, 6, 12, 12)]),
    "parts meet in a point": shapely.MultiPolygon([box(0, 0, 5, 5), box(5, 5, 10, 10)]),
    "hairline": box(0, 4, 10, 4.00001),
    "spike": Polygon([(0, 0), (10, 0), (10, 5), (30, 5), (10, 5), (10, 10), (0, 10)]),
    "hourglass": Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]),
    "overlapping parts": shapely.MultiPolygon([box(0, 0, 6, 6), box(3, 3, 9, 9)]),
    "vertex repeated": Polygon([(0, 0), (0, 0), (10, 0), (10, 0), (10, 10), (0, 10)]),
    "needle triangle": Polygon([(0, 0), (1e4, 1e-3), (1e4, 0)]),
    "circle": shapely.Point(5, 5).buffer(5, quad_segs=400),
    "collapsed": Polygon([(0, 0), (5, 5), (10, 10)]),
    "with heights": shapely.Polygon([(1, 1, 5), (9, 1, 6), (9, 9, 7), (1, 9, 8)]),
    "collection": shapely.GeometryCollection([box(1, 1, 4, 4), shapely.LineString([(0, 0), (9, 9)])]),
    "empty": Polygon(),
    "missing": None,
}


def test_the_zoo_balances_and_equals_cutting_pair_by_pair() -> None:
    animals = shapes(*ZOO.values())
    overlay = balanced_overlay(animals, animals)
    assert_balanced(overlay)
    found = by_pair(overlay)
    sound = [
        Polygon() if a is None else shapely.make_valid(a, method="structure", keep_collapsed=False)
        for a in (ZOO | {"collection": box(1, 1, 4, 4)}).values()
    ]
    for (i, a), (j, b) in itertools.product(enumerate(sound), enumerate(sound)):
        expected = shapely.area(shapely.intersection(shapely.force_2d(a), shapely.force_2d(b)))
        # what the needle leaves in a square, 15 m x 0.75 µm at most, is dust
        assert found.get((i, j), 0.0) == pytest.approx(expected, abs=2e-5), (list(ZOO)[i], list(ZOO)[j])


def wavy_cells(seed: int, count: int) -> Any:
    """Return a partition of a square of 1 km into cells, at coordinates as the country has them."""
    rng = np.random.default_rng(seed)
    points = shapely.MultiPoint(rng.uniform(0, 1000, (count, 2)) + np.array([500_000, 2_490_000]))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box(5e5, 2.49e6, 5.01e5, 2.491e6)))
    return shapely.intersection(cells, box(500_000, 2_490_000, 501_000, 2_491_000))


def geopandas_areas(parcels: Any, zones: Any, how: str) -> dict[tuple[int, int], float]:
    left = geopandas.GeoDataFrame({"f": range(len(parcels))}, geometry=list(parcels))
    right = geopandas.GeoDataFrame({"z": range(len(zones))}, geometry=list(zones))
    out = geopandas.overlay(left, right, how=how, keep_geom_type=True)
    if how == "difference":
        out["z"] = REMAINDER
    return {
        (int(f), int(z)): a for f, z, a in zip(out["f"], out["z"], out.geometry.area, strict=True) if a > 1e-5
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_partitions_equal_geopandas(seed: int) -> None:
    parcels, zones = wavy_cells(seed, 300), wavy_cells(seed + 100, 25)[:20]
    overlay = balanced_overlay(parcels, zones)
    assert_balanced(overlay)
    found = {pair: area for pair, area in by_pair(overlay).items() if area > 1e-5}
    expected = geopandas_areas(parcels, zones, "intersection")
    expected |= geopandas_areas(parcels, zones, "difference")
    assert found.keys() == expected.keys()
    for pair, area in expected.items():
        assert found[pair] == pytest.approx(area, abs=1e-5)


def test_row_order_side_and_place_do_not_matter() -> None:
    parcels, zones = wavy_cells(7, 120), wavy_cells(8, 12)
    base = by_pair(balanced_overlay(parcels, zones))
    rng = np.random.default_rng(0)
    p, z = rng.permutation(len(parcels)), rng.permutation(len(zones))
    shuffled = by_pair(balanced_overlay(parcels[p], zones[z]))
    named = {(int(p[f]), int(z[q]) if q != REMAINDER else q): a for (f, q), a in shuffled.items()}
    turned = {(z_, f): a for (f, z_), a in by_pair(balanced_overlay(zones, parcels)).items()}
    moved = by_pair(
        balanced_overlay(
            shapely.transform(parcels, lambda c: c + np.array([12_345, -54_321])),
            shapely.transform(zones, lambda c: c + np.array([12_345, -54_321])),
        )
    )
    for other in (named, turned, moved):
        for pair in base.keys() | other.keys():
            if REMAINDER not in pair:
                assert other.get(pair, 0.0) == pytest.approx(base.get(pair, 0.0), abs=1e-5)


numbers = st.integers(0, 12)
boxes = st.tuples(numbers, numbers, st.integers(1, 8), st.integers(1, 8)).map(
    lambda b: box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=5), st.lists(boxes, max_size=5))
def test_boxes_over_each_other_balance_however_they_lie(parcels: list[Any], zones: list[Any]) -> None:
    overlay = balanced_overlay(shapes(*parcels), shapes(*zones))
    assert_balanced(overlay)
    covered = shapely.union_all(zones) if zones else Polygon()
    for number, parcel in enumerate(parcels):
        # what lies in no zone is the parcel less the union of all zones: an independent way
        assert overlay.remainder_m2[number] == pytest.approx(parcel.difference(covered).area, abs=1e-6)


class StopsAt:
    def __init__(self, share: float) -> None:
        self.share = share
        self.asked = 0.0
        self.last = time.perf_counter()
        self.longest = 0.0

    def step(self, done: float, _text: str = "") -> None:
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now
        if done >= self.share:
            self.asked = now
            raise JobCancelled


def test_progress_is_heard_and_cancel_is_quick() -> None:
    # many parcels against one zone with many vertices: the cut takes longer than the limit by far
    parcels = wavy_cells(5, 4000)
    angle = np.linspace(0, 2 * np.pi, 40_000, endpoint=False)
    radius = 380 + 15 * np.sin(angle * 300)
    zone = Polygon(np.c_[500_500 + radius * np.cos(angle), 2_490_500 + radius * np.sin(angle)])
    progress = StopsAt(0.45)
    with pytest.raises(JobCancelled):
        balanced_overlay(parcels, shapes(zone), progress=progress)
    assert time.perf_counter() - progress.asked < 0.3
    assert progress.longest < 0.3
