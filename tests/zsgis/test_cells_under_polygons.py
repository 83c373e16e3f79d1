"""Shares of cells under polygons, means over them and slopes: by hand, and against GEOS and GDAL."""

from __future__ import annotations

import math
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Point, Polygon, box

from layers.errors import CrsError, InputError
from layers.formats.raster import CellWindow
from layers.pictures.raster_model import Affine6
from layers.progress import NoProgress
from zsgis.analysis.rasters.cells import BandCells, RasterSource, SlopeCells
from zsgis.analysis.rasters.means import cell_means, cells_at, centres_inside
from zsgis.analysis.rasters.shares import cell_shares, edges_on_grid

NAN = float("nan")
NORTH_UP: Affine6 = (2.0, 0.0, 100.0, 0.0, -2.0, 300.0)
# turned by 30 degrees, cells of 2 units, and turned over
TURNED: Affine6 = (math.sqrt(3), 1.0, 100.0, -1.0, math.sqrt(3), 280.0)
ROWS, COLUMNS = 9, 12


class Cells:
    """Values in memory."""

    def __init__(
        self, values: NDArray[np.float64], transform: Affine6 = (1.0, 0.0, 0.0, 0.0, -1.0, 0.0)
    ) -> None:
        self.crs = pyproj.CRS(4547)
        self.transform = transform
        self.size = values.shape[0], values.shape[1]
        self._values = values

    def values(self, window: CellWindow) -> NDArray[np.float64]:
        rows = slice(window.row, window.row + window.height)
        return self._values[rows, window.column : window.column + window.width]


def cell_boxes(transform: Affine6) -> NDArray[np.object_]:
    a, b, c, d, e, f = transform
    corners = ((0, 0), (1, 0), (1, 1), (0, 1))
    return np.array(
        [
            [
                Polygon([(a * (k + x) + b * (r + y) + c, d * (k + x) + e * (r + y) + f) for x, y in corners])
                for k in range(COLUMNS)
            ]
            for r in range(ROWS)
        ]
    )


def shares_of(
    shapes: list[Any], transform: Affine6, rows: tuple[int, int] = (0, ROWS)
) -> NDArray[np.float64]:
    """Return the shares as one grid for each polygon, shape (n, rows, columns)."""
    found = cell_shares(edges_on_grid(np.array(shapes, dtype=object), transform), rows, COLUMNS)
    grid = np.zeros((len(shapes), ROWS, COLUMNS))
    np.add.at(grid, (found.polygon, found.row, found.column), found.share)
    runs = zip(found.run_polygon, found.run_row, found.run_first, found.run_end, found.run_share, strict=True)
    for polygon, row, first, end, share in runs:
        grid[polygon, row, first:end] += share
    return grid


def by_geos(shape: Any, transform: Affine6) -> NDArray[np.float64]:
    cells = cell_boxes(transform)
    return shapely.area(shapely.intersection(shapely.make_valid(shape), cells)) / shapely.area(cells)


ZOO = {
    "within one cell": box(103.1, 290.2, 103.3, 290.9),
    "on the lines of the grid": box(104, 290, 112, 296),
    "beyond all sides": box(90, 270, 140, 310),
    "beyond the left": box(90, 285.5, 105.3, 291),
    "beyond the right": box(118.5, 285.5, 150, 291),
    "beside the grid": box(200, 285, 210, 290),
    "with a hole": Point(110, 291).buffer(7).difference(Point(111, 290).buffer(2.3)),
    "a hole on the grid's lines": box(102, 284, 118, 298).difference(box(106, 288, 112, 294)),
    "two parts": MultiPolygon([box(101, 283, 104.5, 289), box(110.2, 292, 117, 299.9)]),
    "crossing itself": Polygon([(101, 283), (117, 298), (117, 283), (101, 298)]),
    "touching itself": Polygon([(104, 284), (108, 292), (112, 284), (112, 298), (108, 292), (104, 298)]),
    "a sliver": Polygon([(101, 290.0001), (122, 290.0002), (122, 290.0003)]),
}


