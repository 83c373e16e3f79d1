"""A page for each parcel in conflict: which ones, their areas by hand, what stands around them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.errors import JobCancelled
from tests.zsgis import test_three_lines as lines
from tests.zsgis import test_three_plans as plans
from zsgis.parcel_pages import ParcelPages
from zsgis.result import Result
from zsgis.sheets.layout import LegendItem, MapItem, SheetLayout, TableItem, TextItem
from zsgis.sheets.parcel_pages import pages_file, parcel_sheet, write_parcel_pages


def pages_of(result: Result) -> ParcelPages:
    assert result.pages is not None
    return result.pages


def printed(pages: ParcelPages, place: int, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values.get(key) for key in keys) for row in pages.pages[place].table.rows]


def words(layout: SheetLayout, page: int) -> str:
    return " ".join(line for item in layout.pages[page].items_of(TextItem) for line in item.lines)


def test_parcels_in_conflict_have_a_page_with_their_areas_by_hand(tmp_path: Path) -> None:
    pages = pages_of(plans.compared(tmp_path, plans.sample()))
    assert [page.name for page in pages.pages] == ["乙", "甲"]
    # 丙 lies where no control zone is: no conflict, no page; nobody is left out
    assert pages.left_out == 0
    # 乙: 150-200 m land only, 200-300 city only, 300-400 conditional, all 10 m high
    assert printed(pages, 0, "outcome", "old", "area") == [
        ("土建城非", "允许建设区", 500.0),
        ("土非城建", "限制建设区", 1000.0),
        ("有条件建设区内建设", "有条件建设区", 1000.0),
        ("总计", None, 2500.0),
    ]
    # 甲: 100-150 land only, 0-50 factories against flats, 50-100 against a park
    assert printed(pages, 1, "outcome", "detailed", "area") == [
        ("土建城非", "E2 农林用地", 500.0),
        ("用途不一致", "M1 一类工业用地", 500.0),
        ("用途不一致", "M1 一类工业用地", 500.0),
        ("总计", None, 1500.0),
    ]
    clauses = [row.values["clause"] for row in pages.pages[1].table.rows[:-1]]
    assert clauses[0] == "土规允许建设区，城市规划为非建设用地"


def test_coloured_parts_are_the_conflicts_and_the_outline_is_the_parcel(tmp_path: Path) -> None:
    layers = plans.sample()
    layers["old_plan_zones"] = {key: values[1:] for key, values in layers["old_plan_zones"].items()}
    layers["territorial_plan"]["class_code"] = ["1001"] * 3
    page = pages_of(plans.compared(tmp_path, layers)).pages[1]
    # 甲: on 0-100 no control zone and alike uses, 100-150 is land only: 500 of 1,500 m2
    assert page.outline.area == pytest.approx(1500.0)
    assert [(value, shape.area) for value, shape in page.parts] == [("land_only", pytest.approx(500.0))]
    titles = [ground.title for ground in page.grounds]
    assert titles == ["工业地块", "控规", "允许建设区", "有条件建设区", "限制建设区"]
    around = shapely.union_all(page.grounds[0].shapes)
    # the other parcels, not this one, as far as half as far again as it is long and 100 m: 150 * 1.5 + 100
    assert around.intersection(page.outline).area == pytest.approx(0.0)
    assert around.area == pytest.approx(325.0 * 10.0)


def test_the_largest_come_first_and_those_left_out_are_counted(tmp_path: Path) -> None:
    result = plans.compared(tmp_path, plans.sample(), pages=1)
    pages = pages_of(result)
    assert ([page.name for page in pages.pages], pages.left_out) == (["乙"], 1)
    assert "另有1块未出图" in words(parcel_sheet(result, pages), 0)
    (tmp_path / "none").mkdir()
    assert plans.compared(tmp_path / "none", plans.sample(), pages=0).pages is None


def test_pages_print_what_the_table_of_parcels_prints(tmp_path: Path) -> None:
    """In 亩 with two digits nothing is exact: figures of a page still add up to those of the table."""
    result = plans.compared(tmp_path, plans.sample(), unit="mu")
    rows = {row.values["name"]: row.values for row in result.table("parcels").rows}
    for page in pages_of(result).pages:
        row = rows[page.name]
        for kind in result.table("outcomes").columns[1:7]:
            some = [
                round(100 * part.values["area"])
                for part in page.table.rows[:-1]
                if part.values["outcome"] == kind.title
            ]
            assert sum(some) == round(100 * row[kind.key]), (page.name, kind.key)
        assert page.table.rows[-1].values["area"] == row["total"]


def test_a_parcel_on_lines_has_a_page_with_each_line_for_itself(tmp_path: Path) -> None:
    pages = pages_of(lines.checked(tmp_path, lines.sample()))
    assert [page.name for page in pages.pages] == ["甲", "丙", "乙"]
    # 甲, 0-100: farmland from 50, ecology from 90 half as high, forest 0-10; growth holds it whole
    assert printed(pages, 0, "line", "area", "share") == [
        ("永久基本农田", 500.0, 50.0),
        ("生态保护红线", 50.0, 5.0),
        ("城镇开发边界外", 0.0, 0.0),
        ("林地图斑", 100.0, 10.0),
        ("地块总面积", 1000.0, None),
    ]
    parts = pages.pages[0].parts
    assert [(value, round(shape.area, 6)) for value, shape in parts] == [
        ("farmland", 500.0),
        ("ecology", 50.0),
        ("forest", 100.0),
    ]


def test_the_page_says_where_its_figures_are_from(tmp_path: Path) -> None:
    result = plans.compared(tmp_path, plans.sample())
    layout = parcel_sheet(result, pages_of(result))
    assert len(layout.pages) == 2
    page = layout.pages[0]
    assert (page.width_mm, page.height_mm) == (210.0, 297.0)
    said = words(layout, 0)
    assert "三规差异地块图：乙" in said
    assert result.run.uid in said
    assert "密级：未注明" in said
    assert "土规（版本1，4个图形）" in said
    (legend,) = page.items_of(LegendItem)
    (drawn,) = page.items_of(MapItem)
    assert [entry.text for entry in legend.entries] == [layer.title for layer in drawn.layers]
    west, _south, east, _north = drawn.bounds
    outline = pages_of(result).pages[0].outline
    assert west < outline.bounds[0] < outline.bounds[2] < east
    (table,) = page.items_of(TableItem)
    assert [row.cells[4] for row in table.rows if row.cells[4]] == [
        "500.00",
        "1,000.00",
        "1,000.00",
        "2,500.00",
    ]


class _Stopping:
    def step(self, done: float, text: str = "") -> None:
        if done > 0.1:
            raise JobCancelled(text)


def test_cancelled_pages_draw_nothing(tmp_path: Path) -> None:
    result = plans.compared(tmp_path, plans.sample())
    drawn: list[Path] = []

    def draw(layout: SheetLayout, out: Path, *, dpi: int = 300, progress: object) -> Path:
        drawn.append(out)
        return out

    with pytest.raises(JobCancelled):
        write_parcel_pages(result, pages_of(result), tmp_path / "p.pdf", draw, _Stopping())
    assert drawn == []
    file = write_parcel_pages(result, pages_of(result), tmp_path / pages_file(result, pages_of(result)), draw)
    assert drawn == [file]
    assert file.name == "三规差异分析_三规差异地块图.pdf"
