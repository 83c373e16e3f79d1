"""The red-line check on projects whose figures can be worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from shapely import Polygon, box

from layers.area import ellipsoidal_area_m2
from layers.errors import GeometryError, JobCancelled
from layers.findings import Severity
from layers.kind import AreaBasis
from layers.store import NewLayer, Project
from tests.zsgis.redline.samples import (
    HUNDRED,
    PLANE,
    add,
    boundary,
    codes,
    figures,
    finding,
    project,
    three_parcels,
)
from tests.zsgis.stock_samples import at
from zsgis.redline import LineRole, Outcome, RedlineChecker, check_redline, redline_rules

pytestmark = pytest.mark.usefixtures("english")


def test_three_parcels_under_a_hectare(tmp_path: Path) -> None:
    """100 x 100 m = 1 ha: the field 40 x 100, the factory 30 x 100, the pond 20 x 100, 10 x 100 nothing."""
    with project(tmp_path / "p.gpkg", {"land_use": three_parcels()}) as made:
        report = check_redline(made, boundary(), redline_rules())
    section = report.section("land_use")
    assert report.planar_cents == 1_000_000
    assert figures(section) == [
        ("0101 水田", "collective", 4000.0, 0.4, 40.0),
        ("1704 坑塘水面", "unclear", 2000.0, 0.2, 20.0),
        ("100101 一类工业用地", "national", 3000.0, 0.3, 30.0),
        ("Data does not cover it", "", 1000.0, 0.1, 10.0),
    ]
    assert [(line.count, line.whole) for line in section.lines] == [(1, 0), (1, 0), (1, 1), (0, 0)]
    assert section.outcome is Outcome.INFO
    assert "0.1000 ha" in section.reason
    assert finding(report, "redline.data_gap").severity is Severity.WARNING
    assert "0.2000 ha" in finding(report, "redline.ownership").text


def test_every_line_leads_to_its_features(tmp_path: Path) -> None:
    with project(tmp_path / "p.gpkg", {"land_use": three_parcels()}) as made:
        names = made.read(made.layers()[0].uid)["name"]
        section = check_redline(made, boundary(), redline_rules()).section("land_use")
    assert [[names[uid] for uid in line.uids] for line in section.lines] == [["田"], ["塘"], ["厂"], []]
    assert section.pieces is not None
    assert [round(shape.area) for shape in section.pieces.geometry] == [4000, 3000, 2000, 1000]
    assert section.pieces.line.tolist() == [0, 2, 1, 3]


def test_printed_hectares_and_shares_add_up(tmp_path: Path) -> None:
    """Three strips of a 100 m square, each 3333.33 m2: 0.3333 ha each, and 1.0000 in all.

    33.333 m x 100 m x 2 and 33.334 m x 100 m are 3333.30, 3333.30 and 3333.40 m2; rounded by themselves they
    are 0.3333 ha and 33.33 % each, 0.0001 ha and 0.01 % short. The spare step goes to the largest remainder.
    """
    strips = {
        "name": ["1", "2", "3"],
        "class_code": ["0101", "0102", "0103"],
        "ownership_code": ["30", "30", "30"],
        "geometry": [at(0, 0, 33.333, 100), at(33.333, 0, 66.666, 100), at(66.666, 0, 100, 100)],
    }
    with project(tmp_path / "p.gpkg", {"land_use": strips}) as made:
        lines = check_redline(made, boundary(), redline_rules()).section("land_use").lines
    assert [line.m2 for line in lines] == [3333.3, 3333.3, 3333.4]
    assert [line.ha for line in lines] == [0.3333, 0.3333, 0.3334]
    assert [line.percent for line in lines] == [33.33, 33.33, 33.34]


def test_forbidden_and_outside(tmp_path: Path) -> None:
    """Farmland holds the western 25 x 100 m, the growth boundary the eastern 60 x 100: 40 are out."""
    lines = {
        "line_type": ["永久基本农田", "城镇开发边界", "生态保护红线"],
        "name": ["田", "边", "远"],
        "geometry": [at(-5, -5, 25, 105), at(40, 0, 200, 100), at(5000, 0, 5100, 100)],
    }
    with project(tmp_path / "p.gpkg", {"control_lines": lines}) as made:
        report = check_redline(made, boundary(), redline_rules())
    farmland, ecology, growth = (
        report.section(key) for key in ("permanent_farmland", "ecological_red_line", "growth_boundary")
    )
    assert (farmland.outcome, ecology.outcome, growth.outcome) == (
        Outcome.FORBIDDEN,
        Outcome.CLEAR,
        Outcome.WARN,
    )
    assert [line.m2 for line in farmland.lines] == [2500.0, 7500.0]
    assert figures(growth) == [
        ("城镇开发边界内", "", 6000.0, 0.6, 60.0),
        ("城镇开发边界外", "", 4000.0, 0.4, 40.0),
    ]
    told = finding(report, "redline.forbidden")
    assert told.severity is Severity.ERROR
    assert "0.2500 ha" in told.text
    assert "第三十五条" in told.text
    assert report.worst is Outcome.FORBIDDEN


def test_a_draft_only_hints(tmp_path: Path) -> None:
    rules = redline_rules()
    drafts = [section.model_copy(update={"status": "征求意见稿"}) for section in rules.sections]
    lines = {"line_type": ["永久基本农田"], "geometry": [at(-5, -5, 25, 105)]}
    with project(tmp_path / "p.gpkg", {"control_lines": lines}) as made:
        report = check_redline(made, boundary(), rules.model_copy(update={"sections": tuple(drafts)}))
    assert report.section("permanent_farmland").outcome is Outcome.WARN
    assert "redline.forbidden" not in codes(report)


def test_control_lines_nobody_names_are_checked_too(tmp_path: Path) -> None:
    lines = {
        "line_type": ["城市蓝线", None, "永久基本农田"],
        "geometry": [at(0, 0, 10, 100), at(50, 0, 70, 100), at(300, 0, 310, 100)],
    }
    with project(tmp_path / "p.gpkg", {"control_lines": lines}) as made:
        section = check_redline(made, boundary(), redline_rules()).section("other_control_lines")
    assert [(line.key.label, line.m2) for line in section.lines] == [
        ("(not stated)", 2000.0),
        ("城市蓝线", 1000.0),
        ("Not touched", 7000.0),
    ]


def test_what_the_project_lacks_is_listed_as_not_checked(tmp_path: Path) -> None:
    lines = {"line_type": ["永久基本农田"], "geometry": [at(300, 0, 310, 100)]}
    with project(tmp_path / "p.gpkg", {"control_lines": lines}) as made:
        report = check_redline(made, boundary(), redline_rules())
    assert [section.key for section in report.sections] == [rule.key for rule in redline_rules().sections]
    outcomes = {section.key: section.outcome for section in report.sections}
    assert outcomes["land_use"] is Outcome.NOT_CHECKED
    # the layer is there, but holds no ecological red line anywhere: that nothing was hit says nothing
    assert outcomes["ecological_red_line"] is Outcome.NOT_CHECKED
    assert "生态保护红线" in report.section("ecological_red_line").reason
    assert outcomes["permanent_farmland"] is Outcome.CLEAR
    assert "土地利用现状" in finding(report, "redline.not_checked").text


def test_data_that_does_not_reach_the_red_line(tmp_path: Path) -> None:
    far = {
        "name": ["远"],
        "class_code": ["0101"],
        "ownership_code": ["30"],
        "geometry": [at(5000, 0, 5100, 100)],
    }
    batches = {"name": ["批"], "approval_number": ["1"], "geometry": [at(5000, 0, 5100, 100)]}
    with project(tmp_path / "p.gpkg", {"land_use": far, "supplied": batches}) as made:
        report = check_redline(made, boundary(), redline_rules())
    land = report.section("land_use")
    assert land.outcome is Outcome.NO_DATA
    assert [line.role for line in land.lines] == [LineRole.REST]
    assert "redline.no_data" in codes(report)
    supplied = report.section("supplied")
    assert supplied.outcome is Outcome.CLEAR
    assert "may mean" in supplied.reason


def test_features_over_each_other_are_deducted_once(tmp_path: Path) -> None:
    """60 x 100 and 60 x 100 m over each other on 20 x 100: 6000 + 6000 - 2000 = 10000."""
    over = {
        "name": ["甲", "乙"],
        "approval_number": ["1", "2"],
        "geometry": [at(0, 0, 60, 100), at(40, 0, 100, 100)],
    }
    with project(tmp_path / "p.gpkg", {"approved": over}) as made:
        report = check_redline(made, boundary(), redline_rules())
    section = report.section("approved")
    assert [line.m2 for line in section.lines] == [6000.0, 6000.0, -2000.0]
    assert sum(line.cents for line in section.lines) == section.total_cents == 1_000_000
    assert "2,000.00 m²" in finding(report, "redline.overlaps").text


def test_slivers_are_counted_and_are_no_hit(tmp_path: Path) -> None:
    """A neighbour 5 mm over the edge: 0.005 x 100 = 0.50 m2, under 1 m2 and thinner than 0.2 m."""
    neighbour = {
        "name": ["邻"],
        "supervision_number": ["1"],
        "geometry": [at(99.995, 0, 200, 100)],
    }
    with project(tmp_path / "p.gpkg", {"supplied": neighbour}) as made:
        report = check_redline(made, boundary(), redline_rules())
        strict = check_redline(made, boundary(), redline_rules().with_settings(sliver_m2=0.0))
    section = report.section("supplied")
    assert section.outcome is Outcome.CLEAR
    assert [(line.m2, line.sliver) for line in section.lines] == [(0.5, True), (9999.5, False)]
    assert "redline.slivers" in codes(report)
    assert strict.section("supplied").outcome is Outcome.WARN


def test_idle_land_is_suspected_until_there_is_a_number(tmp_path: Path) -> None:
    idle: dict[str, list[Any]] = {
        "name": ["甲", "乙"],
        "finding_number": ["中土闲〔2024〕1号", None],
        "geometry": [at(0, 0, 50, 100), at(50, 0, 100, 100)],
    }
    with project(tmp_path / "p.gpkg", {"idle": idle}) as made:
        section = check_redline(made, boundary(), redline_rules()).section("idle")
    assert sorted(line.key.label for line in section.lines) == [
        "疑似闲置土地 / 乙",
        "闲置土地（已认定） / 甲",
    ]


def test_a_whole_parcel_keeps_its_survey_area(tmp_path: Path) -> None:
    """On the ellipsoid a parcel inside keeps the area of its own vertices; the edge bears the difference."""
    land = three_parcels()
    made = project(tmp_path / "p.gpkg", {"land_use": land})
    made.set_setting("area_basis", {})
    with made:
        report = check_redline(made, boundary(), redline_rules())
    section = report.section("land_use")
    own = ellipsoidal_area_m2(np.array([land["geometry"][1]], dtype=object), PLANE)[0]
    whole = next(line for line in section.lines if line.key.code == "100101")
    assert section.basis is AreaBasis.ELLIPSOIDAL
    assert whole.m2 == round(own, 2)
    assert sum(line.cents for line in section.lines) == report.ellipsoidal_cents


def test_long_edges_are_forced_and_told(tmp_path: Path) -> None:
    """A strip of 9 km by 300 m, slanted: its northern edge has two vertices, its southern one every 100 m.

    On the ellipsoid an edge is straight in latitude and longitude, beside the edge that is straight in the
    plane. What is forced is what lies between the two: the strip's area less that of the same strip with a
    vertex every 20 m.
    """
    south = [(500_000 + 100 * n, 2_490_000 + 50 * n) for n in range(91)]
    strip = Polygon([*south, (509_000, 2_494_800), (500_000, 2_490_300)])
    cells = [at(x, -500, x + 1500, 6000) for x in range(-1500, 10500, 1500)]
    land = {
        "name": [str(n) for n in range(len(cells))],
        "class_code": ["0101"] * len(cells),
        "geometry": cells,
    }
    made = project(tmp_path / "p.gpkg", {"land_use": land})
    made.set_setting("area_basis", {})
    with made:
        report = check_redline(made, boundary(strip), redline_rules())
    section = report.section("land_use")
    assert sum(each.cents for each in section.lines) == report.ellipsoidal_cents
    areas = ellipsoidal_area_m2(np.array([strip, shapely.segmentize(strip, 20)], dtype=object), PLANE)
    assert section.correction_m2 == pytest.approx(areas[0] - areas[1], rel=0.05)
    assert abs(section.correction_m2) > 1_000.0
    assert "redline.forced" in codes(report)


def test_the_layers_own_plane_counts(tmp_path: Path) -> None:
    """Planar areas are those of the layer's projection: about 111° the same ground is larger."""
    made = project(tmp_path / "p.gpkg", {})
    with made:
        parcels = {"name": ["甲"], "geometry": [at(0, 0, 50, 100)]}
        add(made, "cadastral_parcels", parcels, crs=4546)
        report = check_redline(made, boundary(), redline_rules())
    section = report.section("cadastral_parcels")
    assert section.pieces is not None
    assert section.pieces.crs.to_epsg() == 4546
    # 3 degrees off the meridian the scale is 1 + (3 / 57.3 * cos 22.5)^2 / 2 = 1.00117, areas 1.0023 times
    assert section.total_cents == pytest.approx(1_002_300, rel=1e-3)
    assert report.planar_cents == 1_000_000


