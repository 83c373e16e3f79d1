"""The rule file: what control zones mean, which plan speaks for the city, which differences there are."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from zsgis.analysis.rule_files import RuleFile, read_rule

Side = Literal["build", "conditional", "no", "none", "unclear"]
"""What a plan says of building: yes, on a condition, no; there is no plan; it cannot be told."""
Uses = Literal["same", "differ", "unknown"]


class Outcome(BaseModel):
    """One difference, and what it takes. A list that is not given allows everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    color: str
    clause: str
    conflict: bool
    old: tuple[Side, ...] = ()
    city: tuple[Side, ...] = ()
    uses: Uses | None = None

    def fits(self, old: Side, city: Side, uses: Uses) -> bool:
        """Tell whether what the plans say is this difference."""
        return (
            (not self.old or old in self.old)
            and (not self.city or city in self.city)
            and (self.uses is None or uses == self.uses)
        )


class ThreePlansRule(RuleFile):
    """A rule file as read; the last outcome takes whatever none before it took."""

    city: tuple[Literal["detailed_plan", "territorial_plan"], ...]
    compare_level: int
    compare_standard: str
    old_plan: dict[str, Literal["build", "conditional", "no"]]
    outcomes: tuple[Outcome, ...]

    @model_validator(mode="after")
    def _takes_everything(self) -> Self:
        last = self.outcomes[-1] if self.outcomes else None
        if last is None or last.old or last.city or last.uses is not None:
            raise ValueError("the last outcome must take whatever is left")
        return self

    @property
    def kinds(self) -> tuple[Outcome, ...]:
        """The distinct outcomes, in the order of the file; several rules may lead to one."""
        return tuple({outcome.key: outcome for outcome in self.outcomes}.values())

    def outcome(self, old: Side, city: Side, uses: Uses) -> Outcome:
        """Return the first outcome that fits."""
        return next(outcome for outcome in self.outcomes if outcome.fits(old, city, uses))


def three_plans_rule(asked: str = "") -> ThreePlansRule:
    """Read a rule file; empty for the one that comes with the program.

    Raises
    ------
    InputError
    """
    return read_rule(ThreePlansRule, asked, "three_plans")
