"""The layers as last read, so that nobody reads them again who has changed nothing."""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from layers.store.database import state
from layers.store.model import LayerInfo
from layers.store.registry import read_layer, read_layers


class LayerList:
    """Remembers a project's layers with the state of the file they were read from.

    Used with the connection lent, by one thread at a time.
    """

    def __init__(self) -> None:
        self._mark: tuple[int, int] | None = None
        self._layers: tuple[LayerInfo, ...] = ()

    def all(self, connection: apsw.Connection) -> tuple[LayerInfo, ...]:
        """Return all layers in drawing order, top first."""
        mark = state(connection)
        if self._mark != mark:
            self._mark, self._layers = mark, read_layers(connection)
        return self._layers

    def one(self, connection: apsw.Connection, uid: str) -> LayerInfo | None:
        """Return one layer; after a change one is asked for much more often than all."""
        if self._mark == state(connection):
            return next((info for info in self._layers if info.uid == uid), None)
        return read_layer(connection, uid)

    def renewed(self, connection: apsw.Connection, changed: Sequence[LayerInfo]) -> LayerList:
        """Return a list for the state of the file now, in which some layers are others."""
        fresh = LayerList()
        by_uid = {info.uid: info for info in changed}
        fresh._mark = state(connection)
        fresh._layers = tuple(by_uid.get(info.uid, info) for info in self._layers)
        return fresh
