"""What a user can choose about the screening for incubators."""

from __future__ import annotations

from layers.words import N_
from zsgis.analysis.clauses.parameters import ClauseParameters
from zsgis.analysis.parameter_fields import rule_among


class ScreeningParameters(ClauseParameters):
    """Parameters of the screening for incubators."""

    rule: str = rule_among(
        {
            "screening": N_("Parcels: old and idle factories"),
            "screening_rooms": N_("Buildings: commercial rooms and factories"),
        }
    )
