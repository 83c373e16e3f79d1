"""What is proved of a plan, level by level, as a table."""

from __future__ import annotations

from layers.words import _
from zsgis.allocation.plan import Plan
from zsgis.allocation.problem import Problem
from zsgis.result import Column, Row, RowRole, Table


def level_table(problem: Problem, plan: Plan) -> Table:
    """Return each level of the objective: what the plan is worth, the most there can be, and the gap."""
    rows = []
    for level, result in zip(problem.objective.levels, plan.levels, strict=True):
        known = result.gap < 1.0
        values = {
            "level": _(result.title),
            "role": _("Between plans that are as good above") if level.tie else _("In its turn"),
            "value": round(float(result.value), 4),
            "bound": round(result.bound, 4) if known else None,
            "gap": round(100 * result.gap, 2) if known else None,
        }
        rows.append(Row(values, RowRole.BODY))
    columns = (
        Column("level", _("Level of the objective")),
        Column("role", _("How it decides")),
        Column("value", _("Worth of the plan"), "", 4),
        Column("bound", _("No plan is worth more than"), "", 4),
        Column("gap", _("Gap that is proved"), "%", 2),
    )
    notes = (
        _("Secured areas are in hectares; each level is judged with those above it held."),
        _("Suitability: a fully suited hectare counts 1, each hectare beyond the need takes 1 off."),
    )
    return Table("levels", _("What is proved of the plan"), columns, tuple(rows), notes, whole=True)
