"""The report on securing land as a Word document: what stands in it, what is missing, stale or changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from layers.errors import JobCancelled, UsageError
from layers.progress import Progress
from layers.store import Project
from tests.zsgis.ledger.ledger_samples import narrow_the_factory, sample_project
from tests.zsgis.reports.securing_samples import cells, contents, instructions, issue, table_below, texts
from zsgis.reports.securing.issues import issues_of, last_issue
from zsgis.run import run_capability
from zsgis.run_records.exports import exports_of

SUMMARY = "各范围用地汇总表"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = sample_project(tmp_path / "工程.gpkg")
    run_capability(made, "stock", {"zones": "范围"})
    yield made
    made.close()


def test_figures_come_from_the_latest_run_and_name_it(project: Project, tmp_path: Path) -> None:
    run_capability(project, "stock", {"zones": "范围"})
    made = issue(project, tmp_path / "r.docx")
    rows = cells(table_below(made.path, SUMMARY))
    # 甲: the field (100 m2) and 40 of the factory; 乙: 60 of it and 50 of the laboratory; 50 are in no zone
    assert [rows[name][1] for name in ("甲", "乙", "总计")] == ["0.0140", "0.0110", "0.0300"]
    (_first, second) = project.runs()[:2]
    source = next(text for text in texts(made.path) if text.startswith("来源：运行 2"))
    assert second["uid"][:8] in source
    assert "统计范围土地总面积0.0300 公顷，其中建设用地0.0200 公顷，占66.67%" in "".join(texts(made.path))


def test_what_was_not_run_is_named_with_its_command_and_nothing_is_invented(
    project: Project, tmp_path: Path
) -> None:
    made = issue(project, tmp_path / "r.docx")
    said = [text for text in texts(made.path) if "尚未运行" in text]
    for key in ("intensity", "fragmentation", "contiguity", "demand", "supply", "allocate"):
        assert any(f"zsgis run {key} " in text for text in said), key
        assert any(f"zsgis run {key} " in finding.text for finding in made.findings), key
    assert not any("zsgis run stock " in text for text in said)
    # of the analyses only one was run: its tables are the only ones of runs
    assert {table.key for table in made.report.tables if "." in table.key} == {
        "stock.summary",
        "ledger.whole",
        "problems.missing",
    }


def test_the_structure_is_that_of_a_printed_report(project: Project, tmp_path: Path) -> None:
    path = issue(project, tmp_path / "r.docx", organisation="自然资源局").path
    document = docx.Document(str(path))
    titles = [title for title, _page in contents(path)]
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings[0] == "一、依据与口径"
    assert headings[-2:] == ["附件1　运行清单", "附件2　未计入的内容"]
    assert [title for title in titles if title in headings] == headings
    fields = list(instructions(path))
    assert fields[0].startswith("TOC ")
    captions = [f for f in fields if f.startswith("SEQ 表")]
    assert len(captions) == len(document.tables)
    # a sentence leads to its table by a field whose bookmark is there
    marks = {node.get(qn("w:name")) for node in document.element.body.iter(qn("w:bookmarkStart"))}
    leading = [f.split()[1] for f in fields if f.startswith(("REF ", "PAGEREF "))]
    assert leading
    assert set(leading) <= marks
    for table in document.tables:
        rows = list(table._tbl.iter(qn("w:tr")))
        assert len(list(rows[0].iter(qn("w:tblHeader")))) == 1
        assert all(len(list(row.iter(qn("w:cantSplit")))) == 1 for row in rows)
    directions = [str(section.orientation) for section in document.sections]
    assert [name.startswith("LANDSCAPE") for name in directions] == [False, False, True, False, True, False]
    assert "自然资源局" in texts(path)
    assert "密级：待填" in texts(path)


def test_a_changed_input_makes_figures_stale_and_names_the_feature(project: Project, tmp_path: Path) -> None:
    narrow_the_factory(project)
    made = issue(project, tmp_path / "r.docx")
    said = texts(made.path)
    notice = next(text for text in said if text.startswith("【已过时】“用地现状统计”"))
    assert "“土地利用”" in notice
    assert "2" in notice.split("“土地利用”")[1]
    assert any(text.endswith(f"{SUMMARY}（已过时）") for text in said)
    assert any(text.startswith("【已过时】统计范围土地总面积") for text in said)
    table = table_below(made.path, f"{SUMMARY}（已过时）")
    figures = [cell.paragraphs[0].runs[0] for cell in table.rows[1].cells[1:]]
    assert all(run.italic for run in figures)
    # no chart is drawn of it, and the facts at the end say what to run again
    assert not docx.Document(str(made.path)).inline_shapes
    assert any("输入已变" in text for text in said)
    assert any(finding.code == "report.stale_run" for finding in made.findings)
    assert all(figure.is_stale(0) for figure in made.report.tables if figure.key == "stock.summary")


def test_issued_again_what_changed_is_marked_and_listed(project: Project, tmp_path: Path) -> None:
    first = issue(project, tmp_path / "1.docx")
    assert (first.number, first.last, first.moved) == (1, None, ())
    assert any("首次出具" in text for text in texts(first.path))
    narrow_the_factory(project)
    run_capability(project, "stock", {"zones": "范围"})
    second = issue(project, tmp_path / "2.docx")
    moved = {each.key[1:]: each for each in second.moved if each.key[0] == "stock.summary"}
    # 50 m2 fewer in 乙 and in all; 甲 is as it was
    total = moved["总计", "total"]
    assert total.before is not None
    assert total.after is not None
    assert (total.before.words, total.after.words) == ("0.0300", "0.0250")
    assert (total.before.run, total.after.run) == ("1", "3")
    assert ("甲", "total") not in moved
    rows = {row.cells[0].text: row for row in table_below(second.path, SUMMARY).rows}
    changed, same = rows["总计"].cells[1], rows["甲"].cells[1]
    assert (changed.text, same.text) == ("0.0250↓", "0.0140")
    fills = [cell._tc.tcPr.find(qn("w:shd")) for cell in (changed, same)]
    assert fills[0].get(qn("w:fill")) == "FFF2A8"
    assert fills[1] is None
    listed = cells(table_below(second.path, "与上期不同的数字"))
    line = listed[f"{SUMMARY} · 总计 · 总计"]
    assert line[1:] == ["公顷", "0.0300", "0.0250", "-0.0050", "↓ 下降", "1 → 3"]


def test_what_was_issued_is_kept_and_registered(project: Project, tmp_path: Path) -> None:
    made = issue(project, tmp_path / "r.docx")
    (kept,) = issues_of(project)
    digest = hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert (kept.sha256, kept.file, kept.form, kept.figures) == (digest, "r.docx", "docx", made.figures)
    assert kept.who
    assert kept.issued.endswith("+00:00")
    assert set(kept.runs) == {"1"}
    last = last_issue(project, "docx")
    assert last is not None
    assert last.figures["stock.summary", "总计", "total"].words == "0.0300"
    assert last_issue(project, "xlsx") is None
    (export,) = exports_of(project, "report")
    assert [file.sha256 for file in export.files] == [digest]


def test_a_draft_and_a_project_for_reading_only_keep_nothing(project: Project, tmp_path: Path) -> None:
    assert issue(project, tmp_path / "draft.docx", draft=True).number == 0
    assert issues_of(project) == ()
    path = project.path
    project.close()
    with Project.open(path, read_only=True) as reading:
        made = issue(reading, tmp_path / "r.docx")
        assert made.number == 0
        assert [finding.code for finding in made.findings if finding.code == "report.not_kept"]


def test_the_highest_secrecy_and_schematic_data_are_said_on_title_and_every_page(
    project: Project, tmp_path: Path
) -> None:
    (land,) = project.layers_of("land_use")
    project.update_layer(land.uid, secrecy="秘密★10年", status="示意")
    run_capability(project, "stock", {"zones": "范围"})
    made = issue(project, tmp_path / "r.docx")
    assert made.report.secrecy == "秘密★10年"
    said = texts(made.path)
    assert "密级：秘密★10年" in said[:3]
    assert "示意界线" in said[:3]
    heads = [section.header.paragraphs[0].text for section in docx.Document(str(made.path)).sections]
    assert heads[0] == ""
    assert all("秘密★10年" in head and "示意界线" in head for head in heads[1:])
    assert exports_of(project, "report")[0].secrecy == "秘密★10年"


class Stopped(Progress):
    """Progress whose user stops at once or near the end."""

    def __init__(self, at: float) -> None:
        self._at = at

    def step(self, done: float, text: str = "") -> None:
        """Stop where it was asked to."""
        if done >= self._at:
            raise JobCancelled


@pytest.mark.parametrize("at", [0.0, 0.5, 0.85])
def test_a_stopped_report_leaves_nothing(project: Project, tmp_path: Path, at: float) -> None:
    from zsgis.reports.securing.making import ReportOrder, make_report

    with pytest.raises(JobCancelled):
        make_report(project, ReportOrder(tmp_path / "r.docx"), Stopped(at))
    assert list(tmp_path.glob("*.docx*")) == []
    assert issues_of(project) == ()


def test_an_ending_that_is_none_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.pdf"):
        issue(project, tmp_path / "r.pdf")
