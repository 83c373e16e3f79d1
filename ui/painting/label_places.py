"""Where labels stand: nothing over anything else, and on the screen at the same places while one pans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.drawable_edits import FeatureLayer, features_in
from layers.kind import GeometryType
from layers.style import LabelStyle
from ui.painting.classes import by_symbol
from ui.painting.label_candidates import Candidate, Measure, candidates, map_phase
from ui.painting.points import places
from ui.painting.view import MapView

_CELL_PX = 4.0
# On the screen labels are placed for this much more than the view, in so many rounds. In each round a label
# stands or falls with its neighbours, so what lies farther off than the rounds reach changes nothing inside.
SCREEN_MARGIN_PX = 384.0
_SCREEN_ROUNDS = 3


@dataclass(frozen=True)
class PlacedLabel:
    """A text and its box: left, top, width, height in pixels."""

    text: str
    style: LabelStyle
    opacity: float
    left: float
    top: float
    width: float
    height: float


class Occupied:
    """Which cells of the view and around it are taken; the grid of cells is fixed to the map."""

    def __init__(self, view: MapView, margin_px: float = 0.0) -> None:
        self._shift = [
            phase + np.ceil(margin_px / _CELL_PX) * _CELL_PX for phase in map_phase(view, _CELL_PX)
        ]
        across, down = ((size + 2 * margin_px) // _CELL_PX + 3 for size in (view.width_px, view.height_px))
        self._taken = np.zeros((max(int(down), 1), max(int(across), 1)), dtype=bool)

    def _window(self, left: float, top: float, width: float, height: float) -> tuple[slice, slice]:
        x, y = left + self._shift[0], top + self._shift[1]
        return (
            slice(max(int(y // _CELL_PX), 0), max(int((y + height) // _CELL_PX) + 1, 0)),
            slice(max(int(x // _CELL_PX), 0), max(int((x + width) // _CELL_PX) + 1, 0)),
        )

    def take(self, left: float, top: float, width: float, height: float) -> None:
        """Mark a box as taken."""
        self._taken[self._window(left, top, width, height)] = True

    def free(self, left: float, top: float, width: float, height: float) -> bool:
        """Tell whether a box is free."""
        return not self._taken[self._window(left, top, width, height)].any()


def place_labels(
    layers: Sequence[FeatureLayer], view: MapView, measure: Measure, *, margin_px: float = 0.0
) -> list[PlacedLabel]:
    """Choose places for the labels of layers that are given top first.

    Parameters
    ----------
    measure : callable
        Tells the size of a text; the only thing that needs a font.
    margin_px : float
        0 for paper: every label stands whole inside the view. More for the screen: labels are chosen for so
        much around the view as well, and may be cut by its edge; then they stay while one pans.
    """
    occupied = Occupied(view, margin_px)
    for layer in layers:
        if layer.geometry is GeometryType.POINT:
            _take_symbols(layer, view, margin_px, occupied)
    waiting = candidates(layers, view, margin_px, measure)
    found: list[tuple[int, PlacedLabel]] = []
    turns = list(enumerate(waiting))
    rounds = 0
    while turns and (not margin_px or rounds < _SCREEN_ROUNDS):
        rounds += 1
        turns = _one_round(turns, view, margin_px, occupied, found)
    found.sort(key=lambda numbered: numbered[0])
    return [placed for _turn, placed in found if not margin_px or _meets(placed, view)]


def _one_round(
    turns: list[tuple[int, Candidate]],
    view: MapView,
    margin_px: float,
    occupied: Occupied,
    found: list[tuple[int, PlacedLabel]],
) -> list[tuple[int, Candidate]]:
    """Place what nobody with an earlier turn wants; return who has to wait for another round."""
    claimed = Occupied(view, margin_px)
    later: list[tuple[int, Candidate]] = []
    accepted: list[PlacedLabel] = []
    for turn, candidate in turns:
        placed = _first_free(candidate, view, margin_px, occupied)
        if placed is None:
            continue
        box = placed.left, placed.top, placed.width, placed.height
        if claimed.free(*box):
            accepted.append(placed)
            found.append((turn, placed))
        else:
            later.append((turn, candidate))
        claimed.take(*box)
    for placed in accepted:
        occupied.take(placed.left, placed.top, placed.width, placed.height)
    return later


def _first_free(
    candidate: Candidate, view: MapView, margin_px: float, occupied: Occupied
) -> PlacedLabel | None:
    width, height = candidate.width, candidate.height
    for left, top in candidate.corners:
        inside = (
            left >= -margin_px
            and top >= -margin_px
            and left + width <= view.width_px + margin_px
            and top + height <= view.height_px + margin_px
        )
        if inside and occupied.free(left, top, width, height):
            return PlacedLabel(candidate.text, candidate.style, candidate.opacity, left, top, width, height)
    return None


def _meets(placed: PlacedLabel, view: MapView) -> bool:
    return (
        placed.left < view.width_px
        and placed.top < view.height_px
        and placed.left + placed.width > 0
        and placed.top + placed.height > 0
    )


def _take_symbols(layer: FeatureLayer, view: MapView, margin_px: float, occupied: Occupied) -> None:
    part, near = features_in(layer, view.bounds_with(margin_px))
    for symbol, rows in by_symbol(part, near, view):
        half = symbol.marker_mm * view.px_per_mm / 2
        for x, y in places(part, rows, view).tolist():
            occupied.take(x - half, y - half, 2 * half, 2 * half)
