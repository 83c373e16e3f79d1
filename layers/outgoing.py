"""A layer of a project as writers are handed it: with names, titles, colours, classes and labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layers.formats.model import OutgoingLayer
from layers.formats.secrecy_mark import mark_of
from layers.kind import GeometryType
from layers.kinds import KINDS
from layers.store import LayerInfo, Project
from layers.style import Style, Symbol
from layers.style.ranges import rule_index

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def outgoing_layer(project: Project, layer: LayerInfo) -> OutgoingLayer:
    """Return a layer with everything a file may carry of it."""
    frame = project.read(layer.uid).reset_index()
    style = layer.style
    places = _places(style, frame)
    symbols = [*(rule.symbol for rule in style.rules), style.symbol]
    titles = [*(rule.title for rule in style.rules), ""]
    colors = np.array([_color(symbol, layer.geometry) for symbol in symbols], dtype=np.uint8)
    return OutgoingLayer(
        name=layer.name,
        frame=frame,
        names=_short_names(layer),
        titles=_titles(layer),
        colors=colors[places],
        classes=[titles[place] for place in places.tolist()] if style.rules else None,
        labels=_labels(style, frame),
        mark=mark_of(layer.secrecy),
    )


def _places(style: Style, frame: GeoDataFrame) -> NDArray[np.int32]:
    """Return the place of each feature's symbol; the last one's for what no rule holds."""
    if not style.rules or style.class_field not in frame.columns:
        return np.full(len(frame), len(style.rules), dtype=np.int32)
    found = rule_index(style, frame[style.class_field])
    return np.where(found < 0, len(style.rules), found).astype(np.int32)


def _color(symbol: Symbol, geometry: GeometryType) -> tuple[int, int, int]:
    text = symbol.fill if geometry is not GeometryType.LINE and symbol.fill else symbol.stroke
    digits = (text or "#000000").lstrip("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _labels(style: Style, frame: GeoDataFrame) -> Sequence[str] | None:
    if style.label is None or style.label.field not in frame.columns:
        return None
    column = frame[style.label.field]
    return [
        "" if gone else str(value)
        for value, gone in zip(column.tolist(), column.isna().tolist(), strict=True)
    ]


def _titles(layer: LayerInfo) -> dict[str, str]:
    """Return the data standard's Chinese terms by field."""
    if layer.kind not in KINDS:
        return {}
    return {field.name: field.alias for field in KINDS[layer.kind].fields}


def _short_names(layer: LayerInfo) -> dict[str, str]:
    """Return the data standard's own short names (DLBM, TBMJ) by field, for formats with short names."""
    if layer.kind not in KINDS:
        return {}
    return {
        field.name: short
        for field in KINDS[layer.kind].fields
        for short in [next((name for name in field.met_as if name.isascii() and name.isupper()), "")]
        if short
    }
