"""``zsgis merge``: what it prints, writes and answers with its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from benchmarks.merge_histories import uid_of
from layers.store import Project
from tests.flows.command import zsgis
from tests.zsgis.merging.scenes import MINE, two_people


def test_undecided_conflicts_are_listed_and_nothing_is_written(tmp_path: Path) -> None:
    files, _layer = two_people(tmp_path)
    out = tmp_path / "out.gpkg"
    ended = zsgis("merge", files.base, files.mine, files.theirs, "-o", out, "--json")
    told = ended.document
    assert ended.code == 3
    assert not out.exists()
    assert (told["merged"], told["conflicts"], len(told["undecided"])) == (3, 5, 5)
    questions = [question for one in told["undecided"] for question in one["questions"]]
    assert {"name", "geometry"} == {question["field"] for question in questions}


def test_decided_conflicts_are_merged_and_listed(tmp_path: Path) -> None:
    files, layer = two_people(tmp_path)
    decide, out, report = (tmp_path / name for name in ("decide.json", "out.gpkg", "list.xlsx"))
    key = f"{layer.uid}/{uid_of(0)}/name"
    answers = {key: {"value": "科学城"}, "*": {"side": "theirs"}}
    decide.write_text(json.dumps({"decisions": answers}, ensure_ascii=False), encoding="utf-8")
    ended = zsgis(
        *("merge", files.base, files.mine, files.theirs, "-o", out),
        *("--decide", decide, "--report", report, "--json"),
    )
    assert (ended.code, ended.document["undecided"]) == (0, [])
    with Project.open(out, read_only=True) as merged:
        states = {one.zs_uid: one for one in merged.states(layer.uid)}
    assert states[uid_of(0)].values["name"] == "科学城"
    assert states[uid_of(8)].values["name"] == "已核实"
    assert states[uid_of(10)].values["line_width_m"] == 400.5
    history = zsgis("history", out, "图斑", uid_of(10), "--json").document
    assert [one["who"] for one in history["in_copies"]] == [MINE.name]
    book = openpyxl.load_workbook(report)
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=3)]
    # one name, three shapes that hang together, two pieces, one deletion, two new ones
    assert len(rows) == 1 + 3 + 2 + 1 + 2
    assert [row[8] for row in rows if row[2] == uid_of(0)] == ["科学城"]
    assert len(list(book.worksheets[1].iter_rows(min_row=3))) == 3


@pytest.mark.parametrize(
    "text", ["", "[]", '{"decisions": {"*": {"side": "ours"}}}', '{"decisions": {"*": 1}, "more": 2}']
)
def test_a_file_of_decisions_that_is_none(tmp_path: Path, text: str) -> None:
    files, _layer = two_people(tmp_path)
    decide = tmp_path / "decide.json"
    decide.write_text(text, encoding="utf-8")
    ended = zsgis(
        *("merge", files.base, files.mine, files.theirs, "-o", tmp_path / "out.gpkg"),
        *("--decide", decide, "--json"),
    )
    assert ended.code == 3
    assert ended.document["error"]["where"] == str(decide)
