"""Change between two dates against a slow way of our own, and under noise, order and translation."""

from __future__ import annotations

import dataclasses
from typing import Any
from unittest import mock

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.classification import land_class3_rules, standard
from layers.kind import AreaBasis
from layers.progress import NoProgress
from zsgis.analysis.change.classes import FULL, TwoStandards
from zsgis.analysis.change.matrix import matrix_of
from zsgis.analysis.change.model import NOBODY, Changes, Dated, Kind
from zsgis.analysis.change.pieces import changes
from zsgis.analysis.change.unchanged import Alike
from zsgis.analysis.features import Features
from zsgis.analysis.zoned import Measuring
from zsgis.overlay import SliverPolicy

EAST, NORTH = 500_000.0, 2_490_000.0
CODES = ("0101", "1001", "0701", "1704")
seeds = st.integers(0, 100_000)


def dated(shapes: Any, codes: list[str], layer: str) -> Dated:
    names = tuple(f"{layer}{number:03d}" for number in range(len(codes)))
    features = Features(layer, layer, "land_use", names, names, shapes, pyproj.CRS(4547), {})
    return Dated(features, tuple(codes))


def land(seed: int, layer: str, *, away: float = 0.0) -> Dated:
    """Return a field of squares of about 30 m, some missing, with random classes."""
    rng = np.random.default_rng(seed)
    xs = EAST + away + np.concatenate([[0.0], np.cumsum(rng.uniform(20, 40, 4))])
    ys = NORTH - away + np.concatenate([[0.0], np.cumsum(rng.uniform(20, 40, 4))])
    shapes = [
        shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1])
        for i in range(4)
        for j in range(4)
        if rng.random() < 0.9
    ]
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return dated(out, [str(rng.choice(CODES)) for _shape in shapes], layer)


def compared(
    earlier: Dated, later: Dated, *, basis: AreaBasis = AreaBasis.PLANAR, tolerance_m: float = 1.0
) -> Changes:
    of = standard("yd2023")
    two = TwoStandards(of, of, FULL, land_class3_rules())
    how = Measuring(basis, pyproj.CRS(4547), 0.0, 0.0, SliverPolicy.KEEP)
    return changes(earlier, later, two, how, tolerance_m, NoProgress())


def cells(found: Changes) -> dict[tuple[str, str], int]:
    matrix = matrix_of(found)
    before, after = (*matrix.before, "outside", "difference"), (*matrix.after, "outside")
    return {(before[i], after[j]): int(matrix.cents[i, j]) for i, j in np.argwhere(matrix.cents).tolist()}


@settings(max_examples=25)
@given(seeds, seeds, st.sampled_from([AreaBasis.PLANAR, AreaBasis.ELLIPSOIDAL]))
def test_every_cent_of_both_dates_is_accounted_for(one: int, other: int, basis: AreaBasis) -> None:
    found = compared(land(one, "a"), land(other, "b"), basis=basis)
    pieces = found.pieces
    for place, whole, extra in (
        (pieces.earlier, pieces.earlier_cents, 0),
        (pieces.later, pieces.later_cents, pieces.difference_cents),
    ):
        summed = np.zeros(len(whole), dtype=np.int64)
        np.add.at(summed, place[place != NOBODY], pieces.cents[place != NOBODY])
        np.testing.assert_array_equal(summed + extra, whole)
    matrix = matrix_of(found)
    for codes, whole, sums in (
        (found.earlier.codes, pieces.earlier_cents, matrix.cents[:-2].sum(axis=1)),
        (found.later.codes, pieces.later_cents, matrix.cents[:, :-1].sum(axis=0)),
    ):
        names = matrix.before if codes is found.earlier.codes else matrix.after
        for name, total in zip(names, sums.tolist(), strict=True):
            assert total == sum(int(c) for code, c in zip(codes, whole, strict=True) if code == name)
    # squares of 0.01 m2 cut by squares: nothing lies over each other, so what is left is rounding alone
    assert np.abs(pieces.difference_cents).max(initial=0) <= 20


