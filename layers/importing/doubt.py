"""What a file is cannot be told for sure: nothing is written, and whoever asked gets the candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from layers.errors import InputError
from layers.guard.model import Aspect, Candidate, Verdict
from layers.words import _

_SHOWN = 4
_OPTIONS = {
    Aspect.CRS: "--crs",
    Aspect.ENCODING: "--encoding",
    Aspect.STANDARD: "--standard",
    Aspect.UNITS: "--unit",
}


class UncertainError(InputError):
    """Somebody must say what the file is.

    Parameters
    ----------
    verdicts : sequence of Verdict
        The questions that are open, with their candidates.
    """

    def __init__(self, where: str, verdicts: Sequence[Verdict[Candidate]]) -> None:
        super().__init__(_what(verdicts), where=where, remedy=_remedy(verdicts), details=_details(verdicts))
        self.verdicts = tuple(verdicts)

    @property
    def facts(self) -> Mapping[str, Any]:
        """The open questions with their candidates."""
        return {"candidates": [verdict.to_json() for verdict in self.verdicts]}


def _what(verdicts: Sequence[Verdict[Candidate]]) -> str:
    asked = "、".join(dict.fromkeys(_question(verdict) for verdict in verdicts))
    return _("What the file is cannot be told for sure, and that is never guessed: {questions}.").format(
        questions=asked
    )


def _remedy(verdicts: Sequence[Verdict[Candidate]]) -> str:
    words = []
    for verdict in verdicts:
        option = _OPTIONS[verdict.aspect]
        told = [f"{option} {_value(verdict, each)}" for each in verdict.candidates[:_SHOWN]]
        words.append("、".join(told) or option)
    return _("Say it: {candidates}").format(candidates="; ".join(words)) if words else ""


def _question(verdict: Verdict[Candidate]) -> str:
    words = verdict.aspect.words
    return (
        _("{question} of “{column}”").format(question=words, column=verdict.subject)
        if verdict.subject
        else words
    )


def _value(verdict: Verdict[Candidate], candidate: Candidate) -> str:
    # units are said column by column, all else once for the file
    return f"{verdict.subject}={candidate.value}" if verdict.aspect is Aspect.UNITS else candidate.value


def _details(verdicts: Sequence[Verdict[Candidate]]) -> str:
    return "\n".join(
        f"{verdict.aspect.words} {each.value}: {each.title}, {each.confidence:.0%}. {each.reason}"
        for verdict in verdicts
        for each in verdict.candidates
    )
