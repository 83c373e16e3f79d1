"""Writes a sheet: PDF as vectors, pictures at a stated resolution; complete or not at all."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

import pikepdf
from PyQt6.QtCore import QMarginsF, QSizeF
from PyQt6.QtGui import QGuiApplication, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from layers.errors import InputError, UsageError
from layers.formats.picture_strips import PictureSize
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from ui.sheets.page import draw_page
from ui.sheets.paper import UNITS_PER_INCH
from ui.sheets.pdf_finish import finish_pdf
from ui.sheets.pdf_slices import PageSlices, Slice
from ui.sheets.strips import draw_rows, picture_size, write_strips
from zsgis.sheets.layout import SheetLayout, SheetPage
from zsgis.sheets.sheet_files import require_sheet_file

CREATOR = "zsgis"
# as many as GDAL's JPEG takes across, and what a disk still holds in between
_MOST_PIXELS = 2_000_000_000
# a picture up to here is drawn at once: an A3 sheet at 600 dpi has 70 million pixels
_WHOLE_PIXELS = 100_000_000
_JPG_QUALITY = 92


def export_sheet(layout: SheetLayout, out: Path, *, dpi: int = 300, progress: Progress | None = None) -> Path:
    """Write a sheet to a file.

    Parameters
    ----------
    layout : SheetLayout
    out : Path
        Ends in ``.pdf``, ``.svg``, ``.png``, ``.jpg`` or ``.tif`` (a GeoTIFF where one map places it). All
        but a PDF hold one page; further pages go to files beside it, ``name-2.png`` and so on.
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
            elif out.suffix.lower() == ".svg":
                drafts = _write_svgs(layout, Path(folder, out.name), reporter)
            else:
                drafts = _write_pictures(layout, Path(folder, out.name), dpi, reporter)
            for draft in drafts:
                draft.replace(out.parent / draft.name)
    except (OSError, pikepdf.PdfError) as error:
        # Qt does not tell that a disk was full: the file is then found to be broken when it is finished
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


def _page_file(path: Path, number: int) -> Path:
    """Return the file of a page where each page has one: the first has the sheet's own name."""
    return path if number == 0 else path.with_name(f"{path.stem}-{number + 1}{path.suffix}")


def _write_svgs(layout: SheetLayout, path: Path, progress: Progress) -> list[Path]:
    from ui.sheets.svg import write_svg

    written = [_page_file(path, number) for number in range(len(layout.pages))]
    for number, (page, file) in enumerate(zip(layout.pages, written, strict=True)):
        write_svg(page, file, layout.title, _part(progress, number, len(written)))
    return written


def _write_pictures(layout: SheetLayout, path: Path, dpi: int, progress: Progress) -> list[Path]:
    written = []
    for number, page in enumerate(layout.pages):
        part, size = _part(progress, number, len(layout.pages)), require_size(page, dpi)
        target = _page_file(path, number)
        written.append(target)
        if size.pixels > _WHOLE_PIXELS or path.suffix.lower() in (".tif", ".tiff"):
            write_strips(page, target, size, layout.title, part)
            continue
        image = draw_picture(page, dpi, part)
        image.setText("Title", layout.title)
        image.setText("Software", CREATOR)
        if not image.save(str(target), quality=_JPG_QUALITY if path.suffix.lower() != ".png" else -1):
            raise OSError(str(target))
    return written


def draw_picture(page: SheetPage, dpi: int, progress: Progress | None = None) -> QImage:
    """Return a page as an image; needs a QGuiApplication.

    Raises
    ------
    UsageError
        When the resolution is not between 30 and 1200, or the picture would be too large.
    """
    size = require_size(page, dpi)
    return draw_rows(page, size, 0, size.height, progress or NoProgress())


def require_size(page: SheetPage, dpi: int) -> PictureSize:
    """Return the size of a page in pixels.

    Raises
    ------
    UsageError
        When the resolution is not between 30 and 1200, or the picture would be too large.
    """
    size = picture_size(page, dpi)
    if not 30 <= dpi <= 1200 or size.pixels > _MOST_PIXELS:
        raise UsageError(
            _("A picture of {width} × {height} pixels is not possible.").format(
                width=size.width, height=size.height
            ),
            remedy=_("Choose a resolution between 30 and 1200, or write a PDF."),
        )
    return size
