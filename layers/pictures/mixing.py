"""What colour lies between cells: four neighbours mixed, four channels in one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layers.pictures.source import Rgba

if TYPE_CHECKING:
    from layers.pictures.warp import Positions

Packed = NDArray[np.uint32]
Cells = NDArray[np.intp]

# Two channels of a packed colour, with eight bits of room above each.
_PAIR = np.uint32(0x00FF00FF)
_HALF = np.uint32(0x00800080)
_EIGHT = np.uint32(8)
_WHOLE = 256


def picked_cells(packed: Packed, rows: Cells, columns: Cells) -> Packed:
    """Return cells by row and column; shapes (height, 1) and (1, width), or both (height, width)."""
    found: Packed
    if rows.shape[1] == 1 and columns.shape[0] == 1:
        found = packed[rows[:, 0]].take(columns[0], axis=1)
    else:
        found = packed.ravel().take(rows * packed.shape[1] + columns)
    return found


def mixed_cells(rgba: Rgba, at: Positions) -> Rgba:
    """Return the colours at positions between the centres of cells; at the edge the outermost cell's.

    Weights have eight bits, so that a colour is right to 2 in 255.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        Not premultiplied, at least one cell.
    """
    height, width = rgba.shape[:2]
    solid = bool((rgba[..., 3] == 255).all())
    packed = np.ascontiguousarray(rgba if solid else _premultiplied(rgba)).view(np.uint32)[..., 0]
    left, share_x = _neighbours(at.columns, width)
    top, share_y = _neighbours(at.rows, height)
    right, below = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    upper = _lerp(picked_cells(packed, top, left), picked_cells(packed, top, right), share_x)
    lower = _lerp(picked_cells(packed, below, left), picked_cells(packed, below, right), share_x)
    found = _lerp(upper, lower, share_y)[..., None].view(np.uint8)
    return found if solid else _divided(found)


def _neighbours(at: NDArray[np.float64], count: int) -> tuple[Cells, Packed]:
    """Return the cell whose centre lies before each position, and the share of the one after, of 256."""
    before = np.clip(np.nan_to_num(at) - 0.5, 0, count - 1)
    cell = before.astype(np.intp)
    return cell, ((before - cell) * _WHOLE).astype(np.uint32)


def _lerp(first: Packed, second: Packed, share: Packed) -> Packed:
    rest = np.uint32(_WHOLE) - share
    even = (((first & _PAIR) * rest + (second & _PAIR) * share + _HALF) >> _EIGHT) & _PAIR
    odd = (((first >> _EIGHT) & _PAIR) * rest + ((second >> _EIGHT) & _PAIR) * share + _HALF) & ~_PAIR
    mixed: Packed = even | odd
    return mixed


def _premultiplied(rgba: Rgba) -> Rgba:
    alpha = rgba[..., 3:]
    found = np.where(alpha == 255, rgba, 0).astype(np.uint8)
    partly = (alpha[..., 0] > 0) & (alpha[..., 0] < 255)
    if partly.any():
        chosen = rgba[partly].astype(np.uint16)
        chosen[:, :3] = (chosen[:, :3] * chosen[:, 3:] + 127) // 255
        found[partly] = chosen
    return found


def _divided(rgba: Rgba) -> Rgba:
    partly = (rgba[..., 3] > 0) & (rgba[..., 3] < 255)
    chosen = rgba[partly].astype(np.uint16)
    chosen[:, :3] = np.minimum(
        (chosen[:, :3] * 255 + chosen[:, 3:] // 2) // np.maximum(chosen[:, 3:], 1), 255
    )
    rgba[partly] = chosen
    return rgba
