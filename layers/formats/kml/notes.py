"""What is to be told of a KML file besides its rows."""

from __future__ import annotations

from collections.abc import Iterator

from layers.findings import Severity
from layers.formats.kml.columns import Columns
from layers.formats.kml.document import KmlDocument
from layers.formats.kml.opening import OpenedKml
from layers.formats.model import SourceNote
from layers.words import _

_NAMED_AT_MOST = 10


def layer_notes(document: KmlDocument, file: OpenedKml) -> Iterator[SourceNote]:
    """Yield what concerns the file: where it breaks off, what it points to, how its text was read."""
    if document.fault is not None:
        yield SourceNote(
            "kml.broken_off",
            Severity.ERROR,
            _("The file breaks off in line {line}; the {count} placemarks before it were read.").format(
                line=document.fault.line, count=len(document.placemarks)
            ),
        )
    if file.text.guessed:
        yield SourceNote(
            "kml.encoding",
            Severity.WARNING,
            _("The text is not in the encoding that the file states; it was read as {encoding}.").format(
                encoding=file.text.encoding
            ),
        )
    if file.text.replaced:
        yield SourceNote(
            "kml.characters",
            Severity.WARNING,
            _("{count} characters that the format does not allow were replaced.").format(
                count=file.text.replaced
            ),
        )
    yield from _listed(document, file)


def table_notes(columns: Columns) -> Iterator[SourceNote]:
    """Yield what concerns the columns."""
    if columns.from_tables:
        yield SourceNote(
            "kml.description_tables",
            Severity.NOTE,
            _("Columns taken from tables in the descriptions: {names}").format(
                names="、".join(columns.from_tables)
            ),
        )
    if columns.untyped:
        yield SourceNote(
            "kml.untyped",
            Severity.WARNING,
            _("Kept as text, as not all values are of the type that the file states: {names}").format(
                names="、".join(columns.untyped)
            ),
        )


def _listed(document: KmlDocument, file: OpenedKml) -> Iterator[SourceNote]:
    if document.links:
        yield SourceNote(
            "kml.network_links",
            Severity.WARNING,
            _("The file points to others, which were not fetched: {names}").format(
                names="、".join(document.links[:_NAMED_AT_MOST])
            ),
        )
    if document.overlays:
        yield SourceNote(
            "kml.overlays",
            Severity.WARNING,
            _("Pictures laid over the map were not read: {names}").format(
                names="、".join(document.overlays[:_NAMED_AT_MOST])
            ),
        )
    if file.left_out:
        yield SourceNote(
            "kml.other_files",
            Severity.WARNING,
            _("Other KML files in the KMZ were not read: {names}").format(
                names="、".join(file.left_out[:_NAMED_AT_MOST])
            ),
        )
