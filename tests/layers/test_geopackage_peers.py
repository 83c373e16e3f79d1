"""The project file is an ordinary GeoPackage to others: GDAL's validator passes it and QGIS opens it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from store_samples import CRS, X, Y, add_parcels, new_project, parcels, square

from layers.store import NewLayer, Project

pytestmark = pytest.mark.peer

_ODD_NAME = "图斑 2020（定稿）%s-1"


def _varied_project(folder: Path) -> Path:
    """Write a project with every geometry type, heights, missing shapes, an empty layer and odd names."""
    hole = shapely.Polygon(square().exterior, [shapely.box(X + 10, Y + 10, X + 20, Y + 20).exterior])
    own = pyproj.CRS.from_proj4(
        "+proj=tmerc +lat_0=0 +lon_0=113.3 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m"
    )
    with new_project(folder) as project:
        add_parcels(project, 50)
        for name, kind, crs, shapes in (
            ("洞", "zones", CRS, [hole, shapely.MultiPolygon([square(3), square(5)]), None]),
            ("点", "points", pyproj.CRS.from_epsg(4490), [shapely.Point(113.38, 22.52), None]),
            ("高程线", "lines", CRS, [shapely.LineString([(X, Y, 1.5), (X + 1, Y, 2.5)])]),
            ("多点", "points", CRS, [shapely.MultiPoint([(X, Y), (X + 1, Y)]), shapely.Point(X, Y)]),
            ("空层", "zones", CRS, []),
            (_ODD_NAME, "zones", own, [square()]),
        ):
            frame = geopandas.GeoDataFrame({"name": ["名"] * len(shapes)}, geometry=shapes, crs=crs)
            project.add_layer(
                NewLayer(name, kind, crs), frame.assign(日期=pd.Timestamp("2021-12-31"), 是=True)
            )
        project.add_layer(NewLayer("删掉的", "land_use", CRS), parcels())
        project.remove_layer(project.layer("删掉的").uid)
        project.update_layer(project.layer("洞").uid, name="改名的洞")
        project.set_setting("a", [1])
        project.record_run({"capability": "stock"})
        return project.path


def _validate(python: Path, file: Path) -> subprocess.CompletedProcess[str]:
    command = [python, "-m", "osgeo_utils.samples.validate_gpkg", file]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_gdals_validator_finds_nothing(tmp_path: Path, gdal_python: Path) -> None:
    said = _validate(gdal_python, _varied_project(tmp_path))
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_an_empty_shape_is_flagged_as_gdal_flags_it(tmp_path: Path) -> None:
    # the validator of GDAL 3.6 looks for the flag in the wrong bit and faults every file with an empty
    # shape, GDAL's own too; so the flag is held to what GDAL writes
    bare = shapely.MultiPolygon()
    pyogrio.raw.write(
        tmp_path / "GDAL.gpkg",
        np.array([shapely.to_wkb(bare)], dtype=object),
        [np.array(["甲"], dtype=object)],
        ["name"],
        layer="空",
        geometry_type="MultiPolygon",
        crs="EPSG:4547",
    )
    frame = geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[bare], crs=CRS)
    with new_project(tmp_path) as project:
        project.add_layer(NewLayer("空", "zones", CRS), frame)
    blobs = []
    for file in ("GDAL.gpkg", "工程.gpkg"):
        connection = sqlite3.connect(tmp_path / file)
        blobs += connection.execute("SELECT geom FROM 空").fetchall()
        connection.close()
    assert blobs[0] == blobs[1]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE gpkg_geometry_columns SET geometry_type_name = 'POINT' WHERE table_name = '土地利用现状图斑'",
        "DELETE FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'",
        "PRAGMA application_id = 1",
        "DELETE FROM gpkg_contents WHERE table_name = 'zs_runs'",
    ],
)
def test_the_validator_would_have_found_a_fault(tmp_path: Path, gdal_python: Path, damage: str) -> None:
    file = _varied_project(tmp_path)
    broken = shutil.copy(file, tmp_path / "坏.gpkg")
    connection = sqlite3.connect(broken)
    with connection:
        connection.execute(damage)
    connection.close()
    said = _validate(gdal_python, broken)
    if damage.startswith("DELETE FROM gpkg_contents"):
        # a table that is not listed is no fault to it: it is simply not shown
        assert said.returncode == 0
    else:
        assert said.returncode != 0
        assert said.stdout + said.stderr != ""


_ASK_QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsDataProvider, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
file = sys.argv[1]
found = {}
whole = QgsVectorLayer(file, "x", "ogr")
for text in whole.dataProvider().subLayers():
    name = text.split(QgsDataProvider.sublayerSeparator())[1]
    layer = QgsVectorLayer(f"{file}|layername={name}", name, "ogr")
    features = sorted(layer.getFeatures(), key=lambda feature: feature.id())
    found[name] = {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "wkt": layer.crs().toWkt(),
        "fields": [field.name() for field in layer.fields()],
        "wkb": [bytes(feature.geometry().asWkb()).hex() for feature in features],
        "names": [feature["name"] if layer.fields().indexOf("name") >= 0 else None for feature in features],
        "count": layer.featureCount(),
    }
print("ANSWER" + json.dumps(found, default=str))
app.exitQgis()
"""


