"""What a user can choose about groups of contiguous parcels."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from layers.words import N_
from zsgis.analysis.parameter_fields import rule_file
from zsgis.analysis.zoned import ZonedParameters
from zsgis.analysis.zoned.parameters import LAND_KINDS

PARCEL_KINDS = (
    *LAND_KINDS,
    "cadastral_parcels",
    "supplied",
    "approved",
    "reserve",
    "idle",
    "redevelopment",
)
NO_BRIDGES = "-"
ALL_CLASSES = "*"


class ContiguityParameters(ZonedParameters):
    """Parameters of contiguity."""

    parcels: str = Field(
        default="",
        title=N_("Parcels to assemble"),
        description=N_("Layer of the parcels to assemble. Empty: the first that fits."),
        json_schema_extra={"layer": list(PARCEL_KINDS)},
    )
    classes: str = Field(
        default="",
        title=N_("Land classes"),
        description=N_(
            "Codes with commas between, each with all classes below it. Empty: industrial land of the "
            "layer's standard; “*”: every class."
        ),
    )
    ownership: Literal["any", "state", "collective"] = Field(
        default="any",
        title=N_("Ownership"),
        description=N_("Only parcels whose ownership is known to be this one."),
        json_schema_extra={
            "choices": {
                "any": N_("Any ownership"),
                "state": N_("State-owned"),
                "collective": N_("Collectively owned"),
            }
        },
    )
    condition: str = Field(
        default="",
        title=N_("Condition"),
        description=N_(
            "What else holds for a parcel, as in a filter: state of use, holder, year. Empty: nothing."
        ),
    )
    gap_m: float = Field(
        default=1.0,
        ge=0.0,
        le=100.0,
        title=N_("Gap"),
        description=N_("Parcels at most this far apart belong together, also those that meet at a corner."),
        json_schema_extra={"unit": "m"},
    )
    bridge_m: float = Field(
        default=20.0,
        ge=0.0,
        le=200.0,
        title=N_("Roads and canals bridged up to"),
        description=N_(
            "Parcels on both sides of a road or canal no wider than this belong together. 0: none is bridged."
        ),
        json_schema_extra={"unit": "m"},
    )
    roads: str = Field(
        default="",
        title=N_("Layer of roads and canals"),
        description=N_(
            "Empty: the parcels' own layer where it has land classes, else the first land-use layer; “-”: "
            "none."
        ),
        json_schema_extra={"layer": list(LAND_KINDS), "optional": True, "advanced": True},
    )
    road_classes: str = Field(
        default="",
        title=N_("Classes of roads and canals"),
        description=N_("Codes with commas between, each with all classes below it. Empty: as the rule says."),
        json_schema_extra={"advanced": True},
    )
    least_mu: float = Field(
        default=10.0,
        ge=0.0,
        le=1_000_000.0,
        title=N_("Smallest group"),
        description=N_("Smaller groups are counted together and not listed."),
        json_schema_extra={"unit": "mu"},
    )
    compactness: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        title=N_("Least compactness"),
        description=N_(
            "Area over that of the smallest circle around the group: a square has 0.64, a strip of 1 by 5 "
            "has 0.24. 0: any shape."
        ),
        json_schema_extra={"advanced": True},
    )
    missing_listed: int = Field(
        default=20,
        ge=0,
        le=1_000,
        title=N_("Missing parcels listed"),
        description=N_(
            "How many parcels that would join groups are named, those with the largest gain first."
        ),
    )
    missing_mu: float = Field(
        default=200.0,
        ge=0.0,
        le=1_000_000.0,
        title=N_("Largest missing parcel"),
        description=N_("Larger parcels are not looked at as missing ones."),
        json_schema_extra={"unit": "mu", "advanced": True},
    )
    unit: Literal["m2", "ha", "mu"] = Field(
        default="mu",
        title=N_("Unit"),
        description=N_("Unit of the tables."),
        json_schema_extra={
            "advanced": True,
            "choices": {"m2": N_("Square metres"), "ha": N_("Hectares"), "mu": N_("Mu")},
        },
    )
    listed: int = Field(
        default=200,
        ge=1,
        le=10_000,
        title=N_("Groups listed"),
        description=N_("The largest groups are listed one by one; the rest stands in one row."),
        json_schema_extra={"advanced": True},
    )
    rule: str = rule_file()
