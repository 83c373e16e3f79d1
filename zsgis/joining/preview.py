"""A join before it is written: by what rows could find their features, and what would happen to each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.formats.tables.code_columns import names_codes
from layers.importing.columns import match_fields
from layers.joining import JoinBy
from layers.kinds import KINDS
from layers.words import N_, _
from zsgis.joining.joining import WorkedJoin, work_out
from zsgis.joining.report import JoinReport, row_words
from zsgis.joining.request import OnConflict, TableJoin
from zsgis.joining.targets import field_called

if TYPE_CHECKING:
    from layers.formats.model import SourceReader
    from layers.progress import Progress
    from layers.store import LayerInfo, Project

_MOST_KEYS = 2
_BY = {JoinBy.CODE: N_("equal"), JoinBy.NAME: N_("same name"), JoinBy.PLACE: N_("place")}
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class JoinPreview:
    """What a join would do, in words.

    Attributes
    ----------
    matched : rows of (row, feature, how they met)
    unmatched : rows of (row, feature with a name like it)
    unclear : rows of (row, what is unclear)
        Rows that fit several features, and rows that fit one feature together.
    differing : rows of (row, field, value in the layer, value in the table)
    """

    report: JoinReport
    matched: Rows
    unmatched: Rows
    unclear: Rows
    differing: Rows

    def problem(self, *, leave_out: bool, on_conflict: OnConflict) -> str:
        """Return what speaks against writing it so, empty for nothing."""
        if not self.matched:
            return _("No row of the table fits a feature.")
        if self.unclear and not leave_out:
            return _("Rows and features do not belong together one to one: leave these out, or correct them.")
        if self.differing and on_conflict is OnConflict.REFUSE:
            return _("Values differ from those the layer has: say which of them hold.")
        return ""


def preview_join(project: Project, join: TableJoin, reader: SourceReader, progress: Progress) -> JoinPreview:
    """Work a join out and put it into words; nothing is written.

    Raises
    ------
    UsageError, InputError, CrsError, JobCancelled
        As :func:`zsgis.joining.joining.work_out`.
    """
    worked = work_out(project, join, reader, progress)
    words = _Words(worked)
    plan = worked.plan
    likely: dict[int, list[str]] = defaultdict(list)
    for each in plan.suggestions:
        likely[each.row].append(words.feature(each.feature))
    unclear = [(words.row(one.row), words.features(one.features)) for one in plan.ambiguous]
    unclear += [
        ("、".join(words.row(row) for row in one.rows), words.feature(one.feature)) for one in plan.doubled
    ]
    return JoinPreview(
        report=worked.report(join),
        matched=tuple((words.row(m.row), words.feature(m.feature), _(_BY[m.by])) for m in plan.matches),
        unmatched=tuple((words.row(row), "、".join(likely[row])) for row in plan.unmatched),
        unclear=tuple(unclear),
        differing=tuple(
            (words.row(one.row), words.field(one.column), str(one.there), str(one.new))
            for one in worked.joined.conflicts
        ),
    )


def proposed_keys(info: LayerInfo, columns: Sequence[str]) -> Mapping[str, str]:
    """Return by which columns rows most likely find their features: codes before names, at most two.

    Returns
    -------
    mapping
        Column of the table by field of the layer.
    """
    found: dict[str, str] = {}
    for column in columns:
        try:
            field = field_called(info, column)
        except InputError:
            continue
        found.setdefault(field.name, column)
    if info.kind in KINDS:
        known = {field.name for field in info.fields}
        by_kind = match_fields(KINDS[info.kind], list(columns), {})
        found = {name: column for name, column in by_kind.items() if name in known} | found
    codes = [name for name, column in found.items() if names_codes(name) or names_codes(column)]
    # a class is no feature's own: many share it
    codes = [name for name in codes if not name.startswith("class_")]
    names = [name for name in found if name == "name"]
    wanted = list(dict.fromkeys((*codes, *names)))[:_MOST_KEYS]
    return {name: found[name] for name in wanted}


class _Words:
    """Rows and features as a person tells them apart."""

    def __init__(self, worked: WorkedJoin) -> None:
        self._frame = worked.material.data.frame
        self._titles = {one.name: one.alias or one.name for one in worked.material.info.fields}
        features = worked.material.features
        keys = [key.field for key in worked.material.keys]
        shown = next((name for name in (*keys, "name") if name in features), "")
        self._features = features[shown].tolist() if shown else []

    def row(self, row: int) -> str:
        return row_words(row, self._frame)

    def feature(self, feature: int) -> str:
        value = self._features[feature] if self._features else None
        return (
            str(value)
            if isinstance(value, str) and value
            else _("feature {number}").format(number=feature + 1)
        )

    def features(self, features: Sequence[int]) -> str:
        return "、".join(self.feature(feature) for feature in features)

    def field(self, name: str) -> str:
        return self._titles.get(name, name)
