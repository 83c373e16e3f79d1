"""The printed table of a sheet: nothing is left out silently, and what is printed adds up."""

from __future__ import annotations

import pytest

from layers.errors import InputError
from tests.sheet_example import class_row, stock_like
from zsgis.result import NotDerivable, RowRole
from zsgis.sheets.layout import Box
from zsgis.sheets.table import (
    Content,
    cell_text,
    continued,
    fit,
    result_table,
    shortened_content,
    table_content,
    zone_rows,
)
from zsgis.sheets.template import ColumnSpec, TableSpec

SPEC = TableSpec(
    kind="table",
    table="stock",
    pattern="",
    zone_column="zone",
    columns=(
        ColumnSpec(key="class_code class_name", title="地类", width_mm=40, align="left"),
        ColumnSpec(key="area_ha", title="面积", width_mm=20),
        ColumnSpec(key="share", width_mm=15),
    ),
)
ROWS = [
    class_row("甲", "01", "耕地", (30.0, 450.0, 30.0), RowRole.SUBTOTAL),
    class_row("甲", "0101", "水田", (10.0, 150.0, 10.0)),
    class_row("甲", "0103", "旱地", (20.0, 300.0, 20.0)),
    class_row("甲", "10", "工矿用地", (60.0, 900.0, 60.0), RowRole.SUBTOTAL),
    class_row("甲", "1001", "工业用地", (50.0, 750.0, 50.0), RowRole.SUBTOTAL),
    class_row("甲", "100101", "一类工业用地", (15.0, 225.0, 15.0)),
    class_row("甲", "100102", "二类工业用地", (35.0, 525.0, 35.0)),
    class_row("甲", "1002", "采矿用地", (10.0, 150.0, 10.0)),
    class_row("甲", "1701", "河流水面", (10.0, 150.0, 10.0)),
    class_row("甲", "", "合计", (100.0, 1500.0, 100.0), RowRole.SUBTOTAL),
]


def _content(rows: list[object] | None = None) -> Content:
    table = stock_like(ROWS if rows is None else rows).table("stock")  # type: ignore[arg-type]
    return table_content(SPEC, table, zone_rows(table, "zone", "甲"), title="甲各地类面积", width_mm=110)


def test_figures_are_printed_as_the_result_gives_them() -> None:
    assert cell_text(12345.6, 4) == "12,345.6000"
    assert cell_text(3, 0) == "3"
    assert cell_text(None, 2) == ""
    assert cell_text(NotDerivable("三调没有单独的科研用地"), 2) == "—"
    content = _content()
    assert content.rows[1].cells == ("0101 水田", "10.0000", "10.00")
    assert content.rows[-1].cells == ("合计", "100.0000", "100.00")
    assert content.width_mm == pytest.approx(110)


def test_only_the_zones_own_rows_are_printed() -> None:
    rows = [*ROWS, class_row("乙", "0101", "水田", (7.0, 105.0, 100.0))]
    assert len(_content(rows).rows) == len(ROWS)  # type: ignore[arg-type]


def test_why_a_figure_is_missing_is_told() -> None:
    reason = "三调没有单独的科研用地"
    row = class_row("甲", "08", "公共服务", (1.0, 15.0, 1.0))
    missing = type(row)({**row.values, "share": NotDerivable(reason)})
    assert _content([missing]).reasons == (reason,)


def test_second_level_rows_stand_for_their_classes_and_still_add_up() -> None:
    shorter = shortened_content(_content(), 2)
    assert shorter is not None
    assert [row.cells[0][:6].split(" ")[0] for row in shorter.rows[:-1]] == [
        "01", "0101", "0103", "10", "1001", "1002", "1701",
    ]  # fmt: skip
    # 10 + 20 + 50 + 10 + 10 = 100; heads 01 and 10 are sums of rows that stand there
    body = [row for row in shorter.rows if row.role is RowRole.BODY]
    assert sum(float(row.cells[1]) for row in body) == 100.0


def test_first_level_rows_stand_for_their_classes_and_still_add_up() -> None:
    shorter = shortened_content(_content(), 1)
    assert shorter is not None
    assert [row.cells[1] for row in shorter.rows] == ["30.0000", "60.0000", "10.0000", "100.0000"]


def test_a_table_whose_coarse_rows_do_not_add_up_is_never_shortened() -> None:
    wrong = [class_row("甲", "01", "耕地", (30.0001, 450.0, 30.0), RowRole.SUBTOTAL), *ROWS[1:]]
    assert shortened_content(_content(wrong), 1) is None  # type: ignore[arg-type]


def test_rows_that_do_not_fit_go_on_and_none_is_lost() -> None:
    content = _content()
    # title 5.6 + header 8.8 + six rows of 3.9 mm = 37.8
    item, rest = fit(content, SPEC, Box(x=0, y=0, width=110, height=38))
    assert item is not None
    assert item.box.height <= 38
    assert (*item.rows, *rest) == content.rows
    assert item.rows[-1].role is RowRole.BODY  # a heading is not left alone at the foot
    pages = continued(content, rest, Box(x=0, y=0, width=240, height=30))
    assert tuple(row for page in pages for part in page for row in part.rows) == rest
    assert all(len(page) <= 2 for page in pages)  # 110 + 6 + 110 mm fit into 240, three do not


def test_a_table_with_no_room_for_a_few_rows_goes_on_as_a_whole() -> None:
    content = _content()
    item, rest = fit(content, SPEC, Box(x=0, y=0, width=110, height=22))
    assert item is None
    assert rest == content.rows


def test_a_template_that_names_a_missing_column_or_table_is_told_what_there_is() -> None:
    table = stock_like(ROWS).table("stock")
    spec = SPEC.model_copy(update={"columns": (ColumnSpec(key="nothing", width_mm=10),)})
    with pytest.raises(InputError, match="area_ha"):
        table_content(spec, table, ROWS, title="", width_mm=100)
    with pytest.raises(InputError, match="stock"):
        result_table(stock_like(ROWS), "matrix")
