"""The rule file: criteria as data, with the curve or steps that make a score of a value, and hard limits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.errors import InputError
from layers.words import _
from zsgis.analysis.rule_files import RuleFile, read_rule
from zsgis.analysis.suitability.layer_criteria import ClassScore, Density, Distance, Inside
from zsgis.analysis.suitability.raster_criteria import OnRaster, RasterValue, Relief, Slope, TerrainGrade
from zsgis.analysis.suitability.steps import SLOPE_UNITS, lowering_table, step_table


class Limit(BaseModel):
    """A hard limit: a parcel of which more than ``most_share_pct`` lies on these features is not suitable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    kind: str
    field: str = ""
    values: tuple[str, ...] = ()
    most_share_pct: float = Field(default=0.0, ge=0.0, lt=100.0)
    clause: str


LayerCriterion = Distance | Inside | ClassScore | Density
RasterCriterion = RasterValue | Slope | Relief | TerrainGrade
Criterion = Annotated[LayerCriterion | RasterCriterion, Field(discriminator="type")]


class SuitabilityRule(RuleFile):
    """A rule file as read."""

    limits: tuple[Limit, ...] = ()
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        keys = [entry.key for entry in (*self.limits, *self.criteria)]
        if len(set(keys)) < len(keys):
            raise ValueError("every criterion and limit has a key of its own")
        return self

    @property
    def versions(self) -> dict[str, str]:
        """The rule and its tables of steps, as a run record names them."""
        on_rasters = [c for c in self.criteria if isinstance(c, OnRaster)]
        found = [
            *(c.table for c in on_rasters),
            *(c.lowering for c in on_rasters if isinstance(c, TerrainGrade)),
        ]
        tables = [table for table in found if table is not None]
        return {self.key: self.words, **{table.key: table.words for table in tables}}


def suitability_rule(asked: str = "") -> SuitabilityRule:
    """Read a rule file with its tables of steps; empty for the one that comes with the program.

    Raises
    ------
    InputError
        Also for steps that count something else, or in another unit, than their criterion.
    """
    rule = read_rule(SuitabilityRule, asked, "suitability")
    beside = Path(asked).parent if asked and Path(asked).is_file() else None
    return rule.model_copy(update={"criteria": tuple(_with_steps(each, beside) for each in rule.criteria)})


def _with_steps(criterion: Criterion, beside: Path | None) -> Criterion:
    if not isinstance(criterion, OnRaster) or not criterion.steps:
        return criterion
    table = step_table(criterion.steps, beside)
    counts, unit = "value", criterion.unit
    if isinstance(criterion, (Slope, TerrainGrade)):
        counts, unit = "slope", criterion.unit if isinstance(criterion, Slope) else "deg"
    if (table.quantity, table.unit) != (counts, unit):
        raise InputError(
            _("Criterion “{title}” counts in {unit}, its steps “{steps}” in {other}.").format(
                title=criterion.title,
                unit=_counted(counts, unit),
                steps=table.title,
                other=_counted(table.quantity, table.unit),
            ),
            remedy=_("Name steps in the criterion's own unit: degrees and per cent are not exchanged."),
        )
    changed: dict[str, object] = {"table": table}
    if isinstance(criterion, TerrainGrade):
        changed["lowering"] = lowering_table(criterion.relief, beside)
    return criterion.model_copy(update=changed)


def _counted(quantity: str, unit: str) -> str:
    return f"{quantity} [{SLOPE_UNITS.get(unit, unit)}]" if quantity == "slope" else f"[{unit}]"
