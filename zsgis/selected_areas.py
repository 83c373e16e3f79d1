"""The area of what is selected in a layer, on the basis of its kind: measured once for all who show it."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from layers.errors import InputError
from layers.kind import AreaBasis, GeometryType
from layers.kinds import KINDS
from layers.progress import NoProgress, Progress

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

M2_PER_UNIT = {"m2": 1.0, "ha": 10_000.0, "mu": 2000.0 / 3.0, "km2": 1_000_000.0}

_PORTION = 2_000
_ASK_EVERY_S = 0.05


@dataclass(frozen=True)
class SelectedArea:
    """The area of some features of a layer.

    Attributes
    ----------
    basis : AreaBasis
        The basis on which it is summed; ``NONE`` where the layer has no areas.
    cents : int
        Units of 0.01 m2, each feature's area rounded to them.
    unmeasured : int
        Features whose shape is broken: it cannot be measured. They are not in ``cents``.
    without_area : int
        Features without a shape, or without a figure recorded where that counts; not in ``cents`` either.
    """

    basis: AreaBasis
    cents: int = 0
    unmeasured: int = 0
    without_area: int = 0

    @property
    def area_m2(self) -> float:
        """The area in square metres."""
        return self.cents / 100

    @property
    def area_ha(self) -> float:
        """The area in hectares."""
        return self.area_m2 / M2_PER_UNIT["ha"]

    @property
    def area_mu(self) -> float:
        """The area in 亩, 2000/3 m2 each."""
        return self.area_m2 / M2_PER_UNIT["mu"]

    def changed_by(self, other: SelectedArea, sign: int) -> SelectedArea:
        """Return the area with other features too (``sign`` 1), or without them (-1)."""
        return SelectedArea(
            self.basis,
            self.cents + sign * other.cents,
            self.unmeasured + sign * other.unmeasured,
            self.without_area + sign * other.without_area,
        )


def basis_of(layer: LayerInfo) -> AreaBasis:
    """Return the basis on which a layer's areas are summed; ``NONE`` where it has no areas.

    A kind without a basis of its own is measured on the ellipsoid, as everywhere.
    """
    if layer.geometry is not GeometryType.POLYGON:
        return AreaBasis.NONE
    declared = KINDS[layer.kind].area_basis if layer.kind in KINDS else AreaBasis.NONE
    return AreaBasis.ELLIPSOIDAL if declared is AreaBasis.NONE else declared


def recorded_field(layer: LayerInfo) -> str:
    """Return the field that holds the area where the recorded one counts; empty otherwise."""
    return KINDS[layer.kind].recorded_area if basis_of(layer) is AreaBasis.RECORDED else ""


class SelectedAreas:
    """Sums the areas of selected features; safe to call from several threads.

    Of each layer the last sum is kept. Who asks for the same features gets it, or waits for it while it is
    being made; where only some were added or taken away, these alone are measured. A sum that was stopped
    goes on where it was when somebody asks again.
    """

    def __init__(self) -> None:
        self._measuring = threading.Lock()
        self._now: _Sum | None = None
        self._sums: WeakKeyDictionary[Project, dict[str, _Sum]] = WeakKeyDictionary()

    def of(
        self,
        project: Project,
        layer: LayerInfo,
        chosen: frozenset[str],
        progress: Progress | None = None,
    ) -> SelectedArea:
        """Return the area of features of a layer, by their ``zs_uid``; what has none does not hold up others.

        Raises
        ------
        JobCancelled
            When the user stopped.
        """
        reporter = progress or NoProgress()
        with self._turn(reporter):
            sums = self._sums.setdefault(project, {})
            wanted = self._now = sums[layer.uid] = _Sum.after(sums.get(layer.uid), layer, chosen)
            wanted.finish(project, reporter)
            return wanted.area

    @contextmanager
    def _turn(self, progress: Progress) -> Iterator[None]:
        """Measure alone; who waits sees how far the other is, and may stop waiting."""
        while not self._measuring.acquire(timeout=_ASK_EVERY_S):
            progress.step(self._now.share if self._now is not None else 0.0)
        try:
            yield
        finally:
            self._measuring.release()


class _Sum:
    """The sum of one selection, finished or on the way."""

    def __init__(
        self,
        layer: LayerInfo,
        chosen: frozenset[str],
        start: SelectedArea,
        parts: list[tuple[int, list[str]]],
    ) -> None:
        self.area = start
        self._layer = layer
        self._chosen = chosen
        self._count = sum(len(names) for _sign, names in parts)
        self._parts = [
            (sign, names[place : place + _PORTION])
            for sign, names in reversed(parts)
            for place in reversed(range(0, len(names), _PORTION))
        ]
        self._done = 0

    @classmethod
    def after(cls, known: _Sum | None, layer: LayerInfo, chosen: frozenset[str]) -> _Sum:
        """Return the sum of a selection that follows another one, which may serve it."""
        nothing = SelectedArea(basis_of(layer))
        if known is None or not known._is_of(layer):
            return cls(layer, chosen, nothing, [(1, list(chosen))])
        if known._chosen is chosen:
            return known
        if not known._parts:
            added, gone = chosen - known._chosen, known._chosen - chosen
            if len(added) + len(gone) < len(chosen):
                return cls(layer, chosen, known.area, [(1, list(added)), (-1, list(gone))])
        return cls(layer, chosen, nothing, [(1, list(chosen))])

    def _is_of(self, layer: LayerInfo) -> bool:
        own = self._layer
        return (own.version, own.kind, own.crs) == (layer.version, layer.kind, layer.crs)

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        return self._done / self._count if self._count else 1.0

    def finish(self, project: Project, progress: Progress) -> None:
        """Measure what is still to be measured, a portion at a time, so that others get their turn."""
        if self.area.basis is AreaBasis.NONE:
            self._parts.clear()
        while self._parts:
            progress.step(self.share)
            sign, names = self._parts[-1]
            self.area = self.area.changed_by(_area_of(project, self._layer, names), sign)
            self._done += len(names)
            self._parts.pop()


def _area_of(project: Project, layer: LayerInfo, names: Collection[str]) -> SelectedArea:
    import numpy as np

    from layers.area import to_cents

    unmeasured = 0
    try:
        areas = _read_areas(project, layer, names)
    except InputError:
        one_by_one = [_one_area(project, layer, name) for name in names]
        unmeasured = one_by_one.count(None)
        areas = np.array([area for area in one_by_one if area is not None], dtype=float)
    known = areas[~np.isnan(areas)]
    return SelectedArea(basis_of(layer), int(to_cents(known).sum()), unmeasured, len(areas) - len(known))


def _read_areas(project: Project, layer: LayerInfo, names: Collection[str]) -> Any:
    """Return areas of features in m2; NaN where one has none.

    Raises
    ------
    InputError
        When one of them cannot be measured.
    """
    from layers.area import measure

    column = recorded_field(layer)
    frame = project.read(layer.uid, columns=(column,) if column else (), uids=names)
    if column:
        unit = next((field.unit for field in layer.fields if field.name == column), "")
        return frame[column].to_numpy(dtype=float) * M2_PER_UNIT.get(unit, 1.0)
    return measure(frame.geometry.to_numpy(), layer.crs, basis_of(layer))


def _one_area(project: Project, layer: LayerInfo, zs_uid: str) -> float | None:
    try:
        return float(_read_areas(project, layer, (zs_uid,))[0])
    except InputError:
        return None
