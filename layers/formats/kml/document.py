"""A KML document taken apart: placemarks with their folder, words, attributes, shapes and colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from layers.errors import InputError
from layers.formats.kml.shapes import PlacemarkShape, local, shapes_of, unread_shapes
from layers.formats.kml.styles import Colors, StyleBook, colors_of, style_name
from layers.formats.xml_guard import XmlError, elements
from layers.progress import Progress
from layers.words import _

_CONTAINERS = ("Document", "Folder")
_WORDS = ("name", "description", "address", "phoneNumber", "Snippet", "snippet")
_OVERLAYS = ("GroundOverlay", "ScreenOverlay", "PhotoOverlay")
_HANDLED = (*_CONTAINERS, *_OVERLAYS, "Placemark", "Style", "StyleMap", "Schema", "NetworkLink")


@dataclass(frozen=True)
class Placemark:
    """A placemark.

    Attributes
    ----------
    number : int
        From 1, in the order of the file.
    words : mapping
        ``name``, ``description``, ``address``, ``phoneNumber``, ``snippet``, ``time``, ``begin``, ``end``.
    attributes : mapping
        Of ExtendedData, as written.
    schema : str
        Id of the schema that types them; empty for none.
    folder : tuple of int
        The containers it lies in, outermost first.
    """

    number: int
    words: Mapping[str, str]
    attributes: Mapping[str, str]
    schema: str
    folder: tuple[int, ...]
    shapes: tuple[PlacemarkShape, ...]
    colors: Colors
    style: str
    unread: tuple[str, ...]

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        name = self.words.get("name", "").strip()[:40]
        return _("placemark {number} “{name}”").format(number=self.number, name=name)


@dataclass
class KmlDocument:
    """What a KML file holds.

    Attributes
    ----------
    schemas : dict
        Type by field, by the schema's id.
    titles : dict
        What people see (``displayName``) by attribute.
    descriptions : list of str
        What the document and its folders say of themselves.
    links, overlays : list of str
        Files and pictures that are named and not read.
    fault : XmlError or None
        Where the file breaks off; what is here came before.
    """

    placemarks: list[Placemark] = field(default_factory=list)
    schemas: dict[str, dict[str, str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    styles: StyleBook = field(default_factory=StyleBook)
    links: list[str] = field(default_factory=list)
    overlays: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    fault: XmlError | None = None

    def folder_path(self, placemark: Placemark) -> str:
        """Return the names of the folders it lies in, with `` / `` between them."""
        return " / ".join(name for name in (self.folders[at] for at in placemark.folder) if name)


def read_document(body: bytes, where: str, progress: Progress) -> KmlDocument:
    """Take a KML file in UTF-8 apart.

    Raises
    ------
    InputError
        When it is no KML, or breaks off before anything can be read.
    JobCancelled
        When the user stopped.
    """
    document = KmlDocument()
    reader = _Reader(document, where)
    try:
        for event, element in elements(body, where, progress):
            if event == "start":
                reader.begin(element)
            else:
                reader.finish(element)
    except XmlError as fault:
        if not document.placemarks:
            raise InputError(
                _("The file is no KML, or it is damaged: line {line}.").format(line=fault.line),
                where=where,
                remedy=_("Have it sent again, or exported anew."),
                details=fault.reason,
            ) from fault
        document.fault = fault
    return document


class _Reader:
    """Goes along the elements and lets go of each once it is taken in."""

    def __init__(self, document: KmlDocument, where: str) -> None:
        self._document = document
        self._where = where
        self._open: list[Element] = []
        self._containers: list[int] = []
        self._inside = 0  # of a placemark or overlay, whose elements are looked at together

    def begin(self, element: Element) -> None:
        """Take note of an element that begins."""
        tag = local(element)
        if not self._open and tag not in ("kml", *_CONTAINERS, "Placemark", "NetworkLink", "GroundOverlay"):
            raise InputError(
                _("The file is no KML: its first element is “{name}”.").format(name=tag[:40]),
                where=self._where,
                remedy=_("Check that it is what its name says and that it is whole."),
            )
        self._open.append(element)
        if self._inside or (tag in _HANDLED and tag not in _CONTAINERS):
            self._inside += 1
        elif tag in _CONTAINERS:
            self._containers.append(len(self._document.folders))
            self._document.folders.append("")

    def finish(self, element: Element) -> None:
        """Take in an element that is whole."""
        self._open.pop()
        tag = local(element)
        if self._inside:
            self._inside -= 1
            if self._inside:
                return
            self._take(tag, element)
        elif tag in _CONTAINERS:
            self._containers.pop()
        elif tag == "name" and self._open and local(self._open[-1]) in _CONTAINERS:
            # the document's own name is that of the file
            outermost = len(self._containers) == 1 and local(self._open[-1]) == "Document"
            self._document.folders[self._containers[-1]] = "" if outermost else (element.text or "").strip()
        elif tag == "description" and self._open and local(self._open[-1]) in _CONTAINERS:
            self._document.descriptions.append(element.text or "")
        if self._open:
            self._open[-1].remove(element)  # the first: all before it are gone already

    def _take(self, tag: str, element: Element) -> None:
        document = self._document
        if tag == "Placemark":
            number = len(document.placemarks) + 1
            document.placemarks.append(_placemark(element, number, tuple(self._containers), document.titles))
        elif tag in ("Style", "StyleMap"):
            document.styles.take(element)
        elif tag == "Schema":
            _take_schema(element, document)
        elif tag == "NetworkLink":
            document.links.append(_named(element))
        else:
            document.overlays.append(_named(element))


def _placemark(element: Element, number: int, folder: tuple[int, ...], titles: dict[str, str]) -> Placemark:
    words: dict[str, str] = {}
    attributes: dict[str, str] = {}
    schema, style = "", ""
    colors: Colors = {}
    for child in element:
        tag = local(child)
        if tag in _WORDS:
            words[tag.lower() if tag == "Snippet" else tag] = "".join(child.itertext())
        elif tag in ("TimeStamp", "TimeSpan"):
            words.update(_times(child))
        elif tag == "ExtendedData":
            schema = _take_attributes(child, attributes, titles)
        elif tag == "styleUrl":
            style = style_name(child.text)
        elif tag == "Style":
            colors = colors_of(child)
    return Placemark(
        number, words, attributes, schema, folder, shapes_of(element), colors, style, unread_shapes(element)
    )


def _times(element: Element) -> dict[str, str]:
    names = {"when": "time", "begin": "begin", "end": "end"}
    return {names[local(one)]: (one.text or "").strip() for one in element if local(one) in names}


def _take_attributes(extended: Element, found: dict[str, str], titles: dict[str, str]) -> str:
    """Take in ``Data``, ``SchemaData`` and plain elements of other makers; return the schema's id."""
    schema = ""
    for child in extended:
        tag = local(child)
        if tag == "Data":
            said = {local(one): one.text or "" for one in child}
            name = child.get("name") or said.get("displayName") or ""
            if name and "value" in said:
                found[name] = said["value"]
            if name and said.get("displayName", name) != name:
                titles.setdefault(name, said["displayName"].strip())
        elif tag == "SchemaData":
            schema = schema or style_name(child.get("schemaUrl")) or (child.get("schemaUrl") or "")
            for one in child:
                if local(one) == "SimpleData" and one.get("name"):
                    found[one.get("name", "")] = one.text or ""
        elif not len(child) and child.text is not None:
            found[tag] = child.text
    return schema


def _take_schema(element: Element, document: KmlDocument) -> None:
    types: dict[str, str] = {}
    for one in element:
        name = one.get("name", "")
        if local(one) == "SimpleField" and name:
            types[name] = one.get("type", "string")
            titles = [(child.text or "").strip() for child in one if local(child) == "displayName"]
            if titles and titles[0] not in ("", name):
                document.titles.setdefault(name, titles[0])
    document.schemas[element.get("id", element.get("name", ""))] = types


def _named(element: Element) -> str:
    """Return the name of a link or overlay and what it points to."""
    name = next((child.text or "" for child in element if local(child) == "name"), "").strip()
    target = next((one.text or "" for one in element.iter() if local(one) == "href"), "").strip()
    return f"{name} ({target})"[:200] if target else name[:200]
