from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.crs import parse_crs, transform_points
from layers.errors import InputError
from layers.formats.boundary_txt import BOUNDARY_TXT
from layers.formats.model import ReadOptions
from layers.progress import NoProgress
from tests.layers.formats.boundary_txt_reading import codes, only, read
from tests.layers.formats.boundary_txt_samples import (
    EAST,
    HEADER,
    NORTH,
    WINDR07,
    box,
    plot,
    rows,
    square,
    standard_file,
)

# --- the sample that others published


def test_the_published_sample(tmp_path: Path) -> None:
    data = read(tmp_path, WINDR07)
    (shape,) = data.frame.geometry
    assert data.crs is not None
    assert data.crs.to_epsg() == 4525
    assert shape.exterior.coords[0] == (37465566.598, 2369625.708)
    assert len(shape.exterior.coords) == 5
    # the record says 109.43 m2
    assert shape.area == pytest.approx(109.43, abs=0.005)
    assert data.frame["地块面积（平方米）"][0] == 109.43
    assert data.frame["地块面积"][0] == "109.43"
    assert data.stated["area_unit"] == "m2"
    assert data.stated["closing"] == "next"
    assert data.stated["带号"] == "37"
    assert data.notes == ()
    assert data.encoding == "GB18030"
    assert data.encoding_guessed


# --- facts measured on real samples: rings with the areas that the samples have


@pytest.mark.parametrize(
    ("declared", "rings", "parts", "holes"),
    [
        # plot 3: 476.35 and 16.62 declared as 459.73: ring 2 is a hole
        ("459.73", [square(476.35), box(4.0, 4.155, 3.0, 3.0)], 1, 1),
        # plot 5: 16.27 and 148.90 declared as 165.20: ring 2 is a part
        ("165.20", [square(16.27), square(148.90, 50.0)], 2, 0),
        # plot 4: 36.77 + 92.28 + 1075.02 - 407.42 + 122.88 + 69.73 = 989.26, declared 989.25
        (
            "989.25",
            [
                square(36.77, 100.0),
                square(92.28, 200.0),
                square(1075.02),
                box(8.0, 50.9275, 1.0, 1.0),
                square(122.88, 300.0),
                square(69.73, 400.0),
            ],
            5,
            1,
        ),
    ],
)
def test_whether_a_ring_is_hole_or_part_follows_from_its_place(
    tmp_path: Path, declared: str, rings: list[list[tuple[float, float]]], parts: int, holes: int
) -> None:
    data = read(tmp_path, HEADER + plot(declared, rings))
    (shape,) = data.frame.geometry
    polygons = list(getattr(shape, "geoms", [shape]))
    assert len(polygons) == parts
    assert sum(len(part.interiors) for part in polygons) == holes
    # areas of rows rounded to the millimetre; the record itself is 0.01 to 0.03 m2 off
    assert shape.area == pytest.approx(float(declared), abs=0.035)
    assert data.stated["area_unit"] == "m2"
    assert data.notes == ()


def test_rings_within_rings_within_rings(tmp_path: Path) -> None:
    # 100² - 80² + 60² - 40² + 20² m2, written in an order that says nothing
    nested = [box(size, size, (100 - size) / 2, (100 - size) / 2) for size in (40, 100, 20, 80, 60)]
    data = read(tmp_path, HEADER + plot("0.6000", nested))
    (shape,) = data.frame.geometry
    assert shape.area == pytest.approx(100**2 - 80**2 + 60**2 - 40**2 + 20**2)
    assert shape.is_valid
    assert [len(part.interiors) for part in shape.geoms] == [1, 0, 1]
    assert data.stated["area_unit"] == "ha"
    assert data.frame["地块面积（平方米）"][0] == 6000.0


def test_rings_of_one_number_end_with_their_closing_row(tmp_path: Path) -> None:
    text = rows([box(100, 100), box(10, 10, 20, 20)]).replace(",2,", ",1,")
    (shape,) = read(tmp_path, HEADER + "10,,1,,面,,,,@\n" + text).frame.geometry
    assert shape.area == pytest.approx(100**2 - 10**2)


def test_crossing_rings_are_parts_and_told(tmp_path: Path) -> None:
    data = read(tmp_path, HEADER + plot("", [box(100, 100), box(50, 50, 80, 20)]))
    assert len(data.frame.geometry[0].geoms) == 2
    assert codes(data) == ["boundary_txt.crossing"]


