"""A layer's features as an analysis reads them: shapes, names and the columns it asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.errors import InputError
from layers.kinds import kind
from layers.words import _
from zsgis.analysis.zone_names import called

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_M2_PER = {"m2": 1.0, "": 1.0, "ha": 10_000.0, "mu": 2000.0 / 3.0}


@dataclass(frozen=True)
class Features:
    """The features of one layer, in the order in which it holds them.

    Attributes
    ----------
    uids : tuple of str, length n
    names : tuple of str, length n
        A feature without a name of its own is called by its place in the layer.
    geometry : ndarray of object, shape (n,)
        In ``crs``, which may be geographic; None where a feature has no shape.
    columns : mapping of str to ndarray of object, shape (n,)
        The columns asked for that the layer has, by field name; None where there is no value, NaN included.
    """

    layer_uid: str
    layer_name: str
    kind: str
    uids: tuple[str, ...]
    names: tuple[str, ...]
    geometry: NDArray[np.object_]
    crs: pyproj.CRS
    columns: Mapping[str, NDArray[np.object_]]

    def __len__(self) -> int:
        return len(self.uids)

    def present(self, field: str) -> bool:
        """Tell whether the layer has this field."""
        return field in self.columns

    def holds(self, field: str) -> bool:
        """Tell whether any feature has a value in this field."""
        return any(value is not None for value in self.columns.get(field, ()))

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a column as text without blanks, days as 2026-01-31; empty without a value or field."""
        if field not in self.columns:
            return ("",) * len(self)
        return tuple(_text(value) for value in self.columns[field])

    def numbers(self, field: str) -> NDArray[np.float64]:
        """Return a column as numbers, shape (n,); NaN where there is none, no such field, or no number."""
        out = np.full(len(self), np.nan)
        for place, value in enumerate(self.columns.get(field, ())):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                out[place] = value
        return out

    def areas_m2(self, field: str) -> NDArray[np.float64]:
        """Return a recorded area in m2 from the unit its kind declares, shape (n,); NaN for none."""
        unit = kind(self.kind).field(field).unit if kind(self.kind).has_field(field) else "m2"
        return self.numbers(field) * _M2_PER[unit]

    def taken(self, places: Sequence[int]) -> Features:
        """Return some of the features, in the order of ``places``."""
        chosen = list(places)
        return replace(
            self,
            uids=tuple(self.uids[place] for place in chosen),
            names=tuple(self.names[place] for place in chosen),
            geometry=self.geometry[chosen],
            columns={name: values[chosen] for name, values in self.columns.items()},
        )

    def where(self, field: str, values: Sequence[str]) -> Features:
        """Return the features with one of these values in a field; all of them for an empty field."""
        if not field:
            return self
        return self.taken([place for place, value in enumerate(self.texts(field)) if value in values])

    def sources(self, places: Sequence[int] | NDArray[np.int64]) -> dict[str, tuple[str, ...]]:
        """Return some features, by their places, as a row or a finding names what stands behind it."""
        # without a step of Python's own for each: a total names half a million
        named = np.asarray(places, dtype=np.int64).tolist()
        return {self.layer_uid: tuple(map(self.uids.__getitem__, named))}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value).strip()


def read_features(
    project: Project, info: LayerInfo, fields: Sequence[str] = (), required: Sequence[str] = ()
) -> Features:
    """Read a layer's shapes, names and the columns asked for.

    Parameters
    ----------
    fields : sequence of str
        Columns that may be missing.
    required : sequence of str
        Columns without which the analysis cannot be made.

    Raises
    ------
    InputError
        Names the layer and the required field that it does not have.
    """
    declared, present = kind(info.kind), {field.name for field in info.fields}
    for name in required:
        if name not in present:
            raise _missing(info, name)
    wanted = dict.fromkeys((*required, *fields, declared.name_field))
    with np.errstate(invalid="ignore"):  # a coordinate that is no number is refused by name where it is cut
        frame = project.read(info.uid, columns=[name for name in wanted if name in present])
    columns = {name: _values(frame[name]) for name in wanted if name in frame}
    named = columns.get(declared.name_field, np.full(len(frame), None, dtype=object))
    return Features(
        layer_uid=info.uid,
        layer_name=info.name,
        kind=info.kind,
        uids=tuple(map(str, frame.index.tolist())),
        names=called(named),
        geometry=np.array(frame.geometry.array, dtype=object),
        crs=info.crs,
        columns=columns,
    )


def _values(column: Any) -> NDArray[np.object_]:
    values = np.array(column, dtype=object)
    values[column.isna().to_numpy()] = None
    return values


def _missing(info: LayerInfo, name: str) -> InputError:
    declared = kind(info.kind)
    title = declared.field(name).alias if declared.has_field(name) else name
    return InputError(
        _("Layer “{layer}” has no field “{title}” ({field}).").format(
            layer=info.name, title=title, field=name
        ),
        remedy=_("Import it again and say which column holds it (--map {field}=COLUMN).").format(field=name),
    )
