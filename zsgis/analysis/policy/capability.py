"""Policy check: parcels held against the clauses of M0, 三旧, 工改, 闲置; value and margin of each.

How odd input is handled: :mod:`zsgis.analysis.clauses.running`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.progress import Progress
from layers.words import N_, _
from zsgis.analysis.clauses.rules import ClauseRule
from zsgis.analysis.clauses.running import run_clauses
from zsgis.analysis.policy.parameters import PolicyParameters
from zsgis.analysis.rule_files import read_rule
from zsgis.capability import Capability, Parameters
from zsgis.result import Result

if TYPE_CHECKING:
    from layers.store import Project

TITLE = N_("Policy check")


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Hold a project's features against the rule that is asked for."""
    assert isinstance(parameters, PolicyParameters)  # noqa: S101 - the registry pairs the two
    rule = read_rule(ClauseRule, parameters.rule, "policy_idle")
    return run_clauses("policy", f"{_(TITLE)}：{rule.title}", project, rule, parameters, progress)


CAPABILITY = Capability(
    key="policy",
    title=TITLE,
    summary=N_(
        "Parcels held against the clauses of a policy (M0, three olds, industrial renewal, idle land): "
        "margin and verdict."
    ),
    stage="analysis",
    parameters=PolicyParameters,
    run=run,
    notes=(
        N_(
            "Only clauses in force decide; drafts and facts to be checked hint. A missing field or layer is "
            "missing data, never a failure."
        ),
        N_(
            "Without the number of an official finding land is only suspected to be idle; without an entry "
            "on the redevelopment map a factory is only potential redevelopment land. Neither is counted."
        ),
    ),
)
