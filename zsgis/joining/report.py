"""What a join did: for people as findings, for programs as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layers.findings import Finding, Severity
from layers.formats.model import SourceData
from layers.joining import Conflict, JoinedColumns, JoinPlan
from layers.words import _
from zsgis.joining.request import OnConflict, TableJoin

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from layers.edits import EditRecord

_EXAMPLES = 10


@dataclass(frozen=True)
class JoinReport:
    """What a join did.

    Attributes
    ----------
    fields : mapping
        Field of the layer by column of the table.
    record : EditRecord or None
        The edit by which it was written; None where nothing was.
    """

    layer: str
    file: str
    rows: int
    features: int
    plan: JoinPlan
    joined: JoinedColumns
    fields: Mapping[str, str]
    new_fields: tuple[str, ...]
    findings: tuple[Finding, ...]
    uids: tuple[str, ...]
    record: EditRecord | None = None

    def document(self) -> dict[str, Any]:
        """Return all of it, JSON-able; rows are counted from 1, features are named by their uid."""
        plan = self.plan
        return {
            "layer": self.layer,
            "file": self.file,
            "rows": self.rows,
            "features": self.features,
            "matched": len(plan.matches),
            "matched_by": dict(Counter(str(match.by) for match in plan.matches)),
            "fields": dict(self.fields),
            "new_fields": list(self.new_fields),
            "matches": [
                {"row": one.row + 1, "feature": self.uids[one.feature], "by": str(one.by), "value": one.said}
                for one in plan.matches
            ],
            "ambiguous": [
                {
                    "row": one.row + 1,
                    "value": one.said,
                    "by": str(one.by),
                    "features": [self.uids[feature] for feature in one.features],
                }
                for one in plan.ambiguous
            ],
            "doubled": [
                {"feature": self.uids[one.feature], "rows": [row + 1 for row in one.rows]}
                for one in plan.doubled
            ],
            "unmatched_rows": [row + 1 for row in plan.unmatched],
            "features_without_row": [self.uids[feature] for feature in plan.untouched],
            "suggestions": [
                {"row": one.row + 1, "feature": self.uids[one.feature], "likeness": one.likeness}
                for one in plan.suggestions
            ],
            "conflicts": [
                {
                    "row": one.row + 1,
                    "feature": self.uids[one.feature],
                    "field": one.column,
                    "there": one.there,
                    "new": one.new,
                }
                for one in self.joined.conflicts
            ],
        }


def findings_of(
    join: TableJoin,
    plan: JoinPlan,
    joined: JoinedColumns,
    data: SourceData,
    layer_uid: str,
    uids: Sequence[str],
) -> list[Finding]:
    """Return what a person must know of a join: everything that did not simply fit."""
    found = [Finding(note.code, note.severity, note.text) for note in data.notes]

    def tell(code: str, severity: Severity, text: str, features: Sequence[int] = ()) -> None:
        sources = {layer_uid: tuple(uids[feature] for feature in features)} if features else {}
        found.append(Finding(f"join.{code}", severity, text, sources))

    if plan.unmatched:
        rows = list_words([row_words(row, data.frame) for row in plan.unmatched])
        text = _("{count} rows of the table fit no feature: {rows}.").format(
            count=len(plan.unmatched), rows=rows
        )
        tell("unmatched", Severity.WARNING, text)
    if plan.suggestions:
        text = _("{count} of these are like the name of a feature; none was taken, see the list.")
        tell("suggestions", Severity.NOTE, text.format(count=len({one.row for one in plan.suggestions})))
    if plan.ambiguous:
        rows = list_words([row_words(one.row, data.frame) for one in plan.ambiguous])
        text = _("{count} rows fit several features and were left out: {rows}.")
        features = sorted({feature for one in plan.ambiguous for feature in one.features})
        tell("ambiguous", Severity.WARNING, text.format(count=len(plan.ambiguous), rows=rows), features)
    if plan.doubled:
        text = _("{count} features fit several rows and got nothing: rows {rows}.")
        rows = list_words(["、".join(str(row + 1) for row in one.rows) for one in plan.doubled])
        tell(
            "doubled",
            Severity.WARNING,
            text.format(count=len(plan.doubled), rows=rows),
            [one.feature for one in plan.doubled],
        )
    if plan.untouched:
        text = _("{count} features of the layer have no row in the table.").format(count=len(plan.untouched))
        tell("untouched", Severity.NOTE, text, plan.untouched)
    if joined.conflicts:
        kept = join.on_conflict is OnConflict.KEEP
        text = (
            _("{count} values differ; the layer's were kept: {values}.")
            if kept
            else _("{count} values differ; the table's took their place: {values}.")
        )
        values = list_words([conflict_words(one, data.frame) for one in joined.conflicts])
        features = sorted({one.feature for one in joined.conflicts})
        tell("conflicts", Severity.WARNING, text.format(count=len(joined.conflicts), values=values), features)
    return found


def conflict_words(conflict: Conflict, frame: GeoDataFrame) -> str:
    """Return a conflict in a few words."""
    return _("{row}, {field}: “{there}” here, “{new}” in the table").format(
        row=row_words(conflict.row, frame), field=conflict.column, there=conflict.there, new=conflict.new
    )


def list_words(words: Sequence[str]) -> str:
    """Return the first of many words, and how many more there are."""
    shown = "；".join(words[:_EXAMPLES])
    more = len(words) - _EXAMPLES
    return shown if more <= 0 else _("{names} and {count} more").format(names=shown, count=more)


def row_words(row: int, frame: GeoDataFrame) -> str:
    """Return which row is meant: its number from 1, and the first thing it says."""
    first = next((str(value) for value in frame.drop(columns="geometry").iloc[row] if value is not None), "")
    return _("row {row} “{name}”").format(row=row + 1, name=first[:30])
