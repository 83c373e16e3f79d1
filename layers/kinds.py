"""Every kind of layer the program knows, by key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from layers import (
    approved,
    buildings,
    cadastral_parcels,
    carriers,
    control_lines,
    detailed_plan,
    forest_stands,
    idle,
    incubators,
    industrial_parcels,
    land_use,
    lines,
    old_plan_zones,
    platforms,
    points,
    project_demand,
    quotas,
    redevelopment,
    reserve,
    supplied,
    territorial_plan,
    towns,
    zones,
)
from layers.errors import UsageError
from layers.kind import Kind
from layers.words import _

_DECLARED = (
    platforms.KIND,
    incubators.KIND,
    carriers.KIND,
    industrial_parcels.KIND,
    land_use.KIND,
    cadastral_parcels.KIND,
    detailed_plan.KIND,
    territorial_plan.KIND,
    old_plan_zones.KIND,
    control_lines.KIND,
    forest_stands.KIND,
    approved.KIND,
    supplied.KIND,
    reserve.KIND,
    idle.KIND,
    redevelopment.KIND,
    project_demand.KIND,
    quotas.KIND,
    buildings.KIND,
    towns.KIND,
    zones.KIND,
    points.KIND,
    lines.KIND,
)

KINDS: Mapping[str, Kind] = MappingProxyType({declared.key: declared for declared in _DECLARED})
"""Kind by key, in the order in which they are offered."""


def code_names(kind_key: str, field_name: str) -> Mapping[str, str]:
    """Return what the codes of a kind's field mean; empty where it holds none, or the kind is not known."""
    fields = KINDS[kind_key].fields if kind_key in KINDS else ()
    return next((dict(field.names) for field in fields if field.name == field_name), {})


def kind(key: str) -> Kind:
    """Return a kind by its key.

    Raises
    ------
    UsageError
        When there is no such kind; the message names the known keys.
    """
    if key not in KINDS:
        raise UsageError(
            _("There is no layer kind “{key}”.").format(key=key),
            remedy=_("Known: {names}").format(names=", ".join(KINDS)),
        )
    return KINDS[key]
