"""Files that are broken, locked, false or meant to do harm, as they are handed in."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from layers.formats.tables.containers import OLE2
from tests.layers.formats import (
    boundary_txt_samples,
    drawings_samples,
    gpx_samples,
    jet_samples,
    kml_samples,
    raster_samples,
    tables_samples,
    vct_samples,
    vector_family_samples,
)

HostileFile = Callable[[Path], Path]
_BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
_DEEP = 100_000
_GOOD: tuple[tuple[str, Callable[[Path], list[Path]]], ...] = (
    ("vector", vector_family_samples.valid_files),
    ("txt", boundary_txt_samples.valid_files),
    ("tables", tables_samples.valid_files),
    ("drawings", drawings_samples.valid_files),
    ("kml", kml_samples.valid_files),
    ("gpx", gpx_samples.valid_files),
    ("vct", vct_samples.valid_files),
    ("mdb", jet_samples.valid_files),
    ("raster", raster_samples.valid_files),
)
ENDINGS = (
    *(".shp", ".dbf", ".gpkg", ".geojson", ".fgb", ".parquet", ".gml", ".mif", ".zip", ".txt", ".xlsx"),
    *(".xls", ".csv", ".tsv", ".dxf", ".dwg", ".kml", ".kmz", ".gpx", ".vct", ".mdb", ".jpg", ".tif"),
)


def good_files(folder: Path) -> dict[str, Path]:
    """Write good files of every family; return one for each ending."""
    found: dict[str, Path] = {}
    for name, write in _GOOD:
        place = folder / name
        place.mkdir(parents=True)
        for path in write(place):
            found.setdefault(path.suffix.lower(), path)
    return found


def renamed(good: Path, target: Path) -> Path:
    """Put a good file under an ending that is not its own."""
    return Path(shutil.copy(good, target))


def locked_workbook(folder: Path) -> Path:
    path = folder / "台账.xlsx"
    path.write_bytes(OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    return path


def locked_zip(folder: Path) -> Path:
    """Mark a zip file's member as encrypted, in both of its headers."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "x" * 100)
    data = bytearray(packed.getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    path = folder / "加密.zip"
    path.write_bytes(data)
    return path


def zip_bomb(folder: Path) -> Path:
    path = folder / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as part:
        for _number in range(300):
            part.write(bytes(2**20))
    return path


def zip_slip(folder: Path) -> Path:
    path = folder / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../outside.csv", "a,b\n1,2\n")
    return path


def zip_of_4_gb(folder: Path) -> Path:
    """Claim that a member of three bytes unpacks to 4 GB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "a,b")
    data = bytearray(packed.getvalue())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(mark) + at, 2**32 - 2)
    path = folder / "big.zip"
    path.write_bytes(data)
    return path


def table_of_4_gb(folder: Path) -> Path:
    """Claim 4,294,967,295 records in a table of one."""
    return vector_family_samples.table(folder / "big.dbf", [b"a"], 4, claims=2**32 - 1)


def flatgeobuf_of_4_gb(folder: Path) -> Path:
    path = folder / "big.fgb"
    path.write_bytes(b"fgb\x03fgb\x01" + struct.pack("<I", 2**32 - 1) + bytes(64))
    return path


def bitmap_of_4_gb(folder: Path) -> Path:
    """An ASCII grid that claims a million columns and rows."""
    path = folder / "big.asc"
    path.write_text(
        "ncols 1000000\nnrows 1000000\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2 3\n", encoding="ascii"
    )
    return path


def kml_bomb(folder: Path) -> Path:
    return _text(folder / "bomb.kml", f"{_BOMB}<kml><Placemark><name>&c;</name></Placemark></kml>")


def gpx_bomb(folder: Path) -> Path:
    return _text(
        folder / "bomb.gpx", f'{_BOMB}<gpx version="1.1"><wpt lat="22" lon="113"><name>&c;</name></wpt></gpx>'
    )


def gml_bomb(folder: Path) -> Path:
    return vector_family_samples.gml(folder / "bomb.gml", prolog=_BOMB)


def workbook_bomb(folder: Path) -> Path:
    row = '<row r="1"><c r="A1" t="str"><v>&c;</v></c></row>'
    return tables_samples.raw_workbook(folder / "bomb.xlsx", row, before=_BOMB)


def shared_text_bomb(folder: Path) -> Path:
    """Entities in the part of a workbook that holds its texts."""
    path = tables_samples.raw_workbook(folder / "texts.xlsx", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/sharedStrings.xml"] = f"{_BOMB}<sst><si><t>&c;</t></si></sst>".encode()
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def circular_kmz(folder: Path) -> Path:
    """A KMZ that shows itself."""
    path = folder / "circle.kmz"
    link = "<NetworkLink><Link><href>circle.kmz</href></Link></NetworkLink>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doc.kml", f"<kml><Document>{link}</Document></kml>")
    return path


def deep_json(folder: Path) -> Path:
    return _text(folder / "deep.geojson", '{"type":"FeatureCollection","features":' + "[" * _DEEP)


def deep_kml(folder: Path) -> Path:
    return _text(folder / "deep.kml", "<kml>" + "<Folder>" * _DEEP)


def deep_gml(folder: Path) -> Path:
    return _text(folder / "deep.gml", "<a>" * _DEEP)


def pointer(folder: Path) -> Path:
    """A file that only points to another one."""
    inside = (
        "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
    )
    return _text(folder / "a.gml", inside + "</OGRVRTDataSource>")


def remote_json(folder: Path) -> Path:
    """An ESRI feature service's answer that would be fetched on from the network."""
    answer = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point"}}]}
    return _text(folder / "a.geojson", json.dumps(answer))


def pipe(folder: Path) -> Path:
    path = folder / "pipe.txt"
    os.mkfifo(path)
    return path


def device(folder: Path) -> Path:
    path = folder / "zero.csv"
    path.symlink_to("/dev/zero")
    return path


def folder_as_file(folder: Path) -> Path:
    path = folder / "a.shp"
    path.mkdir()
    return path


def unix_socket(folder: Path) -> Path:
    path = folder / "s.gpx"
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as opened:
        os.chdir(folder)  # the address may hold some hundred characters at most
        try:
            opened.bind(path.name)
        finally:
            os.chdir(here)
    return path


def dangling_link(folder: Path) -> Path:
    path = folder / "gone.gpkg"
    path.symlink_to(folder / "nowhere.gpkg")
    return path


def circular_link(folder: Path) -> Path:
    path = folder / "circle.gpkg"
    path.symlink_to(path)
    return path


def binary_text(folder: Path) -> Path:
    path = folder / "a.txt"
    path.write_bytes(bytes(range(256)) * 40)
    return path


HOSTILE: tuple[HostileFile, ...] = (
    locked_workbook,
    locked_zip,
    zip_bomb,
    zip_slip,
    zip_of_4_gb,
    table_of_4_gb,
    flatgeobuf_of_4_gb,
    bitmap_of_4_gb,
    kml_bomb,
    gpx_bomb,
    gml_bomb,
    workbook_bomb,
    shared_text_bomb,
    circular_kmz,
    deep_json,
    deep_kml,
    deep_gml,
    pointer,
    remote_json,
    pipe,
    device,
    folder_as_file,
    unix_socket,
    dangling_link,
    circular_link,
    binary_text,
)


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
