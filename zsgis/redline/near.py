"""The features near a red line, and nothing else of a layer: what they are, and their fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.classification import STANDARDS, Standard, custom_standard, standard
from layers.crs import transform
from layers.kinds import kind
from layers.progress import NoProgress, Progress
from zsgis.redline.boundary import Boundary
from zsgis.redline.model import LayerUsed

if TYPE_CHECKING:
    import pyproj

    from layers.store import LayerInfo, Project

# an edge that is straight in one system bends in another: by less than 1 mm on this length
_STRAIGHT_M = 300.0
_MARGIN_M = 1.0
_METRES_PER_DEGREE = 111_000.0
# features between two looks at whether to stop
_STEP = 2_000


@dataclass(frozen=True, eq=False)
class Near:
    """Features of a layer whose box meets the red line's.

    Attributes
    ----------
    geometry : ndarray of object, shape (n,)
        In the layer's own system; None for none.
    values : mapping of str to tuple of str, length n
        The fields asked for, as text without blanks around; empty for no value.
    """

    info: LayerInfo
    uids: tuple[str, ...]
    geometry: NDArray[np.object_]
    values: Mapping[str, tuple[str, ...]]
    sha256: str

    def take(self, chosen: NDArray[np.bool_]) -> Near:
        """Return some of the features; the fingerprint stays that of what was read."""
        places = np.flatnonzero(chosen).tolist()
        return Near(
            self.info,
            tuple(self.uids[place] for place in places),
            self.geometry[chosen],
            {name: tuple(column[place] for place in places) for name, column in self.values.items()},
            self.sha256,
        )

    def used(self, of: Standard | None) -> LayerUsed:
        """Return the layer as a section names it."""
        info = self.info
        return LayerUsed(
            uid=info.uid,
            name=info.name,
            kind=info.kind,
            version=info.version,
            feature_count=info.feature_count,
            read=len(self.uids),
            sha256=self.sha256,
            crs=info.crs,
            standard=info.standard,
            standard_title="" if of is None else of.short_title or of.title,
            demo=info.demo,
            status=info.status,
            secrecy=info.secrecy,
        )


def bounds_in(boundary: Boundary, crs: pyproj.CRS) -> tuple[float, float, float, float]:
    """Return west, south, east, north of a red line in another system, a metre wider.

    Raises
    ------
    CrsError
        When the system cannot be reached without guessing.
    """
    metric = boundary.crs.is_projected
    shape = shapely.segmentize(boundary.geometry, _STRAIGHT_M if metric else _STRAIGHT_M / _METRES_PER_DEGREE)
    moved = transform(np.array([shape], dtype=object), boundary.crs, crs)[0]
    west, south, east, north = (float(value) for value in shapely.bounds(moved))
    margin = _MARGIN_M if crs.is_projected else _MARGIN_M / _METRES_PER_DEGREE
    return west - margin, south - margin, east + margin, north + margin


def read_near(
    project: Project,
    info: LayerInfo,
    boundary: Boundary,
    fields: Sequence[str],
    progress: Progress | None = None,
) -> Near:
    """Read what lies near the red line, by the layer's spatial index.

    Parameters
    ----------
    fields : sequence of str
        Columns wanted; one that the layer does not have is read as empty.

    Raises
    ------
    CrsError
        When the layer's system cannot be reached without guessing.
    GeometryError
        When a shape cannot be read.
    """
    progress = progress or NoProgress()
    present = {field.name for field in info.fields}
    wanted = [name for name in dict.fromkeys(fields) if name in present]
    frame = project.read(info.uid, columns=wanted, bounds=bounds_in(boundary, info.crs))
    progress.step(0.5)
    uids = tuple(str(uid) for uid in frame.index)
    geometry = np.array(frame.geometry.array, dtype=object)
    texts = {name: _texts(frame[name]) for name in wanted}
    values = {name: texts.get(name, ("",) * len(uids)) for name in dict.fromkeys(fields)}
    return Near(info, uids, geometry, values, _fingerprint(info, uids, geometry, texts, progress))


def _texts(column: Any) -> tuple[str, ...]:
    values = column.to_numpy(dtype=object, na_value=None)
    return tuple("" if value is None else str(value).strip() for value in values)


def _fingerprint(
    info: LayerInfo,
    uids: Sequence[str],
    geometry: NDArray[np.object_],
    texts: Mapping[str, Sequence[str]],
    progress: Progress,
) -> str:
    """Return SHA-256 over the system and each feature's uid, shape and values; order does not count."""
    shapes = shapely.to_wkb(geometry)
    sums = []
    for place, uid in enumerate(uids):
        if place % _STEP == 0:
            progress.step(0.6 + 0.4 * place / len(uids))
        digest = hashlib.sha256(uid.encode())
        digest.update(b"-" if shapes[place] is None else shapes[place])
        for name in sorted(texts):
            digest.update(f"\0{name}\0{texts[name][place]}".encode())
        sums.append(digest.digest())
    total = hashlib.sha256(info.crs.to_wkt().encode())
    total.update(b"".join(sorted(sums)))
    return total.hexdigest()


def standard_near(near: Near) -> Standard | None:
    """Return the land classification of a layer; of the codes near where it states none, None for no classes.

    A layer's codes are never taken for those of a standard it does not state.
    """
    declared = kind(near.info.kind)
    if not declared.class_field:
        return None
    stated = near.info.standard
    if stated in STANDARDS and stated != "custom":
        return standard(stated)
    empty = custom_standard(())
    codes = [empty.normalise(value) for value in near.values.get(declared.class_field, ())]
    names = dict(zip(codes, near.values.get("class_name", ("",) * len(codes)), strict=True))
    return custom_standard(codes, {code: name for code, name in names.items() if code and name})
