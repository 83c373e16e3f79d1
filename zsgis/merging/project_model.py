"""What a merge works on besides features: layers, their looks and columns, the project's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from layers.store.model import LayerInfo
from zsgis.merging.model import Conflict, Side

LOOKS = ("name", "visible", "opacity", "standard", "status", "secrecy", "style")
"""What is said of a layer, each by itself."""
SETTING_MARK = " / "
"""Between a setting and the part of it that is meant."""


@dataclass(frozen=True)
class ProjectFacts:
    """A project at one side, without its features.

    Attributes
    ----------
    layers : mapping
        By uid, in drawing order.
    settings : mapping
        By key, as JSON holds them.
    runs : mapping
        Records of analyses by their uid.
    """

    layers: Mapping[str, LayerInfo]
    settings: Mapping[str, Any] = field(default_factory=dict)
    runs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def look(self, uid: str, key: str) -> Any:
        """Return what is said of a layer, comparable; None where there is no such layer."""
        info = self.layers.get(uid)
        if info is None:
            return None
        return info.style.model_dump(mode="json") if key == "style" else getattr(info, key)


class ProjectAction(StrEnum):
    """What a change does besides features."""

    ADD_LAYER = "add_layer"
    REMOVE_LAYER = "remove_layer"
    ADD_COLUMN = "add_column"
    LOOK = "look"
    ORDER = "order"
    SETTING = "setting"
    ADD_RUN = "add_run"


@dataclass(frozen=True)
class ProjectChange:
    """A change that merges by itself.

    Attributes
    ----------
    key : str
        Which look, column or setting; empty for layers and their order.
    value : object
        What it becomes.
    side : Side or None
        Who changed it; None where both did the same.
    """

    action: ProjectAction
    layer_uid: str = ""
    layer_name: str = ""
    key: str = ""
    value: Any = None
    side: Side | None = None


@dataclass(frozen=True)
class ProjectPlan:
    """What becomes of layers, looks, columns and settings."""

    changes: tuple[ProjectChange, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def setting_parts(settings: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """Return settings in the parts that merge by themselves: a mapping's entries, anything else whole."""
    parts: dict[tuple[str, ...], Any] = {}
    for key, value in settings.items():
        if isinstance(value, dict):
            parts.update({(key, part): held for part, held in value.items()})
        else:
            parts[(key,)] = value
    return parts


def with_part(settings: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Return settings with another part, by its key; None takes it out."""
    name, mark, part = key.partition(SETTING_MARK)
    if not mark:
        return {**settings, name: value}
    held = settings.get(name)
    inner = dict(held) if isinstance(held, dict) else {}
    inner[part] = value
    if value is None:
        del inner[part]  # no part is kept that says nothing
    return {**settings, name: inner}
