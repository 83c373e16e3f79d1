"""Which rows of the shown layers are selected; looked up once, not with every move of a slider."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from layers.drawable_edits import EditedLayer, FeatureLayer, parts_of
from layers.text_arrays import UidColumn
from ui.painting.rings import IntArray

Rows = dict[str, IntArray]


@dataclass(frozen=True, eq=False)
class FoundRows:
    """The rows of some names in a layer, and in the arrays it is made of."""

    names: frozenset[str]
    columns: tuple[UidColumn, ...]
    of_columns: tuple[IntArray, ...]
    rows: IntArray


Found = dict[str, FoundRows]
# so many names are looked up within a frame
_MOST_AT_ONCE = 5_000
# until what the window's turn changed has been painted
_PAINTED_MS = 10
# so many outlines are painted within one
MOST_SELECTED_AT_ONCE = 300


class SelectedRows:
    """Finds the rows of named features."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}
        self._found: Found = {}

    @property
    def count(self) -> int:
        """How many features are named."""
        return sum(len(names) for names in self._names.values())

    def choose(self, selection: Mapping[str, Collection[str]]) -> None:
        """Take note of what is selected: ``zs_uid`` by the layer's uid."""
        self._names = {uid: frozenset(names) for uid, names in selection.items() if names}

    def in_layers(self, layers: Sequence[FeatureLayer]) -> Rows:
        """Return the selected rows of each layer, ascending; names that are not there are passed over."""
        return self.take(self.question(layers)())

    def question(self, layers: Sequence[FeatureLayer]) -> Callable[[], Found]:
        """Return the looking up itself, which may be done by another thread."""
        return partial(_look_up_all, self._names, tuple(layers), self._found)

    def take(self, found: Found) -> Rows:
        """Keep what was found, so that it is not looked up again, and return the rows."""
        self._found = found
        return {uid: one.rows for uid, one in found.items()}


class SelectionSearch(QObject):
    """Finds the rows of a selection: few at once, many in a thread; the newest question alone is answered."""

    found = pyqtSignal(object, object)
    """The layers asked about, and the rows of each (:data:`Rows`)."""
    _answered = pyqtSignal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = SelectedRows()
        self._number = 0
        self._pool: ThreadPoolExecutor | None = None
        self._is_open = True
        self.is_looking = False
        self._answered.connect(self._take)

    def choose(self, selection: Mapping[str, Collection[str]]) -> None:
        """Take note of what is selected: ``zs_uid`` by the layer's uid."""
        self._rows.choose(selection)

    @property
    def is_quick(self) -> bool:
        """Whether the selection is so small that it is found, and painted, within a frame."""
        return self._rows.count <= MOST_SELECTED_AT_ONCE

    def rows_in(self, layers: Sequence[FeatureLayer]) -> Rows:
        """Return the selected rows of layers, looked up here and now."""
        return self._rows.in_layers(layers)

    def find(self, layers: Sequence[FeatureLayer]) -> None:
        """Look the selection up in these layers; the answer is told."""
        self._number += 1
        question = self._rows.question(layers)
        if self._rows.count <= _MOST_AT_ONCE or not self._is_open:
            self._take(self._number, layers, question())
            return
        self.is_looking = True
        # threads take turns: begun at once, it would make this turn of the window several times as long
        QTimer.singleShot(_PAINTED_MS, partial(self._begin, self._number, layers, question))

    def shut_down(self) -> None:
        """End the thread; what is asked from then on is looked up at once."""
        self._is_open = self.is_looking = False
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _begin(self, number: int, layers: Sequence[FeatureLayer], question: Callable[[], Found]) -> None:
        if number != self._number or not self._is_open:
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="zsgis-selected")
        self._pool.submit(self._answer, number, layers, question)

    def _answer(self, number: int, layers: Sequence[FeatureLayer], question: Callable[[], Found]) -> None:
        if number == self._number:
            self._answered.emit(number, layers, question())

    def _take(self, number: int, layers: Sequence[FeatureLayer], found: Found) -> None:
        if number == self._number:
            self.is_looking = False
            self.found.emit(layers, self._rows.take(found))


def _look_up_all(names: Mapping[str, frozenset[str]], layers: Sequence[FeatureLayer], known: Found) -> Found:
    return {
        layer.uid: _look_up(layer, names[layer.uid], known.get(layer.uid))
        for layer in layers
        if layer.uid in names
    }


def _look_up(layer: FeatureLayer, names: frozenset[str], known: FoundRows | None) -> FoundRows:
    # another state of a layer has its features in other rows, another look of it has not
    columns = tuple(own.uids for own in parts_of(layer))
    if known is None or known.names is not names:
        known = FoundRows(names, (), (), np.empty(0, dtype=np.int64))
    if len(columns) == len(known.columns) and all(map(operator.is_, columns, known.columns)):
        return known
    found = tuple(_rows_in(column, names, known) for column in columns)
    rows = found[0]
    if isinstance(layer, EditedLayer):
        rows = np.concatenate([rows[~layer.is_hidden[rows]], found[1] + len(layer.base)])
    return FoundRows(names, columns, found, rows)


def _rows_in(column: UidColumn, names: frozenset[str], known: FoundRows) -> IntArray:
    """Return the rows of names in a column; after an edit most of a layer is as it was."""
    for other, rows in zip(known.columns, known.of_columns, strict=True):
        if other is column:
            return rows
    return column.rows_of(names)
