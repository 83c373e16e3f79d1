"""The plan's indicators and the judgement whether one was reached.

An indicator is a typed figure with a place in the plan; it is never the count of a layer's features.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from layers.plain_numbers import plain_number
from layers.words import _
from zsgis.plan.model import Declared, Entry, Figure, Number, Text

# Rates are percentages with two digits at most; this is far below and above rounding noise.
_EPSILON = 1e-9


class Target(Declared):
    """What is to be reached.

    Attributes
    ----------
    kind : str
        ``level``: the value of the target year; ``annual_growth_rate``: the average growth per year,
        in percent, from the base year to the target year.
    tolerance : float
        How far the value may stay behind and still count as reached, in the target's own unit
        (percentage points for a growth rate). Nothing but a reading of words like 左右.
    reading : str
        Where ``tolerance`` is not 0: whose reading it is, and of which word.
    """

    kind: Literal["level", "annual_growth_rate"]
    year: int
    value: Number
    direction: Literal["at_least", "at_most"] = "at_least"
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    reading: str = ""

    @model_validator(mode="after")
    def _explained(self) -> Target:
        if self.tolerance and not self.reading:
            raise ValueError(_("tolerance needs a reading"))
        return self


class Base(Declared):
    """The value from which the plan starts."""

    year: int
    value: Number


class Indicator(Entry):
    """One of the plan's main indicators, with its base, target and responsible department.

    ``context`` holds related figures that the text prints elsewhere (for a growth rate: the amount
    of the base year).
    """

    number: int
    name: Text
    unit: Text
    department: Text
    base: Base
    target: Target
    context: tuple[Figure, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Indicator:
        if self.target.year <= self.base.year:
            raise ValueError(f"target.year ({self.target.year}) <= base.year ({self.base.year})")
        return self


class State(StrEnum):
    """Whether a target was reached."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Judgement:
    """The answer to whether an indicator's target was reached.

    Attributes
    ----------
    state : State
        ``UNKNOWN`` wherever the values given do not carry a judgement.
    measured : float or None
        What was compared: the level, or the average annual growth in percent.
    required : float
        What it was compared with, the tolerance taken off.
    years : tuple of int
        The years whose values were used.
    complete : bool
        True when they reach from the base year to the target year; a growth judged on fewer years is
        an interim judgement.
    reason : str
        One sentence in the user's language.
    """

    state: State
    measured: float | None
    required: float
    years: tuple[int, ...]
    complete: bool
    reason: str


def judge(
    indicator: Indicator,
    actual: Mapping[int, float],
    *,
    given: Literal["rates", "amounts"] = "rates",
) -> Judgement:
    """Tell whether an indicator's target was reached by a series of actual values.

    A level is judged by the value of the target year, and by nothing else. A growth rate is judged as
    the average annual (compound) growth over the years given after the base year.

    Parameters
    ----------
    indicator : Indicator
        The indicator, with its target.
    actual : mapping of int to float
        Year to value in the indicator's unit; NaN means no data. Years before the base year and after
        the target year are not used.
    given : str
        For growth rates only: ``rates`` when ``actual`` holds each year's growth in percent (as the
        plan's own table does), ``amounts`` when it holds the amounts that grow.

    Returns
    -------
    Judgement
        With the value compared, the value required and the years used.
    """
    target = indicator.target
    values = {
        year: float(value)
        for year, value in sorted(actual.items())
        if indicator.base.year <= year <= target.year and math.isfinite(value)
    }
    required = target.value - target.tolerance
    if target.direction == "at_most":
        required = target.value + target.tolerance
    if target.kind == "level":
        return _judge_level(target, values, required)
    if given == "amounts":
        return _judge_amounts(indicator, values, required)
    return _judge_rates(indicator, values, required)


def _judge_level(target: Target, values: Mapping[int, float], required: float) -> Judgement:
    if target.year not in values:
        reason = _("No value is given for the target year {year}.").format(year=target.year)
        return Judgement(State.UNKNOWN, None, required, (), False, reason)
    return _compare(target, values[target.year], required, (target.year,), complete=True)


def growth_of_rates(rates: Mapping[int, float], first: int, last: int) -> float | str:
    """Return the average annual growth in percent up to the latest year given, or why there is none.

    Parameters
    ----------
    rates : mapping of int to float
        Each year's growth in percent; years outside ``first`` to ``last`` are not used.
    """
    years = sorted(year for year in rates if first <= year <= last)
    if not years:
        return _("No growth rate is given for a year after {year}.").format(year=first - 1)
    missing = sorted(set(range(first, years[-1] + 1)) - set(years))
    if missing:
        listed = ", ".join(str(year) for year in missing)
        return _("The growth rates of these years are missing: {years}.").format(years=listed)
    factors = [1 + rates[year] / 100 for year in years]
    if min(factors) <= 0:
        return _("A growth rate of -100 % or less cannot be averaged.")
    return 100 * (math.prod(factors) ** (1 / len(factors)) - 1)


def _judge_rates(indicator: Indicator, values: Mapping[int, float], required: float) -> Judgement:
    first = indicator.base.year + 1
    years = tuple(year for year in values if year >= first)
    growth = growth_of_rates(values, first, indicator.target.year)
    if isinstance(growth, str):
        return Judgement(State.UNKNOWN, None, required, years, False, growth)
    return _compare(indicator.target, growth, required, years, complete=years[-1] == indicator.target.year)


def _judge_amounts(indicator: Indicator, values: Mapping[int, float], required: float) -> Judgement:
    years = tuple(values)
    if len(years) < 2:
        reason = _("Growth needs the amounts of two years at least.")
        return Judgement(State.UNKNOWN, None, required, years, False, reason)
    first, last = years[0], years[-1]
    if min(values[first], values[last]) <= 0:
        reason = _("Growth needs amounts above zero.")
        return Judgement(State.UNKNOWN, None, required, years, False, reason)
    growth = 100 * ((values[last] / values[first]) ** (1 / (last - first)) - 1)
    complete = first == indicator.base.year and last == indicator.target.year
    return _compare(indicator.target, growth, required, (first, last), complete=complete)


def _compare(
    target: Target, measured: float, required: float, years: tuple[int, ...], *, complete: bool
) -> Judgement:
    if target.direction == "at_least":
        reached = measured >= required - _EPSILON
    else:
        reached = measured <= required + _EPSILON
    if target.kind == "level":
        text = _("{year}: {measured}, to be reached: {required}.")
    elif complete:
        text = _("Average annual growth to {year}: {measured} %, to be reached: {required} %.")
    else:
        text = _(
            "Average annual growth so far, to {year}: {measured} %, to be reached: {required} %; "
            "the years of the plan are not complete."
        )
    shown = plain_number(measured) if target.kind == "level" else f"{measured:.2f}"
    reason = text.format(year=years[-1], measured=shown, required=plain_number(required))
    return Judgement(
        State.REACHED if reached else State.NOT_REACHED, measured, required, years, complete, reason
    )
