"""The report on securing land as a workbook, on the command line, and in LibreOffice."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from typer.testing import CliRunner

from layers.store import Project
from tests.zsgis.ledger.ledger_samples import narrow_the_factory, sample_project
from tests.zsgis.reports.securing_samples import contents, issue
from tests.zsgis.stock_samples import project_with, three_parcels, two_zones
from zsgis.commands.report_command import add_report_command
from zsgis.run import run_capability

ZONES = {"zones": "范围"}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = sample_project(tmp_path / "工程.gpkg")
    run_capability(made, "stock", ZONES)
    yield made
    made.close()


def sheet_with(path: Path, title: str) -> Any:
    """Return the sheet whose table is called so."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_row=6, max_col=1):
            if str(row[0].value or "").endswith(title):
                return sheet
    raise AssertionError(title)


def row_of(sheet: Any, name: str) -> tuple[Any, ...]:
    """Return the row of a sheet that begins with a name."""
    return next(row for row in sheet.iter_rows() if row[0].value == name)


def test_values_are_numbers_as_printed_each_row_with_its_run(project: Project, tmp_path: Path) -> None:
    made = issue(project, tmp_path / "r.xlsx")
    sheet = sheet_with(made.path, "各范围用地汇总表")
    total = row_of(sheet, "总计")
    # 300 m2, of them factory and laboratory
    assert [total[1].value, total[2].value] == [0.03, 0.02]
    assert total[1].number_format == "#,##0.0000"
    heads = [cell.value for cell in row_of(sheet, "范围名称")]
    assert heads[-2:] == ["运行", "状态"]
    assert [total[-2].value, total[-1].value] == ["1", "现行有效"]
    assert sheet.freeze_panes == f"B{row_of(sheet, '范围名称')[0].row + 1}"
    assert sheet.print_title_rows
    assert sheet.page_setup.fitToWidth == 1
    book = openpyxl.load_workbook(made.path)
    assert [name.rstrip(" 0123456789") for name in book.sheetnames][:2] == ["封面", "依据与口径"]
    assert {"台账", "附件"} & {name[:2] for name in book.sheetnames}


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    zones = {**two_zones(), "name": ["=1+1", '=HYPERLINK("x")']}
    with project_with(tmp_path / "工程.gpkg", three_parcels(), zones) as made:
        run_capability(made, "stock", ZONES)
        path = issue(made, tmp_path / "r.xlsx").path
    book = openpyxl.load_workbook(path)
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert row_of(sheet_with(path, "各范围用地汇总表"), "=1+1")[0].data_type == "s"


def test_what_changed_or_is_stale_is_seen(project: Project, tmp_path: Path) -> None:
    issue(project, tmp_path / "1.xlsx")
    narrow_the_factory(project)
    stale = row_of(sheet_with(issue(project, tmp_path / "2.xlsx").path, "各范围用地汇总表"), "总计")
    assert stale[-1].value == "已过时"
    assert stale[1].font.italic
    run_capability(project, "stock", ZONES)
    total = row_of(sheet_with(issue(project, tmp_path / "3.xlsx").path, "各范围用地汇总表"), "总计")
    # 250 m2 remain; the cell stays a number and prints with its sign
    assert (total[1].value, total[1].number_format) == (0.025, '#,##0.0000"↓"')
    assert total[1].fill.fgColor.rgb.endswith("FFF2A8")
    listed = sheet_with(tmp_path / "3.xlsx", "与上期不同的数字")
    line = row_of(listed, "各范围用地汇总表 · 总计 · 总计")
    assert [cell.value for cell in line[1:5]] == ["公顷", 0.03, 0.025, -0.005]


def command() -> typer.Typer:
    """Return a command line with this command and one more, so that it has a name."""
    app = typer.Typer()
    add_report_command(app)
    app.command("other")(lambda: None)
    return app


def test_the_command_says_what_was_written_and_what_is_to_be_known(project: Project, tmp_path: Path) -> None:
    path = project.path
    project.close()
    out = tmp_path / "r.docx"
    done = CliRunner().invoke(command(), ["report", str(path), str(out), "--json"])
    document = json.loads(done.stdout)
    # analyses that were never run are findings
    assert done.exit_code == 1
    assert document["written"] == [str(out)]
    assert (document["issue"], document["last_issue"], document["changed"]) == (1, None, [])
    again = CliRunner().invoke(command(), ["report", str(path), str(out), "--draft"])
    assert "第 1 次" in again.stdout
    wrong = CliRunner().invoke(command(), ["report", str(path), str(tmp_path / "r.odt")])
    assert wrong.exit_code == 2
    bad = CliRunner().invoke(
        command(), ["report", str(path), str(out), "--template", str(tmp_path / "x.toml")]
    )
    assert bad.exit_code == 3


@pytest.mark.peer
def test_the_contents_list_is_right_in_libreoffice(
    project: Project, tmp_path: Path, libreoffice: Path
) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("peer missing: pdftotext (make peers)")
    run_capability(project, "fragmentation", ZONES)
    run_capability(project, "contiguity", ZONES)
    path = issue(project, tmp_path / "r.docx").path
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = [str(libreoffice), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(path)], check=True, capture_output=True, timeout=180)
    text = subprocess.run(
        [program, "-layout", str(path.with_suffix(".pdf")), "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = [{tidy(line) for line in page.splitlines()} for page in text.split("\f")]
    # title page and contents list come before page 1
    printed = {
        title: next(n for n, page in enumerate(pages[2:], 1) if tidy(title) in page)
        for title, _n in contents(path)
    }
    assert dict(contents(path)) == printed
    assert "错误" not in text
    assert "Error" not in text


def tidy(text: str) -> str:
    """Return a line without white space, of which a PDF has its own."""
    return re.sub(r"\s", "", text)
