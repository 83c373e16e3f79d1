"""Bearings, traverses, coordinate lists and pasted boundary TXT."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.crs import parse_crs, transform_points
from layers.errors import InputError
from layers.guard import TakenAs
from layers.kind import GeometryType
from layers.progress import NoProgress
from layers.store import LayerInfo, NewLayer, Project
from zsgis.editing.drawing import Vertex, drawn_shape, own_places
from zsgis.editing.drawing_directions import bearing_of, next_place, right_angled
from zsgis.editing.entry_angles import bearing
from zsgis.editing.entry_coordinates import cells_of, entered_shape, judged, read_places
from zsgis.editing.entry_text import pasted_plots
from zsgis.editing.entry_traverse import Leg, compute

CRS_4547, CRS_4526, CRS_4490 = parse_crs("4547"), parse_crs("4526"), parse_crs("4490")


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("45°30′20″", 45 + 30 / 60 + 20 / 3600),
        ("45-30-20.5", 45 + 30 / 60 + 20.5 / 3600),
        ("45 30 20", 45 + 30 / 60 + 20 / 3600),
        ("１３５：００：００", 135.0),
        ("45.5056", 45.5056),
        ("270度15分", 270.25),
        ("360", 0.0),
        ("N45-30-00E", 45.5),
        ("NE 10 00 00", 10.0),
        ("S 12°W", 192.0),
        ("南偏东30°30′", 149.5),
        ("北西0-30-0", 359.5),
        ("N0E", 0.0),
    ],
)
def test_bearings_in_all_writings(text: str, degrees: float) -> None:
    assert bearing(text) == pytest.approx(degrees, abs=1e-12)


@pytest.mark.parametrize(
    "text", ["", "abc", "361", "45-60-00", "45.5-30", "N95E", "N45", "45E", "-5", "N45-00-00EE", "4" * 90]
)
def test_what_is_no_bearing_gets_a_sentence(text: str) -> None:
    with pytest.raises(InputError) as refused:
        bearing(text)
    assert refused.value.remedy


@given(st.text(max_size=70))
@settings(deadline=None)
def test_no_text_breaks_the_reading_of_bearings(text: str) -> None:
    try:
        assert 0.0 <= bearing(text) < 360.0
    except InputError:
        return


def test_directions_along_the_axes_are_exact() -> None:
    start = (500_000.1, 2_490_000.7)
    assert next_place(start, 25.0, 90.0) == (500_025.1, 2_490_000.7)
    assert next_place(start, 25.0, 180.0) == (500_000.1, 2_489_975.7)
    assert bearing_of((0.0, 0.0), (-1.0, 1.0)) == 315.0
    assert bearing_of((3.0, 3.0), (3.0, 3.0)) is None
    # at a right angle to an edge that runs north-east
    assert right_angled((0.0, 0.0), (10.0, -9.0), 45.0) == pytest.approx((9.5, -9.5))


# by hand: east 100 - 99.9, north 100 - 100.1
LOOP = (Leg(0.0, 100.0), Leg(90.0, 100.0), Leg(180.0, 100.1), Leg(270.0, 99.9))


def test_a_traverse_by_hand() -> None:
    start = (500_000.0, 2_490_000.0)
    raw = compute(start, LOOP, end=start)
    assert raw.misclosure is not None
    assert raw.misclosure.east_m == pytest.approx(0.1, abs=1e-9)
    assert raw.misclosure.north_m == pytest.approx(-0.1, abs=1e-9)
    assert raw.misclosure.length_m == pytest.approx(math.sqrt(0.02), abs=1e-9)
    assert raw.misclosure.ratio == pytest.approx(400.0 / math.sqrt(0.02), rel=1e-6)
    assert not raw.corrections.any()
    adjusted = compute(start, LOOP, end=start, adjusted=True)
    # the compass rule: -f * D / sum(D)
    assert adjusted.corrections[2] == pytest.approx([-0.1 * 100.1 / 400.0, 0.1 * 100.1 / 400.0], abs=1e-9)
    assert adjusted.corners[-1].tolist() == list(start)


@given(
    st.lists(st.tuples(st.floats(0.0, 359.99), st.floats(0.5, 900.0)), min_size=1, max_size=30),
    st.tuples(st.floats(-500.0, 500.0), st.floats(-500.0, 500.0)),
)
@settings(deadline=None)
def test_the_compass_rule_closes_and_corrects_in_proportion(
    legs: list[tuple[float, float]], off: tuple[float, float]
) -> None:
    start = (500_000.0, 2_490_000.0)
    end = (start[0] + off[0], start[1] + off[1])
    given_legs = [Leg(*leg) for leg in legs]
    raw = compute(start, given_legs, end=end)
    fixed = compute(start, given_legs, end=end, adjusted=True)
    assert raw.misclosure is not None
    assert fixed.corners[-1].tolist() == list(end)
    assert fixed.corrections.sum(axis=0) == pytest.approx(
        [-raw.misclosure.east_m, -raw.misclosure.north_m], abs=1e-6
    )
    steps = np.diff(fixed.corners, axis=0) - np.diff(raw.corners, axis=0)
    assert steps == pytest.approx(fixed.corrections, abs=1e-6)
    lengths = np.array([length for _bearing, length in legs])
    size = np.hypot(*fixed.corrections.T)
    assert size / lengths == pytest.approx(
        np.full(len(legs), raw.misclosure.length_m / lengths.sum()), rel=1e-6, abs=1e-12
    )


def test_a_traverse_without_legs_or_length_is_refused() -> None:
    for legs in ([], [Leg(10.0, 0.0)], [Leg(10.0, math.nan)], [Leg(math.inf, 1.0)]):
        with pytest.raises(InputError):
            compute((0.0, 0.0), legs)
    with pytest.raises(InputError):
        compute((math.nan, 0.0), LOOP)


def test_pasted_columns_are_told_apart() -> None:
    assert cells_of("点号\tX\tY\nJ1\t2491514.243\t436212.615\n\nJ2\t2491500\t436200\t") == (
        ("J1", "", "2491514.243", "436212.615"),
        ("J2", "", "2491500", "436200"),
    )
    assert cells_of("J1,2,2491514.243,436212.615") == (("J1", "2", "2491514.243", "436212.615"),)
    assert cells_of("2491514.243 436212.615 12.5") == (("", "", "2491514.243", "436212.615"),)
    assert cells_of("22°31′12″，113°22′48″") == (("", "", "22°31′12″", "113°22′48″"),)
    assert cells_of("") == ()


def test_numbers_are_read_and_bad_rows_named() -> None:
    rows = [("", "", "2,491,514.243", "436212.615"), ("", "", "", ""), ("A", "1", "22°30′N", "113°30′E")]
    places = read_places(rows)
    assert [(place.first, place.second) for place in places] == [(2_491_514.243, 436_212.615), (22.5, 113.5)]
    with pytest.raises(InputError, match="3"):
        read_places([*rows[:2], ("", "", "12q", "5")])
    with pytest.raises(InputError):
        read_places([("", "", "nan", "5")])


SQUARE = [("", "1", "2491000", "436000"), ("", "1", "2491100", "436000"), ("", "1", "2491100", "436100"),
          ("", "1", "2491000", "436100")]  # fmt: skip
HOLE = [("", "2", "2491040", "436040"), ("", "2", "2491060", "436040"), ("", "2", "2491060", "436060"),
        ("", "2", "2491040", "436060"), ("", "2", "2491040", "436040")]  # fmt: skip


def test_a_list_makes_a_polygon_with_a_hole_north_first() -> None:
    places = read_places([*SQUARE, *HOLE])
    shape = entered_shape(places, TakenAs(CRS_4547), CRS_4547, GeometryType.POLYGON)
    assert shape.bounds == (436_000.0, 2_491_000.0, 436_100.0, 2_491_100.0)
    assert shape.area == 10_000.0 - 400.0
    line = entered_shape(places[:4], TakenAs(CRS_4547), CRS_4547, GeometryType.LINE)
    assert line.length == 300.0
    points = entered_shape(places[:2], TakenAs(CRS_4547), CRS_4547, GeometryType.POINT)
    assert len(points.geoms) == 2


def test_the_guard_finds_zone_numbers_and_degrees() -> None:
    with_zone = read_places([(name, ring, x, str(38_000_000 + int(y))) for name, ring, x, y in SQUARE])
    best = judged(with_zone, CRS_4547).likeliest
    assert best is not None
    assert (best.crs, best.swapped) == ("4526", False)
    x, y = transform_points(
        [436_000.0, 436_100.0, 436_100.0], [2_491_000.0] * 2 + [2_491_100.0], CRS_4547, CRS_4490
    )
    degrees = read_places([("", "", f"{b:.9f}", f"{east:.9f}") for east, b in zip(x, y, strict=True)])
    taken = judged(degrees, CRS_4547).likeliest
    assert taken is not None
    assert not taken.swapped
    shape = entered_shape(
        degrees, TakenAs(parse_crs(taken.crs), taken.swapped), CRS_4547, GeometryType.POLYGON
    )
    assert shape.area == pytest.approx(5000.0, abs=0.1)


def test_crossing_rings_are_refused() -> None:
    other = [(name, "2", str(int(x) + 50), str(int(y) + 50)) for name, _ring, x, y in SQUARE]
    with pytest.raises(InputError) as refused:
        entered_shape(read_places([*SQUARE, *other]), TakenAs(CRS_4547), CRS_4547, GeometryType.POLYGON)
    assert refused.value.remedy


@given(st.lists(st.tuples(*[st.text(max_size=12)] * 4), max_size=6))
@settings(deadline=None, max_examples=80)
def test_no_text_breaks_the_list(rows: list[tuple[str, str, str, str]]) -> None:
    try:
        places = read_places(rows)
        entered_shape(places, TakenAs(CRS_4547), CRS_4547, GeometryType.POLYGON)
    except InputError:
        return


TXT = """[属性描述]
格式版本号=1.01版本
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=38
精度=0.01
转换参数=,,,,,,
[地块坐标]
9,0.9600,7,一号地块,面,,,,@
J1,1,2491000,38436000
J2,1,2491000,38436100
J3,1,2491100,38436100
J4,1,2491100,38436000
J1,1,2491000,38436000
J5,2,2491040,38436040
J6,2,2491060,38436040
J7,2,2491060,38436060
J8,2,2491040,38436060
J5,2,2491040,38436040
"""


@pytest.fixture
def plots_layer(tmp_path: Path) -> LayerInfo:
    with Project.create(tmp_path / "p.gpkg", CRS_4547) as project:
        frame = geopandas.GeoDataFrame({"name": ["甲"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=CRS_4547)
        return project.add_layer(NewLayer("供地", "supplied", CRS_4547), frame)


def test_a_pasted_txt_comes_with_its_system_its_hole_and_its_name(plots_layer: LayerInfo) -> None:
    pasted = pasted_plots(TXT, plots_layer, NoProgress())
    (plot,) = pasted.plots
    assert pasted.stated
    assert pasted.crs.to_epsg() == 4526
    assert plot.geometry is not None
    assert plot.geometry.area == pytest.approx(9600.0, abs=1e-6)
    assert plot.geometry.bounds == pytest.approx((436_000.0, 2_491_000.0, 436_100.0, 2_491_100.0), abs=1e-6)
    assert plot.name == "一号地块"
    assert "一号地块" in plot.values.values()


def test_rows_alone_are_taken_in_the_layers_system_and_what_makes_no_shape_says_why(
    plots_layer: LayerInfo,
) -> None:
    rows = "J1,1,2491000,436000\nJ2,1,2491000,436100\nJ3,1,2491100,436100\n"
    pasted = pasted_plots(rows, plots_layer, NoProgress())
    assert not pasted.stated
    assert pasted.plots[0].geometry is not None
    assert pasted.plots[0].geometry.area == 5000.0
    bow = "J1,1,2491000,436000\nJ2,1,2491100,436100\nJ3,1,2491000,436100\nJ4,1,2491100,436000\n"
    (crossing,) = pasted_plots(bow, plots_layer, NoProgress()).plots
    assert crossing.geometry is None
    assert crossing.trouble
    with pytest.raises(InputError):
        pasted_plots("一二三", plots_layer, NoProgress())


def test_own_coordinates_are_kept_to_the_bit_and_others_transformed() -> None:
    vertices = [Vertex(436_000.0, 2_491_000.0), Vertex(436_100.0, 2_491_000.0, (38_436_100.125, 2_491_000.3))]
    places = own_places(vertices, CRS_4547, CRS_4526)
    assert places[1].tolist() == [38_436_100.125, 2_491_000.3]
    assert places[0] == pytest.approx([38_436_000.0, 2_491_000.0], abs=1e-6)
    assert own_places([], CRS_4547, CRS_4526).shape == (0, 2)


@pytest.mark.parametrize(
    ("places", "kind"),
    [
        ([], GeometryType.POINT),
        ([(1, 1), (1, 1)], GeometryType.LINE),
        ([(0, 0), (1, 1), (0, 0)], GeometryType.POLYGON),
        ([(0, 0), (1, 1), (2, 2)], GeometryType.POLYGON),
        ([(0, 0), (10, 10), (10, 0), (0, 10)], GeometryType.POLYGON),
        ([(0, math.nan), (10, 10), (10, 0)], GeometryType.POLYGON),
    ],
)
def test_what_makes_no_shape_is_refused_with_a_remedy(
    places: list[tuple[float, float]], kind: GeometryType
) -> None:
    with pytest.raises(InputError) as refused:
        drawn_shape(np.array(places, dtype=np.float64).reshape(-1, 2), kind)
    assert refused.value.remedy
