"""What stands on a sheet: everything in its place, nothing invented, nothing absent explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from layers.crs import parse_crs
from layers.errors import CrsError, InputError, JobCancelled, UsageError
from layers.progress import NoProgress
from layers.store import NewLayer, Project
from tests.sheet_example import (
    EAST_PLATFORM,
    SOUTH,
    WEST,
    WEST_PLATFORM,
    StopAt,
    class_row,
    drawables,
    example_project,
    stock_like,
)
from zsgis.analysis.stock import CAPABILITY
from zsgis.result import RowRole
from zsgis.run import run_capability
from zsgis.sheets import SheetLayout, bind, compose, load_template, series, template_keys
from zsgis.sheets.layout import (
    Box,
    FormItem,
    LegendItem,
    MapItem,
    RectItem,
    ScaleBarItem,
    TableItem,
    TextItem,
    WatermarkItem,
)
from zsgis.sheets.map_layers import shapes_of


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with example_project(tmp_path / "p.gpkg") as opened:
        yield opened


def _one(layout: SheetLayout, of: type) -> object:
    (item,) = layout.first.items_of(of)
    return item


def _texts(layout: SheetLayout) -> dict[str, tuple[str, ...]]:
    return {item.name: item.lines for item in layout.first.items_of(TextItem)}


def _stock(project: Project, level: str = "full") -> object:
    return CAPABILITY.run(project, CAPABILITY.parameters(level=level), NoProgress())


def test_the_platform_sheet_follows_the_house_measures(project: Project) -> None:
    layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project), result=_stock(project))
    page = layout.first
    assert (page.width_mm, page.height_mm) == (420, 297)
    frame = next(item for item in page.items_of(RectItem) if item.name == "outer_frame").box
    # 25 mm on the binding side, 10 mm on the others
    assert (frame.x, frame.y, page.width_mm - frame.right, page.height_mm - frame.bottom) == (25, 10, 10, 10)
    drawn = _one(layout, MapItem)
    assert (drawn.frame_mm, drawn.neat_mm, drawn.tick_mm, drawn.tick_text_mm) == (0.5, 0.15, 3.0, 2.2)
    sizes = {item.name: item.size_mm for item in page.items_of(TextItem)}
    assert 8 <= sizes["title"] <= 10
    assert sizes["subtitle"] == 5
    assert sizes["notes"] == 2.2
    assert _one(layout, TableItem).size_mm == 2.8
    assert all((e.swatch.width, e.swatch.height) == (10, 6) for e in _one(layout, LegendItem).entries)


@pytest.mark.parametrize("zone", ["", WEST_PLATFORM, EAST_PLATFORM])
@pytest.mark.parametrize("level", ["1", "full"])
def test_nothing_lies_over_anything_else_or_beyond_the_frame(project: Project, zone: str, level: str) -> None:
    layout = compose(project, zone=zone, drawables=drawables(project), result=_stock(project, level))
    frame = next(item for item in layout.first.items_of(RectItem) if item.name == "outer_frame").box
    boxes = [item.box for item in layout.first.items if not isinstance(item, RectItem | WatermarkItem)]
    assert all(frame.contains(box) for box in boxes)
    shapes = [shapely.box(box.x, box.y, box.right, box.bottom) for box in boxes]
    overlaps = [
        (a, b)
        for number, a in enumerate(shapes)
        for b in shapes[number + 1 :]
        if a.intersection(b).area > 0.01
    ]
    assert overlaps == []


def test_a_map_in_a_round_scale_holds_the_whole_platform(project: Project) -> None:
    layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project))
    drawn = _one(layout, MapItem)
    # 2000 m in 243.8 mm less 5 % on each side: 2,000,000 / 219.4 = 9115 -> 1:10,000
    assert drawn.scale_denominator == 10_000
    assert (drawn.center_x, drawn.center_y) == (WEST + 1000, SOUTH + 2000)
    xmin, ymin, xmax, ymax = drawn.bounds
    assert xmax - xmin == pytest.approx(drawn.neat.width * 10)
    assert shapely.box(xmin, ymin, xmax, ymax).contains(
        shapely.box(WEST, SOUTH + 1000, WEST + 2000, SOUTH + 3000)
    )
    # 30 mm are 300 m: a line every 500 m; the west edge lies 1264 m - 1000 m left of the platform
    assert drawn.grid_interval_m == 500
    tick = next(tick for tick in drawn.ticks if tick.side == "bottom" and tick.label == "430.5")
    assert tick.at_mm == pytest.approx(drawn.neat.x + (430_500 - xmin) / 10)
    bar = _one(layout, ScaleBarItem)
    assert bar.segment_mm * 10 == pytest.approx(bar.segment_m)


def test_no_coordinate_lies_beyond_the_frame(project: Project) -> None:
    drawn = _one(compose(project, zone=WEST_PLATFORM, drawables=drawables(project)), MapItem)
    half = drawn.box.width / 2 * drawn.scale_denominator / 1000
    for layer in drawn.layers:
        if layer.uid != "sheet-zone":
            assert abs(layer.coords[:, 0] - drawn.center_x).max() <= half


def test_the_legend_tells_what_is_on_the_map_and_nothing_else(project: Project) -> None:
    # class 1403 occurs in the western column only, far from the eastern platform's map
    east = compose(project, zone=EAST_PLATFORM, drawables=drawables(project), result=_stock(project))
    west = compose(project, zone=WEST_PLATFORM, drawables=drawables(project), result=_stock(project))
    texts = [entry.text for entry in _one(east, LegendItem).entries]
    assert not any("广场用地" in text for text in texts)
    assert any("广场用地" in entry.text for entry in _one(west, LegendItem).entries)
    codes = [text.split(" ")[0] for text in texts if text[0].isdigit()]
    assert codes == sorted(codes)
    assert f"{EAST_PLATFORM}范围" in texts
    # 0101 and 0103 look alike and are all of 01 that is there: one entry
    assert "01 耕地" in texts


def test_table_and_legend_print_the_results_own_figures(project: Project) -> None:
    result = _stock(project)
    layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project), result=result)
    rows = [row for row in result.table("stock").rows if row.values["zone"] == WEST_PLATFORM]
    printed = {row.cells[0].split(" ")[0]: row.cells for row in _one(layout, TableItem).rows}
    for row in rows:
        code = row.values["class_code"]
        if code in printed:
            assert printed[code][2] == f"{row.values['area_ha']:,.4f}"
    # the platform is a square of 2 km: 400 ha on the plane, a little less on the ellipsoid
    assert float(_one(layout, TableItem).rows[-1].cells[2].replace(",", "")) == pytest.approx(400, rel=3e-4)
    assert _one(layout, TableItem).rows[-1].cells[-1] == "100.00"
    entry = next(entry for entry in _one(layout, LegendItem).entries if entry.text.startswith("0201"))
    assert entry.note.startswith(printed["0201"][2])


def test_a_class_that_is_only_outside_the_platform_says_so(project: Project) -> None:
    rows = [
        class_row(WEST_PLATFORM, "0201", "果园", (400.0, 6000.0, 100.0)),
        class_row(WEST_PLATFORM, "", "合计", (400.0, 6000.0, 100.0), RowRole.SUBTOTAL),
    ]
    result = stock_like(rows, project=project)
    layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project), result=result)
    notes = {entry.text: entry.note for entry in _one(layout, LegendItem).entries}
    assert notes["0201 果园"] == "400.0000 公顷  100.00%"
    assert notes["0802 科研用地"] == "仅见于范围外"


def test_a_land_layer_that_was_not_counted_shows_no_figures(project: Project) -> None:
    rows = [
        class_row(WEST_PLATFORM, "0201", "果园", (400.0, 6000.0, 100.0)),
        class_row(WEST_PLATFORM, "", "合计", (400.0, 6000.0, 100.0), RowRole.SUBTOTAL),
    ]
    result = stock_like(rows, project=project)
    (land,) = project.layers_of("land_use")
    project.add_layer(
        NewLayer("往年图斑", "land_use", land.crs, standard="yd2023"),
        project.read(land.uid).reset_index(drop=True),
    )
    layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project), result=result)
    notes = sorted(e.note for e in _one(layout, LegendItem).entries if e.text.startswith("0201"))
    assert notes == ["", "400.0000 公顷  100.00%"]


def test_codes_written_otherwise_stand_under_their_class_in_map_and_legend(tmp_path: Path) -> None:
    crs = parse_crs(4547)
    cells = [shapely.box(436_000 + 100 * i, 2_491_000, 436_100 + 100 * i, 2_491_100) for i in range(4)]
    land = gpd.GeoDataFrame({"class_code": ["1001", "100100", " 1001 ", ""]}, geometry=cells, crs=crs)
    with Project.create(tmp_path / "q.gpkg", crs) as project:
        info = project.add_layer(NewLayer("图斑", "land_use", crs, standard="yd2023"), land)
        assert {rule.symbol.fill for rule in info.style.rules} == {"#BB9674", "#D9D9D9"}
        result = CAPABILITY.run(project, CAPABILITY.parameters(level="2", basis="planar"), NoProgress())
        layout = compose(project, drawables=drawables(project), result=result)
    # 3 ha of 4 ha are industrial, however their code is written; the fourth has no class
    notes = {entry.text: entry.note for entry in _one(layout, LegendItem).entries}
    assert notes == {"1001 工业用地": "3.0000 公顷  75.00%", "未分类": ""}


def test_a_table_too_long_for_the_sheet_goes_on_and_the_sheet_says_so(
    project: Project,
) -> None:
    body = [class_row(WEST_PLATFORM, f"{n:04d}", f"地类{n}", (1.0, 15.0, 1.0)) for n in range(1, 101)]
    total = class_row(WEST_PLATFORM, "", "合计", (100.0, 1500.0, 100.0), RowRole.SUBTOTAL)
    layout = compose(
        project, zone=WEST_PLATFORM, drawables=drawables(project), result=stock_like([*body, total])
    )
    assert layout.notices
    assert all(notice in _texts(layout)["notes"] for notice in layout.notices)
    printed = [
        row.cells[0] for page in layout.pages for item in page.items_of(TableItem) for row in item.rows
    ]
    assert len(printed) == 101
    assert len(set(printed)) == 101
    for page in layout.pages[1:]:
        assert all(Box(x=25, y=10, width=385, height=277).contains(t.box) for t in page.items_of(TableItem))


def test_a_city_of_thousands_of_zones_prints_its_classes_and_says_so(tmp_path: Path) -> None:
    crs = parse_crs("4547")
    with Project.create(tmp_path / "grid.gpkg", crs) as project:
        # 160 cells of 100 m in a row over two parcels of 8000 m by 100 m, that is 80 ha each
        land = gpd.GeoDataFrame(
            {"class_code": ["1001", "0802"]},
            geometry=[shapely.box(WEST + x, SOUTH, WEST + x + 8000, SOUTH + 100) for x in (0, 8000)],
            crs=crs,
        )
        project.add_layer(NewLayer("用地", "land_use", crs, standard="yd2023"), land)
        cells = [shapely.box(WEST + n * 100, SOUTH, WEST + n * 100 + 100, SOUTH + 100) for n in range(160)]
        grid = gpd.GeoDataFrame({"name": [f"格{n}" for n in range(160)]}, geometry=cells, crs=crs)
        project.add_layer(NewLayer("网格", "zones", crs), grid)
        result = run_capability(project, "stock", {"basis": "planar", "level": "2"})
        layout = compose(project, drawables=drawables(project), result=result)
    assert len(layout.pages) == 1
    cells_by_class = {row.cells[0]: row.cells[2] for row in _one(layout, TableItem).rows}
    assert cells_by_class["1001 工业用地"] == "80.0000"
    assert cells_by_class["0802 科研用地"] == "80.0000"
    assert any("161" in notice for notice in layout.notices)


def test_a_legend_too_long_for_the_sheet_stands_whole_on_the_next_pages(tmp_path: Path) -> None:
    crs = parse_crs("4547")
    with Project.create(tmp_path / "many.gpkg", crs) as project:
        cells = [shapely.box(WEST + n * 50, SOUTH, WEST + n * 50 + 50, SOUTH + 5000) for n in range(240)]
        land = gpd.GeoDataFrame({"class_code": [f"类{n}" for n in range(240)]}, geometry=cells, crs=crs)
        project.add_layer(NewLayer("用地", "land_use", crs, standard="custom"), land)
        layout = compose(project, drawables=drawables(project))
    legends = [item for page in layout.pages for item in page.items_of(LegendItem)]
    texts = [entry.text for legend in legends for entry in legend.entries]
    assert sorted(texts) == sorted(f"类{n}" for n in range(240))
    assert layout.first.items_of(LegendItem) == ()
    frame = Box(x=25, y=10, width=385, height=277)
    assert all(frame.contains(legend.box) for legend in legends)
    assert "图例见下页。" in _texts(layout)["notes"]


def test_the_city_sheet_has_a_row_per_platform(project: Project) -> None:
    layout = compose(project, drawables=drawables(project), result=_stock(project))
    names = [row.cells[0] for row in _one(layout, TableItem).rows]
    assert names[:2] == [WEST_PLATFORM, EAST_PLATFORM]
    assert _texts(layout)["title"] == ("重大平台土地利用现状图",)
    assert layout.first.items_of(MapItem)[0].bounds[0] < WEST


def test_boxes_nobody_filled_stay_empty(project: Project) -> None:
    layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project))
    form = _one(layout, FormItem)
    assert {cell.label for cell in form.cells} >= {"审定", "审核", "校核", "制图", "日期", "审图号", "签章"}
    assert all(cell.value == "" for cell in form.cells)
    assert "secrecy" not in _texts(layout)
    given = {"制图": "李四", "日期": "2026年11月", "标题": "专用图"}
    layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project), settings=given)
    values = {cell.label: cell.value for cell in _one(layout, FormItem).cells}
    assert (values["制图"], values["日期"], values["审图号"]) == ("李四", "2026年11月", "")
    assert _texts(layout)["title"] == ("专用图",)


def test_a_sheet_of_real_data_carries_neither_watermark_nor_the_word_schematic(project: Project) -> None:
    layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project))
    assert not layout.demo
    assert layout.first.items_of(WatermarkItem) == ()
    assert "示意" not in layout.title
    assert _one(layout, LegendItem).remark == ""


def test_a_sheet_with_demonstration_data_says_so_everywhere(tmp_path: Path) -> None:
    with example_project(tmp_path / "d.gpkg", demo=True) as project:
        layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project))
    assert layout.demo
    assert _one(layout, WatermarkItem).text == "演示数据 非真实界线"
    assert _texts(layout)["title"] == (f"{WEST_PLATFORM}土地利用现状图（示意）",)
    assert _one(layout, LegendItem).remark == "示意"
    assert any("土地利用现状图斑" in line for line in _texts(layout)["notes"])


def test_the_highest_stated_secrecy_stands_on_top(tmp_path: Path) -> None:
    with example_project(tmp_path / "s.gpkg", secrecy="秘密★10年") as project:
        layout = compose(project, zone=WEST_PLATFORM, drawables=drawables(project), settings={"密级": "内部"})
    assert layout.secrecy == "秘密★10年"
    assert _texts(layout)["secrecy"] == ("秘密★10年",)


def test_the_map_is_lightened_outside_the_platform_only(project: Project) -> None:
    drawn = _one(compose(project, zone=WEST_PLATFORM, drawables=drawables(project)), MapItem)
    uids = [layer.uid for layer in drawn.layers]
    veil = drawn.layers[uids.index("sheet-veil")]
    (shape,) = shapes_of(veil, veil.rows_in(drawn.bounds))
    assert shape.intersection(shapely.box(WEST, SOUTH + 1000, WEST + 2000, SOUTH + 3000)).area == 0
    land = next(n for n, layer in enumerate(drawn.layers) if layer.title == "土地利用现状图斑")
    assert uids.index("sheet-zone") < uids.index("sheet-veil") < land  # top first


def test_a_series_has_a_sheet_for_each_platform(project: Project) -> None:
    layouts = series(project, each="重大平台", drawables=drawables(project), result=_stock(project))
    assert [layout.name for layout in layouts] == [
        f"{n}土地利用现状图" for n in (WEST_PLATFORM, EAST_PLATFORM)
    ]
    book = bind(layouts, title="平台图集")
    assert len(book.pages) == sum(len(layout.pages) for layout in layouts)


def test_a_result_that_tells_nothing_of_the_platform_is_refused(project: Project) -> None:
    other = stock_like([class_row("别处", "0201", "果园", (1.0, 15.0, 100.0))])
    with pytest.raises(InputError, match=WEST_PLATFORM):
        compose(project, zone=WEST_PLATFORM, drawables=drawables(project), result=other)


def test_features_without_a_name_or_with_the_same_name_get_their_own_table(project: Project) -> None:
    crs = project.crs
    squares = [shapely.box(WEST + x, SOUTH, WEST + x + 500, SOUTH + 500) for x in (0, 1000, 2000, 3000)]
    zones = gpd.GeoDataFrame({"name": ["甲", None, "甲", "丙"]}, geometry=squares, crs=crs)
    project.add_layer(NewLayer("分区", "zones", crs), zones)
    result = CAPABILITY.run(project, CAPABILITY.parameters(zones="分区", level="1"), NoProgress())
    layouts = series(project, each="分区", drawables=drawables(project), result=result)
    assert len({layout.title for layout in layouts}) == 4
    for layout in layouts:
        # half a kilometre square: 25 ha on the plane
        assert float(_one(layout, TableItem).rows[-1].cells[2]) == pytest.approx(25, rel=3e-4)
    with pytest.raises(InputError, match="甲"):
        compose(project, zone="甲", each="分区", drawables=drawables(project), result=result)


def test_what_cannot_be_done_is_refused_with_a_way_out(project: Project) -> None:
    layers = drawables(project)
    with pytest.raises(UsageError, match="platform_a3"):
        compose(project, template="a0", drawables=layers)
    with pytest.raises(UsageError, match="标题"):
        compose(project, drawables=layers, settings={"抬头": "x"})
    with pytest.raises(InputError, match=EAST_PLATFORM):
        compose(project, zone="没有的平台", drawables=layers)
    with pytest.raises(UsageError):
        compose(project, template="platform_a3", drawables=layers)
    with pytest.raises(InputError):
        compose(project, drawables=[])
    with pytest.raises(InputError):
        series(project, each="科技企业孵化器", drawables=layers)


def test_degrees_have_no_scale(tmp_path: Path) -> None:
    with Project.create(tmp_path / "g.gpkg", "4490") as project, pytest.raises(CrsError):
        compose(project, drawables=[])


def test_composing_stops_when_asked(project: Project) -> None:
    with pytest.raises(JobCancelled):
        compose(project, drawables=drawables(project), progress=StopAt(0.5))


def test_every_template_that_comes_along_can_be_read_and_keeps_to_the_least_text_size() -> None:
    assert {"platform_a3", "city_a3"} <= set(template_keys())
    for key in template_keys():
        assert load_template(key).key == key


def test_a_broken_template_of_the_bureaus_own_is_named(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("key = 1", encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.toml"):
        load_template(str(file))
    with pytest.raises(InputError):
        load_template(str(tmp_path / "missing.toml"))
