"""GML: read from a copy of its own, so that neither schemas nor side files play a part."""

from __future__ import annotations

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
from layers.progress import NoProgress, Progress
from layers.words import N_, _


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
            layer = choose_layer(str(path), layers_of(source), options.layer, tables=True)
            data = as_source_data(read_layer(source, layer, progress))
        return replace(data, encoding=text.encoding, encoding_guessed=text.guessed, notes=_notes(text))

    @contextmanager
    def _opened(self, path: Path, options: ReadOptions) -> Iterator[tuple[GdalSource, XmlText]]:
        refuse_choices(options)
        require_head(path, _(self.title), is_xml)
        text = decoded(read_bounded(path), str(path), options.encoding)
        # a document type can only stand before the root element
        try:
            next(elements(text.body, str(path), NoProgress()), None)
        except XmlError as error:
            raise InputError(
                _("The file is no XML text: {place}.").format(place=error.reason),
                where=str(path),
                remedy=_("Get the file once more."),
            ) from error
        with tempfile.TemporaryDirectory(prefix="zsgis-") as folder:
            copy = Path(folder) / "layer.gml"
            copy.write_bytes(text.body)
            yield GdalSource(copy, str(path), frozenset({"GML"}), options={"WRITE_GFS": "NO"}), text


def _notes(text: XmlText) -> tuple[SourceNote, ...]:
    if not text.replaced:
        return ()
    words = _("{count} characters could not be read and show as “?” or “�”.").format(count=text.replaced)
    return (SourceNote("encoding.unreadable_text", Severity.WARNING, words),)


GML = Gml()
