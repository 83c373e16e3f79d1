"""The part of a project that edits features and remembers it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import apsw

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
from layers.store.column_writing import ColumnValues, add_columns, column_changes
from layers.store.database import Database
from layers.store.edits import heads
from layers.store.edits.looking_back import changes_since, edit_changes, history, rows_at
from layers.store.edits.losses import require_nothing_lost
from layers.store.edits.steps import blobs_of, require_uid, step_of, touched
from layers.store.edits.undoing import make_again, step_between, take_back
from layers.store.edits.writing import EditWriter, read_srs_id, read_states, read_unusual
from layers.store.failures import UnsettledError
from layers.store.layer_list import LayerList
from layers.store.model import LayerInfo
from layers.store.uids import new_uid, new_uids
from layers.words import _

_Work = Callable[[apsw.Connection, EditWriter], None]


class ProjectEdits:
    """Edits of a project file; see :class:`layers.store.interface.EditStore` for what the calls promise.

    Parameters
    ----------
    database : Database
    author : Author
        Who edits.
    """

    def __init__(self, database: Database, author: Author) -> None:
        self._database = database
        self._list = LayerList()
        # an undoing or redoing of which nobody knows whether it arrived: asked again, it is not done twice
        self._doubtful: dict[EditKind, str] = {}
        self.author = author

    def apply(
        self, edit: Edit, progress: Progress | None = None, foretell: Foretell | None = None
    ) -> EditRecord:
        """Make all changes of an edit, in one transaction, and write them down in the journal."""
        if not edit.changes:
            raise InputError(_("The edit changes nothing."), remedy=_("Select something first."))
        if edit.uid:
            require_uid(edit.uid)
        named = edit if edit.uid else replace(edit, uid=new_uid())
        made: list[EditRecord] = []

        def tell() -> None:
            if foretell is not None and made:
                foretell(made[0])

        with self._database.writing(heads.landed(named.uid), tell) as connection:
            known = self._known(connection, edit.uid)
            if known is None:
                record, layers = self._apply_inside(connection, named, progress or NoProgress())
                made.append(record)
        if known is not None:
            self._database.confirm()
            return known
        self._list = layers
        self._doubtful.clear()
        return record

    def _known(self, connection: apsw.Connection, uid: str) -> EditRecord | None:
        """Return an edit that is in the journal already; its author did not learn that it arrived."""
        head = heads.read_head(connection, uid) if uid else None
        if head is None:
            return None
        layers = {info.uid: info for info in self._list.all(connection)}
        versions = {each: layers[each].version for each in head.layer_uids if each in layers}
        return EditRecord(head, edit_changes(connection, layers, uid), versions)

    def _apply_inside(
        self, connection: apsw.Connection, edit: Edit, progress: Progress
    ) -> tuple[EditRecord, LayerList]:
        """Make all changes of an edit inside the transaction that is open."""

        def work(lent: apsw.Connection, writer: EditWriter) -> None:
            require_nothing_lost(
                edit, writer.info, lambda layer, uid: read_unusual(lent, writer.info(layer), uid)
            )
            srs = {uid: read_srs_id(lent, writer.info(uid)) for uid in touched(edit.changes)}
            blobs: dict[int, bytes] = {}
            for uid, srs_id in srs.items():
                blobs |= blobs_of(edit.changes, writer.info(uid), srs_id)
            made = new_uids(len(edit.changes))
            for number, change in enumerate(edit.changes):
                progress.step(number / len(edit.changes), _("Writing changes"))
                info = writer.info(change.layer_uid)
                step = step_of(change, info, srs[change.layer_uid], made[number], blobs.get(number))
                writer.write(step)

        layers = self._list.all(connection)
        uid = edit.uid or new_uid()
        head = heads.begin(connection, uid, self.author, edit.title, edit.kind, reason=edit.reason)
        return self._write(connection, head, layers, work)

    def undo(self, progress: Progress | None = None) -> EditRecord | None:
        """Take the last edit back that is not taken back yet; None where there is none."""
        return self._turn(heads.undoable, EditKind.UNDO, heads.EditState.UNDONE, take_back, progress)

    def redo(self, progress: Progress | None = None) -> EditRecord | None:
        """Make the edit again that was taken back last, unless something else was edited since."""
        return self._turn(heads.redoable, EditKind.REDO, heads.EditState.DONE, make_again, progress)

    def pass_over(self, edit_uid: str, why: str) -> EditRecord | None:
        """Leave an edit out of undoing for good, and say so in the list of edits; what it did stays."""
        uid = new_uid()
        with self._database.writing(heads.landed(uid)) as connection:
            of = heads.undoable(connection)
            if of is None or of.uid != edit_uid:
                return None
            head = heads.begin(connection, uid, self.author, of.title, EditKind.UNDO, of=of.uid, reason=why)
            heads.set_state(connection, of.uid, heads.EditState.PASSED)
            head = replace(head, layer_uids=of.layer_uids)
            heads.finish(connection, head)
        return EditRecord(head, (), {})

    def undoable(self) -> EditHead | None:
        """Return the edit that :meth:`undo` would take back."""
        with self._database.reading() as connection:
            return heads.undoable(connection)

    def redoable(self) -> EditHead | None:
        """Return the edit that :meth:`redo` would make again."""
        with self._database.reading() as connection:
            return heads.redoable(connection)

    def edits(self, *, layer_uid: str = "", limit: int = 200, before: int = 0) -> tuple[EditHead, ...]:
        """Return edits, the latest first; ``before`` a number leaves out that one and later ones."""
        with self._database.reading() as connection:
            return heads.read_heads(connection, layer_uid=layer_uid, limit=limit, before=before)

    def changes_of(self, edit_uid: str) -> tuple[FeatureChange, ...]:
        """Return what an edit did, in its order; what cannot be told any more is left out."""
        with self._database.reading() as connection:
            layers = {info.uid: info for info in self._list.all(connection)}
            return edit_changes(connection, layers, edit_uid)

    def states(self, layer_uid: str, uids: Collection[str] | None = None) -> tuple[FeatureState, ...]:
        """Return features as they stand, of one layer; those that are gone are left out."""
        with self._database.reading() as connection:
            return read_states(connection, self._info(connection, layer_uid), uids)

    def history(self, layer_uid: str, zs_uid: str) -> tuple[FeatureVersion, ...]:
        """Return the history of a feature, the oldest entry first; the first is how it came in."""
        with self._database.reading() as connection:
            return history(connection, self._info(connection, layer_uid), zs_uid)

    def changes_since(self, layer_uid: str, version: int) -> tuple[FeatureChange, ...] | None:
        """Return what edits did to a layer after its ``version``; None where edits alone do not tell."""
        with self._database.reading() as connection:
            return changes_since(connection, self._info(connection, layer_uid), version)

    def restore(self, moment: datetime, progress: Progress | None = None) -> EditRecord | None:
        """Put the features of all layers back to how they stood at a moment, as one edit; None where they do.

        Layers that came since stay as they are.

        Raises
        ------
        InputError
            When a layer was changed since by something that the journal does not tell, naming it.
        """
        reporter = progress or NoProgress()
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")

        def work(connection: apsw.Connection, writer: EditWriter) -> None:
            found = list(rows_at(connection, writer.layers, moment))
            # what goes leaves first: its identifiers and places may be wanted by what comes back
            found.sort(key=lambda each: each[3] is not None)
            for number, (layer_uid, zs_uid, now, then) in enumerate(found):
                reporter.step(number / len(found), _("Writing changes"))
                writer.write(step_between(layer_uid, zs_uid, now, then))

        title = _("Put back to {time}").format(time=moment.astimezone().strftime("%Y-%m-%d %H:%M:%S"))
        uid, record, layers = new_uid(), None, self._list
        with suppress(_NothingToDoError), self._database.writing(heads.landed(uid)) as connection:
            before = self._list.all(connection)
            head = heads.begin(connection, uid, self.author, title, EditKind.RESTORE)
            record, layers = self._write(connection, head, before, work)
        self._list = layers
        return record

    def write_columns(
        self,
        uid: str,
        columns: Sequence[ColumnValues],
        reason: Mapping[str, Any],
        title: str,
        progress: Progress | None = None,
    ) -> EditRecord:
        """Write values into columns of a layer, new ones included, as one edit.

        Taken back, the values are as before; new columns stay, empty.

        Parameters
        ----------
        reason : mapping
            What the journal says of it, anything JSON can hold.
        title : str
            What the edit is called, in the user's language.

        Raises
        ------
        InputError
            When a value does not fit its column or a feature is gone; the project is as before.
        JobCancelled
            When the user stopped; the project is as before.
        """
        reporter = progress or NoProgress()
        edit_uid = new_uid()
        with self._database.writing(heads.landed(edit_uid)) as connection:
            head = heads.begin(connection, edit_uid, self.author, title, EditKind.EDIT)
            info = add_columns(connection, self._info(connection, uid), columns, reason)
            changes = column_changes(info, columns)
            writer = EditWriter(connection, head, {info.uid: info})
            for number, change in enumerate(changes):
                writer.write(step_of(change, info, 0, ""))
                reporter.step((number + 1) / len(changes), _("Writing columns"))
            renewed = writer.finish()
            head = completed(head, renewed, writer.changes)
            heads.finish(connection, head)
        return EditRecord(head, writer.changes, {one.uid: one.version for one in renewed})

    def _turn(
        self,
        choose: Callable[[apsw.Connection], EditHead | None],
        kind: EditKind,
        state: heads.EditState,
        turn: Callable[[apsw.Connection, str, EditWriter, Progress], None],
        progress: Progress | None,
    ) -> EditRecord | None:
        reporter = progress or NoProgress()
        again = self._doubtful.pop(kind, "")
        uid = again or new_uid()
        of: EditHead | None = None
        try:
            with self._database.writing(heads.landed(uid)) as connection:
                known = self._known(connection, again)
                of = choose(connection) if known is None else None
                if of is None:
                    return known
                before = self._list.all(connection)
                head = heads.begin(connection, uid, self.author, of.title, kind, of=of.uid)
                heads.set_state(connection, of.uid, state)
                record, layers = self._write(
                    connection, head, before, lambda lent, writer: turn(lent, of.uid, writer, reporter)
                )
        except UnsettledError:
            self._doubtful[kind] = uid
            raise
        except StaleEditError as error:
            if of is None or kind is not EditKind.UNDO:
                raise
            raise BlockedUndoError(error, of.uid) from error
        self._list = layers
        self._doubtful.clear()
        return record

    def _write(
        self, connection: apsw.Connection, head: EditHead, layers: Sequence[LayerInfo], work: _Work
    ) -> tuple[EditRecord, LayerList]:
        """Do the work inside the transaction; return what was done, and the layers as they are then.

        Parameters
        ----------
        layers : sequence of LayerInfo
            As they stand before: read before the transaction changes anything, they need not be counted anew.
        """
        writer = EditWriter(connection, head, {info.uid: info for info in layers})
        work(connection, writer)
        if not writer.changes:
            raise _NothingToDoError
        renewed = writer.finish()
        head = completed(head, renewed, writer.changes)
        heads.finish(connection, head)
        versions = {info.uid: info.version for info in renewed}
        return EditRecord(head, writer.changes, versions), self._list.renewed(connection, renewed)

    def _info(self, connection: apsw.Connection, layer_uid: str) -> LayerInfo:
        info = self._list.one(connection, layer_uid)
        if info is None:
            raise InputError(
                _("The layer is no longer in the project."),
                where=layer_uid,
                remedy=_("Open the project again and repeat."),
            )
        return info


def completed(head: EditHead, layers: Sequence[LayerInfo], changes: Sequence[FeatureChange]) -> EditHead:
    """Return the head of an edit with what it touched."""
    count = len({change.zs_uid for change in changes})
    return replace(head, count=count, layer_uids=tuple(info.uid for info in layers))


class _NothingToDoError(Exception):
    """Nothing differs: the transaction is given up, and nothing is written down."""
