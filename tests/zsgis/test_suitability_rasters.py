"""Suitability on rasters: slopes and values of parcels, what is missing, and the score as a raster."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from shapely import Point

from layers.errors import InputError, UsageError
from layers.pictures.adding import raster_facts, raster_picture
from layers.pictures.model import RasterPicture
from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import EAST, NORTH, at
from zsgis.analysis.suitability.rules import suitability_rule
from zsgis.analysis.suitability.steps import step_table
from zsgis.arrangement import Arrangement, settings_of
from zsgis.result import Result
from zsgis.result_layers import write_grid_file
from zsgis.run import run_capability

NAN = float("nan")
HEAD = """
key = "r"
title = "试"
version = "1"
status = "待核实"
source = "试"
"""
SLOPE = """
[[criteria]]
key = "slope"
title = "坡度"
type = "slope"
unit = "deg"
weight = 1
steps = "slope_urban_construction"
"""
VALUE = """
[[criteria]]
key = "flood"
title = "积水深度"
type = "raster"
unit = "m"
weight = 1
curve = [[0, 100], [2, 0]]
"""
NEAR = """
[[limits]]
key = "farmland"
title = "基本农田"
kind = "control_lines"
field = "line_type"
values = ["永久基本农田"]
most_share_pct = 10.0
clause = "不得占用"

[[criteria]]
key = "near"
title = "距载体"
type = "distance"
kind = "carriers"
weight = 2
curve = [[0, 100], [500, 0]]

[[criteria]]
key = "cluster"
title = "载体密度"
type = "density"
kind = "carriers"
radius_m = 120.0
weight = 1
curve = [[0, 0], [30, 100]]

[[criteria]]
key = "inside"
title = "平台内"
type = "inside"
kind = "platforms"
weight = 1
curve = [[0, 0], [100, 100]]

[[criteria]]
key = "use"
title = "规划用途"
type = "class_score"
kind = "territorial_plan"
weight = 1
curve = [[0, 0], [100, 100]]
uncovered = 10
[criteria.scores.yd2023]
"0802" = 100
"10" = 50
"""


def raster(
    path: Path, values: NDArray[Any], cell: float = 10.0, west: float = EAST, north: float = NORTH + 300
) -> Path:
    """Write values on a grid with its north-western corner at ``west``, ``north``."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype="float32",
        crs=pyproj.CRS(4547).to_wkt(),
        transform=rasterio.Affine(cell, 0.0, west, 0.0, -cell, north),
        nodata=-9999.0,
    ) as out:
        out.write(np.where(np.isnan(values), -9999.0, values).astype(np.float32), 1)
    return path


def tilted(rise: float) -> NDArray[np.float64]:
    """Return heights of 40 by 100 cells of 10 m that rise so many metres a metre eastwards."""
    return np.tile(np.arange(100) * 10.0 * rise, (40, 1))


def three_parcels() -> dict[str, dict[str, list[Any]]]:
    return {
        "industrial_parcels": {
            "name": ["甲", "乙", "丙"],
            "class_code": ["1001"] * 3,
            "geometry": [at(300 * i, 0, 300 * i + 100, 100) for i in range(3)],
        }
    }


def project_of(folder: Path, layers: dict[str, dict[str, list[Any]]], rule: str) -> Project:
    (folder / "rule.toml").write_text(HEAD + rule, encoding="utf-8")
    project = Project.create(folder / "p.gpkg", 4547)
    for kind, columns in layers.items():
        frame = geopandas.GeoDataFrame(columns, geometry="geometry", crs=4547)
        standard = "yd2023" if kind == "territorial_plan" else ""
        project.add_layer(NewLayer(name=kind, kind=kind, crs=pyproj.CRS(4547), standard=standard), frame)
    return project


def scored(folder: Path, layers: dict[str, dict[str, list[Any]]], rule: str, **given: Any) -> Result:
    with project_of(folder, layers, rule) as project:
        return run_on(project, folder, **given)


