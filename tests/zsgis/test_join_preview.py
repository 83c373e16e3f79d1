"""What a join would do is told row by row before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layers.errors import UsageError
from layers.formats.direct import DirectReader
from layers.progress import NoProgress
from layers.store import Project
from tests.layers.formats.tables_samples import workbook
from tests.layers.store_samples import add_parcels, new_project
from zsgis.joining.joining import join_table
from zsgis.joining.preview import JoinPreview, preview_join, proposed_keys
from zsgis.joining.request import OnConflict, TableJoin

LAYER = "土地利用现状图斑"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with new_project(tmp_path) as opened:
        add_parcels(opened, 3)
        yield opened


def wanted(project: Project, rows: list[list[Any]], **said: Any) -> TableJoin:
    path = workbook(project.path.parent / "表.xlsx", {"表": rows})
    said.setdefault("keys", {"name": "名称"})
    return TableJoin(LAYER, path, **said)


def preview(project: Project, join: TableJoin) -> JoinPreview:
    return preview_join(project, join, DirectReader(), NoProgress())


def test_each_row_is_told_and_nothing_is_written(project: Project) -> None:
    rows = [
        ["名称", "class_code", "价款"],
        ["图斑1", "0802", 1],
        [" 图斑 2", "1003", 2],
        ["图斑22", "0802", 3],
        ["图斑3", "0802", 4],
        ["图斑3", "0802", 5],
    ]
    before = (project.content_hash(project.layer(LAYER).uid), len(project.journal()))
    found = preview(project, wanted(project, rows))
    assert [(feature, how) for _row, feature, how in found.matched] == [
        ("图斑1", "值相同"),
        ("图斑2", "名称相同"),
    ]
    ((row, _likely),) = found.unmatched
    assert "图斑22" in row
    ((doubled, feature),) = found.unclear
    assert feature == "图斑3"
    assert doubled.count("图斑3") == 2
    assert [line[2:] for line in found.differing] == [("0802", "1003")]
    assert (project.content_hash(project.layer(LAYER).uid), len(project.journal())) == before


def test_what_speaks_against_writing_is_what_the_writing_refuses(project: Project) -> None:
    join = wanted(project, [["名称", "class_code"], ["图斑1", "1003"], ["图斑3", "0802"], ["图斑3", "0802"]])
    found = preview(project, join)
    assert found.problem(leave_out=False, on_conflict=OnConflict.KEEP)
    assert found.problem(leave_out=True, on_conflict=OnConflict.REFUSE)
    assert found.problem(leave_out=True, on_conflict=OnConflict.KEEP) == ""
    kept = TableJoin(LAYER, join.path, keys=join.keys, on_conflict=OnConflict.KEEP, leave_out=True)
    report = join_table(project, kept, DirectReader(), NoProgress())
    assert len(report.plan.matches) == len(found.matched) == 1


def test_a_table_that_fits_nothing_is_not_joined(project: Project) -> None:
    found = preview(project, wanted(project, [["名称", "价款"], ["别处", 1]]))
    assert found.matched == ()
    assert found.problem(leave_out=True, on_conflict=OnConflict.REPLACE)


def test_a_join_needs_a_key_or_a_place(project: Project) -> None:
    with pytest.raises(UsageError):
        preview(project, wanted(project, [["名称", "价款"], ["图斑1", 1]], keys={}))


@pytest.mark.parametrize(
    ("columns", "keys"),
    [
        (("图斑编号", "价款"), {"name": "图斑编号"}),
        (("TBBH", "价款"), {"name": "TBBH"}),
        (("name",), {"name": "name"}),
        (("地类编码", "价款"), {}),
        ((), {}),
    ],
)
def test_keys_are_proposed_by_the_names_of_columns(
    project: Project, columns: tuple[str, ...], keys: dict[str, str]
) -> None:
    assert proposed_keys(project.layer(LAYER), columns) == keys
