"""What a user can choose about the intensity of use."""

from __future__ import annotations

from pydantic import Field

from layers.words import N_
from zsgis.analysis.zoned import ZonedParameters
from zsgis.analysis.zoned.parameters import LAND_KINDS

_OPTIONAL = N_("Empty: the first there is; “-”: none, and what needs it is not derived.")


class IntensityParameters(ZonedParameters):
    """Parameters of the intensity of use."""

    land: str = Field(
        default="",
        title=N_("Land"),
        description=N_("Layer with a land class. Empty: the first that fits."),
        json_schema_extra={"layer": list(LAND_KINDS)},
    )
    approved: str = Field(
        default="",
        title=N_("Approved land"),
        description=_OPTIONAL,
        json_schema_extra={"layer": ["approved"], "optional": True},
    )
    supplied: str = Field(
        default="",
        title=N_("Supplied land"),
        description=_OPTIONAL,
        json_schema_extra={"layer": ["supplied"], "optional": True},
    )
    idle: str = Field(
        default="",
        title=N_("Idle land"),
        description=_OPTIONAL,
        json_schema_extra={"layer": ["idle"], "optional": True},
    )
    industrial_parcels: str = Field(
        default="",
        title=N_("Industrial parcels"),
        description=_OPTIONAL,
        json_schema_extra={"layer": ["industrial_parcels"], "optional": True},
    )
    buildings: str = Field(
        default="",
        title=N_("Buildings"),
        description=_OPTIONAL,
        json_schema_extra={"layer": ["buildings"], "optional": True},
    )
    tax_field: str = Field(
        default="tax_10k_yuan",
        title=N_("Field of taxes"),
        description=N_("Column of the industrial parcels that holds a year's taxes in 10,000 yuan."),
        json_schema_extra={"advanced": True},
    )
    rule: str = Field(
        default="",
        title=N_("Rule"),
        description=N_("Rule file by name or path. Empty: the one that ships."),
        json_schema_extra={"advanced": True},
    )
