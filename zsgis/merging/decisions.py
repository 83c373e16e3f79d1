"""Decisions on disk: what was decided stays decided, as long as what it was decided about stays the same."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import shapely
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.edits import FeatureState
from layers.errors import InputError
from layers.whole_file import whole_file
from layers.words import _
from zsgis.merging.model import Conflict, Decision, Decisions, Question, Side
from zsgis.merging.planning import MergePlan
from zsgis.merging.resolving import checked

EVERYTHING = "*"
"""Key of the answer to all questions that have none of their own."""


class KeptDecision(BaseModel):
    """One answer; ``mark`` says what it was given about, empty where it is meant for whatever is there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    side: Literal["base", "mine", "theirs"] | None = None
    value: str | int | float | bool | None = None
    mark: str = ""


class DecisionFile(BaseModel):
    """The form of a file of decisions: answers by key of the question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    decisions: Mapping[str, KeptDecision] = Field(default_factory=dict)


class DecisionBook:
    """The decisions about one plan, in a file.

    Parameters
    ----------
    path : Path
        Need not exist.
    """

    def __init__(self, path: Path, plan: MergePlan) -> None:
        self.path = path
        self._questions = [
            (question, mark_of(conflict)) for conflict in plan.conflicts for question in conflict.questions
        ]

    def read(self) -> dict[str, Decision]:
        """Return the decisions that hold for the plan.

        Raises
        ------
        InputError
            When the file cannot be read, or answers what its question does not allow.
        """
        try:
            kept = DecisionFile.model_validate_json(self.path.read_bytes())
        except (OSError, ValidationError) as error:
            raise InputError(
                _("The file of decisions cannot be read."),
                where=str(self.path),
                remedy=_("It is JSON: {example}").format(
                    example='{"decisions": {"KEY": {"side": "mine"}, "*": {"side": "theirs"}}}'
                ),
                details=str(error),
            ) from error
        found: dict[str, Decision] = {}
        for question, mark in self._questions:
            one = kept.decisions.get(question.key) or _for_everything(kept, question)
            if one is not None and one.mark in ("", mark):
                side = None if one.side is None else Side(one.side)
                found[question.key] = checked(question, Decision(side, one.value))
        return found

    def keep(self, decisions: Decisions) -> None:
        """Write decisions down; they are on disk, whole, when the call returns.

        Raises
        ------
        InputError
            When the file cannot be written.
        """
        kept = {
            question.key: KeptDecision(
                side=None if decision.side is None else decision.side.value,
                value=decision.value if decision.side is None else None,
                mark=mark,
            )
            for question, mark in self._questions
            if (decision := decisions.get(question.key)) is not None
        }
        text = DecisionFile(decisions=kept).model_dump_json(indent=1)
        with whole_file(self.path, _("The decisions cannot be written down.")) as draft:
            draft.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())


def mark_of(conflict: Conflict) -> str:
    """Return what tells a conflict from one about other values."""
    digest = blake2b(digest_size=16)
    for member in conflict.members:
        for side in Side:
            digest.update(_state_bytes(member.sides.on(side)))
    for question in conflict.questions:
        digest.update(_plain({side: question.values.get(side) for side in Side}))
    return digest.hexdigest()


def _for_everything(kept: DecisionFile, question: Question) -> KeptDecision | None:
    one = kept.decisions.get(EVERYTHING)
    return one if one is not None and one.side in question.sides else None


def _state_bytes(state: FeatureState | None) -> bytes:
    if state is None:
        return b"-"
    shape = b"-" if state.geometry is None else bytes(shapely.to_wkb(state.geometry, output_dimension=4))
    return _plain([state.zs_uid, dict(state.values)]) + shape


def _plain(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()
