"""The report held against the one issued before it."""

from __future__ import annotations

from collections.abc import Mapping

from layers.words import _
from zsgis.reports.securing.blocks import Content, Paragraph
from zsgis.reports.securing.figures import Moved, number_of
from zsgis.reports.securing.issues import LastIssue
from zsgis.reports.securing.parts.making import made_table
from zsgis.result import Column

_MOST = 60


def comparison(
    last: LastIssue | None, moved: tuple[Moved, ...], new_tables: Mapping[str, int]
) -> list[Content]:
    """Return what changed since the last issue: in numbers, how it is marked, and a table.

    Parameters
    ----------
    new_tables : mapping
        Titles of tables that the last issue did not have, with how many figures each; they are not in
        ``moved``.
    """
    if last is None:
        return [Paragraph(_("This is the first issue that the project keeps; there is nothing to compare."))]
    issue = last.issue
    gone = sum(1 for each in moved if each.after is None)
    said = _(
        "The last issue is number {number} of {day} by {who} (SHA-256 {sha256}). Of its {count} figures "
        "{changed} are another now and {gone} are gone; {new} are new."
    ).format(
        number=last.number,
        day=issue.issued[:16].replace("T", " "),
        who=issue.who or "-",
        sha256=issue.sha256[:12],
        count=f"{len(last.figures):,}",
        changed=f"{sum(1 for each in moved if each.before is not None and each.after is not None):,}",
        gone=f"{gone:,}",
        new=f"{sum(1 for each in moved if each.before is None):,}",
    )
    contents: list[Content] = [Paragraph(said)]
    if new_tables:
        named = "、".join(
            _("“{title}” ({count} figures)").format(title=title, count=f"{count:,}")
            for title, count in new_tables.items()
        )
        contents.append(
            Paragraph(_("Tables that the last issue did not have: {tables}.").format(tables=named))
        )
    if moved:
        contents.append(
            Paragraph(
                _(
                    "Figures that changed stand on a yellow ground with a sign: ↑ risen, ↓ fallen, ≠ not the "
                    "same, ＋ new."
                )
            )
        )
        contents.append(_table(moved))
    return contents


def _table(moved: tuple[Moved, ...]) -> Content:
    columns = (
        Column("figure", _("Figure")),
        Column("unit", _("Unit")),
        Column("before", _("Last issue")),
        Column("after", _("This issue")),
        Column("difference", _("Difference")),
        Column("change", _("Change")),
        Column("runs", _("Run then → now")),
    )
    rows = [
        {
            "label": " / ".join(each.key),
            "figure": each.figure.title,
            "unit": each.figure.unit,
            "before": "-" if each.before is None else each.before.words,
            "after": "-" if each.after is None else each.after.words,
            "difference": _difference(each),
            "change": _("gone") if each.after is None else f"{each.change.mark} {each.change.words}",
            "runs": " → ".join(
                "-" if side is None else side.run or "-" for side in (each.before, each.after)
            ),
        }
        for each in moved
    ]
    title, figures = (
        _("Figures that changed since the last issue"),
        frozenset({"before", "after", "difference"}),
    )
    return made_table("comparison", title, columns, rows, most=_MOST, figures=figures)


def _difference(each: Moved) -> str:
    if each.difference is None or each.after is None or number_of(each.after.words) is None:
        return ""
    digits = len(each.after.words.partition(".")[2])
    return f"{each.difference:+,.{digits}f}"
