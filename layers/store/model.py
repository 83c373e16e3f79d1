"""What a project tells about its layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyproj

from layers.kind import FieldType, GeometryType
from layers.style import Style


@dataclass(frozen=True)
class LayerField:
    """A field as a layer holds it; ``alias`` is what an officer reads, ``unit`` may be empty."""

    name: str
    alias: str
    type: FieldType
    unit: str = ""


@dataclass(frozen=True)
class LayerInfo:
    """One layer of a project, as it stood when it was asked for.

    Attributes
    ----------
    uid : str
        Never reused.
    table : str
        Name of the table in the project file.
    name : str
        What people call the layer; unique in its project.
    kind : str
        Key of the layer's kind.
    crs : pyproj.CRS
        The system its coordinates are in, always in the order east, north.
    bounds : tuple of float or None
        West, south, east, north in the layer's own system; None where nothing has a place.
    version : int
        Rises by one with every change to its features.
    standard : str
        Key of the land classification its codes belong to; empty where it has none.
    demo : bool
        Demonstration data: whatever is made from it carries the watermark.
    status : str
        示意, 待核实, 法定 or 演示; empty where nothing is stated.
    secrecy : str
        密级, with its term where given (``秘密★10年``); empty where nothing is stated.
    order : int
        Place in the drawing order, 1 is on top.
    source : mapping
        Where the data came from: file, layer, encoding, sha256, mapping.
    """

    uid: str
    table: str
    name: str
    kind: str
    geometry: GeometryType
    crs: pyproj.CRS
    feature_count: int
    bounds: tuple[float, float, float, float] | None
    version: int
    standard: str
    demo: bool
    status: str
    secrecy: str
    visible: bool
    opacity: float
    order: int
    style: Style
    source: Mapping[str, Any]
    fields: tuple[LayerField, ...] = ()


@dataclass(frozen=True)
class NewLayer:
    """A layer that is to be added to a project; ``style`` None means the kind's own.

    Attributes
    ----------
    uid : str
        Made where empty; said where the layer comes from another file of the same project.
    """

    name: str
    kind: str
    crs: pyproj.CRS
    standard: str = ""
    demo: bool = False
    status: str = ""
    secrecy: str = ""
    style: Style | None = None
    source: Mapping[str, Any] = field(default_factory=dict)
    visible: bool = True
    opacity: float = 1.0
    uid: str = ""
