"""Rule files of clauses: what is required of a feature, with source and status."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.kinds import KINDS
from zsgis.analysis.judging import IN_FORCE
from zsgis.analysis.rule_files import RuleFile

ClauseKind = Literal[
    "area_mu", "number", "floor_area_ratio", "text", "given", "empty", "industrial", "overdue", "covered"
]
_LIMITED = {"area_mu", "number", "floor_area_ratio", "overdue", "covered"}


class Clause(BaseModel):
    """One requirement.

    Attributes
    ----------
    kind : str
        What is looked at: ``area_mu`` the measured area in 亩; ``number`` a field; ``floor_area_ratio`` that
        field, else floor area over measured area; ``text`` a field with one of some values; ``given`` and
        ``empty`` whether a field says anything; ``industrial`` the land class; ``overdue`` days since the
        date of a field; ``covered`` the share in % that lies within layers of some kinds.
    low, high : float or None
        Allowed limits, both included.
    status : str
        Empty: that of the file.
    weight : float
        For the order of features, nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    kind: ClauseKind
    field: str = ""
    low: float | None = None
    high: float | None = None
    any_of: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    unit: str = ""
    source: str = ""
    clause: str = ""
    status: str = ""
    weight: float = Field(default=1.0, ge=0.0)

    @model_validator(mode="after")
    def _whole(self) -> Clause:
        if self.kind in _LIMITED and self.low is None and self.high is None:
            raise ValueError(f"{self.key}: neither low nor high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"{self.key}: low is above high")
        if self.kind in {"number", "text", "given", "empty", "overdue"} and not self.field:
            raise ValueError(f"{self.key}: no field")
        if self.kind == "text" and not self.any_of:
            raise ValueError(f"{self.key}: no values")
        if self.kind == "covered" and not (self.layers and set(self.layers) <= set(KINDS)):
            raise ValueError(f"{self.key}: layers must be kinds of layers")
        return self


class Gate(BaseModel):
    """A clause without which a feature is only suspected, and not counted.

    Attributes
    ----------
    without : str
        What such a feature is called: 疑似闲置, 潜在三旧用地.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    clause: str
    without: str


class ClauseRule(RuleFile):
    """A rule file as read.

    Attributes
    ----------
    kinds : tuple of str
        Kinds of layers whose features are looked at, the usual one first.
    fulfilled : str
        What a feature that meets every clause is called.
    """

    kinds: tuple[str, ...] = Field(min_length=1)
    fulfilled: str
    clauses: tuple[Clause, ...] = Field(min_length=1)
    gate: Gate | None = None

    @model_validator(mode="after")
    def _fits(self) -> ClauseRule:
        keys = [each.key for each in self.clauses]
        if len(set(keys)) != len(keys):
            raise ValueError("two clauses have the same key")
        if not set(self.kinds) <= set(KINDS):
            raise ValueError("kinds must be kinds of layers")
        if self.gate is not None and self.gate.clause not in keys:
            raise ValueError(f"there is no clause {self.gate.clause}")
        return self

    def status_of(self, clause: Clause) -> str:
        """Return the status that decides about a clause: no clause is surer than its file."""
        if self.status != IN_FORCE and clause.status in ("", IN_FORCE):
            return self.status
        return clause.status or self.status
