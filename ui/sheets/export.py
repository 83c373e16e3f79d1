"""Writes a sheet: PDF as vectors, PNG and JPG at a stated resolution; complete or not at all."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from PyQt6.QtCore import QMarginsF, QSizeF, Qt
from PyQt6.QtGui import QGuiApplication, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from layers.errors import InputError, UsageError
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from ui.sheets.page import draw_page
from ui.sheets.paper import UNITS_PER_INCH
from ui.sheets.pdf_finish import finish_pdf
from ui.sheets.pdf_slices import PageSlices, Slice
from zsgis.sheets.layout import SheetLayout, SheetPage
from zsgis.sheets.production import require_sheet_file

CREATOR = "zsgis"
_MM_PER_INCH = 25.4
_MOST_PIXELS = 400_000_000
_JPG_QUALITY = 92


def export_sheet(layout: SheetLayout, out: Path, *, dpi: int = 300, progress: Progress | None = None) -> Path:
    """Write a sheet to a file.

    Parameters
    ----------
    layout : SheetLayout
    out : Path
        Ends in ``.pdf``, ``.png`` or ``.jpg``. A picture holds one page; further pages go to files beside it,
        ``name-2.png`` and so on.
    dpi : int
        Pixels per inch of a picture; recorded in the file.

    Returns
    -------
    Path
        The file written (of several, the first).

    Raises
    ------
    UsageError
        For another ending, or a resolution that cannot be drawn.
    InputError
        When the file cannot be written; nothing is left behind then.
    """
    require_sheet_file(out)
    ensure_application()
    reporter = progress or NoProgress()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".sheet-", dir=out.parent) as folder:
            if out.suffix.lower() == ".pdf":
                drafts = [_write_pdf(layout, Path(folder, out.name), reporter)]
            else:
                drafts = _write_pictures(layout, Path(folder, out.name), dpi, reporter)
            for draft in drafts:
                draft.replace(out.parent / draft.name)
    except OSError as error:
        raise InputError(
            _("The sheet cannot be written."),
            where=str(out),
            remedy=_("Check the folder, free space, and whether the file is open elsewhere."),
            details=str(error),
        ) from error
    reporter.step(1.0)
    return out


@lru_cache(maxsize=1)
def _own_application() -> QGuiApplication:
    # Fonts live as long as the application: it must outlast the sheet it was made for. No screen is needed.
    return QGuiApplication(["zsgis", "-platform", "offscreen"])


def ensure_application() -> None:
    """Start Qt's drawing, without a screen, where no window has started it."""
    if QGuiApplication.instance() is None:
        _own_application()


def _write_pdf(layout: SheetLayout, path: Path, progress: Progress) -> Path:
    writer = QPdfWriter(str(path))
    writer.setPdfVersion(QPdfWriter.PdfVersion.PdfVersion_1_6)
    writer.setResolution(UNITS_PER_INCH)
    writer.setTitle(layout.title)
    writer.setCreator(CREATOR)
    painter = QPainter()
    parts: list[list[Slice]] = []
    try:
        for number, page in enumerate(layout.pages):
            _set_page(writer, page)
            if not (writer.newPage() if number else painter.begin(writer)):
                raise OSError(str(path))
            slices = PageSlices(writer)
            draw_page(painter, page, _part(progress, number, len(layout.pages)), slices)
            parts.append(slices.slices)
    finally:
        # A painter that outlives its file crashes: it ends here, whatever happened.
        whole = painter.end()
    if not whole:
        raise OSError(str(path))
    finish_pdf(
        path, title=layout.title, subject=layout.subject, creator=CREATOR, sheets=layout.pages, parts=parts
    )
    return path


def _set_page(writer: QPdfWriter, page: SheetPage) -> None:
    size = QPageSize(
        QSizeF(page.width_mm, page.height_mm),
        QPageSize.Unit.Millimeter,
        "",
        QPageSize.SizeMatchPolicy.ExactMatch,
    )
    portrait = QPageLayout.Orientation.Portrait  # the size already has its longer side across
    writer.setPageLayout(QPageLayout(size, portrait, QMarginsF(0, 0, 0, 0)))


def _part(progress: Progress, number: int, count: int) -> Progress:
    return ProgressPart(progress, 0.95 * number / count, 0.95 * (number + 1) / count)


def _write_pictures(layout: SheetLayout, path: Path, dpi: int, progress: Progress) -> list[Path]:
    written = []
    for number, page in enumerate(layout.pages):
        name = path.name if number == 0 else f"{path.stem}-{number + 1}{path.suffix}"
        image = draw_picture(page, dpi, _part(progress, number, len(layout.pages)))
        image.setText("Title", layout.title)
        image.setText("Software", CREATOR)
        target = path.with_name(name)
        if not image.save(str(target), quality=_JPG_QUALITY if path.suffix.lower() != ".png" else -1):
            raise OSError(str(target))
        written.append(target)
    return written


def draw_picture(page: SheetPage, dpi: int, progress: Progress | None = None) -> QImage:
    """Return a page as an image; needs a QGuiApplication.

    Raises
    ------
    UsageError
        When the resolution is not between 30 and 1200, or the picture would be too large to hold.
    """
    width = round(page.width_mm / _MM_PER_INCH * dpi)
    height = round(page.height_mm / _MM_PER_INCH * dpi)
    if not 30 <= dpi <= 1200 or width * height > _MOST_PIXELS:
        raise UsageError(
            _("A picture of {width} × {height} pixels is not possible.").format(width=width, height=height),
            remedy=_("Choose a resolution between 30 and 1200, or write a PDF."),
        )
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    image.setDotsPerMeterX(round(dpi / _MM_PER_INCH * 1000))
    image.setDotsPerMeterY(round(dpi / _MM_PER_INCH * 1000))
    painter = QPainter(image)
    try:
        painter.scale(dpi / UNITS_PER_INCH, dpi / UNITS_PER_INCH)
        draw_page(painter, page, progress or NoProgress())
    finally:
        painter.end()
    return image
