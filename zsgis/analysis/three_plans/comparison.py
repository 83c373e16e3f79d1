"""Parcels cut by the three plans, and the outcome of every piece."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.progress import Progress
from zsgis.analysis.features import Features
from zsgis.analysis.layered import NOBODY, Layered, cut_by_layers
from zsgis.analysis.three_plans.plans import PlanLayer, compare, old_side
from zsgis.analysis.three_plans.rules import Outcome, Side, ThreePlansRule
from zsgis.analysis.zoned import IntArray, Measuring, Shapes, Zones


@dataclass(frozen=True)
class Plans:
    """The plans a project has; a missing one covers nothing."""

    old: Features
    detailed: PlanLayer | None
    territorial: PlanLayer | None


@dataclass(frozen=True)
class Comparison:
    """The pieces of the parcels, with what each plan says.

    Attributes
    ----------
    old_type, detailed, territorial : tuple of str, length pieces
        Control zone and class codes; empty where the plan does not cover, or has none.
    old_side, city_side : tuple of Side, length pieces
    outcome : ndarray of int64, shape (pieces,)
        Place of the outcome among ``kinds``.
    zone, town : ndarray of int64, shape (pieces,)
        :data:`~zsgis.analysis.layered.NOBODY` outside.
    """

    parcels: Features
    plans: Plans
    zones: Zones | None
    towns: Zones | None
    pieces: Layered
    kinds: tuple[Outcome, ...]
    old_type: tuple[str, ...]
    detailed: tuple[str, ...]
    territorial: tuple[str, ...]
    old_side: tuple[Side, ...]
    city_side: tuple[Side, ...]
    outcome: IntArray
    zone: IntArray
    town: IntArray

    @property
    def conflict(self) -> np.ndarray:
        """Which pieces the plans disagree on, shape (pieces,)."""
        told = np.array([kind.conflict for kind in self.kinds], dtype=bool)
        return told[self.outcome] if len(self.outcome) else np.zeros(0, dtype=bool)


def compare_plans(
    parcels: Features,
    plans: Plans,
    zones: Zones | None,
    towns: Zones | None,
    rule: ThreePlansRule,
    how: Measuring,
    progress: Progress,
) -> Comparison:
    """Cut parcels by plans, zones and towns, and tell the outcome of each piece."""
    layers: list[Shapes] = [plans.old]
    places: dict[str, int] = {"old": 0}
    for name, layer in (
        ("detailed_plan", plans.detailed.features if plans.detailed else None),
        ("territorial_plan", plans.territorial.features if plans.territorial else None),
        ("zones", zones),
        ("towns", towns),
    ):
        if layer is not None:
            places[name] = len(layers)
            layers.append(layer)
    pieces = cut_by_layers(parcels, layers, how, progress)

    def member(name: str) -> IntArray:
        if name not in places:
            return np.full(len(pieces.feature), NOBODY, dtype=np.int64)
        return pieces.member[:, places[name]]

    types = plans.old.texts("zone_type")
    old = [types[place] if place != NOBODY else None for place in member("old").tolist()]
    codes = {
        "detailed_plan": _codes(plans.detailed, member("detailed_plan")),
        "territorial_plan": _codes(plans.territorial, member("territorial_plan")),
    }
    layer_of = {"detailed_plan": plans.detailed, "territorial_plan": plans.territorial}
    old_sides: list[Side] = ["none" if kind is None else old_side(kind, rule) for kind in old]
    city = [_city(row, rule, layer_of) for row in _rows(codes)]
    used = {name: layer.uses(rule) if layer else {} for name, layer in layer_of.items()}
    kinds = rule.kinds
    place_of = {kind.key: number for number, kind in enumerate(kinds)}
    outcome = np.empty(len(pieces.feature), dtype=np.int64)
    for number, row in enumerate(_rows(codes)):
        detailed, territorial = (
            used[name].get(code) if code is not None else None for name, code in row.items()
        )
        uses = compare(detailed, territorial, rule)
        outcome[number] = place_of[rule.outcome(old_sides[number], city[number], uses).key]
    return Comparison(
        parcels=parcels,
        plans=plans,
        zones=zones,
        towns=towns,
        pieces=pieces,
        kinds=kinds,
        old_type=tuple(kind or "" for kind in old),
        detailed=tuple(code or "" for code in codes["detailed_plan"]),
        territorial=tuple(code or "" for code in codes["territorial_plan"]),
        old_side=tuple(old_sides),
        city_side=tuple(city),
        outcome=outcome,
        zone=member("zones"),
        town=member("towns"),
    )


def _codes(layer: PlanLayer | None, member: IntArray) -> list[str | None]:
    """Return the class code at each piece; None where the plan does not cover it."""
    if layer is None:
        return [None] * len(member)
    return [None if place == NOBODY else layer.codes[place] for place in member.tolist()]


def _rows(codes: dict[str, list[str | None]]) -> list[dict[str, str | None]]:
    return [dict(zip(codes, values, strict=True)) for values in zip(*codes.values(), strict=True)]


def _city(row: dict[str, str | None], rule: ThreePlansRule, layers: dict[str, PlanLayer | None]) -> Side:
    for name in rule.city:
        layer, code = layers[name], row[name]
        if layer is not None and code is not None:
            return layer.sides[code]
    return "none"
