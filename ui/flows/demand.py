"""The registers in the window: filled from the plan, made, and given records that need no shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction

from layers.edits import AddFeature, Edit, EditRecord
from layers.kinds import KINDS
from layers.project_demand import KIND as DEMAND
from layers.quotas import KIND as QUOTAS
from layers.words import N_, _
from ui.actions import EDIT, WORK, ActionSpec
from ui.bench import Bench
from ui.pending_writes import PROJECT_LANE

if TYPE_CHECKING:
    from layers.progress import Progress
    from layers.store import LayerInfo, Project

_SPECS = (
    ActionSpec(
        "fill_demand",
        N_("Fill the register of demand from the plan"),
        WORK,
        "demand",
        "Ctrl+Alt+Shift+F",
        "project",
        3,
        tip=N_(
            "Add the projects that the plan names and the register does not have; nothing typed is changed"
        ),
    ),
    ActionSpec(
        "new_quotas",
        N_("New register of quotas"),
        WORK,
        "table",
        "Ctrl+Alt+Shift+Q",
        "project",
        3,
        tip=N_("An empty register of the quotas of land, to be typed in or filled from Excel"),
    ),
    ActionSpec(
        "new_demand",
        N_("New project in the register of demand"),
        EDIT,
        "demand",
        "Ctrl+Alt+Shift+P",
        "project",
        5,
        tip=N_("Add a project that wants land and fill in its form; its site may be drawn later"),
    ),
    ActionSpec(
        "new_quota",
        N_("New entry in the register of quotas"),
        EDIT,
        "table",
        "Ctrl+Alt+Shift+A",
        "project",
        5,
        tip=N_("Add a quota of a document and fill in its form"),
    ),
    ActionSpec(
        "new_record",
        N_("New record without a shape"),
        EDIT,
        "new",
        "Ctrl+Alt+Shift+N",
        "project",
        5,
        tip=N_("Add a project or a quota to its register and fill it in; a site may be drawn later"),
    ),
)


@dataclass(frozen=True)
class _Prepared:
    """What filling comes to: a register made already, or an edit of the one there is."""

    layers: tuple[LayerInfo, ...]
    edit: Edit | None
    name: str
    added: int
    kept: int


class DemandFlows(QObject):
    """What happens when an officer works with the registers; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.window)
        self._bench = bench
        self._desk = bench.desk
        self._session = bench.desk.session
        self._editing = bench.editing

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {
            "fill_demand": self.fill,
            "new_quotas": self.new_quotas,
            "new_demand": lambda: self._add_record(self._first(DEMAND.key)),
            "new_quota": lambda: self._add_record(self._first(QUOTAS.key)),
            "new_record": lambda: self._add_record(self._register()),
        }

    def fill(self) -> None:
        """Add to the register what the plan names and it does not have."""
        project = self._writable()
        if project is None:
            return
        self._desk.jobs.start(
            _("Filling the register of demand"),
            lambda progress: _prepared(project, progress),
            done=self._take_prepared,
            failed=self._desk.dialogs.show_error,
            lane=PROJECT_LANE,
        )

    def new_quotas(self) -> None:
        """Make an empty register of quotas."""
        project = self._writable()
        if project is None:
            return
        self._desk.jobs.start(
            _("Making a register"),
            lambda progress: _new_quotas(project, progress),
            done=self._take_register,
            failed=self._desk.dialogs.show_error,
            lane=PROJECT_LANE,
        )

    def _add_record(self, layer: LayerInfo | None) -> None:
        """Add a feature without a shape to a register, and show its form."""
        if self._writable() is None:
            return
        if layer is None:
            self._desk.notice(_("The project has no register; fill one from the plan first."), None)
            return
        edit = Edit(_("New record in “{layer}”").format(layer=layer.name), (AddFeature(layer.uid, None),))
        self._editing.submit(edit, self._show_form)

    def _writable(self) -> Project | None:
        project = self._session.project
        if project is not None and project.read_only:
            self._desk.notice(_("The project is read only; nothing can be written."), None)
            return None
        return project

    def _register(self) -> LayerInfo | None:
        """Return the layer the record goes to: the edited or chosen one, else the first register."""
        chosen = (self._editing.layer, self._bench.window.layer_tree.current_layer())
        asked = (self._session.layer(uid) for uid in chosen if uid)
        every = (*asked, *self._session.layers)
        return next((each for each in every if each is not None and _is_register(each)), None)

    def _first(self, kind: str) -> LayerInfo | None:
        """Return the first register of a kind."""
        return next((each for each in self._session.layers if each.kind == kind), None)

    def _show_form(self, record: EditRecord) -> None:
        (change,) = record.changes
        self._session.select({change.layer_uid: (change.zs_uid,)})
        command = self._bench.window.findChild(QAction, "feature_form")
        if command is not None:
            command.trigger()

    def _take_prepared(self, prepared: _Prepared) -> None:
        if prepared.edit is not None:
            self._editing.submit(prepared.edit, lambda _record: self._tell(prepared))
            return
        if prepared.added:
            self._session.renew_layers(prepared.layers)
            self._session.mark_saved(datetime.now())
        self._tell(prepared)

    def _take_register(self, found: tuple[LayerInfo, tuple[LayerInfo, ...]]) -> None:
        layer, layers = found
        self._session.renew_layers(layers)
        self._session.mark_saved(datetime.now())
        self._desk.notice(_("Register “{layer}” made.").format(layer=layer.name), None)

    def _tell(self, prepared: _Prepared) -> None:
        self._desk.notice(
            _("“{layer}”: {added} projects of the plan added, {kept} stood there already.").format(
                layer=prepared.name, added=prepared.added, kept=prepared.kept
            ),
            None,
        )


def _is_register(layer: LayerInfo) -> bool:
    return layer.kind in KINDS and KINDS[layer.kind].shape_optional


def _prepared(project: Project, progress: Progress) -> _Prepared:
    from zsgis.demand.priorities import priority_rule
    from zsgis.demand.starter import codes_of, fill_edit, missing_records, new_register, starter_records
    from zsgis.plan import load_plan

    records = starter_records(load_plan(), priority_rule())
    wanted = missing_records(records, codes_of(project))
    kept = len(records) - len(wanted)
    there = project.layers_of(DEMAND.key)
    if there:
        edit = fill_edit(there[0], wanted) if wanted else None
        return _Prepared((), edit, there[0].name, len(wanted), kept)
    layer = new_register(project, wanted, progress)
    return _Prepared(tuple(project.layers()), None, layer.name, len(wanted), kept)


def _new_quotas(project: Project, progress: Progress) -> tuple[LayerInfo, tuple[LayerInfo, ...]]:
    from zsgis.demand.starter import new_register

    layer = new_register(project, (), progress, kind_key=QUOTAS.key)
    return layer, tuple(project.layers())
