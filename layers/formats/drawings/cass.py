"""What CASS, the survey program most offices draw with, puts into a drawing: layer names and codes."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING

from layers.locations import resource_path

if TYPE_CHECKING:
    from ezdxf.entities.dxfentity import DXFEntity

SOUTH = "SOUTH"
"""The application under which CASS keeps its codes in the extended data of an entity."""

_APPLICATION = 1001


def layer_title(name: str) -> str | None:
    """Return what a layer of CASS holds, in Chinese; None for a name CASS does not use."""
    return _titles().get(name.upper())


def codes(entity: DXFEntity) -> tuple[str | None, str | None]:
    """Return an entity's CASS code, and the values kept with it joined by `` | ``; None where missing."""
    if not entity.has_xdata(SOUTH):
        return None, None
    values = [str(tag.value) for tag in entity.get_xdata(SOUTH) if tag.code != _APPLICATION]
    if not values:
        return None, None
    return values[0], " | ".join(values[1:]) or None


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    text = resource_path("formats", "cass_layers.toml").read_text(encoding="utf-8")
    return {str(name).upper(): str(title) for name, title in tomllib.loads(text)["layers"].items()}
