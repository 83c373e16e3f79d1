"""Taking a vector file into a project as a layer of a kind: as it stands, with every oddity named."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from layers.classification import standard as land_classes
from layers.crs import parse_crs
from layers.errors import CrsError, InputError, UsageError
from layers.field_terms import STATUS
from layers.findings import Finding
from layers.formats.model import SourceData
from layers.formats.vector import read_vector
from layers.importing.columns import ImportedColumns, bring_columns, match_fields
from layers.importing.findings import (
    Subject,
    class_findings,
    column_findings,
    crs_finding,
    geometry_findings,
    source_findings,
)
from layers.importing.request import ImportRequest
from layers.kind import Kind
from layers.kinds import kind
from layers.progress import NoProgress, Progress, ProgressPart
from layers.secrecy import rank
from layers.standing import DEMONSTRATION, STANDINGS, weakest
from layers.store import LayerInfo, NewLayer, Project
from layers.store.geometry import MULTI_MAKERS, SINGLE_TYPES
from layers.store.naming import unique_name
from layers.store.uids import new_uids
from layers.store.values import Mask
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_COLLECTION = 7


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    mapping : mapping
        Column of the file by field of the kind.
    read, written : int
        Features in the file and in the new layer; always equal.
    """

    layer: LayerInfo
    findings: tuple[Finding, ...]
    mapping: Mapping[str, str]
    read: int
    written: int


def import_file(project: Project, request: ImportRequest, progress: Progress | None = None) -> ImportReport:
    """Import one layer of a vector file; the project gets all of it or, after an error, nothing.

    Coordinates stay bit for bit what they are in the file, in the file's own coordinate system. The layer is
    as reliable as its weakest feature says it is (数据状态); demonstration data stay demonstration data.

    Raises
    ------
    UsageError
        For an unknown kind, field, standard or status.
    CrsError
        When neither file nor caller names a coordinate system.
    InputError
        When the file cannot be read, its shapes do not suit the kind, or a column does not exist.
    ProjectFileError
        When the project cannot be written.
    JobCancelled
        When the user stopped; the project is as before.
    """
    declared = kind(request.kind)
    if request.standard:
        land_classes(request.standard)
    _check_marks(request.secrecy, request.status)
    stated = parse_crs(request.crs) if request.crs else None
    path = request.path
    if project.holds(path):
        raise InputError(
            _("The file is this project itself."), where=str(path), remedy=_("Choose another file.")
        )
    reporter = progress or NoProgress()
    data = read_vector(
        path,
        layer=request.source_layer or None,
        encoding=request.encoding or None,
        progress=ProgressPart(reporter, 0.0, 0.4),
    )
    system = _system(data, stated, path)
    columns = _columns(declared, data, request.mapping, path)
    geometry, gathered = _gather(np.asarray(data.frame.geometry.array, dtype=object), declared)
    uids = new_uids(len(geometry))
    frame = _frame(columns, geometry, uids, system)
    told = list(columns.values.get(STATUS.name, ()))
    standing = weakest([*told, request.status])
    new = NewLayer(
        name=request.name or _default_name(project, path),
        kind=declared.key,
        crs=system,
        standard=request.standard,
        demo=standing == DEMONSTRATION,
        status=standing,
        secrecy=request.secrecy,
        source=_source(path, data, columns),
    )
    reporter.step(0.45)
    layer = project.add_layer(new, frame, ProgressPart(reporter, 0.45, 0.8))
    # the layer is on disk now: what follows only looks at it and cannot be stopped half-way
    subject = Subject(declared, layer.uid, uids, columns)
    findings = source_findings(subject, data)
    if data.crs is not None and stated is not None and parse_crs(data.crs) != stated:
        findings.append(crs_finding(subject, data.crs, stated))
    findings += geometry_findings(subject, data, geometry, gathered, NoProgress())
    findings += column_findings(subject)
    findings += class_findings(subject, request.standard)
    reporter.step(1.0)
    return ImportReport(layer, tuple(findings), dict(columns.mapping), len(data.frame), layer.feature_count)


def _check_marks(secrecy: str, status: str) -> None:
    """Refuse a secrecy or a status that is none, before anything is read."""
    rank(secrecy)
    if status and status not in STANDINGS:
        raise UsageError(
            _("“{status}” is not a status of data.").format(status=status),
            remedy=_("Known: {names}").format(names="、".join(STANDINGS)),
        )


def _system(data: SourceData, stated: pyproj.CRS | None, path: Path) -> pyproj.CRS:
    if stated is not None:
        return stated
    if data.crs is None:
        raise CrsError(
            _("The file does not say which coordinate system it is in, and that is never guessed."),
            where=str(path),
            remedy=_("Ask whoever made it, then name it: --crs 4547 (or another EPSG number)."),
        )
    return parse_crs(data.crs)


def _columns(declared: Kind, data: SourceData, wanted: Mapping[str, str], path: Path) -> ImportedColumns:
    attributes = data.frame.drop(columns=["geometry"])
    names = [str(name) for name in attributes.columns]
    try:
        mapping = match_fields(declared, names, wanted)
    except InputError as error:
        raise InputError(error.what, where=str(path), remedy=error.remedy) from error
    columns = bring_columns(declared, attributes, mapping)
    for old, new in data.renamed.items():
        columns.renamed[old] = columns.renamed.pop(new, new)
    return columns


def _gather(geometry: Any, declared: Kind) -> tuple[Any, Mask]:
    """Return shapes with collections of the kind's own type as one multi-part shape, and where those are."""
    single = SINGLE_TYPES[declared.geometry]
    gathered = np.zeros(len(geometry), dtype=bool)
    for row in np.flatnonzero(shapely.get_type_id(geometry) == _COLLECTION).tolist():
        parts = shapely.get_parts(geometry[row])
        if parts.size and (shapely.get_type_id(parts) == single).all():
            if not gathered.any():
                geometry = geometry.copy()
            geometry[row] = MULTI_MAKERS[declared.geometry](parts)
            gathered[row] = True
    return geometry, gathered


def _frame(columns: ImportedColumns, geometry: Any, uids: list[str], crs: pyproj.CRS) -> GeoDataFrame:
    import geopandas
    import pandas as pd

    # object columns: pandas must not turn whole numbers with gaps into floats
    attributes = {name: pd.Series(values, dtype=object) for name, values in columns.values.items()}
    frame = pd.DataFrame({"zs_uid": uids, **attributes}, index=pd.RangeIndex(len(geometry)))
    return geopandas.GeoDataFrame(frame, geometry=geometry, crs=crs)


def _default_name(project: Project, path: Path) -> str:
    return unique_name(path.stem, [info.name for info in project.layers()])


def _source(path: Path, data: SourceData, columns: ImportedColumns) -> dict[str, Any]:
    return {
        "file": path.name,
        "layer": data.layer,
        "encoding": data.encoding,
        "crs": "" if data.crs is None else data.crs.to_string(),
        "sha256": _sha256(path),
        "mapping": dict(columns.mapping),
    }


def _sha256(path: Path) -> str:
    """Return the sum of a file; for a folder or a shapefile, of the sums of its parts in order of name."""
    if path.is_dir():
        parts = [part for part in path.rglob("*") if part.is_file()]
    elif path.suffix.lower() == ".shp":
        parts = [part for part in path.parent.iterdir() if part.stem == path.stem and part.is_file()]
    else:
        return _sum_of(path)
    total = hashlib.sha256()
    for part in sorted(parts):
        total.update(f"{part.name} {_sum_of(part)}\n".encode())
    return total.hexdigest()


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
