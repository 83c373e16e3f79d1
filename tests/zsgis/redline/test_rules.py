"""What rules decide: weights by class, whose land, numbers before Y, and what a rule file may not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyproj
import pytest
import shapely

from layers.errors import CrsError, InputError, UsageError
from layers.findings import Severity
from layers.locations import resource_path
from tests.zsgis.redline.samples import add, boundary, codes, figures, finding, project, three_parcels
from tests.zsgis.stock_samples import at
from zsgis.redline import Outcome, RedlineRules, check_redline, redline_rules
from zsgis.redline.planes import printed_system

pytestmark = pytest.mark.usefixtures("english")


def test_the_rules_that_come_with_the_program_are_dated_and_sourced() -> None:
    rules = redline_rules()
    assert rules.version
    assert all(section.source and section.status for section in rules.sections)
    named = [section.key for section in rules.sections]
    assert named.index("land_use") < named.index("permanent_farmland") < named.index("approved")


def test_weights_by_class(tmp_path: Path) -> None:
    """Four zones of 25 x 100 m each; the heaviest decides what the section came to."""
    zones = {
        "zone_type": ["允许建设区", "有条件建设区", "限制建设区", "禁止建设区"],
        "geometry": [at(25 * n, 0, 25 * n + 25, 100) for n in range(4)],
    }
    with project(tmp_path / "p.gpkg", {"old_plan_zones": zones}) as made:
        report = check_redline(made, boundary(), redline_rules())
        half = check_redline(made, boundary(at(0, 0, 50, 100)), redline_rules())
    section = report.section("old_plan_zones")
    weights = {line.key.label: line.effect.value for line in section.lines}
    assert weights == {
        "允许建设区": "info",
        "有条件建设区": "warn",
        "限制建设区": "warn",
        "禁止建设区": "forbidden",
    }
    assert section.outcome is Outcome.FORBIDDEN
    assert half.section("old_plan_zones").outcome is Outcome.WARN
    assert "0.2500 ha" in finding(report, "redline.forbidden").text


def test_a_class_of_several_fields_weighs_by_any_of_them(tmp_path: Path) -> None:
    stands = {
        "protection_level": ["Ⅰ级", "Ⅲ级", None],
        "forest_type": ["公益林", "商品林", None],
        "geometry": [at(0, 0, 20, 100), at(20, 0, 50, 100), at(50, 0, 60, 100)],
    }
    with project(tmp_path / "p.gpkg", {"forest_stands": stands}) as made:
        section = check_redline(made, boundary(), redline_rules()).section("forest_stands")
    assert [(line.key.label, line.effect.value, line.m2) for line in section.lines] == [
        ("(not stated)", "warn", 1000.0),
        ("Ⅰ级 / 公益林", "forbidden", 2000.0),
        ("Ⅲ级 / 商品林", "warn", 3000.0),
        ("Not touched", "info", 4000.0),
    ]


def test_ownership_by_words(tmp_path: Path) -> None:
    parcels = {
        "name": ["甲厂", "乙厂", "丙厂"],
        "class_code": ["100101"] * 3,
        "ownership": ["国有", "集体", "未明确"],
        "geometry": [at(0, 0, 30, 100), at(30, 0, 50, 100), at(50, 0, 60, 100)],
    }
    with project(tmp_path / "p.gpkg", {"industrial_parcels": parcels}) as made:
        section = check_redline(made, boundary(), redline_rules()).section("industrial_parcels")
    assert [(owner, m2) for _label, owner, m2, _ha, _share in figures(section)] == [
        ("unclear", 1000.0),
        ("collective", 2000.0),
        ("national", 3000.0),
        ("", 4000.0),
    ]


def test_a_section_of_an_empty_field_is_left_out(tmp_path: Path) -> None:
    plan: dict[str, Any] = {
        "class_code": ["0701", "100101"],
        "plan_zone": [None, "工业发展区"],
        "geometry": [at(0, 0, 100, 100), at(500, 0, 600, 100)],
    }
    with project(tmp_path / "p.gpkg", {"territorial_plan": plan}) as made:
        keys = [s.key for s in check_redline(made, boundary(), redline_rules()).sections]
        there = check_redline(made, boundary(at(500, 0, 600, 100)), redline_rules())
    assert "territorial_plan_zones" not in keys
    assert there.section("territorial_plan_zones").lines[0].key.label == "工业发展区"


def test_codes_without_a_standard_stand_as_they_are(tmp_path: Path) -> None:
    with project(tmp_path / "p.gpkg", {}) as made:
        add(made, "land_use", {**three_parcels(), "class_name": ["水田", "工厂", None]}, standard="")
        report = check_redline(made, boundary(), redline_rules())
    labels = [line.key.label for line in report.section("land_use").lines]
    assert labels == ["0101 水田", "1704", "100101 工厂", "Data does not cover it"]
    assert all(not line.key.great_class for line in report.section("land_use").lines)
    assert "redline.standard" in codes(report)


def test_codes_the_standard_does_not_have_are_told(tmp_path: Path) -> None:
    land = three_parcels()
    land["class_code"] = ["9999", "100101", None]
    with project(tmp_path / "p.gpkg", {"land_use": land}) as made:
        report = check_redline(made, boundary(), redline_rules())
    assert "9999" in finding(report, "redline.unknown_code").text
    assert "Unclassified" in [line.key.label for line in report.section("land_use").lines]


def test_a_layer_in_degrees_gives_the_same_ground(tmp_path: Path) -> None:
    with project(tmp_path / "p.gpkg", {}) as made:
        add(made, "land_use", three_parcels(), crs=4490)
        report = check_redline(made, boundary(), redline_rules())
    section = report.section("land_use")
    assert section.total_cents == report.ellipsoidal_cents
    assert [line.m2 for line in section.lines] == pytest.approx([4000, 2000, 3000, 1000], abs=1.0)
    assert "redline.uncertain_change" not in codes(report)


def test_wgs_84_is_told_with_its_uncertainty(tmp_path: Path) -> None:
    with project(tmp_path / "p.gpkg", {}) as made:
        add(made, "land_use", three_parcels(), crs=4326)
        report = check_redline(made, boundary(), redline_rules())
    told = finding(report, "redline.uncertain_change")
    assert told.severity is Severity.NOTE
    assert "1 m" in told.text


def test_a_recorded_area_that_does_not_fit_is_told(tmp_path: Path) -> None:
    import dataclasses

    line = dataclasses.replace(boundary(), recorded_m2=9_000.0)
    with project(tmp_path / "p.gpkg", {"land_use": three_parcels()}) as made:
        report = check_redline(made, line, redline_rules())
    assert "9,000.00" in finding(report, "redline.recorded").text


def test_layers_without_a_rule_are_named(tmp_path: Path) -> None:
    with project(tmp_path / "p.gpkg", {}) as made:
        add(made, "zones", {"name": ["甲"], "geometry": [at(0, 0, 10, 10)]}, name="我的范围")
        report = check_redline(made, boundary(), redline_rules())
    assert report.unruled == ("我的范围",)
    assert "我的范围" in finding(report, "redline.unruled").text


def test_the_number_before_y() -> None:
    plain, numbered = pyproj.CRS(4547), pyproj.CRS(4526)
    assert printed_system(plain, "keep") == plain
    assert printed_system(plain, "with").to_epsg() == 4526
    assert printed_system(numbered, "without").to_epsg() == 4547
    assert printed_system(numbered, "with") == numbered
    with pytest.raises(CrsError, match="zone number"):
        printed_system(pyproj.CRS(32649), "with")


def test_points_with_the_number_before_y(tmp_path: Path) -> None:
    with project(tmp_path / "p.gpkg", {}) as made:
        report = check_redline(made, boundary(), redline_rules().with_settings(zone_prefix="with"))
    assert report.rings[0].points[0].y_east == 38_500_000.0
    assert report.planar_cents == 1_000_000


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kinds = ["land_use"]', 'kinds = ["points"]', "points"),
        ('class_fields = ["zone_type"]', 'class_fields = ["没有"]', "没有"),
        ('hit = "forbidden"', 'hit = "kill"', "hit"),
        ('key = "towns"', 'key = "land_use"', "land_use"),
        ("sliver_m2 = 1.0", "sliver_m2 = -1.0", "sliver_m2"),
        ("others = true }", "others = false }", "where"),
        ("[settings]", "[settings", "line"),
    ],
)
def test_a_rule_file_that_is_none_names_the_entry(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = resource_path("rules", "redline.toml").read_text(encoding="utf-8")
    assert old in text
    own = tmp_path / "本局.toml"
    own.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        redline_rules(own)
    assert words in caught.value.what
    assert caught.value.where == str(own)


def test_settings_that_there_are_not(tmp_path: Path) -> None:
    rules: RedlineRules = redline_rules()
    with pytest.raises(UsageError, match="sliver"):
        rules.with_settings(sliver="1")
    assert rules.with_settings(sliver_m2="2.5").settings.sliver_m2 == 2.5


def test_a_red_line_over_the_edge_of_its_zone_is_told(tmp_path: Path) -> None:
    """115.5° is the edge between the zones of 114° and 117°: half of the ground lies in each."""
    line = shapely.box(115.499, 22.5, 115.501, 22.502)
    with project(tmp_path / "p.gpkg", {}) as made:
        crossing = check_redline(made, boundary(line, crs=4490), redline_rules())
        inside = check_redline(made, boundary(), redline_rules())
    told = finding(crossing, "redline.zone")
    assert told.severity is Severity.WARNING
    assert "0.0010°" in told.text
    assert "redline.zone" not in codes(inside)
    # a transverse Mercator plane overstates areas by the square of (distance from its meridian / radius)
    grown = crossing.planar_cents / crossing.ellipsoidal_cents - 1
    assert grown == pytest.approx((1.5 * 111_320 * 0.9239 / 6_378_000) ** 2, rel=0.02)
