"""What a user can choose about the stock of land."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from layers.words import N_
from zsgis.analysis.zoned.parameters import LAND_KINDS, ZonedParameters


class StockParameters(ZonedParameters):
    """Parameters of the stock of land."""

    land: str = Field(
        default="",
        title=N_("Land"),
        description=N_("Layer with a land class. Empty: the first that fits."),
        json_schema_extra={"layer": list(LAND_KINDS)},
    )
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

    @field_validator("level", mode="before")
    @classmethod
    def _level_as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value
