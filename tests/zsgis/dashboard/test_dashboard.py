"""The dashboard of two platforms, five projects and a recorded plan, each figure derived by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas
import pytest
import shapely

from layers.crs import parse_crs
from layers.edits import ChangeFeature, Edit
from layers.store import NewLayer, Project
from zsgis.dashboard.model import Board, BoardPart, Measure, QuotaMeasure
from zsgis.dashboard.reading import read_board
from zsgis.dashboard.recommended import recommended
from zsgis.dashboard.selected import selected_words
from zsgis.ledger.entries import ledger_of
from zsgis.ledger.standing import RunStanding, Verdict
from zsgis.plan import load_plan
from zsgis.result import Column, Row, RunRecord, Table
from zsgis.run_records import KeptRun, kept_record

CRS = parse_crs("4547")
FOREST, NEW = "占用征收林地定额", "新增建设用地计划指标"
UIDS = {name: f"019313a0-0000-7000-8000-0000000000{number:02d}" for number, name in enumerate("abcdeptq")}


def shape(x: float) -> shapely.Polygon:
    return shapely.box(500_000 + x, 2_490_000, 500_100 + x, 2_490_100)


def add(project: Project, name: str, kind: str, rows: dict[str, dict[str, Any]], x: float | None) -> str:
    frame = geopandas.GeoDataFrame(
        pandas.DataFrame([{"zs_uid": UIDS[key], **row} for key, row in rows.items()]),
        geometry=np.array(
            [None if x is None else shape(x + 100 * i) for i in range(len(rows))], dtype=object
        ),
        crs=CRS,
    )
    return project.add_layer(NewLayer(name, kind, CRS), frame).uid


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two projects of 翠亨新区, one of 火炬 by its short name, one of an industrial park, one of nowhere."""
    with Project.create(tmp_path / "board.gpkg", CRS) as made:
        add(made, "重大平台", "platforms", {"p": {"name": "翠亨新区"}}, 0)
        top = "重大科技创新载体"
        add(
            made,
            "用地需求库",
            "project_demand",
            {
                "a": {"name": "甲", "platform": "翠亨新区", "category": top, "land_wanted_m2": 10_000.0},
                "b": {
                    "name": "乙",
                    "platform": "翠亨新区",
                    "land_wanted_m2": 20_000.0,
                    "siting_on": "2026-01-02",
                },
                "c": {
                    "name": "丙",
                    "platform": "火炬开发区",
                    "category": top,
                    "land_wanted_m2": 5_000.0,
                    "supplied_on": "2026-03-01",
                    "supplied_area_m2": 6_000.0,
                },
                "d": {"name": "丁", "platform": "某园区", "approved_number": "1"},
                "e": {"name": "戊"},
            },
            None,
        )
        add(
            made,
            "用地指标台账",
            "quotas",
            {
                "t": {"quota": NEW, "year": 2026, "amount_ha": 8.0, "used_ha": 2.0},
                "q": {"quota": NEW, "year": 2027, "amount_ha": 4.0},
            },
            None,
        )
        yield made


def part_texts(part: BoardPart) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in part.rows]


def row_of(part: BoardPart, name: str) -> list[str]:
    return next(row for row in part_texts(part) if row[0] == name)


def board(project: Project) -> Board:
    return read_board(project, load_plan(), None)


def sources(part: BoardPart, name: str, column: int) -> set[str]:
    (row,) = (row for row in part.rows if row.cells[0].text == name)
    return {uid for uids in row.cells[column].sources.values() for uid in uids}


def test_projects_stand_by_platform_and_stage_with_the_plans_platforms_first(project: Project) -> None:
    part = board(project).platforms[Measure.PROJECTS, "ha"]
    names = [row[0] for row in part_texts(part)]
    assert names[:7] == [platform.name for platform in load_plan().platforms]
    assert names[7:] == ["某园区", "未明确平台", "总计"]
    # not begun, 意向, 选址, 预审, 报批, 批准, 供应, 开工, 竣工, total
    assert row_of(part, "翠亨新区")[1:] == ["1", "", "1", "", "", "", "", "", "", "2"]
    assert row_of(part, "火炬开发区")[1:] == ["", "", "", "", "", "", "1", "", "", "1"]
    assert row_of(part, "总计")[1:] == ["2", "", "1", "", "", "1", "1", "", "", "5"]
    assert sources(part, "翠亨新区", 3) == {UIDS["b"]}
    # the name of a platform leads to its place on the map, too
    assert sources(part, "翠亨新区", 0) == {UIDS["a"], UIDS["b"], UIDS["p"]}


def test_areas_add_up_and_what_is_not_entered_is_never_nothing(project: Project) -> None:
    part = board(project).platforms[Measure.WANTED, "ha"]
    assert row_of(part, "翠亨新区")[1:] == ["1.00", "", "2.00", "", "", "", "", "", "", "3.00"]
    assert row_of(part, "某园区")[6] == "待录入"
    assert row_of(part, "总计")[-1] == "3.50"
    assert part.note == "2 个项目面积待录入"
    approved = board(project).platforms[Measure.APPROVED, "ha"]
    # 丙 was supplied and 丁 approved: neither states the area that was approved
    assert row_of(approved, "火炬开发区")[7] == "待录入"
    assert row_of(approved, "翠亨新区")[1] == ""


