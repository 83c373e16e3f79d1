"""Series of sheets: which features, at which scales, and the sheet that says where each lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layers.errors import InputError, UsageError
from layers.progress import NoProgress
from layers.store import Project
from tests.sheet_example import EAST_PLATFORM, WEST_PLATFORM, drawables, example_project
from zsgis.sheets import series
from zsgis.sheets.layout import MapItem, SheetLayout, TableItem, WatermarkItem
from zsgis.sheets.production import SheetMaterial, SheetOrder, compose_sheets
from zsgis.sheets.series import layer_and_field
from zsgis.sheets.series_rule import SeriesRule, read_scales

OUT = Path("平台.pdf")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with example_project(tmp_path / "work.gpkg") as made:
        yield made


def made(project: Project, **asked: Any) -> list[SheetLayout]:
    order = SheetOrder(each="重大平台", **asked)
    material = SheetMaterial(tuple(drawables(project)), None)
    return compose_sheets(project, order, material, NoProgress(), OUT)


def scale(sheet: SheetLayout) -> float:
    (item,) = sheet.first.items_of(MapItem)
    return float(item.scale_denominator)


def test_a_series_has_the_features_asked_for_in_their_order(project: Project) -> None:
    rule = SeriesRule(only=(EAST_PLATFORM, WEST_PLATFORM))
    sheets = series(project, each="重大平台", rule=rule, drawables=drawables(project))
    assert [sheet.zone for sheet in sheets] == [EAST_PLATFORM, WEST_PLATFORM]
    one = series(
        project, each="重大平台", rule=SeriesRule(only=(WEST_PLATFORM,)), drawables=drawables(project)
    )
    assert [sheet.zone for sheet in one] == [WEST_PLATFORM]


@pytest.mark.parametrize("only", [("没有的",), (WEST_PLATFORM, WEST_PLATFORM)])
def test_a_feature_that_is_not_there_or_named_twice_is_refused(
    project: Project, only: tuple[str, ...]
) -> None:
    with pytest.raises(InputError, match=only[0]):
        series(project, each="重大平台", rule=SeriesRule(only=only), drawables=drawables(project))


def test_sheets_take_the_largest_scale_of_the_list_that_fits(project: Project) -> None:
    # The frame is 252.8 mm by 243.8 mm. 火炬开发区 is 2000 m by 2000 m: 2000 / 0.2438 = 8,203, so 1:9000.
    # 翠亨新区 is 2400 m across: 2400 / 0.2438 = 9,844, so 1:10000 is the next.
    sheets = made(project, rule=SeriesRule(scales=(9000, 10_000, 50_000)))
    assert [scale(sheet) for sheet in sheets] == [9000, 10_000]


def test_what_does_not_fit_at_the_scale_asked_for_is_refused_by_name(project: Project) -> None:
    with pytest.raises(InputError, match="1:9,000") as told:
        made(project, rule=SeriesRule(scales=(9000,)))
    assert EAST_PLATFORM in str(told.value)
    assert "9,844" in str(told.value)


def test_a_field_may_say_what_sheets_are_called(project: Project) -> None:
    assert layer_and_field(project, "重大平台:name") == ("重大平台", "name")
    land = "土地利用现状图斑"
    (first, second, *_more) = series(
        project,
        each=land,
        rule=SeriesRule(titled_by="class_code"),
        drawables=drawables(project),
    )[:2]
    # the first two cells from the south are of one class: the second has a number behind it
    assert [first.zone, second.zone] == ["1403", "1403 (2)"]
    with pytest.raises(InputError, match="没有的字段"):
        series(
            project, each="重大平台", rule=SeriesRule(titled_by="没有的字段"), drawables=drawables(project)
        )


def test_the_index_says_where_each_sheet_lies_and_in_which_file(project: Project) -> None:
    index, west, east = made(project, index=True, files="{number}-{zone}")
    (table,) = index.first.items_of(TableItem)
    assert [row.cells[0] for row in table.rows] == ["1", "2"]
    assert [row.cells[1] for row in table.rows] == [west.zone, east.zone]
    assert [row.cells[2] for row in table.rows] == [f"1:{scale(west):,.0f}", f"1:{scale(east):,.0f}"]
    assert [row.cells[3] for row in table.rows] == [f"1-{WEST_PLATFORM}.pdf", f"2-{EAST_PLATFORM}.pdf"]
    (item,) = index.first.items_of(MapItem)
    marks = item.layers[0]
    assert marks.labels is not None
    assert sorted(marks.labels) == ["1", "2"]
    # the west platform's lower left corner lies on the map, inside the neat line
    assert item.bounds[0] < 430_000 < item.bounds[2]


def test_the_index_of_a_bound_series_says_the_page(project: Project) -> None:
    index, west, _east = made(project, index=True, bound=True)
    (table,) = index.first.items_of(TableItem)
    first = len(index.pages) + 1
    second = first + len(west.pages)
    assert [row.cells[3] for row in table.rows] == [f"第 {first} 页", f"第 {second} 页"]


def test_the_index_of_demonstration_data_bears_its_mark(tmp_path: Path) -> None:
    with example_project(tmp_path / "demo.gpkg", demo=True) as project:
        index = made(project, index=True)[0]
    assert index.demo
    assert index.first.items_of(WatermarkItem)


def test_scales_are_read_as_officers_write_them() -> None:
    assert read_scales("2000") == (2000,)
    assert read_scales("1:500，1：1000, 2000,500") == (500, 1000, 2000)
    assert read_scales("") == ()


@pytest.mark.parametrize("text", ["二千", "0", "1:2:3", "-5", "²", "1" * 12])
def test_what_is_no_scale_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="比例尺"):
        read_scales(text)
