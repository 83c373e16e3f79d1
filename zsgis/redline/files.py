"""A red-line check written out: a workbook, a Word document, a JSON file and the printed sheets, as one."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.redline.model import RedlineReport
from zsgis.redline.sheet import redline_sheet
from zsgis.redline.tables import report_result
from zsgis.redline.word import write_word
from zsgis.redline.workbook import write_redline_workbook
from zsgis.reports import BureauHeading, write_json
from zsgis.sheets.sheet_files import file_name

if TYPE_CHECKING:
    from zsgis.sheets.production import SheetDrawer

# of a file's name, so that the longest of a draft beside it still fits into what Linux allows
_LONGEST_BYTES = 180
_DRAWN = 0.4


def write_report(
    report: RedlineReport,
    folder: Path,
    stem: str = "",
    heading: BureauHeading | None = None,
    *,
    draw: SheetDrawer | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write a report as .xlsx, .docx and .json into a folder that exists, and return the files.

    The files of a red line appear together or not at all: after an error, or when the user stops, the folder
    is as it was.

    Parameters
    ----------
    stem : str
        The files' name without ending; that of the red line where empty.
    draw : SheetDrawer, optional
        Draws the sheets of tables and overlay map as .pdf beside the others; without it there is none.

    Raises
    ------
    InputError
        When a file cannot be written, for instance because it is open in another program.
    JobCancelled
        When the user stopped.
    """
    reporter = progress or NoProgress()
    name = stem or report_stem(report.boundary.name)
    try:
        drafts = tempfile.TemporaryDirectory(prefix=".redline-", dir=folder, ignore_cleanup_errors=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    with drafts as lent:
        made = _drafted(report, Path(lent), name, heading or BureauHeading(), draw, reporter)
        reporter.step(0.98)
        # whoever stops after this has the files, and no step may say otherwise
        _put_in_place(made, folder, Path(lent))
    return tuple(folder / path.name for path in made)


def _drafted(
    report: RedlineReport,
    folder: Path,
    name: str,
    heading: BureauHeading,
    draw: SheetDrawer | None,
    progress: Progress,
) -> list[Path]:
    progress.step(0.0)
    result = report_result(report)
    progress.step(0.05)
    made = [write_redline_workbook(result, folder / f"{name}.xlsx", heading)]
    progress.step(0.2)
    made.append(write_word(result, folder / f"{name}.docx", heading))
    progress.step(0.3)
    made.append(write_json(result, folder / f"{name}.json"))
    progress.step(_DRAWN)
    if draw is not None:
        sheet = redline_sheet(report, result, heading)
        made.append(draw(sheet, folder / f"{name}.pdf", progress=ProgressPart(progress, _DRAWN, 0.95)))
    return made


def _put_in_place(made: Sequence[Path], folder: Path, drafts: Path) -> None:
    """Move all drafts into the folder; where one cannot take its place, those before it are taken back."""
    before = drafts / "before"
    moved: list[Path] = []
    try:
        before.mkdir()
        for draft in made:
            target = folder / draft.name
            if target.exists():
                target.replace(before / draft.name)
            moved.append(target)
            draft.replace(target)
    except OSError as error:
        for target in moved:
            with suppress(OSError):
                target.unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                (before / target.name).replace(target)
        raise _unwritable(target, error) from error


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        _("The check tables cannot be written: {reason}").format(reason=error.strerror or error),
        where=str(path),
        remedy=_("Close it in other programs, or choose another folder."),
        details=str(error),
    )


def report_stem(name: str) -> str:
    """Return what the files of a red line are called, without ending."""
    words = file_name(_("{name} red-line check").format(name=name))
    return words.encode()[:_LONGEST_BYTES].decode(errors="ignore").strip()
