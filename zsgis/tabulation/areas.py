"""The area of chosen rows, on the basis that counts for the layer's kind; what was measured is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layers.area import M2_PER_HA, M2_PER_MU, measure, to_cents
from layers.errors import CrsError, GeometryError
from layers.kind import AreaBasis, GeometryType
from layers.kinds import KINDS
from layers.progress import NoProgress, Progress
from zsgis.inspection import M2_PER_UNIT
from zsgis.tabulation.columns import NumberColumn, Rows

if TYPE_CHECKING:
    from layers.store import LayerInfo
    from layers.store.table_reading import LayerTable

_BLOCK_ROWS = 2_000


@dataclass(frozen=True)
class AreaSum:
    """The area of some rows.

    Attributes
    ----------
    basis : AreaBasis
        The basis on which it is summed.
    rows, without : int
        Rows summed, and how many of them have no area: no shape, or no figure recorded.
    area_m2 : float
        Summed in units of 0.01 m2.
    """

    basis: AreaBasis
    rows: int
    without: int
    area_m2: float

    @property
    def area_ha(self) -> float:
        """The area in hectares."""
        return self.area_m2 / M2_PER_HA

    @property
    def area_mu(self) -> float:
        """The area in 亩, 2000/3 m2 each."""
        return self.area_m2 / M2_PER_MU


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


def recorded_sum(layer: LayerInfo, column: NumberColumn, rows: Rows) -> AreaSum:
    """Return the recorded area of rows, from its field."""
    unit = next((field.unit for field in layer.fields if field.name == recorded_field(layer)), "")
    known = rows[~column.missing[rows]]
    areas: NDArray[np.float64] = column.values[known].astype(np.float64) * M2_PER_UNIT.get(unit, 1.0)
    return _sum(AreaBasis.RECORDED, areas, len(rows))


class MeasuredAreas:
    """Areas measured from the shapes, each row once; one thread at a time.

    Parameters
    ----------
    fids : ndarray of int64, shape (n,)
        The rows' keys.
    """

    def __init__(self, table: LayerTable, fids: NDArray[np.int64]) -> None:
        self._table = table
        self._fids = fids
        self._basis = basis_of(table.info)
        self._areas: NDArray[np.float64] = np.full(len(fids), np.nan)
        self._measured = np.zeros(len(fids), dtype=bool)

    def sum(self, rows: Rows, progress: Progress | None = None) -> AreaSum:
        """Return the area of rows; what is not yet known of them is measured.

        Raises
        ------
        InputError
            When the layer was changed since its keys were read.
        """
        reporter = progress or NoProgress()
        wanted = np.sort(rows[~self._measured[rows]])
        for start in range(0, len(wanted), _BLOCK_ROWS):
            reporter.step(start / len(wanted))
            block = wanted[start : start + _BLOCK_ROWS]
            try:
                self._areas[block] = self._measure(block)
            except (GeometryError, CrsError):  # a broken shape has no area; the others have theirs
                self._areas[block] = [self._measure_one(row) for row in block]
            self._measured[block] = True
        areas = self._areas[rows]
        return _sum(self._basis, areas[~np.isnan(areas)], len(rows))

    def _measure(self, rows: Rows) -> NDArray[np.float64]:
        shapes = self._table.shapes(self._fids[rows].tolist())
        return np.asarray(measure(shapes, self._table.info.crs, self._basis), dtype=np.float64)

    def _measure_one(self, row: np.int64) -> float:
        try:
            return float(self._measure(np.array([row]))[0])
        except (GeometryError, CrsError):
            return float("nan")


def _sum(basis: AreaBasis, areas: NDArray[np.float64], rows: int) -> AreaSum:
    return AreaSum(basis, rows, rows - len(areas), int(to_cents(areas).sum()) / 100)
