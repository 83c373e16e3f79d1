"""The rule file of the intensity of use: classes that count to an indicator, and limits."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.classification import Standard
from zsgis.analysis.intensity.indicators import INDICATORS
from zsgis.analysis.rule_files import RuleFile, read_rule


class IntensityLimit(BaseModel):
    """What an indicator should be.

    Attributes
    ----------
    low, high : float or None
        In the indicator's unit; a value of exactly a limit is allowed.
    status : str
        现行, 征求意见稿 or 待核实.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: str
    low: float | None = None
    high: float | None = None
    source: str
    clause: str = ""
    status: str

    @model_validator(mode="after")
    def _usable(self) -> IntensityLimit:
        if self.indicator not in {each.key for each in INDICATORS}:
            raise ValueError(f"there is no indicator {self.indicator}")
        if self.low is None and self.high is None:
            raise ValueError(f"{self.indicator}: neither low nor high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"{self.indicator}: low is above high")
        return self


class IntensityRule(RuleFile):
    """A rule file as read.

    Attributes
    ----------
    unbuilt : mapping of str to tuple of str
        By standard: construction classes that are not built upon (空闲地), each with the classes below it.
    industry : mapping of str to tuple of str
        By standard: 工矿仓储用地.
    """

    unbuilt: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    industry: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    limits: tuple[IntensityLimit, ...] = ()

    def limit(self, indicator: str) -> IntensityLimit | None:
        """Return the limit of an indicator; None where the rule has none."""
        return next((each for each in self.limits if each.indicator == indicator), None)


def classes_below(standard: Standard, codes: tuple[str, ...]) -> frozenset[str]:
    """Return some classes of a standard with all classes below them."""
    return frozenset(code for top in codes for code in (top, *standard.descendants(top)))


def intensity_rule(name: str = "") -> IntensityRule:
    """Read a rule file: a path, a name under ``resources/rules``, or empty for the one that ships.

    Raises
    ------
    InputError
        When there is no such file or it does not hold such a rule.
    """
    return read_rule(IntensityRule, name, "intensity")
