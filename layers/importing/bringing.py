"""Taking a layer of a file into a project: as it stands, with every oddity named."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from layers.classification import standard as land_classes
from layers.datum_parameters import DatumParameters
from layers.errors import InputError, UsageError
from layers.field_terms import STATUS
from layers.findings import Finding
from layers.formats.model import SourceReader
from layers.guard.applying import apply
from layers.guard.area_units import UNITS
from layers.guard.taken_as import parse_taken_as
from layers.importing.columns import ImportedColumns, bring_columns, match_fields
from layers.importing.deciding import Decisions, decide
from layers.importing.findings import (
    Subject,
    class_findings,
    column_findings,
    geometry_findings,
    secrecy_findings,
    source_findings,
)
from layers.importing.intake import Intake, Surroundings, take_intake
from layers.importing.request import ImportRequest
from layers.kind import Kind
from layers.progress import NoProgress, Progress, ProgressPart
from layers.secrecy import not_below, rank
from layers.standing import DEMONSTRATION, STANDINGS, weakest
from layers.store import LayerInfo, NewLayer, Project
from layers.store.geometry import MULTI_MAKERS, SINGLE_TYPES
from layers.store.naming import unique_name
from layers.store.uids import new_uids
from layers.store.values import Mask
from layers.units import dimension
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_COLLECTION = 7


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    intake : Intake
        What was read, and what the guard said of it.
    decisions : Decisions
        What it was taken for.
    mapping : mapping
        Column of the file by field of the kind.
    read, written : int
        Features in the file and in the new layer; always equal.
    """

    layer: LayerInfo
    findings: tuple[Finding, ...]
    intake: Intake
    decisions: Decisions
    mapping: Mapping[str, str]
    read: int
    written: int


def import_file(
    project: Project,
    request: ImportRequest,
    reader: SourceReader,
    progress: Progress | None = None,
    *,
    surroundings: Surroundings | None = None,
    parameters: Sequence[DatumParameters] = (),
) -> ImportReport:
    """Import one layer of a file; the project gets all of it or, after an error, nothing.

    Coordinates stay bit for bit what they are in the file, in the file's own coordinate system, unless they
    are taken as something that must be undone (exchanged, shifted, a datum with the user's own parameters);
    that is told. The layer is at least as secret (密级) as the file says it is, and as reliable as its
    weakest feature says it is (数据状态); demonstration data stay demonstration data.

    Raises
    ------
    UsageError
        For an unknown kind, field, standard or status.
    UncertainError
        When what the file is was not said and is not sure.
    CrsError
        When the coordinates cannot be what they are said to be, or need parameters that are not given.
    InputError
        When the file cannot be read, its shapes do not suit the kind, or a column does not exist.
    ProjectFileError
        When the project cannot be written.
    JobCancelled
        When the user stopped; the project is as before.
    """
    check_request(project, request)
    reporter = progress or NoProgress()
    intake = take_intake(reader, request, surroundings, ProgressPart(reporter, 0.0, 0.5))
    return bring_in(project, request, intake, ProgressPart(reporter, 0.5, 1.0), parameters=parameters)


def check_request(project: Project, request: ImportRequest) -> None:
    """Refuse what cannot be meant, before anything is read.

    Raises
    ------
    UsageError, CrsError
        For an unknown standard, secrecy, status or coordinate system.
    InputError
        When the file is the project itself.
    """
    if request.standard:
        land_classes(request.standard)
    rank(request.secrecy)
    if request.status and request.status not in STANDINGS:
        raise UsageError(
            _("“{status}” is not a status of data.").format(status=request.status),
            remedy=_("Known: {names}").format(names="、".join(STANDINGS)),
        )
    if request.crs:
        parse_taken_as(request.crs)
    for column, unit in request.units.items():
        if dimension(unit) != "area":
            raise UsageError(
                _("“{unit}” is no unit of area.").format(unit=unit),
                where=column,
                remedy=_("Known: {names}").format(names="、".join(UNITS)),
            )
    if project.holds(request.path):
        raise InputError(
            _("The file is this project itself."),
            where=str(request.path),
            remedy=_("Choose another file."),
        )


