"""Rings of many features are gathered a stretch at a time, and are the same as if gathered at once."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.ui.drawing_samples import VIEW, areas
from ui.painting import rings
from ui.painting.rings import near_rings


def _many():
    around = np.linspace(0, 2 * np.pi, 40)[:-1]
    circle = np.column_stack([np.cos(around), np.sin(around)])
    squares = [shapely.box(x, y, x + 4, y + 4) for x in range(0, 90, 9) for y in range(0, 90, 9)]
    large = shapely.Polygon(50 + 30 * circle, [50 + 10 * circle])
    # smaller than the drawing grid: nothing of it is left
    speck = shapely.box(3.01, 3.01, 3.02, 3.02)
    return areas(*squares[:50], large, speck, *squares[50:])


@pytest.mark.parametrize("vertices_at_once", [1, 7, 60])
def test_stretches_of_any_length_give_the_same_rings(
    vertices_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = _many()
    rows = np.arange(len(layer))[::-1].copy()
    groups = np.arange(len(layer))
    whole = near_rings(layer, rows, VIEW, fewest=4, groups=groups)
    # 100 squares of 5 vertices, two circles of 40; the speck falls on one place
    assert len(whole) == 102
    assert len(whole.xy) == 100 * 5 + 2 * 40
    monkeypatch.setattr(rings, "_VERTICES_AT_ONCE", vertices_at_once)
    found = near_rings(layer, rows, VIEW, fewest=4, groups=groups)
    assert np.array_equal(found.xy, whole.xy)
    assert np.array_equal(found.offsets, whole.offsets)
    assert np.array_equal(found.groups, whole.groups)


def test_no_features_have_no_rings() -> None:
    found = near_rings(_many(), np.empty(0, dtype=np.int64), VIEW, fewest=4)
    assert len(found) == 0
    assert found.xy.shape == (0, 2)
