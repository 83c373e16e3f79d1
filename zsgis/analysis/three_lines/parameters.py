"""What a user can choose about parcels against control lines."""

from __future__ import annotations

from pydantic import Field

from layers.words import N_
from zsgis.analysis.parcel_pages import PagedParameters
from zsgis.analysis.three_plans.parameters import PARCEL_KINDS


class ThreeLinesParameters(PagedParameters):
    """Parameters of parcels against control lines."""

    parcels: str = Field(
        default="",
        title=N_("Parcels"),
        description=N_("Layer whose parcels are held against the lines. Empty: the first that fits."),
        json_schema_extra={"layer": list(PARCEL_KINDS)},
    )
    lines: str = Field(
        default="",
        title=N_("Control lines"),
        description=N_("Layer of control lines. Empty: the first there is."),
        json_schema_extra={"layer": ["control_lines"]},
    )
    forest: str = Field(
        default="",
        title=N_("Forest stands"),
        description=N_("Layer of forest stands. Empty: the first there is; “-”: none."),
        json_schema_extra={"layer": ["forest_stands"], "optional": True},
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
