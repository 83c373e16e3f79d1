"""The project file: one ordinary GeoPackage 1.3, read and written through ``apsw`` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.store.model import LayerField, LayerInfo, NewLayer

if TYPE_CHECKING:
    from layers.store.project import Project

__all__ = ["LayerField", "LayerInfo", "NewLayer", "Project"]


def __getattr__(name: str) -> Any:
    # what reads and writes files brings pandas and apsw, and the window opens before it needs them
    if name == "Project":
        from layers.store.project import Project

        return Project
    raise AttributeError(name)
