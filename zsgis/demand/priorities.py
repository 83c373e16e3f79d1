"""Who goes first: categories of projects with their rank, by a dated rule file that the bureau may change."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.project_demand import CATEGORIES
from layers.quotas import QUOTAS
from zsgis.analysis.rule_files import RuleFile, read_rule
from zsgis.plan import Role

OTHER = "其他"


class Category(BaseModel):
    """A kind of project.

    Attributes
    ----------
    rank : int
        1 goes first; equal ranks stand side by side.
    clause : str
        Key of the plan's clause that speaks of its land; empty where none does.
    roles : tuple of Role
        Roles in the plan's catalogue that make a carrier one of these.
    draws_on : dict of str to str
        Quotas it draws on instead of others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    rank: int = Field(ge=1)
    clause: str = ""
    roles: tuple[Role, ...] = ()
    draws_on: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Category:
        if self.title not in CATEGORIES:
            raise ValueError(f"{self.title}: no category of the register")
        unknown = {*self.draws_on, *self.draws_on.values()} - set(QUOTAS)
        if unknown:
            raise ValueError(f"{self.title}: no quotas: {'、'.join(sorted(unknown))}")
        return self


class PriorityRule(RuleFile):
    """The rule file as read.

    Attributes
    ----------
    most_sites : int
        On how many sites a project may lie that does not say so.
    temporary_exempt : tuple of str
        Quotas on which temporary use does not draw.
    """

    most_sites: int = Field(default=1, ge=1)
    temporary_exempt: tuple[str, ...] = ()
    categories: tuple[Category, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> PriorityRule:
        titles = [each.title for each in self.categories]
        if len(set(titles)) != len(titles):
            raise ValueError("two categories have one title")
        unknown = set(self.temporary_exempt) - set(QUOTAS)
        if unknown:
            raise ValueError(f"temporary_exempt: no quotas: {'、'.join(sorted(unknown))}")
        if OTHER not in titles:
            raise ValueError(f"no category {OTHER}")
        return self

    def category(self, title: str) -> Category:
        """Return a category by its title; what is called otherwise, or not at all, is 其他."""
        known = {each.title: each for each in self.categories}
        return known.get(title, known[OTHER])

    def category_of(self, roles: Collection[Role]) -> Category:
        """Return the first category that one of the roles makes a carrier belong to."""
        found = (each for each in self.categories if not set(each.roles).isdisjoint(roles))
        return next(found, self.category(OTHER))


def priority_rule(asked: str = "") -> PriorityRule:
    """Return the rule asked for by name or path, or the one that ships.

    Raises
    ------
    InputError
        When the file cannot be used; names the entry at fault.
    """
    return read_rule(PriorityRule, asked, "demand_priority")
