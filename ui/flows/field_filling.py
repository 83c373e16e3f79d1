"""Filling one field of all selected features, as one edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PyQt6.QtCore import QObject

from layers.edits import Edit, EditRecord
from layers.forms.fields import form_of
from layers.progress import Progress, ProgressPart
from layers.words import N_, _
from ui.actions import EDIT, ActionSpec
from ui.bench import Bench
from ui.dialogs.fill_field import FillFieldDialog
from ui.flows.newest import NewestJobs
from zsgis.forms.calculating import Calculation, calculated
from zsgis.forms.pasting import Pasted
from zsgis.session import Change

_LANE = "filling a field"
_QUIET_ROWS = 2_000
_SPECS = (
    ActionSpec(
        "fill_field",
        N_("Fill a field…"),
        EDIT,
        "fill_field",
        "Ctrl+F10",
        "selection",
        5,
        tip=N_("Fill a field of all selected features: a value, another field, an area or a length"),
    ),
)


class FieldFilling(QObject):
    """What happens when an officer fills a field; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._desk = bench.desk
        self._session = bench.desk.session
        self._editing = bench.editing
        self._newest = NewestJobs(bench.desk.jobs)
        self.dialog: FillFieldDialog | None = None
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {"fill_field": self.open}

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be computed."""
        return self._newest.is_busy

    def open(self) -> None:
        """Show the dialog beside the map."""
        project = self._session.project
        if project is None or project.read_only:
            self._desk.notice(_("The project is read only; nothing can be written."), None)
            return
        if self.dialog is None:
            self.dialog = FillFieldDialog(self._bench.window)
            self.dialog.fill_asked.connect(self._fill)
        self._show()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _take_change(self, change: Change) -> None:
        if self.dialog is None:
            return
        if change is Change.PROJECT:
            self._newest.stop("filling")
            self.dialog.close()
        elif change is Change.SELECTION:
            self._show()

    def _chosen(self) -> tuple[str, tuple[str, ...]]:
        """Return the layer and its selected features: of the one that is edited, or the chosen one."""
        selection = self._session.selection
        for uid in (self._editing.layer, self._bench.window.layer_tree.current_layer(), *selection):
            if selection.get(uid):
                return uid, tuple(sorted(selection[uid]))
        return "", ()

    def _show(self) -> None:
        layer_uid, uids = self._chosen()
        layer = self._session.layer(layer_uid)
        if self.dialog is not None:
            form = form_of(layer) if layer is not None else None
            self.dialog.show_features(form, layer.name if layer is not None else "", len(uids))

    def _fill(self, wanted: Calculation) -> None:
        layer_uid, uids = self._chosen()
        project, layer = self._session.project, self._session.layer(layer_uid)
        if project is None or layer is None or not uids:
            return

        def think(progress: Progress) -> Pasted:
            progress.step(0.0)
            states = project.states(layer.uid, uids)
            return calculated(layer, states, wanted, ProgressPart(progress, 0.3, 1.0))

        title = _("Filled: {field}").format(field=form_of(layer).by_name[wanted.field].title)
        self._newest.start(
            "filling",
            _("Filling a field"),
            think,
            partial(self._write, title),
            lane=_LANE,
            quiet=len(uids) < _QUIET_ROWS,
            failed=self._desk.dialogs.show_error,
        )

    def _write(self, title: str, found: Pasted) -> None:
        if self.dialog is None:
            return
        if found.wrong:
            self._desk.dialogs.show_findings(_("Nothing was written"), found.wrong)
        elif found.changes:
            self._editing.submit(Edit(title, found.changes), self._tell)
        else:
            self.dialog.say(_("All of them have this value already."))

    def _tell(self, record: EditRecord) -> None:
        if self.dialog is not None:
            self.dialog.say(
                _("{count} features filled. Undo takes it back.").format(count=f"{record.head.count:,}")
            )
