"""How change came about, in words and figures, and what a user must know about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from layers.crs import describe_crs
from layers.kind import AreaBasis
from layers.words import _
from zsgis.analysis.change.matrix import Matrix
from zsgis.analysis.change.model import Changes, Kind
from zsgis.analysis.change.pieces import LIMIT_M2, LIMIT_SHARE
from zsgis.analysis.change.tables import counted_changes
from zsgis.analysis.zoned import Measuring, at_most, basis_words
from zsgis.result import Finding, Severity

DATES = ("earlier", "later")


def method(changes: Changes, how: Measuring) -> tuple[str, ...]:
    """Return the method, a sentence each."""
    earlier, later = changes.earlier.features.layer_name, changes.later.features.layer_name
    return (
        _("The parcels of “{earlier}” are cut by those of “{later}” in {crs}.").format(
            earlier=earlier, later=later, crs=describe_crs(how.plane)
        ),
        _(
            "{basis}. The pieces of every earlier parcel add up to it in whole 0.01 m²; what a later parcel, "
            "measured for itself, has more or less stands in a row of its own."
        ).format(basis=basis_words(how.basis)),
        _(
            "Drawing noise is land none of whose parts is {tolerance:g} m wide (twice the area over the "
            "perimeter) and that is less than half of its parcels."
        ).format(tolerance=changes.tolerance_m),
        _(
            "Fates, in this order: gone or new (no shared land beyond noise, or more than half outside the "
            "other data), split (two parcels or more come from it with at least half of their land), merged "
            "(it went with others into one), reshaped, reclassified, unchanged."
        ),
        _(
            "New construction land was not construction land and is now, by the class of each date; drawing "
            "noise is left out and stands beside."
        ),
    )


def rule_versions(changes: Changes, how: Measuring) -> dict[str, str]:
    """Return the versions of every rule that decided something."""
    two = changes.how
    versions = {
        f"standard_{date}": f"{of.key} {of.title} {of.version}".strip()
        for date, of in zip(DATES, (two.earlier, two.later), strict=True)
    }
    versions["land_class3"] = f"{two.land_class3.title} {two.land_class3.version} ({two.land_class3.status})"
    if how.basis is AreaBasis.ELLIPSOIDAL:
        versions["ellipsoidal_area"] = "国土调查办发〔2008〕32号, CGCS2000"
    return versions


def facts(changes: Changes, matrix: Matrix) -> dict[str, Any]:
    """Return the balance and the counts, by stable key."""
    pieces = changes.pieces

    def m2(kind: Kind) -> float:
        return int(pieces.cents[changes.kind == kind].sum()) / 100

    return {
        "earlier_m2": int(pieces.earlier_cents.sum()) / 100,
        "later_m2": int(pieces.later_cents.sum()) / 100,
        "both_m2": int(matrix.cents[:-2, :-1].sum()) / 100,
        "outside_later_m2": m2(Kind.ONLY_EARLIER),
        "outside_earlier_m2": m2(Kind.ONLY_LATER),
        "difference_m2": int(pieces.difference_cents.sum()) / 100,
        "new_construction_m2": m2(Kind.NEW_CONSTRUCTION),
        "construction_given_up_m2": m2(Kind.LOST_CONSTRUCTION),
        "noise_m2": m2(Kind.NOISE),
        "largest_imbalance_m2": pieces.imbalance_m2,
        "pieces": len(pieces.cents),
        "fates": {fate.value: changes.fates.count(fate) for fate in dict.fromkeys(changes.fates)},
        "origins": {fate.value: changes.origins.count(fate) for fate in dict.fromkeys(changes.origins)},
    }


def change_findings(changes: Changes, listed: int) -> tuple[Finding, ...]:
    """Return what is odd about the comparison itself."""
    return (
        *changes.pieces.findings,
        *_two_standards(changes),
        *at_most(list(_differences(changes))),
        *_apart(changes),
        *_unlisted(changes, listed),
    )


def _two_standards(changes: Changes) -> Iterator[Finding]:
    two = changes.how
    if two.earlier.key != two.later.key:
        yield Finding(
            "change.two_standards",
            Severity.WARNING,
            _(
                "The dates follow two standards, {earlier} and {later}: a class counts as changed where the "
                "table between them does not lead from the one to the other."
            ).format(earlier=two.earlier.short_title, later=two.later.short_title),
            {changes.earlier.features.layer_uid: (), changes.later.features.layer_uid: ()},
        )


def _differences(changes: Changes) -> Iterator[Finding]:
    pieces, features = changes.pieces, changes.later.features
    limit = np.maximum(100 * LIMIT_M2, LIMIT_SHARE * pieces.later_cents)
    for place in np.flatnonzero(np.abs(pieces.difference_cents) > limit).tolist():
        yield Finding(
            "change.difference",
            Severity.WARNING,
            _(
                "{layer} {name}: its land in the matrix misses its own area by {area:.2f} m². Parcels of one "
                "date lie over each other there, or long edges were cut."
            ).format(
                layer=features.layer_name,
                name=features.names[place],
                area=pieces.difference_cents[place] / 100,
            ),
            features.sources([place]),
        )


def _apart(changes: Changes) -> Iterator[Finding]:
    if not len(changes.shared.earlier):
        yield Finding(
            "change.nothing_shared",
            Severity.ERROR,
            _("The two layers share no land: every parcel is gone or new. Compare their places."),
            {changes.earlier.features.layer_uid: (), changes.later.features.layer_uid: ()},
        )


def _unlisted(changes: Changes, listed: int) -> Iterator[Finding]:
    more = counted_changes(changes) - listed
    if more > 0:
        yield Finding(
            "change.unlisted",
            Severity.NOTE,
            _(
                "{count} changed parcels beyond the largest {listed} are not listed; every table counts them."
            ).format(count=more, listed=listed),
        )