# --- dialects


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n", "\r\r\n", "\n\n\n"])
@pytest.mark.parametrize(
    "encoding", ["gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_encoding_and_line_end(tmp_path: Path, encoding: str, line_end: str) -> None:
    text = standard_file().replace("\r\n", line_end)
    data = read(tmp_path, text.encode(encoding))
    assert data.frame["地块名称"].tolist() == ["东区，一期", "乙"]
    assert data.frame["地类编码"].tolist() == ["080302", None]
    assert data.encoding_guessed == (encoding not in ("utf-8-sig", "utf-16"))
    assert data.notes == ()


def test_mixed_line_ends(tmp_path: Path) -> None:
    text = WINDR07.replace("\n", "\r", 7).replace("\n", "\r\n", 3)
    assert read(tmp_path, text).frame.geometry[0].equals(read(tmp_path, WINDR07).frame.geometry[0])


def test_full_width_signs(tmp_path: Path) -> None:
    text = standard_file().replace("东区，一期", "东区")
    wide = text.translate(str.maketrans("[],.0123456789=@", "【】，．０１２３４５６７８９＝＠"))
    assert wide != text
    data = read(tmp_path, wide)
    assert data.crs is not None
    assert data.crs.to_epsg() == 4526
    assert shapely.equals_exact(data.frame.geometry, read(tmp_path, text).frame.geometry).all()
    # what is no structure stays as it was written
    assert data.frame["地块编号"][0] == "DK-０１"


def test_blanks_after_commas(tmp_path: Path) -> None:
    text = WINDR07.replace("J1,1,", "J1, 1 ,\t").replace("5,109.43", " 5, 109.43")
    data = read(tmp_path, text)
    assert data.frame.geometry[0].area == pytest.approx(109.43, abs=0.005)
    assert data.frame["地块面积"][0] == " 109.43"


@pytest.mark.parametrize("closing", [True, False])
def test_closing_row_or_not(tmp_path: Path, closing: bool) -> None:
    data = read(tmp_path, HEADER + plot("0.8000", [box(100, 80)], closing=closing))
    assert data.frame.geometry[0].equals(shapely.Polygon(box(100, 80)))
    assert data.stated["closing"] == ("first" if closing else "none")
    assert data.notes == ()


@pytest.mark.parametrize(
    ("record", "form", "expected"),
    [
        ("{count},0.8,7,甲,面,F49,工业,0601,@", "standard", {"地块编号": "7", "地类编码": "0601"}),
        (
            "{count},0.8,7,甲,面,F49,工业,0601,K,道路,国,11,注,@",
            "ogu4j",
            {"地类编码": "0601", "TBLX": "K", "GZH": "11", "BZ": "注"},
        ),
        ("A-7,村路,面,,@", "cctool_yzt", {"地块编号": "A-7", "地块名称": "村路"}),
        ("4,村路,面,交通,@", "cctool_zf", {"界址点数": "4", "地块名称": "村路", "地块用途": "交通"}),
        (
            "4,8000,,村路,,,,交通,@",
            "cctool_zjgg",
            {"地块面积": "8000", "地块名称": "村路", "地块用途": "交通"},
        ),
    ],
)
def test_records_of_every_form(tmp_path: Path, record: str, form: str, expected: dict[str, str]) -> None:
    data = read(tmp_path, HEADER + plot("", [box(100, 80)], record=record))
    assert data.stated["form"] == form
    assert {name: data.frame[name][0] for name in expected} == expected
    assert data.frame.geometry[0].area == pytest.approx(8000)
    assert data.notes == ()


def test_a_record_of_no_known_form_keeps_its_fields(tmp_path: Path) -> None:
    data = read(tmp_path, HEADER + plot("", [box(100, 80)], record="甲,乙,丙,丁,戊,面,@"))
    assert data.frame["字段3"][0] == "丙"
    assert data.frame["图形属性"][0] == "面"
    assert "红线.txt:13:" in only(data, "boundary_txt.record_form")


def test_a_record_without_its_sign_is_still_a_record(tmp_path: Path) -> None:
    data = read(tmp_path, HEADER + plot("0.8", [box(100, 80)], record="{count},{area},1,甲,面,,,"))
    assert len(data.frame) == 1
    assert codes(data) == ["boundary_txt.no_mark"]


def test_points_without_header_or_record(tmp_path: Path) -> None:
    data = read(tmp_path, rows([box(100, 80)]))
    assert data.frame.geometry[0].area == pytest.approx(8000)
    assert data.crs is None
    assert codes(data) == ["boundary_txt.no_record"]


def test_rows_without_ring_number_and_rows_with_height(tmp_path: Path) -> None:
    plain = HEADER + "5,0.8,1,,面,,,,@\n"
    without = "".join(f"J{i},{north},{east}\n" for i, (east, north) in enumerate(box(100, 80), 1))
    height = "".join(f"J{i},1,{north},{east},12.50\n" for i, (east, north) in enumerate(box(100, 80), 1))
    for text in (without, height):
        assert read(tmp_path, plain + text).frame.geometry[0].area == pytest.approx(8000)


def test_points_and_lines(tmp_path: Path) -> None:
    corners = [box(100, 80)]
    text = (
        HEADER
        + plot("", corners, record="{count},,1,甲,线,,,,@")
        + plot("", corners, record="4,,2,乙,点,,,,@", closing=False)
    )
    data = read(tmp_path, text)
    line, points = data.frame.geometry
    assert (line.geom_type, points.geom_type) == ("LineString", "MultiPoint")
    assert line.length == pytest.approx(360)
    assert len(points.geoms) == 4
    assert data.notes == ()


def test_two_headers_of_one_system_make_one_layer(tmp_path: Path) -> None:
    data = read(tmp_path, standard_file() + standard_file())
    assert len(data.frame) == 4
    assert data.crs is not None
    assert data.notes == ()


def test_headers_of_two_systems_make_two_layers(tmp_path: Path) -> None:
    text = standard_file() + WINDR07
    with pytest.raises(InputError, match="红线 1、红线 2"):
        read(tmp_path, text)
    second = read(tmp_path, text, layer="红线 2")
    assert second.crs is not None
    assert second.crs.to_epsg() == 4525
    assert len(second.frame) == 1
    layers = BOUNDARY_TXT.layers(tmp_path / "红线.txt", ReadOptions())
    assert [(one.name, one.feature_count) for one in layers] == [("红线 1", 2), ("红线 2", 1)]
    assert tuple(second.frame.columns) == (*layers[1].columns, "geometry")


def test_a_section_before_the_header_is_kept(tmp_path: Path) -> None:
    data = read(tmp_path, "[项目信息]\n项目名称=科创园\n" + WINDR07)
    assert data.stated["[项目信息]项目名称"] == "科创园"
    assert data.stated["坐标系"] == "2000国家大地坐标系"


# --- coordinate systems


@pytest.mark.parametrize(
    ("system", "width", "zone", "shift", "epsg"),
    [
        ("2000国家大地坐标系", "3", "38", 0.0, 4526),
        ("2000国家大地坐标系", "3", "38", -38_000_000.0, 4547),
        ("2000国家大地坐标系", "6", "19", -38_000_000.0 + 19_000_000.0, 4497),
        ("2000国家大地坐标系", "6", "19", -38_000_000.0, 4508),
        ("80国家大地坐标系", "3", "38", 0.0, 2362),
        ("1980西安坐标系", "3", "38", -38_000_000.0, 2383),
        ("1980西安坐标系", "6", "19", -38_000_000.0, 2344),
        ("54北京坐标系", "3", "38", 0.0, 2414),
        ("1954北京坐标系", "6", "19", -38_000_000.0, 21459),
        # the zone number alone tells the width, and Y alone the zone
        ("2000国家大地坐标系", "", "38", 0.0, 4526),
        ("2000国家大地坐标系", "", "", 0.0, 4526),
        ("2000国家大地坐标系", "3度", "38带", 0.0, 4526),
        # not certain
        ("2000国家大地坐标系", "3", "", -38_000_000.0, None),
        ("", "3", "38", 0.0, None),
        ("中山2000独立坐标系", "3", "38", 0.0, None),
        ("WGS84", "3", "38", 0.0, None),
    ],
)
def test_a_system_is_taken_where_header_and_figures_agree(
    tmp_path: Path, system: str, width: str, zone: str, shift: float, epsg: int | None
) -> None:
    header = HEADER.replace("2000国家大地坐标系", system)
    header = header.replace("几度分带=3", f"几度分带={width}").replace("带号=38", f"带号={zone}")
    corners = [(east + shift, north) for east, north in box(100, 80)]
    data = read(tmp_path, header + plot("0.8", [corners]))
    assert (data.crs.to_epsg() if data.crs is not None else None) == epsg
    assert data.stated["坐标系"] == system
    assert data.notes == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("带号=38", "带号=37", "37"),
        ("几度分带=3", "几度分带=6", "6"),
    ],
)
def test_a_header_that_contradicts_y_gives_no_system(tmp_path: Path, old: str, new: str, said: str) -> None:
    data = read(tmp_path, HEADER.replace(old, new) + plot("0.8", [box(100, 80)]))
    assert data.crs is None
    assert said in only(data, "boundary_txt.system")
    assert "38" in only(data, "boundary_txt.system")


