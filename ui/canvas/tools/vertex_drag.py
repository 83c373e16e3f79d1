"""A drag of vertices: what is dragged along with them, and where it stands meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PyQt6.QtCore import QLineF, QPointF
from PyQt6.QtGui import QPainter

from ui.canvas.tools.bands import paint_edges
from ui.painting.view import MapView
from zsgis.editing.segments import FloatArray
from zsgis.editing.systems import Systems

_MOST_EDGES = 200


@dataclass(frozen=True, eq=False)
class Stretched:
    """Edges that turn while vertices are dragged.

    Attributes
    ----------
    starts, ends : ndarray of float64, shape (n, 2)
        In the layer's own system.
    start_moves, end_moves : ndarray of bool, shape (n,)
    """

    starts: FloatArray
    ends: FloatArray
    start_moves: np.ndarray[tuple[int], np.dtype[np.bool_]]
    end_moves: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @classmethod
    def of(cls, starts: FloatArray, ends: FloatArray, places: FloatArray, same: float) -> Stretched:
        """Return those of many edges that end at one of the places that move, or pass it."""
        begins, stops = _near_any(starts, places, same), _near_any(ends, places, same)
        keep = np.flatnonzero(begins | stops)
        # an edge that neighbours share comes with each of them, mostly the other way round
        ways = np.sort(np.column_stack([starts, ends])[keep].view(np.complex128), axis=1)
        keep = keep[np.sort(np.unique(ways, axis=0, return_index=True)[1])][:_MOST_EDGES]
        return cls(starts[keep], ends[keep], begins[keep], stops[keep])


@dataclass(frozen=True, eq=False)
class VertexDrag:
    """Places of a shape on their way.

    Attributes
    ----------
    old : ndarray of float64, shape (k, 2)
        Where they stood; a place on an edge becomes a vertex.
    grabbed : tuple of float
        The place of the layer that was taken hold of: it goes where the pointer aims.
    pressed : QPointF
        Where the mouse was, in pixels.
    at : tuple of float or None
        Where the grabbed place is now; None before the mouse has moved.
    inserts : bool
        Whether a vertex is put in.
    """

    old: FloatArray
    grabbed: tuple[float, float]
    pressed: QPointF
    stretched: Stretched
    at: tuple[float, float] | None = None
    inserts: bool = False

    @property
    def shift(self) -> FloatArray:
        """How far the places have moved, shape (2,)."""
        return np.zeros(2) if self.at is None else np.array(self.at) - np.array(self.grabbed)

    @property
    def new(self) -> FloatArray:
        """Where the places are now; exactly where the pointer aims for one that was grabbed itself."""
        if self.at is not None and len(self.old) == 1:
            return np.array([self.at])
        return self.old + self.shift

    def to(self, at: tuple[float, float]) -> VertexDrag:
        """Return the drag with the grabbed place elsewhere."""
        return replace(self, at=at)

    def paint(self, painter: QPainter, view: MapView, systems: Systems) -> None:
        """Paint the edges that turn, in logical pixels."""
        shift, lines = self.shift, self.stretched
        starts = lines.starts + shift * lines.start_moves[:, None]
        ends = lines.ends + shift * lines.end_moves[:, None]
        one, other = view.pixels(systems.to_map(starts)), view.pixels(systems.to_map(ends))
        paint_edges(painter, [QLineF(*edge) for edge in np.column_stack([one, other]).tolist()])


def _near_any(
    places: FloatArray, others: FloatArray, same: float
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    apart = places[:, None, :] - others[None, :, :]
    near = np.hypot(apart[..., 0], apart[..., 1]) <= same
    return np.asarray(near.any(axis=1), dtype=np.bool_)
