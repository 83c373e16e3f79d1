"""The fate of every parcel between two dates, by a stated rule.

A *link* is land that an earlier and a later parcel share beyond drawing noise: some part of it is at least as
wide as the tolerance, or it is at least half of one of them. A later parcel is a *child* of an earlier one
where at least half of its land comes from it; an earlier parcel *went into* a later one with at least half of
its land. Then, in this order, an earlier parcel is

- **gone**: no link, or more than half of it lies outside the later data and it has no child;
- **split**: two children or more, or it went into none and has two links or more;
- **merged**: the parcel it went into took in another one as well, or is not its child;
- **reshaped**: it or its one counterpart has another link, or land beyond noise outside the other data;
- **reclassified**: the class differs;
- **same**: nothing of all that.

A later parcel is told in the same way looked at backwards: **new** where nothing was there, **merged** where
two earlier parcels or more went into it, **split** where it is one of several children.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from zsgis.analysis.zoned import FloatArray, IntArray

BoolArray = NDArray[np.bool_]


class Fate(StrEnum):
    """What became of an earlier parcel, or what a later one came from."""

    SAME = "same"
    RECLASSIFIED = "reclassified"
    RESHAPED = "reshaped"
    SPLIT = "split"
    MERGED = "merged"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Shared:
    """Links between earlier and later parcels.

    Attributes
    ----------
    earlier, later : ndarray of int64, shape (links,)
        Places of the two parcels; each pair once.
    area_m2 : ndarray of float64, shape (links,)
    same_class : ndarray of bool, shape (links,)
    earlier_m2, later_m2 : ndarray of float64
        Areas of all parcels of both dates; 0 for one without a shape.
    outside_later_m2, outside_earlier_m2 : ndarray of float64
        What of each earlier (later) parcel lies outside the other data.
    loose_earlier, loose_later : ndarray of bool
        Parcels with land beyond noise outside the other data.
    """

    earlier: IntArray
    later: IntArray
    area_m2: FloatArray
    same_class: BoolArray
    earlier_m2: FloatArray
    later_m2: FloatArray
    outside_later_m2: FloatArray
    outside_earlier_m2: FloatArray
    loose_earlier: BoolArray
    loose_later: BoolArray

    def backwards(self) -> Shared:
        """Return the same with the dates exchanged."""
        return Shared(
            self.later,
            self.earlier,
            self.area_m2,
            self.same_class,
            self.later_m2,
            self.earlier_m2,
            self.outside_earlier_m2,
            self.outside_later_m2,
            self.loose_later,
            self.loose_earlier,
        )


def fates(shared: Shared) -> tuple[Fate, ...]:
    """Return what became of every earlier parcel."""
    return _told(shared, Fate.GONE, Fate.SPLIT, Fate.MERGED)


def origins(shared: Shared) -> tuple[Fate, ...]:
    """Return what every later parcel came from."""
    # a parcel with several children is split; looked at backwards, one that several went into is merged
    return _told(shared.backwards(), Fate.NEW, Fate.MERGED, Fate.SPLIT)


def _told(shared: Shared, nothing: Fate, into_several: Fate, into_one: Fate) -> tuple[Fate, ...]:
    here, there, count = shared.earlier, shared.later, len(shared.earlier_m2)
    child = 2 * shared.area_m2 >= shared.later_m2[there]
    went = 2 * shared.area_m2 >= shared.earlier_m2[here]
    links = np.bincount(here, minlength=count)
    children = np.bincount(here[child], minlength=count)
    gone_into = np.bincount(here[went], minlength=count)
    taken_in = np.bincount(there[went], minlength=len(shared.later_m2))
    with_others = np.bincount(here[went & ((taken_in[there] > 1) | ~child)], minlength=count) > 0
    others_links = np.bincount(there, minlength=len(shared.later_m2))[there]
    # of one link alone the two facts below are those of the counterpart; more links are a reshaping anyway
    disturbed = (links > 1) | shared.loose_earlier
    disturbed |= np.bincount(here[(others_links > 1) | shared.loose_later[there]], minlength=count) > 0
    differs = np.bincount(here[~shared.same_class], minlength=count) > 0
    outside = 2 * shared.outside_later_m2 > shared.earlier_m2
    order = (Fate.SAME, Fate.RECLASSIFIED, Fate.RESHAPED, into_one, into_several, nothing)
    told = np.zeros(count, dtype=np.int64)
    told[differs] = 1
    told[disturbed] = 2
    told[with_others] = 3
    told[(children > 1) | ((gone_into == 0) & (links > 1))] = 4
    told[(links == 0) | (outside & (children == 0))] = 5
    return tuple(order[number] for number in told.tolist())
