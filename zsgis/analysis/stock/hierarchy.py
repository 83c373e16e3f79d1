"""Areas forced down a hierarchy: the city's control area to the zones, each zone's to its parcels.

Land surveys state one control area for the city. The towns' areas are forced to it, and the parcels' to their
town's, so that every level adds up to the one above (逐级控制, 分层平差). What is forced is rounding and the
difference of two ways to measure; where it is more, the boundaries are wrong and nothing is forced.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from layers.area import measure, share_out, share_out_groups, to_cents
from layers.errors import GeometryError, InputError
from layers.words import _
from zsgis.analysis.zoned import IntArray, Measured, Measuring, Zones
from zsgis.result import Adjustment

LIMIT_SHARE = 0.001
"""How much of a control area may be missing or too much; more is a gap, an overlap or a wrong boundary."""
CONTROL_TABLE = "control"


@dataclass(frozen=True)
class Forced:
    """Pieces forced to the control areas of their zones.

    Attributes
    ----------
    zone_before, zone_control : ndarray of int64, shape (zones,)
        Each zone's land as counted, and its control area, in 0.01 m2.
    city_before, city_control : int
        The zones' own areas together, and what they were forced to, in 0.01 m2; alike without an
        area of the city.
    """

    measured: Measured
    zone_before: IntArray
    zone_control: IntArray
    city_before: int
    city_control: int

    def adjustments(self, zones: Zones) -> Iterator[Adjustment]:
        """Yield who got what: the city first, then every zone that was forced."""
        if self.city_before != self.city_control:
            yield _adjustment(_("City"), self.city_before, self.city_control)
        for name, before, after in zip(
            zones.names, self.zone_before.tolist(), self.zone_control.tolist(), strict=True
        ):
            if before != after:
                yield _adjustment(name, before, after)


def _adjustment(item: str, before: int, after: int) -> Adjustment:
    return Adjustment(CONTROL_TABLE, item, _("m²"), before / 100, after / 100)


def force_down(measured: Measured, zones: Zones, how: Measuring, city_m2: float | None = None) -> Forced:
    """Force parcels to the areas of their zones, and those to the city's.

    Parameters
    ----------
    city_m2 : float, optional
        Control area of the city on the basis; without one each zone's own area stands.

    Raises
    ------
    InputError
        When zones lie over each other, or a control area and what is to be forced to it differ by more than
        :data:`LIMIT_SHARE`; names the zones and the areas.
    """
    if measured.overlay.zone_overlaps:
        pair = measured.overlay.zone_overlaps[0]
        raise InputError(
            _(
                "Zones that lie over each other cannot be controlled level by level: “{first}”, “{second}”."
            ).format(first=zones.names[pair.first], second=zones.names[pair.second]),
            where=zones.layer_name,
            remedy=_("Choose zones that do not overlap, such as towns, or count without control areas."),
        )
    own_m2 = np.nan_to_num(measure(zones.geometry, zones.crs, how.basis))
    own = to_cents(own_m2)
    control = own if city_m2 is None else _city_shared(own_m2, city_m2, zones)
    inside = measured.zone >= 0
    before = np.zeros(len(own), dtype=np.int64)
    np.add.at(before, measured.zone[inside], measured.cents[inside])
    _require_near(before, control, zones)
    cents = measured.cents.copy()
    # a zone without any land has nothing to be forced, which _require_near has let through only at no area
    cents[inside] = share_out_groups(cents[inside] / 100, measured.zone[inside], control, limit_share=None)
    whole = np.zeros_like(measured.control_cents)
    np.add.at(whole, measured.overlay.feature, cents - measured.cents)
    forced = dataclasses.replace(
        measured,
        cents=cents,
        control_cents=measured.control_cents + whole,
        correction_m2=measured.correction_m2 + whole / 100,
    )
    return Forced(forced, before, control, int(own.sum()), int(control.sum()))


def _city_shared(own_m2: np.ndarray, city_m2: float, zones: Zones) -> IntArray:
    try:
        return share_out(own_m2, int(to_cents([city_m2])[0]), limit_share=LIMIT_SHARE)
    except GeometryError as error:
        raise InputError(
            _("The zones together have {zones:,.2f} m², the control area given is {city:,.2f} m².").format(
                zones=float(own_m2.sum()), city=city_m2
            ),
            where=zones.layer_name,
            remedy=_("This is no rounding: correct the control area or the boundaries of the zones."),
        ) from error


def _require_near(before: IntArray, control: IntArray, zones: Zones) -> None:
    off = np.abs(control - before)
    far = np.flatnonzero((off > np.maximum(control * LIMIT_SHARE, 100)) | ((before == 0) & (control > 0)))
    if not far.size:
        return
    worst = [
        _("{zone}: land {land:,.2f} m², control area {control:,.2f} m²").format(
            zone=zones.names[place], land=before[place] / 100, control=control[place] / 100
        )
        for place in far[:5].tolist()
    ]
    raise InputError(
        _("The land of {count} zones misses their control area by more than {percent:g} %: {worst}").format(
            count=len(far), percent=100 * LIMIT_SHARE, worst="；".join(worst)
        ),
        where=zones.layer_name,
        remedy=_("Look for gaps, overlaps or a wrong boundary, or count without control areas."),
    )
