"""What a user can choose about the change between two dates."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from layers.words import N_
from zsgis.analysis.zoned import ZonedParameters
from zsgis.analysis.zoned.parameters import LAND_KINDS


class ChangeParameters(ZonedParameters):
    """Parameters of the change."""

    earlier: str = Field(
        default="",
        title=N_("Earlier date"),
        description=N_(
            "Layer of the earlier date. Empty: of two layers of one kind the one that came in first, else "
            "the layer of land use."
        ),
        json_schema_extra={"layer": list(LAND_KINDS)},
    )
    later: str = Field(
        default="",
        title=N_("Later date"),
        description=N_(
            "Layer of the later date. Empty: of two layers of one kind the one that came in last, else "
            "the layer of planned use."
        ),
        json_schema_extra={"layer": list(LAND_KINDS)},
    )
    level: Literal["1", "2", "3", "full"] = Field(
        default="1",
        title=N_("Class level"),
        description=N_(
            "How fine classes are told apart, in the matrix and when it is asked whether one changed."
        ),
        json_schema_extra={
            "choices": {
                "1": N_("First-level classes"),
                "2": N_("Second-level classes"),
                "3": N_("Third-level classes"),
                "full": N_("Classes as they stand"),
            }
        },
    )
    tolerance_m: float = Field(
        default=1.0,
        ge=0.0,
        le=50.0,
        title=N_("Drawing tolerance"),
        description=N_(
            "Slivers thinner than this between the edges of two dates are drawing noise: they make no fate "
            "and no new construction land, and stand apart."
        ),
        json_schema_extra={"unit": "m"},
    )
    listed: int = Field(
        default=500,
        ge=0,
        le=100_000,
        title=N_("Changed parcels listed"),
        description=N_("How many changed parcels are listed one by one, the largest first."),
        json_schema_extra={"advanced": True},
    )

    @field_validator("level", mode="before")
    @classmethod
    def _level_as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value
