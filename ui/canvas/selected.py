"""Which rows of the shown layers are selected; looked up once, not with every move of a slider."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from layers.drawable import DrawableLayer
from layers.text_arrays import UidColumn
from ui.painting.rings import IntArray


class SelectedRows:
    """Finds the rows of named features."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}
        self._found: dict[str, tuple[frozenset[str], UidColumn, IntArray]] = {}

    def choose(self, selection: Mapping[str, Collection[str]]) -> None:
        """Take note of what is selected: ``zs_uid`` by the layer's uid."""
        self._names = {uid: frozenset(names) for uid, names in selection.items() if names}

    def in_layers(self, layers: Sequence[DrawableLayer]) -> dict[str, IntArray]:
        """Return the selected rows of each layer, ascending; names that are not there are passed over."""
        self._found = {
            layer.uid: self._look_up(layer, self._names[layer.uid])
            for layer in layers
            if layer.uid in self._names
        }
        return {uid: rows for uid, (_names, _uids, rows) in self._found.items()}

    def _look_up(
        self, layer: DrawableLayer, names: frozenset[str]
    ) -> tuple[frozenset[str], UidColumn, IntArray]:
        known = self._found.get(layer.uid)
        # another state of a layer has its features in other rows, another look of it has not
        if known is not None and known[0] is names and known[1] is layer.uids:
            return known
        return names, layer.uids, layer.uids.rows_of(names)
