"""Features cut by several layers: every piece knows its feature and who covers it in each layer.

What no layer covers stays, so that the pieces of a feature add up to it. Where features of one cutting layer
lie over each other, the land there would count twice; it counts to the one that was there first (UUIDv7, the
``zs_uid``, grows with time), and the overlap is a finding.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import shapely

from layers.area import ellipsoidal_area_m2, share_out_groups, to_cents
from layers.crs import require_projected_metres, transform
from layers.errors import GeometryError
from layers.kind import AreaBasis
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.zoned.findings import at_most, counted_twice, repaired, snapped, without_shape
from zsgis.analysis.zoned.model import FloatArray, GeometryArray, IntArray, Measuring, Shapes
from zsgis.overlay import (
    Overlay,
    Repair,
    ShapeError,
    Side,
    ZoneOverlap,
    balanced_overlay,
    zones_over_each_other,
)
from zsgis.overlay.inputs import fit_for_cutting
from zsgis.result import Finding, Severity

NOBODY = -1
"""Member number of a piece that no feature of a layer covers."""


@dataclass(frozen=True)
class Layered:
    """The pieces.

    Attributes
    ----------
    feature : ndarray of int64, shape (pieces,)
        Place of each piece's feature.
    member : ndarray of int64, shape (pieces, layers)
        Place of the feature that covers it in each layer; :data:`NOBODY` where none does.
    geometry : ndarray of object, shape (pieces,)
        In the plane of the cutting.
    cents : ndarray of int64, shape (pieces,)
        Area on the basis in 0.01 m2; the pieces of a feature add up to its ``control_cents`` exactly.
    control_cents : ndarray of int64, shape (features,)
    planar_m2 : ndarray of float64, shape (pieces,)
    imbalance_m2 : float
        The largest planar imbalance of a feature in any of the cuts.
    findings : tuple of Finding
    """

    feature: IntArray
    member: IntArray
    geometry: GeometryArray
    cents: IntArray
    control_cents: IntArray
    planar_m2: FloatArray
    imbalance_m2: float
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Overlaps:
    """Which features lie over each other, each pair once: within the base, and within the cutting layer."""

    base: tuple[ZoneOverlap, ...]
    layer: tuple[ZoneOverlap, ...]


def cut_by_layers(
    base: Shapes,
    layers: Sequence[Shapes],
    how: Measuring,
    progress: Progress,
    *,
    base_checked: bool = False,
    known: Overlaps | None = None,
) -> Layered:
    """Cut features by layers, in their order, and measure the pieces on the basis.

    Parameters
    ----------
    base : Shapes
        The features whose area is told apart. Those over each other count twice, and are named.
    layers : sequence of Shapes
        Polygons; those without a shape cover nothing.
    base_checked : bool
        Whether features over each other are told elsewhere; they are not looked for here, then.
    known : Overlaps, optional
        Of a base and its only cutting layer: what is known and not looked for again.

    Raises
    ------
    GeometryError
        Names the feature that cannot be used.
    CrsError
        When a layer cannot be brought into the plane.
    JobCancelled
    """
    require_projected_metres(how.plane)
    pieces = transform(base.geometry, base.crs, how.plane)
    feature = np.arange(len(pieces), dtype=np.int64)
    member = np.zeros((len(pieces), 0), dtype=np.int64)
    owner: Shapes = base
    found: list[Finding] = []
    worst, share = 0.0, 0.9 / max(len(layers), 1)
    for number, layer in enumerate(layers):
        part = ProgressPart(progress, number * share, (number + 1) * share)
        cut = _Cut(pieces, feature, owner, layer, how)
        if known is None:
            overlay = cut.overlay(part, check=number == 0 and not base_checked)
        else:
            overlay = cut.with_known(known, part)
        found += _findings(base, layer, overlay, feature, first=number == 0)
        worst = max(worst, float(np.abs(overlay.imbalance_m2).max(initial=0.0)))
        member = np.column_stack([member[overlay.feature], overlay.zone])
        feature, pieces = feature[overlay.feature], overlay.geometry
    planar = np.asarray(shapely.area(pieces), dtype=np.float64)
    cents, control = _measured(base, feature, pieces, planar, how)
    progress.step(1.0)
    return Layered(feature, member, pieces, cents, control, planar, worst, tuple(found))


@dataclass(frozen=True)
class _Cut:
    """Pieces to be cut by one layer; ``feature`` are the places of the pieces' features in ``base``."""

    pieces: GeometryArray
    feature: IntArray
    base: Shapes
    layer: Shapes
    how: Measuring

    def overlay(self, progress: Progress, *, check: bool) -> Overlay:
        """Return the overlay; ``check`` looks for features over each other, too."""
        cutters = self._cutters()
        with self._naming():
            overlaps, repairs = zones_over_each_other(cutters, progress=ProgressPart(progress, 0.0, 0.1))
        rest = ProgressPart(progress, 0.1, 1.0)
        if not overlaps:
            return self._overlaid(cutters, rest, check=check, apart=True)
        parted = disjoint(cutters, self.layer.uids, overlaps)
        # what the layer is like is told of it as it is, not of what was made disjoint for the count
        return _told_of(self._overlaid(parted, rest, check=check), overlaps, repairs)

    def with_known(self, known: Overlaps, progress: Progress) -> Overlay:
        """Return the overlay where it is known who lies over whom."""
        with self._naming():
            fit, repairs = fit_for_cutting(self._cutters(), Side.ZONE, ProgressPart(progress, 0.0, 0.1))
        parted = disjoint(fit, self.layer.uids, known.layer)
        overlay = self._overlaid(parted, ProgressPart(progress, 0.1, 1.0), check=False, apart=True)
        return dataclasses.replace(_told_of(overlay, known.layer, repairs), feature_overlaps=known.base)

    def _cutters(self) -> GeometryArray:
        return transform(self.layer.geometry, self.layer.crs, self.how.plane)

    def _overlaid(
        self, cutters: GeometryArray, progress: Progress, *, check: bool, apart: bool = False
    ) -> Overlay:
        with self._naming():
            return balanced_overlay(
                self.pieces,
                cutters,
                sliver_m2=self.how.sliver_m2,
                sliver_width_m=self.how.sliver_width_m,
                sliver_policy=self.how.sliver_policy,
                check_features=check,
                zones_apart=apart,
                progress=progress,
            )

    @contextmanager
    def _naming(self) -> Iterator[None]:
        """Name the feature in the errors that only know its place."""
        try:
            yield
        except ShapeError as error:
            side, place = (
                (self.layer, error.index)
                if error.side is Side.ZONE
                else (self.base, int(self.feature[error.index]))
            )
            raise GeometryError(
                error.what,
                where=f"{side.layer_name}: {side.names[place]}",
                remedy=error.remedy,
                details=error.details,
            ) from error


