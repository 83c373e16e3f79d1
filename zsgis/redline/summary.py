"""The list of many red lines: what each came to, what was not checked, which file was refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.formats.tables.sheet_text import sheet_name
from layers.whole_file import whole_file
from layers.words import _
from zsgis.analysis.layers_used import unsigned_record
from zsgis.redline.rules import RedlineRules
from zsgis.redline.workbook import tidy
from zsgis.reports.heading import BureauHeading
from zsgis.reports.table_sheet import fill_table_sheet
from zsgis.result import Column, Result, Row, Table

if TYPE_CHECKING:
    from zsgis.redline.folder import RedlineAccount

_BETWEEN = "、"


def summary_table(accounts: Sequence[RedlineAccount], rules: RedlineRules, *, stopped: bool = False) -> Table:
    """Return the list as a table, a row for each red line and for each file that was refused."""
    columns = (
        Column("number", _("Serial number")),
        Column("file", _("File")),
        Column("name", _("Red line")),
        Column("fate", _("State")),
        Column("planar", _("Planar area"), _("m²"), 2),
        Column("ellipsoidal", _("Ellipsoidal area"), _("m²"), 2),
        Column("outcome", _("Conclusion")),
        Column("forbidden", _("Occupied, forbidden")),
        Column("warned", _("To be verified")),
        Column("not_checked", _("Not checked"), "", 0),
        Column("text", _("Remarks")),
        Column("written", _("Written files")),
    )
    rows = [
        Row(
            {
                "number": str(number),
                "file": each.file,
                "name": each.name,
                "fate": each.fate.words,
                "planar": each.planar_m2,
                "ellipsoidal": each.ellipsoidal_m2,
                "outcome": each.outcome.words if each.outcome is not None else "",
                "forbidden": _BETWEEN.join(each.forbidden),
                "warned": _BETWEEN.join(each.warned),
                "not_checked": len(each.not_checked) if each.outcome is not None else None,
                "text": each.text,
                "written": each.written[0].stem if each.written else "",
            }
        )
        for number, each in enumerate(accounts, start=1)
    ]
    notes = [
        _("Rules: {title} {version} ({status}).").format(
            title=rules.title, version=rules.version, status=rules.status
        )
    ]
    if stopped:
        notes.append(_("The check was stopped by the user; the files that follow were not looked at."))
    return Table("redline_summary", _("List of red-line checks"), columns, tuple(rows), tuple(notes))


def write_summary(
    accounts: Sequence[RedlineAccount], folder: Path, rules: RedlineRules, *, stopped: bool = False
) -> Path:
    """Write the list as a workbook into a folder, and return its path.

    Raises
    ------
    InputError
        When it cannot be written, for instance because it is open in another program.
    """
    from openpyxl import Workbook

    table = summary_table(accounts, rules, stopped=stopped)
    result = Result("redline", table.title, (table,), (), (), unsigned_record((), (), {}))
    book = Workbook()
    sheet: Any = book.active
    sheet.title = sheet_name(table.title, set())
    fill_table_sheet(sheet, table, result, BureauHeading())
    tidy(sheet, table)
    path = folder / f"{table.title}.xlsx"
    with whole_file(path, _("The workbook cannot be written.")) as draft:
        book.save(draft)
    return path
