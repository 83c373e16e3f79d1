"""What the clauses of a rule say of each feature together, and the order of the features."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from layers.words import _
from zsgis.analysis.clauses.evidence import Evidence, Finding, found
from zsgis.analysis.clauses.rules import Clause, ClauseRule
from zsgis.analysis.judging import IN_FORCE, TO_CHECK, Verdict

_MET = {Verdict.MEETS, Verdict.HINT_MEETS}


class Conclusion(IntEnum):
    """What is concluded of a feature; in the order in which features are listed."""

    FULFILLED = 0
    SUSPECTED = 1
    HINTED = 2
    MISSING = 3
    FAILED = 4

    def words(self, rule: ClauseRule) -> str:
        """Return the conclusion as printed."""
        return {
            Conclusion.FULFILLED: rule.fulfilled,
            Conclusion.SUSPECTED: rule.gate.without if rule.gate else "",
            Conclusion.HINTED: _("Hint only: no clause in force decides"),
            Conclusion.MISSING: _("Data missing"),
            Conclusion.FAILED: _("Does not meet"),
        }[self]


CONCLUSION_COLORS = ("#3A8F5C", "#E0A030", "#8FA9C4", "#C9C9C9", "#B9552B")


@dataclass(frozen=True)
class Judgement:
    """The clauses on all features.

    Attributes
    ----------
    findings : tuple of tuple of Finding
        By feature, then by clause in the order of the rule.
    conclusions : tuple of Conclusion, length n
    scores : tuple of float, length n
        Weight of the clauses that are met, those that only hint included, in % of all.
    order : tuple of int, length n
        Places of the features, the best first: by conclusion, score, name and uid.
    """

    rule: ClauseRule
    evidence: Evidence
    findings: tuple[tuple[Finding, ...], ...]
    conclusions: tuple[Conclusion, ...]
    scores: tuple[float, ...]
    order: tuple[int, ...]

    def cents(self, place: int) -> int:
        """Return a feature's area in 0.01 m2; 0 without a shape."""
        area = float(self.evidence.area_m2[place])
        return 0 if math.isnan(area) else round(100 * area)

    def reasons(self, place: int) -> str:
        """Return in words what stands against a feature, clause by clause."""
        parts = []
        for clause, finding in zip(self.rule.clauses, self.findings[place], strict=True):
            if finding.judged.verdict not in _MET:
                actual = f"（{finding.actual}）" if finding.actual else ""
                parts.append(f"{clause.title}{actual}：{finding.judged.verdict.words}")
        return "；".join(parts) or _("Every clause is met.")


def judge_features(rule: ClauseRule, evidence: Evidence) -> Judgement:
    """Hold features against the clauses of a rule."""
    columns = [found(each, evidence, rule.status_of(each)) for each in rule.clauses]
    findings = tuple(zip(*columns, strict=True))
    conclusions = tuple(_conclusion(rule, row) for row in findings)
    scores = tuple(_score(rule.clauses, row) for row in findings)
    names, uids = evidence.features.names, evidence.features.uids
    order = sorted(
        range(len(findings)),
        key=lambda place: (conclusions[place], -scores[place], names[place], uids[place]),
    )
    return Judgement(rule, evidence, findings, conclusions, scores, tuple(order))


def _conclusion(rule: ClauseRule, findings: Sequence[Finding]) -> Conclusion:
    """Clauses in force decide; what only hints changes nothing, but for what the gate says.

    The gate is an official act that the bureau holds. So where a rule with a gate is still to be checked, who
    would meet it is what the act says, or without one suspected; nobody fails it.
    """
    gate = rule.gate.clause if rule.gate else ""
    deciding = [
        finding.judged.verdict
        for clause, finding in zip(rule.clauses, findings, strict=True)
        if rule.status_of(clause) == IN_FORCE and clause.key != gate
    ]
    if Verdict.FAILS in deciding:
        return Conclusion.FAILED
    if Verdict.MISSING in deciding:
        return Conclusion.MISSING
    if not deciding:
        hints = _hints_before_gate(rule, findings)
        if Verdict.MISSING in hints:
            return Conclusion.MISSING
        if not hints or not _MET.issuperset(hints):
            return Conclusion.HINTED
    passed = all(
        finding.judged.verdict in _MET
        for clause, finding in zip(rule.clauses, findings, strict=True)
        if clause.key == gate
    )
    return Conclusion.FULFILLED if passed else Conclusion.SUSPECTED


def _hints_before_gate(rule: ClauseRule, findings: Sequence[Finding]) -> list[Verdict]:
    """Return what the clauses that stand with their file say, where it is to be checked and has a gate."""
    if rule.gate is None or rule.status != TO_CHECK:
        return []
    return [
        finding.judged.verdict
        for clause, finding in zip(rule.clauses, findings, strict=True)
        if not clause.status and clause.key != rule.gate.clause
    ]


def _score(clauses: Sequence[Clause], findings: Sequence[Finding]) -> float:
    whole = sum(clause.weight for clause in clauses)
    met = sum(
        clause.weight
        for clause, finding in zip(clauses, findings, strict=True)
        if finding.judged.verdict in _MET
    )
    return 100.0 * met / whole if whole else 0.0
