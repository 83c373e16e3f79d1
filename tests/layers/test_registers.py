"""Registers: features that need no shape, from the form over Excel to the history and the checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pytest
from form_samples import layer_of
from store_samples import CRS, new_project

from layers.edits import AddFeature, ChangeFeature, Edit
from layers.exporting import ExportRequest, export_layer
from layers.formats.direct import DirectReader
from layers.forms.fields import form_of
from layers.forms.judging import judge
from layers.importing.bringing import import_file
from layers.importing.intake import NoShapesError
from layers.importing.request import ImportRequest
from layers.kinds import kind
from layers.project_demand import STAGES
from layers.quotas import QUOTAS
from layers.store import LayerInfo, NewLayer, Project

RECORDS: list[dict[str, Any]] = [
    {
        "name": "示意项目甲",
        "project_code": "T-1",
        "land_wanted_m2": 20000.0,
        "land_least_m2": 15000.0,
        "contiguous": True,
        "supply_way": "弹性年期",
        "from_year": 2026,
        "to_year": 2027,
        "intent_number": "示意〔2026〕1号",
        "intent_on": "2026-01-05",
        "approved_on": "2026-03-01",
        "approved_area_m2": 19999.99,
    },
    {"name": "示意项目乙", "project_code": "T-2"},
]


def register(project: Project, records: list[dict[str, Any]], key: str = "project_demand") -> LayerInfo:
    names = [each.name for each in kind(key).fields]
    columns = {name: [record.get(name) for record in records] for name in names}
    frame = geopandas.GeoDataFrame(columns, geometry=np.full(len(records), None, dtype=object), crs=CRS)
    return project.add_layer(NewLayer("用地需求库", key, CRS), frame)


def values(project: Project, uid: str) -> list[dict[str, Any]]:
    frame = project.read(uid)
    return [
        {name: state.values[name] for name in state.values if state.values[name] is not None}
        for state in project.states(uid, tuple(map(str, frame.index)))
    ]


def test_a_project_is_kept_without_a_shape_and_its_history_tells_what_became_of_it(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        layer = register(project, RECORDS)
        assert (layer.feature_count, layer.bounds) == (2, None)
        record = project.apply(
            Edit("新增", (AddFeature(layer.uid, None, {"name": "示意项目丙", "project_code": "T-3"}),))
        )
        added = record.changes[0].zs_uid
        project.apply(Edit("批准", (ChangeFeature(layer.uid, added, values={"approved_on": "2026-05-01"}),)))
        (state,) = project.states(layer.uid, (added,))
        assert state.geometry is None
        assert state.values["approved_on"] == "2026-05-01"
        told = project.history(layer.uid, added)
        assert [one.head.title for one in told] == ["新增", "批准"]
        assert told[-1].changed == ("approved_on",)


def test_the_whole_register_goes_through_excel_and_comes_back(tmp_path: Path) -> None:
    out = tmp_path / "需求.xlsx"
    with new_project(tmp_path) as project:
        layer = register(project, RECORDS)
        before = values(project, layer.uid)
        export_layer(project, layer, ExportRequest(out))
        report = import_file(
            project, ImportRequest(out, kind="project_demand", name="再导入"), DirectReader()
        )
        assert report.layer.crs == project.crs
        after = values(project, report.layer.uid)
        # the old features' identifiers may stand beside the new ones'
        declared = {each.name for each in kind("project_demand").fields}
        assert [{k: v for k, v in row.items() if k in declared} for row in after] == before
        assert len(before[0]) == len(RECORDS[0])


def test_areas_typed_in_mu_or_hectares_are_stored_in_square_metres(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["项目名称", "用地需求面积（亩）", "最低用地面积（公顷）", "供地方式", "用地年度起"])
    sheet.append(["示意项目甲", 30, 1.5, "划拨", 2026])
    path = tmp_path / "各部门用地需求.xlsx"
    book.save(path)
    with new_project(tmp_path) as project:
        # the file is named after the kind, so nobody has to say what it is
        report = import_file(project, ImportRequest(path), DirectReader())
        assert report.layer.kind == "project_demand"
        (row,) = values(project, report.layer.uid)
        assert row["land_wanted_m2"] == pytest.approx(20_000.0)  # 30 x 2000/3
        assert row["land_least_m2"] == pytest.approx(15_000.0)


def test_a_plain_table_of_anything_is_still_no_layer(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["镇街", "户数"])
    sheet.append(["石岐街道", 3])
    path = tmp_path / "户数.xlsx"
    book.save(path)
    with new_project(tmp_path) as project, pytest.raises(NoShapesError):
        import_file(project, ImportRequest(path), DirectReader())


def test_quotas_are_typed_by_name_year_town_and_document(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["指标名称", "年度", "镇街", "指标数量（公顷）", "文号", "可结转年数"])
    sheet.append(["占用征收林地定额", 2026, None, 1.25, "示意〔2026〕2号", 1])
    path = tmp_path / "台账.xlsx"
    book.save(path)
    with new_project(tmp_path) as project:
        report = import_file(project, ImportRequest(path), DirectReader())
        assert report.layer.kind == "quotas"
        (row,) = values(project, report.layer.uid)
        assert (row["quota"], row["amount_ha"], row["carry_years"]) == ("占用征收林地定额", 1.25, 1)
    assert kind("quotas").field("quota").domain == QUOTAS
    assert len(set(QUOTAS)) == 5


def issues(**typed: Any) -> dict[str, str]:
    form = form_of(layer_of("project_demand"))
    return {one.field: one.text for one in judge(form, typed)}


def test_a_form_says_that_a_stage_comes_before_an_earlier_one_though_others_between_are_missing() -> None:
    told = issues(name="甲", intent_on="2026-05-01", approved_on="2026-04-30")
    assert "意向日期" in told["approved_on"]
    assert issues(name="甲", intent_on="2026-05-01", approved_on="2026-05-01") == {}


def test_a_form_says_that_less_is_wanted_than_is_of_use_and_that_areas_are_not_negative() -> None:
    assert "最低用地面积" in issues(name="甲", land_wanted_m2=100.0, land_least_m2=100.01)["land_wanted_m2"]
    assert issues(name="甲", land_wanted_m2=100.0, land_least_m2=100.0) == {}
    assert set(issues(name="甲", supplied_area_m2=-1.0)) == {"supplied_area_m2"}
    assert set(issues(name="甲", supply_way="送")) == {"supply_way"}


def test_stages_stand_in_their_order() -> None:
    assert [stage.title for stage in STAGES] == [
        "意向", "选址", "预审与选址意见书", "报批", "批准", "供应", "开工", "竣工",
    ]  # fmt: skip
    declared = kind("project_demand")
    assert declared.below("approved_on") == ("submitted_on", "opinion_on", "siting_on", "intent_on")
    for stage in STAGES:
        assert all(
            declared.has_field(name) for name in (stage.number_field, stage.date_field, stage.area_field)
        )
