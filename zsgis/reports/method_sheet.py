"""The sheet that lets a table be defended: method, inputs, rules, findings, and what was forced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from layers.kinds import KINDS
from layers.words import _
from zsgis.reports.cells import BOLD_FONT, BORDER, HEAD_FILL, LEFT, TITLE_FONT, put
from zsgis.reports.record_words import (
    fact_lines,
    parameter_lines,
    role_words,
    rule_lines,
    standard_and_basis,
    table_words,
)
from zsgis.result import Result

_WIDTHS = (26, 44, 18, 18, 18, 24, 70, 26)


def fill_method_sheet(sheet: Worksheet, result: Result) -> None:
    """Write method, inputs with their fingerprints, rule versions, findings and the forced figures."""
    title = put(sheet, 1, 1, _("Method and basis"))
    title.font = TITLE_FONT
    row = _section(sheet, 2, _("Method"), (), ((line,) for line in result.run.method))
    row = _section(sheet, row, _("Run"), (), _run_lines(result))
    row = _section(
        sheet,
        row,
        _("Inputs"),
        (
            _("Role"),
            _("Layer"),
            _("Kind"),
            _("Features"),
            _("Version"),
            _("Coordinate system"),
            "SHA-256",
            _("Standard and area basis"),
        ),
        _input_lines(result),
    )
    row = _section(sheet, row, _("Rules"), (), rule_lines(result.run))
    findings = ((finding.severity.words, finding.text, finding.code) for finding in result.findings)
    row = _section(sheet, row, _("Findings"), (_("Weight"), _("Finding"), _("Code")), findings)
    row = _section(sheet, row, _("Balance"), (), fact_lines(result))
    forced = (
        (table_words(result, a.table), a.item, a.unit, a.before, a.after, round(a.after - a.before, 6))
        for a in result.adjustments
    )
    heads = (_("Table"), _("Figure"), _("Unit"), _("Before"), _("After"), _("Difference"))
    _section(sheet, row, _("Forced balance: who got what"), heads, forced)
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGH"[number]].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _section(
    sheet: Worksheet, row: int, title: str, heads: Sequence[str], lines: Iterable[Sequence[Any]]
) -> int:
    """Write a titled block of lines; return the next free row."""
    put(sheet, row + 1, 1, title).font = BOLD_FONT
    row += 2
    for number, head in enumerate(heads, start=1):
        cell = put(sheet, row, number, head)
        cell.font, cell.fill, cell.border = BOLD_FONT, HEAD_FILL, BORDER
    row += bool(heads)
    for line in lines:
        for number, value in enumerate(line, start=1):
            cell = put(sheet, row, number, value)
            if heads:
                cell.border, cell.alignment = BORDER, LEFT
        row += 1
    return row


def _run_lines(result: Result) -> Iterable[tuple[str, Any]]:
    run = result.run
    yield _("Run"), run.uid
    yield _("Analysis"), result.title
    yield _("Started"), run.started
    yield _("Duration (s)"), run.seconds
    yield _("Program version"), run.program_version
    yield from parameter_lines(run)


def _input_lines(result: Result) -> Iterable[tuple[Any, ...]]:
    for item in result.run.inputs:
        yield (
            role_words(item),
            item.name,
            _(KINDS[item.kind].title) if item.kind in KINDS else role_words(item),
            item.feature_count,
            item.version,
            item.crs,
            item.sha256,
            standard_and_basis(item),
        )
