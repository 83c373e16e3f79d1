"""The tables of fragmentation: summary, size classes, patches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from layers.words import _
from zsgis.analysis.contiguity.sizes import SizeClasses
from zsgis.analysis.fragmentation.counting import Counted
from zsgis.analysis.fragmentation.figures import PatchFigures, patch_figures
from zsgis.analysis.fragmentation.model import LandPatches
from zsgis.analysis.zone_names import total_name
from zsgis.analysis.zoned import IntArray, Shapes
from zsgis.printed_balance import PrintedTable, PrintedUnit, balance_table
from zsgis.result import Column, Row, RowRole, Table

SHARE_DIGITS = 2
SHAPE_DIGITS = 3
PATCHES_AT_MOST = 10_000
"""Patches listed one by one; beyond these a row sums up the rest."""


@dataclass(frozen=True)
class Printing:
    """What all tables are printed from."""

    land: Shapes
    counted: Counted
    sizes: SizeClasses
    small_mu: float
    unit: PrintedUnit

    @property
    def lines(self) -> range:
        """The rows of zones and of what lies outside."""
        return range(len(self.counted.names))

    @property
    def single(self) -> bool:
        """Whether the one row is the total at once."""
        return len(self.counted.names) == 1 and not self.counted.twice_cents

    @cached_property
    def areas(self) -> PrintedTable:
        """Land of the chosen classes by row, the deduction last, balanced with its total."""
        column = self.counted.cents.tolist()
        if self.counted.twice_cents:
            column.append(-self.counted.twice_cents)
        return balance_table(np.array([column], dtype=np.int64).T, self.unit)

    def area(self, number: int | None) -> float:
        """Return the printed area of a row; of the total for None."""
        steps = self.areas.total if number is None else int(self.areas.cells[number, 0])
        return self.unit.value(steps)

    def patches(self, number: int | None) -> tuple[LandPatches, IntArray]:
        """Return the patches a row speaks of: uncut ones for the total."""
        if number is None:
            return self.counted.whole, self.counted.whole.of_line(None)
        return self.counted.patches, self.counted.patches.of_line(number)

    def figures(self, number: int | None) -> PatchFigures:
        """Return the figures of a row, or of the total."""
        ground = self.counted.layer_cents if number is None else self.counted.ground_cents[number]
        return patch_figures(*self.patches(number), self.small_mu, ground)

    def sources(self, patches: LandPatches, chosen: IntArray) -> dict[str, tuple[str, ...]]:
        """Return the parcels behind some patches."""
        return {self.land.layer_uid: tuple(self.land.uids[i] for i in patches.features(chosen).tolist())}

    def line_sources(self, number: int | None) -> dict[str, tuple[str, ...]]:
        """Return the parcels behind a row, slivers included."""
        patches = self.counted.whole if number is None else self.counted.patches
        mine = np.arange(len(patches)) if number is None else np.flatnonzero(patches.line == number)
        return self.sources(patches, mine)

    def printed(self, cents: Fraction | int | None) -> float | None:
        """Return an area rounded half up by itself, in the unit."""
        if cents is None:
            return None
        return self.unit.value(math.floor(Fraction(cents) * self.unit.steps_per_cent + Fraction(1, 2)))


def percent(part: int, whole: int | None) -> float | None:
    """Return a share in per cent, rounded half up; None of nothing."""
    if not whole or whole < 0:
        return None
    scale: int = 10**SHARE_DIGITS
    return float((2 * part * 100 * scale + whole) // (2 * whole) / scale)


def _rounded(value: float, digits: int) -> float | None:
    return math.floor(value * 10**digits + 0.5) / 10**digits if math.isfinite(value) else None


def summary_table(printing: Printing, title: str, notes: tuple[str, ...]) -> Table:
    """Return a row per zone: land, patches, sizes, shape."""
    unit, digits = printing.unit.title, printing.unit.digits
    small = _("Under {limit:g} mu").format(limit=printing.small_mu)
    size, shape = _("Patch size"), _("Shape index")
    columns = (
        Column("zone", _("Zone")),
        Column("ground", _("Area of the zone"), unit, digits),
        Column("area", _("Land looked at"), unit, digits),
        Column("share", _("Share of the zone"), "%", SHARE_DIGITS),
        Column("count", _("Patches"), "", 0),
        Column("density", _("Patches per km²"), "", 2),
        Column("mean", _("Mean"), unit, digits, size),
        Column("median", _("Median"), unit, digits, size),
        Column("largest", _("Largest"), unit, digits, size),
        Column("largest_share", _("Share of the largest"), "%", SHARE_DIGITS),
        Column("small_count", _("Patches"), "", 0, small),
        Column("small_area", _("Area"), unit, digits, small),
        Column("small_share", _("Share of the land"), "%", SHARE_DIGITS, small),
        Column("shape", _("Mean"), "", SHAPE_DIGITS, shape),
        Column("shape_weighted", _("Weighted with area"), "", SHAPE_DIGITS, shape),
    )
    rows = [_summary_row(printing, number) for number in printing.lines]
    if printing.counted.deduction:
        values = {"zone": printing.counted.deduction, "area": printing.area(len(printing.lines))}
        rows.append(Row(values, RowRole.BODY, printing.line_sources(None)))
    if not printing.single:
        rows.append(_summary_row(printing, None))
    return Table("summary", title, columns, tuple(rows), notes)


def _summary_row(printing: Printing, number: int | None) -> Row:
    counted = printing.counted
    found = printing.figures(number)
    total = number is None
    ground = counted.layer_cents if number is None else counted.ground_cents[number]
    cents = int(printing.areas.cents.sum()) if number is None else int(counted.cents[number])
    values: dict[str, Any] = {
        "zone": total_name() if number is None else counted.names[number],
        "ground": printing.printed(ground),
        "area": printing.area(number),
        "share": percent(cents, ground) if found.count or ground else None,
        "count": found.count,
        "density": _rounded(found.per_km2, 2),
        "mean": printing.printed(found.mean),
        "median": printing.printed(found.median),
        "largest": printing.printed(found.largest) if found.count else None,
        "largest_share": percent(found.largest, cents),
        "small_count": found.small,
        "small_area": printing.printed(found.small_cents),
        "small_share": percent(found.small_cents, cents),
        "shape": _rounded(found.shape, SHAPE_DIGITS),
        "shape_weighted": _rounded(found.shape_weighted, SHAPE_DIGITS),
    }
    return Row(values, RowRole.TOTAL if total else RowRole.BODY, printing.line_sources(number))


@dataclass(frozen=True)
class SizeFigures:
    """Patches by row and size class; the class behind the last holds slivers, which are area and no patch.

    Attributes
    ----------
    numbers : tuple of tuple of ndarray of int64
        The patches of each row in each class.
    printed : PrintedTable
        Areas whose rows add up to those of the summary.
    """

    patches: LandPatches
    numbers: tuple[tuple[IntArray, ...], ...]
    printed: PrintedTable


def size_figures(printing: Printing, *, total: bool) -> SizeFigures:
    """Return the size classes of all rows, or those of the total."""
    patches = printing.counted.whole if total else printing.counted.patches
    size = np.where(patches.sliver, len(printing.sizes), printing.sizes.of(patches.cents))
    rows = [np.ones(len(patches), dtype=bool)] if total else [patches.line == n for n in printing.lines]
    classes = range(len(printing.sizes) + 1)
    numbers = tuple(tuple(np.flatnonzero(row & (size == one)) for one in classes) for row in rows)
    cents = np.array([[int(patches.cents[n].sum()) for n in row] for row in numbers], dtype=np.int64)
    totals = printing.areas.cells[: len(rows), 0]
    if total:
        totals = np.array([printing.areas.total], dtype=np.int64)
    return SizeFigures(patches, numbers, balance_table(cents, printing.unit, row_totals=totals))


def sizes_table(printing: Printing, title: str, notes: tuple[str, ...]) -> Table:
    """Return a row per zone and size class."""
    unit = printing.unit
    columns = (
        Column("zone", _("Zone")),
        Column("size", _("Patch size")),
        Column("count", _("Patches"), "", 0),
        Column("count_share", _("Share of the patches"), "%", SHARE_DIGITS),
        Column("area", _("Area"), unit.title, unit.digits),
        Column("area_share", _("Share of the land"), "%", SHARE_DIGITS),
    )
    rows: list[Row] = []
    by_line = size_figures(printing, total=False)
    for number in printing.lines:
        rows += _size_rows(printing, by_line, number, number)
    if not printing.single:
        rows += _size_rows(printing, size_figures(printing, total=True), 0, None)
    return Table("sizes", title, columns, tuple(rows), notes)


def _size_rows(printing: Printing, found: SizeFigures, row: int, number: int | None) -> Iterator[Row]:
    name = total_name() if number is None else printing.counted.names[number]
    cents, numbers = found.printed.cents[row], found.numbers[row]
    patches = sum(len(n) for n in numbers[:-1])
    titles = (*printing.sizes.names, _("Land in slivers"))
    for place, (title, chosen) in enumerate(zip(titles, numbers, strict=True)):
        sliver = place == len(titles) - 1
        if sliver and not len(chosen):
            continue
        values = {
            "zone": name,
            "size": title,
            "count": None if sliver else len(chosen),
            "count_share": None if sliver else percent(len(chosen), patches),
            "area": printing.unit.value(int(found.printed.cells[row, place])),
            "area_share": percent(int(cents[place]), int(cents.sum())),
        }
        yield Row(values, RowRole.BODY, printing.sources(found.patches, chosen))
    values = {
        "zone": name,
        "size": _("All sizes"),
        "count": patches,
        "count_share": percent(patches, patches),
        "area": printing.area(number),
        "area_share": percent(1, 1) if cents.sum() else None,
    }
    role = RowRole.TOTAL if number is None else RowRole.SUBTOTAL
    yield Row(values, role, printing.line_sources(number))


def patches_table(printing: Printing, title: str, notes: tuple[str, ...]) -> Table:
    """Return a row per patch, the largest first in each zone."""
    patches, unit = printing.counted.patches, printing.unit
    columns = (
        Column("zone", _("Zone")),
        Column("patch", _("Patch"), "", 0),
        Column("area", _("Area"), unit.title, unit.digits),
        Column("size", _("Patch size")),
        Column("parcels", _("Parcels"), "", 0),
        Column("perimeter", _("Perimeter"), _("m"), 2),
        Column("shape", _("Shape index"), "", SHAPE_DIGITS),
    )
    chosen = patches.of_line(None)
    listed, rest = chosen, chosen[:0]
    if len(chosen) > PATCHES_AT_MOST:
        largest = np.sort(chosen[np.argsort(-patches.cents[chosen], kind="stable")[:PATCHES_AT_MOST]])
        listed, rest = largest, np.setdiff1d(chosen, largest)
    size = printing.sizes.of(patches.cents)
    order = np.argsort(patches.patch, kind="stable")
    start = np.searchsorted(patches.patch[order], np.arange(len(patches) + 1))
    shape = patches.shape
    rows = []
    for place in listed.tolist():
        own = np.unique(patches.pieces.feature[order[start[place] : start[place + 1]]]).tolist()
        values = {
            "zone": printing.counted.names[int(patches.line[place])],
            "patch": place + 1,
            "area": printing.printed(int(patches.cents[place])),
            "size": printing.sizes.names[int(size[place])],
            "parcels": len(own),
            "perimeter": _rounded(float(patches.perimeter_m[place]), 2),
            "shape": _rounded(float(shape[place]), SHAPE_DIGITS),
        }
        behind = {printing.land.layer_uid: tuple(printing.land.uids[i] for i in own)}
        rows.append(Row(values, RowRole.BODY, behind))
    if len(rest):
        rows.append(_rest_row(printing, rest))
    return Table("patches", title, columns, tuple(rows), notes)


def _rest_row(printing: Printing, rest: IntArray) -> Row:
    patches = printing.counted.patches
    values = {
        "zone": _("{count} smaller patches, not listed").format(count=len(rest)),
        "area": printing.printed(int(patches.cents[rest].sum())),
        "parcels": len(patches.features(rest)),
    }
    return Row(values, RowRole.SUBTOTAL, printing.sources(patches, rest))