def test_a_layer_that_cannot_be_reached_stops_no_other(tmp_path: Path) -> None:
    made = project(tmp_path / "p.gpkg", {"land_use": three_parcels()})
    with made:
        frame = made.read(made.layers()[0].uid, columns=["name"])
        old = frame.reset_index(drop=True).set_crs(2383, allow_override=True)
        made.add_layer(NewLayer(name="旧宗地", kind="cadastral_parcels", crs=pyproj.CRS(2383)), old)
        report = check_redline(made, boundary(), redline_rules())
    section = report.section("cadastral_parcels")
    assert section.outcome is Outcome.NOT_CHECKED
    assert "旧宗地" in section.reason
    assert report.section("land_use").outcome is Outcome.INFO


def test_several_layers_of_a_kind_each_get_a_section(tmp_path: Path) -> None:
    made = project(tmp_path / "p.gpkg", {"land_use": three_parcels()})
    with made:
        add(made, "land_use", three_parcels(), name="2025年")
        report = check_redline(made, boundary(), redline_rules())
    names = [s.layer.name for s in report.sections if s.key == "land_use" and s.layer is not None]
    assert sorted(names) == ["2025年", "land_use"]


def test_a_red_line_in_degrees_is_measured_in_the_projects_plane(tmp_path: Path) -> None:
    moved = geopandas.GeoSeries([HUNDRED], crs=4547).to_crs(4490).iloc[0]
    with project(tmp_path / "p.gpkg", {"land_use": three_parcels()}) as made:
        report = check_redline(made, boundary(moved, crs=4490), redline_rules())
    assert report.plane.to_epsg() == 4547
    assert report.planar_cents == pytest.approx(1_000_000, abs=1)
    assert "redline.plane" in codes(report)


