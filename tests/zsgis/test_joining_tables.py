"""A table joined to a layer of a project: written at once or not at all, and written down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from layers.errors import InputError, JobCancelled, UsageError
from layers.formats.isolated import IsolatedReader
from layers.formats.secrecy_mark import mark_of, write_beside
from layers.progress import NoProgress
from layers.store import Project
from tests.layers.formats.tables_samples import workbook
from tests.layers.store_samples import CRS, X, Y, add_parcels, new_project
from zsgis.commands.join_command import add_join_command
from zsgis.joining.joining import join_table
from zsgis.joining.report import JoinReport
from zsgis.joining.request import OnConflict, TableJoin

LAYER = "土地利用现状图斑"


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader() as found:
        yield found


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with new_project(tmp_path) as opened:
        add_parcels(opened, 3)
        yield opened


def join(
    project: Project, reader: IsolatedReader, rows: list[list[Any]], progress: Any = None, **said: Any
) -> JoinReport:
    path = workbook(project.path.parent / "表.xlsx", {"表": rows})
    said.setdefault("keys", {"name": "名称"})
    return join_table(project, TableJoin(LAYER, path, **said), reader, progress or NoProgress())


def values(project: Project, name: str) -> list[Any]:
    frame = project.read(LAYER)
    return [None if gone else value for value, gone in zip(frame[name], frame[name].isna(), strict=True)]


def fingerprint(project: Project) -> tuple[str, int]:
    info = project.layer(LAYER)
    return project.content_hash(info.uid), len(project.journal())


def test_new_columns_come_with_title_unit_and_type(project: Project, reader: IsolatedReader) -> None:
    before = project.layer(LAYER)
    rows = [["名称", "供地编号", "供地面积（亩）"], ["图斑3", "0012", 1.5], [" 图斑 1", "0013", 2]]
    report = join(project, reader, rows)
    info = project.layer(LAYER)
    assert values(project, "供地编号") == ["0013", None, "0012"]
    assert values(project, "供地面积") == [2.0, None, 1.5]
    assert next(field.unit for field in info.fields if field.name == "供地面积") == "mu"
    assert info.version == before.version + 1
    assert report.new_fields == ("供地编号", "供地面积")
    assert [code for code in (finding.code for finding in report.findings) if code == "join.untouched"]
    (entry,) = (one for one in project.journal() if one["action"] == "write_columns")
    assert entry["after"]["file"] == "表.xlsx"
    assert entry["before"]["without"] == ["供地编号", "供地面积"]
    document = json.loads(json.dumps(report.document()))
    assert document["matched_by"] == {"code": 1, "name": 1}
    assert len(document["features_without_row"]) == 1


def test_values_that_differ_are_refused_kept_or_replaced(project: Project, reader: IsolatedReader) -> None:
    rows = [["名称", "class_code"], ["图斑1", "0802"], ["图斑2", "1003"]]
    before = fingerprint(project)
    with pytest.raises(InputError) as error:
        join(project, reader, rows)
    assert "1003" in error.value.where
    assert fingerprint(project) == before
    kept = join(project, reader, rows, on_conflict=OnConflict.KEEP)
    assert values(project, "class_code") == ["0802"] * 3
    assert len(kept.joined.conflicts) == 1
    join(project, reader, rows, on_conflict=OnConflict.REPLACE)
    assert values(project, "class_code") == ["0802", "1003", "0802"]
    uid = str(project.read(LAYER).index[1])
    was, now = project.history(project.layer(LAYER).uid, uid)
    assert [one.state and one.state.values["class_code"] for one in (was, now)] == ["0802", "1003"]
    project.undo()
    assert values(project, "class_code") == ["0802"] * 3


def test_one_row_for_several_features_is_refused_with_the_list(
    project: Project, reader: IsolatedReader
) -> None:
    rows = [["地类", "说明"], ["0802", "科研用地"]]
    before = fingerprint(project)
    with pytest.raises(InputError) as error:
        join(project, reader, rows, keys={"class_code": "地类"})
    assert "0802" in error.value.where
    assert fingerprint(project) == before
    twice = [["名称", "说明"], ["图斑1", "甲"], ["图斑1", "乙"], ["图斑2", "丙"]]
    with pytest.raises(InputError):
        join(project, reader, twice)
    assert fingerprint(project) == before
    report = join(project, reader, twice, leave_out=True)
    assert values(project, "说明") == [None, "丙", None]
    assert report.document()["doubled"][0]["rows"] == [1, 2]
    assert "join.doubled" in {finding.code for finding in report.findings}


def test_other_units_become_a_column_of_their_own(project: Project, reader: IsolatedReader) -> None:
    info = project.layer(LAYER)
    area = next(field for field in info.fields if field.name == "survey_area_m2")
    assert area.unit == "m2"
    report = join(project, reader, [["名称", f"{area.alias}（亩）"], ["图斑1", 15.0]])
    assert values(project, "survey_area_m2") == [10000.0, 10001.0, 10002.0]
    assert report.fields[area.alias] != "survey_area_m2"
    assert "join.new_field" in {finding.code for finding in report.findings}


def test_rows_find_their_features_by_place(project: Project, reader: IsolatedReader) -> None:
    rows = [["编号", "横坐标", "纵坐标"], ["a", X + 150, Y + 50], ["b", X + 50, Y - 3], ["c", X, Y - 50]]
    report = join(project, reader, rows, keys={}, by_place=True, distance=5.0, columns=("编号",))
    assert values(project, "编号") == ["b", "a", None]
    assert report.plan.unmatched == (2,)
    (assumed,) = (finding for finding in report.findings if finding.code == "join.crs_assumed")
    assert CRS.name in assumed.text


def test_coordinates_in_another_system_are_brought_over(project: Project, reader: IsolatedReader) -> None:
    import pyproj

    lon, lat = pyproj.Transformer.from_crs(CRS, 4490, always_xy=True).transform(X + 150, Y + 50)
    rows = [["编号", "经度", "纬度"], ["a", lon, lat]]
    report = join(project, reader, rows, keys={}, by_place=True, crs="4490", columns=("编号",))
    assert "join.crs_assumed" not in {finding.code for finding in report.findings}
    assert values(project, "编号") == [None, "a", None]


def test_what_cannot_be_joined_is_said(project: Project, reader: IsolatedReader) -> None:
    rows = [["名称", "值"], ["图斑1", 1]]
    before = fingerprint(project)
    with pytest.raises(UsageError):
        join(project, reader, rows, keys={})
    for said in (
        {"keys": {"没有": "名称"}},
        {"keys": {"name": "没有"}},
        {"columns": ("没有",)},
        {"keys": {}, "by_place": True},
    ):
        with pytest.raises(InputError):
            join(project, reader, rows, **said)
    assert fingerprint(project) == before


def test_a_join_that_is_stopped_leaves_the_project_as_it_was(
    project: Project, reader: IsolatedReader
) -> None:
    class StopsLate:
        def step(self, done: float, _text: str = "") -> None:
            if done > 0.8:
                raise JobCancelled

    before = fingerprint(project)
    with pytest.raises(JobCancelled):
        join(project, reader, [["名称", "甲", "乙"], ["图斑1", 1, 2]], StopsLate())
    assert fingerprint(project) == before
    assert "甲" not in project.read(LAYER).columns


def test_the_command_prints_what_it_did(project: Project) -> None:
    path = workbook(
        project.path.parent / "表.xlsx", {"表": [["名称", "备"], ["图斑1", "甲"], ["东区", "乙"]]}
    )
    location = project.path
    project.close()
    app = typer.Typer()
    add_join_command(app)
    app.callback()(lambda: None)
    arguments = ["join", str(location), LAYER, str(path), "--by", "name=名称", "--json"]
    answer = CliRunner().invoke(app, arguments)
    # a row that fits nothing is a finding: exit code 1
    assert answer.exit_code == 1
    document = json.loads(answer.stdout)
    assert document["matched"] == 1
    assert document["unmatched_rows"] == [2]
    assert "join.unmatched" in {finding["code"] for finding in document["findings"]}
    wrong = CliRunner().invoke(app, [*arguments, "--on-conflict", "perhaps"])
    assert wrong.exit_code == 2


def test_a_marked_table_marks_the_layer_it_is_joined_to(project: Project, reader: IsolatedReader) -> None:
    join(project, reader, [["名称", "备"], ["图斑1", "甲"]])
    assert project.layer(LAYER).secrecy == ""
    path = project.path.parent / "内部.csv"
    path.write_text("名称,价\n图斑2,3\n", encoding="utf-8-sig")
    write_beside(path, mark_of("内部★10年"))
    report = join_table(project, TableJoin(LAYER, path, keys={"name": "名称"}), reader, NoProgress())
    assert project.layer(LAYER).secrecy == "内部★10年"
    assert "join.secrecy" in {finding.code for finding in report.findings}
    # once it is marked there is nothing to say any more
    again = TableJoin(LAYER, path, keys={"name": "名称"}, on_conflict=OnConflict.REPLACE)
    report = join_table(project, again, reader, NoProgress())
    assert "join.secrecy" not in {finding.code for finding in report.findings}
