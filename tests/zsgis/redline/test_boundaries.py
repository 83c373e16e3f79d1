"""Red lines out of files of several families, drawn and selected ones, and what is no red line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pyproj
import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.affinity import translate

from layers.errors import GeometryError, InputError
from layers.formats.isolated import IsolatedReader
from layers.formats.secrecy_mark import mark_of, write_beside
from layers.importing.doubt import UncertainError
from layers.importing.request import ImportRequest
from tests.layers.formats.boundary_txt_samples import standard_file
from tests.layers.formats.drawings_samples import parcel_drawing, save
from tests.zsgis.redline.samples import HUNDRED, boundary, project, three_parcels
from zsgis.redline import (
    Boundaries,
    LayerChoiceError,
    RedlineSettings,
    boundaries_of_shapes,
    check_redline,
    read_boundaries,
    redline_rules,
)
from zsgis.redline.points import rings_of

pytestmark = pytest.mark.usefixtures("english")

# in the city, where the guard is sure of 4547
HERE = translate(HUNDRED, -64_000, 0)
WORDS = redline_rules().settings.boundary_layers


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader() as found:
        yield found


def read(path: Path, reader: IsolatedReader, **said: str) -> Boundaries:
    return read_boundaries(ImportRequest(path, **said), reader, layer_names=WORDS)  # type: ignore[arg-type]


def test_plots_of_a_boundary_txt_are_red_lines_each(tmp_path: Path, reader: IsolatedReader) -> None:
    """The standard file: 100 x 80 less a hole of 10 x 10 and 30 x 30 beside it; 50 x 50 as another plot."""
    path = tmp_path / "红线.txt"
    path.write_bytes(standard_file().encode("gbk"))
    found = read(path, reader)
    assert [round(each.geometry.area, 2) for each in found.boundaries] == [8000 - 100 + 900, 2500.0]
    assert [each.name for each in found.boundaries] == ["东区，一期", "乙"]
    assert found.boundaries[0].crs.to_epsg() == 4526
    assert [each.recorded_m2 for each in found.boundaries] == [8800.0, 2500.0]
    assert [each.source.place for each in found.boundaries] == [1, 2]
    assert len(found.boundaries[0].source.sha256) == 64


def test_the_red_line_layer_of_a_drawing(tmp_path: Path, reader: IsolatedReader) -> None:
    """Only JZD holds areas: the red line of 100 x 50 m, and the circle of a boundary stone."""
    path = save(parcel_drawing(), tmp_path / "图.dxf")
    found = read(path, reader, crs="4526")
    assert found.boundaries[0].source.layer == "面/JZD"
    areas = sorted(round(each.geometry.area) for each in found.boundaries)
    assert areas[-1] == 5000
    assert "redline.layers_left_out" in [each.code for each in found.boundaries[0].findings]


def test_of_several_area_layers_the_one_named_like_a_red_line(tmp_path: Path, reader: IsolatedReader) -> None:
    path = tmp_path / "图.gpkg"
    for name in ("宗地", "用地红线"):
        geopandas.GeoDataFrame(geometry=[HERE], crs=4547).to_file(path, layer=name)
    found = read(path, reader)
    assert found.boundaries[0].source.layer == "用地红线"
    assert "redline.layer_taken" in [each.code for each in found.boundaries[0].findings]


def test_several_area_layers_are_asked_for(tmp_path: Path, reader: IsolatedReader) -> None:
    path = tmp_path / "图.gpkg"
    for name in ("甲", "乙"):
        geopandas.GeoDataFrame(geometry=[HERE], crs=4547).to_file(path, layer=name)
    with pytest.raises(LayerChoiceError, match="never guessed") as caught:
        read(path, reader)
    assert sorted(caught.value.layers) == ["乙", "甲"]
    assert len(read(path, reader, source_layer="乙").boundaries) == 1


def test_degrees_without_a_word_are_asked_for(tmp_path: Path, reader: IsolatedReader) -> None:
    """A web map's degrees look like the survey's: nothing is taken until somebody says it."""
    shape = geopandas.GeoSeries([HERE], crs=4547).to_crs(4490)
    path = tmp_path / "线.csv"
    path.write_text(f'名称,WKT\n甲,"{shape.iloc[0].wkt}"\n', encoding="utf-8-sig")
    with pytest.raises(UncertainError) as caught:
        read(path, reader)
    assert any(each.value == "4490" for each in caught.value.verdicts[0].candidates)
    found = read(path, reader, crs="4490")
    assert found.boundaries[0].crs.is_geographic


def test_bad_features_of_a_file_are_told_and_the_rest_done(tmp_path: Path, reader: IsolatedReader) -> None:
    bow = translate(Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), 436_000, 2_490_000)
    shapes = [HERE, bow, None]
    frame = geopandas.GeoDataFrame({"XMMC": ["好", "叉", "空"]}, geometry=shapes, crs=4547)
    frame.to_file(tmp_path / "线.gpkg", layer="红线")
    found = read(tmp_path / "线.gpkg", reader)
    assert [each.name for each in found.boundaries] == ["好"]
    assert [name for name, _error in found.refused] == ["叉", "空"]
    assert "self-intersection" in found.refused[0][1].what


def test_a_file_without_a_red_line_says_why(tmp_path: Path, reader: IsolatedReader) -> None:
    path = tmp_path / "点.gpkg"
    geopandas.GeoDataFrame(geometry=[Point(436_000, 2_490_000)], crs=4547).to_file(path)
    with pytest.raises(InputError, match="this is a point"):
        read(path, reader)


@pytest.mark.real_data
def test_real_files(shared_data: Path, reader: IsolatedReader) -> None:
    """A surveyor's TXT, a KML with a hole, a KMZ with an open line, a DWG with areas on three layers."""
    plot = read(shared_data / "boundary_txt/plot_000.txt", reader).boundaries[0]
    assert (plot.crs.to_epsg(), round(plot.geometry.area, 2)) == (4526, 12247.10)
    hole = read(shared_data / "kml/含有孔洞的多边形.kml", reader, crs="4490").boundaries[0]
    assert len(hole.geometry.interiors) >= 1  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="not closed"):
        read(shared_data / "kml/地块红线_LineString.kmz", reader, crs="4490")
    with pytest.raises(LayerChoiceError) as caught:
        read(shared_data / "dwg/triple_circles_r2000.dwg", reader, crs="4547")
    assert caught.value.layers == ("面/0", "面/1", "面/2")


