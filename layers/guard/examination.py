"""All that the guard has to say of a layer as it was read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.area import ellipsoidal_area_m2, planar_area_m2
from layers.datums import is_transverse_mercator
from layers.errors import InputError
from layers.formats.model import SourceData
from layers.guard.area_units import is_area_column, judge_area_unit
from layers.guard.coordinates import judge_coordinates
from layers.guard.encodings import ReadText, judge_encoding
from layers.guard.fingerprint import Reference
from layers.guard.model import Candidate, CrsCandidate, Examination, Extent, Verdict
from layers.guard.placing import is_legacy, moved
from layers.guard.sampling import MOST_FEATURES, chosen_rows, sample_points
from layers.guard.standards import class_rules, judge_standard, plain_name
from layers.guard.taken_as import parse_taken_as
from layers.kind import FieldType, Kind
from layers.words import _

if TYPE_CHECKING:
    import pandas as pd

_AREA_UNITS = frozenset({"m2", "ha", "mu", "km2"})


def examine(
    data: SourceData,
    *,
    kind: Kind | None = None,
    reference: Reference | None = None,
    expected: Extent | None = None,
    readings: Sequence[ReadText] = (),
    mapping: Mapping[str, str] | None = None,
) -> Examination:
    """Return all verdicts of a layer; nothing of it is changed.

    Coordinates and areas are judged by up to 2,000 features evenly over the layer's order (and those that lie
    farthest out), codes by all rows.

    Parameters
    ----------
    kind : Kind, optional
        What the layer is to become; it says where codes and areas stand.
    reference : Reference, optional
        Base data of the project to hold the layer against.
    expected : Extent, optional
        Where data is expected; the city where not given.
    readings : sequence of ReadText
        The ways the file's text can be read.
    mapping : mapping, optional
        Column of the file by field of the kind, over what the names say.
    """
    geometry = np.asarray(data.frame.geometry.values, dtype=object)
    crs = judge_coordinates(
        sample_points(geometry), crs=data.crs, stated=data.stated, reference=reference, expected=expected
    )
    columns = [str(column) for column in data.frame.columns if column != data.frame.geometry.name]
    codes, names = class_columns(columns, kind, mapping or {})
    return Examination(
        encoding=judge_encoding(readings),
        crs=crs,
        standard=_standard(data, codes, names),
        units=_units(data, geometry, crs.likeliest, _area_columns(columns, kind, mapping or {})),
        features=len(data.frame),
        sampled=min(len(data.frame), MOST_FEATURES),
        notes=_notes(len(data.frame)),
    )


def class_columns(columns: Sequence[str], kind: Kind | None, mapping: Mapping[str, str]) -> tuple[str, str]:
    """Return the columns with class codes and with the names beside them; empty where there is none."""
    rules = class_rules()
    codes, names = list(rules.code_columns), list(rules.name_columns)
    if kind is not None and not kind.class_field:
        return "", ""
    if kind is not None:
        codes = [mapping.get(kind.class_field, ""), *_known_as(kind, kind.class_field)]
        name_field = kind.class_field.replace("code", "name")
        if kind.has_field(name_field):
            names = [mapping.get(name_field, ""), *_known_as(kind, name_field)]
    return _first(columns, codes), _first(columns, names)


def _known_as(kind: Kind, name: str) -> tuple[str, ...]:
    field = kind.field(name)
    return (field.name, field.alias, *field.met_as)


def _first(columns: Sequence[str], wanted: Sequence[str]) -> str:
    by_name = {plain_name(column): column for column in reversed(columns)}
    return next((by_name[plain_name(each)] for each in wanted if each and plain_name(each) in by_name), "")


def _standard(data: SourceData, codes: str, names: str) -> Verdict[Candidate]:
    if not codes:
        return judge_standard((), column="")
    beside = data.frame[names].tolist() if names and names != codes else None
    return judge_standard(data.frame[codes].tolist(), beside, codes)


def _area_columns(columns: Sequence[str], kind: Kind | None, mapping: Mapping[str, str]) -> list[str]:
    found = [column for column in columns if is_area_column(column)]
    for field in kind.fields if kind is not None else ():
        if field.type is FieldType.NUMBER and field.unit in _AREA_UNITS and kind is not None:
            column = _first(columns, [mapping.get(field.name, ""), *_known_as(kind, field.name)])
            found += [column] if column and column not in found else []
    return found


def _units(
    data: SourceData, geometry: NDArray[Any], taken: CrsCandidate | None, columns: Sequence[str]
) -> tuple[Verdict[Candidate], ...]:
    if taken is None or not columns:
        return ()
    polygons = np.flatnonzero(shapely.get_dimensions(geometry) == 2)
    rows = polygons[chosen_rows(len(polygons))]
    areas = _areas(geometry[rows], taken)
    said = json.loads(data.stated.get("units", "{}"))
    found = (
        judge_area_unit(_values(data.frame[column], rows), areas, column, said.get(column, ""))
        for column in columns
    )
    return tuple(verdict for verdict in found if verdict is not None)


def _values(column: pd.Series[Any], rows: NDArray[np.int64]) -> list[Any]:
    return list(column.iloc[rows])


def _areas(shapes: NDArray[Any], taken: CrsCandidate) -> NDArray[np.float64]:
    """Return areas for telling units apart, whatever the datum; NaN where they cannot be measured."""
    taken_as = parse_taken_as(taken.value)
    try:
        placed = moved(shapes, taken_as)
        if taken_as.crs.is_projected and is_transverse_mercator(taken_as.crs):
            return planar_area_m2(placed, taken_as.crs)
        if not is_legacy(taken_as.crs):
            return ellipsoidal_area_m2(placed, taken_as.crs)
    except InputError:
        # a shape that cannot be measured says nothing of a unit; the import reports it by its row
        return np.full(len(shapes), np.nan)
    return np.full(len(shapes), np.nan)


def _notes(count: int) -> tuple[str, ...]:
    if count <= MOST_FEATURES:
        return ()
    text = _("Coordinates and areas were judged by {sampled} of {count} features, evenly chosen.")
    return (text.format(sampled=MOST_FEATURES, count=count),)
