"""Amounts by zone: areas, and what features record, shared out over zones by area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.progress import Progress
from zsgis.analysis.features import Features
from zsgis.analysis.layered import NOBODY, cut_by_layers
from zsgis.analysis.zoned import FloatArray, GeometryArray, Measured, Measuring, Shapes, Zones
from zsgis.overlay import REMAINDER
from zsgis.result import Finding

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Amount:
    """An amount for each zone, and for all zones together at the end.

    Attributes
    ----------
    values : ndarray of float64, shape (zones + 1,)
        In m2 or in the unit of what was shared out. What zones over each other hold twice counts in each
        and once in the last.
    sources : tuple of mapping, length zones + 1
        The features behind each.
    """

    values: FloatArray
    sources: tuple[Mapping[str, tuple[str, ...]], ...]


def amount(
    features: Shapes,
    zones: Zones | None,
    measured: Measured,
    chosen: Mask | None = None,
    recorded: FloatArray | None = None,
) -> Amount:
    """Sum the area of features by zone, or what they record.

    Parameters
    ----------
    chosen : ndarray of bool, shape (features,), optional
        Features that count; all without it.
    recorded : ndarray of float64, shape (features,), optional
        Amount of each whole feature; a zone gets of it the share that it has of the feature's area. NaN
        only where ``chosen`` is false.
    """
    count = 1 if zones is None else len(zones.uids)
    control = measured.control_cents.astype(np.float64)
    per_cent = np.full(len(control), 0.01)
    if recorded is not None:
        per_cent = np.divide(recorded, control, out=np.zeros_like(control), where=control > 0)
    counts = np.ones(len(control), dtype=bool) if chosen is None else chosen
    feature = measured.overlay.feature
    inside = (measured.zone != REMAINDER) & counts[feature]
    zone, feature, cents = measured.zone[inside], feature[inside], measured.cents[inside]
    values = np.zeros(count + 1)
    values[:count] = np.bincount(zone, weights=cents * per_cent[feature], minlength=count)
    once = np.bincount(feature, weights=cents, minlength=len(control)) - measured.overlap_cents
    values[count] = float((np.where(counts, once, 0.0) * np.where(counts, per_cent, 0.0)).sum())
    order = np.argsort(zone, kind="stable")
    start = np.searchsorted(zone[order], np.arange(count + 1))
    behind = [feature[order[start[number] : start[number + 1]]] for number in range(count)]
    return Amount(values, tuple(_named(features, places) for places in (*behind, feature)))


def _named(features: Shapes, places: NDArray[np.int64]) -> dict[str, tuple[str, ...]]:
    named = dict.fromkeys(features.uids[place] for place in np.unique(places).tolist())
    return {features.layer_uid: tuple(named)}


@dataclass(frozen=True)
class Part:
    """What of a layer's features lies within another layer; one in several pieces stands several times."""

    layer_uid: str
    layer_name: str
    uids: tuple[str, ...]
    names: tuple[str, ...]
    geometry: GeometryArray
    crs: pyproj.CRS


def within(
    base: Features, chosen: Mask | None, cover: Features, how: Measuring, progress: Progress
) -> tuple[Part, tuple[Finding, ...]]:
    """Return what of some features lies within those of another layer, and what was noticed.

    Land that two features of ``cover`` both cover is within once.
    """
    places = np.arange(len(base)) if chosen is None else np.flatnonzero(chosen)
    some = Part(
        base.layer_uid,
        base.layer_name,
        tuple(base.uids[place] for place in places.tolist()),
        tuple(base.names[place] for place in places.tolist()),
        base.geometry[places],
        base.crs,
    )
    pieces = cut_by_layers(some, [cover], how, progress)
    covered = pieces.member[:, 0] != NOBODY
    of = pieces.feature[covered].tolist()
    part = Part(
        base.layer_uid,
        base.layer_name,
        tuple(some.uids[place] for place in of),
        tuple(some.names[place] for place in of),
        pieces.geometry[covered],
        how.plane,
    )
    return part, pieces.findings