@settings(max_examples=25)
@given(seeds, seeds)
def test_the_matrix_is_that_of_every_pair_cut(one: int, other: int) -> None:
    earlier, later = land(one, "a"), land(other, "b")
    expected: dict[tuple[str, str], float] = {}
    for before, shape in zip(earlier.codes, earlier.features.geometry, strict=True):
        for after, covering in zip(later.codes, later.features.geometry, strict=True):
            area = shape.intersection(covering).area
            expected[before, after] = expected.get((before, after), 0.0) + area
    found = cells(compared(earlier, later))
    for pair, area in expected.items():
        assert found.get(pair, 0) / 100 == pytest.approx(area, abs=0.2)


@settings(max_examples=20)
@given(seeds, seeds, st.randoms(use_true_random=False))
def test_order_and_place_do_not_matter(one: int, other: int, chance: Any) -> None:
    earlier, later = land(one, "a"), land(other, "b")
    found = compared(earlier, later)
    order = list(range(len(later.codes)))
    chance.shuffle(order)
    f = later.features
    shuffled = Dated(
        Features(
            f.layer_uid,
            f.layer_name,
            f.kind,
            tuple(f.uids[i] for i in order),
            tuple(f.names[i] for i in order),
            f.geometry[order],
            f.crs,
            {},
        ),
        tuple(later.codes[i] for i in order),
    )
    again = compared(earlier, shuffled)
    assert cells(again) == cells(found)
    assert again.fates == found.fates
    assert [again.origins[order.index(i)] for i in range(len(order))] == list(found.origins)
    away = compared(land(one, "a", away=1000.0), land(other, "b", away=1000.0))
    assert away.fates == found.fates
    for pair, cents in cells(found).items():
        assert cells(away).get(pair, 0) == pytest.approx(cents, abs=20)


@settings(max_examples=20)
@given(seeds, seeds)
def test_fates_hold_under_a_millimetre_of_noise(one: int, noise: int) -> None:
    earlier = land(one, "a")
    rng = np.random.default_rng(noise)
    # every vertex once, each parcel for itself: the last of a ring is its first
    corners = [shapely.get_coordinates(shape)[:-1] for shape in earlier.features.geometry]
    redrawn = np.array(
        [shapely.Polygon(ring + rng.uniform(-0.001, 0.001, ring.shape)) for ring in corners], dtype=object
    )
    found = compared(earlier, dated(redrawn, list(earlier.codes), "b"))
    assert set(found.fates) == set(found.origins) == {"same"}
    assert set(found.kind.tolist()) <= {Kind.KEPT, Kind.NOISE, Kind.ONLY_EARLIER, Kind.ONLY_LATER}


@pytest.mark.parametrize("basis", [AreaBasis.PLANAR, AreaBasis.ELLIPSOIDAL])
@settings(deadline=None, max_examples=15)
@given(seed=seeds)
def test_what_is_drawn_alike_comes_out_as_if_it_were_cut(basis: AreaBasis, seed: int) -> None:
    rng = np.random.default_rng(seed)
    earlier = land(seed, "a")
    # most parcels stay, some are moved over their neighbours, one lies twice, rings begin elsewhere
    shapes = shapely.normalize(np.array(earlier.features.geometry, dtype=object))
    for place in rng.choice(len(shapes), 3, replace=False).tolist():
        shapes[place] = shapely.transform(shapes[place], lambda xy: np.add(xy, (7.0, 3.0)))
    shapes[int(rng.integers(len(shapes)))] = shapes[0]
    order = rng.permutation(len(shapes))
    later = dated(shapes[order], [str(rng.choice(CODES)) for _shape in shapes], "b")
    quick = compared(earlier, later, basis=basis)
    alike = Alike.of(earlier.features.geometry, later.features.geometry, NoProgress())
    none = np.zeros(0, dtype=np.int64)
    nothing = dataclasses.replace(alike, earlier=none, later=none, covered=none)
    with mock.patch.object(Alike, "of", return_value=nothing):
        slow = compared(earlier, later, basis=basis)
    assert len(alike.earlier)
    assert matrix_of(quick).cents.tolist() == matrix_of(slow).cents.tolist()
    assert (quick.fates, quick.origins) == (slow.fates, slow.origins)
    named = [{(f.code, str(f.sources)) for f in each.pieces.findings} for each in (quick, slow)]
    assert named[0] == named[1]
