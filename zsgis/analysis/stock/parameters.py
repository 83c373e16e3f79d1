"""What a user can choose about the stock of land."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from layers.words import N_
from zsgis.analysis.parameter_fields import land_layer
from zsgis.analysis.zoned.parameters import ZonedParameters


class StockParameters(ZonedParameters):
    """Parameters of the stock of land."""

    land: str = land_layer()
    level: Literal["1", "2", "3", "full"] = Field(
        default="1",
        title=N_("Class level"),
        description=N_("How fine the classes are told apart."),
        json_schema_extra={
            "choices": {
                "1": N_("First-level classes"),
                "2": N_("Second-level classes"),
                "3": N_("Third-level classes"),
                "full": N_("Classes as they stand"),
            }
        },
    )

    control: Literal["off", "zones", "city"] = Field(
        default="off",
        title=N_("Control areas"),
        description=N_(
            "Force areas down level by level: parcels to the area of their zone, zones to the city's area."
        ),
        json_schema_extra={
            "advanced": True,
            "choices": {
                "off": N_("None: zones hold what their parcels add up to"),
                "zones": N_("Each zone's own area"),
                "city": N_("The city's area, then each zone's"),
            },
        },
    )
    city_m2: float | None = Field(
        default=None,
        gt=0.0,
        title=N_("Control area of the city"),
        description=N_("As the survey states it, on the area basis; needed to force zones to it."),
        json_schema_extra={"advanced": True, "unit": "m2"},
    )

    @field_validator("city_m2", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return None if value == "" else value

    @field_validator("level", mode="before")
    @classmethod
    def _level_as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value
