"""The whole job on files of a real city: project, import, stock, sheet, web map, export."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from tests.flows.command import zsgis

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """A project in EPSG:32650 with the land use, the grid and the stations of a real district."""
    project = tmp_path_factory.mktemp("city") / "district.gpkg"
    assert zsgis("new", project, "--crs", "32650").code == 0
    files = shared_data / "xinwu"
    land = zsgis(
        "import",
        project,
        files / "xinwu_land_use.gpkg",
        "--as",
        "land_use",
        "--map",
        "class_code=Class",
        "--standard",
        "custom",
        "--json",
    )
    # the first layer of a project is expected in Zhongshan, the others where the first one lies
    assert land.code == 1, land.err
    assert [finding["text"] for finding in land.document["findings"]] == [
        "数据落在预期范围之外，位于 120.41°E 31.51°N 附近。"
    ]
    assert land.document["written"] == 2033
    # its cells reach beyond the land use
    assert zsgis("import", project, files / "xinwu_grid_250m.gpkg", "--as", "zones").code == 1
    assert zsgis("import", project, files / "xinwu_subway_stations.gpkg", "--as", "points").code == 0
    return project


def test_layers_are_listed_with_what_they_are(city: Path) -> None:
    layers = {layer["kind"]: layer for layer in zsgis("layers", city, "--json").document["layers"]}
    assert {kind: layer["feature_count"] for kind, layer in layers.items()} == {
        "land_use": 2033,
        "zones": 3999,
        "points": 13,
    }
    assert {layer["crs"] for layer in layers.values()} == {"EPSG:32650"}
    assert layers["land_use"]["standard"] == "custom"


def test_stock_by_zone_equals_plain_intersections(city: Path, shared_data: Path, tmp_path: Path) -> None:
    """Independent way: shapely intersections of every pair, summed per cell, to 0.01 m2 per zone."""
    ended = zsgis(
        "run", "stock", city, "-p", "basis=planar", "-p", "unit=m2", "--out", tmp_path / "tables", "--json"
    )
    assert ended.code in {0, 1}, ended.err
    summary = next(table for table in ended.document["tables"] if table["key"] == "summary")
    ours = [row for row in summary["rows"] if row["role"] == "body"]
    land = gpd.read_file(shared_data / "xinwu/xinwu_land_use.gpkg").geometry.array
    grid = gpd.read_file(shared_data / "xinwu/xinwu_grid_250m.gpkg").geometry.array
    land = shapely.make_valid(land)
    tree = shapely.STRtree(land)
    pairs = tree.query(grid, predicate="intersects")
    pieces = shapely.area(shapely.intersection(grid[pairs[0]], land[pairs[1]]))
    expected = {}
    for zone, area in zip(pairs[0], pieces, strict=True):
        expected[int(zone)] = expected.get(int(zone), 0.0) + area
    totals = [row["values"]["total"] for row in ours]
    in_zones = totals[: len(grid)]
    assert len(in_zones) == len(grid)
    worst = max(abs(total - expected.get(zone, 0.0)) for zone, total in enumerate(in_zones))
    assert worst <= 0.01
    assert {file.suffix for file in (tmp_path / "tables").iterdir()} == {".xlsx", ".json", ".png", ".svg"}


def test_sheet_and_web_map(city: Path, tmp_path: Path) -> None:
    sheet = zsgis("sheet", city, tmp_path / "district.pdf", "--set", "标题=新吴区土地利用现状图", "--json")
    assert sheet.code in {0, 1}, sheet.err
    assert (tmp_path / "district.pdf").read_bytes().startswith(b"%PDF-")
    web = zsgis("webmap", city, tmp_path / "district.html", "--json")
    assert web.code == 0, web.err
    assert len(web.document["layers"]) == 3


def test_export_gives_the_same_shapes_back(city: Path, shared_data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.gpkg"
    ended = zsgis("export", city, "xinwu_land_use", out, "--json")
    assert ended.code == 0, ended.err
    ours, theirs = gpd.read_file(out), gpd.read_file(shared_data / "xinwu/xinwu_land_use.gpkg")
    assert shapely.equals_exact(
        shapely.normalize(ours.geometry.array), shapely.normalize(theirs.geometry.array), tolerance=0
    ).all()


@pytest.mark.parametrize(
    ("file", "kind", "code", "says"),
    [
        ("missing.gpkg", "zones", 3, "missing.gpkg"),
        ("text.gpkg", "zones", 3, "text.gpkg"),
        ("shapefile_no_prj/Polygon.shp", "zones", 3, "--crs"),
        ("xinwu/xinwu_subway_stations.gpkg", "land_use", 3, "xinwu_subway_stations"),
        ("xinwu/xinwu_grid_250m.gpkg", "nonsense", 2, "nonsense"),
    ],
)
def test_what_cannot_be_used_is_told_and_changes_nothing(
    city: Path, shared_data: Path, tmp_path: Path, file: str, kind: str, code: int, says: str
) -> None:
    (tmp_path / "text.gpkg").write_text("这不是数据库", encoding="utf-8")
    path = shared_data / file if (shared_data / file).exists() else tmp_path / file
    before = city.read_bytes()
    ended = zsgis("import", city, path, "--as", kind, "--json")
    assert ended.code == code, ended.err
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert ended.document["error"]["remedy"]
    assert city.read_bytes() == before
