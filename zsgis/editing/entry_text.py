"""Pasted rows of a boundary TXT (界址点坐标) as new features of a layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely

from layers.crs import describe_crs, transform
from layers.errors import InputError
from layers.formats.boundary_txt.forms import AREA, AREA_M2
from layers.formats.boundary_txt.parser import parse, plain_text
from layers.formats.boundary_txt.plots import areas_of, groups_of, plot_notes, read_plots, system_of
from layers.kind import Kind
from layers.kinds import KINDS
from layers.progress import Progress
from layers.shape_words import fault_words
from layers.store.model import LayerInfo
from layers.words import _

_NAMES = ("地块名称", "地块编号")


@dataclass(frozen=True)
class PastedPlot:
    """A plot of the text.

    Attributes
    ----------
    name : str
        As the record names it, else its number.
    geometry : geometry or None
        In the layer's own system; None where its rows make none, and ``trouble`` says why.
    values : mapping
        By field of the layer, as far as the record has them.
    """

    name: str
    points: int
    geometry: Any | None
    values: Mapping[str, Any]
    trouble: str = ""


@dataclass(frozen=True)
class PastedPlots:
    """What a text holds.

    Attributes
    ----------
    crs : pyproj.CRS
        The system its numbers were taken in.
    stated : bool
        The text says so itself.
    notes : tuple of str
        What else is to be told.
    """

    plots: tuple[PastedPlot, ...]
    crs: pyproj.CRS
    stated: bool
    notes: tuple[str, ...]


def pasted_plots(
    text: str, layer: LayerInfo, progress: Progress, *, crs: pyproj.CRS | None = None
) -> PastedPlots:
    """Read the plots of a pasted boundary TXT.

    Parameters
    ----------
    crs : pyproj.CRS, optional
        What the numbers are in; without one the text's own header says it, and where it does not, they are
        taken as those of the layer.

    Raises
    ------
    InputError
        When the text holds no boundary points, or the layer's system cannot be reached.
    """
    document = parse(text, progress)
    groups = groups_of(document.blocks, _("Text"))
    if not groups:
        raise InputError(
            _("The text holds no boundary points."),
            remedy=_("Paste rows such as J1,1,2491514.243,436212.615, with or without the lines above them."),
        )
    plots: list[PastedPlot] = []
    notes: list[str] = []
    found: pyproj.CRS | None = None
    for group in groups:
        read = read_plots(group.plots, "", progress)
        stated, system_notes = system_of(group.header, read)
        found = found or stated
        source = crs or stated or layer.crs
        notes += [note.text for note in (*system_notes, *plot_notes(read))]
        troubles = {note.row: note.text for note in plot_notes(read) if note.row >= 0}
        shapes = np.empty(len(read), dtype=object)
        shapes[:] = [one.shape.geometry for one in read]
        moved = transform(shapes, source, layer.crs)
        values = _values(layer, [one.tokens for one in read], areas_of(read, "").area_m2)
        for row, one in enumerate(read):
            shape, trouble = _usable(moved[row], layer, troubles.get(row, ""))
            name = next(
                (plain_text(one.tokens[key]) for key in _NAMES if one.tokens.get(key, "").strip()), ""
            )
            title = name or _("Plot {number}").format(number=len(plots) + 1)
            plots.append(PastedPlot(title, len(one.plot.points), shape, values[row], trouble))
    taken = crs or found or layer.crs
    return PastedPlots(tuple(plots), taken, found is not None, tuple(dict.fromkeys(notes)))


def system_words(pasted: PastedPlots) -> str:
    """Return in which system the numbers were taken, and who says so."""
    name = describe_crs(pasted.crs)
    if pasted.stated:
        return _("{crs}, as the text says").format(crs=name)
    return _("{crs}, as the layer").format(crs=name)


def _usable(shape: Any, layer: LayerInfo, said: str) -> tuple[Any | None, str]:
    if shape is None:
        return None, said
    dimensions = {"point": 0, "line": 1, "polygon": 2}[layer.geometry.value]
    if shapely.get_dimensions(shape) != dimensions:
        return None, _("The layer takes shapes of another type.")
    if not shape.is_valid:
        return None, _("The outline has a fault ({fault}).").format(
            fault=fault_words(shapely.is_valid_reason(shape))
        )
    return shape, ""


def _values(
    layer: LayerInfo, tokens: Sequence[Mapping[str, str]], area_m2: np.ndarray[Any, np.dtype[np.float64]]
) -> list[dict[str, Any]]:
    """Return what the records say, by field of the layer; the kind's names for fields tell which is which."""
    kind: Kind | None = KINDS.get(layer.kind)
    if kind is None:
        return [{} for _record in tokens]
    # the record's own area is in a unit that only the shapes tell
    names = list(dict.fromkeys(name for record in tokens for name in record if name != AREA))
    import pandas as pd

    from layers.importing.columns import bring_columns, match_fields

    frame = pd.DataFrame(
        {name: pd.Series([record.get(name) or None for record in tokens], dtype=object) for name in names}
    )
    frame[AREA_M2] = area_m2
    mapping = match_fields(kind, [*names, AREA_M2], {})
    brought = bring_columns(kind, frame, mapping)
    known = {field.name for field in layer.fields}
    values: list[dict[str, Any]] = [
        {name: brought.values[name][row] for name in mapping if name in known and name in brought.values}
        for row in range(len(tokens))
    ]
    return [{name: value for name, value in row.items() if value is not None} for row in values]
