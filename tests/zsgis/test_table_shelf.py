"""A layer's table out of a real project: pages, columns, what is found in it, areas, files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from layers.crs import parse_crs
from layers.errors import InputError, JobCancelled
from layers.filtering import FilterError
from layers.store import LayerInfo, NewLayer, Project
from zsgis.tabulation.arranging import Arrangement, arranged
from zsgis.tabulation.clipping import tab_separated
from zsgis.tabulation.columns import NumberColumn
from zsgis.tabulation.look import TableLook, read_look, with_look
from zsgis.tabulation.shelf import ColumnShelf
from zsgis.tabulation.writing import sheet_columns, write_rows

COUNT = 9_000
CRS = parse_crs("4547")
FORMULA = '=HYPERLINK("http://x","甲")'


def frame() -> geopandas.GeoDataFrame:
    """Return squares of 10 m and 20 m in a row, with codes, gaps and a text that begins like a formula."""
    draw = np.random.default_rng(7)
    side = np.where(np.arange(COUNT) % 2, 20.0, 10.0)
    west = 500_000.0 + np.arange(COUNT) * 20.0
    areas = np.where(draw.random(COUNT) < 0.1, np.nan, np.round(draw.random(COUNT) * 5000, 2))
    owners = np.array(["坦洲村", "三乡村", None, FORMULA], dtype=object)[draw.integers(0, 4, COUNT)]
    return geopandas.GeoDataFrame(
        {
            "name": [f"图斑{number:05d}" for number in range(COUNT)],
            "class_code": np.array(["0101", "0307", "0702"])[draw.integers(0, 3, COUNT)],
            "owner": owners,
            "survey_area_m2": areas,
            "data_year": pd.array(draw.integers(2019, 2025, COUNT), dtype="Int64"),
        },
        geometry=shapely.box(west, 2_490_000.0, west + side, 2_490_000.0 + side),
        crs=CRS,
    )


@dataclass
class Open:
    """A project with one layer, its shelf, and the layer as a frame read the ordinary way."""

    project: Project
    layer: LayerInfo
    shelf: ColumnShelf
    frame: geopandas.GeoDataFrame


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    with Project.create(tmp_path_factory.mktemp("table") / "表.gpkg", CRS) as project:
        layer = project.add_layer(NewLayer("图斑", "land_use", CRS, standard="sandiao"), frame())
        yield Open(project, layer, ColumnShelf(project.table(layer)), project.read(layer.uid))


def shown(opened: Open, wanted: Arrangement) -> list[str]:
    rows = arranged(opened.shelf, wanted).rows
    names = opened.frame["name"].to_numpy()
    return list(names if rows is None else names[rows])


def matches(opened: Open, text: str, *names: str) -> list[str]:
    return shown(opened, Arrangement(text=text, names=names, only_column=len(names) == 1))


def test_pages_show_the_rows_as_they_are_stored(opened: Open) -> None:
    fresh = ColumnShelf(opened.project.table(opened.layer))
    place = [field.name for field in fresh.fields].index("name")
    early = fresh.page([8_500, 8_501, 8_502])
    assert {row: values[place] for row, values in early.items()} == {
        row: f"图斑{row:05d}" for row in (8_500, 8_501, 8_502)
    }
    fresh.keys()
    late = fresh.page([5, 8_999, 4_000])
    assert {row: values[place] for row, values in late.items()} == {
        row: f"图斑{row:05d}" for row in (5, 4_000, 8_999)
    }


def test_keys_are_those_of_the_layer(opened: Open) -> None:
    assert list(opened.shelf.keys().uids) == list(opened.frame.index)


def test_headings_carry_term_and_unit_and_codes_their_names(opened: Open) -> None:
    area, code = opened.shelf.field("survey_area_m2"), opened.shelf.field("class_code")
    assert area.title == "图斑面积（m²）"
    assert code.text("0101") == "0101 水田"
    # a year is no amount: nothing sets its thousands apart
    assert opened.shelf.field("data_year").text(2021) == "2021"


def test_columns_hold_what_the_frame_holds(opened: Open) -> None:
    area = opened.shelf.column("survey_area_m2")
    assert isinstance(area, NumberColumn)
    expected = opened.frame["survey_area_m2"].to_numpy()
    assert np.array_equal(np.where(area.missing, np.nan, area.values), expected, equal_nan=True)
    owner = opened.shelf.column("owner")
    assert [owner.value(row) for row in range(COUNT)] == [
        None if pd.isna(value) else value for value in opened.frame["owner"]
    ]


def test_sorting_and_filtering_agree_with_pandas(opened: Open) -> None:
    wanted = Arrangement(
        sort="survey_area_m2", descending=True, text=">2500", names=("survey_area_m2",), only_column=True
    )
    frame = opened.frame
    expected = frame[frame["survey_area_m2"] > 2500].sort_values(
        "survey_area_m2", ascending=False, kind="stable"
    )
    assert shown(opened, wanted) == list(expected["name"])


def test_text_is_looked_for_in_every_column_that_is_shown(opened: Open) -> None:
    frame = opened.frame
    expected = frame[(frame["owner"] == "三乡村") | frame["name"].str.contains("三乡")]
    assert matches(opened, "三乡", "name", "owner") == list(expected["name"])
    assert matches(opened, "水田", "class_code") == list(frame[frame["class_code"] == "0101"]["name"])
    assert matches(opened, "没有这样的字", "name", "owner") == []


def test_an_expression_is_evaluated_on_the_columns(opened: Open) -> None:
    frame = opened.frame
    expected = frame[(frame["class_code"] == "0101") & (frame["survey_area_m2"] > 1000)]
    assert matches(opened, "= 地类编码 = '0101' 且 图斑面积 > 1000") == list(expected["name"])
    empty = frame[frame["owner"].isna()]
    assert matches(opened, "=权属单位名称 为空") == list(empty["name"])
    assert matches(opened, "=data_year in (2020, 2023)") == list(
        frame[frame["data_year"].isin([2020, 2023])]["name"]
    )


def test_an_expression_may_ask_for_the_shape(opened: Open) -> None:
    # every other square measures 20 m by 20 m
    assert matches(opened, "=图形面积(平面) > 399") == list(opened.frame["name"][1::2])


def test_an_expression_that_says_nothing_is_told_where(opened: Open) -> None:
    with pytest.raises(FilterError):
        arranged(opened.shelf, Arrangement(text="=面积何在 >"))


def test_only_selected_rows_keep_the_order(opened: Open) -> None:
    selected = np.zeros(COUNT, dtype=bool)
    selected[[10, 4_000, 77]] = True
    wanted = Arrangement(sort="name", descending=True, selected=selected)
    assert shown(opened, wanted) == ["图斑04000", "图斑00077", "图斑00010"]
    found = arranged(opened.shelf, Arrangement(text="图斑0007", names=("name",), finds=True))
    assert found.rows is None
    assert found.found is not None
    assert np.flatnonzero(found.found).tolist() == list(range(70, 80))


class Stopped:
    """A progress at which someone has asked to stop."""

    def step(self, _done: float, _text: str = "") -> None:
        raise JobCancelled


def test_reading_stops_when_asked_to(opened: Open) -> None:
    fresh = ColumnShelf(opened.project.table(opened.layer))
    with pytest.raises(JobCancelled):
        fresh.columns(["name"], Stopped())
    assert fresh.known_columns == {}


def test_a_layer_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    with Project.create(tmp_path / "x.gpkg", CRS) as project:
        layer = project.add_layer(NewLayer("图斑", "land_use", CRS, standard="sandiao"), frame().head(5))
        shelf = ColumnShelf(project.table(layer))
        shelf.keys()
        with project._database.writing() as connection:
            connection.execute("DELETE FROM 图斑 WHERE fid = 3")
        with pytest.raises(InputError):
            shelf.column("name")


def written(
    opened: Open, path: Path, rows: np.ndarray, names: tuple[str, ...] = ("name", "class_code", "owner")
) -> Path:
    columns = opened.shelf.columns(names)
    fields = [opened.shelf.field(name) for name in names]
    return write_rows(sheet_columns(fields, columns), rows, path, "图斑/表")


def rows_with_formula(opened: Open) -> np.ndarray:
    return np.flatnonzero(opened.frame["owner"].to_numpy() == FORMULA)[:3]


def test_a_text_file_opens_in_a_spreadsheet_and_runs_nothing(opened: Open, tmp_path: Path) -> None:
    rows = np.concatenate([rows_with_formula(opened), [0]])
    path = written(opened, tmp_path / "表.csv", rows, ("name", "class_code", "owner", "survey_area_m2"))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["图斑编号", "地类编码", "地类编码（名称）", "权属单位名称", "图斑面积（m²）"]
    assert lines[1][3] == f"'{FORMULA}"
    first = opened.frame.iloc[int(rows[0])]
    assert lines[1][0] == first["name"]
    assert lines[1][1:3] == [
        first["class_code"],
        {"0101": "水田", "0307": "其他林地", "0702": "农村宅基地"}[first["class_code"]],
    ]
    area = first["survey_area_m2"]
    assert lines[1][4] == ("" if np.isnan(area) else str(area))


def test_a_workbook_holds_numbers_as_numbers_and_formulas_as_text(opened: Open, tmp_path: Path) -> None:
    rows = np.concatenate([rows_with_formula(opened), [0, 1, 2]])
    path = written(opened, tmp_path / "表.xlsx", rows, ("name", "owner", "survey_area_m2", "data_year"))
    sheet = openpyxl.load_workbook(path).active
    cells = list(sheet.iter_rows())
    assert [cell.value for cell in cells[0]] == ["图斑编号", "权属单位名称", "图斑面积（m²）", "数据年份"]
    assert (cells[1][1].value, cells[1][1].data_type) == (FORMULA, "s")
    for cell_row, row in zip(cells[1:], rows, strict=True):
        stored = opened.frame.iloc[int(row)]
        assert cell_row[0].value == stored["name"]
        assert cell_row[2].value == (None if np.isnan(stored["survey_area_m2"]) else stored["survey_area_m2"])
        assert cell_row[3].value == stored["data_year"]


def test_rows_of_a_secret_layer_bear_its_secrecy(opened: Open, tmp_path: Path) -> None:
    cells = sheet_columns([opened.shelf.field("name")], opened.shelf.columns(("name",)))
    for name in ("表.csv", "表.xlsx"):
        write_rows(cells, np.arange(3), tmp_path / name, "x", mark="密级：内部")
    sheet = openpyxl.load_workbook(tmp_path / "表.xlsx").active
    assert sheet.oddHeader.right.text == "密级：内部"
    note = (tmp_path / "表.csv.密级.txt").read_text(encoding="utf-8-sig")
    assert note.startswith("密级：内部。")
    # the workbook says it itself
    written = {each.name for each in tmp_path.iterdir()}
    assert {"表.csv", "表.csv.密级.txt", "表.xlsx"} <= written
    assert "表.xlsx.密级.txt" not in written


@pytest.mark.parametrize("name", ["表.csv", "表.xlsx"])
def test_a_file_appears_whole_or_not_at_all(opened: Open, tmp_path: Path, name: str) -> None:
    columns = opened.shelf.columns(["name"])
    cells = sheet_columns([opened.shelf.field("name")], columns)
    with pytest.raises(JobCancelled):
        write_rows(cells, np.arange(COUNT), tmp_path / name, "x", Stopped())
    assert list(tmp_path.iterdir()) == []
    folder = tmp_path / "keiner"
    with pytest.raises(InputError):
        write_rows(cells, np.arange(3), folder / name, "x")
    with pytest.raises(InputError):
        write_rows(cells, np.arange(3), tmp_path / "表.docx", "x")
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_a_worksheet_holds_are_refused(opened: Open, tmp_path: Path) -> None:
    cells = sheet_columns([opened.shelf.field("name")], opened.shelf.columns(["name"]))
    with pytest.raises(InputError, match="1,048,575"):
        write_rows(cells, np.zeros(1_048_576, dtype=np.int64), tmp_path / "x.xlsx", "x")


def test_copied_rows_stay_one_line_each(opened: Open) -> None:
    names = ["name", "survey_area_m2"]
    fields = [opened.shelf.field(name) for name in names]
    text = tab_separated(fields, opened.shelf.columns(names), np.array([2, 0]))
    areas = opened.frame["survey_area_m2"]

    def plain(area: float) -> str:
        return "" if np.isnan(area) else f"{area:.2f}"

    assert text.split("\n") == [
        "图斑编号\t图斑面积（m²）",
        f"图斑00002\t{plain(areas.iloc[2])}",
        f"图斑00000\t{plain(areas.iloc[0])}",
    ]


def test_an_arrangement_survives_the_project_and_a_changed_layer() -> None:
    look = TableLook(order=("b", "a"), hidden=frozenset({"c"}), widths={"a": 90})
    stored = with_look({"other": {"order": ["x"]}}, "layer", look)
    assert read_look(stored, "layer") == look
    assert read_look(stored, "other").order == ("x",)
    # a field that came later stands at the end and is shown, one that is gone is passed over
    assert look.shown(["a", "c", "d"]) == ("a", "d")
    assert TableLook(hidden=frozenset({"a"})).shown(["a"]) == ("a",)
    for rubbish in (None, 3, {"layer": 4}, {"layer": {"widths": {"a": "x"}}}):
        assert read_look(rubbish, "layer") == TableLook()
    assert look.width("a", 50) == 90
    assert TableLook(widths={"a": 10**9}).width("a", 50) == 2000
