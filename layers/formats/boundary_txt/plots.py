"""Plots of one coordinate system: their shapes, areas and what is to be said of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.findings import Severity
from layers.formats.boundary_txt.areas import UNITS, common_unit, stated_area, unit_of
from layers.formats.boundary_txt.document import Block, Plot
from layers.formats.boundary_txt.forms import AREA, COUNT, TYPE
from layers.formats.boundary_txt.manner import ReadPlot
from layers.formats.boundary_txt.notes import LineNote
from layers.formats.boundary_txt.parser import plain_text
from layers.formats.boundary_txt.records import OTHER_FORM, count_fits, named_tokens, record_forms
from layers.formats.boundary_txt.shapes import plot_shape
from layers.formats.boundary_txt.systems import coordinate_system
from layers.plain_numbers import plain_number
from layers.progress import Progress
from layers.words import _

_DEGREES_AT_MOST = 360.0


@dataclass(frozen=True)
class Group:
    """The blocks of a file that are in one coordinate system.

    Attributes
    ----------
    header : Block
        The first of them; what it says holds for all.
    """

    name: str
    header: Block
    plots: tuple[Plot, ...]


@dataclass(frozen=True)
class Areas:
    """What the records say of areas.

    Attributes
    ----------
    unit : str
        The unit that all areas which fit share; empty where there is none.
    decimals : str
        Digits after the point, where all areas have as many; else empty.
    area_m2 : ndarray of float64, shape (n,)
        NaN where none is stated or its unit is not known.
    """

    unit: str
    decimals: str
    area_m2: NDArray[np.float64]
    notes: tuple[LineNote, ...]

    @property
    def manner(self) -> dict[str, str]:
        """How areas are written, as the writer's switches; nothing where they differ or there are none."""
        said = {"area_unit": self.unit, "area_decimals": self.decimals}
        return {name: value for name, value in said.items() if value}


def groups_of(blocks: Sequence[Block], name: str) -> tuple[Group, ...]:
    """Return the plots of a file, divided by what the headers above them say of coordinates.

    A block without a header goes on with the one before it. One group bears the file's name, of several
    each bears a number too.
    """
    kept: dict[tuple[str, ...], tuple[Block, list[Plot]]] = {}
    header = Block((), False, ())
    for block in blocks:
        header = block if block.sections else header
        if block.plots:
            key = tuple(plain_text(header.value(name)) for name in ("坐标系", "几度分带", "带号", "投影类型"))
            kept.setdefault(key, (header, []))[1].extend(block.plots)
    names = [name] if len(kept) == 1 else [f"{name} {place + 1}" for place in range(len(kept))]
    return tuple(
        Group(one, header, tuple(plots)) for one, (header, plots) in zip(names, kept.values(), strict=True)
    )


def read_plots(plots: Sequence[Plot], order: str, progress: Progress) -> list[ReadPlot]:
    """Return each plot with the names of its tokens and its shape.

    Parameters
    ----------
    order : str
        As :func:`plot_shape` takes it.
    """
    read = []
    for number, (plot, form) in enumerate(zip(plots, record_forms(plots), strict=True)):
        if number % 100 == 0:
            progress.step(number / len(plots), _("Building shapes"))
        tokens = named_tokens(plot, form)
        read.append(ReadPlot(plot, form, tokens, plot_shape(plot, plain_text(tokens.get(TYPE, "面")), order)))
    return read


def system_of(header: Block, plots: Sequence[ReadPlot]) -> tuple[pyproj.CRS | None, list[LineNote]]:
    """Return the coordinate system that a header states, where all points agree with it."""
    places = [
        (point.x, point.y) if one.shape.exchanged else (point.y, point.x)
        for one in plots
        if one.shape.geometry is not None
        for point in one.plot.points
    ]
    figures = np.array(places, dtype=np.float64).reshape(-1, 2)
    return coordinate_system(header, figures[:, 0], figures[:, 1])


def plot_notes(plots: Sequence[ReadPlot]) -> list[LineNote]:
    """Return what is to be said of single plots, areas apart."""
    notes: list[LineNote] = []
    for row, one in enumerate(plots):
        notes += [replace(note, row=row) for note in one.shape.notes]
        notes += [replace(note, row=row) for note in _record_notes(one)]
    return notes


