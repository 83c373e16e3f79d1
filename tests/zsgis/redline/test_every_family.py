"""One red line, as each family of files would send it, and what lies under it: the same figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import pytest
from shapely import box

from layers.formats.isolated import IsolatedReader
from layers.importing.request import ImportRequest
from tests.layers.formats import boundary_txt_samples as txt
from tests.layers.formats.drawings_samples import drawing, save
from tests.zsgis.redline.samples import project
from zsgis.redline import check_redline, read_boundaries, redline_rules

EAST, NORTH = txt.EAST - 38_000_000, txt.NORTH
LINE = box(EAST, NORTH, EAST + 100, NORTH + 80)
"""100 m by 80 m in 4547."""
FIELD = box(EAST - 10, NORTH - 10, EAST + 40, NORTH + 90)
"""Holds the western 40 m of it: 3,200 m2 of paddy, 4,800 m2 in no parcel."""
MADE = Path(__file__).parents[2] / "fixtures" / "drawings"


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader() as found:
        yield found


def as_txt(folder: Path) -> Path:
    path = folder / "红线.txt"
    path.write_bytes((txt.HEADER + txt.plot("0.8000", [txt.box(100.0, 80.0)])).encode("gbk"))
    return path


def as_drawing(folder: Path) -> Path:
    document = drawing("R2010")
    document.layers.add("用地红线")
    corners = list(LINE.exterior.coords)[:-1]
    document.modelspace().add_lwpolyline(corners, close=True, dxfattribs={"layer": "用地红线"})
    return save(document, folder / "红线.dxf")


def as_shapefile(folder: Path) -> Path:
    path = folder / "红线.shp"
    geopandas.GeoDataFrame({"XMMC": ["甲"]}, geometry=[LINE], crs=4547).to_file(path, encoding="GBK")
    return path


def as_geopackage(folder: Path) -> Path:
    path = folder / "红线.gpkg"
    geopandas.GeoDataFrame({"XMMC": ["甲"]}, geometry=[LINE], crs=4547).to_file(path)
    return path


def as_table(folder: Path) -> Path:
    path = folder / "红线.csv"
    path.write_text(f'名称,WKT\n甲,"{LINE.wkt}"\n', encoding="utf-8-sig")
    return path


def as_kml(folder: Path) -> Path:
    degrees = geopandas.GeoSeries([LINE.exterior], crs=4547).to_crs(4490).iloc[0]
    corners = " ".join(f"{lon:.10f},{lat:.10f}" for lon, lat in degrees.coords)
    path = folder / "红线.kml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        "<Placemark><name>甲</name><Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>{corners}</coordinates>"
        "</LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>",
        encoding="utf-8",
    )
    return path


def land_m2(folder: Path, path: Path, reader: IsolatedReader, crs: str, field: Any) -> list[float]:
    """Check the largest red line of a file over a paddy field; return the lines of land use in m2."""
    found = read_boundaries(ImportRequest(path, crs=crs), reader, layer_names=("红线", "红线-石岐"))
    line = max(found.boundaries, key=lambda each: each.geometry.area)
    land: dict[str, list[Any]] = {
        "name": ["田"],
        "class_code": ["0101"],
        "ownership_code": ["30"],
        "geometry": [field],
    }
    with project(folder / "p.gpkg", {"land_use": land}) as made:
        section = check_redline(made, line, redline_rules()).section("land_use")
    return [line.m2 for line in section.lines]


@pytest.mark.parametrize(
    ("written", "crs"),
    [
        (as_txt, ""),
        (as_drawing, "4547"),
        (as_shapefile, ""),
        (as_geopackage, ""),
        (as_table, "4547"),
        (as_kml, "4490"),
    ],
)
def test_every_family_gives_the_same_figures(
    tmp_path: Path,
    reader: IsolatedReader,
    written: Callable[[Path], Path],
    crs: str,
) -> None:
    """Ten digits of a degree are 0.01 mm: nothing that reaches 0.01 m2 here."""
    assert land_m2(tmp_path, written(tmp_path), reader, crs, FIELD) == [3_200.0, 4_800.0]


@pytest.mark.parametrize("version", ["r14", "r2000", "r2004", "r2010", "r2013", "r2018"])
def test_a_drawing_of_each_version(tmp_path: Path, reader: IsolatedReader, version: str) -> None:
    """100 x 80 m, its right side an arc of bulge 0.5: radius 50 m, angle 4 atan 0.5; 40 x 80 m are paddy."""
    field = box(435_990, 2_490_990, 436_040, 2_491_090)
    paddy, rest = land_m2(tmp_path, MADE / f"made_{version}.dwg", reader, "4547", field)
    angle = 4 * math.atan(0.5)
    assert paddy == 3_200.0
    assert rest == pytest.approx(8_000 + 1_250 * (angle - math.sin(angle)) - 3_200, abs=0.5)