def test_points_far_outside_the_stated_zone_give_no_system(tmp_path: Path) -> None:
    # the 6-degree easting of 石岐 (744,908 m) under a header of 3 degrees: 245 km from the meridian
    corners = [(east - EAST + 744_908.0, north) for east, north in box(100, 80)]
    data = read(tmp_path, HEADER + plot("0.8", [corners]))
    assert data.crs is None
    assert "245" in only(data, "boundary_txt.system")


def test_other_projections_and_units_are_no_gauss_kruger(tmp_path: Path) -> None:
    for old, new in (("投影类型=高斯克吕格", "投影类型=UTM"), ("计量单位=米", "计量单位=度")):
        assert read(tmp_path, HEADER.replace(old, new) + plot("0.8", [box(100, 80)])).crs is None


def test_conversion_parameters_are_told(tmp_path: Path) -> None:
    text = HEADER.replace("转换参数=,,,,,,", "转换参数=12.5,-3.1,0,0,0,0,0")
    data = read(tmp_path, text + plot("0.8", [box(100, 80)]))
    assert "12.5,-3.1" in only(data, "boundary_txt.parameters")
    empty = HEADER.replace("转换参数=,,,,,,", "转换参数=0,0,0,0,0,0,0")
    assert read(tmp_path, empty + plot("0.8", [box(100, 80)])).notes == ()


