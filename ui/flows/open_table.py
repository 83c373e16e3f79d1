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
from ui.flows.newest import NewestJobs
from ui.flows.table_figures import TableFigures
from ui.flows.table_selection import TableSelection
from ui.panels.attribute_panel import AttributePage
from zsgis.tabulation.arranging import Arranged, Arrangement, arranged
from zsgis.tabulation.columns import Mask
from zsgis.tabulation.edited_columns import EditedTable, edited_table
from zsgis.tabulation.look import TableLook
from zsgis.tabulation.shelf import ColumnShelf

if TYPE_CHECKING:
    from layers.edits import FeatureChange
    from layers.store import LayerInfo, Project

_PAGE_LANE, _READ_LANE, _WORK_LANE = "table page", "table reading", "table work"
_FIRST_ROWS = 128
_MANY_ROWS = 50_000
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
        As it is shown; edits are followed, another state of its features needs another table.
    """

    def __init__(
        self, desk: Desk, project: Project, layer: LayerInfo, page: AttributePage, ports: TablePorts
    ) -> None:
        super().__init__(page)
        self.layer = layer
        self.page = page
        self.shelf = ColumnShelf(project.table(layer))
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._ports = ports
        self._newest = NewestJobs(desk.jobs)
        self._sort: tuple[str, bool] = ("", False)
        self._found: Mask | None = None
        self._unseen: list[FeatureChange] = []
        self._begun, self._reading = False, True
        self._remembering = QTimer(self)
        self._remembering.setSingleShot(True)
        self._remembering.setInterval(_REMEMBER_MS)
        self._remembering.timeout.connect(self._remember)
        self.figures = TableFigures(desk, self.shelf, page)
        self.selection = TableSelection(desk, self.shelf, page, ports.zoom)
        self._connect()

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be shown."""
        return (
            bool(self._unseen)
            or self.page.is_typing
            or self._newest.is_busy
            or self.selection.is_busy
            or self.figures.is_busy
        )

    def _connect(self) -> None:
        page, view = self.page, self.page.view
        page.model.rows_wanted.connect(self._read_page)
        page.search_changed.connect(self.arrange)
        page.selected_only_changed.connect(lambda _on: self.arrange())
        page.next_asked.connect(self._go_to_found)
        page.look_chosen.connect(self._take_look)
        page.empty_hiding_asked.connect(self._hide_empty)
        view.headings.sort_asked.connect(self._take_sort)
        view.headings.arranged.connect(self._remembering.start)
        view.rows_chosen.connect(self.figures.show_footer)
        self.selection.changed.connect(self._follow_selection)

    # reading

    def begin(self) -> None:
        """Read the first rows, then the keys, then all columns; each is shown as soon as it is there."""
        first = list(range(min(_FIRST_ROWS, self.layer.feature_count)))
        if first:
            self._read_page(first)
        else:
            self._begin_reading()
        self.figures.show_footer()

    def _begin_reading(self) -> None:
        self._begun = True
        self._newest.start(
            "reading",
            _("Reading the table of {name}").format(name=self.layer.name),
            self._read_all,
            self._take_columns,
            lane=_READ_LANE,
            failed=self._dialogs.show_error,
            quiet=self.layer.feature_count < _MANY_ROWS,
        )

    def close(self) -> None:
        """Stop whatever is being done for it."""
        if self._remembering.isActive():
            self._remember()
        self._newest.close()
        self.selection.close()
        self.figures.close()

    def _read_all(self, progress: Progress) -> None:
        self.shelf.keys(ProgressPart(progress, 0.0, 0.15))
        self._jobs.post(self.selection.take)
        names = [field.name for field in self.shelf.fields]
        self.shelf.columns(names, ProgressPart(progress, 0.15, 0.9))
        for number, name in enumerate(names):
            # whoever types or sorts then finds the texts ready
            progress.step(0.9 + 0.1 * number / len(names))
            self.shelf.searched(name)
            self.shelf.ranks(name)

    def _take_columns(self, _nothing: object) -> None:
        self._reading = False
        self.page.model.set_columns(self.shelf.known_columns)
        self.page.view.headings.fit()
        self.figures.count()

    def _read_page(self, rows: Sequence[int]) -> None:
        shelf = self.shelf
        self._newest.start(
            "page",
            _("Reading rows"),
            lambda _progress: shelf.page(rows),
            self._take_page,
            lane=_PAGE_LANE,
            failed=self._dialogs.show_error,
        )

    def _take_page(self, values: dict[int, tuple[Any, ...]]) -> None:
        self.page.model.take_page(values)
        self.page.view.headings.fit()
        if not self._begun:
            # threads take turns: the first rows are seen before all others are read
            with self._jobs.gathered():
                self._begin_reading()

    # edits

    def follow(self, project: Project, layer: LayerInfo, changes: Sequence[FeatureChange]) -> bool:
        """Show the layer after an edit; False while its rows are still being read: read it anew then."""
        if self._reading or self.shelf.known_keys is None:
            return False
        self.layer = layer
        waits = bool(self._unseen)
        self._unseen += changes
        if not waits:
            self._begin_following(project)
        return True

    def _begin_following(self, project: Project) -> None:
        shelf, changes, layer = self.shelf, tuple(self._unseen), self.layer

        def work(_progress: Progress) -> EditedTable:
            table = project.table(layer)
            fids = table.fids_of([change.zs_uid for change in changes])
            return edited_table(shelf, table, changes, fids)

        self._newest.start(
            "following",
            _("Reading rows"),
            work,
            lambda found: self._take_edited(project, found, len(changes)),
            lane=_WORK_LANE,
            failed=self._dialogs.show_error,
        )

    def _take_edited(self, project: Project, found: EditedTable, count: int) -> None:
        self.shelf = found.shelf
        del self._unseen[:count]
        page, columns = self.page, found.shelf.known_columns
        page.view.renew(len(found.shelf.keys().fids), columns, found.places)
        self.selection.renew(found.shelf)
        self.figures.renew(found.shelf)
        if self._unseen:
            self._begin_following(project)
        elif page.model.rows is not None or page.wanted_text:
            self.arrange()
        else:
            self.figures.show_footer()

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
        self._newest.start(
            "arranging",
            _("Arranging rows"),
            lambda progress: arranged(shelf, wanted, progress),
            lambda found: self._take_rows(wanted, found),
            lane=_WORK_LANE,
            failed=self._tell_wrong,
        )

    def _take_rows(self, wanted: Arrangement, found: Arranged) -> None:
        page = self.page
        page.show_wrong("")
        page.model.set_busy(-1)
        page.model.set_columns(self.shelf.known_columns)
        self._found = found.found if wanted.finds else None
        page.model.show_rows(found.rows)
        self.figures.say("")
        if self._found is not None:
            self._go_to_found(False, stay=True)
        self.figures.count()

    def _tell_wrong(self, error: BaseException) -> None:
        from layers.filtering import FilterError

        self.page.model.set_busy(-1)
        if isinstance(error, FilterError):
            self.page.show_wrong(str(error))
            self.figures.say(str(error))
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
            self.figures.say(_("Nothing was found."))
            return
        here = max(model.place_of(view.current_row), -1) if view.current_row >= 0 else -1
        number = int(np.searchsorted(places, here, side="left" if stay or backwards else "right"))
        number = (number - 1 if backwards else number) % len(places)
        view.go_to(int(places[number]))
        self.figures.say(
            _("Found: {number} of {count}").format(number=f"{number + 1:,}", count=f"{len(places):,}")
        )

    def _follow_selection(self) -> None:
        if self.page.buttons["table_selected"].isChecked():
            self.arrange()
        self.figures.show_footer()
        self.figures.measure()
        self.figures.count()

    # columns

    def _take_look(self, look: TableLook) -> None:
        self.page.arrange(look)
        self._remember()

    def _remember(self) -> None:
        self._remembering.stop()
        self._ports.remember(self.layer.uid, self.page.view.headings.look())

    def _hide_empty(self) -> None:
        shelf, names = self.shelf, [field.name for field in self.shelf.fields]
        self._newest.start(
            "empty",
            _("Reading the table of {name}").format(name=self.layer.name),
            lambda progress: shelf.columns(names, progress),
            lambda columns: self._hide(
                frozenset(n for n, column in zip(names, columns, strict=True) if column.missing.all())
            ),
            lane=_WORK_LANE,
            failed=self._dialogs.show_error,
        )

    def _hide(self, empty: frozenset[str]) -> None:
        look = self.page.view.headings.look()
        self._take_look(look.model_copy(update={"hidden": look.hidden | empty}))
