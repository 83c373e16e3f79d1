"""Which single parcel, if it could be had, would join groups, and what that would gain.

A missing parcel belongs to a group by the same terms as a parcel that is eligible: by the gap or across a
bridge. The gain is by how much the largest of the groups it joins would grow. Parcels are tried in the order
of what they could gain at most, by bounding boxes alone, until no other can be among those listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.analysis.contiguity.bridges import BridgeGround, bridged
from zsgis.analysis.contiguity.model import Groups, Missing, Parcels, Terms
from zsgis.analysis.contiguity.near import BoolArray, GeometryArray, IndexArray, box_pairs, within

_BLOCK = 100
_ROOM = 1.01
"""What a candidate measures on another basis is at most this times its area in the plane."""


@dataclass(frozen=True)
class MissingSearch:
    """What is looked for.

    Attributes
    ----------
    largest_m2 : float
        Parcels larger than this, in the plane, are not looked at.
    listed : int
        At most so many are returned.
    own_cents : callable
        Returns the areas of some parcels of the layer, by their places, in 0.01 m2 on the basis.
    """

    largest_m2: float
    listed: int
    own_cents: Callable[[IndexArray], IndexArray]


def missing_parcels(
    parcels: Parcels,
    groups: Groups,
    ground: BridgeGround | None,
    terms: Terms,
    search: MissingSearch,
    progress: Progress,
) -> tuple[Missing, ...]:
    """Return the parcels that would join two groups or more to one of the least area, by falling gain.

    Equal gains stand in the order of the parcels' uids.
    """
    near = _Near.found(parcels, groups, ground, terms, search, ProgressPart(progress, 0.0, 0.4))
    order, bound = near.most(groups)
    best: list[Missing] = []
    for start in range(0, len(order), _BLOCK):
        progress.step(0.4 + 0.6 * start / len(order), _("Looking for parcels that would join groups"))
        if len(best) == search.listed and best[-1].gain_cents >= bound[start]:
            break
        tried = near.joined(order[start : start + _BLOCK], groups, search.own_cents)
        fit = [each for each in tried if each.joined_cents >= terms.least_cents]
        uids = parcels.features.uids
        best = sorted((*best, *fit), key=lambda each: (-each.gain_cents, uids[each.place]))[: search.listed]
    return tuple(best)


@dataclass(frozen=True)
class _Near:
    """Pairs of candidates and eligible parcels whose boxes are near enough.

    ``candidate`` and ``eligible`` are places in ``plane``, ``group`` the groups of the latter;
    ``ground`` is None where nothing is bridged.
    """

    plane: GeometryArray
    candidate: IndexArray
    eligible: IndexArray
    group: IndexArray
    ground: BridgeGround | None
    terms: Terms

    @staticmethod
    def found(
        parcels: Parcels,
        groups: Groups,
        ground: BridgeGround | None,
        terms: Terms,
        search: MissingSearch,
        progress: Progress,
    ) -> _Near:
        """Find the pairs."""
        bridging = ground is not None and terms.bridge.width_m > terms.gap_m
        reach = terms.bridge.width_m if bridging else terms.gap_m
        members = np.flatnonzero(parcels.eligible)
        area = shapely.area(parcels.plane)
        wanted = np.flatnonzero(parcels.obtainable & (area > 0) & (area <= search.largest_m2))
        if not search.listed:
            wanted = wanted[:0]
        member, candidate = box_pairs(parcels.plane[members], parcels.plane[wanted], reach, progress)
        return _Near(
            parcels.plane,
            wanted[candidate],
            members[member],
            groups.label[member],
            ground if bridging else None,
            terms,
        )

    def most(self, groups: Groups) -> tuple[IndexArray, IndexArray]:
        """Return the candidates near two groups or more and what each gains at most, the largest first."""
        pairs = np.unique(np.stack([self.candidate, self.group]), axis=1)
        candidate, start, number = np.unique(pairs[0], return_index=True, return_counts=True)
        if not len(candidate):
            return candidate, candidate
        area = groups.cents[pairs[1]]
        total, largest = np.add.reduceat(area, start), np.maximum.reduceat(area, start)
        own = np.ceil(100 * _ROOM * shapely.area(self.plane[candidate])).astype(np.int64)
        several = number > 1
        candidate, bound = candidate[several], (total - largest + own)[several]
        order = np.argsort(-bound, kind="stable")
        return candidate[order], bound[order]

    def joined(
        self, candidates: IndexArray, groups: Groups, own_cents: Callable[[IndexArray], IndexArray]
    ) -> Iterator[Missing]:
        """Yield what some candidates really join."""
        mine = np.isin(self.candidate, candidates)
        candidate, group = self.candidate[mine], self.group[mine]
        linked = self._linked(candidate, self.eligible[mine], group)
        reached = np.unique(np.stack([candidate[linked], group[linked]]), axis=1)
        places, number = np.unique(reached[0], return_counts=True)
        places = places[number > 1]
        for place, own in zip(places.tolist(), own_cents(places).tolist(), strict=True):
            joined = tuple(reached[1][reached[0] == place].tolist())
            areas = [int(groups.cents[number]) for number in joined]
            total = own + sum(areas)
            yield Missing(place, joined, own, total, total - max(areas))

    def _linked(self, candidate: IndexArray, eligible: IndexArray, group: IndexArray) -> BoolArray:
        quiet = NoProgress()
        linked = within(self.plane[candidate], self.plane[eligible], self.terms.gap_m, quiet)
        if self.ground is not None:
            key = candidate * (int(group.max(initial=0)) + 1) + group
            rest = np.flatnonzero(~np.isin(key, key[linked]))
            linked[rest] = bridged(
                self.plane, candidate[rest], eligible[rest], self.ground, self.terms.bridge, quiet
            )
        return linked
