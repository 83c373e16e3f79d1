"""A layer written out and brought in again: shapes to a millimetre, text to the last sign."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from store_samples import CRS, X, Y, new_project

from layers.crs import transform
from layers.exporting import ExportRequest, export_layer
from layers.formats.direct import DirectReader
from layers.importing.bringing import import_file
from layers.importing.request import ImportRequest
from layers.store import NewLayer

MILLIMETRE = 0.001
# to a tenth of a millimetre, as surveys are: standard boundary points hold three digits after the point
SHAPES = (
    [(0, 0), (120.5, 3.25), (118.125, 90.75), (60, 140.5), (-4.5, 88)],
    [(200, 0), (300, 0), (300, 100), (200, 100)],
    [(400, 0), (500, 10), (480, 120), (410, 110)],
)
HOLE = [(220, 20), (260, 20), (260, 60), (220, 60)]
TEXTS = ["石岐街道“东”区", "=HYPERLINK(1)", "a,b;c|d & <e> '0802'"]
CODES = ["0802", "0701", "1001"]
OWNERS = ["㐂田村", "中山市自然资源局", "O'Brien（港）"]


def placed(corners: list[Any]) -> list[tuple[float, float]]:
    return [(round(X + x, 3), round(Y + y, 3)) for x, y in corners]


def layer_frame(asked: Mapping[str, Any]) -> geopandas.GeoDataFrame:
    names = [text.replace(asked.get("without", "\n"), "") for text in TEXTS]
    second = shapely.Polygon(placed(SHAPES[1]), [placed(HOLE)])
    shapes = [shapely.Polygon(placed(SHAPES[0])), second, shapely.Polygon(placed(SHAPES[2]))]
    return geopandas.GeoDataFrame(
        {"name": names, "class_code": CODES, "owner": OWNERS}, geometry=shapes, crs=CRS
    )


ASKED: Mapping[str, Mapping[str, Any]] = {
    # 地块名称 is no field of 图斑 and stays beside them; a record's parts are parted by commas
    ".txt": {"name": "地块名称", "without": ",", "has": ["name", "class_code"]},
    ".kml": {"as": {"crs": "4490"}},
    ".kmz": {"as": {"crs": "4490"}},
    ".geojson": {"as": {"crs": "4490"}},
    ".xlsx": {"out": {"geometry": "wkt"}, "as": {"crs": "4547"}},
    ".csv": {"out": {"geometry": "wkt"}, "as": {"crs": "4547"}},
    ".dxf": {"as": {"crs": "4547"}},
    ".shp": {"as": {"crs": "4547"}},
    ".gdb": {},
    ".gpkg": {},
    ".parquet": {},
    ".fgb": {},
}


@pytest.mark.parametrize("suffix", sorted(ASKED))
def test_what_goes_out_comes_back(tmp_path: Path, suffix: str) -> None:
    asked = ASKED[suffix]
    with new_project(tmp_path) as project:
        layer = project.add_layer(NewLayer("图斑", "land_use", CRS, standard="yd2023"), layer_frame(asked))
        before = project.read(layer.uid)
        out = tmp_path / f"出{suffix}"
        export_layer(project, layer, ExportRequest(out, asked.get("out", {})))
        request = ImportRequest(out, "land_use", name="回", standard="yd2023", **asked.get("as", {}))
        report = import_file(project, request, DirectReader())
        after = project.read(report.layer.uid)
    assert len(after) == 3
    for column in asked.get("has", ["name", "class_code", "owner"]):
        came = after[asked.get("name", column) if column == "name" else column]
        assert came.tolist() == before[column].tolist(), column
    back = transform(np.asarray(after.geometry.array, dtype=object), report.layer.crs, CRS)
    for was, now in zip(before.geometry, back, strict=True):
        assert shapely.hausdorff_distance(shapely.boundary(was), shapely.boundary(now)) < MILLIMETRE
        assert shapely.area(shapely.symmetric_difference(was, now)) < MILLIMETRE * was.length
