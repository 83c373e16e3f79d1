"""What a user can choose about the list of demand."""

from __future__ import annotations

from pydantic import Field

from layers.words import N_
from zsgis.analysis.parameter_fields import rule_file
from zsgis.capability import Parameters


class DemandParameters(Parameters):
    """Parameters of the list of demand."""

    projects: str = Field(
        default="",
        title=N_("Register"),
        description=N_("Layer of projects that want land. Empty: the first there is."),
        json_schema_extra={"layer": ["project_demand"]},
    )
    rule: str = rule_file()
