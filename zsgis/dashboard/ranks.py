"""Land wanted and secured by rank: how much of what the first in line want they have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layers.words import _
from zsgis.dashboard.model import BoardCell, BoardColumn, BoardPart, BoardProject, BoardRow, Measure, merged
from zsgis.dashboard.projects import summed
from zsgis.dashboard.wording import DIGITS, area_cell, count_cell, printed_sums, stale_text, to_be_entered
from zsgis.printed_balance import balance_table, printed_unit

_AREAS = (Measure.WANTED, Measure.APPROVED, Measure.SUPPLIED, Measure.PLANNED)


def rank_part(projects: Sequence[BoardProject], unit_key: str, reasons: tuple[str, ...] = ()) -> BoardPart:
    """Return a row for each rank and their total; none where there are no projects.

    The share secured is land supplied plus, for projects that are not supplied yet, land in the recommended
    plan, of the land wanted by the projects that state what they want.
    """
    ranks = sorted({project.rank for project in projects})
    groups = [[project for project in projects if project.rank == rank] for rank in ranks]
    unit = printed_unit(unit_key, DIGITS)
    printed = {
        measure: balance_table(printed_sums([[group] for group in groups], measure), unit)
        for measure in _AREAS
    }

    def row(title: str, group: Sequence[BoardProject], places: list[int], *, total: bool = False) -> BoardRow:
        label = BoardCell(None, title, merged([project.sources for project in group]))
        areas = [
            area_cell(
                group,
                measure,
                int(printed[measure].cells[places].sum()),
                unit,
                reasons=reasons if measure is Measure.PLANNED else (),
            )
            for measure in _AREAS
        ]
        return BoardRow((label, count_cell(group), *areas, _secured(group, reasons)), total)

    rows = [
        row(_("Rank {rank}").format(rank=rank), group, [place])
        for place, (rank, group) in enumerate(zip(ranks, groups, strict=True))
    ]
    if rows:
        rows.append(row(_("Total"), projects, np.arange(len(ranks)).tolist(), total=True))
    columns = (
        BoardColumn(_("Priority of projects")),
        BoardColumn(Measure.PROJECTS.words, digits=0),
        *(BoardColumn(measure.words, unit.title, DIGITS) for measure in _AREAS),
        BoardColumn(_("Secured of wanted"), "%", 1),
    )
    note = " ".join(filter(None, (to_be_entered(summed(projects, Measure.WANTED)[2]), *reasons)))
    return BoardPart("ranks", _("Land secured by priority"), columns, tuple(rows), note)


def _secured(projects: Sequence[BoardProject], reasons: tuple[str, ...]) -> BoardCell:
    known = [project for project in projects if project.cents.get(Measure.WANTED) is not None]
    wanted = summed(known, Measure.WANTED)[0]
    if not wanted:
        return BoardCell(None, "")
    supplied = [project for project in known if project.cents.get(Measure.SUPPLIED)]
    planned = [
        project
        for project in known
        if not project.cents.get(Measure.SUPPLIED) and project.cents.get(Measure.PLANNED)
    ]
    secured = _counted(supplied, Measure.SUPPLIED) + _counted(planned, Measure.PLANNED)
    share, stale = secured / wanted, bool(reasons and planned)
    return BoardCell(
        100 * share,
        stale_text(f"{100 * share:,.1f}", stale=stale),
        merged([project.sources for project in (*supplied, *planned)]),
        "\n".join(reasons) if stale else "",
        stale,
        share,
    )


def _counted(projects: Sequence[BoardProject], measure: Measure) -> int:
    return sum(min(project.cents[measure] or 0, project.cents[Measure.WANTED] or 0) for project in projects)
