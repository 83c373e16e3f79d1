"""The register of demand by platform and stage: projects counted, printed areas added up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from layers.words import _
from zsgis.reports.securing.blocks import Content, Notice
from zsgis.reports.securing.material import Material, missing_words, source_words, stale_reasons
from zsgis.reports.securing.parts.making import made_table
from zsgis.reports.securing.run_tables import run_table
from zsgis.result import Column, RowRole
from zsgis.run_records import KeptRow, KeptTable

_RUN, _TABLE = "demand", "projects"
_AREAS = ("wanted_ha", "wanted_mu")


def demand_platforms(material: Material) -> list[Content]:
    """Return projects by platform and stage, from the rows of the latest run on demand.

    Areas are sums of the figures the run printed, exact in their digits; they balance with its total.
    """
    standing = material.latest.get(_RUN)
    if standing is None:
        return [Notice(missing_words(_RUN))]
    kept = run_table(standing, _TABLE)
    if kept is None or kept.left_out:
        return []
    body = [row for row in kept.rows if row.role == RowRole.BODY.value]
    stages = list(dict.fromkeys(str(row.values.get("stage") or "") for row in body))
    platforms = dict.fromkeys(str(row.values.get("platform") or "") for row in body)
    areas = [column for column in kept.columns if column.key in _AREAS]
    columns = (
        Column("platform", _("Platform")),
        *(Column(f"stage_{n}", stage, "", 0) for n, stage in enumerate(stages)),
        Column("projects", _("Projects"), "", 0),
        Column("with_area", _("Of them with an area"), "", 0),
        *(Column(each.key, each.title, each.unit, each.digits) for each in areas),
    )
    rows = [
        {
            "platform": name or _("No platform stated"),
            **_counted([row for row in body if str(row.values.get("platform") or "") == name], stages, kept),
        }
        for name in sorted(platforms, key=lambda each: (not each, each))
    ]
    total = {"platform": _("Total"), **_counted(body, stages, kept)}
    table = made_table(
        "demand.platforms",
        _("Projects by platform and stage"),
        columns,
        rows,
        totals=(total,),
        runs=(standing,),
        stale=stale_reasons(standing),
        source=source_words(standing),
    )
    return [table]


def _counted(rows: list[KeptRow], stages: list[str], kept: KeptTable) -> dict[str, Any]:
    out: dict[str, Any] = {
        f"stage_{n}": sum(str(row.values.get("stage") or "") == stage for row in rows)
        for n, stage in enumerate(stages)
    }
    out["projects"] = len(rows)
    out["with_area"] = sum(isinstance(row.values.get(_AREAS[0]), (int, float)) for row in rows)
    for column in kept.columns:
        if column.key in _AREAS:
            values = [row.values.get(column.key) for row in rows]
            figures = [Decimal(str(value)) for value in values if isinstance(value, (int, float))]
            out[column.key] = float(sum(figures, Decimal(0)))
    return out
