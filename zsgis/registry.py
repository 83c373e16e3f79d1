"""Every capability of the program, listed once: panels, commands, help and run records come from here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from layers.errors import UsageError
from layers.words import _
from zsgis.allocating import capability as allocating
from zsgis.analysis import (
    change,
    contiguity,
    fragmentation,
    intensity,
    policy,
    screening,
    stock,
    suitability,
    supply_gap,
    three_lines,
    three_plans,
)
from zsgis.capability import Capability
from zsgis.demand import capability as demand
from zsgis.supply import capability as supply

_LISTED = (
    stock.CAPABILITY,
    intensity.CAPABILITY,
    fragmentation.CAPABILITY,
    contiguity.CAPABILITY,
    change.CAPABILITY,
    three_plans.CAPABILITY,
    three_lines.CAPABILITY,
    suitability.CAPABILITY,
    supply_gap.CAPABILITY,
    policy.CAPABILITY,
    screening.CAPABILITY,
    demand.CAPABILITY,
    supply.CAPABILITY,
    allocating.CAPABILITY,
)

CAPABILITIES: Mapping[str, Capability] = MappingProxyType({listed.key: listed for listed in _LISTED})
"""Capability by key, in the order in which they are offered."""


def capability(key: str) -> Capability:
    """Return a capability by its key.

    Raises
    ------
    UsageError
        When there is none; the message names those there are.
    """
    if key not in CAPABILITIES:
        raise UsageError(
            _("There is no analysis “{key}”.").format(key=key),
            remedy=_("Known: {names}").format(names=", ".join(CAPABILITIES)),
        )
    return CAPABILITIES[key]
