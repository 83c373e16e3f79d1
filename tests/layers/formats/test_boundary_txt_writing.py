from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from layers.errors import InputError, JobCancelled, UsageError
from layers.findings import Severity
from layers.formats.boundary_txt import (
    BOUNDARY_TXT,
    BOUNDARY_TXT_WRITER,
    boundary_points,
    form_called,
    forms,
    parse,
    render,
)
from layers.formats.model import OutgoingLayer, ReadOptions, WrittenFile
from layers.progress import NoProgress
from tests.layers.formats.boundary_txt_samples import (
    EAST,
    HEADER,
    NORTH,
    WINDR07,
    box,
    plot,
    rows,
    standard_file,
    valid_files,
)

EVERY_KIND = {"地块名称": "甲", "地块编号": "DK-1", "地块用途": "科研用地", "地类编码": "0802"}


def frame(shapes: Sequence[Any], crs: str | None = "EPSG:4526", **columns: Any) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


def write(path: Path, data: geopandas.GeoDataFrame, **choices: Any) -> WrittenFile:
    return BOUNDARY_TXT_WRITER.write(OutgoingLayer("红线", data), path, choices, NoProgress())


def written(folder: Path, data: geopandas.GeoDataFrame, **choices: Any) -> list[str]:
    """Return the lines from the first record on."""
    path = folder / "out.txt"
    path.unlink(missing_ok=True)
    write(path, data, **choices)
    text = path.read_bytes().decode("gb18030")
    return text[text.index("[地块坐标]") :].split("\r\n")[1:]


def again(source: Path, target: Path, *, as_read: bool = True) -> WrittenFile:
    data = BOUNDARY_TXT.read(source, ReadOptions(), NoProgress())
    assert data.crs is not None
    layer = OutgoingLayer("红线", data.frame.set_crs(data.crs))
    return BOUNDARY_TXT_WRITER.write(layer, target, {"stated": data.stated} if as_read else {}, NoProgress())


# --- byte for byte


def test_a_standard_file_is_written_byte_for_byte(tmp_path: Path) -> None:
    source, target = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_bytes(standard_file().encode("gb18030"))
    result = again(source, target, as_read=False)
    assert target.read_bytes() == source.read_bytes()
    assert result.notes == ()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16-le", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        WINDR07,
        WINDR07.replace("\n", "\r"),
        WINDR07.replace("\n", "\r\n").rstrip(),
        WINDR07.replace("J5,", "J1,"),
        "[项目信息]\n项目名称=甲\n" + WINDR07,
        WINDR07.replace("数据产生单位=\n", "数据产生单位=某测绘院\n备注=无\n"),
        standard_file(),
        # names of points that follow no rule, ones that begin anew in each ring, ones with zeros
        standard_file().replace("J2,", "K2-1,"),
        HEADER + plot("0.8", [box(100, 80)]).replace("J", "J0"),
        HEADER
        + plot("0.80", [box(100, 80)]).replace("J", "")
        + plot("0.25", [box(50, 50, 300)]).replace("J", ""),
        HEADER + plot("", [tuple(reversed(box(100, 80)))]),
        HEADER + plot("0.8", [box(100, 80)], closing=False),
        HEADER + plot("", [box(100, 80)], record="A-7,村路,面,,@"),
        HEADER + plot("", [box(100, 80)], record="4,村路,面,交通,@"),
        HEADER + plot("", [box(100, 80)], record="4,8000.00,,村路,,,,交通,@"),
        HEADER + plot("0.8", [box(100, 80)], record="{count},{area},1,甲,面,,,,a,b,c,d,e,@"),
        HEADER + plot("0.8", [box(100, 80)]).replace(".000", ".00"),
    ],
)
def test_what_was_read_is_written_byte_for_byte(tmp_path: Path, text: str, encoding: str) -> None:
    source, target = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_bytes(text.encode(encoding))
    again(source, target)
    assert target.read_bytes().decode(encoding) == text
    assert target.read_bytes() == source.read_bytes()


