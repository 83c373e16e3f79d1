"""Editing in attribute tables: one cell, or a block pasted from a spreadsheet; each is one edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QGuiApplication

from layers.edits import Edit, FeatureState
from layers.errors import InputError
from layers.findings import Severity
from layers.forms.choices import choices
from layers.progress import Progress
from layers.words import _
from ui.actions import ActionSpec
from ui.bench import Bench
from ui.flows.newest import NewestJobs
from ui.flows.open_table import OpenTable
from ui.forms.feature_form import editor_of
from ui.panels.attribute_panel import AttributePage
from ui.tables.cell_editing import CellEditing
from zsgis.forms.filling import Filling
from zsgis.forms.pasting import Pasted, cells_of, fitted, pasted

_LANE = "cell editing"
_MOST_ROWS = 20_000


class CellEdits(QObject):
    """Lets the tables of the layer that is edited be typed into; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._desk = bench.desk
        self._session = bench.desk.session
        self._editing = bench.editing
        self._newest = NewestJobs(bench.desk.jobs)
        bench.window.results_panel.table_added.connect(self._take_table)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """No commands: the keys are those of the table."""
        return ()

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return nothing."""
        return {}

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be read."""
        return self._newest.is_busy

    def _take_table(self, page: AttributePage) -> None:
        cells = CellEditing(page.view, lambda: page.layer_uid == self._editing.layer)
        cells.cell_asked.connect(partial(self._begin, page, cells))
        cells.paste_asked.connect(partial(self._paste, page))

    # one cell

    def _begin(self, page: AttributePage, cells: CellEditing, row: int, name: str) -> None:
        project, layer = self._session.project, self._session.layer(page.layer_uid)
        uids = _uids(page, [row])
        if project is None or layer is None or not uids:
            return

        def read(_progress: Progress) -> Filling | None:
            states = project.states(layer.uid, uids)
            return Filling.of(layer, states) if states else None

        self._newest.start(
            "cell",
            _("Reading rows"),
            read,
            lambda filling: self._open(cells, filling, name) if filling is not None else None,
            lane=_LANE,
            failed=self._desk.dialogs.show_error,
        )

    def _open(self, cells: CellEditing, filling: Filling, name: str) -> None:
        form = filling.form
        if name not in form.by_name:
            return
        if name in filling.filled({}).computed:
            title = form.by_name[name].title
            self._desk.notice(_("{field} is computed; it follows by itself.").format(field=title), None)
            return
        editor = editor_of(form.by_name[name], form, lambda field: choices(form, field, filling.common))
        editor.set_value(filling.texts[name])
        cells.open(editor)
        cells.text_changed.connect(lambda text: cells.say(_fault(filling, name, text)))
        cells.committed.connect(partial(self._commit, cells, filling, name))

    def _commit(self, cells: CellEditing, filling: Filling, name: str, text: str, down: int) -> None:
        if cells.editor is None:
            return
        fault = _fault(filling, name, text)
        if fault and down:
            cells.say(fault)
            return
        _disconnect(cells)
        cells.close()
        if fault:
            self._desk.notice(_("Not written: {why}").format(why=fault), None)
            return
        if down:
            cells.go_down()
        changes = filling.changes(filling.filled({name: text}).values)
        if changes:
            title = _("Changed: {fields}").format(fields=filling.form.by_name[name].title)
            self._editing.submit(Edit(title, changes))

    # many rows

    def _paste(self, page: AttributePage, name: str) -> None:
        project, layer = self._session.project, self._session.layer(page.layer_uid)
        clipboard = QGuiApplication.clipboard()
        text = clipboard.text() if clipboard is not None else ""
        if project is None or layer is None or not text:
            return
        cells = cells_of(text)
        rows = self._rows(page, len(cells))
        uids = _uids(page, rows)
        shown = page.view.headings.shown_names()
        names = shown[shown.index(name) :] if name in shown else ()
        if not uids or not names:
            return
        try:
            lines = fitted(cells, len(uids))
        except InputError as error:
            self._desk.dialogs.show_error(error)
            return

        def think(progress: Progress) -> Pasted:
            states: dict[str, FeatureState] = {
                state.zs_uid: state for state in project.states(layer.uid, uids)
            }
            there = [place for place, uid in enumerate(uids) if uid in states]
            return pasted(
                layer, [states[uids[place]] for place in there], names, [lines[p] for p in there], progress
            )

        title = _("Pasted into {field}").format(field=page.model.fields[page.model.number_of(name)].alias)
        self._newest.start(
            "paste",
            _("Pasting"),
            think,
            partial(self.write, title),
            lane=_LANE,
            quiet=len(uids) < _MOST_ROWS // 10,
            failed=self._desk.dialogs.show_error,
        )

    def _rows(self, page: AttributePage, lines: int) -> list[int]:
        """Return the rows to paste into: those selected, in the order shown; or from the current one on."""
        model, view = page.model, page.view
        if model.selected_count > 1:
            places = range(model.rowCount())
            return [row for row in map(model.row_at, places) if model.selected[row]][:_MOST_ROWS]
        first = model.place_of(view.current_row) if view.current_row >= 0 else -1
        if first < 0:
            return []
        return [model.row_at(place) for place in range(first, min(first + lines, model.rowCount()))]

    def write(self, title: str, found: Pasted) -> None:
        """Write what was pasted or calculated, or say why not."""
        if found.wrong:
            self._desk.dialogs.show_findings(_("Nothing was written"), found.wrong)
        elif found.changes:
            self._editing.submit(Edit(title, found.changes))
        else:
            self._desk.notice(_("All of them have this value already."), None)


def _uids(page: AttributePage, rows: Sequence[int]) -> tuple[str, ...]:
    """Return the ``zs_uid`` of rows; none while the keys are not read yet."""
    table = page.findChild(OpenTable)
    keys = table.shelf.known_keys if table is not None else None
    if keys is None:
        return ()
    return tuple(keys.uids.names[row].decode("utf-8") for row in rows if row < len(keys.fids))


def _fault(filling: Filling, name: str, text: str) -> str:
    filled = filling.filled({name: text})
    texts = [
        issue.text for issue in filled.issues if issue.field == name and issue.severity is Severity.ERROR
    ]
    return "\n".join(texts)


def _disconnect(cells: CellEditing) -> None:
    for signal in (cells.text_changed, cells.committed):
        signal.disconnect()
