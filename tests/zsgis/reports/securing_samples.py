"""A report on securing land of a small project, and its Word file read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from layers.locations import resource_path
from layers.store import Project
from zsgis.reports.securing.making import MadeReport, ReportOrder, make_report


def issue(project: Project, path: Path, **order: Any) -> MadeReport:
    """Write a report."""
    return make_report(project, ReportOrder(path, **order))


def texts(path: Path) -> list[str]:
    """Return every paragraph of a Word file, those in tables too, fields by their results."""
    body = docx.Document(str(path)).element.body
    return ["".join(node.text or "" for node in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]


def table_below(path: Path, caption: str) -> Any:
    """Return the table whose caption ends so, as python-docx has it."""
    document = docx.Document(str(path))
    met = False
    for node in document.element.body:
        if node.tag == qn("w:p"):
            text = "".join(part.text or "" for part in node.iter(qn("w:t")))
            met = met or text.endswith(caption)
        elif node.tag == qn("w:tbl") and met:
            return next(table for table in document.tables if table._tbl is node)
    raise AssertionError(caption)


def cells(table: Any) -> dict[str, list[str]]:
    """Return a table's rows by their first cell."""
    return {row.cells[0].text: [cell.text for cell in row.cells] for row in table.rows}


def contents(path: Path) -> list[tuple[str, int]]:
    """Return the contents list: title and page of each line."""
    found = []
    for paragraph in docx.Document(str(path)).paragraphs:
        if paragraph.style is not None and (paragraph.style.name or "").casefold().startswith("toc"):
            title, page = paragraph.text.split("\t")
            found.append((title, int(page)))
    return found


def instructions(path: Path) -> Iterator[str]:
    """Yield what the fields of a Word file are."""
    for node in docx.Document(str(path)).element.body.iter(qn("w:instrText")):
        yield str(node.text).strip()


def own_template(folder: Path, **replaced: str) -> Path:
    """Return a bureau's own copy of the template, lines that begin so put in place of others."""
    text = resource_path("reports", "land_securing.toml").read_text(encoding="utf-8")
    for key, line in replaced.items():
        text, count = re.subn(rf"(?m)^{key} = .*$", line, text, count=1)
        assert count == 1, key
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path
