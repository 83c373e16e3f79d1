"""Repairs in a project: what they change, what they leave, and that all of it can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from shapely import Polygon

from layers.checking.model import CheckReport
from layers.checking.repairs import Choices, RepairPlan
from layers.edits import ChangeFeature, Edit, EditRecord, Keep
from layers.errors import InputError
from layers.progress import NoProgress
from layers.store import LayerInfo, NewLayer, Project
from tests.layers.checking.check_samples import EAST, GAUSS_KRUEGER, NORTH, box, here
from zsgis.checking.checking import check_project_layer
from zsgis.checking.repairing import chosen_only, plan_repairs, repair_edit


class Desk:
    """A project with one layer, checked and repaired."""

    def __init__(self, folder: Path, shapes: list[Any], kind: str = "zones", **values: list[Any]) -> None:
        self.project = Project.create(folder / "p.gpkg", GAUSS_KRUEGER)
        frame = geopandas.GeoDataFrame(values, geometry=[here(shape) for shape in shapes], crs=GAUSS_KRUEGER)
        new = NewLayer("图层", kind, GAUSS_KRUEGER, standard="yd2023" if kind == "land_use" else "")
        self.info: LayerInfo = self.project.add_layer(new, frame)

    def check(self) -> CheckReport:
        return check_project_layer(self.project, self.project.layer(self.info.uid), NoProgress())

    def plan(self, rule: str, choices: Choices | None = None) -> RepairPlan:
        report = self.check()
        numbers = report.numbers(rule)
        assert numbers, rule
        return plan_repairs(self.project, report, numbers, choices or Choices(), NoProgress())

    def apply(self, plan: RepairPlan) -> EditRecord:
        return self.project.apply(repair_edit(self.info.uid, plan.repairs))

    def change(self, uid: str, geometry: Any = Keep.SHAPE, **values: Any) -> None:
        self.project.apply(Edit("改", (ChangeFeature(self.info.uid, uid, geometry, values),)))

    def broken(self) -> set[str]:
        return {hits.rule for hits in self.check().hits}

    def shapes(self) -> list[Any]:
        return list(self.project.read(self.info.uid).geometry)

    def hash(self) -> str:
        return self.project.content_hash(self.info.uid)


REPEATED = Polygon([(0, 0), (100, 0), (100, 0), (100, 100), (0, 100), (0, 0), (0, 0)])
SPIKY = Polygon([(0, 0), (100, 0), (100, 50), (120, 50.02), (100, 50.04), (100, 100), (0, 100)])
BOW = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
HOLED = Polygon(box(0, 0, 100, 100).exterior, [box(10, 10, 10.5, 11).exterior])
FRAME = [box(0, 0, 100, 10), box(0, 10.2, 100, 20), box(0, 10, 1, 10.2), box(99, 10, 100, 10.2)]


@pytest.mark.parametrize(
    ("rule", "shapes", "change"),
    [
        ("geometry.repeated_vertex", [REPEATED], 0.0),
        # the spike: half of 20 m times 0.04 m
        ("geometry.spike", [SPIKY], -0.4),
        # both wings of the bow tie, 2500 m2 each, of opposite turn: measured as nothing before
        ("geometry.tiny_hole", [HOLED], 0.5),
        ("topology.overlap", [box(0, 0, 100, 100), box(90, 0, 150, 100)], -1000.0),
        ("topology.gap", FRAME, 98 * 0.2),
    ],
)
def test_a_repair_settles_its_finding_and_is_taken_back_exactly(
    tmp_path: Path, rule: str, shapes: list[Any], change: float
) -> None:
    desk = Desk(tmp_path, shapes)
    before = desk.hash()
    plan = desk.plan(rule)
    assert not plan.refusals
    (repair,) = plan.repairs
    assert repair.area_change_m2 == pytest.approx(change, abs=1e-4)
    assert desk.hash() == before, "a proposal changes nothing"
    desk.apply(plan)
    assert rule not in desk.broken()
    desk.project.undo()
    assert desk.hash() == before
    desk.project.redo()
    assert rule not in desk.broken()


def test_a_bow_tie_becomes_its_two_wings(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [BOW])
    desk.apply(desk.plan("geometry.invalid"))
    (shape,) = desk.shapes()
    assert shapely.is_valid(shape)
    # two triangles, each 100 wide and 50 high
    assert shape.area == pytest.approx(5000.0)


def test_vertices_that_stay_keep_every_bit_and_their_height(tmp_path: Path) -> None:
    ring = [(0, 0, 1.5), (100, 0, 2.5), (100, 0, 2.5), (100, 100, 3.5), (0, 100, 4.5)]
    desk = Desk(tmp_path, [Polygon(ring)])
    before = shapely.get_coordinates(desk.shapes()[0], include_z=True)
    desk.apply(desk.plan("geometry.repeated_vertex"))
    after = shapely.get_coordinates(desk.shapes()[0], include_z=True)
    assert after.tolist() == np.delete(before, 2, axis=0).tolist()


def test_a_spike_that_a_neighbour_follows_is_left_to_a_person(tmp_path: Path) -> None:
    neighbour = Polygon([(100, 0), (200, 0), (200, 100), (100, 100), (100, 50.04), (120, 50.02), (100, 50)])
    plan = Desk(tmp_path, [SPIKY, neighbour]).plan("geometry.spike")
    assert not plan.repairs
    assert len(plan.refusals) == 2


def test_an_overlap_is_cut_from_the_one_that_was_chosen(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [box(0, 0, 100, 100), box(90, 0, 150, 100)])
    larger = desk.plan("topology.overlap").repairs[0]
    smaller = desk.plan("topology.overlap", Choices(cut_larger=False)).repairs[0]
    assert (larger.row, smaller.row) == (0, 1)
    assert smaller.after.bounds == (EAST + 100, NORTH, EAST + 150, NORTH + 100)


def test_a_feature_that_would_fall_into_pieces_is_left_alone(tmp_path: Path) -> None:
    plan = Desk(tmp_path, [box(0, 0, 100, 100), box(40, -10, 60, 110)]).plan("topology.overlap")
    assert not plan.repairs


def test_a_wide_gap_is_no_matter_of_repair(tmp_path: Path) -> None:
    frame = [box(0, 0, 100, 10), box(0, 90, 100, 100), box(0, 10, 10, 90), box(90, 10, 100, 90)]
    plan = Desk(tmp_path, frame, "territorial_plan", class_code=["0701"] * 4).plan("topology.gap")
    assert not plan.repairs


def test_findings_of_one_feature_are_repaired_together(tmp_path: Path) -> None:
    coords = list(SPIKY.exterior.coords)
    desk = Desk(tmp_path, [Polygon([coords[0], coords[1], coords[1], *coords[2:]])])
    report = desk.check()
    numbers = report.numbers("geometry.repeated_vertex") + report.numbers("geometry.spike")
    plan = plan_repairs(desk.project, report, numbers, Choices(), NoProgress())
    (repair,) = plan.repairs
    assert set(repair.rules) == {"geometry.repeated_vertex", "geometry.spike"}
    desk.apply(plan)
    assert desk.broken() == set()


def test_values_are_repaired_as_the_standard_has_them(tmp_path: Path) -> None:
    squares = [box(100 * i, 0, 100 * i + 100, 100) for i in range(3)]
    desk = Desk(
        tmp_path,
        squares,
        "land_use",
        class_code=["802", "100100", "0701"],
        class_name=["科研用地", "工业用地", " 城镇住宅用地"],
    )
    for rule in ("class.lost_zero", "class.written_otherwise", "attribute.blank_ends"):
        desk.apply(desk.plan(rule))
    frame = desk.project.read(desk.info.uid)
    assert frame["class_code"].tolist() == ["0802", "1001", "0701"]
    assert frame["class_name"].tolist() == ["科研用地", "工业用地", "城镇住宅用地"]
    assert not {"class.lost_zero", "class.written_otherwise", "attribute.blank_ends"} & desk.broken()


def test_what_is_left_after_a_deduction_goes_with_it(tmp_path: Path) -> None:
    # the sums agree with each other, but 9999.00 x 0.0525 is 524.95: 9474.05 are left, not 9499.00
    desk = Desk(
        tmp_path,
        [box(0, 0, 100, 100)],
        "land_use",
        class_code=["0101"],
        survey_area_m2=[9999.0],
        deducted_share=[0.0525],
        deducted_area_m2=[500.0],
        net_class_area_m2=[9499.0],
    )
    (repair,) = desk.plan("area.deducted").repairs
    assert repair.values_before == {"deducted_area_m2": 500.0, "net_class_area_m2": 9499.0}
    assert repair.values_after == {"deducted_area_m2": 524.95, "net_class_area_m2": 9474.05}
    desk.apply(desk.plan("area.deducted"))
    assert not {"area.deducted", "area.net"} & desk.broken()


def test_sums_of_an_area_that_is_wrong_itself_are_left_alone(tmp_path: Path) -> None:
    desk = Desk(
        tmp_path,
        [box(0, 0, 100, 100)],
        "land_use",
        class_code=["0101"],
        survey_area_m2=[5000.0],
        net_class_area_m2=[9999.0],
    )
    plan = desk.plan("area.net")
    assert not plan.repairs
    assert len(plan.refusals) == 1


def test_a_name_of_another_class_is_left_to_a_person(tmp_path: Path) -> None:
    # 2302 was 田坎 in 2020: the name may be right and the code of the older version
    squares = [box(100 * i, 0, 100 * i + 100, 100) for i in range(2)]
    desk = Desk(
        tmp_path, squares, "land_use", class_code=["2302", "0701"], class_name=["田坎", "城镇住宅用地（旧）"]
    )
    plan = desk.plan("class.name_differs")
    assert [(one.row, one.values_after) for one in plan.repairs] == [(1, {"class_name": "城镇住宅用地"})]
    assert len(plan.refusals) == 1


def test_a_code_that_was_edited_after_the_check_is_kept(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [box(0, 0, 100, 100)], "land_use", class_code=["802"])
    report = desk.check()
    uid = str(desk.project.read(desk.info.uid).index[0])
    desk.change(uid, class_code="1001")
    plan = plan_repairs(desk.project, report, report.numbers("class.lost_zero"), Choices(), NoProgress())
    assert not plan.repairs
    assert len(plan.refusals) == 1


def test_a_gap_that_another_feature_has_taken_meanwhile_is_not_filled(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FRAME)
    report = desk.check()
    numbers = report.numbers("topology.gap")
    row = report.finding(numbers[0]).row
    other = str(desk.project.read(desk.info.uid).index[1 - row])
    grown = here(box(0, 10, 100, 20) if row == 0 else box(0, 0, 100, 10.2))
    desk.change(other, grown)
    plan = plan_repairs(desk.project, report, numbers, Choices(), NoProgress())
    assert not plan.repairs


def test_an_open_slit_is_filled_up_to_its_neighbour(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [box(0, 0, 50, 100), box(50.2, 0, 100, 100)])
    (repair,) = desk.plan("topology.gap").repairs
    assert repair.area_change_m2 == pytest.approx(20.0, abs=1e-4)
    desk.apply(desk.plan("topology.gap"))
    assert desk.broken() == set()


def test_an_overlap_that_holds_a_whole_part_is_left_to_a_person(tmp_path: Path) -> None:
    parts = shapely.MultiPolygon([box(0, 0, 200, 100), box(300, 10, 320, 30)])
    plan = Desk(tmp_path, [parts, box(290, 0, 350, 50)]).plan("topology.overlap")
    assert not plan.repairs
    assert len(plan.refusals) == 1


def test_a_hole_that_lies_in_the_box_of_a_tiny_one_is_kept(tmp_path: Path) -> None:
    # a hole of 90 m x 0.01 m in all, aslant, and a real one of 400 m2 in the same box
    slant = Polygon([(5, 5), (95, 95), (95, 95.01)])
    real = box(60, 20, 80, 40)
    desk = Desk(tmp_path, [Polygon(box(0, 0, 100, 100).exterior, [slant.exterior, real.exterior])])
    (repair,) = desk.plan("geometry.tiny_hole").repairs
    assert repair.area_change_m2 == pytest.approx(slant.area, abs=1e-4)
    desk.apply(desk.plan("geometry.tiny_hole"))
    assert len(desk.shapes()[0].interiors) == 1


def test_spikes_are_repaired_one_by_one(tmp_path: Path) -> None:
    second = [(100, 100), (60, 100), (59.98, 120), (59.96, 100), (0, 100)]
    desk = Desk(tmp_path, [Polygon([*list(SPIKY.exterior.coords)[:5], *second])])
    report = desk.check()
    one, _other = report.numbers("geometry.spike")
    plan = plan_repairs(desk.project, report, [one], Choices(), NoProgress())
    # half of 20 m times 0.04 m
    assert plan.repairs[0].area_change_m2 == pytest.approx(-0.4, abs=1e-4)
    desk.apply(plan)
    assert len(desk.check().numbers("geometry.spike")) == 1


def test_a_spike_without_width_leaves_no_vertex_twice(tmp_path: Path) -> None:
    ring = [(0, 0), (100, 0), (100, 50), (120, 50), (100, 50), (100, 100), (0, 100)]
    desk = Desk(tmp_path, [Polygon(ring)])
    desk.apply(desk.plan("geometry.spike"))
    assert desk.broken() == set()
    assert desk.shapes()[0].area == pytest.approx(10_000.0)


def test_what_was_changed_meanwhile_is_not_repaired(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [SPIKY])
    plan = desk.plan("geometry.spike")
    desk.apply(plan)
    after = desk.hash()
    with pytest.raises(InputError):
        desk.apply(plan)
    assert desk.hash() == after


def test_what_has_no_safe_repair_says_so(tmp_path: Path) -> None:
    apart = shapely.MultiPolygon([box(0, 0, 10, 10), box(20, 0, 30, 10)])
    plan = Desk(tmp_path, [apart]).plan("geometry.multipart")
    assert not plan.repairs
    assert plan.refusals[0].reason


def test_towns_bound_the_other_layers(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [box(0, 0, 100, 100), box(190, 0, 250, 100)])
    towns = geopandas.GeoDataFrame(
        {"name": ["镇"]}, geometry=[here(box(-10, -10, 200, 200))], crs=GAUSS_KRUEGER
    )
    desk.project.add_layer(NewLayer("镇街", "towns", GAUSS_KRUEGER, status="法定"), towns)
    report = desk.check()
    ((row, figure),) = [
        (one.row, one.figure) for one in map(report.finding, report.numbers("extent.boundary"))
    ]
    assert (row, figure) == (1, pytest.approx(5000.0))


# features that are deleted


def test_an_identical_feature_is_deleted_and_comes_back_with_undo(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [box(0, 0, 50, 50), box(0, 0, 50, 50), box(50, 0, 90, 50)], name=["甲", "甲", "乙"])
    before = desk.hash()
    plan = desk.plan("topology.identical")
    assert [(one.removed, one.area_change_m2) for one in plan.repairs] == [(True, pytest.approx(-2500.0))]
    desk.apply(plan)
    assert len(desk.shapes()) == 2
    assert "topology.identical" not in desk.broken()
    desk.project.undo()
    assert desk.hash() == before


def test_an_identical_feature_with_values_of_its_own_is_left_to_a_person(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [box(0, 0, 50, 50), box(0, 0, 50, 50)], name=["甲", "乙"])
    plan = desk.plan("topology.identical")
    assert plan.repairs == ()
    assert len(plan.refusals) == 1


def test_of_three_identical_features_one_is_left(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [box(0, 0, 50, 50)] * 3)
    desk.apply(desk.plan("topology.identical"))
    assert len(desk.shapes()) == 1


def test_a_sliver_goes_to_the_neighbour_with_the_longest_edge_along_it(tmp_path: Path) -> None:
    """0.2 m by 100 m, along one neighbour for 100 m and along two others for its ends."""
    shapes = [box(0, 0, 50, 100), box(50, 0, 50.2, 100), box(50.2, 0, 90, 60), box(50.2, 60, 90, 100)]
    desk = Desk(tmp_path, shapes)
    uids = [str(uid) for uid in desk.project.read(desk.info.uid).index]
    plan = desk.plan("geometry.sliver")
    assert {one.uid: one.removed for one in plan.repairs} == {uids[0]: False, uids[1]: True}
    grown = next(one for one in plan.repairs if not one.removed)
    assert grown.parents == (uids[1],)
    assert grown.area_change_m2 == pytest.approx(20.0)
    record = desk.apply(plan)
    assert record.head.count == 2
    assert "geometry.sliver" not in desk.broken()
    assert shapely.union_all(desk.shapes()).area == pytest.approx(9000.0)
    desk.project.undo()
    assert len(desk.shapes()) == 4


def test_half_of_what_merges_a_sliver_is_not_written(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [box(0, 0, 50, 100), box(50, 0, 50.2, 100)])
    plan = desk.plan("geometry.sliver")
    for one in plan.repairs:
        assert chosen_only(plan, [one.uid]).repairs == ()
    assert chosen_only(plan, [one.uid for one in plan.repairs]) == plan


def test_slivers_beside_one_another_end_in_one_neighbour(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [box(0, 0, 50, 100), box(50, 0, 50.2, 100), box(50.2, 0, 50.4, 100)])
    plan = desk.plan("geometry.sliver")
    assert chosen_only(plan, [one.uid for one in plan.repairs]) == plan
    desk.apply(plan)
    assert [shape.area for shape in desk.shapes()] == [pytest.approx(5040.0)]


def test_a_sliver_by_itself_is_left_to_a_person(tmp_path: Path) -> None:
    plan = Desk(tmp_path, [box(0, 0, 0.2, 100), box(10, 0, 20, 100)]).plan("geometry.sliver")
    assert plan.repairs == ()
    assert len(plan.refusals) == 1