def exchanged(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        tokens = line.split(",")
        if line.startswith("J"):
            tokens[2], tokens[3] = tokens[3], tokens[2]
        lines.append(",".join(tokens))
    return "\n".join(lines)


@pytest.mark.parametrize("shift", [0.0, -38_000_000.0])
def test_exchanged_columns_are_taken_where_it_is_certain(tmp_path: Path, shift: float) -> None:
    corners = [(east + shift, north) for east, north in box(100, 80)]
    text = HEADER + plot("0.8", [corners])
    data = read(tmp_path, exchanged(text))
    assert data.frame.geometry[0].equals(read(tmp_path, text).frame.geometry[0])
    assert data.crs is not None
    assert codes(data) == ["boundary_txt.exchanged"]
    assert data.stated["order"] == "east_north"


def test_exchanged_columns_that_could_be_right_stay(tmp_path: Path) -> None:
    # a local system: nothing says which is which
    corners = [(east - EAST + 52_000.0, north - NORTH + 61_000.0) for east, north in box(100, 80)]
    data = read(tmp_path, plot("0.8", [corners]))
    assert data.frame.geometry[0].bounds == (52_000.0, 61_000.0, 52_100.0, 61_080.0)
    assert data.notes == ()
    told = read(tmp_path, plot("0.8", [corners]), choices={"order": "east_north"})
    assert told.frame.geometry[0].bounds == (61_000.0, 52_000.0, 61_080.0, 52_100.0)


# --- areas and counts


@pytest.mark.parametrize(
    ("text", "unit", "m2"), [("8000", "m2", 8000.0), ("0.8000", "ha", 8000.0), ("12.0", "mu", 8000.0)]
)
def test_the_unit_of_an_area_follows_from_the_shape(tmp_path: Path, text: str, unit: str, m2: float) -> None:
    data = read(tmp_path, HEADER + plot(text, [box(100, 80)]))
    assert data.stated["area_unit"] == unit
    assert data.frame["地块面积（平方米）"][0] == pytest.approx(m2)


def test_an_area_that_fits_in_no_unit_is_told_with_its_figures(tmp_path: Path) -> None:
    data = read(tmp_path, HEADER + plot("0.8000", [box(100, 80)]) + plot("0.9500", [box(100, 80, 500)]))
    text = only(data, "boundary_txt.area")
    assert "0.95" in text
    assert "8000.00" in text
    # the other plot tells the unit
    assert data.frame["地块面积（平方米）"].tolist() == [8000.0, 9500.0]
    alone = read(tmp_path, HEADER + plot("77", [box(100, 80)]))
    assert "地块面积（平方米）" not in alone.frame.columns


@pytest.mark.parametrize(
    ("count", "told"), [(10, False), (9, False), (8, False), (5, True), (12, False), (13, True)]
)
def test_a_count_is_accepted_with_and_without_closing_rows(tmp_path: Path, count: int, told: bool) -> None:
    rings = [box(100, 80), box(10, 10, 20, 20)]
    data = read(tmp_path, HEADER + plot("", rings, record=f"{count},,1,甲,面,,,,@"))
    assert ("boundary_txt.point_count" in codes(data)) == told
    assert data.stated["form"] == "standard"


# --- the vectors of the domain facts: 113.38° east, 22.52° north


@pytest.mark.parametrize(
    ("width", "zone", "prefix", "east", "north"),
    [
        (3, 38, True, 38436212.615, 2491514.243),
        (3, 38, False, 436212.615, 2491514.243),
        (6, 19, False, 744907.964, 2493331.020),
        (6, 19, True, 19744907.964, 2493331.020),
    ],
)
def test_a_point_comes_to_its_place_on_earth(
    tmp_path: Path, width: int, zone: int, prefix: bool, east: float, north: float
) -> None:
    header = HEADER.replace("几度分带=3", f"几度分带={width}").replace("带号=38", f"带号={zone}")
    for x, y in ((north, east), (east, north)):
        data = read(tmp_path, header + f"1,,1,甲,点,,,,@\nJ1,1,{x:.3f},{y:.3f}\n")
        assert data.crs is not None
        (point,) = data.frame.geometry
        lon, lat = transform_points(point.x, point.y, data.crs, parse_crs(4490))
        assert (lon[0], lat[0]) == pytest.approx((113.38, 22.52), abs=1e-8)


def test_zones_that_differ_from_plot_to_plot_give_no_system(tmp_path: Path) -> None:
    other = [(east - 1_000_000.0, north) for east, north in box(100, 80)]
    data = read(tmp_path, HEADER + plot("0.8", [box(100, 80)]) + plot("0.8", [other]))
    assert data.crs is None
    assert "37、38" in only(data, "boundary_txt.system")
    assert data.frame.geometry.notna().all()


def test_degrees_are_not_measured(tmp_path: Path) -> None:
    header = HEADER.replace("计量单位=米", "计量单位=度")
    text = "5,0.8,1,甲,面,,,,@\nJ1,1,22.52,113.38\nJ2,1,22.53,113.38\nJ3,1,22.53,113.39\nJ1,1,22.52,113.38\n"
    data = read(tmp_path, header + text)
    assert data.frame.geometry[0].bounds == (113.38, 22.52, 113.39, 22.53)
    assert data.crs is None
    assert codes(data) == []
    turned = read(tmp_path, header + exchanged(text))
    assert turned.frame.geometry[0].bounds == (113.38, 22.52, 113.39, 22.53)
    assert codes(turned) == ["boundary_txt.exchanged"]


def test_rings_nested_beyond_all_measure_are_refused(tmp_path: Path) -> None:
    lines = ["3200,,1,甲,面,,,,@"]
    for ring in range(400):
        corners = box(1000.0 - 2 * ring, 1000.0 - 2 * ring, ring, ring)
        lines += [f"J,{ring},{north:.3f},{east:.3f}" for east, north in corners]
    text = HEADER + "\n".join(lines)
    data = read(tmp_path, text)
    assert data.frame.geometry[0] is None
    assert "红线.txt:13:" in only(data, "boundary_txt.no_shape")
    shorter = "\n".join(text.split("\n")[: 12 + 1 + 4 * 100])
    # frames of a metre's width: the areas of the squares, alternating
    hundred = sum((-1) ** ring * (1000.0 - 2 * ring) ** 2 for ring in range(100))
    assert read(tmp_path, shorter).frame.geometry[0].area == pytest.approx(hundred)


# --- real files


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "area_m2", "points"), [("plot_000.txt", 12247.1, 5), ("plot_001.txt", 744.2, 4)]
)
def test_real_files(shared_data: Path, name: str, area_m2: float, points: int) -> None:
    path = shared_data / "boundary_txt" / name
    data = BOUNDARY_TXT.read(path, ReadOptions(), NoProgress())
    (shape,) = data.frame.geometry
    assert data.crs is not None
    assert data.crs.to_epsg() == 4526
    assert len(shape.exterior.coords) == points + 1
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(",")[2:] for line in lines if line.startswith("J")]
    assert [(east, north) for east, north in shape.exterior.coords] == [
        (float(y), float(x)) for x, y in pairs
    ]
    # the shoelace formula by hand
    x, y = np.array(shape.exterior.coords).T
    x, y = x - x[0], y - y[0]
    assert shape.area == pytest.approx(abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2)
    assert shape.area == pytest.approx(area_m2, abs=0.05)
    assert data.notes == ()
