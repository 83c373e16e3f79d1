"""KML and KMZ in: what people draw on phones and in Google Earth arrives with its place and words."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
import shapely

from layers.errors import InputError, UsageError
from layers.formats.kml import KML
from layers.formats.model import ReadOptions
from layers.progress import NoProgress
from tests.layers.formats.kml_samples import (
    HOLE,
    SQUARE,
    codes,
    document,
    placemark,
    point,
    polygon,
    read,
    valid_files,
    write,
)


@pytest.mark.real_data
def test_a_real_red_line_with_a_hole(shared_data: Path) -> None:
    data = read(shared_data / "kml" / "含有孔洞的多边形.kml")
    assert data.frame.geometry.geom_type.tolist() == ["Polygon"]
    shape = data.frame.geometry.iloc[0]
    # numbers as they stand in the file
    assert shape.exterior.coords[0] == (117.513070104062, 34.3077376258462)
    assert len(shape.exterior.coords) == 7
    assert len(shape.interiors) == 1
    assert shape.interiors[0].coords[1] == (117.512284158749, 34.3065528278454)
    assert data.crs is not None
    assert data.crs.to_epsg() == 4326
    assert data.frame["area"].tolist() == [0.0]
    assert data.frame["color"].tolist() == ["#ff0000"]  # ff0000ff: opaque, no blue, no green, red
    assert data.frame["folder"].tolist() == ["shp"]


@pytest.mark.real_data
def test_a_real_line_in_a_kmz(shared_data: Path) -> None:
    path = shared_data / "kml" / "地块红线_LineString.kmz"
    (layer,) = KML.layers(path, ReadOptions())
    assert (layer.name, layer.geometry, layer.feature_count) == ("地块红线_LineString", "LineString", 1)
    data = read(path)
    assert data.frame["name"].tolist() == ["未命名路径"]
    line = data.frame.geometry.iloc[0]
    assert len(line.coords) == 6
    assert line.coords[5] == (117.5100471313742, 34.30575797771898)  # heights of 0 are none
    assert codes(data) == []


def test_samples_read_alike_whatever_holds_them(tmp_path: Path) -> None:
    parcels, _mixed, gbk, kmz = valid_files(tmp_path)
    expected = read(parcels).frame.drop(columns="geometry").to_dict("list")
    assert expected["DLBM"] == ["0802"]
    assert expected["面积"] == [1.5]
    assert expected["folder"] == ["甲"]
    for path in (gbk, kmz):
        assert read(path).frame.drop(columns="geometry").to_dict("list") == expected
    assert read(gbk).encoding == "gb18030"
    assert not read(gbk).encoding_guessed


def test_mixed_shapes_come_as_a_layer_each(tmp_path: Path) -> None:
    path = valid_files(tmp_path)[1]
    layers = KML.layers(path, ReadOptions())
    assert [(one.name, one.geometry, one.feature_count) for one in layers] == [
        ("mixed_面", "Polygon", 1),
        ("mixed_线", "LineString Z", 1),
        ("mixed_点", "Point", 1),
    ]
    assert codes(read(path, "mixed_点")) == ["kml.split"]
    assert read(path, "mixed_点").frame["name"].tolist() == ["地块"]
    with pytest.raises(InputError, match="mixed_面、mixed_线、mixed_点"):
        read(path)
    with pytest.raises(InputError, match="没有"):
        read(path, "mixed_体")


def test_multi_geometry_becomes_one_shape_of_several_parts(tmp_path: Path) -> None:
    ring = "1,1 2,1 2,2 1,1"
    nested = f"<MultiGeometry><MultiGeometry>{polygon()}</MultiGeometry>{polygon(ring)}</MultiGeometry>"
    data = read(write(tmp_path / "a.kml", document(placemark(nested))))
    shape = data.frame.geometry.iloc[0]
    assert shape.geom_type == "MultiPolygon"
    # 0.1 x 0.1 degrees, and half a square of 1 degree
    assert shape.area == pytest.approx(0.01 + 0.5)


def test_tracks_keep_their_times_and_heights(tmp_path: Path) -> None:
    def track(first: int) -> str:
        return (
            f"<gx:Track><when>T{first}</when><when>T{first + 1}</when><gx:coord>113 22 {first}</gx:coord>"
            f"<gx:coord>113.1 22.1 {first + 1}</gx:coord></gx:Track>"
        )

    both = f"<gx:MultiTrack>{track(1)}{track(3)}</gx:MultiTrack>"
    data = read(write(tmp_path / "a.kml", document(placemark(both))))
    shape = data.frame.geometry.iloc[0]
    assert shape.geom_type == "MultiLineString"
    assert shapely.get_coordinates(shape, include_z=True)[:, 2].tolist() == [1, 2, 3, 4]
    assert json.loads(data.frame["times"].iloc[0]) == ["T1", "T2", "T3", "T4"]


def test_times_of_placemarks(tmp_path: Path) -> None:
    stamps = placemark(point(), more="<TimeStamp><when>2024-05-01</when></TimeStamp>") + placemark(
        point(), more="<TimeSpan><begin>2024</begin><end>2025</end></TimeSpan>"
    )
    frame = read(write(tmp_path / "a.kml", document(stamps))).frame
    assert frame["time"].tolist() == ["2024-05-01", None]
    assert frame["begin"].tolist() == [None, "2024"]
    assert frame["end"].tolist() == [None, "2025"]


def test_folders_are_paths_and_the_files_own_name_is_none(tmp_path: Path) -> None:
    body = (
        f"{placemark(point(), 'a')}<Folder><name>镇</name>{placemark(point(), 'b')}<Folder><name>村</name>"
        f"{placemark(point(), 'c')}</Folder></Folder><Folder>{placemark(point(), 'd')}"
        "<name>后</name></Folder>"
    )
    frame = read(write(tmp_path / "a.kml", document(body))).frame
    assert dict(zip(frame["name"], frame["folder"], strict=True)) == {
        "a": None,
        "b": "镇",
        "c": "镇 / 村",
        "d": "后",
    }


def test_colours_of_own_shared_and_mapped_styles(tmp_path: Path) -> None:
    styles = (
        '<Style id="s"><LineStyle><color>ff112233</color></LineStyle><PolyStyle><color>80445566</color>'
        '</PolyStyle></Style><Style id="hollow"><LineStyle><color>ff112233</color></LineStyle><PolyStyle>'
        "<color>ff000000</color><fill>0</fill></PolyStyle></Style>"
        '<StyleMap id="m"><Pair><key>highlight</key><styleUrl>#x</styleUrl></Pair><Pair><key>normal</key>'
        '<styleUrl>#s</styleUrl></Pair></StyleMap><StyleMap id="round"><Pair><key>normal</key>'
        "<styleUrl>#round</styleUrl></Pair></StyleMap>"
    )
    own = "<Style><PolyStyle><color>ff0000AA</color></PolyStyle></Style>"
    wrong = "<Style><PolyStyle><color>red</color></PolyStyle></Style>"
    uses = ["<styleUrl>#s</styleUrl>", "<styleUrl>#m</styleUrl>", "<styleUrl>#hollow</styleUrl>"]
    uses += [
        f"<styleUrl>#s</styleUrl>{own}",
        "<styleUrl>#round</styleUrl>",
        wrong,
        "<styleUrl>http://x#s</styleUrl>",
    ]
    body = "".join(placemark(polygon(), more=use) for use in uses) + styles
    data = read(write(tmp_path / "a.kml", document(body)))
    # KML writes blue, green, red: 445566 is #665544
    assert data.frame["color"].tolist() == ["#665544", "#665544", "#332211", "#aa0000", None, None, None]


def test_attributes_have_the_types_of_their_schema_and_codes_stay_text(tmp_path: Path) -> None:
    fields = {
        "n": "int",
        "code": "int",
        "gap": "int",
        "f": "double",
        "b": "bool",
        "bad": "float",
        "t": "string",
    }
    schema = "".join(f'<SimpleField name="{name}" type="{kind}"/>' for name, kind in fields.items())

    def row(**values: str) -> str:
        simple = "".join(f'<SimpleData name="{name}">{value}</SimpleData>' for name, value in values.items())
        data = f'<ExtendedData><SchemaData schemaUrl="#s">{simple}</SchemaData></ExtendedData>'
        return placemark(point(), more=data)

    body = f'<Schema id="s" name="s">{schema}</Schema>' + row(
        n="5", code="0802", gap="7", f="1.5", b="true", bad="12亩", t="007"
    )
    body += row(n="-6", code="0101", gap="", f="2", b="0", bad="3", t="")
    data = read(write(tmp_path / "a.kml", document(body)))
    frame = data.frame
    assert (frame["n"].tolist(), frame["n"].dtype.kind) == ([5, -6], "i")
    assert frame["code"].tolist() == ["0802", "0101"]
    assert frame["gap"].isna().tolist() == [False, True]
    assert frame["gap"].iloc[0] == 7
    assert frame["f"].tolist() == [1.5, 2.0]
    assert frame["b"].tolist() == [True, False]
    assert frame["bad"].tolist() == ["12亩", "3"]
    assert frame["t"].tolist() == ["007", ""]
    (note,) = data.notes
    assert "code、bad" in note.text


def test_an_attribute_called_name_is_not_hidden_by_placemarks_without_one(tmp_path: Path) -> None:
    one = placemark(
        point(), name="", more='<ExtendedData><Data name="name"><value>甲</value></Data></ExtendedData>'
    )
    read_back = read(write(tmp_path / "a.kml", document(one)))
    assert read_back.frame["name"].tolist() == ["甲"]
    assert read_back.renamed == {}


def test_a_label_of_our_own_writing_gives_way_to_the_attribute(tmp_path: Path) -> None:
    """``zs_uid`` tells our own files; a label that says something else is kept beside."""
    own = (
        '<ExtendedData><Data name="zs_uid"><value>{}</value></Data>'
        '<Data name="name"><value>{}</value></Data></ExtendedData>'
    )
    places = placemark(point(), name="0802", more=own.format("u1", "甲"))
    frame = read(write(tmp_path / "a.kml", document(places))).frame
    assert (frame["name"].tolist(), frame["name_2"].tolist()) == (["甲"], ["0802"])
    same = placemark(point(), name="甲", more=own.format("u1", "甲"))
    assert "name_2" not in read(write(tmp_path / "b.kml", document(same))).frame


def test_data_elements_titles_and_names_that_are_taken(tmp_path: Path) -> None:
    data = (
        '<ExtendedData><Data name="DLBM"><displayName>地类编码</displayName><value> 0802 </value></Data>'
        '<Data name="name"><value>别名</value></Data><Data name="geometry"><value>g</value></Data>'
        '<ov:K xmlns:ov="urn:x">v</ov:K></ExtendedData>'
    )
    read_back = read(write(tmp_path / "a.kml", document(placemark(point(), more=data))))
    frame = read_back.frame
    assert frame["DLBM"].tolist() == [" 0802 "]
    assert frame["name"].tolist() == ["地块"]
    assert frame["name_2"].tolist() == ["别名"]
    assert frame["K"].tolist() == ["v"]
    assert read_back.renamed == {"name": "name_2", "geometry": "geometry_2"}
    assert json.loads(read_back.stated["titles"]) == {"DLBM": "地类编码"}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "<table><tr><th colspan=2>标题</th></tr><tr><td>DLBM</td><td>0802</td></tr></table>",
            {"DLBM": "0802"},
        ),
        (
            "<TABLE border='1'><TR><TD><b>面积：</b></TD><TD>1&nbsp;&lt;2<br>亩</TD></TR></TABLE>",
            {"面积": "1 <2 亩"},
        ),
        (  # as ArcGIS nests them
            "<table><tr><td>甲</td></tr><tr><td><table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td></td></tr>"
            "</table></td></tr></table>",
            {"A": "1", "B": ""},
        ),
        ("<table><tr><td>A<td>1<tr><td>B<td>2</table>", {"A": "1", "B": "2"}),
        ("<table><tr><td>A</td><td>1</td><td>2</td></tr></table>", {}),
        ("<table><tr><td>A</td><td>1</td></tr><tr><td>A</td><td>2</td></tr></table>", {}),
        ("<p>面积 12</p>", {}),
        ("<table><tr><td>A</td><td>1", {}),
    ],
)
def test_tables_of_descriptions(tmp_path: Path, table: str, expected: dict[str, str]) -> None:
    more = f"<description><![CDATA[{table}]]></description>"
    data = read(write(tmp_path / "a.kml", document(placemark(point(), more=more))))
    row = data.frame.drop(columns="geometry").iloc[0].to_dict()
    assert row.pop("description") == table
    assert row == {"name": "地块", **expected}
    assert codes(data) == (["kml.description_tables"] if expected else [])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("113.3,22.5,0\n\t113.4,22.5,0", (113.3, 22.5)),
        ("113.3, 22.5, 0 113.4, 22.5, 0", (113.3, 22.5)),
        ("113.3 ,22.5 113.4 ,22.5", (113.3, 22.5)),
        ("113.3，22.5 113.4，22.5", (113.3, 22.5)),
        ("1.133e2,2.25e1 114,23", (113.3, 22.5)),
    ],
)
def test_coordinates_as_people_type_them(tmp_path: Path, text: str, first: tuple[float, float]) -> None:
    line = f"<LineString><coordinates>{text}</coordinates></LineString>"
    data = read(write(tmp_path / "a.kml", document(placemark(line))))
    assert data.frame.geometry.iloc[0].coords[0] == first
    assert len(data.frame.geometry.iloc[0].coords) == 2


@pytest.mark.parametrize(
    "text", ["", "113.3", "113.3,北纬22.5", "nan,22", "1e999,22", "1,2,3,4", "113,22 114,", "113°18′,22"]
)
def test_bad_coordinates_are_listed_with_their_placemark(tmp_path: Path, text: str) -> None:
    body = placemark(polygon(), "好") + placemark(polygon(text), "坏")
    data = read(write(tmp_path / "a.kml", document(body)))
    assert data.frame["name"].tolist() == ["好", "坏"]
    assert data.frame.geometry.isna().tolist() == [False, True]
    (note,) = data.notes
    assert note.rows == (1,)
    assert "2" in note.text
    assert "坏" in note.text


def test_rings_left_open_are_closed_and_too_short_ones_are_none(tmp_path: Path) -> None:
    body = placemark(polygon("0,0 1,0 1,1")) + placemark(polygon("0,0 1,0 0,0"))
    data = read(write(tmp_path / "a.kml", document(body)))
    assert data.frame.geometry.iloc[0].area == pytest.approx(0.5)
    assert data.frame.geometry.iloc[1] is None


def test_placemarks_without_shape_are_kept(tmp_path: Path) -> None:
    data = read(write(tmp_path / "a.kml", document(placemark("", "无") + placemark(polygon(), "有"))))
    assert data.frame["name"].tolist() == ["无", "有"]
    assert codes(data) == ["kml.no_shape"]
    only = write(tmp_path / "b.kml", document(placemark("", "无")))
    assert KML.layers(only, ReadOptions())[0].geometry == ""
    assert read(only).frame["name"].tolist() == ["无"]


def test_links_and_overlays_are_listed_and_not_followed(tmp_path: Path) -> None:
    link = "<NetworkLink><name>网</name><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
    overlay = "<GroundOverlay><name>图</name><Icon><href>../a.jpg</href></Icon></GroundOverlay>"
    data = read(write(tmp_path / "a.kml", document(link + overlay + placemark(point()))))
    assert codes(data) == ["kml.network_links", "kml.overlays"]
    assert "网 (http://127.0.0.1:9/x.kml)" in data.notes[0].text
    with pytest.raises(InputError, match="网"):
        read(write(tmp_path / "b.kml", document(link)))


def test_projected_numbers_are_not_taken_for_degrees(tmp_path: Path) -> None:
    data = read(write(tmp_path / "a.kml", document(placemark(point("500000.5,2480000.25")))))
    assert data.crs is None
    assert data.frame.geometry.iloc[0].coords[0] == (500000.5, 2480000.25)
    assert codes(data) == ["kml.no_degrees"]


@pytest.mark.parametrize(
    ("head", "encoding", "guessed"),
    [
        ('<?xml version="1.0" encoding="GBK"?>', "gbk", False),
        ('<?xml version="1.0" encoding="gb2312"?>', "gb18030", False),
        ('<?xml version="1.0" encoding="UTF-8"?>', "gbk", True),
        ('<?xml version="1.0"?>', "utf-8-sig", False),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16", False),
        ("", "utf-16-le", False),
        ("", "gbk", True),
    ],
)
def test_encodings_declared_marked_and_wrong(tmp_path: Path, head: str, encoding: str, guessed: bool) -> None:
    body = document(placemark(point(), "中山市㑇" if encoding != "gbk" else "中山市"), head).lstrip()
    data = read(write(tmp_path / "a.kml", body, encoding))
    assert data.frame["name"].iloc[0].startswith("中山市")
    assert data.encoding_guessed is guessed
    assert codes(data) == (["kml.encoding"] if guessed else [])


def test_what_was_said_of_the_encoding_counts(tmp_path: Path) -> None:
    path = write(tmp_path / "a.kml", document(placemark(point(), "中山"), ""), "big5")
    assert read(path, encoding="big5").frame["name"].tolist() == ["中山"]
    with pytest.raises(InputError, match="klingon"):
        read(path, encoding="klingon")


def test_a_kmz_under_the_name_of_a_kml_and_the_other_way_round(tmp_path: Path) -> None:
    kmz = valid_files(tmp_path)[3]
    renamed = kmz.rename(tmp_path / "x.kml")
    assert len(read(renamed).frame) == 1
    assert len(read((tmp_path / "parcels.kml").rename(tmp_path / "y.kmz")).frame) == 1
    assert KML.recognises(tmp_path / "a.xml", b"<?xml?><kml ")
    assert not KML.recognises(tmp_path / "a.xml", b"<?xml?><gpx ")


def test_which_kml_of_a_kmz(tmp_path: Path) -> None:
    def kmz(**members: str) -> Path:
        with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
            for name, body in members.items():
                archive.writestr(name.replace("_", "."), body)
        return tmp_path / "a.kmz"

    one = document(placemark(point(), "一"))
    data = read(kmz(b_kml=document(""), doc_kml=one))
    assert data.frame["name"].tolist() == ["一"]
    assert codes(data) == ["kml.other_files"]
    assert read(kmz(q_kml=one, q_png="x")).frame["name"].tolist() == ["一"]
    with pytest.raises(InputError, match=r"a\.kml、b\.kml"):
        read(kmz(a_kml=one, b_kml=one))
    with pytest.raises(InputError, match=r"inner\.kmz"):
        read(kmz(inner_kmz="PK"))
    with pytest.raises(InputError, match="KML"):
        read(kmz(q_png="x"))


def test_choices_that_are_not_known_are_refused(tmp_path: Path) -> None:
    path = valid_files(tmp_path)[0]
    with pytest.raises(UsageError, match="x_column"):
        KML.read(path, ReadOptions(choices={"x_column": "1"}), NoProgress())


def test_holes_are_where_they_were(tmp_path: Path) -> None:
    data = read(write(tmp_path / "a.kml", document(placemark(polygon(SQUARE, HOLE)))))
    # 0.1 x 0.1 degrees without 0.02 x 0.02
    assert data.frame.geometry.iloc[0].area == pytest.approx(0.01 - 0.0004)
