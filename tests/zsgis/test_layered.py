"""Features cut by several layers: balance, who covers what, overlaps told, order of rows without effect."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.area import ellipsoidal_area_m2
from layers.errors import GeometryError
from layers.kind import AreaBasis
from layers.progress import NoProgress
from tests.zsgis.stock_samples import at
from zsgis.analysis.layered import NOBODY, Layered, cut_by_layers
from zsgis.analysis.zoned import Measuring
from zsgis.overlay import SliverPolicy

CRS = pyproj.CRS(4547)


@dataclass(frozen=True)
class Sample:
    """Features of a layer that is in memory alone."""

    layer_name: str
    names: tuple[str, ...]
    geometry: Any
    layer_uid: str = "L"
    uids: tuple[str, ...] = ()
    crs: pyproj.CRS = field(default=CRS)


def sample(name: str, **shapes: Any) -> Sample:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = list(shapes.values())
    return Sample(name, tuple(shapes), geometry, uids=tuple(shapes))


def how(basis: AreaBasis = AreaBasis.PLANAR) -> Measuring:
    return Measuring(basis, CRS, 0.0, np.inf, SliverPolicy.KEEP)


def told(layered: Layered) -> dict[tuple[int, ...], int]:
    """Return the cents by feature and members."""
    out: dict[tuple[int, ...], int] = {}
    for feature, member, cents in zip(layered.feature, layered.member, layered.cents, strict=True):
        key = (int(feature), *map(int, member))
        out[key] = out.get(key, 0) + int(cents)
    return out


def test_each_piece_knows_who_covers_it_in_every_layer_and_all_add_up() -> None:
    base = sample("土规", a=at(0, 0, 30, 10))
    first = sample("控规", p=at(0, 0, 10, 10), q=at(10, 0, 20, 10))
    second = sample("国空", x=at(5, 0, 30, 5))
    # x from 0 to 5: p alone 50; 5 to 10: p and x 25, p alone 25; 10 to 20: q and x 50, q alone 50;
    # 20 to 30: x alone 50, nobody 50
    assert told(cut_by_layers(base, [first, second], how(), NoProgress())) == {
        (0, 0, NOBODY): 7500, (0, 0, 0): 2500, (0, 1, 0): 5000, (0, 1, NOBODY): 5000,
        (0, NOBODY, 0): 5000, (0, NOBODY, NOBODY): 5000,
    }  # fmt: skip


def test_land_under_two_features_of_a_layer_counts_once_to_the_older_and_is_told() -> None:
    base = sample("土规", a=at(0, 0, 30, 10))
    twice = sample("控规", b=at(0, 0, 20, 10), a=at(10, 0, 30, 10))
    layered = cut_by_layers(base, [twice], how(), NoProgress())
    # uid a is the smaller, so the older: it keeps 10 to 30
    assert told(layered) == {(0, 0): 10_000, (0, 1): 20_000}
    (finding,) = layered.findings
    assert finding.code == "layered.overlap"
    assert "a与b" in finding.text or "a 与 b" in finding.text
    assert "100.00" in finding.text
    assert finding.sources == {"L": ("a", "b")}


def test_pieces_on_the_ellipsoid_add_up_to_the_feature_measured_whole() -> None:
    base = sample("土规", a=at(0, 0, 400, 300), b=at(400, 0, 500, 300))
    layer = sample("控规", p=at(100, 50, 333.3, 250.1), q=at(380, 0, 450, 300))
    layered = cut_by_layers(base, [layer], how(AreaBasis.ELLIPSOIDAL), NoProgress())
    whole = np.round(100 * ellipsoidal_area_m2(base.geometry, CRS)).astype(np.int64)
    assert layered.control_cents.tolist() == whole.tolist()
    assert np.bincount(layered.feature, weights=layered.cents).astype(np.int64).tolist() == whole.tolist()


def test_a_feature_without_area_covers_nothing_and_is_no_piece() -> None:
    base = sample("土规", a=at(0, 0, 10, 10), none=None)
    layered = cut_by_layers(base, [sample("控规", p=None)], how(), NoProgress())
    assert told(layered) == {(0, NOBODY): 10_000}
    assert layered.control_cents.tolist() == [10_000, 0]


def test_a_line_among_the_shapes_is_refused_by_name() -> None:
    layer = sample("控规", road=shapely.LineString([(500_000, 2_490_000), (500_010, 2_490_010)]))
    with pytest.raises(GeometryError) as refused:
        cut_by_layers(sample("土规", a=at(0, 0, 10, 10)), [layer], how(), NoProgress())
    assert "控规: road" in str(refused.value.where)


def test_no_layer_leaves_every_feature_as_one_piece() -> None:
    layered = cut_by_layers(sample("土规", a=at(0, 0, 10, 10)), [], how(), NoProgress())
    assert layered.member.shape == (1, 0)
    assert layered.cents.tolist() == [10_000]


boxes = st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(1, 25)] * 2)


@given(
    st.lists(boxes, min_size=1, max_size=5), st.lists(boxes, max_size=6), st.randoms(use_true_random=False)
)
def test_the_order_of_rows_makes_no_difference_and_cents_balance(
    base: Any, cutters: Any, chance: Any
) -> None:
    def shapes(drawn: Any, name: str) -> dict[str, Any]:
        return {f"{name}{i}": at(x, y, x + w, y + h) for i, (x, y, w, h) in enumerate(drawn)}

    def by_name(one: Sample, two: Sample) -> dict[tuple[str, str], int]:
        layered = cut_by_layers(one, [two], how(), NoProgress())
        assert (np.bincount(layered.feature, layered.cents, len(one.uids)) == layered.control_cents).all()
        names = (*two.uids, "nobody")
        return {(one.uids[f], names[m]): cents for (f, m), cents in told(layered).items()}

    left, right = shapes(base, "b"), shapes(cutters, "c")
    mixed = [dict(chance.sample(list(side.items()), len(side))) for side in (left, right)]
    assert by_name(sample("一", **left), sample("二", **right)) == by_name(
        sample("一", **mixed[0]), sample("二", **mixed[1])
    )
