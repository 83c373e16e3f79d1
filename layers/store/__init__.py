"""The project file: one ordinary GeoPackage 1.3, read and written through ``apsw`` alone."""

from layers.store.model import LayerField, LayerInfo, NewLayer
from layers.store.project import Project

__all__ = ["LayerField", "LayerInfo", "NewLayer", "Project"]
