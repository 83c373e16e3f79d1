"""VCT files give their layers with shapes, holes and values as the standard means them."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vct_samples import (
    APART,
    EAST,
    HEAD,
    NORTH,
    SQUARE,
    at,
    line,
    of_lines,
    of_rings,
    text,
    valid_files,
    write,
)

from layers.errors import InputError
from layers.formats.model import ReadOptions, SourceData
from layers.formats.rings import polygon_of
from layers.formats.vct.reading import VCT
from layers.progress import NoProgress


def read(path: Path, layer: str, encoding: str = "") -> SourceData:
    return VCT.read(path, ReadOptions(layer, encoding), NoProgress())


def polygons(*objects: str, lines: str = "") -> dict[str, str]:
    return {
        "lines": f"LineBegin\n{lines}LineEnd\n",
        "polygons": "PolygonBegin\n" + "".join(objects) + "PolygonEnd\n",
    }


def test_each_feature_code_with_objects_is_a_layer(tmp_path: Path) -> None:
    for path in valid_files(tmp_path):
        layers = VCT.layers(path, ReadOptions())
        assert [(each.name, each.geometry, each.feature_count) for each in layers] == [
            ("CLKZD", "Point", 2),
            ("XZQJX", "LineString", 1),
            ("DLTB", "Polygon", 2),
            ("YJJBNT", "Polygon", 1),
            ("ZJ", "Point", 1),
            ("QLR", "", 1),
        ]
        assert layers[2].columns == ("BSM", "DLBM", "DLMC", "TBMJ", "SJNF")
        for each in layers:
            data = read(path, each.name)
            assert data.notes == ()
            assert len(data.frame) == each.feature_count
            assert tuple(data.frame.columns) == (*each.columns, "geometry")
            # zone 38 with its number in the easting
            assert data.crs is not None
            assert data.crs.to_epsg() == 4526


def test_polygons_made_of_lines_have_their_areas_holes_and_values(tmp_path: Path) -> None:
    data = read(write(tmp_path / "a.vct"), "DLTB")
    first, second = data.frame.geometry
    assert (first.area, second.area) == (9600.0, 15000.0)
    assert len(first.interiors) == 1
    assert shapely.equals(second, shapely.box(EAST + 100, NORTH, EAST + 250, NORTH + 100))
    assert first.intersection(second).length == 100.0
    assert data.frame["BSM"].tolist() == ["BSM21", "BSM22"]
    assert data.frame["DLBM"].tolist() == ["0101", "0802"]
    assert data.frame["DLMC"].tolist() == ["水田", None]
    assert data.frame["TBMJ"].tolist() == [9600.0, 15000.0]
    assert data.frame["SJNF"].tolist() == [2023, None]
    assert (data.encoding, data.encoding_guessed) == ("GB18030", True)
    assert data.stated["VerticalDatum"] == "1985国家高程基准"
    assert data.stated["feature_name"] == "地类图斑"


def test_rings_by_themselves_are_sorted_into_outlines_and_holes(tmp_path: Path) -> None:
    (shape,) = read(write(tmp_path / "a.vct"), "YJJBNT").frame.geometry
    # the square, less its hole, and a square of 10 m apart from it
    assert shape.geom_type == "MultiPolygon"
    assert shape.area == 10000.0 - 400.0 + 100.0


def test_points_lines_texts_and_tables_come_too(tmp_path: Path) -> None:
    path = write(tmp_path / "a.vct")
    # the first point states its count, the second one does not
    assert [(p.x - EAST, p.y - NORTH) for p in read(path, "CLKZD").frame.geometry] == [(5.0, 6.0), (7.0, 8.0)]
    (border,) = read(path, "XZQJX").frame.geometry
    assert border.length == 5.0
    note = read(path, "ZJ").frame.iloc[0]
    assert (note["注记内容"], note["注记角度"], note["BSM"]) == ("石岐, 中山", 30.0, "ZJ41")
    table = read(path, "QLR").frame
    assert table["DJRQ"].tolist() == [datetime.date(2023, 12, 31)]
    assert table.geometry.isna().all()


def test_several_layers_need_a_choice(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="DLTB"):
        read(write(tmp_path / "a.vct"), "")


@pytest.mark.parametrize(
    ("old", "new", "epsg"),
    [
        ("114,1,38500000,0,3,38", "114,1,500000,0,3,38", 4547),
        ("114,1,38500000,0,3,38", "111,1,37500000,0,3,37", 4525),
        ("114,1,38500000,0,3,38", "113.5,1,500000,0,3,38", None),
        ("114,1,38500000,0,3,38", "114,1,38600000,0,3,38", None),
        ("CGCS2000,6378137.0,298.257222101", "西安80,6378140,298.257", None),
        ("CoordinateSystemType:P", "CoordinateSystemType:G", None),
        (
            "CoordinateSystemType:P\nDim:2\nXAxisDirection:E\nYAxisDirection:N\nXYUnit:M",
            "CoordinateSystemType:G\nXYUnit:D",
            4490,
        ),
    ],
)
def test_a_system_is_named_only_where_the_head_leaves_no_doubt(
    tmp_path: Path, old: str, new: str, epsg: int | None
) -> None:
    assert old in HEAD
    crs = read(write(tmp_path / "a.vct", text(head=HEAD.replace(old, new))), "DLTB").crs
    assert (crs.to_epsg() if crs else None) == epsg


def test_an_x_axis_to_the_north_and_an_offset_are_followed(tmp_path: Path) -> None:
    head = HEAD.replace("XAxisDirection:E", "XAxisDirection:N").replace("Offset:0,0", "Offset:1000,2")
    shape = read(write(tmp_path / "a.vct", text(head=head)), "DLTB").frame.geometry.iloc[0]
    assert shape.bounds == (NORTH + 2, EAST + 1000, NORTH + 102, EAST + 1100)
    assert shape.area == 9600.0


def test_line_numbers_may_be_unsigned_uncounted_or_on_many_lines(tmp_path: Path) -> None:
    shared = text().split("LineBegin\n")[1].split("LineEnd")[0]
    body = text(**polygons(of_lines(21, "11,12\n0\n14", 3), of_lines(22, "13,11", 2), lines=shared))
    data = read(write(tmp_path / "a.vct", body), "DLTB")
    assert data.frame.geometry.area.tolist() == [9600.0, 15000.0]
    assert data.notes == ()


def test_polygons_made_of_polygons_and_arcs(tmp_path: Path) -> None:
    composed = f"32\n2005010200\nunknown\n100\n{at((5, 5))}\n22\n2\n31,33\n0\n"
    circle = f"33\n2005010200\nunknown\n1\n{at((5, 5))}\n1\n12\n3\n{at((300, 0), (310, 10), (320, 0))}\n0\n"
    data = read(
        write(tmp_path / "a.vct", text(**polygons(of_rings(31, [SQUARE]), circle, composed))), "YJJBNT"
    )
    square, disc, both = data.frame.geometry
    # 128 chords at a radius of 10 m: n/2 r² sin(2π/n) = 314.03 m²
    assert disc.area == pytest.approx(64 * 100 * math.sin(2 * math.pi / 128), rel=1e-3)
    assert both.area == pytest.approx(square.area + disc.area)
    assert data.curves == ("CIRCULARSTRING",)


def test_odd_objects_are_told_by_line_and_cost_nothing_else(tmp_path: Path) -> None:
    lost = of_lines(23, "99", 1)
    open_ring = of_lines(24, "12", 1)
    circular = f"25\n2001010100\nunknown\n100\n{at((5, 5))}\n22\n1\n25\n0\n"
    garbage = f"26\n2001010100\nunknown\n1\n{at((5, 5))}\n1\n11\n3\nabc,def\n1,2\n3,4\n0\n"
    spline = f"27\n2001010100\nunknown\n1\n{at((5, 5))}\n1\n15\n3\n1,2\n3,4\n5,6\n0\n"
    shared = text().split("LineBegin\n")[1].split("LineEnd")[0]
    good = of_lines(21, "11,12,0,14", 4)
    body = text(**polygons(lost, garbage, open_ring, circular, spline, good, lines=shared))
    data = read(write(tmp_path / "a.vct", body), "DLTB")
    by_area = data.frame.geometry.area.fillna(-1).tolist()
    # 23 and 25 have no shape, 24 lacks a line and is closed straight, 26 and 27 are left out, 22 only a row
    assert by_area == [-1.0, 10000.0, -1.0, 9600.0, -1.0]
    (odd,) = [note for note in data.notes if note.code == "vct.odd_objects"]
    assert "4" in odd.text[:6]
    where = body[: body.index("abc,def")].count("\n") + 1
    assert str(where) in odd.text


def test_rows_that_do_not_fit_are_left_out_and_told(tmp_path: Path) -> None:
    rows = (
        "AttributeBegin\nDLTB\n21,BSM21,0101,水田,约九千,2023\n22,BSM22,0802\n"
        "21,BSM21,0101,水田,9600,2023\n29,BSM29,0101,水田,5,2023\nTableEnd\nAttributeEnd\n"
    )
    data = read(write(tmp_path / "a.vct", text(attributes=rows)), "DLTB")
    assert {note.code for note in data.notes} == {
        "vct.no_attributes",
        "vct.odd_rows",
        "vct.doubled_rows",
        "vct.unread_values",
    }
    assert data.frame["TBMJ"].fillna(-1).tolist() == [-1, -1, 5]
    assert data.frame["BSM"].tolist() == ["BSM21", None, "BSM29"]
    assert data.frame.geometry.isna().tolist() == [False, False, True]


@pytest.mark.parametrize("share", [0.05, 0.2, 0.4, 0.6, 0.8, 0.95])
def test_a_file_cut_off_anywhere_says_so(tmp_path: Path, share: float) -> None:
    whole = text().encode("gbk")
    path = tmp_path / "a.vct"
    path.write_bytes(whole[: int(len(whole) * share)])
    try:
        told = bool(read(path, "DLTB").notes)
    except InputError as error:
        told = bool(error.where and error.remedy)
    assert told


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("HeadBegin\nVersion:2.0\nHeadEnd\n", "2.0"),
        ("HeadBegin\nVersion:3.0\n", "HeadEnd"),
        ("PointBegin\n", "HeadBegin"),
        ("HeadBegin\n" + "x" * 1_000_001, "2"),
    ],
)
def test_what_is_no_vct_3_is_refused_in_a_sentence(tmp_path: Path, body: str, word: str) -> None:
    path = tmp_path / "a.vct"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        VCT.layers(path, ReadOptions())
    assert word in str(caught.value) or word == "HeadBegin"


def test_claims_of_many_points_cost_nothing(tmp_path: Path) -> None:
    claim = f"21\n2001010100\nunknown\n1\n{at((5, 5))}\n1\n11\n9999999\n1,2\n0\n"
    bomb = f"22\n2001010100\nunknown\n1\n{at((5, 5))}\n999999999999\n0\n"
    data = read(write(tmp_path / "a.vct", text(**polygons(bomb, claim))), "DLTB")
    assert data.frame.geometry.isna().all()
    assert "vct.odd_objects" in {note.code for note in data.notes}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(1, 9), st.floats(1, 9)),
        min_size=1,
        max_size=6,
    )
)
def test_rings_written_are_the_polygon_read(
    tmp_path: Path, boxes: list[tuple[int, int, float, float]]
) -> None:
    # squares of a grid of 20 m never touch: the area is the sum
    places = {(column, row): (width, height) for column, row, width, height in boxes}
    rings = []
    for (column, row), (width, height) in places.items():
        x, y = column * 20.0, row * 20.0
        rings.append([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)])
    body = text(**polygons(of_rings(31, rings)))
    (shape,) = read(write(tmp_path / "a.vct", body), "YJJBNT").frame.geometry
    expected = shapely.union_all(
        [shapely.Polygon([(float(f"{EAST + x}"), float(f"{NORTH + y}")) for x, y in ring]) for ring in rings]
    )
    assert shape.area == pytest.approx(expected.area)
    assert shape.symmetric_difference(expected).area == pytest.approx(0.0, abs=1e-9)


def test_an_island_in_a_hole_is_a_part_again() -> None:
    rings = [shapely.box(i, i, 100 - i, 100 - i).exterior for i in (30, 0, 10, 20)]
    shape = polygon_of(rings)
    # rings of 100, 80, 60 and 40 m: 10000 - 6400 + 3600 - 1600
    assert shape.area == 5600.0
    assert len(shape.geoms) == 2


def test_codes_that_share_a_table_are_layers_of_their_own(tmp_path: Path) -> None:
    codes = text().split("FeatureCodeBegin\n")[1].split("FeatureCodeEnd")[0]
    two = codes + "2001010101,另一图斑,Polygon,DLTB\n"
    body = text().replace(codes, two)
    other = of_rings(35, [APART], "2001010101")
    body = body.replace("PolygonEnd", other + "PolygonEnd")
    path = write(tmp_path / "a.vct", body)
    names = [each.name for each in VCT.layers(path, ReadOptions())]
    assert "DLTB_2001010100" in names
    data = read(path, "DLTB_2001010101")
    assert data.frame.geometry.area.tolist() == [100.0]
    assert pd.isna(data.frame["BSM"]).all()
    assert line(1, [(0, 0)])