def run_on(project: Project, folder: Path, **given: Any) -> Result:
    asked = {"unit": "m2", "basis": "planar", "zones": "-", "rule": str(folder / "rule.toml"), **given}
    return run_capability(project, "suitability", asked)


def parcels(result: Result) -> dict[str, dict[str, Any]]:
    return {row.values["name"]: dict(row.values) for row in result.table("parcels").rows}


def test_the_slope_of_a_parcel_is_its_mean_and_takes_its_step(tmp_path: Path) -> None:
    # 甲 and 乙 on a plane of 8 %, atan 0.08 = 4.57 degrees, the step above 3 up to 8: 80;
    # from 500 m on it rises 20 %: 丙 has 11.31 degrees, the step up to 15: 60
    heights = tilted(0.08)
    heights[:, 50:] = heights[:, 49:50] + (np.arange(50) + 1) * 2.0
    dem = raster(tmp_path / "dem.tif", heights)
    found = parcels(scored(tmp_path, three_parcels(), SLOPE, dem=str(dem)))
    # the westernmost cells under 甲 have no neighbour and no slope: the rest stands for them
    assert (found["甲"]["slope_value"], found["甲"]["slope_score"]) == (4.57, 80.0)
    assert (found["乙"]["slope_value"], found["乙"]["slope_score"], found["乙"]["score"]) == (
        4.57,
        80.0,
        80.0,
    )
    assert (found["丙"]["slope_value"], found["丙"]["slope_score"]) == (11.31, 60.0)


def test_a_mean_over_two_slopes_weighs_them_by_area(tmp_path: Path) -> None:
    # 乙 reaches from 300 to 400 m. Flat up to 360 m, 10 % beyond: the cell from 350 to 360 has half of it,
    # 5 cells of 0, one of 5, four of 10 per cent: 45 / 10 = 4.5 %
    heights = np.tile(np.maximum(np.arange(100) - 35, 0) * 1.0, (40, 1))
    dem = raster(tmp_path / "dem.tif", heights)
    rule = SLOPE.replace('"deg"', '"percent"').replace("slope_urban_construction", "slope_industrial_site")
    found = parcels(scored(tmp_path, three_parcels(), rule, dem=str(dem)))
    assert (found["乙"]["slope_value"], found["乙"]["slope_score"]) == (4.5, 100.0)
    assert (found["丙"]["slope_value"], found["丙"]["slope_score"]) == (10.0, 100.0)


