"""A merge in an officer's words: kinds of conflicts, sides, values, shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from layers.edits import FeatureState
from layers.kinds import kind
from layers.store.model import LayerInfo
from layers.words import N_, _
from zsgis.merging.model import GEOMETRY, Conflict, ConflictKind, Side, Trace
from zsgis.merging.origins import author_words
from zsgis.merging.project_model import ProjectAction

_KINDS = {
    ConflictKind.VALUE: N_("Values differ"),
    ConflictKind.SHAPE: N_("Shape changed on both sides"),
    ConflictKind.REMOVAL: N_("Changed here, deleted there"),
    ConflictKind.LINEAGE: N_("Split or merged here, changed there"),
    ConflictKind.OVERLAP: N_("Would overlap"),
    ConflictKind.GAP: N_("Would leave a gap"),
    ConflictKind.SAME_PLACE: N_("Recorded twice at one place"),
    ConflictKind.LAYER: N_("Layer changed here, removed there"),
    ConflictKind.LOOK: N_("Layer described differently"),
    ConflictKind.SETTING: N_("Project set differently"),
}
_SIDES = {Side.BASE: N_("Common base"), Side.MINE: N_("Mine"), Side.THEIRS: N_("Theirs")}
_LOOKS = {
    "name": N_("Layer name"),
    "visible": N_("Shown"),
    "opacity": N_("Layer opacity"),
    "standard": N_("Class standard of the layer"),
    "status": N_("Status of the layer"),
    "secrecy": N_("Secrecy of the layer"),
    "style": N_("Style of the layer"),
    "order": N_("Order of the layers"),
    "": N_("The layer itself"),
}
_ACTIONS = {
    ProjectAction.ADD_LAYER: N_("Layer added"),
    ProjectAction.REMOVE_LAYER: N_("Layer removed"),
    ProjectAction.ADD_COLUMN: N_("Column added"),
    ProjectAction.LOOK: N_("Layer described anew"),
    ProjectAction.ORDER: N_("Layers put in order"),
    ProjectAction.SETTING: N_("Setting changed"),
    ProjectAction.ADD_RUN: N_("Record of an analysis added"),
}
_DONE = {"added": N_("Feature added"), "changed": N_("Feature changed"), "removed": N_("Feature deleted")}
_LONGEST = 80


def kind_words(conflict: Conflict) -> str:
    """Return why something must be decided."""
    # that shapes differ goes without saying where something else is told
    told = [one for one in conflict.kinds if one is not ConflictKind.SHAPE] or conflict.kinds
    return "、".join(_(_KINDS[one]) for one in told)


def side_words(side: Side) -> str:
    """Return what a side is called."""
    return _(_SIDES[side])


def action_words(action: ProjectAction) -> str:
    """Return what was done to the project."""
    return _(_ACTIONS[action])


def done_words(action: str) -> str:
    """Return what was done to a feature."""
    return _(_DONE[action])


def field_words(name: str, info: LayerInfo | None, kinds: tuple[ConflictKind, ...] = ()) -> str:
    """Return what a field, a look or a setting is called."""
    if ConflictKind.SETTING in kinds:
        return name
    if {ConflictKind.LOOK, ConflictKind.LAYER} & set(kinds):
        return _(_LOOKS.get(name, name))
    if name == GEOMETRY:
        return _("Shape of the feature")
    fields = info.fields if info is not None else ()
    return next((one.alias for one in fields if one.name == name), name)


def value_words(value: Any) -> str:
    """Return a value on one line."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    text = str(value).replace("\n", " ")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def shape_words(state: FeatureState | None, info: LayerInfo | None) -> str:
    """Return a feature's shape in figures; areas are planar, in the layer's own system."""
    if state is None:
        return _("not there")
    if state.geometry is None or state.geometry.is_empty:
        return _("without a shape")
    vertices = int(shapely.get_num_coordinates(state.geometry))
    if info is not None and info.crs.is_projected and state.geometry.area:
        return _("{area} m², {count} vertices").format(area=f"{state.geometry.area:,.2f}", count=vertices)
    return _("{count} vertices").format(count=vertices)


def feature_words(states: Mapping[Side, FeatureState | None], info: LayerInfo | None) -> str:
    """Return what a feature is called by people; the end of its uid where it has no name."""
    state = next((states[side] for side in (Side.THEIRS, Side.MINE, Side.BASE) if states.get(side)), None)
    if state is None:
        return "-"
    name = state.values.get(kind(info.kind).name_field) if info is not None else None
    return str(name) if name else f"…{state.zs_uid[-6:]}"


def trace_words(trace: Trace) -> str:
    """Return who changed something, when and how."""
    who = author_words(trace.author) if trace.author is not None else ""
    when = trace.time.astimezone().strftime("%Y-%m-%d %H:%M") if trace.time is not None else ""
    return "  ".join(part for part in (who, when, trace.title) if part) or "-"
