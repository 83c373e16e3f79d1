"""Platforms by stage: how many projects, or how much land, each platform has at each stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layers.project_demand import STAGES
from layers.words import _
from zsgis.dashboard.model import (
    BoardCell,
    BoardColumn,
    BoardPart,
    BoardProject,
    BoardRow,
    Measure,
    Sources,
    merged,
)
from zsgis.dashboard.projects import summed
from zsgis.dashboard.wording import DIGITS, area_cell, count_cell, printed_sums, to_be_entered
from zsgis.printed_balance import balance_table, printed_unit


@dataclass(frozen=True)
class BoardPlatform:
    """A platform of the plan.

    Attributes
    ----------
    names : tuple of str
        By which a project may name it; the first is shown.
    sources : mapping
        Its features on the map; empty where the project has none.
    """

    names: tuple[str, ...]
    sources: Sources


def platform_part(
    platforms: Sequence[BoardPlatform],
    projects: Sequence[BoardProject],
    measure: Measure,
    unit_key: str,
    reasons: tuple[str, ...] = (),
) -> BoardPart:
    """Return the table of platforms and stages, its sums adding up as printed.

    Platforms of the plan come first, also those without projects; then others that projects name; then the
    projects that name none.
    """
    listed = _listed(platforms, projects)
    groups = [[[each for each in row if each.stage == stage] for stage in _STAGES] for _name, row in listed]
    if measure is Measure.PROJECTS:
        rows = [
            _count_row(platform, row, cells) for (platform, row), cells in zip(listed, groups, strict=True)
        ]
        rows.append(
            _count_row(BoardPlatform((_("Total"),), {}), list(projects), _by_stage(projects), total=True)
        )
    else:
        rows = _area_rows(listed, groups, measure, unit_key, reasons)
    figures = BoardColumn("", digits=0)
    if measure is not Measure.PROJECTS:
        figures = BoardColumn("", printed_unit(unit_key).title, DIGITS)
    titles = (_("Not begun"), *(stage.short for stage in STAGES), _("Total"))
    columns = (
        BoardColumn(_("Platform")),
        *(BoardColumn(title, figures.unit, figures.digits) for title in titles),
    )
    lacking = 0 if measure is Measure.PROJECTS else summed(projects, measure)[2]
    note = " ".join(filter(None, (to_be_entered(lacking), *(reasons if measure is Measure.PLANNED else ()))))
    return BoardPart("platforms", _("Platforms by stage"), columns, tuple(rows), note)


_STAGES = range(-1, len(STAGES))


def _by_stage(projects: Sequence[BoardProject]) -> list[list[BoardProject]]:
    return [[each for each in projects if each.stage == stage] for stage in _STAGES]


def _listed(
    platforms: Sequence[BoardPlatform], projects: Sequence[BoardProject]
) -> list[tuple[BoardPlatform, list[BoardProject]]]:
    rows: dict[str, tuple[BoardPlatform, list[BoardProject]]] = {}
    known: dict[str, str] = {}
    for platform in platforms:
        rows[platform.names[0]] = (platform, [])
        known.update(dict.fromkeys(platform.names, platform.names[0]))
    others: dict[str, tuple[BoardPlatform, list[BoardProject]]] = {}
    for project in projects:
        name = known.get(project.platform)
        if name is not None:
            rows[name][1].append(project)
            continue
        title = project.platform or _("No platform named")
        others.setdefault(title, (BoardPlatform((title,), {}), []))[1].append(project)
    nameless = others.pop(_("No platform named"), None)
    return [*rows.values(), *others.values(), *([nameless] if nameless is not None else [])]


def _label(platform: BoardPlatform, projects: Sequence[BoardProject]) -> BoardCell:
    return BoardCell(
        None, platform.names[0], merged([platform.sources, *(project.sources for project in projects)])
    )


def _count_row(
    platform: BoardPlatform,
    projects: list[BoardProject],
    cells: list[list[BoardProject]],
    *,
    total: bool = False,
) -> BoardRow:
    counted = [count_cell(cell) for cell in cells]
    return BoardRow((_label(platform, projects), *counted, count_cell(projects)), total)


def _area_rows(
    listed: list[tuple[BoardPlatform, list[BoardProject]]],
    groups: list[list[list[BoardProject]]],
    measure: Measure,
    unit_key: str,
    reasons: tuple[str, ...],
) -> list[BoardRow]:
    unit = printed_unit(unit_key, DIGITS)
    why = reasons if measure is Measure.PLANNED else ()
    printed = balance_table(printed_sums(groups, measure), unit)

    def row(
        platform: BoardPlatform, cells: list[list[BoardProject]], steps: list[int], *, total: bool
    ) -> BoardRow:
        everything = [project for cell in cells for project in cell]
        figures = [
            area_cell(cell, measure, step, unit, reasons=why) for cell, step in zip(cells, steps, strict=True)
        ]
        whole = area_cell(everything, measure, sum(steps), unit, reasons=why)
        return BoardRow((_label(platform, everything), *figures, whole), total)

    rows = [
        row(platform, cells, printed.cells[place].tolist(), total=False)
        for place, ((platform, _projects), cells) in enumerate(zip(listed, groups, strict=True))
    ]
    columns = [[project for cells in groups for project in cells[place]] for place in range(len(_STAGES))]
    rows.append(row(BoardPlatform((_("Total"),), {}), columns, printed.columns.tolist(), total=True))
    return rows