@pytest.mark.parametrize("transform", [NORTH_UP, TURNED], ids=["north up", "turned"])
@pytest.mark.parametrize("name", ZOO)
def test_shares_are_those_of_geos(name: str, transform: Affine6) -> None:
    found = shares_of([ZOO[name]], transform)[0]
    assert found == pytest.approx(by_geos(ZOO[name], transform), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.floats(98, 126), st.floats(280, 302)),
    st.floats(0.05, 12.0),
    st.integers(3, 40),
    st.floats(0.0, 6.2),
    st.sampled_from([NORTH_UP, TURNED]),
)
def test_shares_of_stars_are_those_of_geos(
    middle: tuple[float, float], radius: float, corners: int, turn: float, transform: Affine6
) -> None:
    around = [turn + 2 * math.pi * number / corners for number in range(corners)]
    shape = Polygon(
        [
            (
                middle[0] + radius * (1 if number % 2 else 0.4) * math.cos(angle),
                middle[1] + radius * (1 if number % 2 else 0.4) * math.sin(angle),
            )
            for number, angle in enumerate(around)
        ]
    )
    assert shares_of([shape], transform)[0] == pytest.approx(by_geos(shape, transform), abs=1e-9)


def test_rows_by_themselves_give_what_all_rows_give() -> None:
    shape = ZOO["with a hole"]
    parts = sum(shares_of([shape], NORTH_UP, (first, first + 3)) for first in (0, 3, 6))
    assert parts == pytest.approx(shares_of([shape], NORTH_UP))


def test_what_is_no_polygon_covers_nothing() -> None:
    shapes = [None, Polygon(), LineString([(100, 290), (120, 290)]), Point(110, 290)]
    assert not shares_of(shapes, NORTH_UP).any()


def test_a_mean_weighs_each_cell_by_what_is_covered() -> None:
    # cells of 1 m, rows downwards: 10 20 / 30 none
    cells = Cells(np.array([[10.0, 20.0], [30.0, NAN]]))
    shapes = [
        box(0.5, -1.0, 2.0, 0.0),  # half of 10, all of 20: (5 + 20) / 1.5
        box(0.0, -2.0, 2.0, 0.0),  # 10, 20, 30 and a cell without a value: 60 / 3, three quarters known
        box(1.0, -2.0, 2.0, -1.0),  # no value at all
        box(1.5, -0.5, 3.5, 0.0),  # a quarter of 20, the rest beside the raster
        None,
        box(5.0, 5.0, 6.0, 6.0),
    ]
    found = cell_means(np.array(shapes, dtype=object), cells, NoProgress())
    assert found.mean[[0, 1, 3]].tolist() == pytest.approx([25 / 1.5, 20.0, 20.0])
    assert found.known[[0, 1, 2, 3, 5]].tolist() == pytest.approx([1.0, 0.75, 0.0, 0.25, 0.0])
    assert np.isnan(found.mean[[2, 4, 5]]).all()
    assert math.isnan(found.known[4])


def test_means_over_many_polygons_are_those_of_geos_in_any_order() -> None:
    rng = np.random.default_rng(7)
    values = rng.normal(50, 20, (ROWS, COLUMNS))
    values[rng.random(values.shape) < 0.2] = NAN
    middles = rng.uniform((100, 282), (124, 300), (200, 2))
    shapes = np.array(
        [Point(x, y).buffer(r) for (x, y), r in zip(middles, rng.uniform(0.1, 6, 200), strict=True)]
    )
    found = cell_means(shapes, Cells(values, NORTH_UP), NoProgress())
    for shape, mean in zip(shapes, found.mean, strict=True):
        weights = by_geos(shape, NORTH_UP) * ~np.isnan(values)
        expected = (weights * np.nan_to_num(values)).sum() / weights.sum() if weights.sum() > 1e-12 else NAN
        assert mean == pytest.approx(expected, nan_ok=True)
    order = rng.permutation(200)
    again = cell_means(shapes[order], Cells(values, NORTH_UP), NoProgress())
    assert again.mean == pytest.approx(found.mean[order], nan_ok=True)


