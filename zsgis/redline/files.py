"""A red-line check written out: a workbook, a Word document, a JSON file and a sheet for a red line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from layers.progress import NoProgress
from layers.words import _
from zsgis.redline.model import RedlineReport
from zsgis.redline.sheet import redline_sheet
from zsgis.redline.tables import report_result
from zsgis.redline.word import write_word
from zsgis.redline.workbook import write_redline_workbook
from zsgis.reports import BureauHeading, write_json
from zsgis.sheets.production import file_name

if TYPE_CHECKING:
    from zsgis.sheets.production import SheetDrawer

# of a file's name, so that the longest of a draft beside it still fits into what Linux allows
_LONGEST_BYTES = 180


def write_report(
    report: RedlineReport,
    folder: Path,
    stem: str = "",
    heading: BureauHeading | None = None,
    *,
    draw: SheetDrawer | None = None,
) -> tuple[Path, ...]:
    """Write a report as .xlsx, .docx and .json into a folder that exists, and return the files.

    Parameters
    ----------
    stem : str
        The files' name without ending; that of the red line where empty.
    draw : SheetDrawer, optional
        Draws the sheet of table and overlay map as .pdf beside the others; without it there is none.

    Raises
    ------
    InputError
        When a file cannot be written, for instance because it is open in another program.
    """
    result = report_result(report)
    name = stem or report_stem(report.boundary.name)
    written = (
        write_redline_workbook(result, folder / f"{name}.xlsx", heading),
        write_word(result, folder / f"{name}.docx", heading),
        write_json(result, folder / f"{name}.json"),
    )
    if draw is None:
        return written
    return (*written, draw(redline_sheet(report), folder / f"{name}.pdf", progress=NoProgress()))


def report_stem(name: str) -> str:
    """Return what the files of a red line are called, without ending."""
    words = file_name(_("{name} red-line check").format(name=name))
    return words.encode()[:_LONGEST_BYTES].decode(errors="ignore").strip()