def test_the_run_is_recorded_with_inputs_and_rules(tmp_path: Path) -> None:
    with project(tmp_path / "p.gpkg", {"land_use": three_parcels()}) as made:
        first = check_redline(made, boundary(), redline_rules())
        second = check_redline(made, boundary(), redline_rules())
        runs = made.runs()
    assert [run["capability"] for run in runs] == ["redline", "redline"]
    assert redline_rules().sha256[:12] in runs[0]["rules"]["redline"]
    of_land = [each for each in first.run.inputs if each.role == "土地利用现状"]
    assert [each.sha256 for each in of_land] == [
        each.sha256 for each in second.run.inputs if each.role == "土地利用现状"
    ]
    assert first.run.uid != second.run.uid


def test_the_fingerprint_follows_what_lies_near(tmp_path: Path) -> None:
    changed = three_parcels()
    changed["ownership_code"][0] = "20"
    sums = []
    for name, land in (("a", three_parcels()), ("b", changed)):
        with project(tmp_path / f"{name}.gpkg", {"land_use": land}) as made:
            layer = check_redline(made, boundary(), redline_rules()).section("land_use").layer
            assert layer is not None
            sums.append(layer.sha256)
    assert sums[0] != sums[1]


def test_cancelled_work_is_not_recorded(tmp_path: Path) -> None:
    class Stops:
        def step(self, done: float, text: str = "") -> None:
            if done > 0.1:
                raise JobCancelled

    with project(tmp_path / "p.gpkg", {"land_use": three_parcels()}) as made:
        with pytest.raises(JobCancelled):
            check_redline(made, boundary(), redline_rules(), Stops())
        assert made.runs() == ()


