"""What a user can choose about every analysis that counts by zones."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from layers.kinds import KINDS
from layers.words import N_
from zsgis.capability import Parameters

NO_ZONES = "-"
"""Zones parameter that asks for the whole layer as one zone."""

ZONE_KINDS = (
    "platforms",
    "zones",
    "towns",
    "control_lines",
    "old_plan_zones",
    "detailed_plan",
    "approved",
    "supplied",
    "reserve",
    "redevelopment",
)
LAND_KINDS = ("land_use", *(k.key for k in KINDS.values() if k.class_field and k.key != "land_use"))
"""Kinds with a land class, the usual one first."""


class ZonedParameters(Parameters):
    """Zones, basis, unit, slivers; the form shows what an analysis adds before what is advanced."""

    zones: str = Field(
        default="",
        title=N_("Zones"),
        description=N_(
            "Layer of areas to count by. Empty: the first that fits; “-”: the land layer as a whole."
        ),
        json_schema_extra={"layer": list(ZONE_KINDS), "optional": True},
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
        description=N_("Unit of the summary and of the matrix."),
        json_schema_extra={
            "advanced": True,
            "choices": {"m2": N_("Square metres"), "ha": N_("Hectares"), "mu": N_("Mu")},
        },
    )
    digits: int | None = Field(
        default=None,
        ge=0,
        le=4,
        title=N_("Digits"),
        description=N_(
            "Digits after the point in that unit. Empty: as usual for the unit (m² 2, ha 4, mu 2)."
        ),
        json_schema_extra={"advanced": True},
    )
    sliver_m2: float = Field(
        default=1.0,
        ge=0.0,
        le=10_000.0,
        title=N_("Sliver area"),
        description=N_(
            "Parts of cut parcels smaller than this, and thinner than the sliver width, are slivers."
        ),
        json_schema_extra={"advanced": True, "unit": "m2"},
    )
    sliver_width_m: float = Field(
        default=0.1,
        ge=0.0,
        le=100.0,
        title=N_("Sliver width"),
        description=N_("Twice the area over the perimeter."),
        json_schema_extra={"advanced": True, "unit": "m"},
    )
    sliver_policy: Literal["keep", "merge"] = Field(
        default="keep",
        title=N_("Slivers"),
        description=N_("Slivers are never dropped: they stay and are counted, or go to their neighbour."),
        json_schema_extra={
            "advanced": True,
            "choices": {"keep": N_("Keep and count"), "merge": N_("Merge with the neighbour")},
        },
    )

    @field_validator("digits", mode="before")
    @classmethod
    def _empty_is_usual(cls, value: Any) -> Any:
        return None if value == "" else value