def _ask_qgis(python: Path, file: Path, home: Path) -> dict[str, Any]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
    }
    said = subprocess.run(
        [python, "-c", _ASK_QGIS, file],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=120,
    )
    answers = [line for line in said.stdout.splitlines() if line.startswith("ANSWER")]
    assert answers, said.stderr
    answer: dict[str, Any] = json.loads(answers[0].removeprefix("ANSWER"))
    return answer


def _held(shape: shapely.Geometry | None, multi: bool) -> str:
    """Return a shape's WKB as QGIS gives it: as part of a multi-geometry where the table holds those."""
    if shape is None:
        return ""
    makers = {0: shapely.MultiPoint, 1: shapely.MultiLineString, 3: shapely.MultiPolygon}
    kind = int(shapely.get_type_id(shape))
    held = makers[kind]([shape]) if multi and kind in makers else shape
    return bytes(shapely.to_wkb(held, flavor="iso", byte_order=1)).hex()


def test_qgis_opens_every_layer_with_its_name_fields_and_shapes(tmp_path: Path, qgis_python: Path) -> None:
    file = _varied_project(tmp_path)
    answer = _ask_qgis(qgis_python, file, tmp_path)
    with Project.open(file) as project:
        infos = {info.table: info for info in project.layers()}
        frames = {table: project.read(info.uid) for table, info in infos.items()}
    assert set(infos) <= set(answer)
    assert {"土地利用现状图斑", "洞", "点", "高程线", "多点", "空层"} <= set(infos)
    for table, info in infos.items():
        seen, frame = answer[table], frames[table]
        assert seen["valid"], table
        assert seen["count"] == info.feature_count == len(frame)
        assert seen["fields"] == ["fid", "zs_uid", "zs_version", *(field.name for field in info.fields)]
        assert seen["names"] == frame["name"].tolist()
        if info.crs.to_epsg():
            assert seen["crs"] == f"EPSG:{info.crs.to_epsg()}"
        else:
            (meridian,) = [
                each.value
                for each in pyproj.CRS.from_wkt(seen["wkt"]).coordinate_operation.params
                if each.name == "Longitude of natural origin"
            ]
            assert meridian == 113.3
        multi = table != "点"
        for wkb, shape in zip(seen["wkb"], frame.geometry, strict=True):
            if shape is not None and not shape.is_empty:
                assert wkb == _held(shape, multi)


def test_chinese_field_names_are_declared_where_others_look_for_them(tmp_path: Path) -> None:
    connection = sqlite3.connect(_varied_project(tmp_path))
    declared = connection.execute(
        "SELECT column_name, name, title FROM gpkg_data_columns WHERE table_name = '土地利用现状图斑'"
    ).fetchall()
    registered = connection.execute(
        "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'"
    )
    assert ("class_code", "地类编码", "地类编码") in declared
    assert {row[0] for row in registered} == {"gpkg_data_columns", "gpkg_data_column_constraints"}
    connection.close()


@pytest.mark.real_data
def test_a_real_citys_land_use_is_the_same_in_qgis(
    tmp_path: Path, qgis_python: Path, shared_data: Path
) -> None:
    source = shared_data / "xinwu" / "xinwu_land_use.gpkg"
    given = geopandas.read_file(source)
    with Project.create(tmp_path / "新吴.gpkg", given.crs) as project:
        frame = given.rename(columns={"Class": "class_code"}).astype({"class_code": str})
        info = project.add_layer(NewLayer("用地", "land_use", given.crs, standard="custom"), frame)
        file = project.path
    seen = _ask_qgis(qgis_python, file, tmp_path)[info.table]
    assert seen["count"] == len(given) == 2033
    assert seen["wkb"] == [_held(shape, True) for shape in given.geometry]
