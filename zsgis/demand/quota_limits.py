"""The register of quotas as an allocation needs it: how much of each may be drawn, by year and town."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layers.area import M2_PER_HA, to_cents
from layers.quotas import KIND, QUOTAS
from layers.words import _
from zsgis.allocation.problem import Quota
from zsgis.analysis.features import Features, read_features
from zsgis.result import Finding, Severity

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_FIELDS = ("year", "town", "amount_ha", "used_ha", "carry_years", "document")


@dataclass(frozen=True)
class QuotaLimits:
    """What may be drawn, and what is to be told of the register.

    Attributes
    ----------
    sources : dict of str to tuple of str
        By key of the quota: ``zs_uid`` of the entries behind it.
    unlimited : tuple of str
        Quotas of which the register says nothing: an allocation is not limited by them, and must say so.
    """

    quotas: tuple[Quota, ...]
    findings: tuple[Finding, ...]
    unlimited: tuple[str, ...]
    sources: dict[str, tuple[str, ...]] = field(default_factory=dict)


def quota_layer(project: Project) -> LayerInfo | None:
    """Return the project's register of quotas, the first of several; None where there is none."""
    return next(iter(project.layers_of(KIND.key)), None)


def read_quotas(project: Project, info: LayerInfo) -> Features:
    """Read a register of quotas; its features are called by their quotas' names."""
    return read_features(project, info, ("quota", *_FIELDS))


def quota_limits(features: Features) -> QuotaLimits:
    """Return what is left of each quota by year: what was assigned less what was used.

    Entries of one quota, town and number of years to carry are one; an entry without year or amount, or of a
    name that is none of the five, limits nothing and is named. Entries of one quota and town that may be
    carried for different years all lapse with the shortest: never more is drawn than any document allows.
    """
    found: list[Finding] = []
    cents: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    carry: dict[tuple[str, str], list[int]] = defaultdict(list)
    uids: dict[tuple[str, str], list[str]] = defaultdict(list)
    years, amounts = features.numbers("year"), features.numbers("amount_ha")
    used, carried = features.numbers("used_ha"), features.numbers("carry_years")
    names, towns = features.texts("quota"), features.texts("town")
    for place, name in enumerate(names):
        reason = _unusable(name, years[place], amounts[place], used[place])
        if reason:
            text = _("Entry {number} of the quotas ({name}) limits nothing: {reason}")
            found.append(
                Finding(
                    "quotas.unusable",
                    Severity.WARNING,
                    text.format(number=place + 1, name=name, reason=reason),
                    features.sources([place]),
                )
            )
            continue
        key = name, towns[place]
        left = amounts[place] - (0.0 if math.isnan(used[place]) else used[place])
        cents[key][int(years[place])] += int(to_cents(left * M2_PER_HA)[0])
        carry[key].append(0 if math.isnan(carried[place]) else int(carried[place]))
        uids[key].append(features.uids[place])
    found += _unlike(features, carry, uids)
    made = {key: _quota(key, dict(by_year), min(carry[key])) for key, by_year in cents.items()}
    unlimited = tuple(name for name in QUOTAS if name not in {quota for quota, _town in cents})
    return QuotaLimits(
        tuple(made.values()),
        tuple(found),
        unlimited,
        {made[key].key: tuple(uids[key]) for key in made},
    )


def _quota(key: tuple[str, str], by_year: dict[int, int], carry_years: int) -> Quota:
    name, town = key
    return Quota(
        key=f"{name} {town}".strip(),
        kind=name,
        cents_by_year=dict(sorted(by_year.items())),
        towns=frozenset((town,)) if town else frozenset(),
        carry_years=carry_years,
        title=f"{name}（{town}）" if town else name,
    )


def _unusable(name: str, year: float, amount: float, used: float) -> str:
    if name not in QUOTAS:
        return _("it is none of the five quotas.")
    if math.isnan(year):
        return _("it states no year.")
    if math.isnan(amount):
        return _("its amount is not entered yet (待录入).")
    if amount < 0 or used < 0:
        return _("an amount is negative.")
    if used > amount:
        return _("more of it is used than was assigned.")
    return ""


def _unlike(
    features: Features, carry: dict[tuple[str, str], list[int]], uids: dict[tuple[str, str], list[str]]
) -> list[Finding]:
    return [
        Finding(
            "quotas.carry_differs",
            Severity.NOTE,
            _("{name}: entries may be carried for different years; {years}, the fewest, was taken.").format(
                name=" ".join(key).strip(), years=min(stated)
            ),
            {features.layer_uid: tuple(uids[key])},
        )
        for key, stated in carry.items()
        if len(set(stated)) > 1
    ]
