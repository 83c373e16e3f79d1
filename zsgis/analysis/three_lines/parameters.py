"""What a user can choose about parcels against control lines."""

from __future__ import annotations

from pydantic import Field

from layers.words import N_
from zsgis.analysis.parameter_fields import parcels_layer, rule_file, towns_layer
from zsgis.analysis.parcel_pages import PagedParameters


class ThreeLinesParameters(PagedParameters):
    """Parameters of parcels against control lines."""

    parcels: str = parcels_layer(
        N_("Layer whose parcels are held against the lines. Empty: the first that fits.")
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
    towns: str = towns_layer()
    rule: str = rule_file()
