"""An edit taken back or made again, from what the journal says of it, byte for byte."""

from __future__ import annotations

import apsw

from layers.edits import Keep
from layers.errors import StaleEditError
from layers.progress import Progress
from layers.store.edits.deltas import DeltaMismatchError
from layers.store.edits.entries import Entry, Row, entries_of_edit
from layers.store.edits.steps import Alter, Put, Step, Take
from layers.store.edits.writing import EditWriter, read_stored
from layers.store.model import LayerInfo
from layers.words import _


def take_back(connection: apsw.Connection, edit_uid: str, writer: EditWriter, progress: Progress) -> None:
    """Write what turns an edit round, the last of its changes first.

    Raises
    ------
    StaleEditError
        When a feature is not as the edit left it.
    """
    found = entries_of_edit(connection, edit_uid)
    for number, entry in enumerate(reversed(found)):
        progress.step(number / len(found), _("Writing changes"))
        info = writer.info(entry.layer_uid)
        row = current_row(connection, info, entry.zs_uid)
        writer.write(step_between(entry.layer_uid, entry.zs_uid, row, _turned(info, entry, row, back=True)))


def make_again(connection: apsw.Connection, edit_uid: str, writer: EditWriter, progress: Progress) -> None:
    """Write what an edit did, once more; raises as :func:`take_back`."""
    found = entries_of_edit(connection, edit_uid)
    for number, entry in enumerate(found):
        progress.step(number / len(found), _("Writing changes"))
        info = writer.info(entry.layer_uid)
        row = current_row(connection, info, entry.zs_uid)
        writer.write(step_between(entry.layer_uid, entry.zs_uid, row, _turned(info, entry, row, back=False)))


def current_row(connection: apsw.Connection, info: LayerInfo, zs_uid: str) -> Row | None:
    """Return a feature as its table holds it now."""
    stored = read_stored(connection, info, zs_uid)
    return None if stored is None else Row(stored.version, stored.blob, stored.values, stored.fid)


def step_between(layer_uid: str, zs_uid: str, now: Row | None, wanted: Row | None) -> Step:
    """Return the step from a feature as it is to what it shall be.

    Raises
    ------
    ValueError
        When it neither is nor shall be.
    """
    if wanted is None:
        if now is None:
            raise ValueError("no feature before, none after")
        return Take(layer_uid, zs_uid)
    if now is None:
        return Put(layer_uid, zs_uid, wanted.blob, wanted.values, fid=wanted.fid)
    blob = Keep.SHAPE if wanted.blob == now.blob else wanted.blob
    return Alter(layer_uid, zs_uid, blob, wanted.values)


def _turned(info: LayerInfo, entry: Entry, row: Row | None, *, back: bool) -> Row | None:
    try:
        return entry.back(row) if back else entry.forward(row)
    except DeltaMismatchError as error:
        raise StaleEditError(
            _("A feature of layer “{layer}” was changed since by something else than this edit.").format(
                layer=info.name
            ),
            where=entry.zs_uid,
            remedy=_("Look at the feature's history, and put it back to the state you want from there."),
            details=str(error),
        ) from error
