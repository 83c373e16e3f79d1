"""A table file joined to a layer: read, matched, checked, written in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyproj

from layers.errors import CrsError, InputError, UsageError
from layers.findings import Finding, Severity
from layers.formats.model import ReadOptions, SourceData, SourceReader
from layers.formats.registry import format_of
from layers.formats.tables.code_columns import names_codes
from layers.joining import JoinBy, JoinedColumns, JoinKey, JoinPlan, JoinRequest, join_columns, plan_join
from layers.progress import Progress, ProgressPart
from layers.secrecy import not_below
from layers.store import LayerInfo, Project
from layers.store.column_writing import ColumnValues
from layers.store.values import plain_values
from layers.words import _
from zsgis.joining.report import JoinReport, conflict_words, findings_of, list_words
from zsgis.joining.request import OnConflict, TableJoin
from zsgis.joining.targets import Target, field_called, targets_of


@dataclass(frozen=True)
class Material:
    """What a join works with: the layer's features and the table's rows."""

    info: LayerInfo
    keys: tuple[JoinKey, ...]
    data: SourceData
    features: Any
    uids: list[str]


@dataclass(frozen=True)
class WorkedJoin:
    """A join that is worked out: what would be written, and what would be left out."""

    material: Material
    plan: JoinPlan
    targets: tuple[Target, ...]
    notes: tuple[Finding, ...]
    joined: JoinedColumns

    def report(self, join: TableJoin) -> JoinReport:
        """Return what the join does, or would do."""
        material, plan = self.material, self.plan
        findings = findings_of(join, plan, self.joined, material.data, material.info.uid, material.uids)
        return JoinReport(
            layer=material.info.name,
            file=join.path.name,
            rows=len(material.data.frame),
            features=len(material.uids),
            plan=plan,
            joined=self.joined,
            fields={target.column: target.field for target in self.targets},
            new_fields=tuple(target.field for target in self.targets if target.is_new),
            findings=(*self.notes, *findings),
            uids=tuple(material.uids),
        )


def join_table(project: Project, join: TableJoin, reader: SourceReader, progress: Progress) -> JoinReport:
    """Join a table to a layer of the project.

    Raises
    ------
    UsageError
        When neither a key nor the place is said.
    InputError
        When file, fields or columns cannot be used; when rows and features do not belong together one to one;
        when values differ from those that are there and nothing is said about that. The project is as before.
    CrsError
        When the table's coordinates cannot be brought into the layer's system.
    JobCancelled
        When the user stopped; the project is as before.
    """
    worked = work_out(project, join, reader, progress)
    if not worked.plan.one_to_one and not join.leave_out:
        raise _not_one_to_one(worked.plan)
    material, joined = worked.material, worked.joined
    if joined.conflicts and join.on_conflict is OnConflict.REFUSE:
        raise InputError(
            _("{count} values differ from those the layer has already; nothing was joined.").format(
                count=len(joined.conflicts)
            ),
            where=list_words([conflict_words(one, material.data.frame) for one in joined.conflicts]),
            remedy=_("Say what holds: --on-conflict keep or --on-conflict replace."),
        )
    writes = _writes(join, worked.targets, joined, material.uids)
    record = None
    if worked.plan.matches and writes:
        _raise_secrecy(project, material)
        record = project.write_columns(
            material.info.uid,
            writes,
            {"reason": "join", "file": join.path.name, "rows": len(worked.plan.matches)},
            _("Join of {file}").format(file=join.path.name),
            ProgressPart(progress, 0.7, 1.0),
        )
    return replace(worked.report(join), record=record)


def _raise_secrecy(project: Project, material: Material) -> None:
    """Mark the layer as secret as the table is; before its values are there, so that they never lie open."""
    secrecy = not_below(material.info.secrecy, material.data.secrecy)
    if secrecy != material.info.secrecy:
        project.update_layer(material.info.uid, secrecy=secrecy)


def _secrecy(material: Material) -> tuple[Finding, ...]:
    """Say that the table is more secret than the layer was."""
    stated = material.data.secrecy
    if not_below(material.info.secrecy, stated) == material.info.secrecy:
        return ()
    text = _("The table is marked {stated}; layer “{layer}” gets that mark with its values.")
    said = text.format(stated=stated, layer=material.info.name)
    return (Finding("join.secrecy", Severity.WARNING, said),)


def work_out(project: Project, join: TableJoin, reader: SourceReader, progress: Progress) -> WorkedJoin:
    """Work a join out without writing anything.

    Raises
    ------
    UsageError
        When neither a key nor the place is said.
    InputError
        When file, fields or columns cannot be used.
    CrsError
        When the table's coordinates cannot be brought into the layer's system.
    JobCancelled
        When the user stopped.
    """
    if not join.keys and not join.by_place:
        raise UsageError(
            _("It is not said by what rows find their features."),
            remedy=_("Give --by FIELD=COLUMN, or --by-place for a table with coordinates."),
        )
    material = _gather(project, join, reader, ProgressPart(progress, 0.0, 0.5))
    progress.step(0.5, _("Matching rows and features"))
    plan = _plan(join, material)
    columns = join.columns or tuple(
        str(name)
        for name in material.data.frame.columns
        if name != "geometry" and name not in {key.column for key in material.keys}
    )
    targets, notes = targets_of(material.info, material.data, _known(material.data, columns))
    notes = (*notes, *_assumed_system(join, material), *_secrecy(material))
    return WorkedJoin(material, plan, targets, notes, _joined(plan, targets, material))


def _gather(project: Project, join: TableJoin, reader: SourceReader, progress: Progress) -> Material:
    info = project.layer(join.layer)
    family = format_of(join.path)
    options = ReadOptions(join.source_layer, join.encoding, join.choices)
    data = reader.read(family.key, join.path, options, progress)
    keys = []
    for wanted, column in join.keys.items():
        name = field_called(info, wanted).name
        _known(data, (column,))
        code = names_codes(name) or names_codes(column)
        keys.append(JoinKey(name, column, JoinBy.CODE))
        if not code:
            keys.append(JoinKey(name, column, JoinBy.NAME))
    features = project.read(info.uid)
    return Material(info, tuple(keys), data, features, [str(uid) for uid in features.index])


def _plan(join: TableJoin, material: Material) -> JoinPlan:
    frame = material.data.frame
    fields = {key.field for key in material.keys}
    columns = {key.column for key in material.keys}
    return plan_join(
        {name: plain_values(material.features[name]) for name in fields},
        {name: plain_values(frame[name]) for name in columns},
        JoinRequest(material.keys, join.by_place, join.distance),
        feature_count=len(material.uids),
        row_count=len(frame),
        feature_shapes=np.asarray(material.features.geometry.array, dtype=object) if join.by_place else None,
        row_shapes=_row_shapes(join, material) if join.by_place else None,
    )


def _row_shapes(join: TableJoin, material: Material) -> Any:
    """Return the table's shapes in the layer's system."""
    from layers.crs import parse_crs, transform

    shapes = np.asarray(material.data.frame.geometry.array, dtype=object)
    if not any(shape is not None for shape in shapes):
        raise InputError(
            _("The table has no coordinates, so its rows have no place."),
            where=str(join.path),
            remedy=_("Join by a field (--by), or name the columns (--choose x_column=…)."),
        )
    source: pyproj.CRS = parse_crs(join.crs) if join.crs else (material.data.crs or material.info.crs)
    if source == material.info.crs:
        return shapes
    try:
        return transform(shapes, source, material.info.crs)
    except CrsError as error:
        error.where = error.where or str(join.path)
        raise


def _assumed_system(join: TableJoin, material: Material) -> tuple[Finding, ...]:
    """Say that nobody stated the system of a table's coordinates."""
    if not join.by_place or join.crs or material.data.crs is not None:
        return ()
    text = _("The table does not say its coordinate system; it was taken as that of layer “{layer}”, {crs}.")
    said = text.format(layer=material.info.name, crs=material.info.crs.name)
    return (Finding("join.crs_assumed", Severity.WARNING, said),)


