"""A file comes into the project as it stands, and whatever is odd about it is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from store_samples import CRS, X, Y, new_project, parcels, square

from layers.errors import CrsError, InputError, JobCancelled, UsageError, ZsgisError
from layers.findings import Severity
from layers.formats.direct import DirectReader
from layers.formats.vector import list_layers, read_vector
from layers.importing.bringing import ImportReport, import_file
from layers.importing.doubt import UncertainError
from layers.importing.request import ImportRequest
from layers.store import Project


def _codes(report: ImportReport) -> list[str]:
    return [finding.code for finding in report.findings]


def _text(report: ImportReport, code: str) -> str:
    (found,) = [finding for finding in report.findings if finding.code == code]
    return found.text


def _import(
    folder: Path, frame: geopandas.GeoDataFrame, kind: str = "land_use", **options: Any
) -> tuple[ImportReport, Any]:
    """Write a frame to a GeoPackage, import it, and return report and features."""
    frame.to_file(folder / "源.gpkg", layer="源")
    with new_project(folder) as project:
        progress = options.pop("progress", None)
        report = import_file(
            project, ImportRequest(folder / "源.gpkg", kind, **options), DirectReader(), progress
        )
        return report, project.read(report.layer.uid)


def test_columns_find_their_fields_by_name_alias_and_standard_abbreviation(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {
            "dlbm": ["0802"],
            "图斑编号": ["7"],
            "Town": ["石岐街道"],
            "TBMJ": [9999.5],
            "FID_1": [5],
            "自有": ["x"],
        },
        geometry=[square()],
        crs=CRS,
    )
    report, read = _import(tmp_path, frame, standard="yd2023")
    assert report.mapping == {
        "class_code": "dlbm",
        "name": "图斑编号",
        "town": "Town",
        "survey_area_m2": "TBMJ",
    }
    assert (report.read, report.written) == (1, 1)
    row = read.iloc[0]
    assert (row["class_code"], row["name"], row["survey_area_m2"]) == ("0802", "7", 9999.5)
    assert (row["FID_1"], row["自有"]) == (5, "x")
    assert report.findings == ()


def test_what_the_caller_maps_comes_before_what_the_names_say(tmp_path: Path) -> None:
    frame = parcels(2).rename(columns={"class_code": "DLBM"}).assign(Class=[7, 8])
    report, read = _import(tmp_path, frame, mapping={"class_code": "class"}, standard="custom")
    assert report.mapping["class_code"] == "Class"
    assert read["class_code"].tolist() == ["7", "8"]
    assert read["DLBM"].tolist() == ["0802", "0802"]


@pytest.mark.parametrize(
    ("options", "error", "word"),
    [
        ({"mapping": {"class_code": "没有"}}, InputError, "class_code"),
        ({"mapping": {"no_field": "name"}}, UsageError, "class_code"),
        ({"standard": "no_such"}, UsageError, "yd2023"),
        ({"source_layer": "没有"}, InputError, "源"),
        ({"crs": "999999"}, CrsError, "999999"),
        ({"name": "\n"}, InputError, ""),
    ],
)
def test_a_wrong_call_is_refused_with_what_there_is(
    tmp_path: Path, options: dict[str, Any], error: type[ZsgisError], word: str
) -> None:
    with pytest.raises(error) as caught:
        _import(tmp_path, parcels(), **options)
    assert word in str(caught.value)
    with Project.open(tmp_path / "工程.gpkg") as project:
        assert (project.layers(), project.journal()) == ((), ())


def test_an_unknown_kind_is_a_wrong_call_and_a_wrong_shape_a_wrong_input(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "源.gpkg")
    with new_project(tmp_path) as project:
        with pytest.raises(UsageError):
            import_file(project, ImportRequest(tmp_path / "源.gpkg", "no_such_kind"), DirectReader())
        with pytest.raises(InputError):
            import_file(project, ImportRequest(tmp_path / "源.gpkg", "points"), DirectReader())
        with pytest.raises(InputError):
            import_file(project, ImportRequest(tmp_path / "没有.gpkg", "zones"), DirectReader())
        assert project.layers() == ()


def test_a_text_file_or_an_empty_one_is_no_map_data(tmp_path: Path) -> None:
    (tmp_path / "文.gpkg").write_text("hello", encoding="utf-8")
    (tmp_path / "空.shp").write_bytes(b"")
    (tmp_path / "指.vrt").write_text(
        "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/vsicurl/http://127.0.0.1/a</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    for name in ("文.gpkg", "空.shp", "指.vrt"):
        with pytest.raises(InputError):
            read_vector(tmp_path / name)


def test_the_project_itself_is_not_imported(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        (tmp_path / "别名.gpkg").symlink_to(project.path)
        for path in (project.path, tmp_path / "别名.gpkg"):
            with pytest.raises(InputError):
                import_file(project, ImportRequest(path, "zones"), DirectReader())


def test_a_file_without_a_coordinate_system_is_taken_only_where_its_digits_decide(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="crs"):
        parcels().set_crs(None, allow_override=True).to_file(tmp_path / "源.gpkg")
    with new_project(tmp_path) as project:
        sure = import_file(
            project, ImportRequest(tmp_path / "源.gpkg", "land_use", standard="yd2023"), DirectReader()
        )
        said = import_file(
            project,
            ImportRequest(tmp_path / "源.gpkg", "land_use", name="另一", crs="4546", standard="yd2023"),
            DirectReader(),
        )
    # six digits of easting within the city are those of 114 degrees east, and of nothing else
    assert sure.layer.crs.to_epsg() == 4547
    assert _codes(sure) == ["import.crs_warning", "import.crs_taken"]
    assert said.layer.crs.to_epsg() == 4546
    assert _codes(said) == ["import.crs_overridden"]


def test_coordinates_that_may_be_several_things_are_asked_for(tmp_path: Path) -> None:
    degrees = geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.box(113.38, 22.52, 113.39, 22.53)])
    with pytest.warns(UserWarning, match="crs"):
        degrees.to_file(tmp_path / "源.gpkg")
    with new_project(tmp_path) as project:
        with pytest.raises(UncertainError) as caught:
            import_file(project, ImportRequest(tmp_path / "源.gpkg", "zones"), DirectReader())
        assert "--crs" in caught.value.remedy
        (verdict,) = caught.value.verdicts
        assert {"4490", "gcj02", "bd09"} <= {candidate.value for candidate in verdict.candidates}
        assert project.layers() == ()
        report = import_file(
            project, ImportRequest(tmp_path / "源.gpkg", "zones", crs="gcj02"), DirectReader()
        )
        (shape,) = project.read(report.layer.uid).geometry
    # standards 5b: about 620 to 640 m to the west-north-west of what the consumer map says
    assert report.layer.crs.to_epsg() == 4490
    assert shape.centroid.x == pytest.approx(113.385 - 0.0055, abs=2e-4)
    assert shape.centroid.y == pytest.approx(22.525 + 0.0027, abs=2e-4)
    assert "guard.shift" in _codes(report)


@pytest.mark.parametrize(
    ("stated", "east", "said", "elsewhere"),
    [
        # six digits under a system with the zone in front: unsure, and 4526 cannot be
        (4526, 436_212.6, "4526", True),
        (4526, 436_212.6, "4547", False),
        (4546, 436_212.6, "4546", True),
        (4546, 436_212.6, "4547", False),
        (4547, 38_436_212.6, "4547", True),
    ],
)
def test_a_system_that_leads_elsewhere_is_used_and_told(
    tmp_path: Path, stated: int, east: float, said: str, elsewhere: bool
) -> None:
    shape = shapely.box(east, 2_491_514.2, east + 100, 2_491_614.2)
    frame = geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[shape], crs=stated)
    report, read = _import(tmp_path, frame, "zones", crs=said)
    assert report.layer.crs.to_epsg() == int(said)
    assert shapely.to_wkb(read.geometry).tolist() == shapely.to_wkb(frame.geometry).tolist()
    assert _codes(report) == (["import.crs_elsewhere"] if elsewhere else [])


def test_degrees_in_exchanged_order_come_to_their_place(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"name": ["甲"]}, geometry=[shapely.box(22.5, 113.3, 22.6, 113.5)], crs=4490
    )
    report, read = _import(tmp_path, frame, "zones", crs="4490+swapped")
    assert read.geometry.iloc[0].bounds == (113.3, 22.5, 113.5, 22.6)
    assert _codes(report) == ["guard.swapped"]


def test_another_coordinate_system_than_the_files_is_used_and_said(tmp_path: Path) -> None:
    report, read = _import(tmp_path, parcels(), crs="EPSG:4526", standard="yd2023")
    assert report.layer.crs.to_epsg() == 4526
    assert _codes(report) == ["import.crs_overridden"]
    assert shapely.to_wkb(read.geometry).tolist() == shapely.to_wkb(parcels().geometry).tolist()


def test_degrees_stay_degrees(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"name": ["点"]}, geometry=[shapely.Point(113.38, 22.52)], crs=4490)
    report, read = _import(tmp_path, frame, "points")
    assert report.layer.crs.to_epsg() == 4490
    assert read.geometry.iloc[0].coords[0] == (113.38, 22.52)


def test_several_layers_need_a_choice_and_tables_do_not_count(tmp_path: Path) -> None:
    file = tmp_path / "源.gpkg"
    parcels(1).to_file(file, layer="甲")
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), file, layer="表", append=True)
    assert [(layer.name, layer.geometry != "") for layer in list_layers(file)] == [
        ("甲", True),
        ("表", False),
    ]
    assert read_vector(file).layer == "甲"
    parcels(2).to_file(file, layer="乙")
    with pytest.raises(InputError) as caught:
        read_vector(file)
    assert "甲、乙" in caught.value.remedy
    assert len(read_vector(file, layer="乙").frame) == 2
    with pytest.raises(InputError):
        read_vector(file, layer="表")


def test_codes_met_as_numbers_become_text_and_the_lost_zero_is_only_said(tmp_path: Path) -> None:
    frame = parcels(3).assign(class_code=[802.0, 1001.0, np.nan])
    report, read = _import(tmp_path, frame, standard="yd2023")
    assert read["class_code"].fillna("-").tolist() == ["802", "1001", "-"]
    assert {"import.numeric_codes", "import.unknown_code", "import.no_code"} == set(_codes(report))
    # 0802 is what 802 likely was; it is named, not written
    assert "0802" in _text(report, "import.unknown_code")
    (unknown,) = [finding for finding in report.findings if finding.code == "import.unknown_code"]
    assert unknown.sources == {report.layer.uid: (read.index[0],)}


def test_custom_classes_are_taken_as_they_stand(tmp_path: Path) -> None:
    report, read = _import(tmp_path, parcels(3).assign(class_code=[0, 11, 5]), standard="custom")
    assert read["class_code"].tolist() == ["0", "11", "5"]
    assert report.findings == ()
    assert [rule.value for rule in report.layer.style.rules] == ["0", "5", "11"]


def test_codes_that_several_standards_know_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UncertainError) as caught:
        _import(tmp_path, parcels())
    (verdict,) = caught.value.verdicts
    assert {"yd2023", "yd2020"} <= {candidate.value for candidate in verdict.candidates}
    assert "--standard" in caught.value.remedy


def test_names_the_program_needs_are_changed_and_said(tmp_path: Path) -> None:
    frame = parcels(1).assign(zs_uid="1", ZS_version=2, Geom="g")
    frame.to_file(tmp_path / "源.geojson")
    with new_project(tmp_path) as project:
        report = import_file(
            project, ImportRequest(tmp_path / "源.geojson", "land_use", standard="yd2023"), DirectReader()
        )
        read = project.read(report.layer.uid)
    assert _codes(report) == ["import.renamed"]
    assert read[["source_zs_uid", "source_ZS_version", "source_Geom"]].iloc[0].tolist() == ["1", 2, "g"]
    assert "zs_uid → source_zs_uid" in _text(report, "import.renamed")
    assert read.index[0] != "1"


def test_values_a_field_cannot_hold_are_left_empty_there_and_kept_beside_it(tmp_path: Path) -> None:
    frame = (
        parcels(3)
        .drop(columns="survey_area_m2")
        .assign(TBMJ=["1,000.5", "约3亩", None], SJNF=["2020", "二〇年", "2021"])
    )
    report, read = _import(tmp_path, frame, standard="yd2023")
    assert read["survey_area_m2"].fillna(-1).tolist() == [1000.5, -1, -1]
    assert read["TBMJ"].fillna("-").tolist() == ["1,000.5", "约3亩", "-"]
    assert read["data_year"].fillna(-1).tolist() == [2020, -1, 2021]
    assert _codes(report) == ["import.unread_values"] * 2
    assert "约3亩" in report.findings[0].text


def test_whole_numbers_beyond_floats_stay_exact_in_a_column_with_gaps(tmp_path: Path) -> None:
    # 2**53 + 1 is the first whole number that a float64 cannot hold
    frame = parcels(3).assign(编号=pd.array([2**53 + 1, None, 442000001001000001], dtype="Int64"))
    _report, read = _import(tmp_path, frame, standard="yd2023")
    assert read["编号"].tolist() == [9007199254740993, pd.NA, 442000001001000001]


def test_invalid_empty_and_missing_shapes_come_in_as_they_are_and_are_named(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)])
    shapes = [square(), bow_tie, None, shapely.Polygon()]
    report, read = _import(tmp_path, parcels(4).set_geometry(shapes, crs=CRS), standard="yd2023")
    assert shapely.to_wkb(read.geometry.iloc[1]) == shapely.to_wkb(bow_tie)
    assert read.geometry.iloc[2] is None
    assert read.geometry.iloc[3].is_empty
    assert _codes(report) == ["import.no_shape", "import.empty_shape", "import.invalid_shape"]
    assert [finding.sources[report.layer.uid] for finding in report.findings] == [
        (read.index[2],),
        (read.index[3],),
        (read.index[1],),
    ]
    assert "图斑2" in report.findings[2].text
    assert "自相交" in report.findings[2].text


def test_a_ring_no_geometry_can_have_is_left_empty_and_called_an_error(tmp_path: Path) -> None:
    # two points make no ring: GeoJSON allows to write it
    rings = [[[X, Y], [X + 1, Y], [X + 1, Y + 1], [X, Y]], [[X, Y], [X + 1, Y]]]
    features = [
        {
            "type": "Feature",
            "properties": {"name": str(i)},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for i, ring in enumerate(rings)
    ]
    (tmp_path / "源.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with new_project(tmp_path) as project:
        report = import_file(
            project, ImportRequest(tmp_path / "源.geojson", "zones", crs="4547"), DirectReader()
        )
        geometry = project.read(report.layer.uid).geometry
    assert geometry.iloc[0] is not None
    assert geometry.iloc[1] is None
    (finding,) = [each for each in report.findings if each.code == "import.unreadable_shape"]
    assert finding.severity is Severity.ERROR


def test_a_collection_of_one_type_becomes_one_shape_of_parts(tmp_path: Path) -> None:
    collection = shapely.GeometryCollection([square(0), square(2)])
    frame = geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[collection], crs=CRS)
    report, read = _import(tmp_path, frame, "zones")
    assert _codes(report) == ["import.collection"]
    assert read.geometry.iloc[0].equals_exact(shapely.MultiPolygon([square(0), square(2)]), 0.0)
    with pytest.raises(InputError):
        _import(
            tmp_path / "..",
            frame.set_geometry([shapely.GeometryCollection([square(), shapely.Point(X, Y)])]),
            "zones",
        )


def test_heights_are_kept_and_lost_measures_are_said(tmp_path: Path) -> None:
    line = shapely.from_wkt("LINESTRING ZM (0 0 1 7, 1 1 2 8)")
    pyogrio.raw.write(
        tmp_path / "源.gpkg",
        np.array([shapely.to_wkb(line, flavor="iso", output_dimension=4)], dtype=object),
        [np.array(["甲"], dtype=object)],
        ["name"],
        geometry_type="Measured 3D LineString",
        crs="EPSG:4547",
    )
    with new_project(tmp_path) as project:
        report = import_file(
            project, ImportRequest(tmp_path / "源.gpkg", "lines", crs="4547"), DirectReader()
        )
        (read,) = project.read(report.layer.uid).geometry
    assert read.wkt == "LINESTRING Z (0 0 1, 1 1 2)"
    assert _codes(report) == ["import.measures_lost"]


_ARC = """<?xml version="1.0" encoding="UTF-8"?>
<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml">
 <gml:featureMember><ogr:zone fid="zone.1"><ogr:geometryProperty>
  <gml:Polygon><gml:exterior><gml:Ring><gml:curveMember><gml:Curve><gml:segments>
   <gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc>
   <gml:LineStringSegment><gml:posList>2 0 0 0</gml:posList></gml:LineStringSegment>
  </gml:segments></gml:Curve></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>
 </ogr:geometryProperty><ogr:name>甲</ogr:name></ogr:zone></gml:featureMember>
