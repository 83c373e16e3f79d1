"""What is to be told of a GPX file besides its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from layers.findings import Severity
from layers.formats.gpx.document import GpxDocument, GpxRow
from layers.formats.model import SourceNote
from layers.formats.xml_guard import XmlText
from layers.words import _


def file_notes(document: GpxDocument, text: XmlText, untyped: Sequence[str]) -> Iterator[SourceNote]:
    """Yield what concerns the file and its columns."""
    if document.fault is not None:
        yield SourceNote(
            "gpx.broken_off",
            Severity.ERROR,
            _("The file breaks off in line {line}; what stands before it was read.").format(
                line=document.fault.line
            ),
        )
    if text.guessed:
        yield SourceNote(
            "gpx.encoding",
            Severity.WARNING,
            _("The text is not in the encoding that the file states; it was read as {encoding}.").format(
                encoding=text.encoding
            ),
        )
    if text.replaced:
        yield SourceNote(
            "gpx.characters",
            Severity.WARNING,
            _("{count} characters that the format does not allow were replaced.").format(count=text.replaced),
        )
    if untyped:
        yield SourceNote(
            "gpx.untyped",
            Severity.WARNING,
            _("Kept as text, as not all values are of the type that the file states: {names}").format(
                names="、".join(untyped)
            ),
        )


def row_notes(rows: Sequence[GpxRow], shapes: Any) -> Iterator[SourceNote]:
    """Yield what is missing of rows; ``shapes`` has one per row, None for none."""
    for number, row in enumerate(rows):
        if row.faults:
            yield SourceNote(
                "gpx.positions",
                Severity.WARNING,
                _("{name}: positions that cannot be read were left out ({fault}).").format(
                    name=row.said.get("name") or number + 1, fault="；".join(row.faults[:3])
                ),
                (number,),
            )
    empty = tuple(number for number, row in enumerate(rows) if shapes[number] is None and not row.faults)
    if empty:
        yield SourceNote(
            "gpx.no_shape",
            Severity.WARNING,
            _("{count} routes or tracks have fewer than two positions: they have no line.").format(
                count=len(empty)
            ),
            empty,
        )
    single = tuple(
        number
        for number, row in enumerate(rows)
        if row.kind == "trk" and shapes[number] is not None and any(len(one) == 1 for one in row.segments)
    )
    if single:
        yield SourceNote(
            "gpx.single_positions",
            Severity.WARNING,
            _("{count} tracks have segments of one position; they stand in the column “points” only.").format(
                count=len(single)
            ),
            single,
        )
