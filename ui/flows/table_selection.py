"""The selection of an attribute table: shared with map and results, both ways, however large it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from layers.progress import Progress
from layers.words import _
from ui.flows.desk import Desk
from ui.flows.newest import NewestJobs
from ui.panels.attribute_panel import AttributePage
from zsgis.tabulation.columns import Mask, Rows
from zsgis.tabulation.shelf import ColumnShelf

_LANE = "table selection"
_NOTHING: frozenset[str] = frozenset()
# so many chosen rows are looked up within a frame
_AT_ONCE = 2_000
_GATHER_MS = 30


class TableSelection(QObject):
    """Tells the session which rows are chosen here, and marks those that are chosen elsewhere.

    Parameters
    ----------
    zoom : callable
        Shows the session's selection on the map.
    """

    changed = pyqtSignal()
    """Other rows are selected, and the session knows."""

    def __init__(self, desk: Desk, shelf: ColumnShelf, page: AttributePage, zoom: Callable[[], None]) -> None:
        super().__init__(page)
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._shelf = shelf
        self._page = page
        self._zoom = zoom
        self._layer_uid = page.layer_uid
        self._newest = NewestJobs(desk.jobs)
        self._told = _NOTHING
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(_GATHER_MS)
        self._telling.timeout.connect(self._tell)
        page.view.rows_chosen.connect(self._take_choice)
        page.view.row_opened.connect(self._open_row)
        page.first_selected_asked.connect(self.show_first)

    @property
    def is_busy(self) -> bool:
        """Whether the session or the rows are still to be told."""
        return self._telling.isActive() or self._newest.is_busy

    def close(self) -> None:
        """Stop whatever is being looked up."""
        self._telling.stop()
        self._newest.close()

    def renew(self, shelf: ColumnShelf) -> None:
        """Look rows up in another state of the layer from now on."""
        self._shelf = shelf
        self._told = _NOTHING
        if not self._telling.isActive():
            self.take()

    def show_first(self) -> None:
        """Bring the first selected row into sight."""
        place = self._page.model.first_selected()
        if place >= 0:
            self._page.view.go_to(place)

    def _take_choice(self) -> None:
        # what is chosen here now counts, not what was still being looked up
        self._newest.stop("marking")
        self._telling.start()

    def _tell(self) -> None:
        """Let everybody have what was chosen here."""
        model, shelf = self._page.model, self._shelf
        mask = model.selected
        if shelf.known_keys is not None and model.selected_count <= _AT_ONCE:
            self._share(mask, _uids(shelf, mask))
            return
        self._newest.start(
            "selecting",
            _("Selecting rows"),
            lambda progress: _uids(shelf, mask, progress),
            lambda chosen: self._share(mask, chosen),
            lane=_LANE,
            failed=self._dialogs.show_error,
        )

    def _share(self, mask: Mask, chosen: frozenset[str]) -> None:
        if self._page.model.selected is mask:
            self._told = chosen
            with self._jobs.gathered():
                self._session.select({self._layer_uid: chosen})
                self.changed.emit()

    def take(self) -> None:
        """Mark the rows of what is selected elsewhere."""
        chosen = self._session.selection.get(self._layer_uid, _NOTHING)
        if chosen is self._told or self._telling.isActive():
            return
        shelf = self._shelf
        if not chosen or (shelf.known_keys is not None and len(chosen) <= _AT_ONCE):
            self._mark(chosen, _rows(shelf, chosen))
            return
        self._newest.start(
            "marking",
            _("Selecting rows"),
            lambda progress: _rows(shelf, chosen, progress),
            lambda rows: self._mark(chosen, rows),
            lane=_LANE,
            failed=self._dialogs.show_error,
        )

    def _mark(self, chosen: frozenset[str], rows: Rows) -> None:
        if self._session.selection.get(self._layer_uid, _NOTHING) is not chosen:
            return
        self._told = chosen
        self._page.model.select(rows)
        if len(rows):
            self.show_first()
        with self._jobs.gathered():
            self.changed.emit()

    def _open_row(self, row: int) -> None:
        """Select a row alone and show it on the map."""
        shelf = self._shelf
        self._page.model.select([row])
        mask = self._page.model.selected
        self._telling.stop()
        self._newest.start(
            "selecting",
            _("Selecting rows"),
            lambda progress: _uids(shelf, mask, progress),
            lambda chosen: self._show_on_map(mask, chosen),
            lane=_LANE,
            failed=self._dialogs.show_error,
        )

    def _show_on_map(self, mask: Mask, chosen: frozenset[str]) -> None:
        self._share(mask, chosen)
        self._zoom()


def _uids(shelf: ColumnShelf, mask: Mask, progress: Progress | None = None) -> frozenset[str]:
    return shelf.keys(progress).uids.chosen(mask)


def _rows(shelf: ColumnShelf, chosen: frozenset[str], progress: Progress | None = None) -> Rows:
    return shelf.keys(progress).uids.rows_of(chosen) if chosen else np.empty(0, dtype=np.int64)
