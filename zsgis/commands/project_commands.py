"""Commands on the project file: new, import, layers, export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputError, UsageError
from layers.findings import Finding
from layers.words import _
from zsgis.commands.console import Outcome

if TYPE_CHECKING:
    from layers.pictures.raster_model import RasterPicture
    from layers.progress import Progress
    from layers.store import LayerInfo, Project


def new(path: Path, crs: str, _progress: Progress) -> Outcome:
    """Make an empty project."""
    from layers.crs import describe_crs, parse_crs
    from layers.store import Project

    system = parse_crs(crs)
    with Project.create(path, system) as project:
        document = {"project": str(path), "uid": project.uid, "crs": system.to_string()}
    return Outcome(
        document,
        (_("New project {path}, {crs}").format(path=path, crs=describe_crs(system)),),
    )


def layers(path: Path, _progress: Progress) -> Outcome:
    """List the layers of a project."""
    from layers.crs import describe_crs
    from layers.kinds import kind
    from layers.store import Project

    with Project.open(path, read_only=True) as project:
        infos = project.layers()
        document = {
            "project": str(path),
            "uid": project.uid,
            "crs": project.crs.to_string(),
            "layers": [describe_layer(info) for info in infos],
        }
    lines = [
        "\t".join([info.name, _(kind(info.kind).title), str(info.feature_count), describe_crs(info.crs)])
        for info in infos
    ]
    return Outcome(document, tuple(lines) or (_("The project has no layers yet."),))


def export(path: Path, layer: str, out: Path, choices: Mapping[str, str], progress: Progress) -> Outcome:
    """Write one layer to a file, or a raster of that name as GeoTIFF."""
    from layers.exporting import ExportRequest, export_layer
    from layers.store import Project

    with Project.open(path, read_only=True) as project:
        raster = _raster_called(project, layer)
        if raster is not None:
            return _export_raster(raster, out, progress)
        info = project.layer(layer)
        report = export_layer(project, info, ExportRequest(out, dict(choices)), progress)
    findings = tuple(Finding(note.code, note.severity, note.text) for note in report.notes)
    document = {
        "layer": info.name,
        "written": str(report.path),
        "features": report.written,
        "renamed": dict(report.renamed),
    }
    line = _("Layer “{layer}” written to {path}").format(layer=info.name, path=report.path)
    return Outcome(document, (line,), findings)


def _raster_called(project: Project, name: str) -> RasterPicture | None:
    """Return the raster of a name, with an absolute path; None where a layer has it, or nothing."""
    from layers.pictures.paths import resolved
    from layers.pictures.raster_model import RasterPicture
    from zsgis.arrangement import read_arrangement

    if name in (info.name for info in project.layers()):
        return None
    for picture in read_arrangement(project).pictures:
        whole = resolved(picture, project.path.parent)
        if picture.name == name and isinstance(whole, RasterPicture):
            return whole
    return None


def _export_raster(raster: RasterPicture, out: Path, progress: Progress) -> Outcome:
    from layers.crs import parse_crs
    from layers.formats.raster_writing import write_geotiff
    from layers.formats.secrecy_mark import mark_of

    if out.suffix.lower() not in (".tif", ".tiff"):
        raise UsageError(
            _("Rasters are written as GeoTIFF."), where=str(out), remedy=_("Give the file the ending .tif.")
        )
    if out.exists():
        raise InputError(
            _("The file exists already; it was left as it is."),
            where=str(out),
            remedy=_("Choose another name, or allow overwriting."),
        )
    written = write_geotiff(
        Path(raster.path), out, progress, crs=parse_crs(raster.crs), mark=mark_of(raster.secrecy)
    )
    line = _("Raster “{name}” written to {path}").format(name=raster.name, path=written.path)
    return Outcome({"raster": raster.name, "written": str(written.path)}, (line,))


def describe_layer(info: LayerInfo) -> dict[str, Any]:
    """Return what a program may want to know of a layer, JSON-able."""
    return {
        "uid": info.uid,
        "name": info.name,
        "table": info.table,
        "kind": info.kind,
        "geometry": str(info.geometry),
        "crs": info.crs.to_string(),
        "feature_count": info.feature_count,
        "bounds": list(info.bounds) if info.bounds else None,
        "standard": info.standard,
        "demo": info.demo,
        "status": info.status,
        "secrecy": info.secrecy,
        "version": info.version,
    }
