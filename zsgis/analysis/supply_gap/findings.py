"""What is odd about approved and supplied land: numbers against places, land outside, records that differ."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.words import _
from zsgis.analysis.features import Features
from zsgis.analysis.supply_gap.batches import (
    NO_YEAR,
    Batches,
    Matches,
    batches_of_numbers,
    number_key,
)
from zsgis.analysis.supply_gap.parameters import SupplyGapParameters
from zsgis.analysis.zoned import FloatArray, IntArray, at_most
from zsgis.result import Finding, Severity

_OUTSIDE_SHARE = 0.01


def gap_findings(
    approved: Features,
    supplied: Features,
    batches: Batches,
    matches: Matches,
    whole_cents: IntArray,
) -> tuple[Finding, ...]:
    """Return what numbers, places and dates say against each other.

    Parameters
    ----------
    whole_cents : ndarray of int64, shape (supplied,)
        Each supplied parcel's whole area on the basis, in 0.01 m2.
    """
    groups = (
        _number_against_place(supplied, batches, matches),
        _unknown_numbers(approved, supplied),
        _ambiguous_numbers(approved, batches),
        _outside(supplied, matches, whole_cents),
        _undated(approved, batches),
        _unnumbered(approved),
    )
    return tuple(finding for group in groups for finding in at_most(list(group)))


def _number_against_place(supplied: Features, batches: Batches, matches: Matches) -> Iterator[Finding]:
    odd = (matches.by_number >= 0) & (matches.by_place >= 0) & (matches.by_number != matches.by_place)
    for place in np.flatnonzero(odd).tolist():
        yield Finding(
            "supply.number_against_place",
            Severity.WARNING,
            _(
                "{layer} {name}: its number belongs to batch {number}, but most of it lies in {place}. It is "
                "counted where it lies."
            ).format(
                layer=supplied.layer_name,
                name=supplied.names[place],
                number=batches.names[matches.by_number[place]],
                place=batches.names[matches.by_place[place]],
            ),
            supplied.sources([place]),
        )


def _unknown_numbers(approved: Features, supplied: Features) -> Iterator[Finding]:
    known = {number_key(number) for number in approved.texts("approval_number") if number}
    said = supplied.texts("approval_number")
    places = [place for place, number in enumerate(said) if number and number_key(number) not in known]
    if places and known:
        yield Finding(
            "supply.number_unknown",
            Severity.WARNING,
            _(
                "{count} parcels of {layer} name an approval number that no approval has, the first: "
                "{number}."
            ).format(count=len(places), layer=supplied.layer_name, number=said[places[0]]),
            supplied.sources(places),
        )


def _ambiguous_numbers(approved: Features, batches: Batches) -> Iterator[Finding]:
    numbers = approved.texts("supervision_number")
    for number, held in sorted(batches_of_numbers(numbers, batches).items()):
        if len(held) > 1:
            yield Finding(
                "supply.number_in_several",
                Severity.WARNING,
                _("Supervision number {number} stands in {count} batches; it joins no parcel to any.").format(
                    number=number, count=len(held)
                ),
                approved.sources(
                    [p for p, each in enumerate(numbers) if each and number_key(each) == number]
                ),
            )


def _outside(supplied: Features, matches: Matches, whole_cents: IntArray) -> Iterator[Finding]:
    outside = whole_cents - matches.inside_cents
    for place in np.flatnonzero(outside > np.maximum(_OUTSIDE_SHARE * whole_cents, 100)).tolist():
        yield Finding(
            "supply.outside_approved",
            Severity.WARNING,
            _(
                "{layer} {name}: {area:,.2f} m² of it lie in no approved red line and count nowhere here."
            ).format(layer=supplied.layer_name, name=supplied.names[place], area=outside[place] / 100),
            supplied.sources([place]),
        )


def _undated(approved: Features, batches: Batches) -> Iterator[Finding]:
    places = np.flatnonzero(batches.year[batches.of_feature] == NO_YEAR).tolist()
    if places:
        yield Finding(
            "supply.no_date",
            Severity.WARNING,
            _("{count} approvals of {layer} have no date; they stand under “no year”.").format(
                count=len(places), layer=approved.layer_name
            ),
            approved.sources(places),
        )


def _unnumbered(approved: Features) -> Iterator[Finding]:
    places = [place for place, number in enumerate(approved.texts("approval_number")) if not number]
    if places:
        yield Finding(
            "supply.no_number",
            Severity.WARNING,
            _(
                "{count} approvals of {layer} have no approval number; each stands as a batch of its own."
            ).format(count=len(places), layer=approved.layer_name),
            approved.sources(places),
        )


def record_findings(
    approved: Features,
    batches: Batches,
    measured_m2: FloatArray,
    recorded_m2: FloatArray,
    what: str,
    chosen: SupplyGapParameters,
) -> Iterator[Finding]:
    """Yield the batches whose measured and recorded areas differ by more than was chosen.

    Parameters
    ----------
    measured_m2, recorded_m2 : ndarray of float64, shape (batches,)
        NaN where nothing is recorded.
    what : str
        Which area, in the user's language.
    """
    off = np.abs(measured_m2 - recorded_m2)
    limit = np.maximum(chosen.record_m2, chosen.record_share_pct / 100 * np.abs(recorded_m2))
    with np.errstate(invalid="ignore"):
        places = np.flatnonzero(off > limit).tolist()
    for place in places:
        yield Finding(
            "supply.record_differs",
            Severity.WARNING,
            _("{batch}: {what} recorded {recorded:,.2f} m², measured {measured:,.2f} m².").format(
                batch=batches.names[place],
                what=what,
                recorded=recorded_m2[place],
                measured=measured_m2[place],
            ),
            approved.sources(np.flatnonzero(batches.of_feature == place)),
        )
