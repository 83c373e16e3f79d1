"""What a user can choose about the supply of land."""

from __future__ import annotations

import datetime as dt

from pydantic import Field, field_validator

from layers.words import N_
from zsgis.analysis.parameter_fields import rule_file
from zsgis.analysis.zoned import ZonedParameters


class SupplyParameters(ZonedParameters):
    """Parameters of the supply of land; zones and basis as everywhere."""

    zones: str = Field(
        default="",
        title=N_("Zones"),
        description=N_("Layer of areas by which the candidates are summed up. Empty: the platforms."),
        json_schema_extra={"layer": ["platforms", "towns", "zones"], "optional": True},
    )
    gap_m: float = Field(
        default=1.0,
        ge=0.0,
        le=100.0,
        title=N_("Gap between contiguous candidates"),
        description=N_("Candidates at most this far apart are one group."),
        json_schema_extra={"unit": "m"},
    )
    on: str = Field(
        default="",
        title=N_("Day of gathering"),
        description=N_("Idle land is judged on this day, as 2026-01-31. Empty: today."),
        json_schema_extra={"advanced": True},
    )
    rule: str = rule_file()

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
