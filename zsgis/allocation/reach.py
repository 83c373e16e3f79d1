"""How much land a project could reach if nobody else wanted any, and no quota limited it."""

from __future__ import annotations

from collections.abc import Iterable

from zsgis.allocation.bars import bar
from zsgis.allocation.problem import Problem, Project


def reach_cents(problem: Problem, project: Project) -> int:
    """Return the most area, in 0.01 m2, on as many sites as a project accepts (of one group if contiguous).

    Limits of quotas, of money and of what goes beyond the need are left aside: where even so less than the
    least area is reached, it is land that is lacking.
    """
    areas = {each.key: each.area_cents for each in problem.candidates if bar(problem, project, each) is None}
    if not project.contiguous:
        return _largest(areas.values(), project.most_sites)
    groups = [[areas[key] for key in group.candidates if key in areas] for group in problem.groups]
    return max(
        (_largest(own, project.most_sites) for own in (*groups, *([cents] for cents in areas.values()))),
        default=0,
    )


def _largest(areas: Iterable[int], most: int) -> int:
    return sum(sorted(areas, reverse=True)[:most])
