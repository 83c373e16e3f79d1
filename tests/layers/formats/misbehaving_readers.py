"""Readers that do what damaged files make libraries do; loaded by the reading process as its registry."""

from __future__ import annotations

import ctypes
import datetime
import mmap
import sys
import time
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely

from layers.errors import CrsError
from layers.findings import Severity
from layers.formats.model import ReadOptions, SourceData, SourceLayer, SourceNote
from layers.progress import Progress

_RESERVED: list[mmap.mmap] = []


def awkward_data() -> SourceData:
    """A layer with every kind of column that is hard to hand over."""
    frame = pd.DataFrame(index=pd.RangeIndex(3))
    frame["code"] = pd.Series(["0802", None, "中山"], dtype=object)
    frame["huge"] = pd.Series([2**70, None, -1], dtype=object)
    frame["whole"] = pd.Series([1, None, 2**60], dtype=object)
    frame["mixed"] = pd.Series([1, 2.5, "x"], dtype=object)
    frame["number"] = np.array([1.5, np.nan, -0.0])
    frame["count"] = pd.array([1, None, 3], dtype="Int64")
    frame["flag"] = pd.array([True, None, False], dtype="boolean")
    frame["day"] = pd.Series([datetime.date(2026, 11, 22), None, None], dtype=object)
    frame["when"] = np.array(["2026-11-22", "NaT", "1999-01-01"], dtype="datetime64[s]")
    frame["bytes"] = pd.Series([b"\x00\xff", None, b""], dtype=object)
    frame["empty"] = pd.Series([None, None, None], dtype=object)
    shapes = np.array([shapely.box(0, 0, 1.1, 2.3), None, shapely.from_wkt("POINT Z (1 2 3)")], dtype=object)
    crs = pyproj.CRS.from_epsg(4526)
    return SourceData(
        frame=geopandas.GeoDataFrame(frame, geometry=shapes, crs=crs),
        layer="图斑",
        crs=crs,
        encoding="GB18030",
        encoding_guessed=True,
        unreadable=(1,),
        notes=(SourceNote("x.y", Severity.WARNING, "第 2 行", (1,)),),
        stated={"带号": "38"},
    )


_KEPT: list[object] = []


class Misbehaving:
    """Does what the file's name says."""

    key = "misbehaving"
    title = "Misbehaving"
    suffixes = (".odd",)

    def recognises(self, path: Path, head: bytes) -> bool:
        return True

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        return (SourceLayer("图斑", "Polygon", -1, pyproj.CRS.from_epsg(4526), ("code",)),)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        progress.step(0.5, "halfway")
        getattr(self, path.stem)(progress)
        return awkward_data()

    def good(self, progress: Progress) -> None:
        sys.stdout.write("to the screen")
        sys.stderr.write("and more")

    def segfault(self, progress: Progress) -> None:
        ctypes.string_at(0)

    def exits(self, progress: Progress) -> None:
        sys.exit(0)

    def reserves(self, progress: Progress) -> None:
        # what a library keeps of the address space for later, without using it
        _RESERVED.append(mmap.mmap(-1, 1_500_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))

    def hangs(self, progress: Progress) -> None:
        time.sleep(60)

    def talks_forever(self, progress: Progress) -> None:
        while True:
            progress.step(0.5, "still there")
            time.sleep(0.01)

    def eats(self, progress: Progress) -> None:
        hoard = []
        while True:
            hoard.append(np.ones(20_000_000))
            progress.step(0.5, "more")  # on a busy machine it is slow, but never silent

    def keeps_room(self, progress: Progress) -> None:
        _KEPT.append(np.empty(35_000_000))  # 280 MB that are promised, and never used

    def raises(self, progress: Progress) -> None:
        raise KeyError("a library's own error")

    def refuses(self, progress: Progress) -> None:
        raise CrsError("no system", where="line 3", remedy="say it", details="more")

    def litters(self, progress: Progress) -> None:
        import tempfile

        Path(tempfile.mkdtemp(), "rest").write_bytes(b"x" * 1000)
        ctypes.string_at(0)


READERS = (Misbehaving(),)


def format_called(key: str) -> Misbehaving:
    return READERS[0]


def _named(path: Path, options: ReadOptions) -> dict[str, Any]:
    return {"name": path.name, "layer": options.layer, **options.choices}


QUESTIONS = {"named": _named}
