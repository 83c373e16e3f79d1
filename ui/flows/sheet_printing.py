"""Sheets on the printer and on the clipboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from PyQt6.QtGui import QGuiApplication, QImage

from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.dialogs.print_sheet import PrintOffer, ordered_printers
from ui.flows.desk import Desk
from ui.flows.sheets import Delivery
from ui.panels.sheets_panel import SheetWish

if TYPE_CHECKING:
    from layers.store import Project
    from ui.sheet_printer import PrintOrder
    from zsgis.sheets.production import ClearedSheets

_PREVIEW_DPI, _COPY_DPI = 80, 200


Made = TypeVar("Made")


class Deliver(Protocol):
    """Makes the sheets of a wish, checked like an export, and hands them to a delivery."""

    def __call__(self, wish: SheetWish, delivery: Delivery[Made]) -> None:
        """Start; the delivery goes on when the sheets are ready."""
        ...


@dataclass(frozen=True)
class _Ready:
    """A sheet that may be printed, and what the dialog shows of it."""

    project: Project
    cleared: ClearedSheets
    offer: PrintOffer


class SheetPrinting:
    """What happens when a sheet is wanted on paper, or in a text that is being written.

    Parameters
    ----------
    deliver : Deliver
    """

    def __init__(self, desk: Desk, deliver: Deliver) -> None:
        self._desk = desk
        self._deliver = deliver

    def print(self, wish: SheetWish) -> None:
        """Show how the sheet lies on paper, and print it."""
        self._deliver(wish, Delivery(_("Preparing the print"), _ready, self._ask))

    def copy(self, wish: SheetWish) -> None:
        """Put the sheet on the clipboard as a picture."""
        self._deliver(wish, Delivery(_("Copying the sheet"), _picture, self._take_picture))

    def _ask(self, ready: _Ready) -> None:
        order = self._desk.dialogs.print_order(ready.offer)
        if order is None:
            return
        self._desk.jobs.start(
            _("Printing {name}").format(name=ready.offer.layout.name),
            lambda progress: _printed(ready, order, progress),
            done=lambda count: self._desk.notice(
                _("{count} pieces of paper printed").format(count=count), order.file
            ),
        )

    def _take_picture(self, picture: QImage) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setImage(picture)
            self._desk.notice(_("The sheet is on the clipboard as a picture."), None)


def _ready(project: Project, cleared: ClearedSheets, progress: Progress) -> _Ready:
    from PyQt6.QtPrintSupport import QPrinterInfo

    from ui.sheets import draw_picture

    picture = draw_picture(cleared.layouts[0].first, _PREVIEW_DPI, ProgressPart(progress, 0.0, 0.9))
    # asking the system's printers may wait for a network: it is done aside
    names = ordered_printers(QPrinterInfo.availablePrinterNames(), QPrinterInfo.defaultPrinterName())
    return _Ready(project, cleared, PrintOffer(cleared.layouts[0], picture, names))


def _printed(ready: _Ready, order: PrintOrder, progress: Progress) -> int:
    from ui.sheet_printer import print_sheet
    from zsgis.sheets.registering import register_delivery, register_sheets

    count = print_sheet(ready.offer.layout, order, progress)
    if order.file is not None:
        register_sheets(ready.project, ready.cleared.entry, [order.file])
    else:
        where = _("Printer {name}").format(name=order.printer)
        register_delivery(ready.project, ready.cleared.entry, where)
    return count


def _picture(project: Project, cleared: ClearedSheets, progress: Progress) -> QImage:
    from ui.sheets import draw_picture
    from zsgis.sheets.registering import register_delivery

    picture = draw_picture(cleared.layouts[0].first, _COPY_DPI, progress)
    register_delivery(project, cleared.entry, _("Clipboard"))
    return picture
