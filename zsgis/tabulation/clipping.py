"""Rows as text that a spreadsheet takes from the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from layers.progress import NoProgress, Progress
from zsgis.tabulation.columns import Column, Rows
from zsgis.tabulation.shown import ShownField

_BLOCK_ROWS = 1_000


def tab_separated(
    fields: Sequence[ShownField], columns: Sequence[Column], rows: Rows, progress: Progress | None = None
) -> str:
    """Return rows under their headings, cells parted by tabs; numbers without thousands separators.

    Tabs and line breaks inside a text become blanks, so that every row stays one line. No data is an empty
    cell.
    """
    reporter = progress or NoProgress()
    lines = ["\t".join(_one_line(field.title) for field in fields)]
    numbers = rows.tolist()
    for start in range(0, len(numbers), _BLOCK_ROWS):
        reporter.step(start / len(numbers))
        lines += [
            "\t".join(
                _one_line(field.plain(column.value(number)))
                for field, column in zip(fields, columns, strict=True)
            )
            for number in numbers[start : start + _BLOCK_ROWS]
        ]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split()) if any(mark in text for mark in "\t\r\n") else text
