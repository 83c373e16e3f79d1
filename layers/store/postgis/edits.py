"""The part of a project in a database that edits features and remembers it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from layers.edits import (
    Author,
    Edit,
    EditHead,
    EditKind,
    EditRecord,
    FeatureChange,
    FeatureState,
    FeatureVersion,
    Foretell,
)
from layers.errors import BlockedUndoError, InputError, StaleEditError
from layers.progress import NoProgress, Progress
from layers.store.edits.entries import Row
from layers.store.edits.losses import rebuilt, require_nothing_lost
from layers.store.edits.steps import Put, Step, require_uid, step_of
from layers.store.edits.undoing import step_between
from layers.store.edits.writing import state_of
from layers.store.postgis import heads, looking_back
from layers.store.postgis.adding import require_unused
from layers.store.postgis.committing import Committer
from layers.store.postgis.connecting import Connection, in_schema
from layers.store.postgis.connections import Connections
from layers.store.postgis.edit_writing import EditWriter, changed_by, read_rows, same_shape
from layers.store.postgis.plans import LayerPlan, read_plans
from layers.store.uids import new_uid, new_uids
from layers.words import _

_Work = Callable[[EditWriter], None]
Answer = TypeVar("Answer")

_CHANGED_BY_OTHERS = """
SELECT e.role, e.author, e.time FROM {schema}.zs_changes AS c JOIN {schema}.zs_edits AS e ON e.number = c.edit
WHERE c.layer_uid = %s AND c.zs_uid = %s AND c.id > %s AND NOT (e.role = session_user AND e.author = %s)
ORDER BY c.id DESC LIMIT 1
"""


class PostgisEdits:
    """Edits of a project in a database; see :class:`layers.store.interface.EditStore` for what is promised.

    Undoing and redoing take back and make again what the same person did, as long as nobody else has changed
    the same features since.

    Parameters
    ----------
    author : Author
        Who edits, as this program states it; the database also keeps the role it knows.
    """

    def __init__(self, connections: Connections, schema: str, postgis: str, author: Author) -> None:
        self._connections = connections
        self._schema = schema
        self._postgis = postgis
        self._committer = Committer(connections)
        self._undoing = object()
        self._redoing = object()
        self.author = author

    def plans(self, connection: Connection) -> dict[str, LayerPlan]:
        """Return all layers by uid, top first."""
        return {plan.info.uid: plan for plan in read_plans(connection, self._schema, self._postgis)}

    def apply(
        self, edit: Edit, progress: Progress | None = None, foretell: Foretell | None = None
    ) -> EditRecord:
        """Make all changes of an edit, in one transaction; the database writes the history."""
        reporter = progress or NoProgress()
        if not edit.changes:
            raise InputError(_("The edit changes nothing."), remedy=_("Select something first."))
        if edit.uid:
            require_uid(edit.uid)
        return self._committer.write(
            edit.uid or edit, lambda lent: self._apply_inside(lent, edit, reporter, foretell)
        )

    def _apply_inside(
        self, connection: Connection, edit: Edit, progress: Progress, foretell: Foretell | None = None
    ) -> EditRecord:
        """Make all changes of an edit inside the transaction that is open, unless it was made before."""
        plans = self.plans(connection)
        known = self._known(connection, plans, edit.uid)
        if known is not None:
            return known
        self._require_nothing_lost(connection, plans, edit)
        made = new_uids(len(edit.changes))
        writer = EditWriter(connection, self._schema, plans)
        steps: list[Step] = []
        for number, change in enumerate(edit.changes):
            plan = writer.plan(change.layer_uid)
            step = step_of(change, plan.info, plan.srid, made[number])
            if isinstance(step, Put) and step.zs_uid != made[number]:
                others = [other for other in plans.values() if other is not plan]
                require_unused(connection, self._schema, others, [step.zs_uid], own=plan.info.uid)
            steps.append(step)
        record = self._written(connection, writer, edit, steps, progress)
        if foretell is not None:
            foretell(record)
        return record

    def _require_nothing_lost(
        self, connection: Connection, plans: Mapping[str, LayerPlan], edit: Edit
    ) -> None:
        wanted: dict[str, list[str]] = {}
        for layer_uid, zs_uid in rebuilt(edit):
            wanted.setdefault(layer_uid, []).append(zs_uid)
        states = {
            (layer_uid, uid): state_of(uid, row.version, row.blob, row.values)
            for layer_uid, uids in wanted.items()
            for uid, row in read_rows(connection, self._plan(plans, layer_uid), uids).items()
        }
        require_nothing_lost(
            edit, lambda uid: plans[uid].info, lambda layer_uid, uid: states.get((layer_uid, uid))
        )

    def _known(self, connection: Connection, plans: Mapping[str, LayerPlan], uid: str) -> EditRecord | None:
        """Return an edit that is in the database already; its author did not learn that it arrived."""
        found = (uid and heads.find_head(connection, self._schema, uid)) or None
        if found is None:
            return None
        changes = looking_back.edit_changes(connection, plans, self._schema, self._postgis, found.number)
        versions = heads.versions_of(connection, self._schema, found.number)
        return EditRecord(found, tuple(change for _entry, change in changes), versions)

    def undo(self, progress: Progress | None = None) -> EditRecord | None:
        """Take the last edit of this person back that is not taken back yet; None where there is none."""

        def work(lent: Connection) -> EditRecord | None:
            chosen = heads.undoable(lent, self._schema, self.author)
            try:
                return self._turn(lent, chosen, EditKind.UNDO, progress)
            except StaleEditError as error:
                if chosen is None:
                    raise
                raise BlockedUndoError(error, chosen.head.uid) from error

        return self._committer.write(self._undoing, work)

    def pass_over(self, edit_uid: str, why: str) -> EditRecord | None:
        """Leave an edit out of undoing for good, and say so in the list of edits; what it did stays."""

        def work(lent: Connection) -> EditRecord | None:
            chosen = heads.undoable(lent, self._schema, self.author)
            if chosen is None or chosen.head.uid != edit_uid:
                return None
            writer = EditWriter(lent, self._schema, self.plans(lent))
            edit = Edit(chosen.head.title, (), why, EditKind.UNDO)
            return self._written(lent, writer, edit, (), NoProgress(), of=edit_uid)

        return self._committer.write(f"pass over {edit_uid}", work)

    def redo(self, progress: Progress | None = None) -> EditRecord | None:
        """Make this person's edit again that was taken back last, unless they edited something else since."""
        return self._committer.write(
            self._redoing,
            lambda lent: self._turn(
                lent, heads.redoable(lent, self._schema, self.author), EditKind.REDO, progress
            ),
        )

    def undoable(self) -> EditHead | None:
        """Return the edit that :meth:`undo` would take back."""
        found = self._connections.reading(lambda lent: heads.undoable(lent, self._schema, self.author))
        return None if found is None else found.head

    def redoable(self) -> EditHead | None:
        """Return the edit that :meth:`redo` would make again."""
        found = self._connections.reading(lambda lent: heads.redoable(lent, self._schema, self.author))
        return None if found is None else found.head

    def edits(self, *, layer_uid: str = "", limit: int = 200, before: int = 0) -> tuple[EditHead, ...]:
        """Return edits of everybody, the latest first."""
        return self._connections.reading(
            lambda lent: heads.read_heads(lent, self._schema, layer_uid=layer_uid, limit=limit, before=before)
        )

    def changes_of(self, edit_uid: str) -> tuple[FeatureChange, ...]:
        """Return what an edit did, in its order."""

        def read(lent: Connection, plans: Mapping[str, LayerPlan]) -> tuple[FeatureChange, ...]:
            number = lent.execute(
                in_schema(self._schema, "SELECT number FROM {schema}.zs_edits WHERE uid = %s"), (edit_uid,)
            ).fetchone()
            if number is None:
                return ()
            found = looking_back.edit_changes(lent, plans, self._schema, self._postgis, number[0])
            return tuple(change for _entry, change in found)

        return self._looked(read)

    def record(self, edit_uid: str) -> EditRecord | None:
        """Return an edit with what it did; None where there is none."""
        return self._looked(lambda lent, plans: self._known(lent, plans, edit_uid))

    def states(self, layer_uid: str, uids: Collection[str] | None = None) -> tuple[FeatureState, ...]:
        """Return features as they stand, of one layer; those that are gone are left out."""

        def read(lent: Connection, plans: Mapping[str, LayerPlan]) -> tuple[FeatureState, ...]:
            plan = self._plan(plans, layer_uid)
            found = read_rows(lent, plan, None if uids is None else list(uids))
            return tuple(state_of(uid, row.version, row.blob, row.values) for uid, row in found.items())

        return self._looked(read)

    def history(self, layer_uid: str, zs_uid: str) -> tuple[FeatureVersion, ...]:
        """Return the history of a feature, the oldest entry first; the first is how it came in."""
        return self._looked(
            lambda lent, plans: looking_back.history(lent, self._plan(plans, layer_uid), zs_uid)
        )

    def changes_since(self, layer_uid: str, version: int) -> tuple[FeatureChange, ...] | None:
        """Return what edits did to a layer after its ``version``; None where edits alone do not tell."""
        return self._looked(
            lambda lent, plans: looking_back.changes_since(lent, self._plan(plans, layer_uid), version)
        )

    def restore(self, moment: datetime, progress: Progress | None = None) -> EditRecord | None:
        """Put the features of all layers back to how they stood at a moment, as one edit; None where they do.

        What others did since is taken back too. Layers that came since stay as they are.
        """
        reporter = progress or NoProgress()
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")
        title = _("Put back to {time}").format(time=moment.astimezone().strftime("%Y-%m-%d %H:%M:%S"))

        def work(connection: Connection) -> EditRecord | None:
            writer = EditWriter(connection, self._schema, self.plans(connection))
            wanted: dict[tuple[str, str], Row | None] = {}
            numbers = looking_back.edits_after(connection, self._schema, moment)
            for plan in self.plans(connection).values():
                found = looking_back.changed_by(connection, plan, numbers)
                then, _now = looking_back.rows_before(connection, plan, found)
                wanted.update({(plan.info.uid, uid): row for uid, row in then.items()})
            writer.lock(wanted)
            steps = [
                step_between(layer, uid, writer.row(layer, uid), then)
                for (layer, uid), then in wanted.items()
                if not _alike(writer.row(layer, uid), then)
            ]
            # what goes leaves first: its identifiers and places may be wanted by what comes back
            steps.sort(key=lambda step: isinstance(step, Put))
            edit = Edit(title, (), kind=EditKind.RESTORE)
            return self._written(connection, writer, edit, steps, reporter) if steps else None

        return self._committer.write(object(), work)

    def write_rows(
        self, edit: Edit, steps_of: Callable[[Connection, EditWriter], list[Step]], progress: Progress
    ) -> EditRecord:
        """Write steps that are thought out within the transaction."""

        def work(connection: Connection) -> EditRecord:
            writer = EditWriter(connection, self._schema, self.plans(connection))
            return self._written(connection, writer, edit, steps_of(connection, writer), progress)

        return self._committer.write(edit, work)

    def _turn(
        self,
        connection: Connection,
        chosen: heads.Turnable | None,
        kind: EditKind,
        progress: Progress | None,
    ) -> EditRecord | None:
        if chosen is None:
            return None
        plans = self.plans(connection)
        found = looking_back.edit_changes(connection, plans, self._schema, self._postgis, chosen.number)
        writer = EditWriter(connection, self._schema, plans)
        writer.lock((entry.layer_uid, entry.zs_uid) for entry, _change in found)
        expected = {
            (entry.layer_uid, entry.zs_uid): writer.row(entry.layer_uid, entry.zs_uid)
            for entry, _change in found
        }
        kept: dict[str, dict[int, bytes | None]] = {}
        for uid in {entry.layer_uid for entry, _change in found}:
            of_layer = [entry for entry, _change in found if entry.layer_uid == uid]
            kept[uid] = looking_back.kept_shapes(connection, plans[uid], of_layer)
        steps = []
        for entry, _change in reversed(found):
            plan = plans[entry.layer_uid]
            shape = kept[entry.layer_uid].get(entry.number)
            now = expected[entry.layer_uid, entry.zs_uid]
            self._require_untouched(connection, plan, entry, now, entry.row_after(plan, shape))
            then = entry.row_before(plan, shape)
            steps.append(step_between(entry.layer_uid, entry.zs_uid, now, then))
            expected[entry.layer_uid, entry.zs_uid] = then
        edit = Edit(chosen.head.title, (), kind=kind)
        of = chosen.head.uid
        return self._written(connection, writer, edit, steps, progress or NoProgress(), of=of)

    def _require_untouched(
        self,
        connection: Connection,
        plan: LayerPlan,
        entry: looking_back.Entry,
        now: Row | None,
        left: Row | None,
    ) -> None:
        """Refuse to turn round what somebody else has changed since.

        Raises
        ------
        StaleEditError
        """
        found = connection.execute(
            in_schema(self._schema, _CHANGED_BY_OTHERS),
            (plan.info.uid, entry.zs_uid, entry.number, self.author.name),
        ).fetchone()
        if found is not None:
            raise changed_by(plan, entry.zs_uid, found)
        if not _alike(now, left):
            raise StaleEditError(
                _("A feature of layer “{layer}” was changed since by something else than this edit.").format(
                    layer=plan.info.name
                ),
                where=entry.zs_uid,
                remedy=_("Look at the feature's history, and put it back to the state you want from there."),
            )

    def _written(
        self,
        connection: Connection,
        writer: EditWriter,
        edit: Edit,
        steps: Iterable[Step],
        progress: Progress,
        of: str = "",
    ) -> EditRecord:
        """Write steps as one edit in the transaction that is open; return what was done."""
        wanted = list(steps)
        uid = edit.uid or new_uid()
        heads.begin(connection, self._schema, uid, edit, self.author, of)
        writer.lock((step.layer_uid, step.zs_uid) for step in wanted)
        for number, step in enumerate(wanted):
            progress.step(number / len(wanted), _("Writing changes"))
            writer.write(step)
        writer.note_parents()
        head, versions = heads.finish(connection, self._schema, uid)
        return EditRecord(head, writer.changes, versions)

    def _looked(self, read: Callable[[Connection, Mapping[str, LayerPlan]], Answer]) -> Answer:
        """Read several things as they stood at one moment."""

        def work(connection: Connection) -> Answer:
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                return read(connection, self.plans(connection))

        return self._connections.reading(work)

    def _plan(self, plans: Mapping[str, LayerPlan], layer_uid: str) -> LayerPlan:
        if layer_uid not in plans:
            raise InputError(
                _("The layer is no longer in the project."),
                where=layer_uid,
                remedy=_("Open the project again and repeat."),
            )
        return plans[layer_uid]


def _alike(first: Row | None, second: Row | None) -> bool:
    if first is None or second is None:
        return first is second
    return same_shape(first.blob, second.blob) and dict(first.values) == dict(second.values)
