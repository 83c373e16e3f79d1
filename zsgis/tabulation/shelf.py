"""The columns of one layer, read when they are asked for and kept; with what was made of them."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.errors import InputError
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.tabulation.columns import Column, ColumnBuilder, Mask, Rows, WordColumn
from zsgis.tabulation.filtering import (
    EXPRESSION_MARK,
    Searched,
    filter_values,
    matching_rows,
    read_wanted,
)
from zsgis.tabulation.ordering import Ranks, sorted_rows, word_ranks
from zsgis.tabulation.shown import ShownField, shown_fields

if TYPE_CHECKING:
    from layers.store.table_reading import LayerKeys, LayerTable

_SHAPES_AT_ONCE = 2_000


class ColumnShelf:
    """Holds what is known of a layer's table; safe to call from several threads.

    The rows are those of the layer when its keys were read: a column that has another number of rows is
    refused.

    Parameters
    ----------
    keys, columns : optional
        What is known already; a column by its field.
    """

    def __init__(
        self,
        table: LayerTable,
        *,
        keys: LayerKeys | None = None,
        columns: Mapping[str, Column] | None = None,
    ) -> None:
        self.table = table
        self.fields = shown_fields(table.info)
        self._by_name = {field.name: field for field in self.fields}
        self._lock = threading.Lock()
        self._reading_keys = threading.Lock()
        self._keys = keys
        self._columns: dict[str, Column] = dict(columns or {})
        self._searched: dict[str, Searched] = {}
        self._ranks: dict[str, Ranks] = {}
        self._orders: dict[tuple[str, bool], Rows] = {}

    def field(self, name: str) -> ShownField:
        """Return how a field is shown."""
        return self._by_name[name]

    @property
    def known_keys(self) -> LayerKeys | None:
        """The keys, once they are read."""
        return self._keys

    @property
    def known_columns(self) -> dict[str, Column]:
        """The columns that are read already."""
        with self._lock:
            return dict(self._columns)

    def keys(self, progress: Progress | None = None) -> LayerKeys:
        """Return the rows' keys."""
        with self._reading_keys:
            if self._keys is None:
                self._keys = self.table.keys(progress)
            return self._keys

    def page(self, rows: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """Return the stored values of a few rows, by row; before the keys are known, of neighbours only."""
        names = [field.name for field in self.fields]
        keys = self._keys
        if keys is None:
            start = min(rows)
            found = self.table.page(start, max(rows) - start + 1, names)
            return {start + number: values[1:] for number, values in enumerate(found)}
        wanted = {int(keys.fids[row]): row for row in rows if row < len(keys.fids)}
        return {wanted[fid]: values[1:] for fid, values in self.table.rows_at(list(wanted), names).items()}

    def columns(self, names: Sequence[str], progress: Progress | None = None) -> list[Column]:
        """Return columns, in the order asked for; all that are missing are read in one pass."""
        reporter = progress or NoProgress()
        known = self.known_columns
        missing = [name for name in dict.fromkeys(names) if name not in known]
        if missing:
            count = len(self.keys(ProgressPart(reporter, 0.0, 0.2)).fids)
            known |= self._read(missing, count, ProgressPart(reporter, 0.2, 1.0))
        return [known[name] for name in names]

    def column(self, name: str, progress: Progress | None = None) -> Column:
        """Return one column."""
        return self.columns((name,), progress)[0]

    def order(self, name: str, *, descending: bool, progress: Progress | None = None) -> Rows:
        """Return the rows in the order of a column; see :func:`sorted_rows`."""
        found = self._orders.get((name, descending))
        if found is None:
            column = self.column(name, progress)
            ranks = self.ranks(name) if isinstance(column, WordColumn) else None
            found = sorted_rows(column, descending=descending, ranks=ranks)
            with self._lock:
                # of earlier orders none is kept: they are large and soon made again
                self._orders = {(name, descending): found}
        return found

    def ranks(self, name: str) -> Ranks:
        """Return the order of a column's words; of numbers there is none."""
        found = self._ranks.get(name)
        if found is None:
            column = self.column(name)
            found = word_ranks(column.words) if isinstance(column, WordColumn) else np.empty(0, np.int32)
            with self._lock:
                self._ranks[name] = found
        return found

    def searched(self, name: str, progress: Progress | None = None) -> Searched:
        """Return a column made ready for searching."""
        found = self._searched.get(name)
        if found is None:
            found = Searched(self.field(name), self.column(name, progress))
            with self._lock:
                self._searched[name] = found
        return found

    def matching(
        self, text: str, names: Sequence[str], *, only_column: bool, progress: Progress | None = None
    ) -> Mask | None:
        """Return which rows match what is typed, in any of the columns; None where nothing is looked for.

        A text that begins with ``=`` is an expression of the filter language and looks in the columns it
        names.

        Raises
        ------
        FilterError
            When the expression cannot be understood.
        """
        reporter = progress or NoProgress()
        if text.lstrip().startswith(EXPRESSION_MARK):
            expression = text.lstrip().removeprefix(EXPRESSION_MARK).strip()
            return self._evaluated(expression, reporter) if expression else None
        wanted = read_wanted(text)
        if wanted is None:
            return None
        self.columns(names, reporter)
        found: Mask = np.zeros(len(self.keys().fids), dtype=bool)
        for number, name in enumerate(names):
            reporter.step(number / len(names))
            found |= matching_rows(wanted, self.searched(name), only_column=only_column)
        return found

    def _evaluated(self, expression: str, progress: Progress) -> Mask:
        from layers.filtering import fields_of, measured, parse

        parsed = parse(expression, fields_of(self.table.info))
        columns = self.columns(parsed.columns, ProgressPart(progress, 0.0, 0.4))
        values: dict[str, Any] = {
            name: filter_values(self.field(name), column)
            for name, column in zip(parsed.columns, columns, strict=True)
        }
        if parsed.measures:
            fids = self.keys().fids
            blocks: dict[str, list[Any]] = {name: [] for name in parsed.measures}
            for start in range(0, len(fids), _SHAPES_AT_ONCE):
                progress.step(0.4 + 0.6 * start / len(fids))
                shapes = self.table.shapes(fids[start : start + _SHAPES_AT_ONCE].tolist())
                for name, part in measured(shapes, self.table.info.crs, parsed.measures).items():
                    blocks[name].append(part)
            values |= {name: np.concatenate([*parts, np.empty(0)]) for name, parts in blocks.items()}
        if not values:
            # a condition on constants holds everywhere or nowhere
            values[""] = np.zeros(len(self.keys().fids))
        found = parsed.matches(values)
        return np.broadcast_to(found, len(self.keys().fids))

    def _read(self, names: Sequence[str], count: int, progress: Progress) -> dict[str, Column]:
        builders = [ColumnBuilder(self.field(name).type) for name in names]
        for block in self.table.blocks(names, progress):
            for builder, values in zip(builders, zip(*block, strict=True), strict=True):
                progress.step(0.0)
                builder.add(values)
        read = {name: builder.finish() for name, builder in zip(names, builders, strict=True)}
        if any(len(column) != count for column in read.values()):
            raise InputError(
                _("Layer “{layer}” was changed meanwhile.").format(layer=self.table.info.name),
                remedy=_("Open its table again."),
            )
        with self._lock:
            # what another thread has read meanwhile stays: its orders and texts belong to it
            for name, column in read.items():
                self._columns.setdefault(name, column)
            return {name: self._columns[name] for name in names}
