"""A merge that a person decides: what is answered, what is left, each answer kept at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zsgis.merging.model import Conflict, Decision, Decisions, Question, Side
from zsgis.merging.planning import MergePlan
from zsgis.merging.resolving import checked


class Deciding:
    """A plan with the answers given so far.

    Parameters
    ----------
    keep : callable
        Told all answers after each.
    """

    def __init__(self, plan: MergePlan, decisions: Decisions, keep: Callable[[Decisions], object]) -> None:
        self.plan = plan
        self._decisions = dict(decisions)
        self._keep = keep

    @property
    def decisions(self) -> Decisions:
        """The answers, by key of the question."""
        return dict(self._decisions)

    @property
    def decided(self) -> int:
        """How many conflicts are decided wholly."""
        return len(self.plan.conflicts) - len(self.plan.undecided(self._decisions))

    @property
    def complete(self) -> bool:
        """Whether nothing is left to decide."""
        return self.decided == len(self.plan.conflicts)

    def is_decided(self, conflict: Conflict) -> bool:
        """Tell whether all questions of a conflict are answered."""
        return all(question.key in self._decisions for question in conflict.questions)

    def answer(self, question: Question, side: Side) -> bool:
        """Take a side's; tell whether that is possible."""
        if side not in question.sides:
            return False
        self._decisions[question.key] = Decision(side)
        self._keep(self.decisions)
        return True

    def answer_with(self, question: Question, value: Any) -> None:
        """Take a value of one's own.

        Raises
        ------
        InputError
            Where the question takes none.
        """
        self._decisions[question.key] = checked(question, Decision(None, value))
        self._keep(self.decisions)

    def answer_all(self, conflict: Conflict, side: Side) -> bool:
        """Take a side's for all questions of a conflict; tell whether that is possible."""
        if any(side not in question.sides for question in conflict.questions):
            return False
        self._decisions.update({question.key: Decision(side) for question in conflict.questions})
        self._keep(self.decisions)
        return True

    def next_open(self, after: int) -> int:
        """Return the place of the next conflict that is not decided, from the start again; -1 for none."""
        conflicts = self.plan.conflicts
        places = [*range(after + 1, len(conflicts)), *range(min(after + 1, len(conflicts)))]
        return next((at for at in places if not self.is_decided(conflicts[at])), -1)