def test_closed_lines_become_areas() -> None:
    made = boundaries_of_shapes([("", LineString(HUNDRED.exterior.coords))], pyproj.CRS(4547))
    assert made.boundaries[0].geometry.equals(HUNDRED)
    assert [each.code for each in made.boundaries[0].findings] == ["redline.closed_line"]


def test_an_open_line_is_refused_with_its_gap() -> None:
    """The fourth side is missing: 100 m from the end to the beginning."""
    line = LineString(list(HUNDRED.exterior.coords)[:4])
    with pytest.raises(InputError, match=r"100\.00 m"):
        boundaries_of_shapes([("", line)], pyproj.CRS(4547))


def test_an_outline_that_touches_itself_keeps_its_area() -> None:
    """Two squares of 10 x 10 m that share a corner, drawn in one go: 200 m2 and beyond doubt."""
    line = Polygon([(0, 0), (10, 0), (10, 10), (20, 10), (20, 20), (10, 20), (10, 10), (0, 10)])
    made = boundaries_of_shapes([("", line)], pyproj.CRS(4547)).boundaries[0]
    assert made.geometry.is_valid
    assert made.geometry.area == pytest.approx(200.0)
    assert [each.code for each in made.findings] == ["redline.in_order"]


def test_a_coordinate_that_is_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="not a number"):
        boundaries_of_shapes([("", LineString([(0, 0), (1, np.inf), (1, 1), (0, 0)]))], pyproj.CRS(4547))