def test_steps_in_degrees_are_never_taken_for_per_cent(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(HEAD + SLOPE.replace('"deg"', '"percent"'), encoding="utf-8")
    with pytest.raises(InputError, match="度与百分比不得混用"):
        suitability_rule(str(tmp_path / "r.toml"))
    other = SLOPE.replace("slope_urban_construction", "slope_industrial_site")
    (tmp_path / "s.toml").write_text(HEAD + other, encoding="utf-8")
    with pytest.raises(InputError, match="坡度"):
        suitability_rule(str(tmp_path / "s.toml"))
    (tmp_path / "t.toml").write_text(
        HEAD + VALUE.replace("curve = [[0, 100], [2, 0]]", 'steps = "slope_urban_construction"'),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="积水深度"):
        suitability_rule(str(tmp_path / "t.toml"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('unit = "deg"\n', ""), "unit"),
        (('"deg"', '"grad"'), "unit"),
        (("weight = 1", "weight = 1\ncurve = [[0, 100], [9, 0]]"), "either a curve or steps"),
        (('steps = "slope_urban_construction"', ""), "either a curve or steps"),
        (('"slope_urban_construction"', '"nowhere"'), "nowhere"),
    ],
)
def test_a_rule_on_slopes_with_a_fault_is_refused(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    (tmp_path / "r.toml").write_text(HEAD + SLOPE.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        suitability_rule(str(tmp_path / "r.toml"))


def test_the_steps_of_the_guideline_hold_their_upper_ends() -> None:
    table = step_table("slope_urban_construction", None)
    assert (table.quantity, table.unit, table.status) == ("slope", "deg", "现行")
    # the guideline: up to 3, 3 to 8, 8 to 15, 15 to 25, above 25 degrees; five points each worth 20
    values = np.array([0.0, 3.0, 3.001, 8.0, 15.0, 25.0, 25.001, 90.0, NAN])
    assert table.score(values)[:-1].tolist() == [100.0, 100.0, 80.0, 80.0, 60.0, 40.0, 20.0, 20.0]
    assert math.isnan(table.score(values)[-1])


def test_a_bureau_keeps_its_steps_beside_its_rule(tmp_path: Path) -> None:
    own = """
key = "own"
title = "自定"
version = "1"
status = "待核实"
source = "试"
confidence = "试"
quantity = "value"
unit = "m"
[[steps]]
up_to = 0.5
score = 100
label = "浅"
[[steps]]
score = 30
label = "深"
"""
    (tmp_path / "depth.toml").write_text(own, encoding="utf-8")
    rule = VALUE.replace("curve = [[0, 100], [2, 0]]", 'steps = "depth.toml"')
    depth = raster(tmp_path / "depth.tif", np.where(np.arange(100) < 35, 0.25, 1.0) * np.ones((40, 1)))
    result = scored(tmp_path, three_parcels(), rule, rasters=f"flood={depth}")
    found = parcels(result)
    # 乙 lies half on 0.25 and half on 1: 0.625, above 0.5
    assert [found[name]["flood_value"] for name in "甲乙丙"] == [0.25, 0.62, 1.0]
    assert [found[name]["score"] for name in "甲乙丙"] == [100.0, 30.0, 30.0]
    assert any("own" in key and "自定" in words for key, words in result.run.rules.items())


def test_a_parcel_without_cells_has_no_score_and_is_named_and_one_in_part_is_told(tmp_path: Path) -> None:
    depth = np.full((40, 100), 1.0)
    depth[:, :10] = NAN  # all of 甲
    depth[:, 35:] = NAN  # the eastern half of 乙
    file = raster(tmp_path / "depth.tif", depth[:, :60])  # 丙 lies beside the raster
    result = scored(tmp_path, three_parcels(), VALUE, rasters=f"flood={file}")
    found = parcels(result)
    assert [found[name]["score"] for name in "甲乙丙"] == [None, 50.0, None]
    assert found["甲"]["reason"] == "缺资料：积水深度"
    (none,) = [f for f in result.findings if f.code == "suitability.no_cells"]
    assert "2 个地块" in none.text
    assert "甲、丙" in none.text
    assert [len(uids) for uids in none.sources.values()] == [2]
    (partly,) = [f for f in result.findings if f.code == "suitability.part_of_cells"]
    assert "乙" in partly.text
    assert result.facts["scored"] == 1


def test_without_a_raster_the_criterion_is_left_out_and_named(tmp_path: Path) -> None:
    rule = SLOPE + NEAR
    layers = three_parcels() | {"carriers": {"name": ["a"], "geometry": [Point(EAST, NORTH)]}}
    result = scored(tmp_path, layers, rule)
    (told,) = [f for f in result.findings if f.code == "suitability.not_measured" and "坡度" in f.text]
    assert "没有相应栅格" in told.text
    # it touches the one carrier: 100; one in a circle of 120 m is 22.10 per km2: 73.68; (2 * 100 + 73.68) / 3
    assert parcels(result)["甲"]["score"] == 91.23


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"rasters": "flood=nowhere.tif"}, InputError, "nowhere.tif"),
        ({"rasters": "depth=x.tif"}, UsageError, "flood"),
        ({"rasters": "x.tif"}, UsageError, "x.tif"),
    ],
)
def test_a_raster_that_is_not_there_is_refused(
    tmp_path: Path, given: dict[str, str], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        scored(tmp_path, three_parcels(), VALUE, **given)


def test_the_terrain_of_the_project_is_found_with_its_secrecy_and_stands_in_the_record(
    tmp_path: Path,
) -> None:
    files = [raster(tmp_path / name, tilted(0.08)) for name in ("dem.tif", "dem2.tif")]
    with project_of(tmp_path, three_parcels(), SLOPE) as project:
        pictures = tuple(
            raster_picture(
                raster_facts(file),
                uid=file.stem,
                name=file.stem,
                project_folder=tmp_path,
                secrecy="秘密★10年",
            )
            for file in files
        )
        assert all(isinstance(picture, RasterPicture) and picture.style.shaded for picture in pictures)
        for key, value in settings_of(Arrangement(pictures=pictures)).items():
            project.set_setting(key, value)
        result = run_on(project, tmp_path)
        named = run_on(project, tmp_path, dem="dem2")
    assert parcels(result)["乙"]["slope_value"] == 4.57
    assert any("“dem”" in f.text for f in result.findings if f.code == "suitability.raster_chosen")
    assert result.secrecy == "秘密★10年"
    (record,) = [entry for entry in result.run.inputs if entry.kind == "raster"]
    assert (record.name, record.feature_count, len(record.sha256)) == ("dem", 4000, 64)
    assert any("10.00×10.00 m" in line for line in result.run.method)
    assert [entry.name for entry in named.run.inputs if entry.kind == "raster"] == ["dem2"]
    assert not [f for f in named.findings if f.code == "suitability.raster_chosen"]


def test_a_model_in_degrees_needs_no_resampling(tmp_path: Path) -> None:
    layers = three_parcels()
    moved = geopandas.GeoSeries(layers["industrial_parcels"]["geometry"], crs=4547).to_crs(4490)
    west, south, east, north = moved.total_bounds
    column = np.tile(np.arange(60.0), (40, 1))
    path = tmp_path / "dem.tif"
    step = (east - west) / 40
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=40,
        width=60,
        count=1,
        dtype="float32",
        crs=pyproj.CRS(4490).to_wkt(),
        transform=rasterio.Affine(step, 0.0, west - 10 * step, 0.0, -step, north + 20 * step),
    ) as out:
        out.write(column.astype(np.float32), 1)
    rule = SLOPE.replace('"deg"', '"percent"').replace("slope_urban_construction", "slope_industrial_site")
    found = parcels(scored(tmp_path, layers, rule, dem=str(path)))
    _there, _back, metres = pyproj.Geod(ellps="GRS80").inv(
        west, (south + north) / 2, west + step, (south + north) / 2
    )
    assert found["乙"]["slope_value"] == pytest.approx(100.0 / metres, abs=0.005)


