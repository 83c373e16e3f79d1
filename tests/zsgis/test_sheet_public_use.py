"""Sheets for the public: layers and precision are dropped by a rule file, said on the sheet, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from layers.errors import InputError
from layers.progress import NoProgress
from layers.store import Project
from tests.sheet_example import drawables, example_project
from zsgis.sheets.clearance import Clearance, SheetHeldError, clear
from zsgis.sheets.layout import MapItem, SheetLayout, TextItem
from zsgis.sheets.preflight import Review, ReviewState, Use
from zsgis.sheets.production import SheetMaterial, SheetOrder, compose_sheets
from zsgis.sheets.public_use import public_limits
from zsgis.sheets.series_rule import SeriesRule

GRANTED = Review(ReviewState.GRANTED, "粤S（2026）001号")
RULE = """
key = "own"
title = "本局规则"
version = "1"
status = "现行"
source = "测试"

[[uses]]
use = "公开出版展示"
dropped_kinds = ["incubators"]
position_m = 50
largest_scale = 25000
coordinates = false

[[uses]]
use = "公示公告"
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with example_project(tmp_path / "work.gpkg") as made:
        yield made


@pytest.fixture
def rule(tmp_path: Path) -> str:
    file = tmp_path / "own.toml"
    file.write_text(RULE, encoding="utf-8")
    return str(file)


def made(project: Project, order: SheetOrder) -> list[SheetLayout]:
    material = SheetMaterial(tuple(drawables(project)), None)
    return compose_sheets(project, order, material, NoProgress())


def for_the_public(rule: str, use: Use = Use.PUBLISHED) -> SheetOrder:
    return SheetOrder(each="重大平台", clearance=Clearance(use, GRANTED), public_rule=rule)


def notes(sheet: SheetLayout) -> str:
    return "\n".join(
        line for item in sheet.first.items_of(TextItem) if item.name == "notes" for line in item.lines
    )


def test_layers_precision_and_coordinates_are_dropped(project: Project, rule: str) -> None:
    sheet = made(project, for_the_public(rule))[0]
    (item,) = sheet.first.items_of(MapItem)
    assert "科技企业孵化器" not in {layer.title for layer in item.layers}
    # the platform fits at 1:10000, the rule allows 1:25000
    assert item.scale_denominator == 25_000
    assert item.ticks == ()
    assert item.system is None
    for layer in item.layers:
        coords = np.asarray(layer.coords)
        assert np.abs(coords - np.round(coords / 50) * 50).max() == 0
    said = notes(sheet).replace("\n", "")
    assert "科技企业孵化器" in said
    assert "50 米" in said
    assert "方里网" not in said


def test_inside_the_house_nothing_is_dropped(project: Project, rule: str) -> None:
    order = SheetOrder(each="重大平台", clearance=Clearance(Use.MEETING), public_rule=rule)
    (item,) = made(project, order)[0].first.items_of(MapItem)
    assert "科技企业孵化器" in {layer.title for layer in item.layers}
    assert item.ticks
    assert "公开" not in notes(made(project, order)[0])


def test_a_notice_has_its_own_limits(project: Project, rule: str) -> None:
    (item,) = made(project, for_the_public(rule, Use.NOTICE))[0].first.items_of(MapItem)
    assert item.scale_denominator == 10_000
    assert item.system is not None


def test_the_finished_sheet_is_checked_against_the_rule(project: Project, rule: str) -> None:
    order = for_the_public(rule)
    limits = order.limits
    assert limits is not None
    good = made(project, order)
    assert [
        one for one in clear(project, good, Clearance(Use.PUBLISHED, GRANTED), limits) if one.blocking
    ] == []
    # sheets that somebody composed without the limits are stopped, each for its reasons
    exact = made(project, replace(order, clearance=Clearance(Use.INTERNAL)))
    with pytest.raises(SheetHeldError) as held:
        clear(project, exact, Clearance(Use.PUBLISHED, GRANTED), limits)
    codes = {finding.code for finding in held.value.blocking}
    assert codes == {
        "sheet.public_scale",
        "sheet.public_coordinates",
        "sheet.public_layer",
        "sheet.public_position",
    }


def test_a_larger_scale_that_was_asked_for_is_refused(project: Project, rule: str) -> None:
    order = replace(for_the_public(rule), rule=SeriesRule(scales=(10_000, 15_000)))
    with pytest.raises(InputError, match="1:25,000"):
        made(project, order)
    (item,) = made(project, replace(order, rule=SeriesRule(scales=(10_000, 50_000))))[0].first.items_of(
        MapItem
    )
    assert item.scale_denominator == 50_000


def test_marked_layers_are_not_shown_and_no_sheets_are_made_of_them(tmp_path: Path, rule: str) -> None:
    with example_project(tmp_path / "marked.gpkg", secrecy="内部") as project:
        (item,) = made(project, for_the_public(rule))[0].first.items_of(MapItem)
        assert "土地利用现状图斑" not in {layer.title for layer in item.layers}
        with pytest.raises(InputError, match="土地利用现状图斑"):
            made(project, replace(for_the_public(rule), each="土地利用现状图斑"))


def test_the_shipped_rule_names_both_uses_and_is_not_said_to_be_in_force() -> None:
    assert public_limits("公示公告").coordinates
    published = public_limits("公开出版展示")
    assert (published.position_m, published.coordinates) == (50, False)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"incubators"', '"孵化"'), "孵化"),
        (("position_m = 50", "position_m = -1"), "position_m"),
        (('use = "公示公告"', 'use = "展览"'), "use"),
    ],
)
def test_a_rule_with_a_fault_is_refused_with_its_entry(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(RULE.replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        public_limits("公开出版展示", str(file))


def test_a_rule_that_leaves_a_use_out_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(RULE.split('[[uses]]\nuse = "公示公告"', maxsplit=1)[0], encoding="utf-8")
    with pytest.raises(InputError, match="公示公告"):
        public_limits("公示公告", str(file))
