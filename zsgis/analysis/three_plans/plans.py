"""What each plan says of a place: may it be built on, and for which use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from layers.classification import LandClass3Rules, Standard, standard
from layers.classification.crosswalk import crosswalk, crosswalks
from zsgis.analysis.features import Features
from zsgis.analysis.three_plans.rules import Side, ThreePlansRule, Uses


@dataclass(frozen=True)
class PlanLayer:
    """A plan by land use: its plots, the standard of its codes.

    Attributes
    ----------
    codes : tuple of str
        Class code of each plot, as the standard writes it; empty where there is none.
    """

    features: Features
    codes: tuple[str, ...]
    standard: Standard
    land_class3: LandClass3Rules

    @cached_property
    def sides(self) -> Mapping[str, Side]:
        """Whether each code may be built on."""
        told: dict[bool | None, Side] = {True: "build", False: "no", None: "unclear"}
        return {code: told[self.standard.is_construction(code, self.land_class3)] for code in set(self.codes)}

    def uses(self, rule: ThreePlansRule) -> dict[str, str]:
        """Return each code in the standard and at the level in which uses are compared; empty if unknown."""
        return {code: _common(code, self.standard, rule) for code in set(self.codes)}

    def name(self, code: str) -> str:
        """Return a class as people read it."""
        return f"{code} {self.standard.name(code)}" if code else ""


def _common(code: str, of: Standard, rule: ThreePlansRule) -> str:
    target = rule.compare_standard
    if of.key != target:
        if (of.key, target) not in crosswalks():
            return ""
        walk = crosswalk(of.key, target)
        found = walk.map(code)
        led = found.code or found.broader
        return walk.target.ancestor(led, rule.compare_level) if led else ""
    return of.ancestor(code, rule.compare_level) if of.knows(code) else ""


def old_side(zone_type: str, rule: ThreePlansRule) -> Side:
    """Return what a control zone says of building; unclear for a type the rule does not know."""
    return rule.old_plan.get(zone_type, "unclear")


def compare(detailed: str | None, territorial: str | None, rule: ThreePlansRule) -> Uses:
    """Hold uses against each other, both in the rule's standard.

    Unknown where a plan is missing or has none, and where one names a class so much coarser than the rule's
    level that it may hold what the other names.
    """
    if not detailed or not territorial:
        return "unknown"
    of = standard(rule.compare_standard)
    coarser = min(_level(detailed, of), _level(territorial, of))
    if of.ancestor(detailed, coarser) != of.ancestor(territorial, coarser):
        return "differ"
    told = coarser >= rule.compare_level or not of.descendants(of.ancestor(detailed, coarser))
    return "same" if told else "unknown"


def _level(code: str, of: Standard) -> int:
    return of.classes[code].level if code in of.classes else 1