def test_ranks_say_what_is_secured_of_what_is_wanted(project: Project) -> None:
    part = board(project).ranks["ha"]
    # rank 1: 甲 1 ha, 丙 0.5 ha with 0.6 ha supplied: no more counts than is wanted, 0.5 / 1.5
    first = part_texts(part)[0]
    assert first == ["第 1 级", "2", "1.50", "待录入", "0.60", "", "33.3"]
    assert part.rows[0].cells[-1].share == pytest.approx(1 / 3)
    assert part_texts(part)[-1][1:3] == ["5", "3.50"]


@pytest.mark.parametrize(
    ("measure", "figures"),
    [
        (QuotaMeasure.ASSIGNED, ["8.00", "4.00", "12.00"]),
        (QuotaMeasure.USED, ["2.00", "0.00", "2.00"]),
        (QuotaMeasure.LEFT, ["6.00", "4.00", "10.00"]),
        (QuotaMeasure.PLANNED, ["", "", ""]),
    ],
)
def test_quotas_by_year_are_not_added_over_kinds(
    project: Project, measure: QuotaMeasure, figures: list[str]
) -> None:
    part = board(project).quotas[measure, "ha"]
    assert part_texts(part) == [[NEW, *figures]]
    assert [cell.share for cell in part.rows[0].cells[1:]] == [0.25, 0.0, pytest.approx(1 / 6)]


def plan_run(register: str, version: int, digest: str) -> KeptRun:
    table = Table(
        "plan",
        "推荐方案",
        (
            Column("project", "项目"),
            Column("year", "年度"),
            Column("area", "面积", "公顷", 4),
            Column("draws:1", NEW, "公顷", 4, "占用指标"),
        ),
        (
            Row(
                {"project": "甲", "year": "2026", "area": 0.7, "draws:1": 0.5}, sources=behind(register, "a")
            ),
            Row(
                {"project": "甲", "year": "2027", "area": 0.3, "draws:1": 0.0}, sources=behind(register, "a")
            ),
        ),
    )
    run = RunRecord("run-1", "allocate", "2026-11-24T00:00:00", 1.0, "0.1.0", {}, (), ())
    record = kept_record(run, title="推荐方案", facts={}, tables=(table,))
    record["inputs"] = [
        {
            "layer_uid": register,
            "name": "用地需求库",
            "version": version,
            "sha256": digest,
            "feature_count": 5,
        }
    ]
    return KeptRun.model_validate(record)


def behind(register: str, key: str) -> dict[str, tuple[str, ...]]:
    return {register: (UIDS[key],), "land": ("parcel",)}


def test_the_latest_plan_gives_areas_and_draws_with_their_parcels() -> None:
    old, new = plan_run("r", 1, ""), plan_run("r", 1, "")
    found = recommended((RunStanding(1, old, Verdict.DIFFERS), RunStanding(2, new, Verdict.HOLDS)), "r")
    assert found.reasons == ()
    # 0.7 + 0.3 ha in 0.01 m2
    assert {uid: each.cents for uid, each in found.planned.items()} == {UIDS["a"]: 1_000_000}
    assert found.planned[UIDS["a"]].parcels == {"land": ("parcel",)}
    assert found.drawn == {(NEW, 2026): 500_000}
    assert found.drawing[NEW, 2026] == {"r": (UIDS["a"],), "land": ("parcel",)}


def test_a_plan_whose_input_changed_is_marked_stale_and_names_the_feature(project: Project) -> None:
    (info,) = project.layers_of("project_demand")
    kept = plan_run(info.uid, info.version, project.content_hash(info.uid))
    project.record_run(kept.model_dump(mode="json"))
    plan = load_plan()
    fresh = read_board(project, plan, ledger_of(project, plan))
    part = fresh.platforms[Measure.PLANNED, "ha"]
    assert row_of(part, "翠亨新区")[1] == "1.00"
    assert fresh.quotas[QuotaMeasure.PLANNED, "ha"].rows[0].cells[1].text == "0.50"
    # 甲 1.0 of 1.0, 丙 0.5 of 0.5
    assert part_texts(fresh.ranks["ha"])[0][5:] == ["1.00", "100.0"]
    project.apply(Edit("改面积", (ChangeFeature(info.uid, UIDS["b"], values={"land_wanted_m2": 1.0}),)))
    stale = read_board(project, plan, ledger_of(project, plan))
    part = stale.platforms[Measure.PLANNED, "ha"]
    assert row_of(part, "翠亨新区")[1] == "1.00（已过时）"
    assert "其后修改 乙" in part.note
    assert part_texts(stale.ranks["ha"])[0][-1] == "100.0（已过时）"
    # what the register itself states holds
    assert row_of(stale.platforms[Measure.WANTED, "ha"], "火炬开发区")[7] == "0.50"


def test_without_registers_there_are_the_plans_platforms_and_nothing_else(tmp_path: Path) -> None:
    with Project.create(tmp_path / "empty.gpkg", CRS) as empty:
        found = board(empty)
    assert all(set(row[1:]) == {""} for row in part_texts(found.platforms[Measure.WANTED, "mu"]))
    assert found.quotas[QuotaMeasure.USED, "ha"].rows == ()
    assert found.lights is None


def test_what_is_selected_is_said_with_its_land(project: Project) -> None:
    found = board(project)
    (info,) = project.layers_of("project_demand")
    chosen = {info.uid: frozenset((UIDS["a"], UIDS["c"]))}
    # 10,000 + 5,000 m2 = 22.50 亩; 6,000 m2 = 9.00 亩
    assert selected_words(found.projects, chosen, "mu") == (
        "选中 2 个项目：甲、丙 · 需求面积 22.50 亩 · 供应面积 9.00 亩"
    )
    assert selected_words(found.projects, {"other": frozenset(("x",))}, "mu") == ""
