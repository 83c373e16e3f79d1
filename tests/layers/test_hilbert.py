import geopandas as gpd
import numpy as np
import shapely

from layers.hilbert import hilbert_distances


def test_a_grid_of_all_cells_is_walked_from_cell_to_neighbouring_cell():
    side = 64
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    cells = np.column_stack([x.ravel(), y.ravel()]).astype(float)
    walked = cells[np.argsort(hilbert_distances(cells))]
    assert (np.abs(np.diff(walked, axis=0)).sum(axis=1) == 1).all()


def test_the_order_is_that_of_geopandas():
    points = np.random.default_rng(4).uniform([400_000, 2_480_000], [460_000, 2_560_000], (5_000, 2))
    theirs = gpd.GeoSeries(shapely.points(points)).hilbert_distance().to_numpy()
    ours = np.argsort(hilbert_distances(points), kind="stable")
    assert (ours == np.argsort(theirs, kind="stable")).mean() > 0.99


def test_no_points_one_point_and_points_on_a_line():
    assert len(hilbert_distances(np.empty((0, 2)))) == 0
    assert hilbert_distances(np.array([[5.0, 7.0]])).tolist() == [0]
    line = np.column_stack([np.arange(9.0), np.full(9, 3.0)])
    assert (np.diff(hilbert_distances(line).astype(np.int64)) > 0).all()