def test_a_point_takes_the_cell_it_lies_in() -> None:
    cells = Cells(np.array([[10.0, 20.0], [30.0, NAN]]))
    x = np.array([0.1, 1.9, 0.5, 1.5, -0.1, 0.5])
    y = np.array([-0.1, -0.9, -1.5, -1.5, -0.5, 0.1])
    found = cells_at(x, y, cells, NoProgress())
    assert found[:3].tolist() == [10.0, 20.0, 30.0]
    assert np.isnan(found[3:]).all()


def heights_file(
    path: Path,
    heights: NDArray[Any],
    crs: int | None = 4547,
    transform: Any = None,
    unit: str = "",
    nodata: float | None = -9999.0,
) -> RasterSource:
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=heights.shape[0],
        width=heights.shape[1],
        count=1,
        dtype=heights.dtype,
        crs=None if crs is None else pyproj.CRS(crs).to_wkt(),
        transform=transform or rasterio.Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 2_490_000.0),
        nodata=nodata,
    ) as out:
        out.write(heights, 1)
        if unit:
            out.set_band_unit(1, unit)
    return RasterSource(path, path.name)


def slopes(source: RasterSource, unit: Any, height_unit: Any = "m") -> NDArray[np.float64]:
    band = BandCells(source, 1)
    try:
        cells = SlopeCells(band, unit, height_unit, str(source.path))
        return cells.values(CellWindow(0, 0, cells.size[1], cells.size[0]))
    finally:
        band.close()


def test_a_plane_has_one_slope_in_degrees_and_in_per_cent(tmp_path: Path) -> None:
    # rises 0.3 m a metre eastwards and 0.4 m southwards: 0.5 m a metre, 50 %, atan 0.5 = 26.565 degrees
    row, column = np.mgrid[0:6, 0:7]
    source = heights_file(tmp_path / "plane.tif", (3.0 * column + 4.0 * row).astype(np.float32))
    percent, degrees = slopes(source, "percent"), slopes(source, "deg")
    assert percent[1:-1, 1:-1] == pytest.approx(50.0, abs=1e-3)
    assert degrees[1:-1, 1:-1] == pytest.approx(26.565051, abs=1e-3)
    assert np.isnan(percent[0]).all()
    assert np.isnan(percent[:, -1]).all()


def test_horn_weighs_the_nearer_neighbours_twice(tmp_path: Path) -> None:
    # 1 2 9 / 4 5 6 / 3 8 7, cells of 10 m:
    # east (9 + 12 + 7) - (1 + 8 + 3) = 16, a column 16 / 8 = 2; south (3 + 16 + 7) - (1 + 4 + 9) = 12: 1.5
    # sqrt(2^2 + 1.5^2) = 2.5 m in 10 m: 25 %
    source = heights_file(tmp_path / "h.tif", np.array([[1, 2, 9], [4, 5, 6], [3, 8, 7]], dtype=np.float32))
    assert slopes(source, "percent")[1, 1] == pytest.approx(25.0)


def test_heights_in_centimetres_are_a_hundredth(tmp_path: Path) -> None:
    row, column = np.mgrid[0:4, 0:4]
    heights = (300.0 * column + 0.0 * row).astype(np.float32)
    source = heights_file(tmp_path / "cm.tif", heights, unit="cm")
    assert slopes(source, "percent", "cm")[1, 1] == pytest.approx(30.0)
    with pytest.raises(InputError, match="单位为 cm"):
        slopes(source, "percent", "m")


