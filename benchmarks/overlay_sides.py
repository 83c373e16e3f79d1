"""The sides of the overlay race, each as run in a process of its own."""

from __future__ import annotations

import ctypes
import gc
import importlib
import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

PEERS = ("geopandas", "qgis", "sedona")
QGIS_PYTHON = Path("/usr/bin/python3")
_QGIS_PACKAGE = Path("/usr/lib/python3/dist-packages/qgis")
_INTERSECTION = """
SELECT ST_Area(shape) AS area FROM (
    SELECT ST_Intersection(p.geometry, z.geometry) AS shape
    FROM parcels p JOIN zones z ON ST_Intersects(p.geometry, z.geometry)
)
"""


def installed(peer: str) -> bool:
    """Tell whether a peer can be raced against here."""
    if peer == "qgis":
        return QGIS_PYTHON.exists() and _QGIS_PACKAGE.exists()
    return importlib.util.find_spec({"sedona": "sedonadb"}.get(peer, peer)) is not None


def command_of(side: str, parcels: Path, zones: Path) -> list[str]:
    """Return the command that runs a side and prints what was measured as JSON in its last line."""
    if side == "qgis":
        script = Path(__file__).with_name("overlay_qgis.py")
        return [str(QGIS_PYTHON), str(script), str(parcels), str(zones)]
    return [sys.executable, "-m", "benchmarks.overlay", str(parcels), str(zones), "--side", side]


def run_side(side: str, parcels: Path, zones: Path) -> dict[str, float]:
    """Run a side in this process."""
    runs = {"ours": _ours, "geopandas": _geopandas, "sedona": _sedona}
    return runs[side](parcels, zones)


def read(path: Path) -> Any:
    """Return the polygons of a file as a frame."""
    import geopandas as gpd

    if path.suffix == ".parquet":
        return gpd.read_parquet(path, columns=["geometry"])
    return gpd.read_file(path, columns=[])


def _ours(parcels: Path, zones: Path) -> dict[str, float]:
    import shapely

    from zsgis.overlay import REMAINDER, balanced_overlay

    small = np.array([shapely.box(0, 0, 2, 2)], dtype=object)
    balanced_overlay(small, small)  # what is loaded at first use is no part of the work
    _give_back_memory()
    empty = held_bytes()
    features, areas = np.asarray(read(parcels).geometry.array), np.asarray(read(zones).geometry.array)
    _give_back_memory()
    loaded = held_bytes()
    _forget_peak()
    start = time.perf_counter()
    overlay = balanced_overlay(features, areas)
    seconds = time.perf_counter() - start
    inside = overlay.zone != REMAINDER
    return {
        "seconds": seconds,
        "pieces": float(inside.sum()),
        "area_m2": float(overlay.area_m2[inside].sum()),
        "balance_m2": float(np.abs(overlay.imbalance_m2).max(initial=0.0)),
        "loaded_bytes": loaded - empty,
        "added_bytes": held_bytes("VmHWM") - loaded,
    }


def _geopandas(parcels: Path, zones: Path) -> dict[str, float]:
    import geopandas as gpd

    left, right = read(parcels)[["geometry"]], read(zones)[["geometry"]]
    gpd.overlay(left.iloc[:10], right.iloc[:10], how="intersection")
    start = time.perf_counter()
    pieces = gpd.overlay(left, right, how="intersection")
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "pieces": len(pieces), "area_m2": float(pieces.geometry.area.sum())}


def _sedona(parcels: Path, zones: Path) -> dict[str, float]:
    session = importlib.import_module("sedonadb").connect()
    for name, path in (("parcels", parcels), ("zones", zones)):
        session.create_data_frame(read(path)[["geometry"]]).to_memtable().to_view(name)
    start = time.perf_counter()
    area = session.sql(_INTERSECTION).to_pandas()["area"]
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "pieces": int((area > 0).sum()), "area_m2": float(area.sum())}


def held_bytes(what: str = "VmRSS") -> int:
    """Return the memory this process holds, or with ``VmHWM`` has held at most (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) * 1024
    raise OSError(f"{what} is not in /proc/self/status")


def _give_back_memory() -> None:
    """Return freed memory to the system, so that what reading left over does not count as held."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")
