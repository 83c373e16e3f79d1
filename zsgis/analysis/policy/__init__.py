"""Policy check: parcels held against the clauses of M0, 三旧, 工改, 闲置; value and margin of each."""

from zsgis.analysis.policy.capability import CAPABILITY, run
from zsgis.analysis.policy.parameters import PolicyParameters

__all__ = ["CAPABILITY", "PolicyParameters", "run"]