def test_a_red_line_without_an_area_is_refused(tmp_path: Path) -> None:
    thin = box(500_000, 2_490_000, 500_000 + 1e-6, 2_490_001)
    with project(tmp_path / "p.gpkg", {}) as made, pytest.raises(GeometryError, match="no area"):
        check_redline(made, boundary(thin), redline_rules())


def test_lines_always_add_up(tmp_path: Path) -> None:
    """Whatever the red line: cents to its own area, hectares and shares as printed."""
    random = np.random.default_rng(20261123)
    made = project(tmp_path / "p.gpkg", {"land_use": three_parcels()})
    made.set_setting("area_basis", {})
    with made:
        checker = RedlineChecker(made, redline_rules())
        for _number in range(15):
            corners = random.uniform(-20, 120, (6, 2)) + np.array([500_000, 2_490_000])
            line = shapely.MultiPoint(corners).convex_hull
            section = checker.check(boundary(line)).section("land_use")
            own = round(ellipsoidal_area_m2(np.array([line], dtype=object), PLANE)[0] * 100)
            assert sum(each.cents for each in section.lines) == section.total_cents
            assert abs(section.total_cents - own) <= 1
            # 0.0001 ha is 100 cents of 0.01 m2, rounded half up
            in_steps = (section.total_cents + 50) // 100
            assert sum(round(each.ha * 10_000) for each in section.lines) == in_steps
            assert sum(round(each.percent * 100) for each in section.lines) == 10_000


def test_only_what_lies_near_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    land = three_parcels()
    land["name"].append("远")
    land["class_code"].append("0101")
    land["ownership_code"].append("30")
    land["geometry"].append(at(9000, 0, 9100, 100))
    seen: list[int] = []
    read = Project.read

    def counting(self: Project, uid: str, **how: object) -> object:
        frame = read(self, uid, **how)  # type: ignore[arg-type]
        seen.append(len(frame))
        return frame

    with project(tmp_path / "p.gpkg", {"land_use": land}) as made:
        monkeypatch.setattr(Project, "read", counting)
        report = check_redline(made, boundary(), redline_rules())
    layer = report.section("land_use").layer
    assert seen == [3]
    assert layer is not None
    assert (layer.read, layer.feature_count) == (3, 4)
