"""A whole plan, and the checks that need all of it: keys used once, references that lead somewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from layers.errors import UsageError
from layers.words import _
from zsgis.plan.indicators import Indicator
from zsgis.plan.model import (
    Carrier,
    Clause,
    ConflictingCount,
    Declared,
    Entry,
    Key,
    Period,
    Platform,
    Text,
)


@dataclass(frozen=True)
class PlanInfo:
    """A plan that can be loaded: what it is and where its files lie."""

    key: str
    title: str
    period: Period
    folder: Path


class Plan(Declared):
    """A plan as data.

    Attributes
    ----------
    status : str
        What the plan is worth today, as data (``规划期已满`` ...).
    source : str
        The document it was taken from.
    """

    key: Key
    title: Text
    period: Period
    status: Text
    source: Text
    remark: str = ""
    platforms: tuple[Platform, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    counts: tuple[ConflictingCount, ...] = ()
    clauses: tuple[Clause, ...] = ()

    def platform(self, key: str) -> Platform:
        """Return a platform by key, name or short name; UsageError names those there are."""
        for platform in self.platforms:
            if key in (platform.key, platform.name, platform.short_name):
                return platform
        raise _unknown(_("There is no platform {key!r} in the plan.").format(key=key), self.platforms)

    def carrier(self, key: str) -> Carrier:
        """Return a carrier by key, name or alias; UsageError names those there are."""
        for carrier in self.carriers:
            if key in (carrier.key, carrier.name, *carrier.aliases):
                return carrier
        raise _unknown(_("There is no carrier {key!r} in the plan.").format(key=key), self.carriers)

    def indicator(self, key: str) -> Indicator:
        """Return an indicator by key; UsageError names those there are."""
        for indicator in self.indicators:
            if indicator.key == key:
                return indicator
        raise _unknown(_("There is no indicator {key!r} in the plan.").format(key=key), self.indicators)

    def clause(self, key: str) -> Clause:
        """Return a clause by key; UsageError names those there are."""
        for clause in self.clauses:
            if clause.key == key:
                return clause
        raise _unknown(_("There is no clause {key!r} in the plan.").format(key=key), self.clauses)

    def carriers_in(self, place: str, *, mentioned: bool = False) -> tuple[Carrier, ...]:
        """Return the carriers of a section or box, a box's in the order of its items.

        Parameters
        ----------
        place : str
            Section or box, as ``专栏 3-8``.
        mentioned : bool
            Also those that are only mentioned there and have their main place elsewhere.
        """
        found = [
            (citation.item or 0, carrier)
            for carrier in self.carriers
            for citation in (carrier.places if mentioned else carrier.places[:1])
            if citation.place == place
        ]
        return tuple(dict.fromkeys(carrier for _item, carrier in sorted(found, key=lambda pair: pair[0])))


def _unknown(what: str, entries: Iterable[Entry]) -> UsageError:
    known = ", ".join(entry.key for entry in entries)
    return UsageError(what, remedy=_("Known: {names}.").format(names=known))


def contradictions(plan: Plan) -> Iterator[str]:
    """Yield a sentence for each thing in a plan that contradicts another."""
    yield from _repeated(plan)
    platforms = {platform.key for platform in plan.platforms}
    carriers = {carrier.key for carrier in plan.carriers}
    for carrier in plan.carriers:
        if carrier.platform and carrier.platform not in platforms:
            yield _("Carrier {key}: the platform {other} is not in the plan.").format(
                key=carrier.key, other=carrier.platform
            )
        if carrier.part_of and (carrier.part_of not in carriers or carrier.part_of == carrier.key):
            yield _("Carrier {key}: part_of names {other}, which is not another carrier of the plan.").format(
                key=carrier.key, other=carrier.part_of
            )
    for indicator in plan.indicators:
        if not plan.period.start <= indicator.target.year <= plan.period.end:
            yield _(
                "Indicator {key}: the target year {year} lies outside the plan's period {period}."
            ).format(key=indicator.key, year=indicator.target.year, period=plan.period)


def _repeated(plan: Plan) -> Iterator[str]:
    groups: tuple[tuple[str, tuple[Entry, ...]], ...] = (
        ("platforms", plan.platforms),
        ("carriers", plan.carriers),
        ("indicators", plan.indicators),
        ("counts", plan.counts),
        ("clauses", plan.clauses),
    )
    for group, entries in groups:
        for key in _twice(entry.key for entry in entries):
            yield _("The key {key} stands twice in {group}.").format(key=key, group=group)
    for name in _twice(name for carrier in plan.carriers for name in (carrier.name, *carrier.aliases)):
        yield _("Two carriers share the name {name}; one thing is declared once, with all its roles.").format(
            name=name
        )
    for number in _twice(str(indicator.number) for indicator in plan.indicators):
        yield _("Two indicators share the number {number}.").format(number=number)


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]