def _record_notes(one: ReadPlot) -> list[LineNote]:
    plot, notes = one.plot, []
    if not plot.tokens:
        text = _("Points without a record above them; they are taken as a plot.")
        notes.append(LineNote("boundary_txt.no_record", Severity.WARNING, text, plot.line))
    elif one.form == OTHER_FORM:
        text = _(
            "The record has {count} fields that are those of no known form; they are kept under numbers."
        )
        words = text.format(count=len(plot.tokens))
        notes.append(LineNote("boundary_txt.record_form", Severity.WARNING, words, plot.line))
    elif not plot.marked:
        text = _("The record does not end with “@”; it was read all the same.")
        notes.append(LineNote("boundary_txt.no_mark", Severity.NOTE, text, plot.line))
    count = plain_text(one.tokens.get(COUNT, ""))
    if count and not plot.unreadable and not count_fits(count, plot):
        text = _("The record says {stated} points, but {count} follow.")
        words = text.format(stated=count[:20], count=len(plot.points))
        notes.append(LineNote("boundary_txt.point_count", Severity.WARNING, words, plot.line))
    if one.shape.exchanged:
        text = _("X and Y stand in exchanged order: the third figure is the easting. They were taken so.")
        notes.append(LineNote("boundary_txt.exchanged", Severity.WARNING, text, plot.line))
    return notes


def areas_of(plots: Sequence[ReadPlot], told_unit: str) -> Areas:
    """Return the areas that the records state, in square metres.

    The unit is the one in which they say the measured areas; where one area fits in none, the file's others
    tell it, and the difference is a note.

    Parameters
    ----------
    told_unit : str
        ``m2``, ``ha`` or ``mu`` where the caller knows it; empty for finding it.
    """
    measured = [_measured(one) for one in plots]
    stated = [stated_area(plain_text(one.tokens.get(AREA, ""))) for one in plots]
    units = [
        unit_of(area, size) if area is not None and size is not None else ""
        for area, size in zip(stated, measured, strict=True)
    ]
    unit = told_unit or common_unit(units)
    area_m2 = np.full(len(plots), np.nan)
    notes = []
    for row, area in enumerate(stated):
        own = told_unit or units[row] or unit
        if area is None:
            continue
        if own:
            area_m2[row] = area.value * UNITS[own]
        size = measured[row]
        if size is not None and not (own and area.fits(own, size)):
            text = _("The record says an area of {stated}; the points enclose {measured} m².")
            words = text.format(
                stated=f"{plain_number(area.value)} {_UNIT_WORDS.get(own, '')}".strip(),
                measured=f"{size:.2f}",
            )
            notes.append(LineNote("boundary_txt.area", Severity.WARNING, words, plots[row].plot.line, row))
    return Areas(unit, _decimals(plots), area_m2, tuple(notes))


def _decimals(plots: Sequence[ReadPlot]) -> str:
    texts = [one.tokens.get(AREA, "").strip() for one in plots]
    counts = {len(text.partition(".")[2]) for text in texts if stated_area(text) is not None}
    return str(counts.pop()) if len(counts) == 1 else ""


_UNIT_WORDS = {"m2": "m²", "ha": "ha", "mu": "亩"}


def _measured(one: ReadPlot) -> float | None:
    """Return a polygon's area in the plane; None for other shapes and for degrees."""
    shape = one.shape.geometry
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
        return None
    if max(map(abs, shape.bounds)) <= _DEGREES_AT_MOST:
        return None
    return float(shape.area)


def count_manner(plots: Sequence[ReadPlot]) -> dict[str, str]:
    """Return as the writer's switch what the records' numbers of points count; nothing for neither."""
    counted: Mapping[str, list[int]] = {
        "rows": [len(one.plot.points) for one in plots],
        "vertices": [sum(len(ring.rows) for ring in one.shape.rings) for one in plots],
    }
    stated = [plain_text(one.tokens.get(COUNT, "")) for one in plots]
    found = [rule for rule, counts in counted.items() if [str(count) for count in counts] == stated]
    return {"count": found[0]} if found else {}
