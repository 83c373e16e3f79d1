"""Small vector files of every family, written by GDAL itself or by hand."""

from __future__ import annotations

import shutil
import struct
import zipfile
from pathlib import Path

import geopandas
import pyogrio
import shapely

CITY = "中山市火炬开发区"
EAST, NORTH = 436000.0, 2491000.0


def parcels(count: int = 3) -> geopandas.GeoDataFrame:
    """Return squares of 100 m in a row, in CGCS2000 / 3-degree zone around 114° E."""
    return geopandas.GeoDataFrame(
        {"名称": [f"{CITY}{i + 1}" for i in range(count)], "面积": [10000.5 + i for i in range(count)]},
        geometry=[
            shapely.box(EAST + i * 100, NORTH, EAST + (i + 1) * 100, NORTH + 100) for i in range(count)
        ],
        crs=4547,
    )


def shapefile(
    folder: Path, encoding: str = "GBK", *, cpg: str | None = None, language_driver: int = 0, count: int = 3
) -> Path:
    """Write a shapefile whose text is in ``encoding`` and which says so, or something else, or nothing."""
    path = folder / "土地.shp"
    pyogrio.write_dataframe(parcels(count), path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = language_driver
    path.with_suffix(".dbf").write_bytes(table)
    return path


def table(
    path: Path, values: list[bytes], width: int, name: bytes = b"MC", *, claims: int | None = None
) -> Path:
    """Write a .dbf of one text field by hand; ``claims`` is what its header states instead of the truth."""
    count = len(values) if claims is None else claims
    header = struct.pack("<B3BIHH20x", 3, 26, 1, 1, count, 65, width + 1)
    field = name.ljust(11, b"\0") + b"C" + bytes(4) + bytes([width, 0]) + bytes(14)
    records = b"".join(b" " + value.ljust(width) for value in values)
    path.write_bytes(header + field + b"\r" + records + b"\x1a")
    return path


def mapinfo(folder: Path, charset: str = "Neutral", encoding: str = "gbk") -> Path:
    """Write a MIF/MID pair by hand: one triangle of 6 m²."""
    path = folder / "地块.mif"
    head = (
        f'Version 300\nCharset "{charset}"\nDelimiter ","\nCoordSys NonEarth Units "m" Bounds (0, 0) (9, 9)\n'
    )
    body = "Columns 1\n  MC Char(40)\nData\n\nRegion 1\n  4\n0 0\n4 0\n0 3\n0 0\n"
    path.write_text(head + body, encoding="ascii")
    path.with_suffix(".mid").write_bytes(f'"{CITY}"\n'.encode(encoding))
    return path


def gml(path: Path, *, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>', prolog: str = "") -> Path:
    """Write a GML 3 collection of one square of 10,000 m² by hand, in the encoding it declares."""
    ring = (
        f"{EAST} {NORTH} {EAST + 100} {NORTH} {EAST + 100} {NORTH + 100} {EAST} {NORTH + 100} {EAST} {NORTH}"
    )
    text = (
        f'{declaration}{prolog}<c:set xmlns:c="urn:c" xmlns:gml="http://www.opengis.net/gml">'
        f"<gml:featureMember><c:dk><c:MC>{CITY}</c:MC><c:shape><gml:Polygon><gml:exterior><gml:LinearRing>"
        f"<gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></c:shape></c:dk>"
        "</gml:featureMember></c:set>"
    )
    path.write_bytes(text.encode("gbk" if "GB" in declaration else "utf-8"))
    return path


def zipped(path: Path, folder: Path, names: str = "utf-8") -> Path:
    """Pack a folder's files; ``names`` is the encoding of their names, which GBK programs do not declare."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    stand_ins: dict[bytes, bytes] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, file in enumerate(files):
            inner = file.relative_to(folder).as_posix()
            if names != "utf-8":
                # zipfile would mark the name as UTF-8: an ASCII name of as many bytes stands in for it
                real = inner.encode(names)
                stand_in = f"{number:02d}".ljust(len(real), "_")
                stand_ins[stand_in.encode()] = real
                inner = stand_in
            archive.writestr(inner, file.read_bytes())
    packed = path.read_bytes()
    for stand_in, real in stand_ins.items():
        packed = packed.replace(stand_in, real)
    path.write_bytes(packed)
    return path


def valid_files(folder: Path) -> list[Path]:
    """Write one small file of each family."""
    frame = parcels()
    frame.to_file(folder / "a.gpkg", layer="dk")
    frame.to_file(folder / "a.geojson")
    pyogrio.write_dataframe(frame, folder / "a.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO")
    pyogrio.write_dataframe(frame, folder / "a.gdb", driver="OpenFileGDB", layer="dk")
    frame.to_parquet(folder / "a.parquet")
    gml(folder / "a.gml")
    shape = shapefile(folder, cpg="GBK")
    inside = folder / "inside"
    inside.mkdir()
    for part in folder.glob("土地.*"):
        shutil.copy(part, inside / part.name)
    zipped(folder / "a.zip", inside)
    shutil.rmtree(inside)
    return [
        folder / "a.gpkg",
        folder / "a.geojson",
        folder / "a.fgb",
        folder / "a.gdb",
        folder / "a.parquet",
        folder / "a.gml",
        shape,
        shape.with_suffix(".dbf"),
        mapinfo(folder),
        folder / "a.zip",
    ]
