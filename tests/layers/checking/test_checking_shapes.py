"""A zoo of awkward shapes: each fault is found where it is, with the figure that can be reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import Polygon

from layers.checking.model import CheckReport
from layers.checking.rules import checking_rules
from layers.checking.run import check_layer
from layers.checking.sentences import row_list
from layers.errors import JobCancelled
from layers.findings import Severity
from layers.progress import NoProgress
from tests.layers.checking.check_samples import EAST, NORTH, box, broken, check, found, here, subject


def test_a_plain_square_has_no_finding() -> None:
    report = check([box(0, 0, 100, 100)])
    assert len(report) == 0
    assert report.counts() == ()


def test_an_empty_layer_has_no_finding() -> None:
    assert len(check([])) == 0


def test_missing_and_empty_shapes_are_told_and_the_rest_is_checked() -> None:
    report = check([None, box(0, 0, 100, 100), Polygon(), box(50, 0, 150, 100)])
    assert [row for row, _other, _figure in found(report, "geometry.missing")] == [0, 2]
    assert found(report, "topology.overlap") == [(1, 3, 5000.0)]


def test_a_bow_tie_crosses_itself_in_its_middle() -> None:
    report = check([Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])])
    (number,) = report.numbers("geometry.invalid")
    finding = report.finding(number)
    assert (finding.x, finding.y) == pytest.approx((EAST + 50, NORTH + 50))
    assert finding.severity is Severity.ERROR


def test_a_hole_outside_its_polygon_is_invalid() -> None:
    shape = Polygon(box(0, 0, 10, 10).exterior, [box(20, 20, 21, 22).exterior])
    assert "geometry.invalid" in broken(check([shape]))


def test_repeated_vertices_are_counted_once_a_feature() -> None:
    shape = Polygon([(0, 0), (100, 0), (100, 0), (100, 0.00005), (100, 100), (0, 100), (0, 100)])
    report = check([box(200, 0, 300, 100), shape])
    assert found(report, "geometry.repeated_vertex") == [(1, -1, 3.0)]
    assert "geometry.spike" not in broken(report)


def test_the_vertex_that_closes_a_ring_is_no_repeated_one() -> None:
    ring = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0), (0, 0)]
    assert found(check([Polygon(ring)]), "geometry.repeated_vertex") == [(0, -1, 1.0)]


def test_a_spike_is_found_at_its_tip_with_its_width() -> None:
    # 20 m long and 0.04 m wide at its foot
    shape = Polygon([(0, 0), (100, 0), (100, 50), (120, 50.02), (100, 50.04), (100, 100), (0, 100)])
    report = check([shape])
    ((row, _other, figure),) = found(report, "geometry.spike")
    assert row == 0
    assert figure == pytest.approx(0.04, abs=1e-3)
    finding = report.finding(report.numbers("geometry.spike")[0])
    assert (finding.x, finding.y) == pytest.approx((EAST + 120, NORTH + 50.02))


def test_a_spike_at_the_first_vertex_is_found_too() -> None:
    shape = Polygon([(120, 50.02), (100, 50.04), (100, 100), (0, 100), (0, 0), (100, 0), (100, 50)])
    assert len(found(check([shape]), "geometry.spike")) == 1


def test_a_sharp_corner_that_is_wide_is_no_spike() -> None:
    assert "geometry.spike" not in broken(check([Polygon([(0, 0), (100, 0), (0, 5)])]))


def test_a_sliver_is_told_by_its_mean_width() -> None:
    # 2 A / P = 2 * 100 * 0.2 / 200.4
    assert found(check([box(0, 0, 100, 0.2)]), "geometry.sliver") == [(0, -1, round(40 / 200.4, 4))]
    assert "geometry.sliver" not in broken(check([box(0, 0, 100, 1.2)]))


def test_a_tiny_hole_is_told_with_its_area_and_an_ordinary_one_is_not() -> None:
    shape = Polygon(
        box(0, 0, 100, 100).exterior, [box(10, 10, 10.5, 11).exterior, box(50, 50, 60, 60).exterior]
    )
    assert found(check([shape]), "geometry.tiny_hole") == [(0, -1, 0.5)]


def test_several_parts_are_a_note() -> None:
    report = check([shapely.multipolygons([box(0, 0, 10, 10), box(20, 0, 30, 10), box(40, 0, 50, 9)])])
    assert found(report, "geometry.multipart") == [(0, -1, 3.0)]
    assert report.finding(1).severity is Severity.NOTE


def test_a_coordinate_that_is_no_number_costs_its_shape_only() -> None:
    with np.errstate(invalid="ignore"):
        bad = Polygon([(0, 0), (np.nan, 10), (10, 10)])
        report = check([bad, box(0, 0, 100, 100), box(50, 0, 150, 100)])
    assert found(report, "geometry.not_finite") == [(0, -1, None)]
    assert found(report, "topology.overlap") == [(1, 2, 5000.0)]


def test_a_shape_drawn_twice_is_told_once_and_not_as_overlap() -> None:
    ring = [(0, 0), (100, 0), (100, 100), (0, 100)]
    turned = Polygon([ring[2], ring[1], ring[0], ring[3]])
    report = check([Polygon(ring), box(100, 0, 200, 100), turned])
    assert found(report, "topology.identical") == [(2, 0, 10_000.0)]
    assert "topology.overlap" not in broken(report)


def test_three_equal_shapes_name_the_first() -> None:
    report = check([box(0, 0, 10, 10)] * 3)
    assert [(row, other) for row, other, _figure in found(report, "topology.identical")] == [(1, 0), (2, 0)]


def test_a_hole_that_another_feature_fills_is_told_and_is_no_fault() -> None:
    outer = Polygon(box(0, 0, 100, 100).exterior, [box(40, 40, 60, 60).exterior])
    report = check([outer, box(40, 40, 60, 60)], kind_key="territorial_plan")
    assert found(report, "topology.island") == [(0, 1, 400.0)]
    assert broken(report) <= {"topology.island", "attribute.missing_field"}


def test_what_lies_outside_the_city_is_told() -> None:
    report = check([box(0, 0, 100, 100), box(60_000, 0, 60_100, 100)])
    assert [row for row, _other, _figure in found(report, "extent.city")] == [1]


def test_many_features_outside_the_city_are_one_finding_that_lists_them() -> None:
    """Rows 0, 2, 3 and 4 lie 60 to 61 km east of the corner: as people count, 1 and 3 to 5."""
    far = [box(60_000 + 200 * number, 0, 60_100 + 200 * number, 100) for number in range(4)]
    report = check([far[0], box(0, 0, 100, 100), *far[1:]])
    assert found(report, "extent.city") == [(-1, -1, 4.0)]
    (number,) = report.numbers("extent.city")
    assert report.rows_of(number).tolist() == [0, 2, 3, 4]
    finding = report.finding(number)
    assert finding.value == "1、3-5"
    assert "1、3-5" in finding.text
    assert "4" in finding.text
    # the place shows all of them: from the first's west side to the last's east side
    assert finding.box is not None
    assert finding.box[2] - finding.box[0] == 700
    (count,) = [one for one in report.counts() if one.rule.key == "extent.city"]
    assert (count.findings, count.features) == (1, 4)


def test_a_layer_in_another_city_is_one_finding() -> None:
    report = check([box(60_000 + 20 * number, 0, 60_010 + 20 * number, 10) for number in range(1000)])
    assert report.finding(report.numbers("extent.city")[0]).value == "1-1000"
    assert len(report.numbers("extent.city")) == 1


def test_a_long_list_of_rows_counts_what_it_does_not_name() -> None:
    # every second of 1,000: 500 runs of one, of which 400 are named, from no. 1 to no. 799
    text = row_list(np.arange(0, 1000, 2))
    assert text.startswith("1、3、5、")
    assert "、799" in text
    assert "、801" not in text
    assert "100" in text.rpartition("799")[2]
    assert row_list(np.array([4])) == "5"


def test_a_part_beyond_the_boundary_is_measured() -> None:
    boundary = here(box(0, 0, 100, 100))
    shapes = [here(box(10, 10, 20, 20)), here(box(90, 40, 130, 50)), here(box(200, 200, 210, 210))]
    report = check_layer(subject(shapes), checking_rules(), NoProgress(), boundary=boundary)
    assert found(report, "extent.boundary") == [(1, -1, 300.0), (2, -1, 100.0)]


def test_places_come_out_in_the_layers_own_degrees() -> None:
    import pyproj

    degrees = pyproj.CRS(4490)
    west = [shapely.box(113.38, 22.52, 113.381, 22.521), shapely.box(113.3805, 22.52, 113.3815, 22.521)]
    report = check_layer(subject(west, crs=degrees), checking_rules(), NoProgress())
    finding = report.finding(report.numbers("topology.overlap")[0])
    assert finding.x == pytest.approx(113.38075, abs=1e-6)
    # half of 0.001 by 0.001 degrees: 102.9 m by 110.7 m at this latitude
    assert finding.figure == pytest.approx(0.5 * 102.9 * 110.7, rel=0.01)


def test_a_check_can_be_stopped() -> None:
    class Stopped:
        def step(self, done: float, text: str = "") -> None:
            if done > 0.5:
                raise JobCancelled

    with pytest.raises(JobCancelled):
        check_layer(subject([here(box(0, 0, 10, 10))]), checking_rules(), Stopped())


def islands(count: int, **values: list[str]) -> CheckReport:
    """Return the check of a field with holes that as many features fill exactly."""
    holes = [box(10 + 20 * i, 10, 20 + 20 * i, 20) for i in range(count)]
    field = Polygon(box(0, 0, 20 * count + 10, 30).exterior, [hole.exterior for hole in holes])
    return check([field, *holes], values, kind_key="land_use" if values else "zones", standard="yd2023")


def test_many_islands_are_one_note() -> None:
    assert len(islands(50).numbers("topology.island")) == 50
    report = islands(51)
    (number,) = report.numbers("topology.island")
    finding = report.finding(number)
    assert (finding.row, finding.figure) == (-1, 51.0)
    assert "51" in finding.text


def test_an_island_of_the_class_and_owner_around_it_is_told_by_itself() -> None:
    report = islands(
        3, class_code=["0101", "0101", "0101", "0701"], owner_code=["1", "1", "2", "1"], name=list("abcd")
    )
    assert found(report, "topology.island_alike") == [(0, 1, 100.0)]
    assert found(report, "topology.island") == [(0, 2, 100.0), (0, 3, 100.0)]


def test_a_bow_tie_is_no_sliver_though_its_rings_area_is_nothing() -> None:
    report = check([Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])])
    assert broken(report) == {"geometry.invalid"}
