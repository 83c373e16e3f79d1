"""The rule file of supply: what is gathered from which layers, which lines count, what draws on quotas."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.kind import GeometryType
from layers.kinds import KINDS
from zsgis.analysis.clauses.rules import Clause
from zsgis.analysis.rule_files import RuleFile, read_rule

Conclusion = Literal["fulfilled", "suspected"]


class Source(BaseModel):
    """What is gathered from one kind of layer.

    Attributes
    ----------
    how : str
        ``features``: those that meet every clause of ``where`` and have none of the values of ``unless``;
        ``unsupplied``: approved land less supplied land; ``clauses``: those of which a rule file concludes
        one of ``conclusions``.
    draws : bool
        Using it draws on quotas; land of the stock, 三旧 land among it, is land and no quota.
    cost_10k_yuan_per_mu : float or None
        What a 亩 costs; None where the bureau states none, and then nothing is assumed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    how: Literal["features", "unsupplied", "clauses"]
    kind: str
    where: tuple[Clause, ...] = ()
    unless: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    rule: str = ""
    conclusions: tuple[Conclusion, ...] = ()
    draws: bool = False
    cost_10k_yuan_per_mu: float | None = Field(default=None, ge=0.0)

    @model_validator(mode="after")
    def _whole(self) -> Source:
        declared = KINDS.get(self.kind)
        if declared is None or declared.geometry is not GeometryType.POLYGON:
            raise ValueError(f"{self.key}: {self.kind} is no kind of areas")
        if self.how == "unsupplied" and self.kind != "approved":
            raise ValueError(f"{self.key}: only approved land can be unsupplied")
        if self.how == "clauses" and not (self.rule and self.conclusions):
            raise ValueError(f"{self.key}: neither rule nor conclusions")
        covered = [each.key for each in self.where if each.kind == "covered"]
        if covered:
            raise ValueError(f"{self.key}: clauses on coverage need a rule file of their own")
        return self

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns its conditions look at."""
        named = [each.field for each in self.where if each.field]
        if any(each.kind == "floor_area_ratio" for each in self.where):
            named += ["floor_area_ratio", "floor_area_m2"]
        if any(each.kind == "industrial" for each in self.where):
            named.append(KINDS[self.kind].class_field)
        return tuple(dict.fromkeys(name for name in (*named, *self.unless) if name))


class Rooms(BaseModel):
    """Which rooms could be converted: buildings of which a rule file concludes one of some things."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = "buildings"
    rule: str = "screening_rooms"
    conclusions: tuple[Conclusion, ...] = ("fulfilled",)


class Line(BaseModel):
    """A control line that land is held against.

    Attributes
    ----------
    values : tuple of str
        Types of control lines.
    outside : bool
        What lies outside the line counts, else what lies inside.
    forbid : bool
        Land there cannot be used; else it is only told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    values: tuple[str, ...] = Field(min_length=1)
    outside: bool = False
    forbid: bool = False


class SupplyRule(RuleFile):
    """The rule file as read.

    Attributes
    ----------
    least_m2 : float
        Smaller remainders are counted and are no candidates.
    least_usable_pct : float
        A candidate of which less can be used is not handed to the allocation.
    farmland : dict of str to tuple of str
        By key of a standard: the classes that count for 耕地占补平衡, those below them included.
    """

    least_m2: float = Field(ge=0.0)
    least_usable_pct: float = Field(default=0.0, ge=0.0, le=100.0)
    sources: tuple[Source, ...] = Field(min_length=1)
    rooms: Rooms | None = None
    lines: tuple[Line, ...] = ()
    farmland: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits(self) -> SupplyRule:
        for names in ([each.key for each in self.sources], [each.title for each in self.lines]):
            if len(set(names)) != len(names):
                raise ValueError("two entries have one key or title")
        return self


def supply_rule(asked: str = "") -> SupplyRule:
    """Return the rule asked for by name or path, or the one that ships.

    Raises
    ------
    InputError
        When the file cannot be used; names the entry at fault.
    """
    return read_rule(SupplyRule, asked, "supply")
