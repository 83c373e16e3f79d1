"""What a user can choose about approved and unsupplied land."""

from __future__ import annotations

from pydantic import Field

from layers.words import N_
from zsgis.analysis.zoned import ZonedParameters


class SupplyGapParameters(ZonedParameters):
    """Parameters of approved and unsupplied land."""

    approved: str = Field(
        default="",
        title=N_("Approved land"),
        description=N_("Layer of approved red lines. Empty: the first there is."),
        json_schema_extra={"layer": ["approved"]},
    )
    supplied: str = Field(
        default="",
        title=N_("Supplied land"),
        description=N_("Layer of supplied red lines. Empty: the first there is."),
        json_schema_extra={"layer": ["supplied"]},
    )
    record_share_pct: float = Field(
        default=1.0,
        ge=0.0,
        le=100.0,
        title=N_("Difference to the record"),
        description=N_(
            "A batch whose measured and recorded areas differ by more than this share, and by more than the "
            "area below, is named."
        ),
        json_schema_extra={"unit": "percent", "advanced": True},
    )
    record_m2: float = Field(
        default=100.0,
        ge=0.0,
        le=1_000_000.0,
        title=N_("Least difference to the record"),
        description=N_("Smaller differences to a recorded area are not named."),
        json_schema_extra={"unit": "m2", "advanced": True},
    )
