"""What a user must know about groups of parcels: pairs at the limit, missing roads, what is not listed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.words import _
from zsgis.analysis.classes import class_findings
from zsgis.analysis.contiguity.model import Groups, Links, Parcels, Terms
from zsgis.analysis.contiguity.near import IndexArray
from zsgis.analysis.contiguity.parameters import ContiguityParameters
from zsgis.result import Finding, Severity


def grouping_findings(
    parcels: Parcels,
    members: IndexArray,
    links: Links,
    groups: Groups,
    terms: Terms,
    parameters: ContiguityParameters,
    roads: int | None,
) -> tuple[Finding, ...]:
    """Return what is odd about the grouping itself.

    Parameters
    ----------
    roads : int or None
        How many roads and canals there are to bridge; None where none was to be bridged.
    """
    return (
        *_at_the_limit(parcels, members, links, terms),
        *_without_class(parcels),
        *_odd_classes(parcels),
        *_no_roads(parcels, roads),
        *_unlisted(groups, parameters),
    )


def _at_the_limit(parcels: Parcels, members: IndexArray, links: Links, terms: Terms) -> Iterator[Finding]:
    if len(links.doubtful_left):
        places = members[np.unique(np.concatenate([links.doubtful_left, links.doubtful_right]))]
        yield Finding(
            "contiguity.at_the_limit",
            Severity.WARNING,
            _(
                "{count} pairs of parcels lie within {drawing:g} m of the gap of {gap:g} m: whether they "
                "belong together depends on how exactly they were drawn. Try another gap."
            ).format(count=len(links.doubtful_left), drawing=terms.drawing_m, gap=terms.gap_m),
            parcels.features.sources(places),
        )


def _without_class(parcels: Parcels) -> Iterator[Finding]:
    if parcels.standard is None:
        return
    eligible = parcels.eligible
    places = [place for place, code in enumerate(parcels.codes) if not code and not eligible[place]]
    if places:
        yield Finding(
            "contiguity.no_class",
            Severity.WARNING,
            _("{count} parcels of {layer} have no class and belong to no group.").format(
                count=len(places), layer=parcels.features.layer_name
            ),
            parcels.features.sources(places),
        )


def _odd_classes(parcels: Parcels) -> Iterator[Finding]:
    """Yield what is odd about the classes; parcels without one only where every class may be assembled."""
    if parcels.standard is None:
        return
    grouped = any(not code and taken for code, taken in zip(parcels.codes, parcels.eligible, strict=True))
    for finding in class_findings(parcels.features, parcels.codes, parcels.standard):
        if finding.code != "class.none" or grouped:
            yield finding


def _no_roads(parcels: Parcels, roads: int | None) -> Iterator[Finding]:
    if roads == 0:
        yield Finding(
            "contiguity.no_roads",
            Severity.WARNING,
            _(
                "No road or canal that could be bridged was found: groups end at every road. Name the layer "
                "of roads and canals, or their classes."
            ),
            {parcels.features.layer_uid: ()},
        )


def _unlisted(groups: Groups, parameters: ContiguityParameters) -> Iterator[Finding]:
    more = int(groups.kept.sum()) - parameters.listed
    if more > 0:
        yield Finding(
            "contiguity.unlisted",
            Severity.NOTE,
            _("{count} groups beyond the largest {listed} stand in one row; the map shows all.").format(
                count=more, listed=parameters.listed
            ),
        )