def test_red_lines_over_each_other_are_told() -> None:
    """A hole that was drawn as a closed line of its own."""
    inner = box(500_020, 2_490_020, 500_040, 2_490_040)
    made = boundaries_of_shapes([("外", HUNDRED), ("内", inner)], pyproj.CRS(4547))
    assert [[each.code for each in b.findings] for b in made.boundaries] == [
        ["redline.over"],
        ["redline.over"],
    ]


def test_names_are_distinct() -> None:
    made = boundaries_of_shapes([("甲", HUNDRED), ("甲", HUNDRED), ("", HUNDRED)], pyproj.CRS(4547))
    assert [each.name for each in made.boundaries] == ["甲", "甲 (2)", "Red line-3"]


def test_points_are_closed_and_holes_apart() -> None:
    """100 x 100 m with a hole of 20 x 20: J1 to J4 clockwise from the north-west, J5 to J8 the other way."""
    hole = box(500_040, 2_490_040, 500_060, 2_490_060)
    line = HUNDRED.difference(hole)
    rings = rings_of(boundary(line), pyproj.CRS(4547), RedlineSettings())
    assert [(ring.number, ring.hole, ring.length_m) for ring in rings] == [(1, False, 400.0), (2, True, 80.0)]
    assert [(p.label, p.x_north, p.y_east, p.side_m) for p in rings[0].points] == [
        ("J1", 2_490_100.0, 500_000.0, 100.0),
        ("J2", 2_490_100.0, 500_100.0, 100.0),
        ("J3", 2_490_000.0, 500_100.0, 100.0),
        ("J4", 2_490_000.0, 500_000.0, 100.0),
        ("J1", 2_490_100.0, 500_000.0, None),
    ]
    assert [p.label for p in rings[1].points] == ["J5", "J6", "J7", "J8", "J5"]


def test_rings_of_a_second_part_are_no_holes() -> None:
    hole = box(500_040, 2_490_040, 500_060, 2_490_060)
    both = MultiPolygon([HUNDRED.difference(hole), box(500_200, 2_490_000, 500_210, 2_490_010)])
    rings = rings_of(boundary(both), pyproj.CRS(4547), RedlineSettings())
    assert [ring.hole for ring in rings] == [False, True, False]


def test_a_side_is_what_the_printed_points_give() -> None:
    """Printed to 0.1 m, (0, 0) and (0.04, 0.05) are (0, 0) and (0.0, 0.1): 0.10 m, not 0.06."""
    line = Polygon([(0, 0), (0.04, 0.05), (30, 0), (30, -40), (0, -40)])
    settings = RedlineSettings(coordinate_digits=1)
    points = rings_of(boundary(line), pyproj.CRS(4547), settings)[0].points
    first = next(i for i, point in enumerate(points) if (point.y_east, point.x_north) == (0.0, 0.0))
    assert points[first].side_m == pytest.approx(0.1)


def test_what_is_no_red_line_is_a_geometry_error() -> None:
    with pytest.raises(InputError) as caught:
        boundaries_of_shapes([("点", Point(1, 1))], pyproj.CRS(4547))
    assert isinstance(caught.value.__cause__, GeometryError | None)
    assert "点" in caught.value.where


def test_a_report_is_as_secret_as_the_file_of_its_red_line(tmp_path: Path, reader: IsolatedReader) -> None:
    path = tmp_path / "红线.txt"
    path.write_bytes(standard_file().encode("gbk"))
    write_beside(path, mark_of("秘密★10年"))
    found = read(path, reader)
    assert {each.source.secrecy for each in found.boundaries} == {"秘密★10年"}
    with project(tmp_path / "p.gpkg", {"land_use": three_parcels()}, secrecy="内部") as made:
        assert check_redline(made, found.boundaries[0], redline_rules()).secrecy == "秘密★10年"
        (drawn,) = boundaries_of_shapes([("", HUNDRED)], pyproj.CRS(4547)).boundaries
        assert check_redline(made, drawn, redline_rules()).secrecy == "内部"
