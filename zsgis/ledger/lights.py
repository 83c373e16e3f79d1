"""Traffic lights: an indicator's value held against where it should be by now, by a dated rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from layers.plain_numbers import plain_number
from layers.words import N_, _
from zsgis.analysis.rule_files import RuleFile, read_rule
from zsgis.ledger.indicators import LedgerIndicator
from zsgis.plan.indicators import Base, Target, growth_of_rates

SHIPPED = "ledger_lights"
_EPSILON = 1e-9


class LightRule(RuleFile):
    """When an indicator is green, yellow or red.

    Attributes
    ----------
    near_share : float
        Down to this share of what it should be by now it is yellow.
    midterm_year : int
        In which year of a plan's period its mid-term assessment ends.
    """

    near_share: Annotated[float, Field(gt=0, le=1)]
    midterm_year: Annotated[int, Field(ge=1)]


def read_lights(asked: str = "") -> LightRule:
    """Return the rule that ships, or a bureau's own by its path; InputError where it cannot be used."""
    return read_rule(LightRule, asked, SHIPPED)


class Light(StrEnum):
    """How an indicator stands."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    NONE = "none"

    @property
    def words(self) -> str:
        """The light in the user's language, with a sign of its own beside the colour."""
        return _(_WORDS[self])


_WORDS = {
    Light.GREEN: N_("● On course"),
    Light.YELLOW: N_("▲ Close behind"),
    Light.RED: N_("■ Behind"),
    Light.NONE: N_("○ No light"),
}


@dataclass(frozen=True)
class Judged:
    """A light and why; ``expected`` is what the value should be by now, None where nothing is expected."""

    light: Light
    reason: str
    expected: float | None = None


def judged(
    indicator: LedgerIndicator,
    value: float | None,
    on: dt.date,
    rule: LightRule,
    rates: Mapping[int, float] | None = None,
) -> Judged:
    """Return an indicator's light on a day.

    Parameters
    ----------
    value : float or None
        The indicator's value; None means something is missing, and no light is given.
    rates : mapping of int to float
        For a growth rate: each year's growth in percent.
    """
    target = indicator.target
    if value is None:
        return Judged(Light.NONE, _("There is no value yet."))
    if target is None:
        return Judged(Light.NONE, _("The plan states no target."))
    if target.kind == "annual_growth_rate":
        return _growth(indicator, target, rates or {}, rule)
    expected = _expected(indicator.base, target, on)
    slack = target.tolerance
    if expected is None:
        light = Light.GREEN if _reached(target, value, target.value, slack) else Light.YELLOW
        text = _("The target of {year} is not due yet.").format(year=target.year)
        return Judged(light, text)
    return Judged(_light(target, value, expected, rule), _reason(target, value, expected, on), expected)


def _expected(base: Base | None, target: Target, on: dt.date) -> float | None:
    """Return what should be reached on a day: on the straight line from base to target, by year's ends."""
    due = dt.date(target.year, 12, 31)
    if on >= due:
        return float(target.value)
    if base is None:
        return None
    start = dt.date(base.year, 12, 31)
    share = max(0.0, (on - start).days / (due - start).days)
    return base.value + (target.value - base.value) * share


def _growth(
    indicator: LedgerIndicator, target: Target, rates: Mapping[int, float], rule: LightRule
) -> Judged:
    first = target.year if indicator.base is None else indicator.base.year + 1
    growth = growth_of_rates(rates, first, target.year)
    if isinstance(growth, str):
        return Judged(Light.NONE, growth)
    text = _("Average growth per year so far: {measured} %, to be reached: {required} %.").format(
        measured=f"{growth:.2f}", required=plain_number(target.value)
    )
    return Judged(_light(target, growth, float(target.value), rule), text, float(target.value))


def _light(target: Target, value: float, expected: float, rule: LightRule) -> Light:
    if _reached(target, value, expected, target.tolerance):
        return Light.GREEN
    near = expected * rule.near_share if target.direction == "at_least" else expected / rule.near_share
    return Light.YELLOW if _reached(target, value, near, target.tolerance) else Light.RED


def _reached(target: Target, value: float, required: float, slack: float) -> bool:
    if target.direction == "at_least":
        return value >= required - slack - _EPSILON
    return value <= required + slack + _EPSILON


def _reason(target: Target, value: float, expected: float, on: dt.date) -> str:
    text = _("{value}; by {day} it should be {expected} (target of {year}: {target}).")
    return text.format(
        value=plain_number(round(value, 4)),
        day=on.isoformat(),
        expected=plain_number(round(expected, 4)),
        year=target.year,
        target=plain_number(target.value),
    )
