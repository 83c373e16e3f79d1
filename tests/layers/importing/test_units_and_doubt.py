"""Areas in another unit are converted in the open; what is not sure is asked, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from layers.errors import UsageError
from layers.formats.direct import DirectReader
from layers.importing.bringing import ImportReport, import_file
from layers.importing.doubt import UncertainError
from layers.importing.request import ImportRequest
from layers.store import Project
from tests.layers.formats.tables_samples import workbook

X, Y = 436_000.0, 2_491_000.0
# 300 m x 200 m are 60,000 m2, 6 ha and 90 mu
SIDES = ((300.0, 200.0), (150.0, 100.0), (30.0, 20.0))
MU = [90.0, 22.5, 0.9]


def parcels(**columns: Any) -> geopandas.GeoDataFrame:
    shapes = [
        shapely.box(X + 1000 * place, Y, X + 1000 * place + wide, Y + high)
        for place, (wide, high) in enumerate(SIDES)
    ]
    return geopandas.GeoDataFrame({"DLBM": ["0101"] * 3, **columns}, geometry=shapes, crs="EPSG:4547")


def bring(folder: Path, frame: geopandas.GeoDataFrame, **said: Any) -> tuple[ImportReport, pd.DataFrame]:
    frame.to_file(folder / "源.gpkg", layer="源")
    with Project.create(folder / "工程.gpkg", 4547) as project:
        request = ImportRequest(folder / "源.gpkg", "land_use", standard="sandiao", **said)
        report = import_file(project, request, DirectReader())
        return report, pd.DataFrame(project.read(report.layer.uid))


def codes(report: ImportReport) -> list[str]:
    return [finding.code for finding in report.findings]


def test_areas_in_mu_fill_a_field_in_square_metres_and_stay_beside_it(tmp_path: Path) -> None:
    report, read = bring(tmp_path, parcels(TBMJ=MU))
    # 1 mu = 2000/3 m2
    assert read["survey_area_m2"].tolist() == [60_000.0, 15_000.0, 600.0]
    assert read["TBMJ"].tolist() == MU
    assert "import.unit_converted" in codes(report)
    assert dict(report.decisions.units) == {"TBMJ": "mu"}


def test_areas_in_square_metres_are_taken_as_they_stand(tmp_path: Path) -> None:
    areas = [60_000.04, 14_999.98, 600.01]
    report, read = bring(tmp_path, parcels(TBMJ=areas))
    assert read["survey_area_m2"].tolist() == areas
    assert "TBMJ" not in read.columns
    assert not {"import.unit_converted", "import.unit_unknown"} & set(codes(report))


def test_areas_that_fit_no_unit_are_asked_for_and_taken_as_said(tmp_path: Path) -> None:
    # two in mu, one that was typed in hectares
    frame = parcels(TBMJ=[90.0, 22.5, 0.06])
    with pytest.raises(UncertainError) as caught:
        bring(tmp_path, frame)
    assert "--unit TBMJ=mu" in caught.value.remedy
    (verdict,) = caught.value.verdicts
    assert verdict.subject == "TBMJ"
    with Project.open(tmp_path / "工程.gpkg") as project:
        assert project.layers() == ()
    (tmp_path / "工程.gpkg").unlink()
    _report, read = bring(tmp_path, frame, units={"TBMJ": "m2"})
    assert read["survey_area_m2"].tolist() == [90.0, 22.5, 0.06]


def test_areas_that_fit_no_unit_at_all_are_told(tmp_path: Path) -> None:
    # 7 to 30 times the shapes, whatever they are read in
    report, read = bring(tmp_path, parcels(TBMJ=[400_000.0, 210_000.0, 18_000.0]))
    assert read["survey_area_m2"].tolist() == [400_000.0, 210_000.0, 18_000.0]
    (told,) = (finding.text for finding in report.findings if finding.code == "import.unit_unknown")
    assert "TBMJ" in told


def test_a_header_that_names_its_unit_is_believed_where_shapes_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "表.csv").write_text(
        "名称,X,Y,证载面积（亩）\n甲,2491000.5,436000.5,90\n乙,2491100.5,436100.5,1.5\n", encoding="utf-8"
    )
    with Project.create(tmp_path / "工程.gpkg", 4547) as project:
        request = ImportRequest(tmp_path / "表.csv", "incubators", mapping={"floor_area_m2": "证载面积"})
        report = import_file(project, request, DirectReader())
        read = project.read(report.layer.uid)
    assert read["floor_area_m2"].tolist() == [60_000.0, 1000.0]
    assert "import.unit_converted" in codes(report)


def test_missing_areas_stay_missing_when_the_rest_is_converted(tmp_path: Path) -> None:
    _report, read = bring(tmp_path, parcels(TBMJ=[90.0, np.nan, 0.9]))
    assert read["survey_area_m2"].isna().tolist() == [False, True, False]


def test_an_unknown_unit_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="英亩"):
        bring(tmp_path, parcels(TBMJ=MU), units={"TBMJ": "英亩"})


def test_an_open_question_tells_programs_its_candidates(tmp_path: Path) -> None:
    degrees = parcels().to_crs(4490).set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="crs"):
        degrees.to_file(tmp_path / "源.gpkg")
    with Project.create(tmp_path / "工程.gpkg", 4547) as project, pytest.raises(UncertainError) as caught:
        import_file(project, ImportRequest(tmp_path / "源.gpkg", "zones"), DirectReader())
    (asked,) = json.loads(json.dumps(dict(caught.value.facts), allow_nan=False))["candidates"]
    assert asked["aspect"] == "crs"
    assert asked["sure"] is False
    first = asked["candidates"][0]
    assert {"value", "confidence", "reason", "extent"} <= set(first)
    west, south, east, north = first["extent"]
    assert 113.1 < west < east < 113.8
    assert 22.2 < south < north < 22.8


@pytest.mark.parametrize(
    ("taken", "words"), [("4999999", "4999999"), ("4547+sideways", "sideways"), ("gk:500", "500")]
)
def test_a_system_that_is_not_understood_is_said_before_anything_is_read(
    tmp_path: Path, taken: str, words: str
) -> None:
    from layers.errors import CrsError

    with Project.create(tmp_path / "工程.gpkg", 4547) as project, pytest.raises(CrsError) as caught:
        import_file(project, ImportRequest(tmp_path / "没有.gpkg", "zones", crs=taken), DirectReader())
    assert words in str(caught.value)


def test_exchanged_coordinates_are_put_right_and_told(tmp_path: Path) -> None:
    frame = parcels(TBMJ=[60_000.0, 15_000.0, 600.0])
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda points: points[:, ::-1])
    swapped = frame.set_geometry(geopandas.array.from_shapely(shapes, crs="EPSG:4547"))
    report, read = bring(tmp_path, swapped, crs="4547+swapped")
    assert shapely.total_bounds(read["geometry"].to_numpy()).tolist()[:2] == [X, Y]
    assert any(code.startswith("guard.") for code in codes(report))


def test_a_single_parcel_in_hectares_is_not_taken_for_square_metres(tmp_path: Path) -> None:
    report, read = bring(tmp_path, parcels(TBMJ=[6.0, 1.5, 0.06]).iloc[:1])
    assert read["survey_area_m2"].tolist() == [60_000.0]
    assert "import.unit_converted" in codes(report)


def test_a_heading_against_the_shapes_is_asked(tmp_path: Path) -> None:
    frame = parcels()
    rows: list[list[Any]] = [["地类编码", "图斑面积（亩）", "WKT"]]
    rows += [["0101", area, shape.wkt] for area, shape in zip(frame.area, frame.geometry, strict=True)]
    path = workbook(tmp_path / "表.xlsx", {"表": rows})
    with Project.create(tmp_path / "工程.gpkg", 4547) as project:
        said: dict[str, Any] = {"crs": "4547", "standard": "sandiao"}
        with pytest.raises(UncertainError) as caught:
            import_file(project, ImportRequest(path, "land_use", **said), DirectReader())
        assert [verdict.subject for verdict in caught.value.verdicts] == ["图斑面积"]
        request = ImportRequest(path, "land_use", units={"图斑面积": "m2"}, **said)
        layer = import_file(project, request, DirectReader()).layer
        assert project.read(layer.uid)["survey_area_m2"].tolist() == frame.area.tolist()


def test_what_is_proposed_for_a_standard_is_what_the_option_takes(tmp_path: Path) -> None:
    shapes = [shapely.box(X + 1000 * place, Y, X + 1000 * place + 100, Y + 100) for place in range(3)]
    # whole numbers: leading zeros are lost, so no standard is sure
    frame = geopandas.GeoDataFrame({"DLBM": [101, 1003, 702]}, geometry=shapes, crs="EPSG:4547")
    frame.to_file(tmp_path / "源.gpkg", layer="源")
    with Project.create(tmp_path / "工程.gpkg", 4547) as project:
        with pytest.raises(UncertainError) as caught:
            import_file(project, ImportRequest(tmp_path / "源.gpkg", "land_use"), DirectReader())
        _before, _option, proposed = caught.value.remedy.partition("--standard ")
        key = proposed.split("、")[0]
        request = ImportRequest(tmp_path / "源.gpkg", "land_use", standard=key)
        assert import_file(project, request, DirectReader()).decisions.standard == key == "sandiao"


def test_codes_under_a_heading_of_two_rows_are_asked_about_too(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("名称", "用地情况", None, "X", "Y"),
        (None, "地类编码", "面积", None, None),
        ("甲", "0101", 1.5, 2491000.5, 38436000.5),
        ("乙", "0701", 2.5, 2491100.5, 38436100.5),
    ):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    for place in ("A1:A2", "D1:D2", "E1:E2"):
        sheet.merge_cells(place)
    book.save(tmp_path / "表.xlsx")
    with Project.create(tmp_path / "工程.gpkg", 4547) as project, pytest.raises(UncertainError) as caught:
        import_file(project, ImportRequest(tmp_path / "表.xlsx", "industrial_parcels"), DirectReader())
    assert "--standard" in caught.value.remedy
