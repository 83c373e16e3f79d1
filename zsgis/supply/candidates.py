"""The supply as an allocation needs it: candidates and groups; and why other land is not among them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from layers.words import _
from zsgis.allocation.left_out import LeftOut
from zsgis.allocation.problem import Candidate, Group
from zsgis.result import Finding, Severity
from zsgis.supply.model import Land, Placed, Supply
from zsgis.supply.rules import SupplyRule


@dataclass(frozen=True)
class SupplyCandidates:
    """Candidates of land, the groups they form, and what is to be told of other land.

    Attributes
    ----------
    sources : dict of str to dict of str to tuple of str
        By key of the candidate: layer uid to the ``zs_uid`` of every feature for which it was found.
    left_out : tuple of LeftOut
        Land that is not offered, one by one.
    """

    candidates: tuple[Candidate, ...]
    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]
    sources: dict[str, dict[str, tuple[str, ...]]]
    left_out: tuple[LeftOut, ...] = ()


def supply_candidates(supply: Supply, rule: SupplyRule) -> SupplyCandidates:
    """Return the land an allocation can give out: what of each piece no forbidding line concerns.

    A piece of which too little can be used, or which a hard limit of suitability excludes, is left out and
    named. Rooms are no land and are none of the candidates. Draws on quotas are those of the whole piece
    less, in proportion, what cannot be used, rounded up: never less is drawn than is used.
    """
    land = supply.land
    candidates: list[Candidate] = []
    findings: list[Finding] = []
    members: dict[int, list[str]] = {}
    sources: dict[str, dict[str, tuple[str, ...]]] = {}
    left_out: list[LeftOut] = []
    for place, placed in enumerate(supply.placed):
        reason = why_unusable(land, place, placed, rule)
        if reason:
            text = _("{name} ({source}) is not offered to the allocation: {reason}").format(
                name=land.names[place], source=land.reasons[place][0].source.title, reason=reason
            )
            findings.append(Finding("supply.not_offered", Severity.NOTE, text, sources_of(land, place)))
            name = f"{land.reasons[place][0].source.title} {land.names[place]}"
            left_out.append(LeftOut(name, reason, sources_of(land, place), int(land.cents[place])))
            continue
        key = land.keys[place]
        candidates.append(_candidate(land, place, placed))
        sources[key] = sources_of(land, place)
        if placed.group >= 0:
            members.setdefault(placed.group, []).append(key)
    groups = tuple(
        Group(f"group:{number}", tuple(keys)) for number, keys in sorted(members.items()) if len(keys) > 1
    )
    return SupplyCandidates(tuple(candidates), groups, tuple(findings), sources, tuple(left_out))


def why_unusable(land: Land, place: int, placed: Placed, rule: SupplyRule) -> str:
    """Return why a piece of land cannot be given out; empty where it can."""
    whole = int(land.cents[place])
    if placed.excluded:
        return _("a hard limit of the suitability rule excludes it.")
    if placed.usable_cents <= 0 or placed.usable_cents < whole * rule.least_usable_pct / 100:
        return _("control lines leave {share:.2f} % of it to be used.").format(
            share=100 * placed.usable_cents / whole if whole else 0.0
        )
    return ""


def sources_of(land: Land, place: int) -> dict[str, tuple[str, ...]]:
    """Return every feature for which a piece of land was found, by layer."""
    found: dict[str, tuple[str, ...]] = {}
    for each in land.reasons[place]:
        found[each.layer_uid] = tuple(dict.fromkeys((*found.get(each.layer_uid, ()), each.uid)))
    return found


def _candidate(land: Land, place: int, placed: Placed) -> Candidate:
    whole = int(land.cents[place])
    return Candidate(
        key=land.keys[place],
        area_cents=placed.usable_cents,
        town=placed.town,
        platform=placed.platform,
        score_permille=None if math.isnan(placed.score) else round(min(max(placed.score, 0.0), 100.0) * 10),
        cost_yuan=placed.cost_yuan,
        draws_cents={
            name: min(-(-cents * placed.usable_cents // whole), placed.usable_cents)
            for name, cents in placed.draws_cents.items()
        },
        source=land.reasons[place][0].source.title,
        land_classes=frozenset((placed.planned_code,)) if placed.planned_code else frozenset(),
        title=f"{land.reasons[place][0].source.title} {land.names[place]}",
    )
