"""What a project file holds, read by Python's own ``sqlite3`` and judged without the store's code."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from benchmarks.random_edits import EditedLayer, Key, PlainFeature

_OWN_COLUMNS = frozenset({"fid", "geom", "zs_uid", "zs_version"})
# length of the envelope by the three bits of its kind: GeoPackage 1.3, 2.1.3.1.1
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)


class Witness:
    """A project file as another program sees it; a context manager that closes itself."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)

    def __enter__(self) -> Witness:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def layers(self) -> list[EditedLayer]:
        """Return the layers that hold features, with their fields."""
        found = self._rows(
            "SELECT l.uid, l.table_name, g.geometry_type_name FROM zs_layers AS l"
            " JOIN gpkg_geometry_columns AS g ON g.table_name = l.table_name ORDER BY l.uid"
        )
        return [
            EditedLayer(
                uid,
                table,
                kind.removeprefix("MULTI").removesuffix("STRING"),
                {
                    name: sql
                    for name, sql in self._rows("SELECT name, type FROM pragma_table_info(?)", table)
                    if name not in _OWN_COLUMNS
                },
            )
            for uid, table, kind in found
        ]

    def features(self) -> dict[Key, PlainFeature]:
        """Return all features by layer uid and ``zs_uid``."""
        found: dict[Key, PlainFeature] = {}
        for layer in self.layers():
            names = ", ".join(_quoted(name) for name in ("zs_uid", "geom", *layer.fields))
            for uid, blob, *values in self._rows(f"SELECT {names} FROM {_quoted(layer.table)}"):
                shape = None if blob is None else _wkb(blob)
                found[layer.uid, uid] = PlainFeature(shape, dict(zip(layer.fields, values, strict=True)))
        return found

    def versions(self, layer_uid: str) -> dict[str, int]:
        """Return ``zs_uid`` to version of the features of a layer."""
        ((table,),) = self._rows("SELECT table_name FROM zs_layers WHERE uid = ?", layer_uid)
        return dict(self._rows(f"SELECT zs_uid, zs_version FROM {_quoted(table)}"))

    def layer_versions(self) -> dict[str, int]:
        """Return layer uid to the version of the layer."""
        return dict(self._rows("SELECT uid, version FROM zs_layers"))

    def fingerprint(self) -> str:
        """Return a hash of every row of every table, those of the R-trees included."""
        digest = hashlib.sha256()
        tables = self._rows("SELECT name, sql FROM sqlite_master ORDER BY type, name")
        for name, sql in tables:
            digest.update(repr((name, sql)).encode())
        for (name,) in self._rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
            for row in sorted(map(repr, self._rows(f"SELECT * FROM {_quoted(name)}"))):
                digest.update(row.encode())
        return digest.hexdigest()

    def damages(self) -> list[str]:
        """Return what is wrong with the file as a database and a GeoPackage; empty where nothing is."""
        said = [row[0] for row in self._rows("PRAGMA integrity_check")]
        if said != ["ok"]:
            return said
        found = [f"foreign key: {row}" for row in self._rows("PRAGMA foreign_key_check")]
        for layer in self.layers():
            found += self._index_damages(layer)
        return found

    def _index_damages(self, layer: EditedLayer) -> Iterator[str]:
        tree = f"rtree_{layer.table}_geom"
        ((said,),) = self._rows("SELECT rtreecheck(?)", tree)
        if said != "ok":
            yield f"{tree}: {said}"
        exact = {
            fid: shapely.bounds(shapely.from_wkb(_wkb(blob)))
            for fid, blob in self._rows(f"SELECT fid, geom FROM {_quoted(layer.table)} WHERE geom NOT NULL")
        }
        held = {
            fid: box for fid, *box in self._rows(f"SELECT id, minx, miny, maxx, maxy FROM {_quoted(tree)}")
        }
        if set(exact) != set(held):
            yield f"{tree}: features {sorted(set(exact) ^ set(held))} are in one of index and layer only"
        for fid in set(exact) & set(held):
            if not _holds(np.array(held[fid]), exact[fid]):
                yield f"{tree}: feature {fid} lies at {exact[fid]}, the index says {held[fid]}"
        (extent,) = self._rows(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?", layer.table
        )
        wanted = _joined(list(exact.values()))
        if extent != wanted:
            yield f"{layer.table}: reaches {wanted}, gpkg_contents says {extent}"

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self._rows(sql, *values)

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(self._connection.execute(sql, values)) as cursor:
            return cursor.fetchall()


def _wkb(blob: bytes) -> bytes:
    """Return the WKB of a GeoPackage geometry (GeoPackage 1.3, 2.1.3)."""
    if blob[:2] != b"GP":
        raise ValueError("no GeoPackage geometry")
    return blob[8 + _ENVELOPE_BYTES[blob[3] >> 1 & 7] :]


def _holds(box: Any, exact: Any) -> bool:
    """Tell whether a box of 32-bit numbers is an exact one rounded outward, by one step each at the most."""
    low, high = box[:2], box[2:]
    step = np.spacing(np.abs(exact).astype(np.float32)).astype(np.float64) * 2
    inside = (low <= exact[:2]).all() and (high >= exact[2:]).all()
    near = (exact[:2] - low <= step[:2]).all() and (high - exact[2:] <= step[2:]).all()
    return bool(inside and near)


def _joined(boxes: list[Any]) -> tuple[float | None, ...]:
    if not boxes:
        return (None, None, None, None)
    each = np.array(boxes)
    return (*each[:, :2].min(axis=0).tolist(), *each[:, 2:].max(axis=0).tolist())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
