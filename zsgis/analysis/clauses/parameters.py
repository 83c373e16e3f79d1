"""What a user can choose about features held against clauses."""

from __future__ import annotations

import datetime as dt

from pydantic import Field, field_validator

from layers.words import N_
from zsgis.analysis.zoned import ZonedParameters

SUBJECT_KINDS = (
    "industrial_parcels",
    "idle",
    "supplied",
    "redevelopment",
    "cadastral_parcels",
    "buildings",
    "land_use",
)


class ClauseParameters(ZonedParameters):
    """Parameters of clauses; the rule is declared by each analysis."""

    subject: str = Field(
        default="",
        title=N_("Features looked at"),
        description=N_("Layer of parcels or buildings. Empty: the first of the kinds that the rule names."),
        json_schema_extra={"layer": list(SUBJECT_KINDS)},
    )
    what_if: str = Field(
        default="",
        title=N_("What if"),
        description=N_("One limit changed, as clause.low=20 or clause.high=3.5; keys are in the rule file."),
    )
    on: str = Field(
        default="",
        title=N_("Day of judgement"),
        description=N_("As 2026-01-31. Empty: today."),
        json_schema_extra={"advanced": True},
    )

    @field_validator("on")
    @classmethod
    def _a_day(cls, value: str) -> str:
        if value:
            dt.date.fromisoformat(value)
        return value

    @property
    def day(self) -> dt.date:
        """The day on which is judged."""
        return dt.date.fromisoformat(self.on) if self.on else dt.date.today()
