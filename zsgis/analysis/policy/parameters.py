"""What a user can choose about the check of policies."""

from __future__ import annotations

from pydantic import Field

from layers.words import N_
from zsgis.analysis.clauses.parameters import ClauseParameters


class PolicyParameters(ClauseParameters):
    """Parameters of the check of policies."""

    rule: str = Field(
        default="policy_idle",
        title=N_("Rule"),
        description=N_(
            "policy_idle, policy_idle_established, policy_m0, policy_three_olds, policy_industry_renewal, "
            "or a file of your own."
        ),
    )
