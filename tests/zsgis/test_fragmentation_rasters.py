"""Landscape metrics of raster files: against FRAGSTATS' file and pylandstats, and what is refused."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from rasterio import Affine

from layers.errors import CrsError, InputError
from layers.formats.raster_classes import laid_on_cells
from layers.progress import NoProgress
from layers.store import Project
from tests.zsgis.stock_samples import at, project_with
from tests.zsgis.test_landscape_metrics import GRID
from zsgis.analysis.landscape.grid import class_grid
from zsgis.analysis.landscape.patches import find_patches
from zsgis.analysis.landscape.summaries import summarise
from zsgis.result import Result
from zsgis.run import run_capability

UPRIGHT = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 2_490_000.0)


def raster(
    path: Path, cells: Any, *, crs: str | None = "EPSG:4547", transform: Affine = UPRIGHT, **profile: Any
) -> Path:
    array = np.asarray(cells)
    array = array.astype(np.uint8) if array.dtype == np.int64 else array
    bands = array if array.ndim == 3 else array[None]
    options = {"driver": "GTiff", "crs": crs, "transform": transform, "dtype": bands.dtype, **profile}
    with rasterio.open(
        path, "w", height=bands.shape[1], width=bands.shape[2], count=len(bands), **options
    ) as file:
        file.write(bands)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p.gpkg", 4547)


def run(project: Project, file: Path, **parameters: Any) -> Result:
    return run_capability(project, "fragmentation", {"raster": str(file), **parameters})


def by_class(result: Result) -> dict[str, dict[str, Any]]:
    return {str(row.values["class"]): dict(row.values) for row in result.table("classes").rows}


def landscape(result: Result) -> dict[str, Any]:
    return {str(row.values["metric"]): row.values["value"] for row in result.table("landscape").rows}


def test_a_file_gives_tables_of_landscape_classes_and_patches(project: Project, tmp_path: Path) -> None:
    result = run(project, raster(tmp_path / "grid.tif", GRID))
    classes = by_class(result)
    # section 11c's figures of this grid, printed with four digits
    assert [classes["1"][k] for k in ("NP", "PD", "LPI", "AREA_MN", "ED")] == [
        4,
        1111.1111,
        11.1111,
        0.03,
        583.3333,
    ]
    assert [classes["2"][k] for k in ("COHESION", "AI", "SHAPE_AM", "SHAPE_SQ_AM")] == [
        95.5051,
        76.3158,
        1.9,
        1.9392,
    ]
    assert classes["2"]["ENN_MN"] is None
    assert landscape(result)["NP"] == 5
    patches = result.table("patches").rows
    assert [row.values["AREA"] for row in patches] == [0.24, 0.04, 0.04, 0.03, 0.01]
    assert result.findings == ()
    (used,) = result.run.inputs
    assert (used.role, used.name, len(used.sha256)) == ("raster", "grid.tif", 64)
    area, count = result.charts
    assert area.series[0].values == (0.12, 0.24)
    assert count.series[0].values == (4, 1)


@pytest.mark.real_data
def test_fragstats_own_file(project: Project, shared_data: Path) -> None:
    result = run(project, shared_data / "fragstats" / "landscape.tif")
    # FRAGSTATS' figures of its file; it states no coordinate system, which is said
    assert landscape(result)["CONTAG"] == 26.4538
    assert by_class(result)["3"]["COHESION"] == 93.4988
    assert [finding.code for finding in result.findings] == ["raster.no_crs"]


def test_the_workbook_names_the_file_and_how_it_was_counted(project: Project, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    from zsgis.reports import write_workbook

    result = run(project, raster(tmp_path / "grid.tif", GRID))
    book = load_workbook(write_workbook(result, tmp_path / "out.xlsx"))
    said = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert "grid.tif" in said
    assert result.run.inputs[0].sha256 in said
    assert "景观格局指数定义" in " ".join(said)


def test_each_zone_is_a_landscape(tmp_path: Path) -> None:
    # cells of 10 m from (500000, 2490000) downwards: the left zone holds columns 0 to 2, the next 3 to 5
    areas = {
        "name": ["左", "右", "外"],
        "geometry": [at(0, -60, 30, 0), at(30, -60, 60, 0), at(900, 900, 950, 950)],
    }
    drawn = {"name": ["1"], "class_code": ["100101"], "geometry": [at(0, 0, 10, 10)]}
    with project_with(tmp_path / "p.gpkg", drawn, areas) as project:
        result = run(project, raster(tmp_path / "grid.tif", GRID), zones="范围")
        plain = run(project, raster(tmp_path / "plain.tif", GRID, crs=None), zones="范围")
    parts = [dict(row.values) for row in result.table("zones").rows]
    for values, cells in zip(parts, (np.array(GRID)[:, :3], np.array(GRID)[:, 3:]), strict=False):
        grid = class_grid(cells, 10.0)
        alone = summarise(grid, find_patches(grid, NoProgress())).landscape
        assert values["NP"] == alone["NP"]
        assert values["CONTAG"] == pytest.approx(alone["CONTAG"], abs=1e-4)
        assert values["ED"] == pytest.approx(alone["ED"], abs=1e-4)
    assert parts[2] == {"zone": "外"}
    assert [row.values["class"] for row in result.table("zone_classes").rows] == ["1", "2", "1", "2"]
    assert [used.role for used in result.run.inputs] == ["raster", "zones"]
    assert all(row.sources for row in result.table("zones").rows)
    # a raster without a system is counted as a whole, and it is said that the zones were not
    assert {finding.code for finding in plain.findings} == {"raster.no_crs", "raster.no_zones"}
    assert "zones" not in {table.key for table in plain.tables}


def test_four_neighbours_part_what_meets_at_a_corner(project: Project, tmp_path: Path) -> None:
    file = raster(tmp_path / "a.tif", [[1, 2], [2, 1]])
    assert landscape(run(project, file))["NP"] == 2
    assert landscape(run(project, file, neighbours=4))["NP"] == 4


def test_cells_without_data_are_left_out(project: Project, tmp_path: Path) -> None:
    file = raster(tmp_path / "a.tif", [[1, 255], [2, 1]], nodata=255)
    assert landscape(run(project, file))["TA"] == 0.03
    floats = np.array([[1.0, np.nan], [2.0, 1.0]], dtype=np.float32)
    assert landscape(run(project, raster(tmp_path / "b.tif", floats)))["TA"] == 0.03


def test_another_band(project: Project, tmp_path: Path) -> None:
    file = raster(tmp_path / "a.tif", np.array([[[1, 1]], [[1, 2]]]))
    assert landscape(run(project, file))["PR"] == 1
    assert landscape(run(project, file, band=2))["PR"] == 2
    with pytest.raises(InputError, match="第 3 波段"):
        run(project, file, band=3)


def test_a_turned_raster_counts_as_it_lies(project: Project, tmp_path: Path) -> None:
    turned = UPRIGHT @ Affine.rotation(30)
    straight = run(project, raster(tmp_path / "a.tif", GRID))
    other = run(project, raster(tmp_path / "b.tif", GRID, transform=turned))
    assert landscape(straight) == landscape(other)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"transform": Affine(10.0, 0, 0, 0, -20.0, 0)}, InputError, "不是正方形"),
        ({"transform": Affine(10.0, 5.0, 0, 0, -10.0, 0)}, InputError, "不是正方形"),
        ({"crs": "EPSG:4490", "transform": Affine(1e-4, 0, 113.3, 0, -1e-4, 22.5)}, CrsError, "投影"),
        ({"crs": "EPSG:3857"}, CrsError, "3857|Mercator|墨卡托"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    project: Project, tmp_path: Path, options: dict[str, Any], error: type[InputError], said: str
) -> None:
    with pytest.raises(error, match=said) as caught:
        run(project, raster(tmp_path / "odd.tif", GRID, **options))
    assert "odd.tif" in str(caught.value)


def test_what_is_no_raster_of_classes_is_refused(project: Project, tmp_path: Path) -> None:
    heights = np.linspace(0.1, 99.9, 36, dtype=np.float32).reshape(6, 6)
    with pytest.raises(InputError, match="不是分类栅格"):
        run(project, raster(tmp_path / "dem.tif", heights))
    (tmp_path / "no.tif").write_text("no raster", encoding="utf-8")
    with pytest.raises(InputError, match=r"no\.tif"):
        run(project, tmp_path / "no.tif")
    with pytest.raises(InputError, match=r"gone\.tif"):
        run(project, tmp_path / "gone.tif")


def test_shapes_are_laid_onto_cells_by_their_centres() -> None:
    shapes = np.array([shapely.box(0, 0, 24, 10), shapely.box(26, 0, 40, 14), None], dtype=object)
    cells = laid_on_cells(shapes, np.array([1, 2, 3], dtype=np.int32), (0.0, 0.0, 40.0, 20.0), 10.0)
    # centres of the lower row: 5, 15, 25 (in the gap between the shapes), 35
    assert cells.tolist() == [[0, 0, 0, 0], [1, 1, 0, 2]]
    with pytest.raises(InputError, match="像元"):
        laid_on_cells(shapes, np.array([1, 2, 3], dtype=np.int32), (0.0, 0.0, 4e4, 4e4), 0.5)


def test_cells_of_drawn_land_agree_with_its_outlines(tmp_path: Path) -> None:
    # on cells that the parcels fill exactly, areas, counts and the mesh are those of the outlines
    shapes = [at(0, 0, 100, 100), at(100, 0, 150, 100), at(300, 0, 340, 100)]
    drawn = {"name": ["1", "2", "3"], "class_code": ["100101", "100101", "0101"], "geometry": shapes}
    with project_with(tmp_path / "p.gpkg", drawn) as project:
        asked = {"zones": "-", "basis": "planar", "metrics": True, "cell_m": 10.0}
        result = run_capability(project, "fragmentation", asked)
    (row,) = result.table("metrics").rows
    assert row.values["NP"] == row.values["cells_NP"] == 1
    # 15 x 10 cells: like pairs 14 x 10 + 15 x 9 = 275; n = 12, m = 6: 2 x 12 x 11 + 2 x 6 - 1 = 275
    assert row.values["cells_AI"] == 100.0


PYLANDSTATS = {
    "number_of_patches": "NP",
    "patch_density": "PD",
    "largest_patch_index": "LPI",
    "total_edge": "TE",
    "edge_density": "ED",
    "landscape_shape_index": "LSI",
    "effective_mesh_size": "MESH",
    "area_mn": "AREA_MN",
    "area_am": "AREA_AM",
    "area_md": "AREA_MD",
    "area_sd": "AREA_SD",
    "area_cv": "AREA_CV",
    "shape_index_mn": "SHAPE_MN",
    "shape_index_am": "SHAPE_AM",
    "perimeter_area_ratio_mn": "PARA_MN",
    "fractal_dimension_mn": "FRAC_MN",
    "total_core_area": "TCA",
    "number_of_disjunct_core_areas": "NDCA",
    "core_area_mn": "CORE_MN",
    "core_area_index_mn": "CAI_MN",
    "euclidean_nearest_neighbor_mn": "ENN_MN",
}


# what takes pylandstats long on many patches is held against it on the small grid only
_QUICK = {
    name: metric
    for name, metric in PYLANDSTATS.items()
    if metric in ("NP", "TE", "LSI", "MESH", "AREA_MN", "SHAPE_AM", "FRAC_MN")
}


def pylandstats_classes(cells: np.ndarray, cell_m: float, metrics: dict[str, str]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pylandstats' own making
        import pylandstats

        landscape = pylandstats.Landscape(cells.astype(np.uint8), res=(cell_m, cell_m), nodata=0)
        return landscape.compute_class_metrics_df(metrics=list(metrics))


def hold_against_pylandstats(cells: np.ndarray, cell_m: float, metrics: dict[str, str]) -> Any:
    grid = class_grid(cells, cell_m, known=cells > 0)
    ours = summarise(grid, find_patches(grid, NoProgress()))
    theirs = pylandstats_classes(cells, cell_m, metrics)
    for value, found in zip(grid.values, ours.classes, strict=True):
        for name, metric in metrics.items():
            expected = theirs.loc[value, name]
            assert found[metric] == pytest.approx(expected, rel=1e-9, nan_ok=True), (value, metric)
    return ours


@pytest.mark.real_data
def test_a_real_city_on_cells_of_30_m_beside_pylandstats_and_its_outlines(shared_data: Path) -> None:
    import geopandas

    land = geopandas.read_file(shared_data / "xinwu" / "xinwu_land_use.gpkg")
    shapes = np.array(land.geometry.array, dtype=object)
    values = (land["Class"].to_numpy() + 1).astype(np.int32)
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    cells = laid_on_cells(shapes, values, (west, south, east, north), 30.0)
    ours = hold_against_pylandstats(cells, 30.0, _QUICK)
    # the outlines' area, to what a rim of cells can tell: half a cell along a perimeter, at random
    area_ha = float(shapely.area(shapes).sum()) / 1e4
    assert ours.landscape["TA"] == pytest.approx(area_ha, rel=2e-3)


def test_every_metric_both_have_is_that_of_pylandstats() -> None:
    rng = np.random.default_rng(11)
    blocks = rng.integers(1, 4, size=(8, 10))
    cells = np.kron(blocks, np.ones((3, 3), dtype=np.int64))
    hold_against_pylandstats(cells, 10.0, PYLANDSTATS)


def test_where_pylandstats_differs_ours_is_fragstats() -> None:
    # 1 m cells: a patch of one cell has ln 1 / ln 1, which FRAGSTATS prints as 1 and pylandstats leaves out
    cells = np.array([[1, 1, 2, 2, 1], [1, 2, 2, 2, 2]])
    grid = class_grid(cells, 1.0)
    ours = summarise(grid, find_patches(grid, NoProgress())).classes[0]["FRAC_MN"]
    # L of 3 cells: 2 ln(0.25 x 8) / ln 3 = 1.26186; with the single cell's 1 the mean is 1.13093
    assert ours == pytest.approx(1.130930, abs=1e-6)
    assert pylandstats_classes(cells, 1.0, PYLANDSTATS).loc[1, "fractal_dimension_mn"] != pytest.approx(
        ours, abs=1e-3
    )
