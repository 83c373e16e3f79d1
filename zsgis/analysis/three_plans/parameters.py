"""What a user can choose about the differences between plans."""

from __future__ import annotations

from pydantic import Field

from layers.words import N_
from zsgis.analysis.parameter_fields import parcels_layer, rule_file, towns_layer
from zsgis.analysis.parcel_pages import PagedParameters


class ThreePlansParameters(PagedParameters):
    """Parameters of the differences between plans."""

    parcels: str = parcels_layer(
        N_("Layer whose parcels are held against the plans. Empty: the first that fits.")
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
    towns: str = towns_layer()
    rule: str = rule_file()
