"""The legend: what is on the map and nothing else, in the standard's order, with the table's figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from layers.drawable import DrawableLayer
from layers.kind import GeometryType
from layers.style import Symbol
from zsgis.sheets.class_groups import ClassGroup, ClassTree, class_groups, figure_of
from zsgis.sheets.layout import Box, LegendEntry, LegendItem
from zsgis.sheets.measure import text_width_mm
from zsgis.sheets.template import LegendSpec

TITLE_MM = 6.4
_TEXT_GAP_MM = 1.6


@dataclass(frozen=True)
class Meaning:
    """One thing the legend explains, with a smaller second line."""

    geometry: GeometryType
    symbol: Symbol
    text: str
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """Area and share by class as the table prints them; ``elsewhere`` is said of a class it lacks."""

    texts: Mapping[str, str]
    tree: ClassTree
    elsewhere: str = ""

    def of(self, group: ClassGroup) -> str:
        """Return what stands under a legend entry."""
        if not self.texts or not group.code:  # the table has no code for land without a class
            return ""
        found = figure_of(group, self.texts, self.tree)
        return self.elsewhere if found is None else found


def layer_meanings(
    layer: DrawableLayer, figures: Figures, denominator: float, others: Sequence[DrawableLayer] = ()
) -> list[Meaning]:
    """Return what a layer on the map means, nothing when nothing of it is there.

    A classified layer means the classes that occur in it, in its rules' order; those of one look under one
    class stand together. Features that no rule names are told by the layer's name. What the scale of the map,
    or the style, keeps from being shown means nothing.

    Parameters
    ----------
    layer : DrawableLayer
        Already cut to the map.
    figures : Figures
    denominator : float
        Of the map's scale.
    others : sequence of DrawableLayer
        Further parts of the same layer on the map; what occurs only there is told too.
    """
    present = {index for part in (layer, *others) for index in np.unique(part.class_index).tolist()}
    *symbols, rest = layer.style.symbols_at(denominator)
    shown = [
        rule.model_copy(update={"symbol": symbol})
        for index, (rule, symbol) in enumerate(zip(layer.style.rules, symbols, strict=True))
        if index in present and symbol is not None
    ]
    if layer.style.numeric:
        meanings = [Meaning(layer.geometry, rule.symbol, rule.title) for rule in shown]
    else:
        meanings = [
            Meaning(layer.geometry, group.symbol, _class_text(group), figures.of(group))
            for group in class_groups(shown, figures.tree, figures.texts)
        ]
    if -1 in present and rest is not None:
        meanings.append(Meaning(layer.geometry, rest, layer.title))
    return meanings


def _class_text(group: ClassGroup) -> str:
    """Return code and name of a class, once where they are the same."""
    return group.name if group.name.startswith(group.code) else f"{group.code} {group.name}"


def place_legend(spec: LegendSpec, meanings: Sequence[Meaning], box: Box, *, remark: str) -> LegendItem:
    """Place entries in columns, downwards first; text too wide for its column is set smaller, to 1.8 mm."""
    rows = math.ceil(len(meanings) / spec.columns) if meanings else 0
    width = box.width / spec.columns
    entries = []
    for number, meaning in enumerate(meanings):
        column, row = divmod(number, rows)
        top = box.y + TITLE_MM + row * spec.row_mm
        entries.append(
            _entry(spec, meaning, Box(x=box.x + column * width, y=top, width=width, height=spec.row_mm))
        )
    return LegendItem(
        name="legend",
        box=Box(x=box.x, y=box.y, width=box.width, height=TITLE_MM + rows * spec.row_mm),
        title=spec.title,
        remark=remark,
        entries=tuple(entries),
    )


def _entry(spec: LegendSpec, meaning: Meaning, place: Box) -> LegendEntry:
    swatch = Box(
        x=place.x,
        y=place.y + (place.height - spec.swatch_height_mm) / 2.0,
        width=spec.swatch_width_mm,
        height=spec.swatch_height_mm,
    )
    room = place.width - spec.swatch_width_mm - _TEXT_GAP_MM - 1.0
    return LegendEntry(
        box=Box(
            x=swatch.right + _TEXT_GAP_MM,
            y=place.y,
            width=room,
            height=place.height,
        ),
        swatch=swatch,
        geometry=meaning.geometry,
        symbol=meaning.symbol,
        text=meaning.text,
        note=meaning.note,
        text_mm=fitting_size(meaning.text, spec.text_mm, room),
        note_mm=fitting_size(meaning.note, spec.note_mm, room),
    )


def fitting_size(text: str, size_mm: float, width_mm: float, *, least_mm: float = 1.8) -> float:
    """Return the largest size, at most ``size_mm``, at which a line of text fits a width."""
    width = text_width_mm(text, size_mm)
    return size_mm if width <= width_mm else max(least_mm, math.floor(size_mm * width_mm / width * 10) / 10)
