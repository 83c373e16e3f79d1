"""Small KML files as programs write them, and a layer to be written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas
import numpy as np
import shapely

from layers.formats.kml import KML
from layers.formats.model import OutgoingLayer, ReadOptions, SourceData
from layers.progress import NoProgress

SQUARE = "113.3,22.5 113.4,22.5 113.4,22.6 113.3,22.6 113.3,22.5"
HOLE = "113.32,22.52 113.34,22.52 113.34,22.54 113.32,22.54 113.32,22.52"


def document(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    """Return a KML document around its features."""
    return (
        f'{head}\n<kml xmlns="http://www.opengis.net/kml/2.2" '
        f'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>d</name>\n{body}\n</Document></kml>\n'
    )


def polygon(ring: str = SQUARE, holes: str = "") -> str:
    """Return a polygon element."""
    inner = f"<innerBoundaryIs><LinearRing><coordinates>{holes}</coordinates></LinearRing></innerBoundaryIs>"
    return (
        f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing>"
        f"</outerBoundaryIs>{inner if holes else ''}</Polygon>"
    )


def point(text: str = "113.3,22.5") -> str:
    """Return a point element."""
    return f"<Point><coordinates>{text}</coordinates></Point>"


def placemark(shape: str, name: str = "地块", more: str = "") -> str:
    """Return a placemark element."""
    return f"<Placemark><name>{name}</name>{more}{shape}</Placemark>"


def write(path: Path, body: str, encoding: str = "utf-8") -> Path:
    """Write a document; ``.kmz`` as an archive with ``doc.kml``."""
    if path.suffix == ".kmz":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("doc.kml", body.encode(encoding))
    else:
        path.write_bytes(body.encode(encoding))
    return path


def read(path: Path, layer: str = "", encoding: str = "") -> SourceData:
    """Read one layer."""
    return KML.read(path, ReadOptions(layer=layer, encoding=encoding), NoProgress())


def codes(data: SourceData) -> list[str]:
    """Return the codes of what is told of the reading."""
    return [note.code for note in data.notes]


def outgoing() -> OutgoingLayer:
    """Return two parcels near Zhongshan in the local plane system, and one without shape."""
    outer = shapely.box(500_000.123, 2_480_000.456, 500_100.789, 2_480_080.0)
    holed = outer.difference(shapely.box(500_020, 2_480_020, 500_030, 2_480_030))
    two = shapely.MultiPolygon([shapely.box(500_200, 2_480_000, 500_210, 2_480_010), outer])
    frame = geopandas.GeoDataFrame(
        {
            "zs_uid": ["u1", "u2", "u3"],
            "DLBM": ["0802", "1001", None],
            "面积": [8421.5, 1e-7, np.nan],
            "户数": [12, 0, -3],
            "备注": ["<b>&\"'\r\n\t 中山", "", None],
        },
        geometry=[holed, two, None],
        crs=4547,
    )
    return OutgoingLayer(
        name="地块 & 红线",
        frame=frame,
        titles={"DLBM": "地类编码"},
        colors=np.array([[255, 0, 16], [0, 128, 255], [255, 0, 16]], dtype=np.uint8),
        classes=["工业用地", "<道路>", ""],
        labels=["甲", "乙", ""],
    )


def valid_files(folder: Path) -> list[Path]:
    """Write a few small valid files."""
    schema = (
        '<Schema name="s" id="s"><SimpleField name="面积" type="double"/></Schema>'
        '<Style id="a"><PolyStyle><color>7f0000ff</color></PolyStyle></Style>'
    )
    data = (
        '<styleUrl>#a</styleUrl><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="面积">1.5'
        "</SimpleData></SchemaData></ExtendedData>"
    )
    table = "<description><![CDATA[<table><tr><td>DLBM</td><td>0802</td></tr></table>]]></description>"
    track = "<gx:Track><when>2024</when><gx:coord>113 22 0</gx:coord><gx:coord>114 22 5</gx:coord></gx:Track>"
    parcels = (
        schema + "<Folder><name>甲</name>" + placemark(polygon(holes=HOLE), more=data + table) + "</Folder>"
    )
    mixed = placemark(f"<MultiGeometry>{point()}{polygon()}</MultiGeometry>") + placemark(track)
    return [
        write(folder / "parcels.kml", document(parcels)),
        write(folder / "mixed.kml", document(mixed)),
        write(folder / "gbk.kml", document(parcels, '<?xml version="1.0" encoding="GBK"?>'), "gbk"),
        write(folder / "parcels.kmz", document(parcels)),
    ]
