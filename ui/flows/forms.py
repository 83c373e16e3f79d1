"""Filling in features: the form follows the selection, what is typed is kept until it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtGui import QAction

from layers.edits import Edit, EditKind, EditRecord
from layers.words import N_, _
from ui.actions import EDIT, ActionSpec
from ui.bench import Bench
from ui.dialogs.port import Verb
from ui.flows.forms_drafts import FormDrafts
from ui.flows.forms_filling import FormFilling
from ui.flows.newest import NewestJobs
from ui.panels.feature_form_panel import FeatureFormPanel
from zsgis.forms.drafts import Draft
from zsgis.forms.filling import Filling
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

PAGE = "form"
_LANE = "feature form"
_MOST = 5_000
_SPECS = (
    ActionSpec(
        "feature_form",
        N_("Fill in the selected features"),
        EDIT,
        "form",
        "F10",
        "selection",
        5,
        tip=N_("Show the fields of the selected features and change them; several at once"),
    ),
)


@dataclass(frozen=True)
class Wanted:
    """The features a form is to be about."""

    layer_uid: str
    uids: tuple[str, ...]


class FormFlows(QObject):
    """What happens when an officer fills features in; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._desk = bench.desk
        self._session = bench.desk.session
        self._editing = bench.editing
        self._newest = NewestJobs(bench.desk.jobs)
        self._wanted: Wanted | None = None
        self._focus = ""
        self._sent: Edit | None = None
        self.panel = FeatureFormPanel()
        self.filling = FormFilling(self.panel, bench.desk)
        self._drafts = FormDrafts(bench.desk, self.filling.draft, self._resume, self)
        self._leads = False
        bench.window.side.add_page(PAGE, _("Fill in"), self.panel)
        self._connect()

    def _connect(self) -> None:
        self.panel.apply_asked.connect(self.apply)
        self.panel.revert_asked.connect(self.revert)
        self.panel.history_asked.connect(self._ask_history)
        self.filling.changed.connect(self._drafts.note)
        self._editing.written.connect(self._take_written)
        self._editing.refused.connect(self._take_refused)
        self._editing.layer_changed.connect(lambda *_uid: self._take_edited_layer())
        self._bench.window.side.page_shown.connect(self._take_page)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {"feature_form": self.open}

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be read, written or kept."""
        return self._newest.is_busy or self._sent is not None or self._drafts.is_busy

    def open(self) -> None:
        """Show the form of what is selected and put the keyboard into its first field."""
        self._focus = "first"
        self._bench.window.side.show_page(PAGE)
        self._follow()
        if self.filling.filling is not None and self._newest.is_busy is False:
            self._put_keyboard()

    def _ask_history(self) -> None:
        command = self._bench.window.findChild(QAction, "feature_history")
        if command is not None:
            command.trigger()

    # what the form is about

    def _take_edited_layer(self) -> None:
        # who begins to edit fills in; who then looks at another page is not called back with every click
        self._leads = bool(self._editing.layer)
        self._follow()

    def _take_page(self, key: str) -> None:
        self._leads = key == PAGE
        self._follow()

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._newest.stop("reading")
            self._sent, self._wanted = None, None
            self.filling.clear()
            self._drafts.take_project()
        elif change is Change.SELECTION:
            self._follow()
        elif change is Change.LAYERS and self.filling.filling is not None:
            self._follow_layer(self.filling.filling.layer.uid)

    def _follow_layer(self, uid: str) -> None:
        layer = self._session.layer(uid)
        if layer is None:
            self._drafts.forget()
            self.filling.clear()
        else:
            self.filling.take_layer(layer)

    def _target(self) -> Wanted | None:
        """Return the selected features of the layer that is edited; of another one where that was asked."""
        selection, edited = self._session.selection, self._editing.layer
        if selection.get(edited):
            return self._wanted_of(edited)
        if self._bench.window.side.current != PAGE:
            return None
        preferred = self._bench.window.layer_tree.current_layer()
        chosen = preferred if selection.get(preferred) else next(iter(selection), "")
        return self._wanted_of(chosen) if chosen else None

    def _wanted_of(self, layer_uid: str) -> Wanted | None:
        chosen = self._session.selection[layer_uid]
        return Wanted(layer_uid, tuple(sorted(chosen))) if len(chosen) <= _MOST else None

    def _follow(self) -> None:
        """Show the form of what is selected now; what is not written yet is asked about first."""
        target, shown = self._target(), self.filling.filling
        if shown is not None and target == Wanted(shown.layer.uid, shown.uids):
            self._newest.stop("reading")
            self._wanted = target
            return
        if target is None and self._bench.window.side.current != PAGE:
            return
        if target == self._wanted and self._newest.is_busy:
            return
        self._wanted = target
        if self.filling.touched and self._sent is None:
            # whoever else follows the selection hears of it first
            QTimer.singleShot(0, self._ask_to_leave)
        else:
            self._load()

    def _ask_to_leave(self) -> None:
        filling = self.filling.filling
        if filling is None or not self.filling.touched or self._session.project is None:
            self._load()
            return
        key = self._desk.dialogs.choose(
            _("The form of “{title}” has changes that are not written.").format(title=self.filling.title),
            self.filling.touched_words(),
            (
                Verb("drop", _("Give up")),
                Verb("keep", _("Go on filling in")),
                Verb("save", _("Save")),
            ),
        )
        if key == "drop":
            self._drafts.forget()
            self.filling.revert()
            self._load()
        elif key == "save" and self.apply(then=self._load):
            return
        else:
            self._wanted = Wanted(filling.layer.uid, filling.uids)
            self._session.select({filling.layer.uid: filling.uids})
            self._bench.window.side.show_page(PAGE)

    def _load(self) -> None:
        wanted, project = self._wanted, self._session.project
        layer = self._session.layer(wanted.layer_uid) if wanted is not None else None
        if wanted is None or project is None or layer is None:
            self._newest.stop("reading")
            self.filling.clear(self._too_many())
            return

        def read(progress: Any) -> Filling | None:
            states = project.states(layer.uid, wanted.uids)
            return Filling.of(layer, states, progress) if states else None

        self._newest.start(
            "reading",
            _("Reading rows"),
            read,
            lambda filling: self._show(project, layer, filling),
            lane=_LANE,
            failed=self._desk.dialogs.show_error,
        )

    def _show(self, project: Project, layer: LayerInfo, filling: Filling | None) -> None:
        if filling is None:
            self.filling.clear()
            return
        # one that still waits is kept by who writes
        self._sent = None
        self.filling.show(project, filling, may_write=self._why_not(project, layer))
        draft = self._drafts.earlier(layer.uid, filling.uids)
        if draft is not None:
            self.filling.restore(draft.texts)
        if layer.uid == self._editing.layer and self._leads:
            self._bench.window.side.show_page(PAGE)
        self._put_keyboard()

    def _too_many(self) -> str:
        if all(len(chosen) <= _MOST for chosen in self._session.selection.values()):
            return ""
        return _("One form is for {most} features at most; “Fill a field…” takes any number.").format(
            most=f"{_MOST:,}"
        )

    def _why_not(self, project: Project, _layer: LayerInfo) -> str:
        return _("The project is read only; nothing can be written.") if project.read_only else ""

    def _put_keyboard(self) -> None:
        focus, self._focus = self._focus, ""
        if focus:
            self.filling.focus(empty_first=focus == "empty")

    # writing

    def apply(self, then: Callable[[], None] | None = None) -> bool:
        """Write what was changed; False where something must be corrected first."""
        changes = self.filling.changes()
        if changes is None:
            return False
        if not changes:
            self._drafts.forget()
            self.filling.revert()
            if then is not None:
                then()
            return True
        edit = Edit(self.filling.edit_title(), changes)
        self._sent = edit
        self.filling.set_writing(True)

        def done(record: EditRecord) -> None:
            if self._sent is edit:
                self._sent = None
                self._drafts.forget()
                self.filling.take_written(record)
                if then is not None:
                    then()

        self._editing.submit(edit, done)
        return True

    def revert(self) -> None:
        """Show what is stored again."""
        self._drafts.forget()
        self.filling.revert()

    def _take_refused(self, edit: Edit | None, _error: BaseException) -> None:
        if edit is not None and edit is self._sent:
            # what was typed stands as it was typed; the error is told by who writes
            self._sent = None
            self.filling.set_writing(False)

    def _take_written(self, record: EditRecord) -> None:
        if self._sent is None:
            self.filling.take_record(record)
        self._welcome(record)

    def _welcome(self, record: EditRecord) -> None:
        """Open the form of a feature that was just drawn."""
        added = [one for one in record.changes if one.before is None and one.after is not None]
        if record.head.kind is not EditKind.EDIT or len(record.changes) != 1 or len(added) != 1:
            return
        (new,) = added
        if new.layer_uid != self._editing.layer or new.parents:
            return
        self._focus = "empty"
        self._session.select({new.layer_uid: (new.zs_uid,)})
        self._follow()

    def _resume(self, draft: Draft) -> None:
        self._bench.window.side.show_page(PAGE)
        self._session.select({draft.layer_uid: draft.uids})
        self._follow()
