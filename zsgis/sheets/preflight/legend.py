"""The legend against the map: every look on the map is explained, and nothing absent is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.style import Symbol
from layers.words import _
from zsgis.sheets.layout import LegendItem, MapItem, SheetLayout
from zsgis.sheets.map_layers import VEIL_UID
from zsgis.sheets.preflight.findings import SheetFinding

_Look = tuple[GeometryType, Symbol]


def legend_findings(layout: SheetLayout) -> Iterator[SheetFinding]:
    """Tell what the legend leaves out, and what it explains though the map does not show it."""
    shown: list[tuple[_Look, str]] = []
    for item in layout.first.items_of(MapItem):
        for layer in item.layers:
            shown += _looks(layer, item.scale_denominator)
    entries = [
        (number, entry)
        for number, page in enumerate(layout.pages)
        for legend in page.items_of(LegendItem)
        for entry in legend.entries
    ]
    explained = [(entry.geometry, entry.symbol) for _number, entry in entries]
    missing = dict.fromkeys(title for look, title in shown if look not in explained)
    for title in missing:
        yield SheetFinding(
            "sheet.legend_missing",
            _("The legend does not explain “{title}”.").format(title=title),
            blocking=True,
        )
    looks = [look for look, _title in shown]
    for number, entry in entries:
        if (entry.geometry, entry.symbol) not in looks:
            yield SheetFinding(
                "sheet.legend_absent",
                _("The legend explains “{title}”, which is not on the map.").format(title=entry.text),
                blocking=True,
                page=number,
                box=entry.box,
            )


def _looks(layer: DrawableLayer, denominator: float) -> list[tuple[_Look, str]]:
    """Return how features of a layer look on the map, each with what it means."""
    if layer.uid == VEIL_UID:
        return []
    titles = [*(rule.title for rule in layer.style.rules), layer.title]
    symbols = layer.style.symbols_at(denominator)
    found = []
    for index in np.unique(layer.class_index).tolist():  # -1 is all that no rule names, the last of both
        symbol = symbols[index]
        if symbol is not None:
            found.append(((layer.geometry, symbol), titles[index]))
    return found