def surface_sample(folder: Path) -> tuple[dict[str, dict[str, list[Any]]], Path]:
    """Return overlapping plots of all kinds and a raster: every criterion differs from cell to cell."""
    layers = three_parcels()
    layers["industrial_parcels"]["geometry"][1] = shapely.Polygon(
        [
            (EAST + 290, NORTH + 3),
            (EAST + 410, NORTH + 31),
            (EAST + 395, NORTH + 122),
            (EAST + 301, NORTH + 97),
        ]
    )
    layers |= {
        "carriers": {
            "name": ["a", "b", "c"],
            "geometry": [
                Point(EAST - 50, NORTH + 40),
                Point(EAST + 330, NORTH + 60),
                Point(EAST + 351, NORTH + 44),
            ],
        },
        "platforms": {"name": ["东"], "geometry": [at(343, -10, 664, 110)]},
        "territorial_plan": {
            "name": ["旧", "新"],
            "class_code": ["0802", "100102"],
            "geometry": [at(0, 0, 55, 100), at(33, 0, 400, 66)],
        },
        "control_lines": {"line_type": ["永久基本农田"], "geometry": [at(620, 0, 700, 37)]},
    }
    depth = np.random.default_rng(5).uniform(0, 2, (40, 80))
    depth[22, :] = NAN
    return layers, raster(folder / "depth.tif", depth)


