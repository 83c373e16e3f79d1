"""Writes small Access files (Jet 4) page by page, after the mdbtools project's notes on the format.

Page 0 is the head, page 1 holds the maps of pages, page 2 defines MSysObjects, the catalogue. A table has a
page that defines it, pages of rows, and pages of long values.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

PAGE = 4096
BOOLEAN, LONG, DOUBLE, TIME, TEXT, OLE, MEMO = 1, 4, 7, 8, 10, 11, 12
_SIZES = {LONG: 4, DOUBLE: 8, TIME: 8, BOOLEAN: 1}
_FORMATS = {LONG: "<i", DOUBLE: "<d", TIME: "<d"}


@dataclass(frozen=True)
class Table:
    """A table to be written: names and types of its fields, and its rows."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Any]]


class JetWriter:
    """Collects pages."""

    def __init__(self) -> None:
        self.pages: list[bytearray] = [_head(), bytearray(PAGE), bytearray(PAGE)]
        self.maps: list[bytes] = []

    def add(self, table: Table, definition: int | None = None) -> int:
        """Write a table and return the page of its definition."""
        if definition is None:
            definition = len(self.pages)
            self.pages.append(bytearray(PAGE))
        records = [self._record(table, row) for row in table.rows]
        data = self._data_pages(definition, records)
        used, free = self._map(data), self._map([])
        self.pages[definition][:] = _definition(table, len(records), used, free)
        return definition

    def save(self, path: Path, tables: Sequence[Table]) -> Path:
        """Write tables and the catalogue that names them."""
        places = {table.name: self.add(table) for table in tables}
        columns = [
            ("Id", LONG),
            ("ParentId", LONG),
            ("Name", TEXT),
            ("Type", LONG),
            ("Flags", LONG),
            ("LvProp", OLE),
        ]
        rows = [(2, 0, "MSysObjects", 1, -(2**31), None)]
        rows += [(place, 0, name, 1, 0, None) for name, place in places.items()]
        self.add(Table("MSysObjects", columns, rows), definition=2)
        self.pages[1][:] = _page_of_rows(0, self.maps)
        path.write_bytes(b"".join(bytes(page) for page in self.pages))
        return path

    def _data_pages(self, owner: int, records: Sequence[bytes]) -> list[int]:
        pages: list[int] = []
        held: list[bytes] = []
        for record in [*records, None]:
            size = 14 + sum(len(each) + 2 for each in held)
            if record is None or size + len(record) + 2 > PAGE:
                if held:
                    pages.append(len(self.pages))
                    self.pages.append(_page_of_rows(owner, held))
                held = []
            if record is not None:
                held.append(record)
        return pages

    def _map(self, pages: Sequence[int]) -> tuple[int, int]:
        bits = bytearray(64)
        for page in pages:
            bits[page // 8] |= 1 << page % 8
        self.maps.append(struct.pack("<BI", 0, 0) + bytes(bits))
        return len(self.maps) - 1, 1

    def _record(self, table: Table, row: Sequence[Any]) -> bytes:
        fixed = bytearray()
        varying: list[bytes] = []
        mask = bytearray(-(-len(table.columns) // 8))
        for number, ((_name, kind), value) in enumerate(zip(table.columns, row, strict=True)):
            if value is not None and (kind != BOOLEAN or value):
                mask[number // 8] |= 1 << number % 8
            if kind in _FORMATS:
                fixed += struct.pack(_FORMATS[kind], 0 if value is None else value)
            elif kind != BOOLEAN:
                varying.append(b"" if value is None else self._varying(kind, value))
        body = struct.pack("<H", len(table.columns)) + bytes(fixed)
        offsets = []
        for value in varying:
            offsets.append(len(body))
            body += value
        if varying:
            offsets.append(len(body))
            body += b"".join(struct.pack("<H", offset) for offset in reversed(offsets))
            body += struct.pack("<H", len(varying))
        return body + bytes(mask)

    def _varying(self, kind: int, value: Any) -> bytes:
        raw = value if isinstance(value, bytes) else value.encode("utf-16-le")
        return raw if kind == TEXT else self._long(raw)

    def _long(self, raw: bytes) -> bytes:
        """Return a reference: to the value itself when short, to one page, or to a chain of pages."""
        if len(raw) <= 64:
            return struct.pack("<III", len(raw) | 0x80000000, 0, 0) + raw
        if len(raw) <= 3000:
            self.pages.append(_page_of_rows(0x4C41564C, [raw]))
            return struct.pack("<III", len(raw) | 0x40000000, (len(self.pages) - 1) << 8, 0)
        pointer = 0
        pieces = [raw[at : at + 3000] for at in range(0, len(raw), 3000)]
        for piece in reversed(pieces):
            self.pages.append(_page_of_rows(0x4C41564C, [struct.pack("<I", pointer) + piece]))
            pointer = (len(self.pages) - 1) << 8
        return struct.pack("<III", len(raw), pointer, 0)


def _head() -> bytearray:
    page = bytearray(PAGE)
    page[:20] = b"\x00\x01\x00\x00Standard Jet DB\x00"
    struct.pack_into("<I", page, 0x14, 1)
    # what is scrambled there must come out as zeros: no key, no password; code page 936
    clear = bytearray(128)
    struct.pack_into("<H", clear, 0x3C - 0x18, 936)
    page[0x18 : 0x18 + 128] = scrambled(bytes(clear))
    return page


def scrambled(clear: bytes) -> bytes:
    """Return bytes in RC4 under the key of every Access file's head."""
    key = bytes.fromhex("c7da396b")
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % 4]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in clear:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _definition(table: Table, rows: int, used: tuple[int, int], free: tuple[int, int]) -> bytes:
    varying = [kind for _name, kind in table.columns if kind not in _SIZES]
    body = bytearray()
    fixed_at = variable = 0
    for number, (_name, kind) in enumerate(table.columns):
        fixed = kind in _SIZES
        flags = 0x03 if fixed else 0x02
        length = _SIZES.get(kind, 510 if kind == TEXT else 0)
        at = fixed_at if fixed and kind != BOOLEAN else 0
        body += struct.pack(
            "<BIHHHIBBIHH", kind, 1625, number, variable, number, 0x0409, flags, 0, 0, at, length
        )
        if not fixed:
            variable += 1
        elif kind != BOOLEAN:
            fixed_at += length
    for name, _kind in table.columns:
        raw = name.encode("utf-16-le")
        body += struct.pack("<H", len(raw)) + raw
    head = struct.pack(
        "<2sHIIIIIIII4xBHHHIIBHBBHB",
        b"\x02\x01",
        0,
        0,
        63 + len(body) - 8,
        1625,
        rows,
        0,
        0,
        0,
        0,
        0x4E,
        len(table.columns),
        len(varying),
        len(table.columns),
        0,
        0,
        used[0],
        used[1],
        0,
        free[0],
        free[1],
        0,
    )
    if len(head) != 63 or len(body) > PAGE - 63:
        raise ValueError(f"{table.name}: definition of {len(head)} and {len(body)} bytes")
    return (head + bytes(body)).ljust(PAGE, b"\0")


def _page_of_rows(owner: int, records: Sequence[bytes]) -> bytearray:
    page = bytearray(PAGE)
    end = PAGE
    offsets = []
    for record in records:
        end -= len(record)
        offsets.append(end)
        page[end : end + len(record)] = record
    start = 14 + 2 * len(records)
    if end < start:
        raise ValueError("the page is full")
    struct.pack_into("<BBHIIH", page, 0, 1, 1, end - start, owner, 0, len(records))
    struct.pack_into(f"<{len(records)}H", page, 14, *offsets)
    return page


def polygon_blob(polygon: shapely.Polygon, *, general: bool = False, z: float | None = None) -> bytes:
    """Return a polygon as ESRI's shape buffer: outlines clockwise, holes the other way."""
    rings = [polygon.exterior, *polygon.interiors]
    paths = [
        list(ring.coords) if ring.is_ccw is (i > 0) else list(ring.coords)[::-1]
        for i, ring in enumerate(rings)
    ]
    points = [point for path in paths for point in path]
    starts = [sum(len(path) for path in paths[:i]) for i in range(len(paths))]
    kind = 19 if z is not None else 5
    if general:
        kind = 51 | (0x80000000 if z is not None else 0)
    body = struct.pack("<I4dii", kind, *polygon.bounds, len(paths), len(points))
    body += struct.pack(f"<{len(starts)}i", *starts)
    body += b"".join(struct.pack("<2d", *point[:2]) for point in points)
    if z is not None:
        body += struct.pack("<2d", z, z) + struct.pack("<d", z) * len(points)
    return body


def point_blob(x: float, y: float) -> bytes:
    """Return a point as ESRI's shape buffer; NaN for an empty one."""
    return struct.pack("<I2d", 1, x, y)


WKT_4526 = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_38",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",38500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
EAST, NORTH = 38436000.0, 2491000.0
SQUARE = shapely.box(EAST, NORTH, EAST + 100, NORTH + 100)
HOLED = shapely.Polygon(SQUARE.exterior, [shapely.box(EAST + 20, NORTH + 20, EAST + 40, NORTH + 40).exterior])
# 44927.0 is 2023-01-01 counted from 1899-12-30: 123 years of 365 days, 30 leap days, 2 days before 1900
DAY = 123 * 365 + 30 + 2


def tables(parcels: Sequence[Sequence[Any]] | None = None) -> list[Table]:
    """Return the tables of a small personal geodatabase."""
    rows = parcels or [
        (1, polygon_blob(SQUARE), "0802", "工业用地", 10000.0, float(DAY), True, "备注" * 50),
        (2, polygon_blob(HOLED, general=True, z=7.5), "0101", "水田", 9600.0, DAY + 0.5, False, "长" * 5000),
        (3, None, None, None, None, None, False, None),
    ]
    return [
        Table(
            "GDB_GeomColumns",
            [("TableName", TEXT), ("FieldName", TEXT), ("ShapeType", LONG), ("SRID", LONG)],
            [("地类图斑", "Shape", 4, 1), ("控制点", "Shape", 1, 1)],
        ),
        Table("GDB_SpatialRefs", [("SRID", LONG), ("SRTEXT", MEMO)], [(1, WKT_4526)]),
        Table(
            "地类图斑",
            [
                ("OBJECTID", LONG),
                ("Shape", OLE),
                ("DLBM", TEXT),
                ("地类名称", TEXT),
                ("TBMJ", DOUBLE),
                ("调查日期", TIME),
                ("FRDBS", BOOLEAN),
                ("BZ", MEMO),
            ],
            rows,
        ),
        Table(
            "控制点",
            [("OBJECTID", LONG), ("Shape", OLE)],
            [
                (1, point_blob(EAST + 1, NORTH + 2)),
                (2, point_blob(math.nan, math.nan)),
                (3, b"\x05\0\0\0junk"),
            ],
        ),
        Table("权利人", [("XM", TEXT)], [("张三",), (None,)]),
    ]


def write(path: Path, made: Sequence[Table] | None = None) -> Path:
    """Write a personal geodatabase."""
    return JetWriter().save(path, made or tables())


def valid_files(folder: Path) -> list[Path]:
    """Write a small personal geodatabase."""
    return [write(folder / "a.mdb")]
