"""Writing a layer to a file that other programs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from layers.errors import InputError
from layers.formats.vector import write_vector
from layers.kinds import KINDS
from layers.progress import NoProgress, Progress
from layers.secrecy import require_exportable
from layers.store import LayerInfo, Project
from layers.words import _

# made for the web and for phones: what is secret is never written so
_OPEN_FORMATS = {".geojson": "GeoJSON", ".kml": "KML", ".kmz": "KML"}


@dataclass(frozen=True)
class ExportReport:
    """What was written: ``renamed`` is the column's name in the file by field, where it had to change."""

    path: Path
    written: int
    renamed: Mapping[str, str]


def export_layer(
    project: Project,
    layer: LayerInfo,
    out: Path | str,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
) -> Path:
    """Write a layer to .gpkg, .shp, .geojson, .fgb or .csv and return the file's path.

    See :func:`export_with_report`.
    """
    return export_with_report(project, layer, out, progress, overwrite=overwrite).path


def export_with_report(
    project: Project,
    layer: LayerInfo,
    out: Path | str,
    progress: Progress | None = None,
    *,
    overwrite: bool = False,
) -> ExportReport:
    """Write a layer to a file, in the layer's own coordinate system, with ``zs_uid`` as first column.

    The file appears only when it is whole.

    Raises
    ------
    UsageError
        For a suffix that is not written.
    SecrecyError
        When the layer is 秘密 or higher and the format is made for the web or for phones.
    InputError
        When the file exists (unless ``overwrite``), is the project itself, or its format cannot hold the
        data without loss.
    """
    reporter = progress or NoProgress()
    out = Path(out)
    target = _OPEN_FORMATS.get(out.suffix.lower())
    if target is not None:
        require_exportable(layer.secrecy, layer=layer.name, target=target)
    if project.holds(out):
        raise InputError(
            _("A layer cannot be exported onto the project file itself."),
            where=str(out),
            remedy=_("Choose another name."),
        )
    reporter.step(0.0, _("Reading features"))
    frame = project.read(layer.uid).reset_index()
    reporter.step(0.4, _("Writing features"))
    written = write_vector(frame, out, layer=layer.name, names=_short_names(layer), overwrite=overwrite)
    reporter.step(1.0)
    return ExportReport(written.path, len(frame), written.renamed)


def _short_names(layer: LayerInfo) -> dict[str, str]:
    """Return the data standard's own short names (DLBM, TBMJ) by field, for formats with short names."""
    if layer.kind not in KINDS:
        return {}
    return {
        field.name: short
        for field in KINDS[layer.kind].fields
        for short in [next((name for name in field.met_as if name.isascii() and name.isupper()), "")]
        if short
    }
