"""Files and projects checked as a whole: what is guessed, what is asked, and the reports that are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
import shapely

from layers.checking.model import CheckReport
from layers.classification import standard
from layers.errors import InputError, UsageError
from layers.findings import Severity
from layers.formats.direct import DirectReader
from layers.importing.doubt import UncertainError
from layers.progress import NoProgress
from layers.store import NewLayer, Project
from tests.layers.checking.check_samples import EAST, GAUSS_KRUEGER, NORTH, box, here
from zsgis.checking.checking import check_project
from zsgis.checking.document import report_document, write_document
from zsgis.checking.files import FileCheck, check_file
from zsgis.checking.request import CheckRequest
from zsgis.checking.workbook import write_workbook
from zsgis.commands.checking_commands import check as check_command

SQUARES = [box(0, 0, 100, 100), box(90, 0, 200, 100), box(300, 0, 400, 100)]


def write_land(path: Path, *, crs: Any = GAUSS_KRUEGER, **columns: list[Any]) -> Path:
    values = {"DLBM": ["0701", "0702", "1001"], "TBBH": ["1", "2", "3"], **columns}
    frame = geopandas.GeoDataFrame(values, geometry=[here(shape) for shape in SQUARES], crs=crs)
    frame.to_file(path, engine="pyogrio", encoding="UTF-8" if path.suffix == ".shp" else None)
    return path


def checked(path: Path, **how: str) -> FileCheck:
    return check_file(DirectReader(), CheckRequest(path, **how), NoProgress())


def counts(report: CheckReport) -> dict[str, int]:
    return {one.rule.key: one.findings for one in report.counts()}


def test_a_file_is_checked_as_what_its_columns_say(tmp_path: Path) -> None:
    report = checked(write_land(tmp_path / "DLTB.gpkg"), standard="yd2023").report
    assert report.kind == "land_use"
    assert counts(report) == {"topology.overlap": 1}
    finding = report.finding(1)
    assert (finding.name, finding.other_name, finding.figure) == ("1", "2", pytest.approx(1000.0))
    assert (finding.x, finding.y) == (EAST + 95, NORTH + 50)


def test_a_shapefile_reads_the_same(tmp_path: Path) -> None:
    report = checked(write_land(tmp_path / "DLTB.shp"), kind="land_use", standard="yd2023").report
    assert counts(report) == {"topology.overlap": 1}


def test_codes_that_could_be_of_several_standards_are_left_open_as_a_finding(tmp_path: Path) -> None:
    # 0101 水田, 0701 and 1001 are codes of 2020, of 2023 and of the third survey
    path = write_land(tmp_path / "a.gpkg", DLBM=["0101", "0701", "1001"])
    report = checked(path, kind="land_use").report
    assert counts(report)["class.no_standard"] == 1


def test_a_sure_standard_is_taken_and_told(tmp_path: Path) -> None:
    path = write_land(tmp_path / "a.gpkg", DLBM=["060201", "060202", "1804"])
    found = checked(path, kind="land_use")
    assert "class.no_standard" not in counts(found.report)
    assert any(standard("yd2023").title in one.text for one in found.told)


def test_values_of_another_type_are_told_by_what_stands_there(tmp_path: Path) -> None:
    path = write_land(tmp_path / "a.gpkg", TBMJ=["10000.0", "约一亩", "x"])
    report = checked(path, kind="land_use", standard="yd2023").report
    numbers = report.numbers("attribute.type")
    assert [report.finding(number).value for number in numbers] == ["约一亩", "x"]


def test_areas_in_another_unit_are_held_against_what_is_measured(tmp_path: Path) -> None:
    path = write_land(tmp_path / "a.gpkg", **{"图斑面积（亩）": [14.9985, 16.4983, 14.9985]})
    report = checked(path, kind="land_use", standard="yd2023").report
    # 10,000 m2 in the plane are 9999.0 m2 on the ellipsoid (section 5a), 15 mu less 0.1 thousandth
    assert "area.recorded" not in counts(report)


def test_coordinates_that_nobody_is_sure_of_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    frame = geopandas.GeoDataFrame({"名称": ["甲"]}, geometry=[shapely.box(5, 5, 60, 40)])
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(path, engine="pyogrio")
    with pytest.raises(UncertainError) as raised:
        checked(path, kind="zones")
    assert raised.value.verdicts
    assert checked(path, kind="zones", crs="4547").report.features == 1


def test_a_legacy_datum_is_checked_where_it_stands(tmp_path: Path) -> None:
    report = checked(
        write_land(tmp_path / "a.gpkg", crs="EPSG:2383", TBMJ=[1.0, 2.0, 3.0]), standard="yd2023"
    ).report
    # the overlap is found; areas on CGCS2000 and the city cannot be reached without parameters
    assert counts(report)["topology.overlap"] == 1
    assert set(report.skipped) == {"area.recorded", "extent.city"}


def test_what_is_no_file_or_no_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        checked(tmp_path / "missing.shp")
    with pytest.raises(UsageError):
        checked(write_land(tmp_path / "a.gpkg"), kind="no_such_kind")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "工程.gpkg"
    with Project.create(path, GAUSS_KRUEGER) as made:
        for name, code in (("甲", "0701"), ("乙", "9999")):
            frame = geopandas.GeoDataFrame(
                {"class_code": [code] * 3, "name": ["1", "2", "3"]},
                geometry=[here(shape) for shape in SQUARES],
                crs=GAUSS_KRUEGER,
            )
            made.add_layer(NewLayer(name, "land_use", GAUSS_KRUEGER, standard="yd2023"), frame)
    return path


def reports_of(path: Path) -> tuple[CheckReport, ...]:
    with Project.open(path, read_only=True) as opened:
        return check_project(opened, (), NoProgress())


def test_all_layers_of_a_project_are_checked(project: Path) -> None:
    found = {report.layer: counts(report) for report in reports_of(project)}
    assert found == {"甲": {"topology.overlap": 1}, "乙": {"class.unknown": 3, "topology.overlap": 1}}
    assert all(report.finding(1).uid for report in reports_of(project))


def test_the_workbook_adds_up_and_names_each_source(project: Path, tmp_path: Path) -> None:
    reports = reports_of(project)
    book = openpyxl.load_workbook(write_workbook(reports, tmp_path / "报告.xlsx"))
    rows = list(book.worksheets[0].values)
    listed = [row for row in rows if row[0] in ("甲", "乙")]
    assert sum(int(row[3]) for row in listed) == sum(len(report) for report in reports) == 5
    assert all(row[6] for row in listed)
    (total,) = (row for row in rows if isinstance(row[3], str) and row[3].startswith("=SUM"))
    assert total[5] is None or total[5] == ""
    findings = [list(sheet.values) for sheet in book.worksheets[1:3]]
    assert sorted(len([row for row in sheet if isinstance(row[0], int)]) for sheet in findings) == [1, 4]


def test_findings_fit_their_rows_and_the_paper(tmp_path: Path) -> None:
    path = write_land(tmp_path / "f.gpkg", DLBM=["070102", "0701", "0701"])
    report = checked(path, kind="land_use", standard="sandiao").report
    book = openpyxl.load_workbook(write_workbook([report], tmp_path / "报告.xlsx"))
    sheet = book.worksheets[1]
    heads = [cell.value for cell in sheet[2]]
    assert heads[12:14] == ["东坐标", "北坐标"]
    # more than 17 Chinese signs do not go into 34 letters
    source = str(sheet.cell(3, heads.index("依据") + 1).value)
    assert sum(2 if ord(sign) > 255 else 1 for sign in source) > 34
    assert sheet.row_dimensions[3].height >= 30
    assert sheet.print_area.endswith(f"$P${sheet.max_row + 1}")


def test_a_value_that_looks_like_a_formula_stays_text(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "f.gpkg"
    write_land(path, DLBM=["=1+1", "0701", "0701"])
    report = checked(path, kind="land_use", standard="yd2023").report
    book = openpyxl.load_workbook(write_workbook([report], tmp_path / "f.xlsx"))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    (cell,) = (cell for cell in cells if cell.value == "=1+1")
    assert cell.data_type == "s"


def test_the_document_holds_counts_and_findings(project: Path, tmp_path: Path) -> None:
    reports = reports_of(project)
    path = write_document(reports, tmp_path / "报告.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    second = next(one for one in document["reports"] if one["layer"] == "乙")
    assert [one["number"] for one in second["list"]] == [1, 2, 3, 4]
    assert second["by_severity"]["error"] == 4


def test_what_is_cut_from_a_list_is_still_counted(project: Path) -> None:
    report = next(one for one in reports_of(project) if one.layer == "乙")
    document = report_document(report, listed=2)
    (rule,) = (one for one in document["rules"] if one["key"] == "class.unknown")
    assert (rule["findings"], rule["listed"]) == (3, 2)
    assert len(document["list"]) == 3


def test_the_command_tells_project_from_file_and_weighs_what_it_found(project: Path, tmp_path: Path) -> None:
    outcome = check_command(CheckRequest(project, layer="甲"), tmp_path / "r.json", NoProgress())
    assert [one.severity for one in outcome.findings] == [Severity.ERROR]
    assert (tmp_path / "r.json").is_file()
    file = write_land(tmp_path / "a.gpkg")
    apart = check_command(CheckRequest(file, "land_use", standard="yd2023"), None, NoProgress())
    assert apart.document["reports"][0]["findings"] == 1
    json.dumps(apart.document, allow_nan=False)


def test_a_report_of_another_ending_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        check_command(CheckRequest(tmp_path / "missing.gpkg"), tmp_path / "r.docx", NoProgress())


def test_options_for_files_are_refused_for_a_project(project: Path) -> None:
    with pytest.raises(InputError):
        check_command(CheckRequest(project, kind="zones"), None, NoProgress())


def test_the_report_lists_every_feature_of_a_finding_about_many(tmp_path: Path) -> None:
    far = tmp_path / "远.gpkg"
    shapes = [here(box(60_000 + at, 0, 60_010 + at, 10)) for at in (0, 20, 40)]
    frame = geopandas.GeoDataFrame({"name": ["甲", "乙", "丙"]}, geometry=shapes, crs=GAUSS_KRUEGER)
    frame.to_file(far, engine="pyogrio")
    report = checked(far, kind="zones", crs="4547").report
    (listed,) = [one for one in report_document(report)["list"] if one["rule"] == "extent.city"]
    assert (listed["row"], listed["figure"], listed["value"]) == (None, 3.0, "1-3")
    assert [(one["row"], one["name"]) for one in listed["features"]] == [(1, "甲"), (2, "乙"), (3, "丙")]


def test_the_report_of_a_secret_layer_bears_its_secrecy(tmp_path: Path) -> None:
    """The highest of the layers': what is listed are names and places of features."""
    path = tmp_path / "工程.gpkg"
    with Project.create(path, GAUSS_KRUEGER) as made:
        for name, secrecy in (("甲", "内部"), ("乙", "秘密★10年")):
            frame = geopandas.GeoDataFrame(
                {"class_code": ["0701"]}, geometry=[here(SQUARES[0])], crs=GAUSS_KRUEGER
            )
            new = NewLayer(name, "land_use", GAUSS_KRUEGER, standard="yd2023", secrecy=secrecy)
            made.add_layer(new, frame)
        reports = check_project(made, [], NoProgress())
    assert {report.layer: report_document(report)["secrecy"] for report in reports} == {
        "甲": "内部",
        "乙": "秘密★10年",
    }
    book = openpyxl.load_workbook(write_workbook(reports, tmp_path / "报告.xlsx"))
    assert {sheet.oddHeader.right.text for sheet in book.worksheets} == {"密级：秘密★10年"}
    summary = book.worksheets[0]
    assert "密级：秘密★10年" in [row[0].value for row in summary.iter_rows(max_row=6)]
