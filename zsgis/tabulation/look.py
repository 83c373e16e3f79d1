"""How an officer has arranged a table's columns: order, which are hidden, how wide they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

SETTING = "attribute_tables"
"""Key of the project's setting that holds the arrangement of each layer, by its uid."""

_WIDEST_PX = 2000


class TableLook(BaseModel):
    """An arrangement, by the fields' names; a field it does not name stands at the end, shown."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    widths: Mapping[str, int] = {}

    def arranged(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the fields of a layer in this order."""
        known = [name for name in dict.fromkeys(self.order) if name in names]
        return (*known, *(name for name in names if name not in known))

    def shown(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the fields that are not hidden, in this order; never none at all."""
        arranged = self.arranged(names)
        return tuple(name for name in arranged if name not in self.hidden) or arranged[:1]

    def width(self, name: str, otherwise: int) -> int:
        """Return a column's width in pixels."""
        return min(max(self.widths.get(name, otherwise), 24), _WIDEST_PX)


def read_look(stored: Any, layer_uid: str) -> TableLook:
    """Return a layer's arrangement out of the setting; what cannot be read is as never arranged."""
    entry = stored.get(layer_uid) if isinstance(stored, dict) else None
    try:
        return TableLook.model_validate(entry or {})
    except ValidationError:
        return TableLook()


def with_look(stored: Any, layer_uid: str, look: TableLook) -> dict[str, Any]:
    """Return the setting with a layer's arrangement in it."""
    kept = dict(stored) if isinstance(stored, dict) else {}
    kept[layer_uid] = look.model_dump(mode="json")
    kept[layer_uid]["hidden"] = sorted(look.hidden)
    return kept
