"""Features with few enough vertices to be painted within a frame still look like themselves."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from drawing_samples import areas, lines, picture, points

from ui.painting import MapView
from ui.painting.thinning import thinned

VIEW = MapView(50, 50, 1.0, 200, 200)


def wavy(vertices: int, radius: float = 80.0, depth: float = 2.0) -> shapely.Polygon:
    angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    reach = radius + depth * np.sin(angles * vertices / 40)
    return shapely.Polygon(np.column_stack([50 + reach * np.cos(angles), 50 + reach * np.sin(angles)]))


@pytest.mark.parametrize("vertices", [3_000, 100_000])
def test_a_large_polygon_is_simplified_to_what_is_seen(vertices: int):
    hole = shapely.Point(50, 50).buffer(30, quad_segs=200)
    layer = areas(shapely.difference(wavy(vertices), hole))
    found = thinned(layer, VIEW)
    assert 50 < len(found.coords) <= 2_000
    unlike = np.abs(picture(found, view=VIEW) - picture(layer, view=VIEW)).max(axis=2) > 128
    # nothing but the wave at the edge, two pixels deep and not to be told from pixel to pixel
    assert unlike.mean() < 0.03
    assert picture(found, view=VIEW)[100, 100].tolist() == [255, 255, 255]
    assert picture(found, view=VIEW)[100, 40].tolist() == [255, 0, 0]


def test_what_is_small_stays_as_it_is():
    layer = areas(shapely.box(10, 10, 40, 40), shapely.box(60, 60, 90, 90))
    found = thinned(layer, VIEW)
    assert sorted(found.uids) == sorted(layer.uids)
    assert (picture(found, view=VIEW) == picture(layer, view=VIEW)).all()


def test_of_a_shape_seen_from_near_only_what_is_near_is_kept():
    near = MapView(130, 50, 0.01, 200, 200)
    found = thinned(areas(wavy(100_000)), near)
    assert 4 <= len(found.coords) <= 2_000
    assert found.coords[:, 0].min() > 85


def test_a_long_line_is_cut_to_runs():
    x = np.linspace(-20_000, 20_000, 50_000)
    layer = lines(shapely.LineString(np.column_stack([x, 50 + 20 * np.sin(x / 30)])))
    found = thinned(layer, VIEW)
    assert 50 < len(found.coords) <= 2_000
    assert len(found) == 1


def test_too_many_features_are_left_to_the_processes():
    cells = [shapely.box(x, y, x + 0.5, y + 0.5) for x in range(40) for y in range(40)]
    assert len(thinned(areas(*cells), VIEW)) == 0
    assert len(thinned(points(*[cell.centroid for cell in cells]), VIEW)) == 1_600
    assert len(thinned(points(*[cell.centroid for cell in cells]), VIEW, most=1_000)) == 0