def _joined(plan: JoinPlan, targets: Sequence[Target], material: Material) -> JoinedColumns:
    existing = {
        target.field: plain_values(material.features[target.field]) for target in targets if not target.is_new
    }
    return join_columns(
        plan,
        {target.column: target.values for target in targets},
        {target.column: target.field for target in targets},
        {name: [_stored(value) for value in values] for name, values in existing.items()},
    )


def _writes(
    join: TableJoin, targets: Sequence[Target], joined: JoinedColumns, uids: list[str]
) -> list[ColumnValues]:
    kept = (
        {(one.feature, one.column) for one in joined.conflicts}
        if join.on_conflict is OnConflict.KEEP
        else set()
    )
    writes: list[ColumnValues] = []
    for target in targets:
        values = {
            uids[feature]: value
            for feature, value in joined.values[target.field].items()
            if (feature, target.field) not in kept
        }
        if values:
            writes.append(ColumnValues(target.field, target.type, values, target.alias, target.unit))
    return writes


def _known(data: SourceData, columns: Sequence[str]) -> tuple[str, ...]:
    names = [str(name) for name in data.frame.columns if name != "geometry"]
    for column in columns:
        if column not in names:
            raise InputError(
                _("The file has no column “{name}”.").format(name=column),
                remedy=_("Its columns: {names}").format(names="、".join(names) or "-"),
            )
    return tuple(columns)


def _not_one_to_one(plan: JoinPlan) -> InputError:
    rows = [
        _("row {row} “{said}” fits {count} features").format(
            row=one.row + 1, said=one.said, count=len(one.features)
        )
        for one in plan.ambiguous
    ]
    doubled = [
        _("rows {rows} fit one feature").format(rows="、".join(str(row + 1) for row in one.rows))
        for one in plan.doubled
    ]
    return InputError(
        _("Rows and features do not belong together one to one; nothing was joined."),
        where=list_words([*rows, *doubled]),
        remedy=_("Correct the table or join by another field; --leave-out joins the others and lists these."),
    )


def _stored(value: Any) -> Any:
    """Return a value as a field holds it: days are texts there."""
    return value.date().isoformat() if hasattr(value, "date") and callable(value.date) else value
