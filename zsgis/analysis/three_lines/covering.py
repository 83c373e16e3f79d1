"""Parcels cut by one line after another: how much of each is a hit, in which zone and town."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.progress import Progress, ProgressPart
from zsgis.analysis.features import Features
from zsgis.analysis.layered import NOBODY, Layered, cut_by_layers
from zsgis.analysis.three_lines.rules import LineItem
from zsgis.analysis.zoned import IntArray, Measuring, Shapes, Zones


@dataclass(frozen=True)
class Covered:
    """One line over the parcels.

    Attributes
    ----------
    hit : ndarray of bool, shape (pieces,)
    zone, town : ndarray of int64, shape (pieces,)
        :data:`~zsgis.analysis.layered.NOBODY` outside.
    """

    item: LineItem
    line: Features
    pieces: Layered
    hit: NDArray[np.bool_]
    zone: IntArray
    town: IntArray

    def hit_cents(self, row: IntArray, rows: int) -> IntArray:
        """Return the hits summed by a number of each piece, shape (rows,), in 0.01 m2."""
        out = np.zeros(rows, dtype=np.int64)
        np.add.at(out, row[self.hit], self.pieces.cents[self.hit])
        return out


def cover(
    parcels: Features,
    items: Sequence[tuple[LineItem, Features]],
    zones: Zones | None,
    towns: Zones | None,
    how: Measuring,
    progress: Progress,
) -> list[Covered]:
    """Cut parcels by each line for itself, and by zones and towns.

    Lines may lie over each other: each is counted for itself, and their sums are no total.
    """
    out = []
    for number, (item, line) in enumerate(items):
        layers: list[Shapes] = [line, *(layer for layer in (zones, towns) if layer is not None)]
        part = ProgressPart(progress, number / len(items), (number + 1) / len(items))
        # parcels over each other are the same in every cut, and told once
        pieces = cut_by_layers(parcels, layers, how, part, base_checked=number > 0)
        inside = pieces.member[:, 0] != NOBODY
        nowhere = np.full(len(inside), NOBODY, dtype=np.int64)
        out.append(
            Covered(
                item=item,
                line=line,
                pieces=pieces,
                hit=inside if item.hit == "inside" else ~inside,
                zone=pieces.member[:, 1] if zones is not None else nowhere,
                town=pieces.member[:, -1] if towns is not None else nowhere,
            )
        )
    return out
