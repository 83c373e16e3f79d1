"""The real files beside the checkout come in with the right place, text and area, by facts of others."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Geod

from layers.area import planar_area_m2
from layers.crs import parse_crs, transform
from layers.formats.direct import DirectReader
from layers.importing.request import ImportRequest
from layers.progress import NoProgress
from layers.store import Project
from zsgis.intake.accounts import Fate, FileAccount
from zsgis.intake.folder import import_folder

pytestmark = pytest.mark.real_data

# what says nothing of its system for sure; the README of the data says what it is
SAID = {
    "kml/坐标-经纬度.csv": "4490",
    "kml/坐标_投影.csv": "4527",
    "towns/town_points_geonames.csv": "4326",
    "shapefile_no_prj/Polygon.shp": "4547",
    "dwg/line_r2000.dwg": "4547",
    "dwg/text_mtext_attdef_r2000.dwg": "4547",
    "dwg/triple_circles_r2000.dwg": "4547",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with Project.create(tmp_path_factory.mktemp("real") / "工程.gpkg", 4547) as project:
        yield project


@pytest.fixture(scope="module")
def accounts(project: Project, shared_data: Path) -> dict[str, FileAccount]:
    found = import_folder(project, shared_data, ImportRequest(shared_data), DirectReader(), NoProgress())
    told = {account.path.relative_to(shared_data).as_posix() + _of(account): account for account in found}
    assert len(told) == len(found)
    assert json.loads(json.dumps([account.document() for account in found], allow_nan=False))
    return told


def _of(account: FileAccount) -> str:
    return f" {account.source_layer}" if account.source_layer else ""


def test_every_file_has_an_account_and_no_reader_failed(accounts: dict[str, FileAccount]) -> None:
    fates = {name: account.fate for name, account in accounts.items()}
    assert {name for name, fate in fates.items() if fate is Fate.UNSURE} == set(SAID)
    assert {name for name, fate in fates.items() if fate is Fate.PICTURE} == {"raster/rmnp-dem.tif"}
    refused = {name for name, fate in fates.items() if fate is Fate.REFUSED}
    # one raster without a system, and GPX layers whose features have no points
    assert {name.split(" ")[0] for name in refused} == {
        "fragstats/landscape.tif",
        "gpx/gpx1.1_with_all_fields.gpx",
        "gpx/unicode2.gpx",
    }
    assert fates["shapefile_gbk/chinese.dbf"] is Fate.TABLE
    assert fates["gap/orlib/gap1-0"] is Fate.OTHER


def test_boundary_points_lie_where_their_numbers_say(
    accounts: dict[str, FileAccount], project: Project
) -> None:
    layer = project.layer(str(accounts["boundary_txt/plot_000.txt"].facts["uid"]))
    (shape,) = project.read(layer.uid).geometry
    # the rows of the file: X north, Y east with the zone's number
    assert layer.crs.to_epsg() == 4526
    corners = shapely.get_coordinates(shape).tolist()
    assert [38383243.971, 2582988.976] in corners
    assert [38383026.848, 2582350.828] in corners
    assert len(corners) == 6


def test_a_citys_land_use_keeps_its_areas(
    accounts: dict[str, FileAccount], project: Project, shared_data: Path
) -> None:
    layer = project.layer(str(accounts["xinwu/xinwu_land_use.gpkg"].facts["uid"]))
    frame = project.read(layer.uid)
    recorded = pyogrio.read_dataframe(shared_data / "xinwu" / "xinwu_land_use.gpkg", read_geometry=False)
    measured = planar_area_m2(np.asarray(frame.geometry.array, dtype=object), layer.crs)
    assert len(frame) == 2033
    assert np.abs(measured - recorded["area_m2"].to_numpy()).max() < 0.01


def test_water_keeps_its_chinese_names(accounts: dict[str, FileAccount], project: Project) -> None:
    layer = project.layer(str(accounts["xinwu/xinwu_water_osm.gpkg"].facts["uid"]))
    names = project.read(layer.uid)["name"].dropna()
    assert {"太湖", "漕湖", "月牙池"} <= set(names)


def test_a_red_line_of_a_phone_keeps_hole_and_area(
    accounts: dict[str, FileAccount], project: Project, shared_data: Path
) -> None:
    layer = project.layer(str(accounts["kml/含有孔洞的多边形.kml"].facts["uid"]))
    (shape,) = project.read(layer.uid).geometry
    text = (shared_data / "kml" / "含有孔洞的多边形.kml").read_text(encoding="utf-8")
    rings = [
        [tuple(map(float, triple.split(",")[:2])) for triple in (element.text or "").split()]
        for element in ET.fromstring(text).iter("{http://www.opengis.net/kml/2.2}coordinates")  # noqa: S314
    ]
    areas = sorted(
        abs(Geod(ellps="WGS84").polygon_area_perimeter(*zip(*ring, strict=True))[0]) for ring in rings
    )
    expected = areas[-1] - sum(areas[:-1])
    (plane,) = transform(np.array([shape]), layer.crs, parse_crs("4527"))
    assert len(shape.interiors) == len(rings) - 1
    # on the plane areas differ by the square of the scale, some ten parts in a million
    assert math.isclose(plane.area, expected, rel_tol=1e-3)


def test_photos_lie_where_others_read_them(
    accounts: dict[str, FileAccount], project: Project, shared_data: Path
) -> None:
    truth = json.loads((shared_data / "photos" / "positions.json").read_text(encoding="utf-8"))
    layer = project.layer(str(accounts["photos"].facts["uid"]))
    frame = project.read(layer.uid)
    assert set(frame["file"]) == set(truth)
    for name, shape in zip(frame["file"], frame.geometry, strict=True):
        place = truth[name]
        if place is None:
            assert shape is None
        else:
            assert (shape.y, shape.x) == pytest.approx(place[:2], abs=1e-6)


@pytest.mark.parametrize("name", sorted(SAID))
def test_what_was_asked_for_is_taken_in_once_it_is_said(
    name: str, accounts: dict[str, FileAccount], project: Project, shared_data: Path, tmp_path: Path
) -> None:
    from layers.importing.bringing import import_file
    from zsgis.intake.offer import layers_with_shapes

    assert accounts[name].fate is Fate.UNSURE
    request = ImportRequest(shared_data / name, crs=SAID[name], standard="custom")
    layer = layers_with_shapes(DirectReader(), request, NoProgress())[0].name
    with Project.create(tmp_path / "一.gpkg", 4547) as alone:
        report = import_file(
            alone, ImportRequest(request.path, crs=request.crs, source_layer=layer), DirectReader()
        )
        assert report.written == report.read > 0
        assert report.layer.crs.to_epsg() == int(SAID[name])


def test_two_lists_of_the_same_points_meet(shared_data: Path, tmp_path: Path) -> None:
    """The two CSV files of the folder give the same six points, once in degrees and once on the plane."""
    from layers.importing.bringing import import_file

    with Project.create(tmp_path / "一.gpkg", 4547) as alone:
        places = []
        for name in ("kml/坐标-经纬度.csv", "kml/坐标_投影.csv"):
            report = import_file(alone, ImportRequest(shared_data / name, crs=SAID[name]), DirectReader())
            shapes = np.asarray(alone.read(report.layer.uid).geometry.array, dtype=object)
            places.append(shapely.get_coordinates(transform(shapes, report.layer.crs, parse_crs("4527"))))
    # six digits of degrees are some centimetres
    assert np.abs(places[0] - places[1]).max() < 0.2
