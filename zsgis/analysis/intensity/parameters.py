"""What a user can choose about the intensity of use."""

from __future__ import annotations

from pydantic import Field

from layers.words import N_
from zsgis.analysis.parameter_fields import land_layer, rule_file
from zsgis.analysis.zoned import ZonedParameters

_OPTIONAL = N_("Empty: the first there is; “-”: none, and what needs it is not derived.")


class IntensityParameters(ZonedParameters):
    """Parameters of the intensity of use."""

    land: str = land_layer()
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
    rule: str = rule_file()
