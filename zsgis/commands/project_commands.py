"""Commands on the project file: new, import, layers, export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.findings import Finding
from layers.words import _
from zsgis.commands.console import Outcome

if TYPE_CHECKING:
    from layers.progress import Progress
    from layers.store import LayerInfo


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
    """Write one layer to a file."""
    from layers.exporting import ExportRequest, export_layer
    from layers.store import Project

    with Project.open(path, read_only=True) as project:
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
