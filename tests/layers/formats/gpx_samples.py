"""Small GPX files as receivers and phones write them."""

from __future__ import annotations

from pathlib import Path

from layers.formats.gpx import GPX
from layers.formats.model import ReadOptions, SourceData
from layers.progress import NoProgress


def document(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    """Return a GPX document around its rows."""
    return f'{head}\n<gpx version="1.1" creator="手持机" xmlns="http://www.topografix.com/GPX/1/1">\n{body}\n</gpx>\n'


def points(*places: tuple[float, float], tag: str = "trkpt", inside: str = "") -> str:
    """Return positions (longitude, latitude)."""
    return "".join(f'<{tag} lat="{lat}" lon="{lon}">{inside}</{tag}>' for lon, lat in places)


def track(*segments: str, name: str = "航迹一") -> str:
    """Return a track of segments."""
    inner = "".join(f"<trkseg>{segment}</trkseg>" for segment in segments)
    return f"<trk><name>{name}</name>{inner}</trk>"


def write(path: Path, body: str, encoding: str = "utf-8") -> Path:
    """Write a document."""
    path.write_bytes(body.encode(encoding))
    return path


def read(path: Path, layer: str = "") -> SourceData:
    """Read one layer."""
    return GPX.read(path, ReadOptions(layer=layer), NoProgress())


def codes(data: SourceData) -> list[str]:
    """Return the codes of what is told of the reading."""
    return [note.code for note in data.notes]


def valid_files(folder: Path) -> list[Path]:
    """Write a few small valid files."""
    waypoint = (
        '<wpt lat="22.5" lon="113.4"><ele>12.5</ele><time>2024-05-01T02:03:04Z</time><name>界桩1</name>'
        '<sat>7</sat><hdop>1.5</hdop><extensions><a k="1">甲</a></extensions></wpt>'
    )
    line = track(points((113.3, 22.5), (113.4, 22.6)), points((113.5, 22.5), (113.6, 22.6)))
    route = f"<rte><name>航线一</name>{points((113.3, 22.5), (113.4, 22.5), tag='rtept')}</rte>"
    return [
        write(folder / "points.gpx", document(waypoint)),
        write(folder / "tracks.gpx", document(line)),
        write(
            folder / "all.gpx",
            document(waypoint + route + line, '<?xml version="1.0" encoding="GBK"?>'),
            "gbk",
        ),
    ]
