"""The steps of one edit, written inside a transaction; the database's triggers write the history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import sql

from layers.edits import FeatureChange, FeatureState, Keep
from layers.errors import InputError, StaleEditError
from layers.store.blob import body
from layers.store.edits.entries import Row
from layers.store.edits.steps import Alter, Put, Step, Take
from layers.store.edits.writing import state_of
from layers.store.postgis.adding import require_unused
from layers.store.postgis.connecting import Connection, in_schema
from layers.store.postgis.heads import signed
from layers.store.postgis.plans import LayerPlan
from layers.store.postgis.reading import rows
from layers.store.postgis.values import for_column
from layers.words import _

_ROW = ("fid", "zs_uid", "zs_version", "geom")
_LAST_CHANGE = """
SELECT e.role, e.author, e.time FROM {schema}.zs_changes AS c JOIN {schema}.zs_edits AS e ON e.number = c.edit
WHERE c.layer_uid = %s AND c.zs_uid = %s ORDER BY c.id DESC LIMIT 1
"""


class EditWriter:
    """Writes the steps of one edit inside the transaction that is open.

    Parameters
    ----------
    plans : mapping
        The layers it may touch, by uid.
    """

    def __init__(self, connection: Connection, schema: str, plans: Mapping[str, LayerPlan]) -> None:
        self._connection = connection
        self._schema = schema
        self._plans = plans
        self._known: dict[tuple[str, str], Row | None] = {}
        self._changes: list[FeatureChange] = []

    @property
    def changes(self) -> tuple[FeatureChange, ...]:
        """What was done so far."""
        return tuple(self._changes)

    def renew(self, plans: Mapping[str, LayerPlan]) -> None:
        """Take over the layers as they are after columns were added."""
        self._plans = plans

    def plan(self, layer_uid: str) -> LayerPlan:
        """Return a layer.

        Raises
        ------
        InputError
            When the project has none.
        """
        if layer_uid not in self._plans:
            raise InputError(
                _("The layer is no longer in the project."),
                where=layer_uid,
                remedy=_("Open the project again and repeat."),
            )
        return self._plans[layer_uid]

    def lock(self, features: Iterable[tuple[str, str]]) -> None:
        """Take hold of features before they are changed, in one order, so that nobody waits in a ring.

        Parameters
        ----------
        features : iterable of (str, str)
            ``uid`` of the layer and ``zs_uid``.
        """
        by_layer: dict[str, list[str]] = {}
        for layer_uid, zs_uid in features:
            by_layer.setdefault(layer_uid, []).append(zs_uid)
        for layer_uid in sorted(by_layer):
            uids = sorted(set(by_layer[layer_uid]))
            self._known.update({(layer_uid, uid): None for uid in uids})
            for uid, row in read_rows(self._connection, self.plan(layer_uid), uids, lock=True).items():
                self._known[layer_uid, uid] = row

    def row(self, layer_uid: str, zs_uid: str) -> Row | None:
        """Return a feature that was locked, as it stands within this edit."""
        return self._known[layer_uid, zs_uid]

    def write(self, step: Step) -> None:
        """Do one step on a feature that was locked.

        Raises
        ------
        StaleEditError
            When the feature was changed or removed since the step was thought out.
        InputError
            When a new feature's identifier is in use, or a text cannot be held.
        """
        plan = self.plan(step.layer_uid)
        before = self._known[step.layer_uid, step.zs_uid]
        if isinstance(step, Put):
            after: Row | None = self._put(plan, step, before)
        else:
            if before is None or (step.version and step.version != before.version):
                raise self.stale(plan, step.zs_uid)
            if isinstance(step, Alter):
                after = self._alter(plan, step, before)
            else:
                self._take(plan, step)
                after = None
        self._known[step.layer_uid, step.zs_uid] = after
        parents = () if isinstance(step, Take) else step.parents
        states = _state(step.zs_uid, before), _state(step.zs_uid, after)
        self._changes.append(FeatureChange(step.layer_uid, step.zs_uid, *states, parents))

    def note_parents(self) -> None:
        """Let the history know what features were made from."""
        told = [
            {"layer": change.layer_uid, "feature": change.zs_uid, "parents": list(change.parents)}
            for change in self._changes
            if change.parents
        ]
        if told:
            self._connection.execute(
                in_schema(self._schema, "SELECT {schema}.zs_set_parents(%s)"), (json.dumps(told),)
            )

    def stale(self, plan: LayerPlan, zs_uid: str) -> StaleEditError:
        """Return the error for a feature that is not as it was, naming who changed it and when."""
        found = self._connection.execute(
            in_schema(self._schema, _LAST_CHANGE), (plan.info.uid, zs_uid)
        ).fetchone()
        if found is None:
            return StaleEditError(
                _("A feature of layer “{layer}” was changed or deleted meanwhile.").format(
                    layer=plan.info.name
                ),
                where=zs_uid,
                remedy=_("Look at it again and repeat the edit."),
            )
        return changed_by(plan, zs_uid, found)

    def _put(self, plan: LayerPlan, step: Put, before: Row | None) -> Row:
        if before is not None:
            require_unused(self._connection, self._schema, tuple(self._plans.values()), [step.zs_uid])
        values = {field.name: step.values.get(field.name) for field in plan.info.fields}
        names: list[sql.Composable] = [sql.Identifier("geom"), sql.Identifier("zs_uid")]
        marks: list[sql.Composable] = [plan.shape_given, sql.SQL("%s")]
        given: list[Any] = [None if step.blob is None else body(step.blob), step.zs_uid]
        if step.fid:
            names.append(sql.Identifier("fid"))
            marks.append(sql.SQL("%s"))
            given.append(step.fid)
        for name, value in values.items():
            names.append(sql.Identifier(plan.columns[name]))
            marks.append(sql.SQL("%s"))
            given.append(for_column(value, plan.type_of(name), plan.info.name))
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING zs_version, fid").format(
            plan.table, sql.SQL(", ").join(names), sql.SQL(", ").join(marks)
        )
        version, fid = self._returned(statement, given)
        return Row(version, step.blob, values, fid)

    def _alter(self, plan: LayerPlan, step: Alter, before: Row) -> Row:
        blob = before.blob if isinstance(step.blob, Keep) else step.blob
        changed = {name: value for name, value in step.values.items() if value != before.values[name]}
        settings: list[sql.Composable] = [sql.SQL("zs_version = zs_version")]
        given: list[Any] = []
        if not same_shape(blob, before.blob):
            settings.append(sql.SQL("geom = {}").format(plan.shape_given))
            given.append(None if blob is None else body(blob))
        for name, value in changed.items():
            settings.append(sql.SQL("{} = %s").format(sql.Identifier(plan.columns[name])))
            given.append(for_column(value, plan.type_of(name), plan.info.name))
        # the row is held already; its version stands here too, so that nothing is ever written over unseen
        statement = sql.SQL(
            "UPDATE {} SET {} WHERE zs_uid = %s AND zs_version = %s RETURNING zs_version, fid"
        )
        filled = statement.format(plan.table, sql.SQL(", ").join(settings))
        version, fid = self._returned(filled, [*given, step.zs_uid, before.version])
        return Row(version, blob, {**before.values, **changed}, fid)

    def _take(self, plan: LayerPlan, step: Take) -> None:
        statement = sql.SQL("DELETE FROM {} WHERE zs_uid = %s RETURNING zs_version, fid").format(plan.table)
        self._returned(statement, [step.zs_uid])

    def _returned(self, statement: sql.Composed, values: Sequence[Any]) -> tuple[int, int]:
        found = self._connection.execute(statement, values).fetchone()
        if found is None:
            raise StaleEditError(
                _("A feature was changed or deleted meanwhile."), remedy=_("Repeat the edit.")
            )
        return int(found[0]), int(found[1])


def read_rows(
    connection: Connection, plan: LayerPlan, uids: Sequence[str] | None, *, lock: bool = False
) -> dict[str, Row]:
    """Return features as the table holds them, by ``zs_uid``; all where ``uids`` is None."""
    names = tuple(field.name for field in plan.info.fields)
    if uids is None:
        found = rows(connection, plan, (*_ROW, *names), "ORDER BY fid")
    else:
        condition = "WHERE zs_uid = ANY(%s) ORDER BY " + ("zs_uid FOR UPDATE" if lock else "fid")
        # nothing is called by a text that a database cannot hold
        known = [uid for uid in uids if "\x00" not in uid]
        found = rows(connection, plan, (*_ROW, *names), condition, (known,))
    return {row[1]: Row(row[2], row[3], dict(zip(names, row[4:], strict=True)), row[0]) for row in found}


def same_shape(first: bytes | None, second: bytes | None) -> bool:
    """Tell whether two stored shapes are alike, bit for bit, whatever their headers say."""
    if first is None or second is None:
        return first is second
    return body(first) == body(second)


def changed_by(plan: LayerPlan, zs_uid: str, found: Sequence[Any]) -> StaleEditError:
    """Return the error for a feature that somebody else changed: role, author, time."""
    role, author, time = found
    return StaleEditError(
        _("A feature of layer “{layer}” was changed or deleted meanwhile, by {who} at {time}.").format(
            layer=plan.info.name, who=signed(role, author), time=f"{time.astimezone():%Y-%m-%d %H:%M:%S}"
        ),
        where=zs_uid,
        remedy=_("Look at it again and repeat the edit."),
    )


def _state(zs_uid: str, row: Row | None) -> FeatureState | None:
    return None if row is None else state_of(zs_uid, row.version, row.blob, row.values)
