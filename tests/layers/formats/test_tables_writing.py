"""Tables out and in again: text to the last sign, shapes to the last digit."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from layers.errors import InputError, JobCancelled, UsageError
from layers.formats.model import OutgoingLayer, ReadOptions
from layers.formats.tables.csv_writer import CSV_TABLE
from layers.formats.tables.harmless import harmless, restored
from layers.formats.tables.reader import TABLES
from layers.formats.tables.xlsx_writer import EXCEL_TABLE
from layers.progress import NoProgress

WRITERS = {"a.xlsx": EXCEL_TABLE, "a.csv": CSV_TABLE}
OFTEN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# texts that people and machines write; what looks like a figure is a figure only where it is no text
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=30)


def layer(**columns: list[Any]) -> OutgoingLayer:
    count = len(next(iter(columns.values())))
    geometry = columns.pop("geometry", [None] * count)
    frame = geopandas.GeoDataFrame(
        {"zs_uid": [f"u{n}" for n in range(count)], **columns}, geometry=geometry, crs="EPSG:4547"
    )
    titles = {"code": "地类编码", "area": "图斑面积", "day": "日期"}
    return OutgoingLayer("地块", frame, titles=titles)


def again(path: Path, outgoing: OutgoingLayer, **choices: Any) -> pd.DataFrame:
    path.unlink(missing_ok=True)
    WRITERS[path.name].write(outgoing, path, choices, NoProgress())
    return TABLES.read(path, ReadOptions(), NoProgress()).frame


@pytest.mark.parametrize("name", WRITERS)
@OFTEN
@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_text_comes_back_to_the_last_sign(tmp_path: Path, name: str, texts: list[str]) -> None:
    found = again(tmp_path / name, layer(text=texts, number=[1.5] * len(texts)))
    assert found["text"].tolist() == texts
    assert found["number"].tolist() == [1.5] * len(texts)


@pytest.mark.parametrize("name", WRITERS)
@OFTEN
@given(
    numbers=st.lists(
        st.one_of(st.none(), st.floats(-1e12, 1e12, allow_nan=False)), min_size=2, max_size=5
    ).filter(lambda values: values[0] is not None)
)
def test_numbers_come_back_to_the_last_digit(tmp_path: Path, name: str, numbers: list[float | None]) -> None:
    wanted = np.array(numbers, dtype=np.float64)
    found = again(tmp_path / name, layer(number=list(wanted)))
    assert np.array_equal(found["number"].to_numpy(dtype=np.float64, na_value=np.nan), wanted, equal_nan=True)


@pytest.mark.parametrize("name", WRITERS)
@OFTEN
@given(
    west=st.floats(38_400_000, 38_499_999),
    south=st.floats(2_400_000, 2_599_999),
    size=st.floats(0.01, 5_000),
    hole=st.booleans(),
)
def test_polygons_come_back(
    tmp_path: Path, name: str, west: float, south: float, size: float, hole: bool
) -> None:
    shape = shapely.box(west, south, west + size, south + size)
    if hole:
        shape = shape.difference(
            shapely.box(west + size / 4, south + size / 4, west + size / 2, south + size / 2)
        )
    found = again(tmp_path / name, layer(code=["0802", "1003"], geometry=[shape, None]))
    back = found.geometry.iloc[0]
    assert shapely.hausdorff_distance(back, shape) < 0.001
    assert found.geometry.iloc[1] is None
    assert found["地类编码"].tolist() == ["0802", "1003"]


@pytest.mark.parametrize("name", WRITERS)
def test_points_come_back_by_named_axes(tmp_path: Path, name: str) -> None:
    plane = layer(code=["0802", "1003"], geometry=[shapely.Point(436212.6154, 2491514.2431), None])
    found = again(tmp_path / name, plane)
    assert found.geometry.iloc[0].coords[0] == (436212.6154, 2491514.2431)
    assert found.geometry.iloc[1] is None
    plane.frame.set_crs(4490, allow_override=True, inplace=True)
    plane.frame.loc[0, "geometry"] = shapely.Point(113.38, 22.52)
    assert again(tmp_path / name, plane).geometry.iloc[0].coords[0] == (113.38, 22.52)


@pytest.mark.parametrize("name", WRITERS)
def test_days_codes_and_long_numbers(tmp_path: Path, name: str) -> None:
    outgoing = layer(
        code=["0802", None],
        day=[dt.date(2026, 11, 22), None],
        stamp=pd.to_datetime(["2026-11-22", None]),
        long=pd.array([442000001001000123, None], dtype="Int64"),
    )
    found = again(tmp_path / name, outgoing)
    assert found["地类编码"].iloc[0] == "0802"
    assert found["日期"].tolist() == [dt.date(2026, 11, 22), None]
    assert found["stamp"].tolist() == [dt.date(2026, 11, 22), None]
    assert found["long"].iloc[0] == "442000001001000123"


def test_the_workbook_as_others_see_it(tmp_path: Path) -> None:
    outgoing = layer(code=["0802", "=1+1", "#N/A"], area=[1.25, 2.5, 3.0], day=[dt.date(2026, 11, 22)] * 3)
    written = EXCEL_TABLE.write(outgoing, tmp_path / "a.xlsx", {"units": {"area": "mu"}}, NoProgress())
    assert written.renamed == {"code": "地类编码", "area": "图斑面积（亩）", "day": "日期"}
    sheet: Any = load_workbook(tmp_path / "a.xlsx")["地块"]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == ["zs_uid", "地类编码", "图斑面积（亩）", "日期"]
    assert [sheet.cell(row, 2).data_type for row in (2, 3, 4)] == ["s", "s", "s"]
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == ["0802", "=1+1", "#N/A"]
    assert sheet["B2"].number_format == "@"
    assert (sheet["C2"].value, sheet["C2"].number_format) == (1.25, "0.00")
    assert sheet["D2"].is_date
    assert sheet.column_dimensions["C"].width > 12


def test_the_text_file_as_others_see_it(tmp_path: Path) -> None:
    outgoing = layer(code=["=cmd|'/c calc'!A1", "'-1"], area=[-1.5, 2.0])
    written = CSV_TABLE.write(outgoing, tmp_path / "a.csv", {}, NoProgress())
    assert [note.code for note in written.notes] == ["tables.apostrophes"]
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 3
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    # no cell of text begins like a formula; a negative number stays a number
    assert rows[1] == ["u0", "'=cmd|'/c calc'!A1", "-1.5"]
    assert rows[2] == ["u1", "''-1", "2.0"]


@given(TEXTS)
def test_neutralising_is_reversible(text: str) -> None:
    written = harmless(text)
    assert restored(written) == text
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(("name", "writer"), WRITERS.items())
def test_refusals_leave_nothing_behind(tmp_path: Path, name: str, writer: Any) -> None:
    polygon = layer(code=["0802"], geometry=[shapely.box(0, 0, 1, 1)])
    for choices in ({"geometry": "xy"}, {"geometry": "circle"}, {"colour": "red"}):
        with pytest.raises(UsageError):
            writer.write(polygon, tmp_path / name, choices, NoProgress())

    class Stops:
        def step(self, _done: float, _text: str = "") -> None:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        writer.write(polygon, tmp_path / name, {}, Stops())
    assert list(tmp_path.iterdir()) == []
    writer.write(polygon, tmp_path / name, {"geometry": "none"}, NoProgress())
    assert "WKT" not in TABLES.read(tmp_path / name, ReadOptions(), NoProgress()).frame.columns


def test_what_a_worksheet_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        EXCEL_TABLE.write(layer(code=["x" * 32_768]), tmp_path / "a.xlsx", {}, NoProgress())
    with pytest.raises(InputError):
        CSV_TABLE.write(layer(code=["a\x00b"]), tmp_path / "a.csv", {}, NoProgress())
    assert list(tmp_path.iterdir()) == []
