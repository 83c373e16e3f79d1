"""What a user can choose about the allocation of land."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from pydantic import Field, field_validator

from layers.words import N_
from zsgis.analysis.parameter_fields import rule_file
from zsgis.capability import Parameters
from zsgis.supply.parameters import SupplyParameters

_YEARS = re.compile(r"^\s*(\d{4})(?:\s*[-–至]\s*(\d{4}))?\s*$")
_MOST_YEARS = 30


class AllocateParameters(Parameters):
    """Parameters of the allocation."""

    projects: str = Field(
        default="",
        title=N_("Register of demand"),
        description=N_("Layer of projects that want land. Empty: the first there is."),
        json_schema_extra={"layer": ["project_demand"]},
    )
    quotas: str = Field(
        default="",
        title=N_("Register of quotas"),
        description=N_("Layer of quotas by year and town. Empty: the first there is; “-”: no quota limits."),
        json_schema_extra={"layer": ["quotas"], "optional": True},
    )
    years: str = Field(
        default="",
        title=N_("Years"),
        description=N_("As 2026-2030. Empty: the years of the register of quotas that are not past."),
    )
    mode: Literal["lexicographic", "weighted"] = Field(
        default="lexicographic",
        title=N_("Priorities"),
        description=N_(
            "Rank after rank, as the plan lays down, or all ranks together, each with its weight."
        ),
        json_schema_extra={
            "choices": {"lexicographic": N_("Rank after rank"), "weighted": N_("Weighted")},
        },
    )
    surplus_pct: float = Field(
        default=20.0,
        ge=0.0,
        le=1000.0,
        title=N_("Most beyond the area wanted"),
        description=N_("A project is given at most so much more than it wants; sites are given whole."),
        json_schema_extra={"unit": "%"},
    )
    must: str = Field(
        default="",
        title=N_("Projects that must be served"),
        description=N_("Names or numbers, parted by 、. A plan that does not serve them is no plan."),
    )
    fixed: str = Field(
        default="",
        title=N_("Decisions that stand"),
        description=N_("As project=candidate; project=candidate@2027. Several candidates are parted by 、."),
    )
    forbidden: str = Field(
        default="",
        title=N_("Pairs that are ruled out"),
        description=N_("As project=candidate; project=candidate、candidate."),
    )
    temporary: str = Field(
        default="",
        title=N_("Temporary use"),
        description=N_(
            "Projects that use land for a time only, parted by 、. Quotas on which that does not draw stand "
            "in the rule of priorities."
        ),
        json_schema_extra={"advanced": True},
    )
    near: str = Field(
        default="",
        title=N_("Distance to places"),
        description=N_(
            "As project=place@5000: its land lies at most so many metres from a point, carrier, line, "
            "platform, town or zone of that name."
        ),
    )
    scenarios: str = Field(
        default="",
        title=N_("Scenarios"),
        description=N_(
            "Laid beside the plan, as quota=+20; without=三旧改造用地; 占用征收林地定额=-50 (in per cent)."
        ),
    )
    alternatives: int = Field(
        default=3,
        ge=0,
        le=3,
        title=N_("Alternatives"),
        description=N_("How many other plans, each level at most 2 % below the plan, are looked for."),
    )
    explain: Literal["first", "all", "none"] = Field(
        default="all",
        title=N_("Reasons"),
        description=N_(
            "For which projects the next best is looked for; and what 1 ha more of a quota brings."
        ),
        json_schema_extra={
            "choices": {
                "first": N_("Projects of the first rank, and those without land"),
                "all": N_("All projects (takes longer)"),
                "none": N_("None"),
            },
        },
    )
    gap_pct: float = Field(
        default=0.1,
        ge=0.0,
        le=50.0,
        title=N_("Gap that is good enough"),
        description=N_("The search ends when nothing better by more than this share can exist. 0: the best."),
        json_schema_extra={"unit": "%"},
    )
    tie_gap_pct: float = Field(
        default=15.0,
        ge=0.0,
        le=100.0,
        title=N_("Gap of suitability and cost"),
        description=N_("They only decide between plans that secure the same area; 0: the best."),
        json_schema_extra={"advanced": True, "unit": "%"},
    )
    seconds: float = Field(
        default=120.0,
        ge=0.0,
        le=86_400.0,
        title=N_("Time limit"),
        description=N_("For everything that is solved; what is not decided by then is said to be so."),
        json_schema_extra={"unit": "s"},
    )
    platforms_bind: bool = Field(
        default=True,
        title=N_("Platforms and towns bind"),
        description=N_("The platform or town that a project names is the only one it accepts."),
        json_schema_extra={"advanced": True},
    )
    weights: str = Field(
        default="",
        title=N_("Weights"),
        description=N_(
            "Of weighted priorities, as 1=1; 2=0.5; suitability=0.1; cost=0.01: a hectare of a rank, one "
            "fully suited, 10,000 yuan. Empty: each rank half of the one before, suitability a tenth."
        ),
        json_schema_extra={"advanced": True},
    )
    budgets: str = Field(
        default="",
        title=N_("Budgets"),
        description=N_("As 2026=5000; 2027=3000; all=10000, in 10,000 yuan. Costs stand in the supply rule."),
        json_schema_extra={"advanced": True},
    )
    least_score: float = Field(
        default=0.0,
        ge=0.0,
        le=100.0,
        title=N_("Least suitability"),
        description=N_("Land below it is given to nobody; above 0 land of unknown suitability neither."),
        json_schema_extra={"advanced": True},
    )
    relax: Literal["both", "amounts", "projects"] = Field(
        default="both",
        title=N_("What may give way"),
        description=N_("Where no plan keeps all limits: what is looked for that would make one possible."),
        json_schema_extra={
            "advanced": True,
            "choices": {
                "both": N_("Quotas and budgets, or projects"),
                "amounts": N_("Quotas and budgets"),
                "projects": N_("Projects are put off"),
            },
        },
    )
    basis: Literal["auto", "ellipsoidal", "planar"] = Field(
        default="auto",
        title=N_("Area basis"),
        description=N_("Which area counts. Automatic: as the kind of the land layer lays down."),
        json_schema_extra={
            "advanced": True,
            "choices": {
                "auto": N_("Automatic"),
                "ellipsoidal": N_("Ellipsoidal area"),
                "planar": N_("Planar area"),
            },
        },
    )
    unit: Literal["m2", "ha", "mu"] = Field(
        default="ha",
        title=N_("Unit"),
        description=N_("Unit of the tables."),
        json_schema_extra={
            "advanced": True,
            "choices": {"m2": N_("Square metres"), "ha": N_("Hectares"), "mu": N_("Mu")},
        },
    )
    gap_m: float = Field(
        default=1.0,
        ge=0.0,
        le=100.0,
        title=N_("Gap between contiguous candidates"),
        description=N_("Candidates at most this far apart are one group."),
        json_schema_extra={"advanced": True, "unit": "m"},
    )
    on: str = Field(
        default="",
        title=N_("Day of gathering"),
        description=N_("Idle land is judged on this day, as 2026-01-31. Empty: today."),
        json_schema_extra={"advanced": True},
    )
    supply_rule: str = rule_file(N_("Rule of supply"))
    priority_rule: str = rule_file(N_("Rule of priorities"))

    @field_validator("on")
    @classmethod
    def _a_day(cls, value: str) -> str:
        if value:
            dt.date.fromisoformat(value)
        return value

    @field_validator("years")
    @classmethod
    def _some_years(cls, value: str) -> str:
        if value.strip():
            years_of(value)
        return value

    @property
    def supply(self) -> SupplyParameters:
        """The parameters of the supply that is gathered for the allocation."""
        return SupplyParameters(
            zones="-", gap_m=self.gap_m, on=self.on, rule=self.supply_rule, basis=self.basis, unit=self.unit
        )


def years_of(text: str) -> tuple[int, ...]:
    """Return the years of a text as 2026 or 2026-2030.

    Raises
    ------
    ValueError
        When it is neither, or the years fall, or are more than thirty.
    """
    found = _YEARS.match(text)
    if found is None:
        raise ValueError(text)
    first = int(found[1])
    last = int(found[2] or first)
    if not first <= last < first + _MOST_YEARS:
        raise ValueError(text)
    return tuple(range(first, last + 1))
