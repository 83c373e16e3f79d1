"""What a user can choose about the differences between plans."""

from __future__ import annotations

from pydantic import Field

from layers.words import N_
from zsgis.analysis.parcel_pages import PagedParameters

PARCEL_KINDS = ("industrial_parcels", "land_use", "cadastral_parcels", "reserve", "redevelopment", "zones")


class ThreePlansParameters(PagedParameters):
    """Parameters of the differences between plans."""

    parcels: str = Field(
        default="",
        title=N_("Parcels"),
        description=N_("Layer whose parcels are held against the plans. Empty: the first that fits."),
        json_schema_extra={"layer": list(PARCEL_KINDS)},
    )
    old_plan: str = Field(
        default="",
        title=N_("Former land plan"),
        description=N_("Layer of control zones. Empty: the first there is."),
        json_schema_extra={"layer": ["old_plan_zones"]},
    )
    detailed: str = Field(
        default="",
        title=N_("Detailed plan"),
        description=N_("Layer of plots of the detailed plan. Empty: the first there is; “-”: none."),
        json_schema_extra={"layer": ["detailed_plan"], "optional": True},
    )
    territorial: str = Field(
        default="",
        title=N_("Territorial plan"),
        description=N_("Layer of land use in the territorial plan. Empty: the first there is; “-”: none."),
        json_schema_extra={"layer": ["territorial_plan"], "optional": True},
    )
    towns: str = Field(
        default="",
        title=N_("Towns"),
        description=N_("Second layer of areas to count by. Empty: the towns, if there are any; “-”: none."),
        json_schema_extra={"layer": ["towns", "zones"], "optional": True},
    )
    rule: str = Field(
        default="",
        title=N_("Rule file"),
        description=N_("Path of a rule file of the bureau. Empty: the one that comes with the program."),
        json_schema_extra={"advanced": True},
    )
