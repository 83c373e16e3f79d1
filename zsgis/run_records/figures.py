"""Every figure of a run under a key that stays the same from run to run, with its unit; two runs compared."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.words import N_, _
from zsgis.result import NotDerivable, Table
from zsgis.run_records.model import KeptColumn, KeptRow, KeptRun, KeptTable
from zsgis.run_records.sources import rows_kept

FACTS = ""
"""The table of figures outside the tables."""
_UNITS = {"m2": N_("m²"), "ha": N_("ha"), "mu": N_("mu")}

FigureKey = tuple[str, str, str]
"""Table, row, column."""


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes
    ----------
    table, row, column : str
        Key of the table (empty outside tables), texts of the row joined, key of the column.
    title : str
        What the figure is, for people.
    value : object
        A number; text where the column holds text beside its figures; None for not applicable.
    digits : int or None
        As printed.
    place : int
        The row's place in its table.
    """

    table: str
    row: str
    column: str
    title: str
    value: Any
    unit: str
    digits: int | None
    place: int

    @property
    def key(self) -> FigureKey:
        """What it is found under in another run."""
        return self.table, self.row, self.column


@dataclass(frozen=True)
class FigureDifference:
    """A figure that is another in the second run; None stands for a run that does not have it."""

    key: FigureKey
    title: str
    unit: str
    before: Figure | None
    after: Figure | None

    @property
    def change(self) -> float | None:
        """After minus before, where both are numbers."""
        if self.before is None or self.after is None:
            return None
        before, after = self.before.value, self.after.value
        if isinstance(before, (int, float)) and isinstance(after, (int, float)):
            return float(after) - float(before)
        return None


def kept_tables(tables: Sequence[Table]) -> tuple[KeptTable, ...]:
    """Return a result's tables as a record keeps them."""
    return tuple(_kept_table(table) for table in tables)


def _kept_table(table: Table) -> KeptTable:
    digest = hashlib.sha256()
    for row in table.rows:
        plain = {key: _plain(value) for key, value in row.values.items()}
        digest.update(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode())
    kept = rows_kept(table)
    return KeptTable(
        key=table.key,
        title=table.title,
        columns=tuple(
            KeptColumn(
                key=column.key,
                title=_title(column.group, column.title),
                unit=column.unit,
                digits=column.digits,
            )
            for column in table.columns
        ),
        rows=tuple(
            KeptRow(values={key: _plain(value) for key, value in row.values.items()}, role=row.role.value)
            for row in kept
        ),
        left_out=len(table.rows) - len(kept),
        sha256=digest.hexdigest(),
    )


def _title(group: str, title: str) -> str:
    return title if group in ("", title) else f"{group} {title}"


def _plain(value: Any) -> Any:
    """Return a cell as JSON holds it; a number that is none is no data."""
    if isinstance(value, NotDerivable):
        return {"not_derivable": value.reason}
    if isinstance(value, bool) or value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value)


def figures_of(run: KeptRun) -> tuple[Figure, ...]:
    """Return every figure that a run keeps, those of its tables first."""
    return tuple(
        [figure for table in run.tables for figure in table_figures(table)] + list(_facts(run.figures, ()))
    )


def table_figures(table: KeptTable) -> Iterator[Figure]:
    """Yield the figures of one table, row by row."""
    labels = row_labels(table)
    for place, (row, label) in enumerate(zip(table.rows, labels, strict=True)):
        for column in table.columns:
            if column.digits is None or column.key not in row.values:
                continue
            title = " · ".join(part for part in (table.title, label, column.title) if part)
            yield Figure(
                table.key, label, column.key, title, row.values[column.key], column.unit, column.digits, place
            )


def row_labels(table: KeptTable) -> list[str]:
    """Return what each row is called: its first texts, a number behind those that come again."""
    texts = [column.key for column in table.columns if column.digits is None]
    met: Counter[str] = Counter()
    labels = []
    for row in table.rows:
        said = [str(row.values[key]) for key in texts if isinstance(row.values.get(key), str)]
        label = " / ".join(dict.fromkeys(part for part in said[:3] if part))
        met[label] += 1
        labels.append(label if met[label] == 1 else f"{label} #{met[label]}")
    return labels


def _facts(value: Any, path: tuple[str, ...]) -> Iterator[Figure]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _facts(inner, (*path, str(key)))
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            yield from _facts(inner, (*path, _called(inner, number)))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        name = path[-1] if path else ""
        known = _UNITS.get(name.rpartition("_")[2]) if "_" in name else None
        unit = "" if known is None else _(known)
        yield Figure(FACTS, ".".join(path[:-1]), name, ".".join(path), value, unit, None, 0)


def _called(entry: Any, number: int) -> str:
    """Return what an entry of a list is called: the first text in it, else its number."""
    if isinstance(entry, Mapping):
        for value in entry.values():
            if isinstance(value, str) and value:
                return value
    return str(number + 1)


def differences(before: KeptRun, after: KeptRun) -> tuple[FigureDifference, ...]:
    """Return the figures in which two runs differ; those that only the second has come last."""
    old = {figure.key: figure for figure in figures_of(before)}
    new = {figure.key: figure for figure in figures_of(after)}
    found = [
        FigureDifference(key, figure.title, figure.unit, figure, new.get(key))
        for key, figure in old.items()
        if key not in new or not same_value(figure.value, new[key].value)
    ]
    found += [
        FigureDifference(key, figure.title, figure.unit, None, figure)
        for key, figure in new.items()
        if key not in old
    ]
    return tuple(found)


def same_value(one: Any, other: Any) -> bool:
    """Tell whether two figures are the same; facts are unrounded, and their last bits are no difference."""
    if isinstance(one, float) or isinstance(other, float):
        try:
            return math.isclose(float(one), float(other), rel_tol=1e-12, abs_tol=1e-9)
        except (TypeError, ValueError):
            return False
    return bool(one == other)


def changed_unkept(before: KeptRun, after: KeptRun) -> tuple[str, ...]:
    """Return the titles of tables that differ in rows the record did not keep."""
    return tuple(
        table.title
        for table in before.tables
        if table.left_out and (other := after.table(table.key)) is not None and other.sha256 != table.sha256
    )