def by_hand(layers: dict[str, dict[str, list[Any]]], depth: Path, x: float, y: float) -> float:
    """Return the score at a place, one criterion after another, with GEOS alone."""
    spot = Point(x, y)

    def on(kind: str) -> list[int]:
        return [place for place, shape in enumerate(layers[kind]["geometry"]) if shape.covers(spot)]

    if not on("industrial_parcels") or on("control_lines"):
        return NAN
    carriers = layers["carriers"]["geometry"]
    near = max(0.0, 100.0 - min(spot.distance(other) for other in carriers) / 5.0)
    count = sum(spot.distance(other) <= 120.0 for other in carriers)
    cluster = min(count / (math.pi * 0.12**2) / 30.0 * 100.0, 100.0)
    inside = 100.0 if on("platforms") else 0.0
    plan = on("territorial_plan")
    use = {0: 100.0, 1: 50.0}[plan[0]] if plan else 10.0
    with rasterio.open(depth) as source:
        (value,) = next(source.sample([(x, y)]))
    flood = NAN if value == -9999.0 else 100.0 - 50.0 * float(value)
    return (2 * near + cluster + inside + use + flood) / 6


def test_every_cell_has_the_score_at_its_centre_or_none(tmp_path: Path) -> None:
    layers, depth = surface_sample(tmp_path)
    result = scored(tmp_path, layers, NEAR + VALUE, rasters=f"flood={depth}", cell_m=7.0)
    (grid,) = result.grids
    side, _b, west, _d, down, north = grid.transform
    assert (side, down) == (7.0, -7.0)
    assert (west % 7.0, north % 7.0) == (0.0, 0.0)
    rows, columns = grid.cells.shape
    expected = np.array(
        [
            [by_hand(layers, depth, west + (c + 0.5) * 7.0, north - (r + 0.5) * 7.0) for c in range(columns)]
            for r in range(rows)
        ]
    )
    assert 300 < np.isfinite(expected).sum() < rows * columns / 2
    assert grid.cells == pytest.approx(expected, abs=1e-4, nan_ok=True)


def test_the_raster_of_scores_is_written_as_it_is(tmp_path: Path) -> None:
    layers, depth = surface_sample(tmp_path)
    result = scored(tmp_path, layers, NEAR + VALUE, rasters=f"flood={depth}", cell_m=5.0)
    (grid,) = result.grids
    path = write_grid_file(result, grid, tmp_path)
    assert path.name == "适宜性评价_得分栅格.tif"
    with rasterio.open(path) as source:
        assert (source.driver, source.nodata, source.crs.to_epsg()) == ("GTiff", -9999.0, 4547)
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert tuple(source.transform)[:6] == grid.transform
        values = source.read(1)
    assert np.array_equal(np.where(values == -9999.0, np.float32(NAN), values), grid.cells, equal_nan=True)
    assert not list(tmp_path.glob(".*"))


def test_the_side_of_cells_is_round_a_choice_or_none(tmp_path: Path) -> None:
    layers, _depth = surface_sample(tmp_path)
    with project_of(tmp_path, layers, NEAR) as project:
        # 700 m by 122 m: at most two million cells would be finer than the least, 1 m
        assert run_on(project, tmp_path).grids[0].transform[0] == 1.0
        assert run_on(project, tmp_path, cell_m="25").grids[0].transform[0] == 25.0
        assert run_on(project, tmp_path, cell_m="0").grids == ()
        with pytest.raises(InputError, match="加大像元边长"):
            run_on(project, tmp_path, cell_m="0.01")


def test_the_shipped_rule_counts_slopes_by_the_guideline() -> None:
    rule = suitability_rule()
    (slope,) = [criterion for criterion in rule.criteria if criterion.type == "slope"]
    assert slope.table is not None
    assert (slope.unit, slope.table.unit) == ("deg", "deg")
    assert set(rule.versions) == {"suitability", "slope_urban_construction"}


