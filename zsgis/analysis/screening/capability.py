"""Screening for incubators (三(四)2): commercial rooms, old and idle factories, ranked with reasons.

How odd input is handled: :mod:`zsgis.analysis.clauses.running`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.progress import Progress
from layers.words import N_, _
from zsgis.analysis.clauses.rules import ClauseRule
from zsgis.analysis.clauses.running import run_clauses
from zsgis.analysis.rule_files import read_rule
from zsgis.analysis.screening.parameters import ScreeningParameters
from zsgis.capability import Capability, Parameters
from zsgis.result import Result

if TYPE_CHECKING:
    from layers.store import Project

TITLE = N_("Screening for incubators")


def run(project: Project, parameters: Parameters, progress: Progress) -> Result:
    """Hold a project's features against the rule that is asked for."""
    assert isinstance(parameters, ScreeningParameters)  # noqa: S101 - the registry pairs the two
    rule = read_rule(ClauseRule, parameters.rule, "screening")
    return run_clauses("screening", f"{_(TITLE)}：{rule.title}", project, rule, parameters, progress)


CAPABILITY = Capability(
    key="screening",
    title=TITLE,
    summary=N_(
        "Old and idle factories and commercial rooms that could become incubators, ranked with reasons."
    ),
    stage="analysis",
    parameters=ScreeningParameters,
    run=run,
    notes=(
        N_(
            "Which buildings and parcels could serve science and technology, after the plan's section 3 (4) "
            "2. The order is by conclusion, share of clauses met and name."
        ),
    ),
)
