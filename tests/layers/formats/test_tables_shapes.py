"""Shapes of tables: points, outlines, corners row by row; which axis is which."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from layers.errors import InputError
from layers.formats.model import ReadOptions
from layers.formats.tables.coordinate_text import coordinate_of, outline_of
from layers.formats.tables.reader import TABLES
from layers.formats.tables.rings import polygon_of_rings
from tests.layers.formats.tables_samples import corners, workbook, write_text
from tests.layers.formats.test_tables_headings import codes, read


@pytest.mark.real_data
def test_the_real_tables_of_coordinates(shared_data: Path) -> None:
    degrees = read(shared_data / "kml" / "坐标-经纬度.csv")
    assert degrees.frame.geometry.iloc[0].coords[0] == (117.513070, 34.307738)
    assert degrees.frame["编号"].tolist() == ["1", "2", "3", "4", "5", "6"]
    plane = read(shared_data / "kml" / "坐标_投影.csv")
    # X is the northing there, Y the easting with zone 39 in front
    assert plane.frame.geometry.iloc[0].coords[0] == (39547228.491, 3797916.479)
    assert plane.stated["x_column"] == "Y"
    assert plane.stated["coordinate_order"] == "by_size"


@pytest.mark.real_data
def test_the_real_lists_of_places_and_towns(shared_data: Path) -> None:
    carriers = read(shared_data / "carriers.csv")
    assert len(carriers.frame) == 15
    assert carriers.frame.geometry.iloc[1].coords[0] == (113.4862, 22.5615)
    assert carriers.stated["datum_in_heading"] == "wgs84"
    assert carriers.crs is None
    towns = read(shared_data / "towns" / "towns.csv")
    assert towns.frame["code"].tolist()[:2] == ["442000001", "442000002"]
    assert len(towns.frame) == 23
    assert towns.frame.geometry.isna().all()
    points = read(shared_data / "towns" / "town_points_geonames.csv")
    assert points.frame.geometry.iloc[0].coords[0] == (113.23134, 22.67825)
    crosswalk = TABLES.layers(shared_data / "towns" / "town_crosswalk.csv", ReadOptions())
    assert crosswalk[0].geometry == ""


def points(
    tmp_path: Path, x: str, y: str, first: object, second: object, **choices: str
) -> tuple[float, float]:
    path = workbook(tmp_path / "p.xlsx", {"点": [["名", x, y], ["a", first, second], ["b", first, second]]})
    data = read(path, **choices)
    return data.frame.geometry.iloc[0].coords[0]


@pytest.mark.parametrize(
    ("x", "y", "first", "second", "expected"),
    [
        ("经度", "纬度", 113.38, 22.52, (113.38, 22.52)),
        ("纬度", "经度", 22.52, 113.38, (113.38, 22.52)),
        ("B", "L", 22.52, 113.38, (113.38, 22.52)),
        ("纵坐标", "横坐标", 2491514.2, 436212.6, (436212.6, 2491514.2)),
        ("北坐标(m)", "东坐标(m)", 2491514.2, 436212.6, (436212.6, 2491514.2)),
        ("X坐标", "Y坐标", 2491514.2, 38436212.6, (38436212.6, 2491514.2)),
        ("X", "Y", 436212.6, 2491514.2, (436212.6, 2491514.2)),
        ("x", "y", 12621111.0, 2573111.0, (12621111.0, 2573111.0)),
        ("X", "Y", 22.52, 113.38, (113.38, 22.52)),
        ("经度", "纬度", "113°22′48″", "22°31′12″", (113.38, 22.52)),
        ("经度", "纬度", "东经113度22分48秒", "北纬22度31分12秒", (113.38, 22.52)),
        ("lon_wgs84", "lat_wgs84", "113.38", "22.52", (113.38, 22.52)),
    ],
)
def test_which_column_points_east(
    tmp_path: Path, x: str, y: str, first: object, second: object, expected: tuple[float, float]
) -> None:
    # 22°31′12″ = 22 + 31/60 + 12/3600 = 22.52
    assert points(tmp_path, x, y, first, second) == pytest.approx(expected, abs=1e-9)


def test_what_neither_name_nor_size_tells_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", {"点": [["名", "X", "Y"], ["a", 120.5, 88.0]]})
    data = read(path)
    assert data.stated["coordinate_order"] == "unsure"
    assert "tables.axis_order" in codes(data)
    chosen = read(path, x_column="Y", y_column="B")
    assert chosen.frame.geometry.iloc[0].coords[0] == (88.0, 120.5)
    assert chosen.stated["coordinate_order"] == "chosen"
    with pytest.raises(InputError):
        read(path, x_column="Y")
    with pytest.raises(InputError):
        read(path, x_column="Z", y_column="Y")


def test_a_row_without_coordinates_has_no_place(tmp_path: Path) -> None:
    rows = [["名", "经度", "纬度"], ["a", 113.38, 22.52], ["b", None, None], ["c", "不详", 22.5]]
    data = read(workbook(tmp_path / "p.xlsx", {"点": rows}))
    assert data.frame.geometry.isna().tolist() == [False, True, True]
    note = next(note for note in data.notes if note.code == "tables.no_place")
    assert note.rows == (1, 2)
    assert "B4" in next(note.text for note in data.notes if note.code == "tables.coordinates")
    assert read(workbook(tmp_path / "q.xlsx", {"点": rows}), geometry="none").frame.geometry.isna().all()


def test_corners_row_by_row_become_polygons(tmp_path: Path) -> None:
    data = read(corners(tmp_path / "c.xlsx"))
    assert data.frame["地块编号"].tolist() == ["D1", "D2"]
    # squares of 100 m; the second has a hole of 20 m
    assert data.frame.geometry.area.tolist() == [10_000.0, 9_600.0]
    assert data.frame.geometry.iloc[0].bounds == (38436000, 2490000, 38436100, 2490100)
    assert data.stated["group_column"] == "地块编号"


def test_a_list_of_points_becomes_one_polygon_when_chosen(tmp_path: Path) -> None:
    rows = [["点号", "经度", "纬度"], ["1", 0.0, 0.0], ["3", 1.0, 1.0], ["2", 1.0, 0.0], ["4", 0.0, 1.0]]
    path = workbook(tmp_path / "p.xlsx", {"点": rows})
    assert read(path).frame.geom_type.tolist() == ["Point"] * 4
    data = read(path, geometry="vertices", order_column="点号")
    assert data.frame.geometry.iloc[0].equals(shapely.box(0, 0, 1, 1))
    # in the order of the sheet the outline crosses itself
    assert not read(path, geometry="vertices").frame.geometry.iloc[0].is_valid


def test_a_plot_with_a_corner_that_cannot_be_read_has_no_shape(tmp_path: Path) -> None:
    rows = [["地块号", "点号", "经度", "纬度"]]
    rows += [
        [plot, str(n), x, y] for plot in ("甲", "乙") for n, (x, y) in enumerate([(0, 0), (1, 0), (1, 1)])
    ]
    rows[2][2] = "?"
    data = read(workbook(tmp_path / "p.xlsx", {"点": rows}))
    assert data.frame.geometry.isna().tolist() == [True, False]
    assert next(note for note in data.notes if note.code == "tables.no_polygon").rows == (0,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("POLYGON ((0 0, 2 0, 2 2, 0 0))", "POLYGON ((0 0, 2 0, 2 2, 0 0))"),
        ("113.1,22.5;113.2,22.5;113.2,22.6", "POLYGON ((113.1 22.5, 113.2 22.5, 113.2 22.6, 113.1 22.5))"),
        ("113.1,22.5 113.2,22.5 113.2,22.6", "POLYGON ((113.1 22.5, 113.2 22.5, 113.2 22.6, 113.1 22.5))"),
        ("22.5,113.1;22.5,113.2;22.6,113.2", "POLYGON ((113.1 22.5, 113.2 22.5, 113.2 22.6, 113.1 22.5))"),
        ("113.1，22.5；113.2，22.5", "LINESTRING (113.1 22.5, 113.2 22.5)"),
        ("113.1,22.5", "POINT (113.1 22.5)"),
    ],
)
def test_outlines_in_one_cell(text: str, expected: str) -> None:
    shape, _sure = outline_of(text)
    assert shape is not None
    assert shape.equals(shapely.from_wkt(expected))


@pytest.mark.parametrize("text", ["POLYGON ((0 0, 1", "1,2,3;4,5,6", "东至大路", "", "1,2;x,y;3,4"])
def test_what_is_no_outline_is_none(text: str) -> None:
    assert outline_of(text)[0] is None


def test_a_column_of_outlines_is_read(tmp_path: Path) -> None:
    text = "地块编号\t坐标串\r\n01\t113.1,22.5;113.2,22.5;113.2,22.6\r\n02\t见附图\r\n"
    data = read(write_text(tmp_path / "a.tsv", text, "gb18030"))
    assert data.frame.geometry.isna().tolist() == [False, True]
    assert [str(name) for name in data.frame.columns] == ["地块编号", "geometry"]
    assert "B3" in next(note.text for note in data.notes if note.code == "tables.outlines")


def test_rings_within_rings() -> None:
    rings = [shapely.get_coordinates(shapely.box(d, d, 10 - d, 10 - d)) for d in (0, 2, 4)]
    shape = polygon_of_rings(rings)
    # 10² - 6² + 2² by even-odd
    assert shape is not None
    assert shape.area == 100 - 36 + 4
    beside = [rings[0], rings[2] + 20]
    assert polygon_of_rings(beside).geom_type == "MultiPolygon"
    assert polygon_of_rings([rings[0][:2]]) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22°31′12″", 22.52),
        ("22°31'12\"S", -22.52),
        ("113度22分48秒", 113.38),
        ("22°75′00″", None),
        ("22", 22.0),
        ("约22", None),
    ],
)
def test_angles(text: str, value: float | None) -> None:
    found = coordinate_of(text)
    assert found == (None if value is None else pytest.approx(value, abs=1e-12))


def test_outlines_that_begin_anew_are_not_run_together(tmp_path: Path) -> None:
    def square(plot: str, east: float, side: float, closed: bool) -> list[list[Any]]:
        north = 2_490_000.0
        places = [(north, east), (north + side, east), (north + side, east + side), (north, east + side)]
        named = [*enumerate(places, 1), *([(1, places[0])] if closed else [])]
        return [[plot, f"J{number}", x, y] for number, (x, y) in named]

    for closed in (True, False):
        rows = [["地块编号", "点号", "X", "Y"]]
        rows += square("D1", 38_436_000.0, 100.0, closed) + square("D1", 38_436_500.0, 100.0, closed)
        rows += square("D2", 38_437_000.0, 100.0, closed)
        # the first plot goes on after the second one
        rows += square("D1", 38_436_000.0, 10.0, closed)
        data = read(workbook(tmp_path / "a.xlsx", {"表": rows}))
        first, second = data.frame.geometry
        assert first.geom_type == "MultiPolygon"
        # 100 m x 100 m twice; 10 m x 10 m within the first is a hole
        assert (first.area, second.area) == (19_900.0, 10_000.0)
        (note,) = (note for note in data.notes if note.code == "tables.outlines_of_plot")
        assert note.rows == (0,)
        assert "A2" in note.text


def test_a_hole_may_share_edges_with_its_outline() -> None:
    whole = np.array([(0.0, 0.0), (10.0, 3.0), (7.0, 13.0), (-3.0, 10.0)])
    # the quarter of a turned square at its first corner shares two edges with it
    quarter = whole[0] + (whole - whole[0]) / 2
    holed = polygon_of_rings([whole, quarter])
    assert holed is not None
    assert (holed.geom_type, holed.area) == ("Polygon", pytest.approx(109.0 * 0.75))
    # what fills a notch lies beside, though most of its edges are shared
    notched = np.array(
        [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (6.0, 9.0), (6.0, 3.0), (3.0, 3.0), (3.0, 9.0), (0.0, 9.0)]
    )
    plug = np.array([(3.0, 3.0), (6.0, 3.0), (6.0, 9.0), (3.0, 9.0)])
    filled = polygon_of_rings([notched, plug])
    assert filled is not None
    assert (filled.geom_type, filled.area) == ("MultiPolygon", 81.0)


@pytest.mark.parametrize(
    ("headings", "east"),
    [
        (["n", "横坐标Y（m）", "纵坐标X（m）"], "横坐标Y"),
        (["e", "n", "经度", "纬度"], "经度"),
        (["号", "e", "n"], "e"),
        (["号", "东坐标", "北向"], "东坐标"),
    ],
)
def test_a_column_called_n_is_no_northing_beside_real_ones(
    tmp_path: Path, headings: list[str], east: str
) -> None:
    rows: list[list[Any]] = [headings, [1.5, 2.5, 436_000.0, 2_491_000.0][-len(headings) :]]
    data = read(workbook(tmp_path / "a.xlsx", {"表": rows}))
    assert data.stated["x_column"] == east
    assert (data.frame.geometry[0].x, data.frame.geometry[0].y) == (436_000.0, 2_491_000.0)
