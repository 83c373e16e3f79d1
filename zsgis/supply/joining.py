"""Finds of several sources brought together: the same land is one candidate with several reasons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyproj

from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.features import Features
from zsgis.analysis.layered import NOBODY, Layered, cut_by_layers
from zsgis.analysis.uniting import united
from zsgis.analysis.zoned import Measuring
from zsgis.result import Finding, Severity
from zsgis.supply.model import Land, Lot, Reason

# what two drawings of one edge leave between them is no second find of the land
_LEAST_SHARED_CENTS = 100_00


class _Growing:
    """The land found so far."""

    def __init__(self, plane: pyproj.CRS) -> None:
        self.plane = plane
        self.keys: list[str] = []
        self.names: list[str] = []
        self.shapes: list[object] = []
        self.cents: list[int] = []
        self.reasons: list[list[Reason]] = []
        self.findings: list[Finding] = []
        self.left_over: dict[str, list[int]] = {}

    def features(self) -> Features:
        """Return it as a cutting layer; the first found has the smallest uid, and keeps shared land."""
        geometry = np.empty(len(self.shapes), dtype=object)
        geometry[:] = self.shapes
        uids = tuple(f"{place:09d}" for place in range(len(self.shapes)))
        return Features("", _("Candidates"), "zones", uids, tuple(self.names), geometry, self.plane, {})

    def take(self, lot: Lot, pieces: Layered, least_cents: int) -> None:
        """Add what is new of a lot, and the reasons of what is not."""
        earlier, own = pieces.member[:, 0], pieces.member[:, 1]
        siblings: dict[int, int] = {}
        new = np.flatnonzero((earlier == NOBODY) & (own == pieces.feature))
        new = new[np.argsort(pieces.feature[new], kind="stable")]
        bounds = np.searchsorted(pieces.feature[new], np.arange(len(lot.shapes) + 1))
        for place in range(len(lot.shapes)):
            mine = new[bounds[place] : bounds[place + 1]]
            cents = int(pieces.cents[mine].sum())
            if cents <= 0:
                continue
            if cents < least_cents:
                self.left_over.setdefault(lot.source.title, []).append(cents)
                continue
            siblings[place] = len(self.keys)
            self.keys.append(f"{lot.source.key}:{lot.shapes.uids[place]}")
            self.names.append(lot.shapes.names[place])
            self.shapes.append(united(pieces.geometry[mine]))
            self.cents.append(cents)
            self.reasons.append([_reason(lot, place, cents)])
        again = np.flatnonzero((earlier != NOBODY) | ((own != NOBODY) & (own != pieces.feature)))
        shared: dict[tuple[int, int], int] = {}
        for piece in again.tolist():
            other = int(earlier[piece])
            found = other if other != NOBODY else siblings.get(int(own[piece]), NOBODY)
            if found != NOBODY:
                key = found, int(pieces.feature[piece])
                shared[key] = shared.get(key, 0) + int(pieces.cents[piece])
        for (found, place), cents in sorted(shared.items()):
            if cents >= min(_LEAST_SHARED_CENTS, max(least_cents, 1)):
                self.reasons[found].append(_reason(lot, place, cents))

    def land(self) -> Land:
        """Return all of it, and what was too small."""
        told = [
            Finding(
                "supply.too_small",
                Severity.NOTE,
                _(
                    "{source}: {count} remainders of {area:,.2f} m² together are too small for candidates."
                ).format(source=title, count=len(cents), area=sum(cents) / 100),
            )
            for title, cents in self.left_over.items()
        ]
        return Land(
            self.plane,
            tuple(self.keys),
            tuple(self.names),
            self.features().geometry,
            np.array(self.cents, dtype=np.int64),
            tuple(map(tuple, self.reasons)),
            (*self.findings, *told),
        )


def join_lots(lots: Sequence[Lot], how: Measuring, least_m2: float, progress: Progress) -> Land:
    """Return the land of all lots, each piece once: it counts under the first lot that found it.

    A later find of the same land becomes a further reason of the candidate, with how much of it is covered;
    what is left of the later find is a candidate of its own, unless it is smaller than ``least_m2``. So the
    areas of all candidates add up to the area of the union, and nothing counts twice.

    Parameters
    ----------
    lots : sequence of Lot
        In the order of the rule; their shapes are in ``how.plane``.

    Raises
    ------
    GeometryError
        Names the feature that cannot be used.
    JobCancelled
    """
    growing = _Growing(how.plane)
    least = round(least_m2 * 100)
    for number, lot in enumerate(lots):
        part = ProgressPart(progress, number / len(lots), (number + 1) / len(lots))
        if len(lot.shapes):
            pieces = cut_by_layers(lot.shapes, [growing.features(), lot.shapes], how, part)
            growing.findings += [each for each in pieces.findings if each not in growing.findings]
            growing.take(lot, pieces, least)
    progress.step(1.0)
    return growing.land()


def _reason(lot: Lot, place: int, cents: int) -> Reason:
    return Reason(lot.source, lot.layer_uid, lot.shapes.uids[place], lot.shapes.names[place], cents)


def overlap_findings(land: Land) -> list[Finding]:
    """Name the candidates that several sources found, the largest overlaps first."""
    found = []
    for place in np.argsort(-land.cents, kind="stable").tolist():
        reasons = land.reasons[place]
        if len(reasons) < 2:
            continue
        others = "；".join(
            f"{each.source.title} {each.name} {each.cents / 100:,.2f} m²" for each in reasons[1:]
        )
        text = _("{name} ({source}, {area:,.2f} m²) was found again, and counts once: {others}.").format(
            name=land.names[place],
            source=reasons[0].source.title,
            area=land.cents[place] / 100,
            others=others,
        )
        sources: dict[str, tuple[str, ...]] = {}
        for each in reasons:
            sources[each.layer_uid] = (*sources.get(each.layer_uid, ()), each.uid)
        found.append(Finding("supply.found_again", Severity.NOTE, text, sources))
    return found