@pytest.mark.skipif(shutil.which("gdaldem") is None, reason="GDAL's programs are not installed")
@pytest.mark.parametrize(("unit", "options"), [("deg", ()), ("percent", ("-p",))])
def test_slopes_are_those_of_gdaldem_with_its_gaps(
    tmp_path: Path, unit: str, options: tuple[str, ...]
) -> None:
    rng = np.random.default_rng(3)
    heights = rng.normal(100, 30, (60, 45)).cumsum(axis=0).astype(np.float32)
    heights[10:13, 20:22] = -9999.0
    source = heights_file(tmp_path / "dem.tif", heights)
    out = tmp_path / "slope.tif"
    subprocess.run(["gdaldem", "slope", *options, source.path, out], check=True, capture_output=True)
    with rasterio.open(out) as theirs:
        expected = np.where(theirs.read(1) == theirs.nodata, NAN, theirs.read(1).astype(float))
    assert np.isnan(expected).sum() > 200
    assert slopes(source, unit) == pytest.approx(expected, rel=1e-5, nan_ok=True)


def test_a_model_in_degrees_is_measured_in_metres_on_the_ellipsoid(tmp_path: Path) -> None:
    # 1 m higher each cell of 0.001 degrees northwards, at 22.5 degrees north
    row, _column = np.mgrid[0:5, 0:5]
    north = rasterio.Affine(0.001, 0.0, 113.0, 0.0, -0.001, 22.5025)
    source = heights_file(tmp_path / "g.tif", (4.0 - row).astype(np.float64), 4490, north)
    _there, _back, metres = pyproj.Geod(ellps="GRS80").inv(113.0, 22.4995, 113.0, 22.5005)
    assert slopes(source, "percent")[2, 2] == pytest.approx(100.0 / metres, rel=1e-6)
    # and eastwards, where a degree is shorter
    source = heights_file(tmp_path / "e.tif", (4.0 - row).T.astype(np.float64).copy(), 4490, north)
    _there, _back, metres = pyproj.Geod(ellps="GRS80").inv(112.9995, 22.5, 113.0005, 22.5)
    assert slopes(source, "percent")[2, 2] == pytest.approx(100.0 / metres, rel=1e-6)


def test_lengths_that_cannot_be_measured_are_refused(tmp_path: Path) -> None:
    heights = np.zeros((4, 4), dtype=np.float32)
    with pytest.raises(CrsError):
        slopes(heights_file(tmp_path / "web.tif", heights, 3857), "deg")
    with pytest.raises(CrsError, match="坐标系"):
        slopes(heights_file(tmp_path / "none.tif", heights, None), "deg")
    with pytest.raises(InputError, match="2"):
        BandCells(heights_file(tmp_path / "one.tif", heights), 2)


def test_a_value_that_the_project_calls_empty_holds_nothing(tmp_path: Path) -> None:
    source = heights_file(tmp_path / "v.tif", np.array([[1.0, 7.0]], dtype=np.float32), nodata=None)
    band = BandCells(RasterSource(source.path, "v", nodata=7.0), 1)
    try:
        found = band.values(CellWindow(0, 0, 2, 1))
    finally:
        band.close()
    assert found[0, 0] == 1.0
    assert math.isnan(found[0, 1])


def test_the_cells_whose_centres_lie_in_polygons_are_those_of_geos() -> None:
    rng = np.random.default_rng(11)
    middles = rng.uniform((98, 280), (126, 302), (40, 2))
    shapes = np.array(
        [Point(x, y).buffer(r) for (x, y), r in zip(middles, rng.uniform(0.3, 3, 40), strict=True)]
    )
    shapes[0] = ZOO["with a hole"]
    shapes[1] = None
    for transform in (NORTH_UP, TURNED):
        found = centres_inside(shapes, transform, (ROWS, COLUMNS), NoProgress())
        centres = shapely.centroid(cell_boxes(transform))
        expected = np.array([[bool(shapely.covers(shapes, one).any()) for one in row] for row in centres])
        assert 20 < expected.sum() < ROWS * COLUMNS
        assert found.tolist() == expected.tolist()
