"""Shapefiles that hide their encoding, and real files, taken into a project."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from store_samples import CRS, new_project, square

from layers.errors import InputError
from layers.formats.direct import DirectReader
from layers.formats.vector import read_vector
from layers.importing.bringing import ImportReport, import_file
from layers.importing.doubt import UncertainError
from layers.importing.request import ImportRequest
from layers.store import Project


def _codes(report: ImportReport) -> list[str]:
    return [finding.code for finding in report.findings]


def _shapefile(folder: Path, encoding: str, *, language_driver: int = 0) -> Path:
    """Write a shapefile whose text is in ``encoding`` and which does not say so."""
    file = folder / "土地.shp"
    frame = geopandas.GeoDataFrame(
        {"MC": ["中山市火炬开发区", "abc"]}, geometry=[square(), square(1)], crs=CRS
    )
    pyogrio.write_dataframe(frame, file, encoding=encoding)
    file.with_suffix(".cpg").unlink(missing_ok=True)
    data = bytearray(file.with_suffix(".dbf").read_bytes())
    data[29] = language_driver
    file.with_suffix(".dbf").write_bytes(data)
    return file


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_a_shapefile_that_hides_its_encoding_is_read_right_and_the_guess_is_said(
    tmp_path: Path, encoding: str
) -> None:
    file = _shapefile(tmp_path, encoding)
    with new_project(tmp_path) as project:
        report = import_file(project, ImportRequest(file, "zones"), DirectReader())
        assert project.read(report.layer.uid)["name"].tolist() == ["中山市火炬开发区", "abc"]
    assert _codes(report) == ["import.encoding_taken"]
    assert report.layer.source["encoding"] == {"GBK": "GB18030", "UTF-8": "UTF-8"}[encoding]


def test_the_encoding_the_caller_names_is_used(tmp_path: Path) -> None:
    # 0x57 says ANSI, which GDAL takes for Latin-1: a lie that Chinese files often tell
    file = _shapefile(tmp_path, "GBK", language_driver=0x57)
    assert read_vector(file, encoding="GBK").frame["MC"].iloc[0] == "中山市火炬开发区"


@pytest.mark.real_data
def test_the_gdal_table_in_gbk_gives_its_chinese_field(shared_data: Path, tmp_path: Path) -> None:
    # its header says 0x4d: code page 936
    shutil.copy(shared_data / "shapefile_gbk" / "chinese.dbf", tmp_path / "chinese.dbf")
    meta, _fids, _wkb, values = pyogrio.raw.read(tmp_path / "chinese.dbf")
    assert meta["fields"].tolist() == ["中国"]
    assert values[0].tolist() == ["中国"]
    with pytest.raises(InputError):
        read_vector(tmp_path / "chinese.dbf")


@pytest.mark.real_data
def test_a_real_citys_land_use_comes_in_whole(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "xinwu" / "xinwu_land_use.gpkg"
    given = geopandas.read_file(source)
    with Project.create(tmp_path / "新吴.gpkg", 32650) as project:
        report = import_file(
            project,
            ImportRequest(source, "land_use", mapping={"class_code": "Class"}, standard="custom"),
            DirectReader(),
        )
        read = project.read(report.layer.uid)
    assert (report.read, report.written, len(read)) == (2033, 2033, 2033)
    assert report.layer.crs.to_epsg() == 32650
    assert read["class_code"].tolist() == [str(code) for code in given["Class"]]
    assert read["area_m2"].tolist() == given["area_m2"].tolist()
    one_part = [g.geoms[0] if len(g.geoms) == 1 else g for g in given.geometry]
    assert shapely.to_wkb(read.geometry).tolist() == shapely.to_wkb(np.array(one_part, dtype=object)).tolist()


@pytest.mark.real_data
def test_a_real_shapefile_without_prj_asks_for_its_coordinate_system(
    shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / "shapefile_no_prj" / "Polygon.shp"
    with new_project(tmp_path) as project:
        with pytest.raises(UncertainError):
            import_file(project, ImportRequest(source, "zones"), DirectReader())
        assert project.layers() == ()
        report = import_file(project, ImportRequest(source, "zones", crs="4547"), DirectReader())
        assert report.written == 5
        assert len(report.layer.source["sha256"]) == 64


@pytest.mark.real_data
def test_real_red_lines_in_kml_come_in_with_their_hole(shared_data: Path, tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        area = import_file(
            project, ImportRequest(shared_data / "kml" / "含有孔洞的多边形.kml", "zones"), DirectReader()
        ).layer
        line = import_file(
            project, ImportRequest(shared_data / "kml" / "地块红线_LineString.kmz", "lines"), DirectReader()
        ).layer
        (polygon,) = project.read(area.uid).geometry
        (path,) = project.read(line.uid).geometry
        with pytest.raises(InputError):
            import_file(
                project,
                ImportRequest(shared_data / "kml" / "地块红线_LineString.kmz", "zones"),
                DirectReader(),
            )
    assert area.crs.to_epsg() == 4326
    assert len(polygon.interiors) == 1
    # its heights are 0 throughout, which is how such programs say that there are none
    assert not path.has_z


@pytest.mark.real_data
def test_a_table_without_shapes_is_no_layer(shared_data: Path) -> None:
    with pytest.raises(InputError):
        read_vector(shared_data / "towns" / "towns.csv")
