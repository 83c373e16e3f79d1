"""Writing a layer to a file that other programs read."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.boundary_txt import BOUNDARY_TXT
from layers.formats.boundary_txt.forms import AREA, COUNT, TYPE
from layers.formats.boundary_txt.manner import form_as_read
from layers.formats.model import OutgoingLayer, SourceNote, WrittenFile
from layers.formats.moving import move_into_place
from layers.formats.registry import writer_of
from layers.formats.secrecy_mark import write_beside
from layers.outgoing import outgoing_layer
from layers.progress import NoProgress, Progress, ProgressPart
from layers.secrecy import require_exportable
from layers.store import LayerInfo, Project
from layers.words import _

# made for the web and for phones: what is secret is never written so
_OPEN_FORMATS = {".geojson": "GeoJSON", ".json": "GeoJSON", ".kml": "KML", ".kmz": "KML", ".gpx": "GPX"}


@dataclass(frozen=True)
class ExportRequest:
    """What is written where.

    Attributes
    ----------
    out : Path
        The ending chooses the family of files.
    choices : mapping
        What the family lets one choose (``variant``, ``encoding``, ``version`` …).
    overwrite : bool
        Replace a file that exists.
    """

    out: Path
    choices: Mapping[str, str] = field(default_factory=dict)
    overwrite: bool = False


@dataclass(frozen=True)
class ExportReport:
    """What was written.

    Attributes
    ----------
    renamed : mapping
        The column's name in the file by field, where it had to change.
    notes : tuple of SourceNote
        What the format could not carry.
    """

    path: Path
    written: int
    renamed: Mapping[str, str]
    notes: tuple[SourceNote, ...] = ()


def export_layer(
    project: Project, layer: LayerInfo, request: ExportRequest, progress: Progress | None = None
) -> ExportReport:
    """Write a layer to a file, with ``zs_uid`` as first column.

    The file appears only when it is whole; it is in the layer's own coordinate system unless its family
    knows only one (KML, GPX), which is told. The layer's secrecy (密级) goes along: in the file, or in a note
    beside it.

    Raises
    ------
    UsageError
        For an ending or a choice that is not known.
    SecrecyError
        When the layer is 秘密 or higher and the format is made for the web or for phones.
    InputError
        When the file exists (unless it may be overwritten), is the project itself, its folder does not exist,
        or its format cannot hold the data without loss.
    JobCancelled
        When the user stopped; nothing is left behind.
    """
    reporter = progress or NoProgress()
    out = request.out
    writer = writer_of(out)
    target = _OPEN_FORMATS.get(out.suffix.lower())
    if target is not None:
        require_exportable(layer.secrecy, layer=layer.name, target=target)
    _require_room(project, request)
    choices = {**_as_read(layer, writer.key, request.choices), **request.choices}
    reporter.step(0.0, _("Reading features"))
    outgoing = outgoing_layer(project, layer)
    if target is not None:
        _require_no_measures(outgoing, request.out)
    reporter.step(0.4, _("Writing features"))
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=out.parent) as folder:
        draft = Path(folder) / out.name
        written = writer.write(outgoing, draft, choices, ProgressPart(reporter, 0.4, 0.95))
        told = _marked(outgoing.mark, written, draft)
        move_into_place(Path(folder), out)
    reporter.step(1.0)
    return ExportReport(out, len(outgoing.frame), written.renamed, (*written.notes, *told))


def _marked(mark: str, written: WrittenFile, draft: Path) -> tuple[SourceNote, ...]:
    """Tell where the layer's secrecy stands; where the file has no room for it, write a note beside."""
    if not mark:
        return ()
    text = _("{mark} stands in the file itself.").format(mark=mark)
    if not written.marked:
        text = _("{mark} stands in “{note}” beside the file, which has no room for it.").format(
            mark=mark, note=write_beside(draft, mark).name
        )
    return (SourceNote("export.secrecy", Severity.NOTE, text),)


def _as_read(layer: LayerInfo, key: str, choices: Mapping[str, str]) -> dict[str, Any]:
    """Return what writes a file of boundary points again as it was read, where the layer came from one.

    A form that is asked for by name stands over that.
    """
    source = layer.source
    if key != BOUNDARY_TXT.key or source.get("format") != key or choices.get("variant"):
        return {}
    stated: Mapping[str, str] = source.get("stated") or {}
    if not stated:
        return {}
    # fields of a kind are called otherwise than the columns they were filled from
    there = {field.name for field in layer.fields}
    filled = {column: field for field, column in source.get("mapping", {}).items() if field in there}
    record = set(form_as_read(stated).record) - {COUNT, AREA, TYPE}
    return {"stated": dict(stated), "columns": {name: filled[name] for name in record if name in filled}}


def _require_no_measures(layer: OutgoingLayer, out: Path) -> None:
    if shapely.has_m(np.asarray(layer.frame.geometry.array, dtype=object)).any():
        raise InputError(
            _("The shapes have measures (M) that this format cannot hold."),
            where=str(out),
            remedy=_("Export as .gpkg, which holds everything."),
        )


def _require_room(project: Project, request: ExportRequest) -> None:
    out = request.out
    if project.holds(out):
        raise InputError(
            _("A layer cannot be exported onto the project file itself."),
            where=str(out),
            remedy=_("Choose another name."),
        )
    if out.exists() and not request.overwrite:
        raise InputError(
            _("The file exists already; it was left as it is."),
            where=str(out),
            remedy=_("Choose another name, or allow overwriting."),
        )
    if not out.parent.is_dir():
        raise InputError(
            _("The folder does not exist."), where=str(out.parent), remedy=_("Make the folder first.")
        )
