"""One open attribute table: reads its layer aside, answers the officer, shares the selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QObject, QTimer

from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.flows.desk import Desk
from ui.flows.table_figures import TableFigures
from ui.panels.attribute_panel import AttributePage
from zsgis.tabulation.arranging import Arranged, Arrangement, arranged
from zsgis.tabulation.columns import Mask
from zsgis.tabulation.look import TableLook
from zsgis.tabulation.shelf import ColumnShelf

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_PAGE_LANE, _READ_LANE, _WORK_LANE = "table page", "table reading", "table work"
_FIRST_ROWS = 128
# so many chosen rows are looked up within a frame
_AT_ONCE = 2_000
_MANY_ROWS = 50_000
_GATHER_MS = 30
_REMEMBER_MS = 400


@dataclass(frozen=True)
class TablePorts:
    """What a table needs of the window around it.

    ``zoom`` shows the session's selection on the map; ``remember`` keeps an arrangement of columns.
    """

    zoom: Callable[[], None]
    remember: Callable[[str, TableLook], None]


class OpenTable(QObject):
    """The table of one layer.

    Parameters
    ----------
    layer : LayerInfo
        As it stood when the table was opened; another state of its features needs another table.
    """

    def __init__(
        self, desk: Desk, project: Project, layer: LayerInfo, page: AttributePage, ports: TablePorts
    ) -> None:
        super().__init__(page)
        self.layer = layer
        self.page = page
        self.shelf = ColumnShelf(project.table(layer))
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._ports = ports
        self._running: dict[str, int] = {}
        self._sort: tuple[str, bool] = ("", False)
        self._asked = 0
        self._found: Mask | None = None
        self._told: frozenset[str] = frozenset()
        self._telling = self._timer(_GATHER_MS, self._tell_selection)
        self._remembering = self._timer(_REMEMBER_MS, self._remember)
        self.figures = TableFigures(desk, self.shelf, page)
        self._connect()

    def _timer(self, interval_ms: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(call)
        return timer

    def _connect(self) -> None:
        page, view = self.page, self.page.view
        page.model.rows_wanted.connect(self._read_page)
        page.search_changed.connect(self.arrange)
        page.selected_only_changed.connect(lambda _on: self.arrange())
        page.next_asked.connect(self._go_to_found)
        page.first_selected_asked.connect(self.go_to_first_selected)
        page.look_chosen.connect(self._take_look)
        page.empty_hiding_asked.connect(self._hide_empty)
        view.headings.sort_asked.connect(self._take_sort)
        view.headings.arranged.connect(self._remembering.start)
        view.rows_chosen.connect(self._take_choice)
        view.row_opened.connect(self._open_row)

    # reading

    def begin(self) -> None:
        """Read the first rows, then the keys, then all columns; each is shown as soon as it is there."""
        first = list(range(min(_FIRST_ROWS, self.layer.feature_count)))
        if first:
            self._read_page(first)
        self.figures.show_footer()
        self._start(
            "reading",
            _("Reading the table of {name}").format(name=self.layer.name),
            self._read_all,
            self._take_columns,
            lane=_READ_LANE,
            quiet=self.layer.feature_count < _MANY_ROWS,
        )

    def close(self) -> None:
        """Stop whatever is being done for it."""
        if self._remembering.isActive():
            self._remember()
        for uid in self._running.values():
            self._jobs.cancel(uid)
        self.figures.close()

    def _read_all(self, progress: Progress) -> None:
        self.shelf.keys(ProgressPart(progress, 0.0, 0.15))
        self._jobs.post(self.take_selection)
        names = [field.name for field in self.shelf.fields]
        self.shelf.columns(names, ProgressPart(progress, 0.15, 0.9))
        for number, name in enumerate(names):
            # whoever types then finds the texts ready
            progress.step(0.9 + 0.1 * number / len(names))
            self.shelf.searched(name)

    def _take_columns(self, _nothing: object) -> None:
        self.page.model.set_columns(self.shelf.known_columns)
        self.page.view.headings.fit()
        self.figures.count()

    def _read_page(self, rows: Sequence[int]) -> None:
        shelf = self.shelf
        self._start(
            "page", _("Reading rows"), lambda _progress: shelf.page(rows), self._take_page, lane=_PAGE_LANE
        )

    def _take_page(self, values: dict[int, tuple[Any, ...]]) -> None:
        self.page.model.take_page(values)
        self.page.view.headings.fit()

    def _start(
        self,
        what: str,
        title: str,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        *,
        lane: str = _WORK_LANE,
        quiet: bool = True,
        failed: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Do something aside; the newest of its sort wins."""
        if what in self._running:
            self._jobs.cancel(self._running[what])

        def take(result: Any) -> None:
            if self._running.get(what) == uid:
                del self._running[what]
                done(result)

        uid = self._jobs.start(title, work, done=take, failed=failed, lane=lane, quiet=quiet)
        self._running[what] = uid

    # rows and their order

    def arrange(self) -> None:
        """Show the rows that are wanted, in the order that is wanted."""
        page = self.page
        sort, descending = self._sort
        only_selected = page.buttons["table_selected"].isChecked()
        wanted = Arrangement(
            sort=sort,
            descending=descending,
            text=page.wanted_text,
            names=(page.scope,) if page.scope else page.view.headings.shown_names(),
            only_column=bool(page.scope),
            finds=page.finds,
            selected=page.model.selected if only_selected else None,
        )
        page.model.set_busy(page.model.number_of(sort))
        shelf = self.shelf
        self._start(
            "arranging",
            _("Arranging rows"),
            lambda progress: arranged(shelf, wanted, progress),
            lambda found: self._take_rows(wanted, found),
            failed=self._tell_wrong,
        )

    def _take_rows(self, wanted: Arrangement, found: Arranged) -> None:
        page = self.page
        page.show_wrong("")
        page.model.set_busy(-1)
        page.model.set_columns(self.shelf.known_columns)
        self._found = found.found if wanted.finds else None
        page.model.show_rows(found.rows)
        if self._found is not None:
            self._go_to_found(False, stay=True)
        self.figures.show_footer()
        self.figures.count()

    def _tell_wrong(self, error: BaseException) -> None:
        from layers.filtering import FilterError

        self.page.model.set_busy(-1)
        if isinstance(error, FilterError):
            self.page.show_wrong(str(error))
            self.figures.show_footer(str(error))
        else:
            self._dialogs.show_error(error)

    def _take_sort(self, name: str, descending: bool) -> None:
        self._sort = (name, descending)
        self.arrange()

    def _go_to_found(self, backwards: bool, *, stay: bool = False) -> None:
        """Go to the next row found; with ``stay`` the present one will do."""
        model, view = self.page.model, self.page.view
        if self._found is None:
            return
        marks = self._found if model.rows is None else self._found[model.rows]
        places = np.flatnonzero(marks)
        if not len(places):
            self.figures.show_footer(_("Nothing was found."))
            return
        here = max(model.place_of(view.current_row), -1) if view.current_row >= 0 else -1
        number = int(np.searchsorted(places, here, side="left" if stay or backwards else "right"))
        number = (number - 1 if backwards else number) % len(places)
        view.go_to(int(places[number]))
        self.figures.show_footer(
            _("Found: {number} of {count}").format(number=f"{number + 1:,}", count=f"{len(places):,}")
        )

    def go_to_first_selected(self) -> None:
        """Bring the first selected row into sight."""
        place = self.page.model.first_selected()
        if place >= 0:
            self.page.view.go_to(place)

    # columns

    def _take_look(self, look: TableLook) -> None:
        self.page.arrange(look)
        self._remember()

    def _remember(self) -> None:
        self._remembering.stop()
        self._ports.remember(self.layer.uid, self.page.view.headings.look())

    def _hide_empty(self) -> None:
        shelf, names = self.shelf, [field.name for field in self.shelf.fields]
        self._start(
            "empty",
            _("Reading the table of {name}").format(name=self.layer.name),
            lambda progress: shelf.columns(names, progress),
            lambda columns: self._hide(
                frozenset(n for n, column in zip(names, columns, strict=True) if column.missing.all())
            ),
        )

    def _hide(self, empty: frozenset[str]) -> None:
        look = self.page.view.headings.look()
        self._take_look(look.model_copy(update={"hidden": look.hidden | empty}))

    # selection

    def _take_choice(self) -> None:
        self._telling.start()
        self.figures.show_footer()

    def _tell_selection(self) -> None:
        """Let everybody have what was chosen here."""
        model, shelf = self.page.model, self.shelf
        mask = model.selected
        if shelf.known_keys is not None and model.selected_count <= _AT_ONCE:
            self._share(mask, _uids(shelf, mask))
            return
        self._start(
            "selecting",
            _("Selecting rows"),
            lambda progress: _uids(shelf, mask, progress),
            lambda chosen: self._share(mask, chosen),
        )

    def _share(self, mask: Mask, chosen: frozenset[str]) -> None:
        if self.page.model.selected is mask:
            self._told = chosen
            self._session.select({self.layer.uid: chosen})
            self._follow_selection()

    def take_selection(self) -> None:
        """Mark the rows of what is selected elsewhere."""
        chosen = self._session.selection.get(self.layer.uid, frozenset())
        if chosen is self._told or self._telling.isActive():
            return
        shelf = self.shelf
        if not chosen or (shelf.known_keys is not None and len(chosen) <= _AT_ONCE):
            self._mark(chosen, _rows(shelf, chosen))
            return
        self._start(
            "marking",
            _("Selecting rows"),
            lambda progress: _rows(shelf, chosen, progress),
            lambda rows: self._mark(chosen, rows),
        )

    def _mark(self, chosen: frozenset[str], rows: Any) -> None:
        if self._session.selection.get(self.layer.uid, frozenset()) != chosen:
            return
        self._told = chosen
        self.page.model.select(rows)
        if len(rows):
            self.go_to_first_selected()
        self._follow_selection()

    def _follow_selection(self) -> None:
        if self.page.buttons["table_selected"].isChecked():
            self.arrange()
        self.figures.show_footer()
        self.figures.measure()
        self.figures.count()

    def _open_row(self, row: int) -> None:
        """Select a row alone and show it on the map."""
        shelf, mask = self.shelf, np.zeros(self.page.model.row_count, dtype=bool)
        mask[row] = True
        self.page.model.select([row])
        mask = self.page.model.selected
        self._telling.stop()
        self._start(
            "selecting",
            _("Selecting rows"),
            lambda progress: _uids(shelf, mask, progress),
            lambda chosen: self._show_on_map(mask, chosen),
        )

    def _show_on_map(self, mask: Mask, chosen: frozenset[str]) -> None:
        self._share(mask, chosen)
        self._ports.zoom()


def _uids(shelf: ColumnShelf, mask: Mask, progress: Progress | None = None) -> frozenset[str]:
    names = shelf.keys(progress).uids.names[mask]
    return frozenset(name.decode("utf-8") for name in names.tolist())


def _rows(shelf: ColumnShelf, chosen: frozenset[str], progress: Progress | None = None) -> Any:
    return shelf.keys(progress).uids.rows_of(chosen) if chosen else np.empty(0, dtype=np.int64)
