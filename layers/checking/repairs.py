"""Safe repairs of what a check found: proposed one by one, with before and after; nothing is changed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
import shapely

from layers.area import ellipsoidal_area_m2, planar_area_m2
from layers.checking.model import CheckReport, Hits
from layers.progress import Progress
from layers.words import _


@dataclass(frozen=True)
class Current:
    """A feature as it stands now."""

    uid: str
    version: int
    shape: Any
    values: Mapping[str, Any]


class FeatureSource(Protocol):
    """Where features are read that a check was about."""

    @property
    def crs(self) -> Any:
        """The layer's coordinate system."""
        ...

    @property
    def factors(self) -> tuple[float, float]:
        """Metres per unit of x and y."""
        ...

    def features(self, rows: Sequence[int]) -> Mapping[int, Current]:
        """Return features by the rows they had when they were checked; those that are gone are left out."""
        ...

    def near(self, box: tuple[float, float, float, float]) -> Mapping[str, Any]:
        """Return the shapes that meet a box, by ``zs_uid``."""
        ...


@dataclass(frozen=True)
class Repair:
    """What is proposed for one feature.

    Attributes
    ----------
    numbers : tuple of int
        The findings it settles.
    before, after : shapely geometry or None
        ``after`` is None where the shape stays.
    values_before, values_after : mapping
        By name of the field; only those that change.
    area_change_m2 : float or None
        In the plane of the layer, or on the ellipsoid where that has none; None where the shape stays.
    version : int
        The feature's version that this was thought out for.
    area_before_m2 : float or None
        As ``area_change_m2``; of an invalid shape it may mean nothing.
    removed : bool
        The feature is deleted.
    together : tuple of str
        ``zs_uid`` of other features whose repairs belong to this one: none of them makes sense alone.
    parents : tuple of str
        Those of them that are deleted and whose ground it takes over.
    """

    uid: str
    row: int
    name: str
    numbers: tuple[int, ...]
    rules: tuple[str, ...]
    before: Any
    after: Any | None
    values_before: Mapping[str, Any]
    values_after: Mapping[str, Any]
    area_change_m2: float | None
    version: int
    area_before_m2: float | None = None
    removed: bool = False
    together: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A finding that is not repaired, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class RepairPlan:
    """What is proposed, and what is left to a person."""

    repairs: tuple[Repair, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Choices:
    """What a person decides beforehand.

    Attributes
    ----------
    cut_larger : bool
        An overlap is taken from the larger of the two features, else from the smaller.
    """

    cut_larger: bool = True


class NotSafeError(Exception):
    """A repair that might do harm; the text says what."""


@dataclass
class Bench:
    """Features under repair: each as changed so far, so that several findings of one feature go together."""

    report: CheckReport
    source: FeatureSource
    choices: Choices
    features: Mapping[int, Current]
    shapes: dict[int, Any] = field(default_factory=dict)
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    settled: dict[int, set[int]] = field(default_factory=dict)
    removed: dict[int, int] = field(default_factory=dict)
    _rows: dict[str, int] = field(default_factory=dict)

    def shape(self, row: int) -> Any:
        """Return a feature's shape as changed so far."""
        if row in self.removed:
            raise NotSafeError(_("The feature is deleted by another repair already."))
        found = self.shapes.get(row, self.features[row].shape if row in self.features else None)
        if found is None:
            raise NotSafeError(_("The feature is gone."))
        return found

    def value(self, row: int, name: str) -> Any:
        """Return a feature's value as changed so far."""
        if row not in self.features:
            raise NotSafeError(_("The feature is gone."))
        return self.values.get(row, {}).get(name, self.features[row].values.get(name))

    def checked_value(self, row: int, name: str) -> Any:
        """Return a feature's value as it stands in the layer, whatever is proposed already."""
        self.value(row, name)
        return self.features[row].values.get(name)

    def others_near(self, shape: Any, *rows: int) -> list[Any]:
        """Return the shapes that meet a shape's box, without those of some rows."""
        return list(self.named_near(shape, *rows).values())

    def named_near(self, shape: Any, *rows: int) -> dict[str, Any]:
        """Return, by ``zs_uid``, the shapes that meet a shape's box, without those of some rows."""
        own = {self.features[row].uid for row in (*rows, *self.removed) if row in self.features}
        west, south, east, north = shapely.bounds(shape).tolist()
        changed = {self.features[row].uid: shape for row, shape in self.shapes.items()}
        found = {**self.source.near((west, south, east, north))}
        found.update({uid: changed[uid] for uid in found.keys() & changed.keys()})
        # what has taken another in reaches further than the layer knows
        grown = [row for row in set(self.removed.values()) if row in self.shapes]
        area = shapely.box(west, south, east, north)
        found.update(
            {self.features[row].uid: self.shapes[row] for row in grown if area.intersects(self.shapes[row])}
        )
        return {uid: other for uid, other in found.items() if uid not in own and other is not None}

    def row_of(self, uid: str) -> int:
        """Return the row a feature had when it was checked, and have it at hand."""
        if not self._rows:
            self._rows = {str(known): row for row, known in enumerate(self.report.called.uids or ())}
        row = self._rows.get(uid, -1)
        if row >= 0 and row not in self.features:
            self.features = {**self.features, **self.source.features([row])}
        if row not in self.features:
            raise NotSafeError(_("A neighbour was not there when the layer was checked."))
        return row

    def remove(self, row: int, into: int, number: int) -> None:
        """Have a feature deleted whose ground another one has, or takes over."""
        self.shape(row)
        self.removed[row] = into
        self.shapes.pop(row, None)
        self.settled.setdefault(row, set()).add(number)

    def settle(self, row: int, number: int) -> None:
        """Count a finding as settled by what is changed about its feature already.

        Raises
        ------
        NotSafeError
            When nothing is: the fault is gone.
        """
        if row not in self.settled:
            raise NotSafeError(_("The fault is no longer there."))
        self.settled[row].add(number)

    def take_shape(self, row: int, shape: Any, number: int) -> None:
        """Keep a feature's new shape where it is one that the layer can hold."""
        if shape is not None and shapely.equals_identical(shape, self.shape(row)):
            self.settle(row, number)
            return
        if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
            raise NotSafeError(_("Nothing would be left of the shape."))
        if not shapely.is_valid(shape):
            raise NotSafeError(_("The shape would still be invalid."))
        if shapely.has_z(self.shape(row)) and not shapely.has_z(shape):
            raise NotSafeError(_("The shape has heights, which a repair would lose."))
        self.shapes[row] = shape
        self.settled.setdefault(row, set()).add(number)

    def take_value(self, row: int, name: str, value: Any, number: int) -> None:
        """Keep a feature's new value."""
        self.values.setdefault(row, {})[name] = value
        self.settled.setdefault(row, set()).add(number)


Repairer = Callable[[Bench, Hits, int, int], None]
"""Given the bench, the hits, the place among them and the finding's number."""


def propose_repairs(
    report: CheckReport,
    numbers: Iterable[int],
    source: FeatureSource,
    choices: Choices,
    progress: Progress,
) -> RepairPlan:
    """Return what would repair some findings.

    Parameters
    ----------
    numbers : iterable of int
        Findings by their number; those of rules that no safe repair is known for are refused.
    """
    from layers.checking.repairers import REPAIRERS

    wanted = sorted(set(numbers))
    rows: set[int] = set()
    for number in wanted:
        hits, place = report.place_of(number)
        if hits.rule in REPAIRERS:
            rows.update((int(hits.rows[place]), int(hits.others[place])))
    bench = Bench(report, source, choices, source.features(sorted(rows - {-1})))
    refusals = []
    for done, number in enumerate(wanted):
        progress.step(done / len(wanted), _("Working out repairs"))
        hits, place = report.place_of(number)
        repairer = REPAIRERS.get(hits.rule)
        if repairer is None:
            refusals.append(Refusal(number, _("No safe repair is known; decide it by hand.")))
            continue
        try:
            repairer(bench, hits, place, number)
        except NotSafeError as error:
            refusals.append(Refusal(number, str(error)))
        except shapely.errors.GEOSException as error:
            refusals.append(
                Refusal(number, _("The shapes cannot be reckoned with: {reason}").format(reason=error))
            )
    return RepairPlan(tuple(_repair(bench, row) for row in sorted(bench.settled)), tuple(refusals))


def _repair(bench: Bench, row: int) -> Repair:
    current = bench.features[row]
    after = bench.shapes.get(row)
    grown = [other for other, into in bench.removed.items() if into == row and after is not None]
    values = bench.values.get(row, {})
    numbers = tuple(sorted(bench.settled[row]))
    rules = tuple(dict.fromkeys(bench.report.place_of(number)[0].rule for number in numbers))
    repair = Repair(
        uid=current.uid,
        row=row,
        name=bench.report.called.name(row),
        numbers=numbers,
        rules=rules,
        before=current.shape,
        after=after,
        values_before={name: current.values.get(name) for name in values},
        values_after=dict(values),
        area_change_m2=None,
        version=current.version,
        removed=row in bench.removed,
        together=_together(bench, row, grown),
        parents=tuple(bench.features[other].uid for other in grown),
    )
    if repair.removed:
        area, _same = _areas(bench.source.crs, current.shape, current.shape)
        return replace(repair, area_change_m2=-area, area_before_m2=area, values_after={})
    if after is None:
        return repair
    before_m2, after_m2 = _areas(bench.source.crs, current.shape, after)
    return replace(repair, area_change_m2=after_m2 - before_m2, area_before_m2=before_m2)


def _together(bench: Bench, row: int, grown: Sequence[int]) -> tuple[str, ...]:
    """Return whose repairs belong to that of a feature: those it takes in, and the one that takes it in."""
    into = bench.removed.get(row, -1)
    partners = [*grown, *([into] if into in bench.settled else [])]
    return tuple(bench.features[partner].uid for partner in partners)


def complete_only(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    """Return repairs without those that miss one they belong to."""
    kept = list(repairs)
    while True:
        known = {one.uid for one in kept}
        whole = [one for one in kept if known.issuperset(one.together)]
        if len(whole) == len(kept):
            return tuple(kept)
        kept = whole


def _areas(crs: Any, before: Any, after: Any) -> tuple[float, float]:
    """Return the areas of two shapes, m2: in the plane where the layer has one."""
    shapes = np.array([before, after], dtype=object)
    measure = ellipsoidal_area_m2 if crs.is_geographic else planar_area_m2
    first, second = measure(shapes, crs).tolist()
    return first, second
