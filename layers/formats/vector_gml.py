"""GML: read from a copy of its own, so that neither schemas nor side files play a part."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.file_heads import is_xml, require_head
from layers.formats.model import ReadOptions, SourceData, SourceLayer, SourceNote
from layers.formats.vector_families import refuse_choices
from layers.formats.vector_reading import GdalSource, as_source_data, choose_layer, layers_of, read_layer
from layers.formats.xml_guard import XmlError, XmlText, decoded, elements, read_bounded
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import N_, _

_MEMBER_END = re.compile(rb"</(?:[\w.-]+:)?(?:featureMember|member)>")
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")


@dataclass(frozen=True)
class Gml:
    """GML 2 and 3 of simple features; takes no choices.

    A copy in UTF-8 without schema and .gfs is read: neither is believed, fetched or written. A document type
    (where entities are declared) is refused; links between elements (xlink) are not followed.
    """

    key = "gml"
    title = N_("GML")
    suffixes = (".gml",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the ending; an .xml only where it names GML's namespace."""
        if path.suffix.lower() == ".xml":
            return b"opengis.net/gml" in head
        return bool(head) and path.suffix.lower() in self.suffixes

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the layers of a file; see :class:`layers.formats.model.SourceFormat`."""
        with self._opened(path, options) as (source, _text):
            return layers_of(source)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read one layer; see :class:`layers.formats.model.SourceFormat`."""
        with self._opened(path, options) as (source, text):
            fault = _first_fault(text.body, str(path), ProgressPart(progress, 0.0, 0.4))
            if fault:
                source.path.write_bytes(_mended(text.body, fault))
            layer = choose_layer(str(path), layers_of(source), options.layer, tables=True)
            data = as_source_data(read_layer(source, layer, ProgressPart(progress, 0.4, 1.0)))
        if fault and data.frame.empty:
            raise _broken(path, fault)
        notes = _notes(text, fault, len(data.frame))
        return replace(data, encoding=text.encoding, encoding_guessed=text.guessed, notes=notes)

    @contextmanager
    def _opened(self, path: Path, options: ReadOptions) -> Iterator[tuple[GdalSource, XmlText]]:
        refuse_choices(options)
        require_head(path, _(self.title), is_xml)
        text = decoded(read_bounded(path), str(path), options.encoding)
        # a document type can only stand before the root element
        try:
            next(elements(text.body, str(path), NoProgress()), None)
        except XmlError as error:
            raise _broken(path, error) from error
        with tempfile.TemporaryDirectory(prefix="zsgis-") as folder:
            copy = Path(folder) / "layer.gml"
            # GDAL knows GML by its very first character
            copy.write_bytes(text.body.lstrip())
            yield GdalSource(copy, str(path), frozenset({"GML"}), options={"WRITE_GFS": "NO"}), text


def _first_fault(body: bytes, where: str, progress: Progress) -> XmlError | None:
    """Return where the XML breaks off; GDAL stops there without a word."""
    try:
        for event, element in elements(body, where, progress):
            if event == "end":
                element.clear()
    except XmlError as error:
        return error
    return None


def _mended(body: bytes, fault: XmlError) -> bytes:
    """Return XML up to the last whole feature before a fault, with its root closed."""
    before = b"\n".join(body.split(b"\n", fault.line)[: fault.line])
    members = list(_MEMBER_END.finditer(before))
    root = _ROOT.search(body)
    if not members or root is None:
        return body
    return before[: members[-1].end()] + b"</" + root.group(1) + b">"


def _broken(path: Path, fault: XmlError) -> InputError:
    return InputError(
        _("The XML breaks off or is damaged in line {line}.").format(line=fault.line),
        where=str(path),
        remedy=_("Get the file once more."),
        details=fault.reason,
    )


def _notes(text: XmlText, fault: XmlError | None, count: int) -> tuple[SourceNote, ...]:
    notes = []
    if fault:
        words = _("The XML breaks off or is damaged in line {line}; {count} features before it were read.")
        notes.append(SourceNote("gml.broken", Severity.WARNING, words.format(line=fault.line, count=count)))
    if text.replaced:
        words = _("{count} characters could not be read and show as “?” or “�”.").format(count=text.replaced)
        notes.append(SourceNote("encoding.unreadable_text", Severity.WARNING, words))
    return tuple(notes)


GML = Gml()
