"""Tiles in one file: MBTiles 1.3, raster tiles of Web Mercator in an SQLite database."""

from __future__ import annotations

import math
import re
import threading
from pathlib import Path

import apsw

from layers.errors import InputError
from layers.services.grids import MERCATOR_HALF, GridLevel, Tile, TileGrid, mercator_grid
from layers.services.tile_files import Stored
from layers.words import _

_LARGEST_TILE = 16_000_000
_LEVELS = 25
_RASTER = ("png", "jpg", "jpeg", "webp", "gif")


class MBTilesFile:
    """An open MBTiles file; reading only, from any thread.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        When it is missing, no MBTiles, empty, or holds vector tiles.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        if not path.is_file():
            raise InputError(
                _("The tile file “{name}” is not there.").format(name=path.name),
                where=str(path),
                remedy=_("Put it back, or remove the base map and add it again."),
            )
        try:
            self._connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
            try:
                self.grid = self._read_grid()
            except BaseException:
                self._connection.close()
                raise
        except apsw.Error as error:
            raise InputError(
                _("“{name}” is no MBTiles file, or it is damaged.").format(name=path.name),
                where=str(path),
                details=str(error),
            ) from error

    def read(self, tile: Tile) -> Stored | None:
        """Return a tile; rows are counted from the south in the file, from the north here."""
        level = self.grid.levels[tile.level]
        zoom = int(level.name)
        side = 2 * MERCATOR_HALF / (1 << zoom)
        row = (1 << zoom) - 1 - tile.row - round((MERCATOR_HALF - level.top) / side)
        column = tile.column + round((level.left + MERCATOR_HALF) / side)
        try:
            with self._lock:
                found = self._connection.execute(
                    "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
                    " AND length(tile_data) <= ?",
                    (zoom, column, row, _LARGEST_TILE),
                ).fetchone()
        except apsw.Error as error:
            raise InputError(
                _("“{name}” is no MBTiles file, or it is damaged.").format(name=self._path.name),
                where=str(self._path),
                details=str(error),
            ) from error
        return Stored(found[0]) if found is not None and isinstance(found[0], bytes) else None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _read_grid(self) -> TileGrid:
        facts = {
            str(name): str(value)
            for name, value in self._connection.execute("SELECT name, value FROM metadata LIMIT 1000")
        }
        kind = facts.get("format", "png").lower()
        if kind not in _RASTER:
            raise InputError(
                _("“{name}” holds {kind} tiles; only pictures can be shown.").format(
                    name=self._path.name, kind=kind
                ),
                where=str(self._path),
            )
        # asked level by level: each answer comes from the index, however many tiles there are
        zooms = [
            zoom
            for zoom in range(_LEVELS)
            if self._connection.execute(
                "SELECT 1 FROM tiles WHERE zoom_level = ? LIMIT 1", (zoom,)
            ).fetchone()
        ]
        if not zooms:
            raise InputError(
                _("“{name}” holds no tiles.").format(name=self._path.name), where=str(self._path)
            )
        self.attribution = _plain(facts.get("attribution", ""))
        whole = mercator_grid(zooms[-1])
        first = self._connection.execute(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? LIMIT 1", (zooms[0],)
        ).fetchone()
        size = _side(first[0] if first else b"")
        box = _bounds(facts.get("bounds", ""))
        levels = tuple(_level(whole.levels[zoom], box, 256 / size) for zoom in zooms)
        return TileGrid(name="", crs=whole.crs, tile_width=size, tile_height=size, levels=levels)


def _plain(text: str) -> str:
    """Return whose map it is without the links that files write there."""
    return " ".join(re.sub(r"<[^>]*>", " ", text[:4000]).split())[:400]


def _side(data: object) -> int:
    from layers.services.tile_picture import decoded_tile

    size = decoded_tile(data if isinstance(data, bytes) else b"").size
    if size[0] != size[1] or size[0] < 16:
        raise InputError(_("The tiles of the file are not square."))
    return size[0]


def _bounds(text: str) -> tuple[float, float, float, float] | None:
    """Return the declared extent in metres of Web Mercator; None where it is missing or makes no sense."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    south, north = max(south, -85.05), min(north, 85.05)
    if not (-180 <= west < east <= 180 and south < north):
        return None

    def up(latitude: float) -> float:
        return MERCATOR_HALF / math.pi * math.asinh(math.tan(math.radians(latitude)))

    return west / 180 * MERCATOR_HALF, up(south), east / 180 * MERCATOR_HALF, up(north)


def _level(whole: GridLevel, box: tuple[float, float, float, float] | None, pixel: float) -> GridLevel:
    """Return the part of a level inside an extent, in whole tiles."""
    if box is None:
        return whole.model_copy(update={"resolution": whole.resolution * pixel})
    side = 2 * MERCATOR_HALF / whole.columns
    first = max(math.floor((box[0] + MERCATOR_HALF) / side + 1e-9), 0)
    last = min(math.ceil((box[2] + MERCATOR_HALF) / side - 1e-9), whole.columns)
    top = max(math.floor((MERCATOR_HALF - box[3]) / side + 1e-9), 0)
    bottom = min(math.ceil((MERCATOR_HALF - box[1]) / side - 1e-9), whole.rows)
    return whole.model_copy(
        update={
            "resolution": whole.resolution * pixel,
            "left": -MERCATOR_HALF + first * side,
            "top": MERCATOR_HALF - top * side,
            "columns": max(last - first, 1),
            "rows": max(bottom - top, 1),
        }
    )
