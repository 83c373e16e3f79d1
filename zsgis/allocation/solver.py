"""HiGHS behind two calls: a linear relaxation and a mixed-integer model, both of which can be stopped."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from zsgis.allocation.choices import FloatArray, IntArray
from zsgis.allocation.model import INFINITY, Model
from zsgis.allocation.watch import Watch

_POLL_S = 0.05
_GRACE_S = 0.15


@dataclass(frozen=True)
class Relaxed:
    """The relaxation over some columns: value, a solution, and each row's price (dual) in the whole model."""

    value: float
    values: FloatArray
    duals: FloatArray


@dataclass(frozen=True)
class Solved:
    """What a mixed-integer run ended with.

    Attributes
    ----------
    values : ndarray of float64, shape (columns,) or None
        Of all columns of the whole model; None when nothing was found.
    bound : float
        Nothing over the columns that took part is worth more; infinite where nothing is proved, minus
        infinity where the model cannot be satisfied.
    """

    values: FloatArray | None
    bound: float


class Stretch:
    """Some columns of a model, and the rows that they touch, as the solver is given them."""

    def __init__(self, model: Model, worth: FloatArray, columns: IntArray) -> None:
        self._model = model
        self._columns = columns
        part = model.matrix[:, columns]
        touched = np.diff(part.indptr) > 0
        # a row that nothing touches says 0: where 0 is not allowed it must stay, and nothing can be done
        self._rows = np.flatnonzero(touched | (model.row_lower > 0) | (model.row_upper < 0))
        part = part[self._rows]
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("output_flag", False)
        self._highs.addVars(len(columns), model.lower[columns], model.upper[columns])
        self._highs.changeColsCost(
            len(columns),
            np.arange(len(columns), dtype=np.int32),
            np.asarray(worth[columns], dtype=np.float64),
        )
        self._highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._highs.addRows(
            len(self._rows),
            model.row_lower[self._rows],
            model.row_upper[self._rows],
            part.nnz,
            part.indptr[:-1].astype(np.int32),
            part.indices.astype(np.int32),
            part.data,
        )
        self._best: FloatArray | None = None
        self._bound = INFINITY
        self._gap: float | None = None
        self._enough = INFINITY
        self._stop = threading.Event()

    def relaxed(self, watch: Watch) -> Relaxed | None:
        """Solve without the whole numbers; None where it cannot be done or was stopped."""
        if not self._run(watch) or self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        duals = np.zeros(len(self._model.row_lower))
        solution = self._highs.getSolution()
        duals[self._rows] = np.asarray(solution.row_dual)
        values = np.zeros(self._model.width)
        values[self._columns] = np.asarray(solution.col_value)
        return Relaxed(self._highs.getObjectiveValue(), values, duals)

    def whole(
        self, watch: Watch, *, start: FloatArray | None, gap: float, enough: float, seconds: float
    ) -> Solved:
        """Solve with whole numbers, from a start where there is one.

        Ends when the gap (a share), a worth of ``enough``, or the time is reached.
        """
        self._enough = enough
        highs = self._highs
        kinds = np.where(
            self._model.whole[self._columns],
            int(highspy.HighsVarType.kInteger),
            int(highspy.HighsVarType.kContinuous),
        ).astype(np.uint8)
        highs.changeColsIntegrality(len(kinds), np.arange(len(kinds), dtype=np.int32), kinds)
        for name, value in {
            "mip_rel_gap": gap,
            "mip_abs_gap": 1e-9,
            "mip_feasibility_tolerance": 1e-7,
            "time_limit": float(min(seconds, 1e9)),
        }.items():
            highs.setOptionValue(name, value)
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = start[self._columns].tolist()
            highs.setSolution(solution)
        highs.cbMipImprovingSolution.subscribe(self._improved)
        highs.cbMipInterrupt.subscribe(self._looked)
        ended = self._run(watch)
        if ended:
            return self._outcome()
        return Solved(self._spread(self._best), self._bound)

    def _outcome(self) -> Solved:
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Solved(None, -INFINITY)
        info = self._highs.getInfo()
        values = None
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            values = np.asarray(self._highs.getSolution().col_value)
        return Solved(self._spread(values), info.mip_dual_bound)

    def _spread(self, values: FloatArray | None) -> FloatArray | None:
        if values is None:
            return None
        out = np.zeros(self._model.width)
        out[self._columns] = values
        return out

    def _run(self, watch: Watch) -> bool:
        """Run in a thread of its own, so that a stop is obeyed at once; False when it was left behind."""
        self._highs.cbSimplexInterrupt.subscribe(self._asked)
        thread = threading.Thread(target=self._highs.run, name="zsgis-solver")
        thread.start()
        while thread.is_alive():
            thread.join(_POLL_S)
            watch.tell(0.0, self._gap)
            if watch.over and thread.is_alive():
                self._stop.set()
                thread.join(_GRACE_S)
                return not thread.is_alive()
        return True

    def _asked(self, event: Any) -> None:
        if self._stop.is_set():
            event.interrupt()

    def _looked(self, event: Any) -> None:
        self._bound = float(event.data_out.mip_dual_bound)
        gap = float(event.data_out.mip_gap)
        self._gap = gap if gap <= 1.0 else None
        if self._stop.is_set() or float(event.data_out.mip_primal_bound) >= self._enough:
            event.interrupt()

    def _improved(self, event: Any) -> None:
        self._best = np.array(event.data_out.mip_solution)
