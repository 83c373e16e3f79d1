"""What is checked, read from a project or a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from layers.checking.columns import columns_of
from layers.checking.model import FeatureNames
from layers.checking.subject import Columns, Subject
from layers.kinds import kind
from layers.progress import Progress
from layers.words import _

if TYPE_CHECKING:
    from pyproj import CRS

    from layers.formats.model import SourceData
    from layers.kind import Kind
    from layers.store import LayerInfo, Project

BOUNDARY_KIND = "towns"


def layer_subject(project: Project, info: LayerInfo, progress: Progress) -> Subject:
    """Read a layer of a project for a check."""
    declared = kind(info.kind)
    known = {field.name for field in info.fields}
    names = [field.name for field in declared.fields if field.name in known]
    progress.step(0.0, _("Reading “{layer}”").format(layer=info.name))
    rows = project.drawing_rows(info.uid, names, progress)
    columns = columns_of(declared, rows.columns)
    return Subject(
        name=info.name,
        kind=declared,
        shapes=rows.shapes,
        columns=columns,
        called=FeatureNames(rows.uids, names_of(columns, declared.name_field)),
        crs=info.crs,
        standard=info.standard,
        uid=info.uid,
        secrecy=info.secrecy,
        elsewhere=project.doubled_uids(info.uid),
    )


def file_subject(
    name: str,
    data: SourceData,
    declared: Kind,
    crs: CRS | None,
    standard: str,
    units: Mapping[str, str] | None = None,
) -> Subject:
    """Return a layer of a file for a check, its columns matched to the kind's fields by their names.

    Parameters
    ----------
    crs : pyproj.CRS or None
        What the coordinates are in; None where nobody knows.
    units : mapping, optional
        Unit of a column's numbers, where it is known.
    """
    import numpy as np

    from layers.importing.columns import match_fields, unit_factor
    from layers.ragged import ragged_of

    attributes = data.frame.drop(columns=[data.frame.geometry.name])
    mapping = match_fields(declared, [str(column) for column in attributes.columns], {})
    columns = columns_of(declared, {field: attributes[column] for field, column in mapping.items()})
    values = dict(columns.values)
    for field, column in mapping.items():
        size = float(unit_factor((units or {}).get(column, ""), declared.field(field).unit))
        if size != 1.0:
            values[field] = values[field] * size
    columns = replace(columns, values=values)
    shapes = ragged_of(np.asarray(data.frame.geometry.array, dtype=object), declared.geometry)
    called = FeatureNames(None, names_of(columns, declared.name_field))
    return Subject(name, declared, shapes, columns, called, crs, standard, secrecy=data.secrecy)


def names_of(columns: Columns, field: str) -> list[Any] | None:
    """Return what features are called; None where nothing names them."""
    return columns.values[field].tolist() if field in columns.values else None


def boundary_of(project: Project, info: LayerInfo) -> Any | None:
    """Return the ground that the project's towns cover, in a layer's own system; None where there is none.

    Towns that are only schematic or made up (示意, 演示) bound nothing, nor do they bound themselves.
    """
    import numpy as np
    import shapely

    from layers.crs import transform
    from layers.standing import is_schematic

    towns = [
        layer
        for layer in project.layers_of(BOUNDARY_KIND)
        if layer.uid != info.uid and layer.feature_count and not is_schematic(layer.status)
    ]
    if not towns:
        return None
    shapes = np.asarray(project.read(towns[0].uid, columns=[]).geometry.array, dtype=object)
    valid = shapely.make_valid(shapes[~shapely.is_missing(shapes)], method="structure", keep_collapsed=False)
    union = shapely.union_all(transform(valid, towns[0].crs, info.crs))
    return None if union.is_empty else union
