"""A GPX file taken apart: waypoints, routes and tracks with all that is said of them.

Read here and not by gpxpy: that gives up a whole file for one value that is no number, and parses
without guard against entities. The tests hold both against each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from layers.errors import InputError
from layers.formats.xml_guard import XmlError, elements
from layers.progress import Progress
from layers.words import _

KINDS = ("wpt", "rte", "trk")
_POINTS = {"rte": "rtept", "trk": "trkpt"}
# what our own writer puts into extensions: columns by name, and exactly
ATTRIBUTES = "urn:zsgis:attributes"


@dataclass(frozen=True)
class GpxPoint:
    """A position: degrees of WGS 84, height above sea level in metres (None where it is not given)."""

    longitude: float
    latitude: float
    elevation: float | None
    said: Mapping[str, Any]


@dataclass(frozen=True)
class GpxRow:
    """A waypoint, route or track.

    Attributes
    ----------
    segments : tuple of tuples of GpxPoint
        One of one point for a waypoint, one for a route.
    faults : tuple of str
        Positions that cannot be read, in words.
    """

    kind: str
    said: Mapping[str, Any]
    segments: tuple[tuple[GpxPoint, ...], ...]
    faults: tuple[str, ...]


@dataclass
class GpxDocument:
    """What a GPX file holds; ``fault`` is where it breaks off."""

    rows: list[GpxRow] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    fault: XmlError | None = None

    def of(self, kind: str) -> list[GpxRow]:
        """Return its waypoints, routes or tracks."""
        return [row for row in self.rows if row.kind == kind]


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def read_document(body: bytes, where: str, progress: Progress) -> GpxDocument:
    """Take a GPX file in UTF-8 apart.

    Raises
    ------
    InputError
        When it is no GPX, or breaks off before anything can be read.
    JobCancelled
        When the user stopped.
    """
    document = GpxDocument()
    opened: list[Element] = []
    try:
        for event, element in elements(body, where, progress):
            if event == "start":
                _begin(opened, element, document, where)
            else:
                opened.pop()
                if len(opened) == 1:
                    _take(element, document)
                    opened[0].remove(element)
    except XmlError as fault:
        if len(opened) > 1 and local(opened[1]) in KINDS:
            _take(opened[1], document)  # as far as it came
        if not document.rows:
            raise InputError(
                _("The file is no GPX, or it is damaged: line {line}.").format(line=fault.line),
                where=where,
                remedy=_("Have it sent again, or exported anew."),
                details=fault.reason,
            ) from fault
        document.fault = fault
    return document


def _begin(opened: list[Element], element: Element, document: GpxDocument, where: str) -> None:
    if not opened:
        if local(element) != "gpx":
            raise InputError(
                _("The file is no GPX: its first element is “{name}”.").format(name=local(element)[:40]),
                where=where,
                remedy=_("Check that it is what its name says and that it is whole."),
            )
        for name in ("version", "creator"):
            if element.get(name):
                document.metadata[name] = element.get(name, "")
    opened.append(element)


def _take(element: Element, document: GpxDocument) -> None:
    tag = local(element)
    if tag in KINDS:
        document.rows.append(_row(element, tag))
    elif tag == "metadata":
        for child in element:
            _take(child, document)
    elif tag in ("name", "desc", "author", "time", "keywords", "email", "url") and element.text:
        document.metadata[tag] = element.text.strip()


def _row(element: Element, kind: str) -> GpxRow:
    faults: list[str] = []
    if kind == "wpt":
        points = _points([element], faults)
        said = points[0].said if points else _said(element)
        return GpxRow(kind, said, (points,) if points else (), tuple(faults))
    parents = [element] if kind == "rte" else [child for child in element if local(child) == "trkseg"]
    segments = tuple(
        _points([child for child in parent if local(child) == _POINTS[kind]], faults) for parent in parents
    )
    return GpxRow(kind, _said(element), segments, tuple(faults))


def _points(listed: list[Element], faults: list[str]) -> tuple[GpxPoint, ...]:
    found = []
    for number, element in enumerate(listed, start=1):
        longitude, latitude = _number(element.get("lon")), _number(element.get("lat"))
        if longitude is None or latitude is None or abs(longitude) > 360 or abs(latitude) > 90:
            text = f"{element.get('lat', '')[:20]}, {element.get('lon', '')[:20]}"
            faults.append(_("position {number}: {text}").format(number=number, text=text))
            continue
        said = dict(_said(element))
        elevation = _number(said.get("ele"))
        if elevation is not None:
            del said["ele"]
        found.append(GpxPoint(longitude, latitude, elevation, said))
    return tuple(found)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _said(element: Element) -> Mapping[str, Any]:
    """Return what is said of a point, route or track, by the format's names."""
    said: dict[str, Any] = {}
    for child in element:
        tag = local(child)
        if tag in ("rtept", "trkseg"):
            continue
        if tag == "extensions":
            own = {one.get("name", ""): one for one in child if one.tag == f"{{{ATTRIBUTES}}}value"}
            said.update({f"@{name}": (one.get("type", ""), one.text or "") for name, one in own.items()})
            others = _grouped(child, skip=ATTRIBUTES)
            if others:
                said["extensions"] = others
        elif tag == "link":
            said.update(_link(child, said))
        elif child.text is not None and not len(child):
            said[tag] = child.text
    return said


def _link(element: Element, said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield address, text and type of a link; those of several stand in lines."""
    inner = {f"link_{local(child)}": child.text or "" for child in element}
    for name, text in {"link": element.get("href", ""), **inner}.items():
        if text:
            yield name, f"{said[name]}\n{text}" if name in said else text


def _grouped(element: Element, skip: str = "") -> dict[str, Any]:
    """Return what is inside an element as JSON can hold it; elements of one name become a list."""
    found: dict[str, Any] = {f"@{name.rpartition('}')[2]}": value for name, value in element.attrib.items()}
    for child in element:
        if skip and str(child.tag).startswith(f"{{{skip}}}"):
            continue
        inner: Any = _grouped(child) if len(child) or child.attrib else (child.text or "")
        name = local(child)
        if name not in found:
            found[name] = inner
        elif isinstance(found[name], list):
            found[name].append(inner)
        else:
            found[name] = [found[name], inner]
    if not len(element) and element.text:
        found["#text"] = element.text
    return found
