"""Layers as other programs and broken disks leave them: shapes nothing can be drawn of, and huge ones."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import apsw
import geopandas
import numpy as np

from layers.crs import parse_crs
from layers.store import NewLayer, Project
from layers.store.functions import register_functions
from layers.store.naming import quoted
from tests.ui.window_samples import square

NAN, INFINITE = float("nan"), float("inf")
Ring = Sequence[tuple[float, float]]


def blob(*rings: Ring, srs_id: int = 4547) -> bytes:
    """Return a GeoPackage geometry of one polygon written by hand, whatever its rings are."""
    header = b"GP\x00\x01" + struct.pack("<i", srs_id)
    body = struct.pack("<BII", 1, 3, len(rings))
    for ring in rings:
        body += struct.pack("<I", len(ring)) + b"".join(struct.pack("<dd", *place) for place in ring)
    return header + body


def around(x: float, y: float, side: float = 100.0) -> list[tuple[float, float]]:
    """Return the closed ring of a square in the sample project's coordinates."""
    return [(float(x), float(y)) for x, y in square(x, y, side).exterior.coords]


def star(count: int, x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """Return a closed ring of so many vertices, jagged all around, that does not cross itself."""
    turn = np.linspace(0, 2 * np.pi, count - 1, endpoint=False)
    reach = radius * np.where(np.arange(count - 1) % 2, 1.0, 0.98)
    ring = np.column_stack([500_000 + x + reach * np.cos(turn), 2_490_000 + y + reach * np.sin(turn)])
    return [(float(east), float(north)) for east, north in [*ring, ring[0]]]


# what no map can show
UNDRAWABLE: Mapping[str, bytes | None] = {
    "无图形": None,
    "空面": blob(),
    "空环": blob([]),
    "非数字": blob([(NAN, 2_490_000.0), *around(0, 0)[1:-1], (NAN, 2_490_000.0)]),
    "无穷大": blob([*around(0, 0)[:2], (INFINITE, 2_490_100.0), *around(0, 0)[3:]]),
    "乱码": b"\x00\x01\x02 no geometry at all",
    "半截": blob(around(0, 0))[:40],
    "点": b"GP\x00\x01" + struct.pack("<i", 4547) + struct.pack("<BIdd", 1, 1, 500_050.0, 2_490_050.0),
}
# of these, what was never given a shape, or an empty one
SHAPELESS = frozenset({"无图形", "空面", "空环"})
# what has no area, but a place
FLAT: Mapping[str, bytes | None] = {
    "一点": blob([(500_250.0, 2_490_050.0)]),
    "两点": blob([(500_250.0, 2_490_050.0), (500_300.0, 2_490_050.0)]),
    "两点闭合": blob([(500_250.0, 2_490_050.0), (500_300.0, 2_490_050.0), (500_250.0, 2_490_050.0)]),
}
# what is drawn
DRAWABLE: Mapping[str, bytes | None] = {
    "好地块": blob(around(0, 0)),
    "空洞环": blob(around(100, 0), []),
    "未闭合": blob(around(300, 0)[:-1]),
    "十万点": blob(star(100_000, 600, 50, 100)),
    "地球大": blob(around(-30_000_000, -30_000_000, 60_000_000)),
}


def write_shapes(path: Path, shapes: Mapping[str, bytes | None], crs: str = "4547") -> str:
    """Write a project of one layer with these shapes, named as they are, past all checks; return its uid."""
    system = parse_crs(crs)
    with Project.create(path, parse_crs("4547")) as project:
        frame = geopandas.GeoDataFrame(
            {"name": list(shapes), "class_code": ["0701"] * len(shapes)},
            geometry=[square(0, 0)] * len(shapes),
            crs=system,
        )
        uid = project.add_layer(NewLayer("图斑", "land_use", system, standard="yd2023"), frame).uid
        table = project.layer(uid).table
    connection = apsw.Connection(str(path))
    register_functions(connection)
    for name, shape in shapes.items():
        connection.execute(f"UPDATE {quoted(table)} SET geom = ? WHERE name = ?", (shape, name))  # noqa: S608
    connection.close()
    return uid


def write_many(path: Path, count: int) -> None:
    """Write a project of so many layers of one square each, the last one with a very long name."""
    system = parse_crs("4547")
    with Project.create(path, system) as project:
        for number in range(count):
            name = f"范围{number}" if number < count - 1 else "很长的名称" * 60
            frame = geopandas.GeoDataFrame(
                {"name": [name]}, geometry=[square(number % 20 * 100, number // 20 * 100)], crs=system
            )
            project.add_layer(NewLayer(name, "zones", system), frame)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Let another process hold a project file as a program does that is writing into it."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        try:
            yield
        finally:
            process.communicate(b"\n")