def test_a_document_is_rendered_as_it_was_parsed(tmp_path: Path) -> None:
    for text in (
        WINDR07,
        standard_file(),
        WINDR07 + WINDR07,
        "[项目信息]\na=1\n" + WINDR07,
        rows([box(9, 9)]),
    ):
        assert render(parse(text, NoProgress())) == text


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["plot_000.txt", "plot_001.txt"])
def test_real_files_come_out_byte_for_byte(shared_data: Path, tmp_path: Path, name: str) -> None:
    source = shared_data / "boundary_txt" / name
    text = source.read_text(encoding="utf-8")
    assert render(parse(text, NoProgress())) == text
    again(source, tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_bytes() == source.read_bytes()


# --- the standard form


def test_rings_begin_in_the_north_west_and_run_as_the_form_says(tmp_path: Path) -> None:
    outer, hole, part = box(100, 80), box(10, 10, 20, 20), box(30, 30, 200)
    # beginning anywhere, running the wrong way
    shape = shapely.MultiPolygon(
        [(tuple(reversed((*outer[2:], *outer[:2]))), [(*hole[1:], *hole[:1])]), (part[3:] + part[:3], [])]
    )
    lines = written(tmp_path, frame([shape], **{"地块名称": ["甲"]}))
    assert lines[0] == "15,0.8800,,甲,面,,,,@"
    north, east = int(NORTH), int(EAST)
    expected = [(0, 80, 1), (100, 80, 1), (100, 0, 1), (0, 0, 1), (0, 80, 1)]
    expected += [(20, 30, 2), (20, 20, 2), (30, 20, 2), (30, 30, 2), (20, 30, 2)]
    expected += [(200, 30, 3), (230, 30, 3), (230, 0, 3), (200, 0, 3), (200, 30, 3)]
    labels = [1, 2, 3, 4, 1, 5, 6, 7, 8, 5, 9, 10, 11, 12, 9]
    assert lines[1:-1] == [
        f"J{label},{ring},{north + y}.000,{east + x}.000"
        for label, (x, y, ring) in zip(labels, expected, strict=True)
    ]
    assert lines[-1] == ""


def test_the_header_says_the_layers_zone(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    write(path, frame([shapely.Polygon(box(100, 80))]))
    assert path.read_bytes().startswith(HEADER.replace("\n", "\r\n").encode("gb18030"))


@pytest.mark.parametrize(
    ("crs", "shift", "stated"),
    [
        (4547, -38_000_000, ("2000国家大地坐标系", "3", "38")),
        (4497, -19_000_000, ("2000国家大地坐标系", "6", "19")),
        (4508, -38_000_000, ("2000国家大地坐标系", "6", "19")),
        (2362, 0, ("1980西安坐标系", "3", "38")),
        (21459, -38_000_000, ("1954北京坐标系", "6", "19")),
    ],
)
def test_zones_of_every_kind(tmp_path: Path, crs: int, shift: int, stated: tuple[str, str, str]) -> None:
    corners = [(east + shift, north) for east, north in box(100, 80)]
    path = tmp_path / "out.txt"
    write(path, frame([shapely.Polygon(corners)], crs=f"EPSG:{crs}"))
    data = BOUNDARY_TXT.read(path, ReadOptions(), NoProgress())
    assert tuple(data.stated[key] for key in ("坐标系", "几度分带", "带号")) == stated
    # Y bears the zone number in any case
    assert data.frame.geometry[0].bounds[0] == pytest.approx(EAST % 1e6 + int(stated[2]) * 1e6)
    write(tmp_path / "plain.txt", frame([shapely.Polygon(corners)], crs=f"EPSG:{crs}"), prefix="false")
    plain = BOUNDARY_TXT.read(tmp_path / "plain.txt", ReadOptions(), NoProgress())
    assert plain.frame.geometry[0].bounds[0] == pytest.approx(EAST % 1e6)
    assert plain.crs is not None
    assert data.crs is not None
    assert crs in (data.crs.to_epsg(), plain.crs.to_epsg())


def test_a_layer_that_has_changed_its_zone_says_so(tmp_path: Path) -> None:
    source = tmp_path / "in.txt"
    source.write_bytes(WINDR07.encode("gb18030"))
    data = BOUNDARY_TXT.read(source, ReadOptions(), NoProgress())
    moved = frame([shapely.Polygon(box(10, 10.943))], **{"地块面积": ["109.43"]})
    write(tmp_path / "out.txt", moved, stated=data.stated)
    text = (tmp_path / "out.txt").read_bytes().decode("gb18030")
    assert "带号=38\n" in text
    assert "坐标系=2000国家大地坐标系\n" in text
    assert ",109.43,," in text


def test_a_recorded_area_that_no_longer_fits_is_replaced_and_told(tmp_path: Path) -> None:
    source = tmp_path / "in.txt"
    source.write_bytes(WINDR07.encode("gb18030"))
    data = BOUNDARY_TXT.read(source, ReadOptions(), NoProgress())
    changed = data.frame.set_crs(data.crs)
    changed.geometry = changed.geometry.scale(2.0, 1.0)
    area = changed.geometry[0].area
    result = write(tmp_path / "out.txt", changed, stated=data.stated)
    assert f",{area:.2f},1,".encode() in (tmp_path / "out.txt").read_bytes()
    assert [note.code for note in result.notes] == ["boundary_txt.area"]


@pytest.mark.parametrize(
    ("variant", "record"),
    [
        ("standard", "5,0.8000,DK-1,甲,面,,科研用地,0802,@"),
        ("ogu4j", "5,0.8000,DK-1,甲,面,,科研用地,0802,,,,,,@"),
        ("cctool_yzt", "DK-1,甲,面,,@"),
        ("cctool_zf", "4,甲,面,科研用地,@"),
        ("cctool_zjgg", "4,8000.00,,甲,,,,科研用地,@"),
    ],
)
def test_the_records_of_every_form(tmp_path: Path, variant: str, record: str) -> None:
    data = frame([shapely.Polygon(box(100, 80))], **{name: [value] for name, value in EVERY_KIND.items()})
    assert written(tmp_path, data, variant=variant)[0] == record
    read = BOUNDARY_TXT.read(tmp_path / "out.txt", ReadOptions(), NoProgress())
    assert read.stated["form"] == variant
    assert set(forms()) == {"standard", "ogu4j", "cctool_yzt", "cctool_zf", "cctool_zjgg"}


def test_columns_are_found_by_name_title_and_short_name(tmp_path: Path) -> None:
    data = frame(
        [shapely.Polygon(box(100, 80))],
        zs_uid=["u"],
        project=["甲"],
        land_class=["0802"],
        purpose=["科研"],
        colour=["红"],
    )
    layer = OutgoingLayer(
        "x", data, names={"land_class": "DLBM"}, titles={"project": "项目名称", "colour": "颜色"}
    )
    result = BOUNDARY_TXT_WRITER.write(
        layer, tmp_path / "a.txt", {"columns": {"地块用途": "purpose"}}, NoProgress()
    )
    assert "5,0.8000,,甲,面,,科研,0802,@" in (tmp_path / "a.txt").read_bytes().decode("gb18030")
    (note,) = result.notes
    assert "颜色" in note.text
    assert "zs_uid" not in note.text


def test_switches(tmp_path: Path) -> None:
    data = frame([shapely.Polygon(box(100, 80))])
    lines = written(
        tmp_path,
        data,
        area_unit="mu",
        area_decimals="2",
        closing="next",
        label_letter="",
        label_digits=2,
        count="vertices",
        decimals=2,
        prefix=False,
    )
    assert lines[0].startswith("4,12.00,")
    assert lines[1] == f"01,1,{NORTH + 80:.2f},{EAST - 38e6:.2f}"
    assert lines[5] == f"05,1,{NORTH + 80:.2f},{EAST - 38e6:.2f}"
    assert len(written(tmp_path, data, closing="none")) == 6
    as_is = shapely.Polygon([*box(100, 80)[2:], *box(100, 80)[:2]])
    assert written(tmp_path, frame([as_is]), start="as_is")[1].endswith(f"{NORTH:.3f},{EAST + 100:.3f}")
    write(
        tmp_path / "utf8.txt", data, encoding="utf-8", mark=True, line_end="LF", header=[["坐标系", "{zone}"]]
    )
    assert (
        (tmp_path / "utf8.txt")
        .read_bytes()
        .startswith("\ufeff[属性描述]\n坐标系=38\n[地块坐标]\n5,".encode())
    )


def test_numbers_may_run_through_the_file(tmp_path: Path) -> None:
    shapes = [shapely.Polygon(box(100, 80)), shapely.Polygon(box(50, 50, 300))]
    for scope, closing, label in (("file", "first", "J5"), ("file", "next", "J6"), ("plot", "first", "J1")):
        lines = written(tmp_path, frame(shapes), label_scope=scope, closing=closing)
        assert lines[7].split(",")[0] == label
        data = BOUNDARY_TXT.read(tmp_path / "out.txt", ReadOptions(), NoProgress())
        assert (data.stated["label_scope"], data.stated["closing"]) == (scope, closing)


def test_texts_cannot_break_a_record(tmp_path: Path) -> None:
    data = frame(
        [shapely.Polygon(box(100, 80))],
        **{"地块名称": ["甲,乙\r\nJ1,1,2,3@"], "地类编码": [802.0], "图幅号": [None]},
    )
    path = tmp_path / "out.txt"
    result = write(path, data)
    read = BOUNDARY_TXT.read(path, ReadOptions(), NoProgress())
    assert len(read.frame) == 1
    assert read.frame["地块名称"][0] == "甲，乙 J1，1，2，3@"
    assert read.frame["地类编码"][0] == "802"
    assert read.frame["图幅号"][0] is None
    assert [note.code for note in result.notes] == ["boundary_txt.text"]


def test_what_has_no_shape_is_left_out_and_told(tmp_path: Path) -> None:
    shapes = [None, shapely.Polygon(box(100, 80)), shapely.Polygon()]
    result = write(tmp_path / "out.txt", frame(shapes))
    assert [(note.severity, note.rows) for note in result.notes] == [
        (Severity.WARNING, (0,)),
        (Severity.WARNING, (2,)),
    ]
    assert len(BOUNDARY_TXT.read(tmp_path / "out.txt", ReadOptions(), NoProgress()).frame) == 1


def test_heights_are_left_out_and_told(tmp_path: Path) -> None:
    high = shapely.force_3d(shapely.Polygon(box(100, 80)), 12.0)
    result = write(tmp_path / "out.txt", frame([high]))
    assert [note.code for note in result.notes] == ["boundary_txt.heights"]


def test_lines_and_points(tmp_path: Path) -> None:
    line, points = shapely.LineString(box(100, 80)), shapely.MultiPoint(box(100, 80))
    lines = written(tmp_path, frame([line, points]))
    assert [record for record in lines if record.endswith("@")] == [
        "4,0.0000,,,线,,,,@",
        "4,0.0000,,,点,,,,@",
    ]
    read = BOUNDARY_TXT.read(tmp_path / "out.txt", ReadOptions(), NoProgress())
    assert read.frame.geometry[0].equals_exact(line, 1e-9)
    assert read.frame.geometry[1].equals_exact(points, 1e-9)


# --- refusals; nothing is left behind


@pytest.mark.parametrize("crs", [None, "EPSG:4490", "EPSG:3857", "EPSG:32649", "EPSG:4525+5737"])
def test_only_zones_of_gauss_kruger(tmp_path: Path, crs: str | None) -> None:
    data = frame([shapely.Polygon(box(100, 80))], crs=crs)
    if crs == "EPSG:4525+5737":
        data = data.set_crs("+proj=tmerc +lon_0=113.4 +x_0=500000 +ellps=GRS80", allow_override=True)
    with pytest.raises(InputError) as caught:
        write(tmp_path / "out.txt", data)
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "shape",
    [
        # two parts over each other would be read as one with a hole
        shapely.MultiPolygon([shapely.Polygon(box(100, 80)), shapely.Polygon(box(10, 10, 20, 20))]),
        shapely.MultiPolygon([shapely.Polygon(box(100, 80)), shapely.Polygon(box(100, 80, 50, 40))]),
        # a hole that is none at the file's precision
        shapely.Polygon(box(100, 80), [box(0.0002, 0.0002, 20.1, 20.1)]),
        shapely.GeometryCollection([shapely.Polygon(box(100, 80))]),
        shapely.MultiPolygon([shapely.Polygon(box(100, 80)), shapely.Polygon(box(100, 80))]),
    ],
)
def test_a_shape_that_would_be_read_as_another_one(tmp_path: Path, shape: Any) -> None:
    good = shapely.Polygon(box(100, 80, 1000))
    with pytest.raises(InputError) as caught:
        write(tmp_path / "out.txt", frame([good, shape]))
    assert "2" in caught.value.where
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "choices",
    [
        {"variant": "none"},
        {"colour": "red"},
        {"closing": "sometimes"},
        {"decimals": 99},
        {"encoding": "no-such"},
        {"stated": "everything"},
        {"columns": {"地块名称": "missing"}},
        {"key": "mine"},
    ],
)
def test_unknown_choices(tmp_path: Path, choices: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        write(tmp_path / "out.txt", frame([shapely.Polygon(box(100, 80))]), **choices)
    assert list(tmp_path.iterdir()) == []


def test_a_character_that_the_encoding_lacks(tmp_path: Path) -> None:
    data = frame([shapely.Polygon(box(100, 80))], **{"地块名称": ["𠮷村"]})
    with pytest.raises(InputError, match="𠮷"):
        write(tmp_path / "out.txt", data, encoding="gbk")
    write(tmp_path / "out.txt", data)
    assert BOUNDARY_TXT.read(tmp_path / "out.txt", ReadOptions(), NoProgress()).frame["地块名称"][0] == "𠮷村"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write(tmp_path / "none" / "out.txt", frame([shapely.Polygon(box(100, 80))]))


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    class Stop:
        def step(self, done: float, text: str = "") -> None:
            raise JobCancelled

    layer = OutgoingLayer("x", frame([shapely.Polygon(box(100, 80))]))
    with pytest.raises(JobCancelled):
        BOUNDARY_TXT_WRITER.write(layer, tmp_path / "out.txt", {}, Stop())
    assert list(tmp_path.iterdir()) == []
    (path, *_rest) = valid_files(tmp_path)
    with pytest.raises(JobCancelled):
        BOUNDARY_TXT.read(path, ReadOptions(), Stop())


# --- boundary points for tables


def test_boundary_points_of_a_triangle_with_sides_3_4_5() -> None:
    shape = shapely.Polygon([(EAST, NORTH), (EAST + 4, NORTH), (EAST, NORTH + 3)])
    points = boundary_points(shape)
    assert [(p.label, p.ring, p.y_east - EAST, p.x_north - NORTH) for p in points] == [
        ("J1", 1, 0.0, 3.0),
        ("J2", 1, 4.0, 0.0),
        ("J3", 1, 0.0, 0.0),
        ("J1", 1, 0.0, 3.0),
    ]
    assert [p.side_length_m for p in points[:3]] == [5.0, 4.0, 3.0]
    assert math.isnan(points[3].side_length_m)
    without = boundary_points(shape, form_called("").switched({"closing": "none"}))
    assert [p.side_length_m for p in without] == [5.0, 4.0, 3.0]


def test_boundary_points_are_numbered_as_the_file_numbers_them(tmp_path: Path) -> None:
    shape = shapely.MultiPolygon([(box(100, 80), [box(10, 10, 20, 20)]), (box(30, 30, 200), [])])
    lines = written(tmp_path, frame([shape]))
    points = boundary_points(shape)
    assert lines[1:-1] == [f"{p.label},{p.ring},{p.x_north:.3f},{p.y_east:.3f}" for p in points]
    assert sum(p.side_length_m for p in points if not math.isnan(p.side_length_m)) == pytest.approx(
        shape.length
    )


def test_boundary_points_of_a_collection_are_refused() -> None:
    with pytest.raises(InputError):
        boundary_points(shapely.GeometryCollection([shapely.Point(1, 2)]))
