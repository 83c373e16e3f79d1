"""Drawings as offices hand them over: what is drawn comes in, with its place, its text and its names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from ezdxf.document import Drawing

from layers.errors import InputError
from layers.formats.drawings import DRAWINGS, drawing_layers
from layers.formats.model import ReadOptions
from tests.layers.formats.drawings_samples import EAST, NORTH, drawing, made, parcel_drawing, read, save


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("version", ["R2000", "R2004", "R2007", "R2010", "R2018"])
def test_a_parcel_comes_in_with_place_text_and_code(tmp_path: Path, version: str, binary: bool) -> None:
    path = save(parcel_drawing(version), tmp_path / "parcel.dxf", binary=binary)
    layers = {layer.name: layer.feature_count for layer in DRAWINGS.layers(path, ReadOptions())}
    # the area and the block's circle; the line; the point and the block's place; the name and the attribute
    assert layers == {"面": 2, "线": 1, "点": 2, "文字": 2}
    areas = read(path, "面")
    red = areas.frame.iloc[0]
    corners = [(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100, NORTH + 50), (EAST, NORTH + 50)]
    assert red.geometry.equals(shapely.Polygon(corners))
    assert red.geometry.area == 5000.0
    assert (red.layer, red.layer_title, red.color, red.color_rgb) == ("JZD", "界址点、界址线", 1, "#ff0000")
    assert (red.cass_code, red.cass_values) == ("300000", "440-001 | 石岐街道")
    assert red.text_inside == "宗地一"
    assert not areas.encoding_guessed
    assert areas.crs is None
    points = read(path, "点").frame
    assert points.elevation.tolist() == [7.25, 0.0]
    assert points["编号"].tolist() == [None, "J01"]
    assert points.block.tolist() == [None, "界桩"]
    texts = read(path, "文字").frame
    assert texts.text.tolist() == ["宗地一", "J01"]
    # R2000 knows numbered colours only
    assert texts.color_rgb.tolist()[0] == ("#000000" if version == "R2000" else "#0080ff")
    assert read(path, "线").frame.elevation.tolist() == [3.5]


def test_a_block_stands_where_its_reference_puts_it(tmp_path: Path) -> None:
    areas = read(save(parcel_drawing(), tmp_path / "a.dxf"), "面").frame
    circle = areas.iloc[1]
    center = circle.geometry.envelope.centroid
    assert (center.x, center.y) == pytest.approx((EAST + 5, NORTH + 5), abs=1e-6)
    # layer 0 in a block stands for the layer of its reference
    assert (circle.layer, circle.block, circle["编号"]) == ("JZD", "界桩", "J01")


def test_one_layer_of_the_drawing_can_be_chosen(tmp_path: Path) -> None:
    path = save(parcel_drawing(), tmp_path / "a.dxf")
    names = [layer.name for layer in DRAWINGS.layers(path, ReadOptions(choices={"by": "layer"}))]
    assert names == [
        *("面", "线", "点", "文字"),
        *("点/0", "面/JZD", "点/JZD", "文字/JZD", "线/地块", "文字/地块"),
    ]
    data = read(path, "面/JZD")
    assert data.layer == "面/JZD"
    assert data.frame.layer.tolist() == ["JZD", "JZD"]
    listed = {layer["name"]: layer for layer in drawing_layers(path, ReadOptions())}
    assert listed["JZD"] == {
        "name": "JZD",
        "title": "界址点、界址线",
        "color": "#ff0000",
        "hidden": False,
        "counts": {"面": 2, "点": 1, "文字": 1},
    }


def test_several_families_must_be_chosen_from(tmp_path: Path) -> None:
    path = save(parcel_drawing(), tmp_path / "a.dxf")
    with pytest.raises(InputError, match="面、线、点、文字"):
        read(path)
    with pytest.raises(InputError, match="面/JZD"):
        read(path, "面/没有")


def test_nested_blocks_turn_and_stretch(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        inner = document.blocks.new("inner")
        inner.add_line((0, 0), (1, 0))
        outer = document.blocks.new("outer")
        outer.add_blockref("inner", (10, 0), dxfattribs={"rotation": 90})
        document.modelspace().add_blockref("outer", (100, 200), dxfattribs={"xscale": 2, "yscale": 3})

    # inner turned: (10,0)-(10,1); stretched by 2 and 3 and moved: (120,200)-(120,203)
    line = read(made(tmp_path, fill), "线").frame.geometry[0]
    assert shapely.equals_exact(line, shapely.LineString([(120, 200), (120, 203)]), tolerance=1e-9)


def test_an_array_of_blocks_repeats_in_turned_rows(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        document.blocks.new("tree").add_point((0, 0))
        attributes = {
            "column_count": 3,
            "row_count": 2,
            "column_spacing": 5,
            "row_spacing": 7,
            "rotation": 90,
        }
        document.modelspace().add_blockref("tree", (1, 1), dxfattribs=attributes)

    frame = read(made(tmp_path, fill), "点", blocks="shapes").frame
    found = {(round(p.x, 9), round(p.y, 9)) for p in frame.geometry}
    # columns run north, rows run west
    assert found == {(1 - 7 * row, 1 + 5 * column) for row in range(2) for column in range(3)}


def test_blocks_can_stay_points(tmp_path: Path) -> None:
    path = save(parcel_drawing(), tmp_path / "a.dxf")
    counts = DRAWINGS.layers(path, ReadOptions(choices={"blocks": "points"}))
    assert {layer.name: layer.feature_count for layer in counts} == {"面": 1, "线": 1, "点": 2, "文字": 2}


def test_a_mirrored_plane_is_turned_into_the_drawings(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        space = document.modelspace()
        # an extrusion of (0, 0, -1) mirrors x (arbitrary axis algorithm of the DXF reference)
        space.add_lwpolyline([(1, 2), (4, 2), (4, 6)], close=True, dxfattribs={"extrusion": (0, 0, -1)})

    area = read(made(tmp_path, fill), "面").frame.geometry[0]
    assert area.equals(shapely.Polygon([(-1, 2), (-4, 2), (-4, 6)]))


def test_filling_with_a_hole_by_even_odd(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        hatch = document.modelspace().add_hatch(color=3)
        for low, high in ((0, 10), (2, 8), (4, 6)):
            ring = [(low, low), (high, low), (high, high), (low, high)]
            hatch.paths.add_polyline_path(ring, is_closed=True)

    area = read(made(tmp_path, fill), "面").frame.geometry[0]
    # 100 - 36 + 4
    assert area.area == pytest.approx(68.0)
    assert area.geom_type == "MultiPolygon"


def test_filling_of_edges_that_run_either_way(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        path = document.modelspace().add_hatch().paths.add_edge_path()
        path.add_line((0, 0), (10, 0))
        path.add_line((10, 5), (10, 0))
        path.add_line((10, 5), (0, 5))
        path.add_line((0, 0), (0, 5))

    assert read(made(tmp_path, fill), "面").frame.geometry[0].equals(shapely.box(0, 0, 10, 5))


def test_a_filling_over_a_closed_line_is_told(tmp_path: Path) -> None:
    ring = [(0, 0), (10, 0), (10, 5), (0, 5)]

    def fill(document: Drawing) -> None:
        document.modelspace().add_lwpolyline(ring, close=True)
        document.modelspace().add_hatch().paths.add_polyline_path(ring, is_closed=True)

    path = made(tmp_path, fill)
    data = read(path, "面")
    assert [note.rows for note in data.notes if note.code == "drawing.doubled"] == [(1,)]
    assert len(read(path, "面", hatches="no").frame) == 1


def test_faces_and_solids(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        document.modelspace().add_solid([(0, 0), (2, 0), (0, 1), (2, 1)])
        document.modelspace().add_3dface([(0, 0, 1), (2, 0, 1), (2, 1, 1), (0, 1, 1)])

    frame = read(made(tmp_path, fill), "面").frame
    assert frame.geometry.area.tolist() == [2.0, 2.0]
    assert frame.elevation.tolist() == [0.0, 1.0]


def test_heights_that_differ_stay_in_the_shape(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        document.modelspace().add_polyline3d([(0, 0, 1), (5, 0, 2), (5, 5, 3)])
        document.modelspace().add_lwpolyline([(0, 0), (1, 1)], dxfattribs={"elevation": 9})

    frame = read(made(tmp_path, fill), "线").frame
    assert shapely.get_coordinates(frame.geometry[0], include_z=True)[:, 2].tolist() == [1.0, 2.0, 3.0]
    assert np.isnan(frame.elevation[0])
    assert shapely.get_coordinates(frame.geometry[1], include_z=True)[:, 2].tolist() == [9.0, 9.0]


def test_a_line_that_is_nearly_closed_is_told_with_its_place(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        space = document.modelspace()
        space.add_lwpolyline([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0.03)], dxfattribs={"layer": "红线"})
        # ends that are one point close it, with or without the flag
        space.add_lwpolyline([(20, 0), (30, 0), (30, 10), (20, 0)])

    path = made(tmp_path, fill)
    assert len(read(path, "面").frame) == 1
    data = read(path, "线")
    (note,) = [note for note in data.notes if note.code == "drawing.nearly_closed"]
    assert note.rows == (0,)
    for part in ("红线", "0.03", "0.000, 0.030"):
        assert part in note.text
    closed = read(path, "面", close_gap_m="0.05").frame
    assert sorted(closed.geometry.area) == pytest.approx([50.0, 100.0], abs=0.2)


def test_a_gap_is_metres_in_a_drawing_of_millimetres(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        ring = [(0, 0), (10_000, 0), (10_000, 10_000), (0, 10_000), (0, 30)]
        document.modelspace().add_lwpolyline(ring)

    path = made(tmp_path, fill, metres=False)
    assert read(path, "面", close_gap_m="0.05").frame.geometry[0].area == pytest.approx(1e8, rel=0.01)
    data = read(path, "线")
    assert data.stated["metres_per_unit"] == "0.001"
    assert "drawing.unit" in {note.code for note in data.notes}


def test_what_is_hidden_left_out_or_elsewhere_is_told(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        space = document.modelspace()
        document.layers.add("冻结").freeze()
        document.layers.add("关闭").off()
        space.add_line((0, 0), (1, 0), dxfattribs={"layer": "冻结"})
        space.add_line((0, 0), (1, 1), dxfattribs={"layer": "关闭"})
        space.add_linear_dim((0, 5), (0, 0), (5, 0)).render()
        document.layout("Layout1").add_line((0, 0), (1, 1))
        document.add_xref_def("底图.dwg", "底图")
        space.add_blockref("底图", (0, 0))

    data = read(made(tmp_path, fill), "线")
    told = {note.code: note for note in data.notes}
    assert told["drawing.hidden_layers"].rows == (0, 1)
    assert "DIMENSION 1" in told["drawing.left_out"].text
    assert "1" in told["drawing.paper_space"].text
    assert "底图.dwg" in told["drawing.external"].text
    assert len(data.frame) == 2


def test_a_text_belongs_to_the_smallest_area(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        space = document.modelspace()
        for size in (100, 10):
            space.add_lwpolyline([(0, 0), (size, 0), (size, size), (0, size)], close=True)
        for place, words in (((5, 5), "甲"), ((6, 6), "12"), ((50, 50), "乙")):
            space.add_text(words, dxfattribs={"insert": place})

    path = made(tmp_path, fill)
    assert read(path, "面").frame.text_inside.tolist() == ["乙", "甲；12"]
    assert "text_inside" not in read(path, "面", text_inside="no").frame


def test_text_loses_its_formats_only(tmp_path: Path) -> None:
    def fill(document: Drawing) -> None:
        space = document.modelspace()
        space.add_mtext("{\\fSimSun|b0;\\H2x;第一行}\\P第二\\~行 {\\C1;红}")
        space.add_text("面积 100%%d 50%%%", dxfattribs={"insert": (3, 4)})
        space.add_text("右", dxfattribs={"insert": (0, 0), "align_point": (9, 9), "halign": 2})

    frame = read(made(tmp_path, fill), "文字").frame
    assert frame.text.tolist() == ["第一行\n第二 行 红", "面积 100° 50%", "右"]
    assert (frame.geometry[2].x, frame.geometry[2].y) == (9.0, 9.0)


def test_unknown_choices_are_refused(tmp_path: Path) -> None:
    path = save(drawing(), tmp_path / "a.dxf")
    for choices in ({"tolerance": "1"}, {"tolerance_m": "0"}, {"tolerance_m": "nan"}, {"blocks": "no"}):
        with pytest.raises(InputError):
            DRAWINGS.layers(path, ReadOptions(choices=choices))


def test_a_drawing_without_anything_says_so(tmp_path: Path) -> None:
    path = save(drawing(), tmp_path / "a.dxf")
    assert DRAWINGS.layers(path, ReadOptions()) == ()
    with pytest.raises(InputError):
        read(path)
