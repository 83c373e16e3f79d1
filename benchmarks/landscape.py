"""Land use laid onto cells: our landscape metrics beside pylandstats', and beside the outlines' figures.

    python -m benchmarks.landscape LAND --field Class [--cells 5 10 30] [--json]

LAND is a file of polygons in metres. Keys of each entry of ``cells``: ``cell_m``, ``cells``, ``patches``,
``seconds``, ``pylandstats_seconds``, ``largest_difference`` (relative, over classes and metrics),
``landscape``; ``outlines`` holds the same figures of the polygons.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely

from layers.formats.raster_classes import laid_on_cells
from layers.progress import NoProgress
from zsgis.analysis.landscape.grid import class_grid
from zsgis.analysis.landscape.patches import find_patches
from zsgis.analysis.landscape.summaries import Summaries, summarise

METRICS = {
    "number_of_patches": "NP",
    "patch_density": "PD",
    "largest_patch_index": "LPI",
    "total_edge": "TE",
    "edge_density": "ED",
    "landscape_shape_index": "LSI",
    "effective_mesh_size": "MESH",
    "area_mn": "AREA_MN",
    "area_am": "AREA_AM",
    "shape_index_mn": "SHAPE_MN",
    "shape_index_am": "SHAPE_AM",
    "fractal_dimension_mn": "FRAC_MN",
    "perimeter_area_ratio_mn": "PARA_MN",
    "total_core_area": "TCA",
    "core_area_mn": "CORE_MN",
}
_SHOWN = ("TA", "NP", "PD", "LPI", "MESH", "AREA_MN", "AREA_AM", "SHAPE_AM", "AI", "COHESION")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("land", type=Path)
    parser.add_argument("--field", required=True)
    parser.add_argument("--cells", type=float, nargs="+", default=[5.0, 10.0, 30.0])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    land = geopandas.read_file(asked.land)
    shapes = np.array(land.geometry.array, dtype=object)
    names, place = np.unique(land[asked.field].to_numpy(), return_inverse=True)
    values = (place + 1).astype(np.int32)
    report = {
        "classes": len(names),
        "outlines": outlines(shapes, values),
        "cells": [on_cells(shapes, values, cell) for cell in asked.cells],
    }
    print(json.dumps(report, indent=None if asked.json else 2))


def on_cells(shapes: np.ndarray, values: np.ndarray, cell_m: float) -> dict[str, Any]:
    """Return both sides on cells of one size."""
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    cells = laid_on_cells(shapes, values, (west, south, east, north), cell_m)
    clock = time.perf_counter()
    grid = class_grid(cells, cell_m, known=cells > 0)
    ours = summarise(grid, find_patches(grid, NoProgress()))
    seconds = time.perf_counter() - clock
    clock = time.perf_counter()
    theirs = peer(cells, cell_m)
    return {
        "cell_m": cell_m,
        "cells": int((cells > 0).sum()),
        "patches": int(ours.landscape["NP"]),
        "seconds": round(seconds, 2),
        "pylandstats_seconds": round(time.perf_counter() - clock, 2),
        "largest_difference": largest_difference(grid.values, ours, theirs),
        "landscape": {name: round(ours.landscape[name], 4) for name in _SHOWN},
    }


def peer(cells: np.ndarray, cell_m: float) -> Any:
    """Return pylandstats' metrics by class."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pylandstats

        landscape = pylandstats.Landscape(cells.astype(np.uint8), res=(cell_m, cell_m), nodata=0)
        return landscape.compute_class_metrics_df(metrics=list(METRICS))


def largest_difference(values: tuple[int, ...], ours: Summaries, theirs: Any) -> float:
    """Return the largest relative difference over classes and metrics; NaN on one side only is infinite."""
    worst = 0.0
    for value, found in zip(values, ours.classes, strict=True):
        for name, metric in METRICS.items():
            a, b = found[metric], float(theirs.loc[value, name])
            if np.isnan(a) != np.isnan(b):
                return float("inf")
            if not np.isnan(a):
                worst = max(worst, abs(a - b) / max(abs(a), abs(b), 1e-12))
    return worst


def outlines(shapes: np.ndarray, values: np.ndarray) -> dict[str, float]:
    """Return the figures of the polygons: those of a class that touch are one patch."""
    from zsgis.analysis.contiguity.near import components, near_pairs

    left, right = near_pairs(shapes, 0.0, NoProgress())
    same = values[left] == values[right]
    label = components(len(shapes), left[same], right[same])
    area = np.bincount(label, weights=shapely.area(shapes))
    total = float(area.sum())
    return {
        "TA": round(total / 1e4, 4),
        "NP": len(area),
        "PD": round(len(area) / total * 1e6, 4),
        "LPI": round(100 * float(area.max()) / total, 4),
        "MESH": round(float((area**2).sum()) / total / 1e4, 4),
        "AREA_MN": round(total / len(area) / 1e4, 4),
        "AREA_AM": round(float((area**2).sum()) / total / 1e4, 4),
    }


if __name__ == "__main__":
    main()
