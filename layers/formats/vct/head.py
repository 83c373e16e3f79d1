"""What a VCT file says before its shapes: head, feature codes and the fields of its tables.

Source: GB/T 17798-2007, 5.2 to 5.5, as programs of land surveys write it (version 3.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyproj

from layers.errors import InputError
from layers.formats.vct.lines import Lines
from layers.words import _

_CODES_AT_MOST = 10_000
_FIELDS_AT_MOST = 2_000
_SHAPES = {"point": "Point", "line": "LineString", "polygon": "Polygon", "annotation": "Point"}
# CGCS2000: axis and flattening; EPSG numbers of its systems of 3 degrees, with and without the zone
_CGCS2000 = (6378137.0, 298.257222101)
_ZONES = range(25, 46)
_FIRST_ZONED, _FIRST_PLAIN, _GEOGRAPHIC = 4513, 4534, 4490


@dataclass(frozen=True)
class VctField:
    """A field of a table: name, and type as stated, in small letters (``char``, ``int4``, ``float``)."""

    name: str
    type: str


@dataclass(frozen=True)
class VctClass:
    """A feature code: what its shapes are and which table has their attributes.

    ``geometry`` is ``point``, ``line``, ``polygon`` or ``annotation``; empty for a plain table.
    """

    code: str
    name: str
    geometry: str
    table: str

    @property
    def shape(self) -> str:
        """The type of its shapes as layers call it; empty for a plain table."""
        return _SHAPES.get(self.geometry, "")


@dataclass(frozen=True)
class VctHead:
    """What the file says of itself.

    Attributes
    ----------
    stated : mapping
        The head's lines, as they stand.
    separator : str
        Between values and between coordinates.
    x_is_north : bool
        The first coordinate is the northing; with the head's own words it is the easting.
    offset : tuple of float
        To be added to first and second coordinate.
    """

    stated: Mapping[str, str] = field(default_factory=dict)
    separator: str = ","
    x_is_north: bool = False
    offset: tuple[float, float] = (0.0, 0.0)
    classes: tuple[VctClass, ...] = ()
    tables: Mapping[str, tuple[VctField, ...]] = field(default_factory=dict)

    def parts(self, line: str) -> list[str]:
        """Return the values of a line that is no table row; some writers part those by commas regardless."""
        return parts_of(line, self.separator)

    def layer_name(self, wanted: VctClass) -> str:
        """Return what a class is called as a layer: its table, with the code where several share one."""
        same = [each for each in self.classes if each.table == wanted.table]
        return wanted.table if len(same) == 1 else f"{wanted.table}_{wanted.code}"


def read_head(lines: Lines, path: Path) -> VctHead:
    """Read up to the end of the table structures.

    Raises
    ------
    InputError
        When the file is no VCT file, or one of an older form.
    """
    if (lines.next() or "").lstrip("\ufeff").casefold() != "headbegin":
        raise InputError(
            _("The file is no VCT file: it does not begin with HeadBegin."),
            where=str(path),
            remedy=_("Get the file once more."),
        )
    stated = _stated(lines, path)
    _require_version(stated, path)
    separator = _found(stated, "separator") or ","
    classes: tuple[VctClass, ...] = ()
    tables: dict[str, tuple[VctField, ...]] = {}
    while (line := lines.next()) is not None:
        word = line.casefold()
        if word == "featurecodebegin":
            classes = _classes(lines, separator, path)
        elif word == "tablestructurebegin":
            tables = _tables(lines, separator, path)
            break
        elif word.endswith("begin"):
            lines.hold(line)
            break
    known = {each.table for each in classes}
    classes += tuple(VctClass(name, name, "", name) for name in tables if name not in known)
    return VctHead(
        stated,
        separator,
        _found(stated, "xaxisdirection").upper().startswith(("N", "北")),
        _pair(_found(stated, "offset"), separator),
        classes,
        tables,
    )


def parts_of(line: str, separator: str) -> list[str]:
    """Return what stands between separators, or between commas where there are none."""
    return [part.strip() for part in line.split(separator if separator in line else ",")]


def crs_of(head: VctHead) -> pyproj.CRS | None:
    """Return the coordinate system where the head leaves no doubt: CGCS2000 in degrees or 3-degree zones."""
    spheroid = _numbers(head, "spheroid")[1:3]
    if len(spheroid) < 2 or abs(spheroid[0] - _CGCS2000[0]) > 0.01 or abs(spheroid[1] - _CGCS2000[1]) > 1e-8:
        return None
    code = 0
    if _found(head.stated, "coordinatesystemtype").upper() == "G":
        code = _GEOGRAPHIC if _found(head.stated, "xyunit").upper() in ("D", "DEGREE", "度") else 0
    elif "高斯" in _found(head.stated, "projection"):
        code = _gauss_kruger(_numbers(head, "parameters"))
    return pyproj.CRS.from_epsg(code) if code else None


def _gauss_kruger(given: list[float]) -> int:
    """Return the EPSG number for central meridian, scale, false easting and northing; 0 for none."""
    if len(given) < 4 or given[1] != 1 or given[3] != 0 or given[0] / 3 not in _ZONES:
        return 0
    zone = int(given[0] / 3)
    if given[2] == 500_000:
        return _FIRST_PLAIN + zone - _ZONES.start
    return _FIRST_ZONED + zone - _ZONES.start if given[2] == zone * 1_000_000 + 500_000 else 0


def _numbers(head: VctHead, name: str) -> list[float]:
    return [_number(part) for part in head.parts(_found(head.stated, name))]


def _stated(lines: Lines, path: Path) -> dict[str, str]:
    stated: dict[str, str] = {}
    while (line := lines.next()) is not None:
        if line.casefold() == "headend":
            return stated
        name, colon, value = line.replace("：", ":", 1).partition(":")
        if colon and len(stated) < 200:
            stated[name.strip()] = value.strip()
    raise InputError(
        _("The file breaks off within its head (there is no HeadEnd)."),
        where=str(path),
        remedy=_("Get the file once more."),
    )


def _require_version(stated: Mapping[str, str], path: Path) -> None:
    version = _found(stated, "version")
    if version.startswith("3") or "2007" in version:
        return
    raise InputError(
        _("VCT files of version “{version}” are not read, only 3.0 (GB/T 17798-2007).").format(
            version=version or "-"
        ),
        where=str(path),
        remedy=_("Have it written as VCT 3.0, shapefile or file geodatabase."),
    )


def _classes(lines: Lines, separator: str, path: Path) -> tuple[VctClass, ...]:
    classes: list[VctClass] = []
    while (line := lines.next()) is not None and line.casefold() != "featurecodeend":
        parts = parts_of(line, separator)
        geometry = parts[2].casefold() if len(parts) > 2 else ""
        if len(parts) >= 4 and geometry in _SHAPES:
            # older writers put colours between the type and the table
            classes.append(VctClass(parts[0], parts[1], geometry, parts[-1]))
        if len(classes) > _CODES_AT_MOST:
            raise _too_many(path, lines.number)
    return tuple(classes)


def _tables(lines: Lines, separator: str, path: Path) -> dict[str, tuple[VctField, ...]]:
    tables: dict[str, tuple[VctField, ...]] = {}
    while (line := lines.next()) is not None and line.casefold() != "tablestructureend":
        name = parts_of(line, separator)[0]
        fields: list[VctField] = []
        while (described := lines.next()) is not None and described != "0":
            if described.casefold() == "tablestructureend":
                lines.hold(described)
                break
            parts = parts_of(described, separator)
            fields.append(VctField(parts[0], parts[1].casefold() if len(parts) > 1 else "char"))
            if len(fields) > _FIELDS_AT_MOST:
                raise _too_many(path, lines.number)
        tables[name] = tuple(fields)
        if len(tables) > _CODES_AT_MOST:
            raise _too_many(path, lines.number)
    return tables


def _too_many(path: Path, line: int) -> InputError:
    return InputError(
        _("The file states more feature codes or fields than any VCT file has."),
        where=f"{path}:{line}",
        remedy=_("Check that the file is what its name says and that it is whole."),
    )


def _found(stated: Mapping[str, str], name: str) -> str:
    return next((value for key, value in stated.items() if key.casefold() == name), "")


def _pair(text: str, separator: str) -> tuple[float, float]:
    parts = [_number(part) for part in parts_of(text, separator)]
    return (parts[0], parts[1]) if len(parts) >= 2 and all(abs(p) < 1e9 for p in parts[:2]) else (0.0, 0.0)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
