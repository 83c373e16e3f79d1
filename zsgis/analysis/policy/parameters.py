"""What a user can choose about the check of policies."""

from __future__ import annotations

from layers.words import N_
from zsgis.analysis.clauses.parameters import ClauseParameters
from zsgis.analysis.parameter_fields import rule_among


class PolicyParameters(ClauseParameters):
    """Parameters of the check of policies."""

    rule: str = rule_among(
        {
            "policy_idle": N_("Idle land: supplied, not started"),
            "policy_idle_established": N_("Idle land: the register"),
            "policy_three_olds": N_("Three olds: old factories"),
            "policy_m0": N_("New industrial land (M0)"),
            "policy_industry_renewal": N_("Renewal of industrial parks"),
        }
    )
