"""What is looked at before a sheet leaves: each fault is found alone, and a good sheet has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from layers.errors import UsageError
from layers.store import Project
from layers.style import LabelStyle, Style, Symbol
from layers.text_arrays import TextColumn
from tests.sheet_example import EAST_PLATFORM, WEST_PLATFORM, drawables, example_project
from zsgis.sheets import SheetLayout, compose
from zsgis.sheets.class_groups import FLAT
from zsgis.sheets.layout import Box, FormItem, LegendItem, MapItem, TextItem
from zsgis.sheets.legend import Figures, layer_meanings
from zsgis.sheets.map_layers import chosen
from zsgis.sheets.preflight import (
    PreflightOrder,
    Review,
    ReviewState,
    Use,
    numbered,
    preflight,
    read_review,
    read_use,
)
from zsgis.sheets.production import shown_secrecy

FILLED = {"图号": "01", "审定": "甲", "审核": "乙", "校核": "丙", "制图": "丁", "日期": "2026-11-22"}
NOT_NEEDED = Review(ReviewState.NOT_NEEDED, "内部底图")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with example_project(tmp_path_factory.mktemp("preflight") / "p.gpkg") as opened:
        yield opened


@pytest.fixture(scope="module")
def good(project: Project) -> SheetLayout:
    return compose(project, zone=WEST_PLATFORM, settings=FILLED, drawables=drawables(project))


def _codes(layout: SheetLayout, order: PreflightOrder | None = None) -> list[str]:
    return [finding.code for finding in preflight(layout, order or PreflightOrder())]


def _changed(layout: SheetLayout, of: type, name: str = "", **changes: object) -> SheetLayout:
    """Return the sheet with items of one kind, or the one with a name, changed."""
    items = tuple(
        item.model_copy(update=changes) if isinstance(item, of) and name in ("", item.name) else item
        for item in layout.first.items
    )
    return layout.model_copy(update={"pages": (layout.first.model_copy(update={"items": items}),)})


def test_a_good_sheet_has_no_findings(good: SheetLayout) -> None:
    assert _codes(good) == []


@pytest.mark.parametrize("zone", ["", EAST_PLATFORM])
def test_sheets_as_they_are_composed_lack_only_what_nobody_typed(project: Project, zone: str) -> None:
    layout = compose(project, zone=zone, drawables=drawables(project))
    assert _codes(layout) == ["sheet.number", "sheet.makers", "sheet.date"]
    assert not any(finding.blocking for finding in preflight(layout, PreflightOrder()))


def test_each_fault_around_the_map_is_found(good: SheetLayout) -> None:
    assert _codes(_changed(good, TextItem, "title", lines=("",))) == ["sheet.title"]
    assert _codes(_changed(good, MapItem, scale_denominator=9115.0)) == ["sheet.scale"]
    assert _codes(_changed(good, TextItem, "notes", lines=("无",))) == ["sheet.datum"]
    (form,) = good.first.items_of(FormItem)
    cells = tuple(cell.model_copy(update={"value": ""}) for cell in form.cells if cell.label != "审定")
    assert _codes(_changed(good, FormItem, cells=cells)) == ["sheet.makers", "sheet.date"]


def test_the_legend_is_held_against_the_map(good: SheetLayout) -> None:
    (legend,) = good.first.items_of(LegendItem)
    less = _changed(good, LegendItem, entries=legend.entries[:-1])
    (finding,) = preflight(less, PreflightOrder())
    assert (finding.code, finding.blocking) == ("sheet.legend_missing", True)
    strange = legend.entries[-1].symbol.model_copy(update={"stroke_mm": 4.0})
    more = (*legend.entries, legend.entries[-1].model_copy(update={"symbol": strange, "text": "别处"}))
    (finding,) = preflight(_changed(good, LegendItem, entries=more), PreflightOrder())
    assert finding.code == "sheet.legend_absent"
    assert "别处" in finding.text


def test_places_are_measured_in_millimetres(good: SheetLayout) -> None:
    # five Chinese characters of 5 mm are 25 mm wide
    text = TextItem(
        name="own", box=Box(x=30, y=5, width=25, height=5), lines=("五个汉字宽",), size_mm=5, line_mm=5
    )
    title = next(item for item in good.first.items_of(TextItem) if item.name == "title")

    def with_text(**box: float) -> SheetLayout:
        placed = text.model_copy(update={"box": text.box.model_copy(update=box), "name": "own"})
        items = tuple(
            item for item in good.first.items if item is not title and getattr(item, "name", "") != "number"
        )
        named = title.model_copy(update={"box": Box(x=100, y=12, width=200, height=9)})
        number = TextItem(
            name="number", box=Box(x=60, y=4, width=30, height=3), lines=("1",), size_mm=2, line_mm=3
        )
        page = good.first.model_copy(update={"items": (*items, named, number, placed)})
        return good.model_copy(update={"pages": (page,)})

    assert _codes(with_text()) == []
    assert _codes(with_text(width=24.9)) == ["sheet.overflow"]
    # the paper is 420 mm wide: 395.1 + 25 = 420.1
    assert _codes(with_text(x=395.1, y=291)) == ["sheet.beyond"]
    # 96 + 25 = 121 mm reaches into the title at 100 mm, 14 mm lies between 12 and 21 mm
    assert _codes(with_text(x=96, y=14)) == ["sheet.overlap"]


def test_secrecy_is_the_highest_of_the_layers_and_printed(tmp_path: Path) -> None:
    with example_project(tmp_path / "p.gpkg", secrecy="秘密★10年") as project:
        layout = compose(project, zone=WEST_PLATFORM, settings=FILLED, drawables=drawables(project))
        secrecy = shown_secrecy(project, layout)
    assert "秘密★10年" in secrecy
    assert _codes(layout, PreflightOrder(secrecy=secrecy)) == []
    lower = _changed(layout, TextItem, "secrecy", lines=("内部",)).model_copy(update={"secrecy": "内部"})
    assert _codes(lower, PreflightOrder(secrecy=secrecy)) == ["sheet.secrecy_low", "sheet.secrecy_mark"]
    assert _codes(layout, PreflightOrder(Use.NOTICE, NOT_NEEDED, secrecy)) == ["sheet.secrecy_public"]


@pytest.mark.parametrize(
    ("use", "review", "codes"),
    [
        (Use.MEETING, Review(), []),
        (Use.NOTICE, Review(), ["sheet.review_unstated"]),
        (Use.PUBLISHED, Review(ReviewState.UNDER_REVIEW), ["sheet.review_pending"]),
        (Use.MEETING, Review(ReviewState.UNDER_REVIEW), []),
        (Use.NOTICE, Review(ReviewState.NOT_NEEDED), ["sheet.review_reason"]),
        (Use.NOTICE, NOT_NEEDED, []),
        (Use.PUBLISHED, Review(ReviewState.GRANTED), ["sheet.review_number"]),
        (Use.PUBLISHED, Review(ReviewState.STANDARD_MAP, "粤S(2026)001号"), []),
    ],
)
def test_the_review_number_against_the_use(
    good: SheetLayout, use: Use, review: Review, codes: list[str]
) -> None:
    assert _codes(good, PreflightOrder(use, review)) == codes


def test_schematic_data_is_said_in_title_and_legend(tmp_path: Path) -> None:
    with example_project(tmp_path / "p.gpkg", demo=True) as project:
        layout = compose(project, zone=WEST_PLATFORM, settings=FILLED, drawables=drawables(project))
    assert _codes(layout) == []
    assert _codes(_changed(layout, TextItem, "title", lines=("图",))) == ["sheet.schematic_title"]
    assert _codes(_changed(layout, LegendItem, remark="")) == ["sheet.schematic_legend"]


def test_much_land_at_a_large_scale_is_pointed_out(good: SheetLayout) -> None:
    # 500 mm by 500 mm at 1:10,000 are 5 km by 5 km, 25 km² and not over it; 501 mm are 25.05 km²
    (drawn,) = good.first.items_of(MapItem)
    for width, codes in ((500.0, []), (501.0, ["sheet.area"])):
        neat = drawn.neat.model_copy(update={"width": width, "height": 500.0})
        assert _codes(_changed(good, MapItem, neat=neat)) == codes


def test_findings_are_numbered_and_what_stops_the_export_comes_first(good: SheetLayout) -> None:
    poor = _changed(_changed(good, MapItem, scale_denominator=9115.0), FormItem, cells=())
    found = numbered(preflight(poor, PreflightOrder()))
    assert [(one.number, one.code, one.blocking) for one in found] == [
        (1, "sheet.scale", True),
        (2, "sheet.makers", False),
        (3, "sheet.date", False),
    ]
    assert {one.sheet for one in found} == {good.name}


def test_words_of_use_and_review_are_read_or_refused() -> None:
    assert read_use("公示公告") is Use.NOTICE
    assert read_review("") == Review()
    assert read_review("已取得=粤S(2026)001号") == Review(ReviewState.GRANTED, "粤S(2026)001号")
    for read in (read_use, read_review):
        with pytest.raises(UsageError):
            read("随便")


def test_a_class_that_occurs_only_outside_the_zone_is_in_the_legend(project: Project) -> None:
    # points outside a zone are a part of their own under the veil; their classes are on the map too
    land = next(layer for layer in drawables(project) if layer.style.rules)
    first = chosen(land, land.class_index == land.class_index.min())
    rest = chosen(land, land.class_index != land.class_index.min())
    alone = layer_meanings(first, Figures({}, FLAT), 10_000)
    both = layer_meanings(first, Figures({}, FLAT), 10_000, [rest])
    assert len(alone) == 1
    assert [one.text for one in both] == [one.text for one in layer_meanings(land, Figures({}, FLAT), 10_000)]


def test_characters_that_the_font_lacks_are_named_once_with_a_text_that_holds_one(good: SheetLayout) -> None:
    (map_item,) = good.first.items_of(MapItem)
    title = next(item for item in good.first.items_of(TextItem) if item.name == "title")
    # an ideograph of Extension B, which no font of 6 MB holds
    odd = _changed(good, TextItem, "title", lines=(f"{title.lines[0]}\U00020bb7\U00020bb7",))
    found = [one for one in preflight(odd, PreflightOrder()) if one.code == "sheet.glyphs"]
    assert [one.blocking for one in found] == [False]
    assert "U+20BB7" in found[0].text
    assert found[0].text.count("\U00020bb7") == 3  # named, and twice in the title
    labels = TextColumn.of("\U00020bb7镇" for _row in map_item.layers[0].uids)
    look = Style(symbol=Symbol(), label=LabelStyle(field="name"))
    layer = replace(map_item.layers[0], labels=labels, style=look)
    labelled = _changed(good, MapItem, layers=(layer, *map_item.layers[1:]))
    assert "sheet.glyphs" in _codes(labelled)