def bring_in(
    project: Project,
    request: ImportRequest,
    intake: Intake,
    progress: Progress,
    *,
    parameters: Sequence[DatumParameters] = (),
) -> ImportReport:
    """Bring a layer as read into a project; see :func:`import_file`."""
    declared, data, path = intake.kind, intake.data, intake.path
    mapping = _mapping(intake, request.mapping)
    decisions = decide(intake, request, mapping)
    columns = _columns(intake, mapping, decisions)
    placed = apply(decisions.taken_as, np.asarray(data.frame.geometry.array, dtype=object), parameters)
    geometry, gathered = _gather(placed.geometry, declared)
    uids = new_uids(len(geometry))
    # a register without a single site lies nowhere: sites drawn later are drawn in the project's system
    nowhere = declared.shape_optional and bool(shapely.is_missing(geometry).all())
    crs = project.crs if nowhere else placed.crs
    frame = _frame(columns, geometry, uids, crs)
    standing = weakest([*columns.values.get(STATUS.name, ()), request.status])
    new = NewLayer(
        name=request.name or _default_name(project, path),
        kind=declared.key,
        crs=crs,
        standard=decisions.standard,
        demo=standing == DEMONSTRATION,
        status=standing,
        secrecy=not_below(request.secrecy, data.secrecy),
        source=_source(intake, columns, decisions),
    )
    progress.step(0.1)
    layer = project.add_layer(new, frame, ProgressPart(progress, 0.1, 0.8))
    # the layer is on disk now: what follows only looks at it and cannot be stopped half-way
    subject = Subject(declared, layer.uid, uids, columns)
    findings = [
        *decisions.told,
        *(subject.finding(note.code, note.severity, note.text) for note in placed.notes),
        *secrecy_findings(request.secrecy, data.secrecy),
        *source_findings(subject, data, encoding_told=bool(intake.examination.encoding.candidates)),
        *geometry_findings(subject, data, geometry, gathered, NoProgress()),
        *column_findings(subject),
        *class_findings(subject, decisions.standard),
    ]
    progress.step(1.0)
    return ImportReport(
        layer, tuple(findings), intake, decisions, dict(mapping), len(data.frame), layer.feature_count
    )


def _mapping(intake: Intake, wanted: Mapping[str, str]) -> dict[str, str]:
    names = [str(name) for name in intake.data.frame.columns if name != "geometry"]
    try:
        return match_fields(intake.kind, names, wanted)
    except InputError as error:
        raise InputError(error.what, where=str(intake.path), remedy=error.remedy) from error


def _columns(intake: Intake, mapping: Mapping[str, str], decisions: Decisions) -> ImportedColumns:
    attributes = intake.data.frame.drop(columns=["geometry"])
    columns = bring_columns(intake.kind, attributes, mapping, decisions.units)
    recorded = intake.kind.recorded_area
    column = columns.mapping.get(recorded, "")
    if column and column not in decisions.units and _has_areas(intake, column):
        columns.unit_unknown[column] = intake.kind.field(recorded)
    for old, new in intake.data.renamed.items():
        columns.renamed[old] = columns.renamed.pop(new, new)
    return columns


def _has_areas(intake: Intake, column: str) -> bool:
    """Tell whether a column holds areas beside shapes that have one: only there a unit could be found out."""
    import pandas as pd

    numbers = pd.to_numeric(intake.data.frame[column], errors="coerce").to_numpy()
    shapes = np.asarray(intake.data.frame.geometry.array, dtype=object)
    return bool(((numbers > 0) & (shapely.area(shapes) > 0)).any())


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


def _source(intake: Intake, columns: ImportedColumns, decisions: Decisions) -> dict[str, Any]:
    data = intake.data
    return {
        "file": intake.path.name,
        "format": intake.format_key,
        "layer": data.layer,
        "choices": dict(intake.options.choices),
        "encoding": data.encoding,
        "crs": "" if data.crs is None else data.crs.to_string(),
        "taken_as": decisions.taken_as.text,
        "stated": dict(data.stated),
        "sha256": sum_of_source(intake.path),
        "mapping": dict(columns.mapping),
    }


def sum_of_source(path: Path) -> str:
    """Return the SHA-256 of a file; of a folder or a shapefile, of the sums of its parts in order."""
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
