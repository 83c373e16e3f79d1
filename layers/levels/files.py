"""Levels of detail as files that several processes map into memory at once, in a folder of their own.

One ``.npy`` file per array and a JSON description, nothing that would have to be unpickled.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.levels.model import LINES_PER_BLOCK, Cells, Level, Levels

FOLDER = "levels"
_FORMAT = 2
_DESCRIPTION = "levels.json"
_BEING_WRITTEN = ".levels-"
_LEVEL_ARRAYS: dict[str, str] = {
    "coords": "<f4",
    "ring_offsets": "<i8",
    "ring_starts": "<i8",
    "line_coords": "<f4",
    "line_offsets": "<i8",
    "line_sides": "<i4",
    "block_bounds": "<f8",
}
_CELL_TYPE = "<i4"

_Array = NDArray[Any]


def save_levels(levels: Levels, layer_folder: Path) -> None:
    """Write levels beside a layer's arrays; what another program has written meanwhile stays.

    Raises
    ------
    OSError
        When they cannot be written.
    """
    fresh = Path(tempfile.mkdtemp(prefix=f"{_BEING_WRITTEN}{os.getpid()}-", dir=layer_folder))
    try:
        _write(levels, fresh)
        target = layer_folder / FOLDER
        if target.is_dir() and load_levels(layer_folder, features=None) is None:
            shutil.rmtree(target, ignore_errors=True)  # damaged
        fresh.replace(target)
    except OSError:
        if load_levels(layer_folder, features=None) is None:
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def remove_unfinished(layer_folder: Path, process_id: int) -> None:
    """Delete what a process that is gone had begun to write."""
    for left in layer_folder.glob(f"{_BEING_WRITTEN}{process_id}-*"):
        shutil.rmtree(left, ignore_errors=True)


def _write(levels: Levels, folder: Path) -> None:
    for number, level in enumerate(levels.levels):
        for name, kind in _LEVEL_ARRAYS.items():
            array = np.ascontiguousarray(getattr(level, name), dtype=kind)
            np.save(folder / f"{name}_{number}.npy", array, allow_pickle=False)
    for number, cells in enumerate(levels.cells):
        array = np.ascontiguousarray(cells.rows, dtype=_CELL_TYPE)
        np.save(folder / f"cells_{number}.npy", array, allow_pickle=False)
    description = {
        "format": _FORMAT,
        "levels": [{"tolerance": level.tolerance, "origin": list(level.origin)} for level in levels.levels],
        "cells": [{"size": cells.size, "left": cells.left, "top": cells.top} for cells in levels.cells],
    }
    (folder / _DESCRIPTION).write_text(json.dumps(description), encoding="utf-8")


def load_levels(layer_folder: Path, features: int | None) -> Levels | None:
    """Map a layer's levels into memory.

    Parameters
    ----------
    features : int or None
        How many features the layer has; None takes any number.

    Returns
    -------
    Levels or None
        None where there are none, or they are damaged or of another make.
    """
    folder = layer_folder / FOLDER
    try:
        description = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        if description["format"] != _FORMAT:
            return None
        levels = tuple(_level(folder, number, given) for number, given in enumerate(description["levels"]))
        cells = tuple(_cells(folder, number, given) for number, given in enumerate(description["cells"]))
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError):
        return None
    if features is not None and any(len(level.ring_starts) != features + 1 for level in levels):
        return None
    return Levels(levels, cells)


def _map(path: Path, kind: str, dimensions: int) -> _Array:
    try:
        array: _Array = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        array = np.load(path, allow_pickle=False)  # a file of no bytes cannot be mapped
    if array.dtype.str != kind or array.ndim != dimensions:
        raise ValueError(path.name)
    # numpy's own class for mapped files makes every slice slow; the memory stays mapped
    return np.asarray(array)


def _level(folder: Path, number: int, given: dict[str, Any]) -> Level:
    arrays = {
        name: _map(
            folder / f"{name}_{number}.npy",
            kind,
            1 if name in ("ring_offsets", "ring_starts", "line_offsets") else 2,
        )
        for name, kind in _LEVEL_ARRAYS.items()
    }
    lines = len(arrays["line_offsets"]) - 1
    fit = (
        _ends(arrays["ring_starts"], len(arrays["ring_offsets"]) - 1)
        and _ends(arrays["ring_offsets"], len(arrays["coords"]))
        and _ends(arrays["line_offsets"], len(arrays["line_coords"]))
        and len(arrays["line_sides"]) == lines
        and len(arrays["block_bounds"]) == -(-lines // LINES_PER_BLOCK)
    )
    if not fit:
        raise ValueError(number)
    east, north = given["origin"]
    return Level(tolerance=float(given["tolerance"]), origin=(float(east), float(north)), **arrays)


def _ends(offsets: _Array, length: int) -> bool:
    """Tell whether offsets begin and end with their array: to look at all would read the whole file."""
    return len(offsets) > 0 and int(offsets[0]) == 0 and int(offsets[-1]) == length


def _cells(folder: Path, number: int, given: dict[str, Any]) -> Cells:
    rows = _map(folder / f"cells_{number}.npy", _CELL_TYPE, 2)
    return Cells(float(given["size"]), float(given["left"]), float(given["top"]), rows)
