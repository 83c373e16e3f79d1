"""The form while it is filled in: judged, computed and cascaded with every key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

from layers.edits import ChangeFeature, EditRecord, FeatureState
from layers.forms.choices import Choices, Pairs, choices
from layers.forms.computing import areas_of
from layers.forms.reading import read_texts
from layers.kind import Computation
from layers.kinds import kind
from layers.words import _
from ui.flows.desk import Desk
from ui.forms.feature_form import FeatureForm
from ui.panels.feature_form_panel import FeatureFormPanel
from zsgis.finding.spelling import spelling
from zsgis.forms.drafts import Draft
from zsgis.forms.filling import Filled, Filling
from zsgis.forms.met import met_values

if TYPE_CHECKING:
    from layers.forms.model import Form
    from layers.progress import Progress
    from layers.store import LayerInfo, Project

_LANE = "form lists"
_SHOWN_FIELDS = 6


class FormFilling(QObject):
    """Joins what is stored to what is typed."""

    changed = pyqtSignal()
    """Something else is typed, or nothing any more."""

    def __init__(self, panel: FeatureFormPanel, desk: Desk) -> None:
        super().__init__(panel)
        self._panel = panel
        self._desk = desk
        self.filling: Filling | None = None
        self._filled: Filled | None = None
        self._areas: Mapping[Computation, float | None] | None = None
        self._met: Mapping[str, Pairs] = {}
        self._met_for: tuple[str, int] = ("", 0)
        self._may_write = ""
        self._writing = False

    @property
    def touched(self) -> dict[str, str]:
        """What was typed and is not written yet."""
        form = self._panel.form
        return form.touched if form is not None and self.filling is not None else {}

    @property
    def title(self) -> str:
        """What the form is about."""
        filling = self.filling
        if filling is None:
            return ""
        if len(filling.states) > 1:
            return _("{count} features").format(count=f"{len(filling.states):,}")
        name = filling.states[0].values.get(kind(filling.layer.kind).name_field)
        return str(name) if name not in (None, "") else _("(no name)")

    def touched_words(self) -> str:
        """Name the fields that were changed."""
        form = self._panel.form
        if form is None:
            return ""
        titles = [form.form.by_name[name].title for name in self.touched]
        more = "…" if len(titles) > _SHOWN_FIELDS else ""
        return _("Changed: {fields}").format(fields="、".join(titles[:_SHOWN_FIELDS]) + more)

    # showing

    def show(self, project: Project, filling: Filling, *, may_write: str) -> None:
        """Show features as they are stored."""
        panel = self._panel
        before = self.filling
        self.filling = None  # what the lines say meanwhile is nobody's typing
        if panel.form is None or before is None or before.form != filling.form:
            panel.set_form(self._make(filling.form))
        self.filling = filling
        self._may_write = may_write
        self._areas = None
        self._writing = False
        panel.show_note("")
        self._show_stored()
        self._read_lists(project, filling)

    def clear(self, why: str = "") -> None:
        """Show no feature, and say why where there is a reason."""
        self.filling = None
        self._filled = None
        self._panel.show_nothing(why)

    def revert(self) -> None:
        """Show what is stored again."""
        if self.filling is not None:
            self._panel.show_note("")
            self._show_stored()

    def restore(self, texts: Mapping[str, str]) -> None:
        """Put texts of a draft back into the form."""
        form = self._panel.form
        if form is not None:
            form.touch_texts(texts)
            self._panel.show_note(_("What was typed before the program ended stands here again."))
            self._revise()

    def take_layer(self, layer: LayerInfo) -> None:
        """Follow a layer that is called otherwise or has other columns now."""
        if self.filling is not None and layer.name != self.filling.layer.name:
            self._head(layer)

    def set_writing(self, writing: bool) -> None:
        """Say that it is being written, or is not any more."""
        self._writing = writing
        self._tell()

    def focus(self, *, empty_first: bool) -> None:
        """Put the keyboard into the first field; or into the first required one that is empty."""
        form = self._panel.form
        if form is None or self.filling is None:
            return
        rows = [row for row in form.rows.values() if not row.computed]
        empty = [row for row in rows if row.field.declared.required and not row.editor.value()]
        for row in (empty if empty_first else []) or rows:
            form.focus(row.field.name)
            return

    # what is typed

    def changes(self) -> tuple[ChangeFeature, ...] | None:
        """Return the changes that write what was typed; None where something must be corrected first."""
        filling, filled, form = self.filling, self._filled, self._panel.form
        if filling is None or filled is None or form is None or self._may_write:
            return None
        if filled.blocking:
            form.focus(filled.blocking[0].field)
            return None
        return filling.changes(filled.values)

    def edit_title(self) -> str:
        """Return what the edit is called."""
        return self.touched_words() or _("Change fields")

    def draft(self) -> Draft | None:
        """Return what is to be kept; None where nothing is unwritten."""
        filling, touched = self.filling, self.touched
        if filling is None or not touched:
            return None
        return Draft(layer_uid=filling.layer.uid, uids=filling.uids, title=self.title, texts=touched)

    # what is written

    def take_written(self, record: EditRecord) -> None:
        """Take over that the form's own edit is on disk."""
        self._writing = False
        self._renew(record, keep_touched=False)

    def take_record(self, record: EditRecord) -> None:
        """Follow an edit of the features shown that came from somewhere else; what is typed stays."""
        self._renew(record, keep_touched=True)

    def show_shape(self, layer_uid: str, zs_uid: str, shape: Any | None) -> None:
        """Show what follows from a shape that is being changed, as it stands at this moment."""
        filling = self.filling
        if filling is not None and (layer_uid, (zs_uid,)) == (filling.layer.uid, filling.uids):
            self._areas = areas_of(filling.form, shape)
            self._revise()

    def _renew(self, record: EditRecord, *, keep_touched: bool) -> None:
        filling, form = self.filling, self._panel.form
        if filling is None or form is None:
            return
        fresh: dict[str, FeatureState | None] = {
            one.zs_uid: one.after for one in record.changes if one.layer_uid == filling.layer.uid
        }
        if fresh.keys().isdisjoint(filling.uids):
            return
        states = tuple(
            state for state in (fresh.get(old.zs_uid, old) for old in filling.states) if state is not None
        )
        if not states:
            self.clear()
            return
        kept = form.touched if keep_touched else {}
        self.filling = Filling.of(filling.layer, states)
        self._areas = None
        self._show_stored()
        form.touch_texts(kept)
        self._revise()

    # inside

    def _make(self, form: Form) -> FeatureForm:
        made = FeatureForm(form, self._offer)
        made.edited.connect(lambda _name: self._take_edit())
        made.left.connect(self._panel.apply_button.setFocus)
        # pinyin is read from a dictionary that takes its time to load
        names = [one.text for name in form.by_name for one in choices(form, name, {}).options]
        self._desk.jobs.start(_("Reading"), lambda _progress: [spelling(name) for name in names], quiet=True)
        return made

    def _offer(self, name: str) -> Choices:
        filling, form = self.filling, self._panel.form
        if form is None:
            return Choices()
        values = dict(filling.common) if filling is not None else {}
        cascade = form.form.by_name[name].declared.cascade
        if cascade in form.rows:
            values |= read_texts(form.form, {cascade: form.text(cascade)})[0]
        return choices(form.form, name, values, self._met.get(name))

    def _take_edit(self) -> None:
        self._panel.show_note("")
        self._revise()
        self.changed.emit()

    def _show_stored(self) -> None:
        filling, form = self.filling, self._panel.form
        if filling is None or form is None:
            return
        self._head(filling.layer)
        form.show_texts(filling.texts, filling.several)
        self._revise()

    def _head(self, layer: LayerInfo) -> None:
        self._panel.show_form(self.title, layer.name)

    def _revise(self) -> None:
        """Compute and judge anew."""
        filling, form = self.filling, self._panel.form
        if filling is None or form is None:
            return
        self._filled = filled = filling.filled(form.touched, self._areas)
        among = [one.name for one in filling.form.fields if one.declared.computed is not None]
        form.show_computed(filled.computed, among)
        form.show_issues(filled.issues)
        self._tell()

    def _tell(self) -> None:
        filling, filled = self.filling, self._filled
        if filling is None or filled is None:
            return
        may_write = _("Writing…") if self._writing else self._may_write
        self._panel.show_state(
            changed=len(self.touched),
            wrong=len({issue.field for issue in filled.blocking}),
            several=len(filling.states),
            may_write=may_write,
        )

    def _read_lists(self, project: Project, filling: Filling) -> None:
        key = (filling.layer.uid, filling.layer.feature_count)
        if key == self._met_for:
            return
        self._met, self._met_for = {}, key
        form, layer = filling.form, filling.layer

        def read(progress: Progress) -> Mapping[str, Pairs]:
            return met_values(project.table(layer), form, progress)

        def take(found: Mapping[str, Pairs]) -> None:
            if self._met_for == key:
                self._met = found

        self._desk.jobs.start(
            _("Reading rows"), read, done=take, failed=lambda _error: None, lane=_LANE, quiet=True
        )