REAL = """
[[criteria]]
key = "station"
title = "距地铁站"
type = "distance"
kind = "points"
weight = 2
curve = [[0, 100], [8000, 0]]

[[criteria]]
key = "road"
title = "距道路"
type = "distance"
kind = "lines"
weight = 1
curve = [[0, 100], [500, 0]]
"""


@pytest.mark.real_data
def test_a_real_district_is_scored_as_geopandas_measures_it(tmp_path: Path, shared_data: Path) -> None:
    read = {
        kind: geopandas.read_file(shared_data / "xinwu" / f"xinwu_{name}.gpkg")
        for kind, name in (("land", "land_use"), ("points", "subway_stations"), ("lines", "road_centerlines"))
    }
    land = read["land"]
    west, south, east, north = land.total_bounds
    side, rows, columns = 200.0, math.ceil((north - south) / 200), math.ceil((east - west) / 200)
    depth = np.random.default_rng(9).uniform(0, 2, (rows, columns))
    depth[:, :20] = NAN
    path = tmp_path / "depth.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype="float64",
        nodata=-9999.0,
        crs=land.crs.to_wkt(),
        transform=rasterio.Affine(side, 0.0, west, 0.0, -side, north),
    ) as out:
        out.write(np.where(np.isnan(depth), -9999.0, depth), 1)
    (tmp_path / "rule.toml").write_text(HEAD + REAL + VALUE, encoding="utf-8")
    with Project.create(tmp_path / "p.gpkg", 32650) as project:
        for name, kind, frame in (
            (
                "图斑",
                "zones",
                land.assign(name=[str(place) for place in range(len(land))])[["name", "geometry"]],
            ),
            ("站点", "points", read["points"][["name", "geometry"]]),
            ("道路", "lines", read["lines"][["geometry"]]),
        ):
            project.add_layer(NewLayer(name=name, kind=kind, crs=pyproj.CRS(32650)), frame)
        result = run_on(project, tmp_path, rasters=f"flood={path}", cell_m=50.0)
    found = geopandas.pd.DataFrame([dict(row.values) for row in result.table("parcels").rows])
    found = found.set_index(found["name"].astype(int)).sort_index()

    for key, kind in (("station", "points"), ("road", "lines")):
        nearest = land.sjoin_nearest(read[kind][["geometry"]], distance_col="metres")
        metres = nearest["metres"][~nearest.index.duplicated()].sort_index()
        assert found[f"{key}_value"].to_numpy() == pytest.approx(metres.to_numpy(), abs=0.0051)
    boxes = [
        shapely.box(west + c * side, north - (r + 1) * side, west + (c + 1) * side, north - r * side)
        for r in range(rows)
        for c in range(columns)
    ]
    cells = geopandas.GeoDataFrame({"depth": depth.ravel()}, geometry=boxes, crs=land.crs).dropna()
    pieces = geopandas.overlay(land.reset_index()[["index", "geometry"]], cells)
    weights = pieces.area
    means = (pieces["depth"] * weights).groupby(pieces["index"]).sum() / weights.groupby(
        pieces["index"]
    ).sum()
    expected = means.reindex(range(len(land))).to_numpy()
    assert np.isnan(expected).sum() > 50
    assert found["flood_value"].to_numpy(dtype=float) == pytest.approx(expected, abs=0.0051, nan_ok=True)
    assert result.facts["scored"] == int(np.isfinite(expected).sum())
    # the score of the table is the weighted mean of the scores beside it
    parts = found[["station_score", "road_score", "flood_score"]].to_numpy(dtype=float)
    assert found["score"].to_numpy(dtype=float) == pytest.approx(
        parts @ [0.5, 0.25, 0.25], abs=0.011, nan_ok=True
    )
