"""Groups of parcels against slow ways of our own, and under noise, order and translation."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from contiguity_samples import slow_bridge, slow_groups
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.progress import NoProgress
from zsgis.analysis.contiguity.bridges import BridgeGround, BridgeRule, bridged
from zsgis.analysis.contiguity.groups import group, link
from zsgis.analysis.contiguity.model import Terms
from zsgis.analysis.contiguity.near import components, near_pairs

EAST, NORTH = 500_000.0, 2_490_000.0
boxes = st.builds(
    lambda x, y, w, h: shapely.box(x, y, x + w, y + h),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(1, 12),
    st.integers(1, 12),
)


def array(shapes: list[Any]) -> Any:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def partitioned(label: Any) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(label == number).tolist()) for number in np.unique(label)}


def terms(gap_m: float = 0.1, width_m: float = 8.0) -> Terms:
    return Terms(gap_m, BridgeRule(width_m, gap_m), 0, 0.0, 0.0, 10)


def grouped(parcels: Any, roads: Any, asked: Terms) -> set[frozenset[int]]:
    ground = BridgeGround(roads) if len(roads) else None
    links = link(parcels, ground, asked, NoProgress())
    cents = np.rint(100 * np.nan_to_num(shapely.area(parcels))).astype(np.int64)
    uids = tuple(f"{number:05d}" for number in range(len(parcels)))
    return partitioned(group(parcels, uids, cents, links, asked).label)


@settings(max_examples=60)
@given(st.lists(boxes, min_size=1, max_size=25), st.sampled_from([0.0, 1.0, 2.5]))
def test_groups_are_those_of_every_pair_measured(shapes: list[Any], gap_m: float) -> None:
    parcels = array(shapes)
    left, right = near_pairs(parcels, gap_m, NoProgress())
    assert (left < right).all()
    assert partitioned(components(len(shapes), left, right)) == slow_groups(shapes, gap_m)


@settings(max_examples=40)
@given(
    st.integers(2, 30),
    st.integers(1, 24),
    st.integers(-10, 40),
    st.lists(boxes, max_size=3),
    st.integers(3, 14),
)
def test_bridges_are_those_of_every_circle_tried(
    length: int, width: int, shift: int, obstacles: list[Any], limit: int
) -> None:
    # a road of some width with a parcel on both sides, shifted along it, and obstacles that stand in it
    one = shapely.box(0, -10, length, 0)
    other = shapely.box(shift, width, shift + 20, width + 10)
    road = shapely.difference(shapely.box(-20, 0, 80, width), shapely.union_all(array([*obstacles])))
    if road.is_empty or one.distance(other) <= 0.5:
        return
    rule = BridgeRule(limit + 0.1, 0.5)  # a hair over whole metres: no circle is decided by rounding
    parcels = array([one, other])
    found = bridged(parcels, np.array([0]), np.array([1]), BridgeGround(array([road])), rule, NoProgress())
    if found[0]:
        wider = slow_bridge(one, other, [road.buffer(0.02)], limit + 0.1, 0.5)
        assert wider
    else:
        # what is not found is at most a crossing narrower than the step at which edges are tried
        narrowed = road.buffer(-1.0, join_style="mitre").buffer(0.9, join_style="mitre")
        assert not slow_bridge(one, other, [narrowed], limit - 0.2, 0.5)


def blocks(seed: int, road_m: float) -> tuple[Any, Any]:
    """Return two blocks of parcels that share every vertex, with a road between, and the road."""
    rng = np.random.default_rng(seed)
    xs = EAST + np.concatenate([[0.0], np.cumsum(rng.uniform(15, 40, 5))])
    south = NORTH + np.concatenate([[0.0], np.cumsum(rng.uniform(15, 40, 3))])
    north = south[-1] + road_m + np.concatenate([[0.0], np.cumsum(rng.uniform(15, 40, 3))])
    cells = [
        shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1])
        for ys in (south, north)
        for j in range(3)
        for i in range(5)
        if rng.random() < 0.7
    ]
    road = shapely.box(xs[0] - 50, south[-1], xs[-1] + 50, north[0])
    return array(cells), array([road])


def noisy(shapes: Any, seed: int, by_m: float = 0.001) -> Any:
    """Move every vertex of every shape by up to ``by_m``, each for itself."""
    rng = np.random.default_rng(seed)

    def move(xy: Any) -> Any:
        return xy + rng.uniform(-by_m, by_m, xy.shape)

    out = array([shapely.polygons(_closed(move(shapely.get_coordinates(shape)[:-1]))) for shape in shapes])
    assert shapely.is_valid(out).all()
    return out


def _closed(ring: Any) -> Any:
    return np.concatenate([ring, ring[:1]])


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_groups_hold_under_a_millimetre_of_noise_and_a_road_of_6_m(seed: int, noise: int) -> None:
    parcels, road = blocks(seed, 6.0)
    for asked in (terms(width_m=8.0), terms(width_m=5.0)):
        assert grouped(noisy(parcels, noise), noisy(road, noise), asked) == grouped(parcels, road, asked)
    # over the road of 6 m the groups are those of the blocks without it
    together, nothing = blocks(seed, 0.0)
    assert grouped(noisy(parcels, noise), noisy(road, noise), terms(width_m=8.0)) == grouped(
        together, nothing[:0], terms()
    )


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_groups_know_neither_order_nor_place(seed: int, chance: Any) -> None:
    parcels, road = blocks(seed, 6.0)
    order = list(range(len(parcels)))
    chance.shuffle(order)

    def back(places: frozenset[int]) -> frozenset[int]:
        return frozenset(order[i] for i in places)

    shuffled = {back(places) for places in grouped(parcels[order], road, terms())}
    assert shuffled == grouped(parcels, road, terms())
    away = np.array([12_345.0, -6_789.0])
    moved = grouped(
        shapely.transform(parcels, lambda xy: xy + away),
        shapely.transform(road, lambda xy: xy + away),
        terms(),
    )
    assert moved == grouped(parcels, road, terms())


def test_nothing_in_gives_nothing_out() -> None:
    assert grouped(array([]), array([]), terms()) == set()
    parcels = array([None, shapely.Polygon(), shapely.box(0, 0, 1, 1)])
    assert grouped(parcels, array([]), terms()) == {frozenset({0}), frozenset({1}), frozenset({2})}