</ogr:FeatureCollection>
"""


def test_curves_are_said(tmp_path: Path) -> None:
    (tmp_path / "弧.gml").write_text(_ARC, encoding="utf-8")
    with new_project(tmp_path) as project:
        report = import_file(project, ImportRequest(tmp_path / "弧.gml", "zones", crs="4547"), DirectReader())
    assert "import.curves" in _codes(report)


def test_where_the_data_came_from_is_kept(tmp_path: Path) -> None:
    import hashlib

    report, _read = _import(tmp_path, parcels(), standard="yd2023", name="现状")
    source: Mapping[str, Any] = report.layer.source
    assert (source["file"], source["layer"], source["crs"]) == ("源.gpkg", "源", "EPSG:4547")
    assert source["sha256"] == hashlib.sha256((tmp_path / "源.gpkg").read_bytes()).hexdigest()
    assert source["mapping"] == report.mapping
    assert report.layer.name == "现状"


def test_a_stopped_import_leaves_nothing(tmp_path: Path) -> None:
    class Stop:
        def step(self, done: float, _text: str = "") -> None:
            if done > 0.7:
                raise JobCancelled

    with pytest.raises(JobCancelled):
        _import(tmp_path, parcels(5000), progress=Stop(), standard="yd2023", crs="4547")
    with Project.open(tmp_path / "工程.gpkg") as project:
        assert (project.layers(), project.journal()) == ((), ())
