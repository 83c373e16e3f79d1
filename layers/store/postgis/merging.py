"""What a merge asks of a project in a database besides edits."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from layers.edits import Edit, EditRecord
from layers.errors import StaleEditError
from layers.progress import NoProgress, Progress
from layers.store.editing import LayerChange
from layers.store.merging import LayerCopy, ProjectChanges, copied_draft, feature_mark
from layers.store.postgis.adding import add_layer, place
from layers.store.postgis.changing_layers import add_columns, remove_layer, update_layer
from layers.store.postgis.connecting import Connection, in_schema
from layers.store.postgis.edits import PostgisEdits
from layers.store.postgis.plans import LayerPlan
from layers.store.postgis.reading import pages
from layers.store.records import as_json
from layers.store.uids import new_uid
from layers.words import _

_SETTING = (
    "INSERT INTO {schema}.zs_settings (key, value) VALUES (%s, %s)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
_RUN = (
    "INSERT INTO {schema}.zs_runs (uid, capability, started, record) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (uid) DO NOTHING"
)


class PostgisMerging(PostgisEdits):
    """The part of a project in a database that is compared and brought together with its files."""

    def settings(self) -> dict[str, object]:
        """Return all settings that everybody shares, by key."""
        query = in_schema(self._schema, "SELECT key, value FROM {schema}.zs_settings ORDER BY key")
        found = self._connections.reading(lambda lent: lent.execute(query).fetchall())
        return {key: json.loads(value) for key, value in found}

    def fingerprints(self, layer_uid: str, progress: Progress | None = None) -> dict[str, bytes]:
        """Return a mark of each feature of a layer: alike where shape and values are alike, bit for bit."""
        reporter = progress or NoProgress()
        plan = self._plan(self._connections.reading(self.plans), layer_uid)
        names = sorted(plan.columns)
        marks: dict[str, bytes] = {}
        for page in pages(self._connections, plan, ("zs_uid", "geom", *names)):
            reporter.step(min(len(marks) / max(plan.info.feature_count, 1), 1.0), _("Comparing features"))
            marks.update({uid: feature_mark(blob, names, values) for _fid, uid, blob, *values in page})
        return marks

    def lineage(self, uids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return the features each was made from or took land from, for those that have any."""
        query = in_schema(
            self._schema,
            "SELECT zs_uid, parents FROM {schema}.zs_changes"
            " WHERE zs_uid = ANY(%s) AND cardinality(parents) > 0 ORDER BY id",
        )
        found = self._connections.reading(lambda lent: lent.execute(query, (list(uids),)).fetchall())
        parents: dict[str, dict[str, None]] = {}
        for child, known in found:
            parents.setdefault(child, {}).update(dict.fromkeys(known))
        return {
            child: tuple(parent for parent in known if parent != child) for child, known in parents.items()
        }

    def touched_by(self, edit_uids: Collection[str]) -> tuple[tuple[str, str, str], ...]:
        """Return which features edits touched, in their order: edit, layer, feature, each by its uid."""
        query = in_schema(
            self._schema,
            "SELECT e.uid, c.layer_uid, c.zs_uid FROM {schema}.zs_changes AS c"
            " JOIN {schema}.zs_edits AS e ON e.number = c.edit WHERE e.uid = ANY(%s) ORDER BY c.id",
        )
        found = self._connections.reading(lambda lent: lent.execute(query, (list(edit_uids),)).fetchall())
        return tuple((edit, layer, feature) for edit, layer, feature in found)

    def merge(
        self, changes: ProjectChanges, edit: Edit, progress: Progress | None = None
    ) -> EditRecord | None:
        """Write a merge, in one transaction; see :meth:`layers.store.merging.ProjectMerging.merge`."""
        reporter = progress or NoProgress()

        def work(connection: Connection) -> EditRecord | None:
            # whoever edits waits until the merge is there: nothing it rests on changes meanwhile
            connection.execute(
                in_schema(self._schema, "SELECT 1 FROM {schema}.zs_layers ORDER BY uid FOR UPDATE")
            )
            connection.execute("SET LOCAL statement_timeout = 0")
            connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            _require_unchanged(self.plans(connection), changes.expected)
            self._write_layers(connection, changes, reporter)
            for key, value in changes.settings.items():
                connection.execute(in_schema(self._schema, _SETTING), (key, as_json(value)))
            record = self._apply_inside(connection, edit, reporter) if edit.changes else None
            if changes.record:
                of = {"edit_uid": record.head.uid} if record is not None else {}
                self._keep_run(connection, {"uid": new_uid(), **changes.record, **of})
            return record

        return self._committer.write(changes, work)

    def _write_layers(self, connection: Connection, changes: ProjectChanges, progress: Progress) -> None:
        plans = self.plans(connection)
        for uid in changes.removed:
            remove_layer(connection, plans.pop(uid))
        for uid, columns in changes.columns.items():
            add_columns(connection, plans[uid], columns)
        renamed = {uid: str(look["name"]) for uid, look in changes.looks.items() if "name" in look}
        for uid in renamed:
            # layers may exchange names among themselves: each first leaves its own
            if plans[uid].info.name in renamed.values():
                apart = LayerChange(name=f"{plans[uid].info.name} {uid}")
                update_layer(connection, tuple(plans.values()), plans[uid], apart)
        for uid, look in changes.looks.items():
            plans = self.plans(connection)
            update_layer(connection, tuple(plans.values()), plans[uid], LayerChange(**look))
        for copy in changes.added:
            self._add_copy(connection, copy, progress)
        order = list(self.plans(connection))
        moving = set(changes.order)
        wanted = iter(uid for uid in changes.order if uid in order)
        for number, uid in enumerate([next(wanted) if uid in moving else uid for uid in order], start=1):
            place(connection, self._schema, tuple(self.plans(connection)), uid, number)

    def _add_copy(self, connection: Connection, copy: LayerCopy, progress: Progress) -> None:
        plans: Sequence[LayerPlan] = tuple(self.plans(connection).values())
        add_layer(connection, self._schema, plans, copied_draft(copy), progress)

    def _keep_run(self, connection: Connection, record: Mapping[str, object]) -> None:
        values = (
            str(record["uid"]),
            str(record.get("capability", "")),
            str(record.get("started", "")),
            as_json(dict(record)),
        )
        connection.execute(in_schema(self._schema, _RUN), values)


def _require_unchanged(plans: Mapping[str, LayerPlan], expected: Mapping[str, int]) -> None:
    for uid in {**expected, **plans}:
        if uid not in plans or plans[uid].info.version != expected.get(uid):
            raise StaleEditError(
                _("The project was changed since the merge was worked out."),
                where=plans[uid].info.name if uid in plans else uid,
                remedy=_("Work the merge out again; what you decided is kept where it still holds."),
            )
