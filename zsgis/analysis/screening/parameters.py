"""What a user can choose about the screening for incubators."""

from __future__ import annotations

from pydantic import Field

from layers.words import N_
from zsgis.analysis.clauses.parameters import ClauseParameters


class ScreeningParameters(ClauseParameters):
    """Parameters of the screening for incubators."""

    rule: str = Field(
        default="screening",
        title=N_("Rule"),
        description=N_("screening (parcels), screening_rooms (buildings), or a file of your own."),
    )
