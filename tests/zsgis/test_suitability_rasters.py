"""Suitability on rasters: slopes and values of parcels, and what is missing."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from shapely import Point

from layers.errors import InputError, UsageError
from layers.formats.raster import CellWindow
from layers.pictures.adding import raster_facts, raster_picture
from layers.pictures.model import RasterPicture
from layers.store import NewLayer, Project
from tests.zsgis.stock_samples import EAST, NORTH
from tests.zsgis.suitability_samples import (
    HEAD,
    NAN,
    NEAR,
    SLOPE,
    VALUE,
    parcels,
    project_of,
    raster,
    run_on,
    scored,
    three_parcels,
    tilted,
)
from zsgis.analysis.rasters.cells import BandCells, RasterSource, SlopeCells
from zsgis.analysis.rasters.terrain import ReliefCells
from zsgis.analysis.suitability.raster_criteria import TerrainGrade
from zsgis.analysis.suitability.rules import SuitabilityRule, suitability_rule
from zsgis.analysis.suitability.steps import step_table
from zsgis.arrangement import Arrangement, settings_of


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


def relief_rule(kind: str, window_m: float) -> str:
    more = {
        "relief": "curve = [[0, 100], [400, 0]]",
        "terrain_grade": 'steps = "slope_urban_construction"\nrelief = "relief_urban_construction"',
    }[kind]
    return (
        f'[[criteria]]\nkey = "ground"\ntitle = "起伏"\ntype = "{kind}"\nweight = 1\n'
        f"window_m = {window_m}\n{more}\n"
    )


def stepped() -> NDArray[np.float64]:
    """Return heights of 40 by 100 cells of 10 m: 0 m, from 200 m on 150 m, from 500 m on 400 m."""
    return np.tile(np.repeat([0.0, 150.0, 400.0], [20, 30, 50]), (40, 1))


def test_the_relief_is_the_highest_less_the_lowest_height_around_a_cell(tmp_path: Path) -> None:
    # a square of 21 cells reaches 100 m to each side. 甲, 0 to 100 m: cells 0 to 9 reach to cell 19 at most,
    # 0 m. 乙, 300 to 400 m: cells 30 to 39 reach from cell 20 to 49, 150 m throughout: 0. 丙, 600 to 700 m:
    # from cell 50 on: 0.
    dem = raster(tmp_path / "dem.tif", stepped())
    found = parcels(scored(tmp_path, three_parcels(), relief_rule("relief", 210.0), dem=str(dem)))
    assert [found[name]["ground_value"] for name in "甲乙丙"] == [0.0, 0.0, 0.0]


def test_a_wider_square_meets_the_step_and_a_parcel_takes_its_cells_mean(tmp_path: Path) -> None:
    # 31 cells reach 150 m. 甲: cells 5 to 9 reach cell 20 and more: 150 m, half of the parcel: 75.
    # 乙: cells 30 to 34 reach back to cell 19 and less, 150 - 0; cells 35 to 39 (35 reaches 20 to 50) reach
    # cell 50 and more, 400 - 150: half each, 200. 丙: cells 60 to 64 reach back to cell 49 and less: 250, the
    # others 0: 125.
    dem = raster(tmp_path / "dem.tif", stepped())
    found = parcels(scored(tmp_path, three_parcels(), relief_rule("relief", 310.0), dem=str(dem)))
    assert [found[name]["ground_value"] for name in "甲乙丙"] == [75.0, 200.0, 125.0]
    # 100 less 100 / 400 for each metre
    assert [found[name]["score"] for name in "甲乙丙"] == [81.25, 50.0, 68.75]


def test_relief_lowers_the_class_of_the_slope_cell_by_cell(tmp_path: Path) -> None:
    # All parcels lie on level ground, the highest class, 100. 甲: half its cells have a relief of 150 m, one
    # class lower, 80: 90. 乙: half 150 m, 80, half 250 m, two classes, 60: 70. 丙: half 250 m, half none: 80.
    dem = raster(tmp_path / "dem.tif", stepped())
    result = scored(tmp_path, three_parcels(), relief_rule("terrain_grade", 310.0), dem=str(dem))
    found = parcels(result)
    # the westernmost cells under 甲 have no neighbour and no slope: of 9 columns 5 are lowered to 80
    assert found["甲"]["score"] == round((4 * 100 + 5 * 80) / 9, 2)
    assert [found[name]["score"] for name in "乙丙"] == [70.0, 80.0]
    assert "31×31" in " ".join(result.run.method)
    assert {"slope_urban_construction", "relief_urban_construction"} <= set(result.run.rules)


def test_classes_are_lowered_to_the_last_at_most_and_ends_belong_below() -> None:
    (entry,) = (
        criterion
        for criterion in suitability_rule_of(relief_rule("terrain_grade", 450.0)).criteria
        if isinstance(criterion, TerrainGrade)
    )
    slope = np.array([1.0, 1.0, 1.0, 1.0, 20.0, 20.0, 40.0, NAN, 1.0])
    relief = np.array([100.0, 100.1, 200.0, 200.1, 150.0, 300.0, 300.0, 0.0, NAN])
    # up to 3 degrees 100, 15 to 25 degrees 40; 20 is the last
    wanted = [100.0, 80.0, 80.0, 60.0, 20.0, 20.0, 20.0]
    graded = entry.graded(slope, relief)
    assert graded[:7].tolist() == wanted
    assert np.isnan(graded[7:]).all()


def suitability_rule_of(text: str) -> SuitabilityRule:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.toml"
        path.write_text(HEAD + text, encoding="utf-8")
        return suitability_rule(str(path))


def test_relief_counts_the_cells_that_hold_a_height(tmp_path: Path) -> None:
    # rows of 1 m steps; the hole is passed over, its own relief is not known
    heights = np.tile(np.arange(7.0), (7, 1))
    heights[3, 3] = NAN
    source = RasterSource(raster(tmp_path / "dem.tif", heights), "dem")
    band = BandCells(source, 1)
    relief = ReliefCells(SlopeCells(band, "deg", "m", "dem"), 30.0)
    found = relief.values(CellWindow(0, 0, 7, 7))
    band.close()
    assert relief.square == (3, 3)
    # beside the edge two columns lie in the square
    np.testing.assert_array_equal(found[0], [1, 2, 2, 2, 2, 2, 1])
    assert np.isnan(found[3, 3])
    # left of the hole, of columns 1 to 3 the rows above and below still hold column 3
    assert found[3, 2] == 2
    part = ReliefCells(SlopeCells(BandCells(source, 1), "deg", "m", "dem"), 30.0)
    np.testing.assert_array_equal(part.values(CellWindow(2, 1, 3, 4)), found[1:5, 2:5])


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
