"""Features whose fields fulfil a filter; columns once read are kept, so that it answers as it is typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from layers.filtering import Filter, Values, measured, prepared
from layers.progress import NoProgress, Progress, ProgressPart

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from layers.store.table_reading import LayerKeys

_SHAPES_AT_ONCE = 4_000
_KEYS_SHARE = 0.3


class LayerColumns:
    """The columns of one layer, in one version, that filters have asked for; one thread at a time.

    Parameters
    ----------
    info : LayerInfo
        Who asks after the layer has changed makes another one.
    """

    def __init__(self, project: Project, info: LayerInfo) -> None:
        self.info = info
        self._table = project.table(info)
        self._types = {field.name: field.type for field in info.fields}
        self._keys: LayerKeys | None = None
        self._columns: dict[str, Values] = {}

    def matches(self, question: Filter, progress: Progress | None = None) -> NDArray[np.bool_]:
        """Return which features match, in the order in which the file holds them.

        Raises
        ------
        CrsError, GeometryError
            When a filter asks for measures that the layer's shapes do not have.
        JobCancelled
            When the user stopped; columns read so far are kept.
        """
        reporter = progress or NoProgress()
        missing = [name for name in question.columns if name not in self._columns]
        if missing:
            self._columns |= self._read(missing, ProgressPart(reporter, 0.0, 0.5))
        unmeasured = [name for name in question.measures if name not in self._columns]
        if unmeasured:
            self._columns |= self._measure(unmeasured, ProgressPart(reporter, 0.5, 1.0))
        return question.matches(self._columns)

    def uids(self, chosen: NDArray[np.bool_], progress: Progress | None = None) -> frozenset[str]:
        """Return the ``zs_uid`` of chosen features."""
        names = self._known_keys(progress or NoProgress()).uids.names[chosen]
        return frozenset(name.decode("utf-8") for name in names.tolist())

    def _known_keys(self, progress: Progress) -> LayerKeys:
        if self._keys is None:
            self._keys = self._table.keys(progress)
        return self._keys

    def _read(self, names: list[str], progress: Progress) -> dict[str, Values]:
        values: list[list[Any]] = [[] for _name in names]
        for block in self._table.blocks(names, progress):
            for column, found in zip(values, zip(*block, strict=True), strict=True):
                column.extend(found)
        return {
            name: prepared(np.array(column, dtype=object), self._types[name])
            for name, column in zip(names, values, strict=True)
        }

    def _measure(self, names: Iterable[str], progress: Progress) -> dict[str, Values]:
        from layers.kind import FieldType

        fids = self._known_keys(ProgressPart(progress, 0.0, _KEYS_SHARE)).fids
        rest = ProgressPart(progress, _KEYS_SHARE, 1.0)
        found: dict[str, list[NDArray[np.float64]]] = {name: [np.empty(0)] for name in names}
        for start in range(0, len(fids), _SHAPES_AT_ONCE):
            rest.step(start / len(fids))
            shapes = self._table.shapes(fids[start : start + _SHAPES_AT_ONCE].tolist())
            for name, part in measured(shapes, self.info.crs, found).items():
                found[name].append(part)
        return {name: prepared(np.concatenate(parts), FieldType.NUMBER) for name, parts in found.items()}