def _told_of(apart: Overlay, overlaps: tuple[ZoneOverlap, ...], repairs: tuple[Repair, ...]) -> Overlay:
    of_features = tuple(repair for repair in apart.repairs if repair.side is Side.FEATURE)
    return dataclasses.replace(apart, zone_overlaps=overlaps, repairs=of_features + repairs)


def disjoint(shapes: GeometryArray, uids: Sequence[str], overlaps: Sequence[ZoneOverlap]) -> GeometryArray:
    """Return shapes of which none lies over another: what two cover stays with the older one.

    Parameters
    ----------
    shapes : ndarray of object, shape (n,)
    uids : sequence of str, length n
        UUIDv7: the smaller is the older.
    overlaps : sequence of ZoneOverlap
        Every pair that lies over each other.

    Returns
    -------
    ndarray of object, shape (n,)
        Independent of the order of rows.
    """
    out = np.array(shapes, dtype=object)
    for pair in overlaps:
        older, younger = sorted((pair.first, pair.second), key=lambda place: uids[place])
        out[younger] = shapely.difference(out[younger], shapely.make_valid(shapes[older]))
    return out


def _measured(
    base: Shapes, feature: IntArray, pieces: GeometryArray, planar: FloatArray, how: Measuring
) -> tuple[IntArray, IntArray]:
    count = len(base.uids)
    if how.basis is AreaBasis.PLANAR:
        control = to_cents(np.bincount(feature, weights=planar, minlength=count))
        return share_out_groups(planar, feature, control, limit_share=None), control
    on_basis = np.nan_to_num(ellipsoidal_area_m2(pieces, how.plane))
    whole = np.nan_to_num(ellipsoidal_area_m2(base.geometry, base.crs))
    control = to_cents(whole)
    control[np.bincount(feature, weights=planar, minlength=count) == 0] = 0
    return share_out_groups(on_basis, feature, control, limit_share=None), control


def _findings(
    base: Shapes, layer: Shapes, overlay: Overlay, feature: IntArray, *, first: bool
) -> Iterator[Finding]:
    yield from at_most(list(_repairs(base, layer, overlay, first=first)))
    yield from at_most([_overlap(layer, pair) for pair in overlay.zone_overlaps])
    if first:
        yield from without_shape(base, overlay.input_m2)
        yield from at_most([counted_twice(base, pair) for pair in overlay.feature_overlaps])
    yield from at_most([snapped(base, int(feature[pair.feature]), pair.grid_m) for pair in overlay.snapped])


def _repairs(base: Shapes, layer: Shapes, overlay: Overlay, *, first: bool) -> Iterator[Finding]:
    for repair in overlay.repairs:
        if repair.side is Side.ZONE:
            yield repaired(layer, repair.index, repair)
        elif first:
            # later cuts work on pieces of what was repaired here
            yield repaired(base, repair.index, repair)


def _overlap(layer: Shapes, pair: ZoneOverlap) -> Finding:
    older, younger = sorted((pair.first, pair.second), key=lambda place: layer.uids[place])
    return Finding(
        "layered.overlap",
        Severity.WARNING,
        _(
            "{layer}: {first} and {second} lie over each other on {area:.2f} m²; the land there counts "
            "to {first}, which came in first. Correct the layer."
        ).format(
            layer=layer.layer_name,
            first=layer.names[older],
            second=layer.names[younger],
            area=pair.area_m2,
        ),
        {layer.layer_uid: (layer.uids[older], layer.uids[younger])},
    )
