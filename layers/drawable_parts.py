"""Some features of one drawable layer and some of another as a drawable layer of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of, runs
from layers.drawable import DrawableLayer
from layers.hilbert import hilbert_distances
from layers.progress import NoProgress, Progress, ProgressPart
from layers.ragged import Ragged, joined
from layers.text_arrays import TextColumn, UidColumn

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_FEW = 32

Part = tuple[DrawableLayer, IntArray]
"""A layer and some of its rows."""


def ragged_of_layer(layer: DrawableLayer) -> Ragged:
    """Return the shapes of a layer; nothing is copied."""
    return Ragged(layer.coords, layer.ring_offsets, layer.part_offsets, layer.feature_offsets)


def together(first: Part, second: Part, progress: Progress | None = None) -> DrawableLayer:
    """Return features of two layers one behind the other.

    Parameters
    ----------
    first, second : tuple of DrawableLayer and rows
        Two layers made for the same style: the result is the first one but for its features. Rows come once.
    progress : Progress, optional
        Told the share done; may stop the work.

    Returns
    -------
    DrawableLayer
        In memory, without coarser levels, in the order given.
    """
    return _of_parts((first, second), progress or NoProgress())


def _of_parts(parts: Sequence[Part], progress: Progress) -> DrawableLayer:
    layer = parts[0][0]
    taken = [
        ragged_of_layer(own).taken(rows, progress=ProgressPart(progress, 0.8 * number, 0.8 + 0.1 * number))
        for number, (own, rows) in enumerate(parts)
    ]
    shapes = joined(taken) if len(taken) > 1 else taken[0]
    progress.step(0.9)
    class_values, class_codes = _classes(parts)
    return replace(
        layer,
        coords=shapes.coords,
        ring_offsets=shapes.ring_offsets,
        part_offsets=shapes.part_offsets,
        feature_offsets=shapes.feature_offsets,
        bounds=np.concatenate([own.bounds[rows] for own, rows in parts]),
        class_values=class_values,
        class_codes=class_codes,
        class_numbers=_numbers(parts),
        uids=_uids(parts),
        labels=_labels(parts),
        label_points=np.concatenate([own.label_points[rows] for own, rows in parts]),
        shapeless=_shapeless(parts),
        folder=None,
        levels=None,
        ranks=None,
    )


def part_of(layer: DrawableLayer, rows: IntArray) -> DrawableLayer:
    """Return some features of a layer, in the order given."""
    return _of_parts(((layer, rows),), NoProgress())


def along_hilbert(bounds: FloatArray) -> IntArray:
    """Return the order of features along a Hilbert curve; features without shape come last.

    A few stay in the order they have: they are looked through as quickly in any.
    """
    finite = np.isfinite(bounds[:, 0])
    known, rest = np.flatnonzero(finite), np.flatnonzero(~finite)
    if len(known) > _FEW:
        distance = hilbert_distances((bounds[known, :2] + bounds[known, 2:]) / 2)
        known = known[np.argsort(distance, kind="stable")]
    return np.concatenate([known, rest])


def _classes(parts: Sequence[Part]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    values = tuple(dict.fromkeys(value for own, _rows in parts for value in own.class_values))
    numbers = {value: number for number, value in enumerate(values)}
    codes = []
    for own, rows in parts:
        # the last entry serves code -1
        number_of = np.array([*(numbers[value] for value in own.class_values), -1], dtype=np.int32)
        codes.append(number_of[own.class_codes[rows]])
    return values, np.concatenate(codes)


def _numbers(parts: Sequence[Part]) -> FloatArray | None:
    if all(own.class_numbers is None for own, _rows in parts):
        return None
    return np.concatenate(
        [
            np.full(len(rows), np.nan) if own.class_numbers is None else own.class_numbers[rows]
            for own, rows in parts
        ]
    )


def _uids(parts: Sequence[Part]) -> UidColumn:
    names = np.concatenate([own.uids.names[rows] for own, rows in parts])
    return UidColumn(names, np.argsort(names, kind="stable").astype(np.int64))


def _labels(parts: Sequence[Part]) -> TextColumn | None:
    if all(own.labels is None for own, _rows in parts):
        return None
    data, counts = [], []
    for own, rows in parts:
        if own.labels is None:
            counts.append(np.zeros(len(rows), dtype=np.int64))
            continue
        lengths = np.diff(own.labels.offsets)[rows]
        counts.append(lengths)
        data.append(own.labels.data[runs(own.labels.offsets[:-1][rows], offsets_of(lengths))])
    return TextColumn(np.concatenate(data), offsets_of(np.concatenate(counts)))


def _shapeless(parts: Sequence[Part]) -> int:
    """Return how many features were given no shape; of those without one left out, as many as there were."""
    found = 0
    for own, rows in parts:
        without = own.not_drawable() - int(np.isnan(own.bounds[rows, 0]).sum())
        found += max(own.shapeless - without, 0)
    return found
