"""The names and units of a table's columns, out of one or several rows of heading."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

from layers.errors import InputError
from layers.formats.tables.grid import Grid, column_letters, is_blank, shown
from layers.formats.tables.header_rows import HeaderRows, find_header, given_header
from layers.formats.tables.options import TableChoices
from layers.formats.tables.units import fitting_unit, split_unit, stated_units, unit_called
from layers.store.naming import unique_name
from layers.words import _

_BETWEEN_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u9fff\uff00-\uffef])")
_BLANKS = re.compile(r"\s+")
JOINED_BY = "/"


@dataclass(frozen=True)
class TableColumn:
    """A column of the table.

    Attributes
    ----------
    position : int
        In the sheet, from 0.
    name : str
        Without its unit; unique in the table.
    heading : str
        As it stands in the sheet, levels joined.
    unit : str
        ``mu``, ``ha``, ``m2`` … or the sheet's words; empty where none is stated.
    """

    position: int
    name: str
    heading: str
    unit: str = ""


@dataclass(frozen=True)
class Heading:
    """What stands above the data.

    Attributes
    ----------
    title : str
        The texts above the heading.
    renamed : mapping
        New name by the name that occurred before.
    """

    rows: HeaderRows
    columns: tuple[TableColumn, ...]
    title: str
    renamed: dict[str, str]

    def units(self) -> dict[str, str]:
        """Return the units by column."""
        return {column.name: column.unit for column in self.columns if column.unit}

    def stated(self) -> dict[str, str]:
        """Return what is kept with the layer of it."""
        stated = {"first_row": str(self.rows.first_row + 1)}
        if self.rows.header:
            first, last = self.rows.header[0] + 1, self.rows.header[-1] + 1
            stated["header_rows"] = str(first) if first == last else f"{first}-{last}"
        if self.title:
            stated["title"] = self.title
        if units := self.units():
            stated["units"] = json.dumps(units, ensure_ascii=False)
        return stated


def read_heading(grid: Grid, choices: TableChoices) -> Heading:
    """Return names and units of the columns that hold anything.

    Raises
    ------
    InputError
        When the rows that were chosen for the heading lie below the sheet's last.
    """
    if choices.header_rows and choices.header_rows[-1] >= len(grid.rows):
        raise InputError(
            _("The heading was said to stand in row {row}, but the sheet ends in row {last}.").format(
                row=choices.header_rows[-1] + 1, last=len(grid.rows)
            ),
            where=grid.sheet,
            remedy=_("Choose the rows of the heading anew."),
        )
    if choices.header_rows is None and choices.first_row is None:
        rows = find_header(grid)
    elif choices.header_rows is None:
        found = find_header(grid)
        header = tuple(row for row in found.header if row < (choices.first_row or 0))
        rows = given_header(grid, header, choices.first_row)
    else:
        rows = given_header(grid, choices.header_rows, choices.first_row)
    title = "\n".join(
        "  ".join(shown(value) for value in grid.rows[row] if not is_blank(value)) for row in rows.titles
    )
    columns, renamed = _columns(grid, rows, stated_units(title))
    return Heading(rows, columns, title, renamed)


def _columns(
    grid: Grid, rows: HeaderRows, above: tuple[str, ...]
) -> tuple[tuple[TableColumn, ...], dict[str, str]]:
    filled = _filled_header(grid, rows.header)
    used = {
        column
        for row in grid.rows[rows.first_row :]
        for column, value in enumerate(row)
        if not is_blank(value)
    }
    columns: list[TableColumn] = []
    taken = ["geometry"]
    renamed: dict[str, str] = {}
    for position in range(max(grid.width(), 1)):
        parts = filled.get(position, [])
        if position not in used and not parts:
            continue
        name, unit = _name_and_unit(parts)
        name = name or column_letters(position)
        unique = unique_name(name, taken)
        if unique != name:
            renamed[name] = unique
        taken.append(unique)
        heading = JOINED_BY.join(parts)
        columns.append(TableColumn(position, unique, heading, unit or fitting_unit(name, above)))
    return tuple(columns), renamed


def _filled_header(grid: Grid, header: tuple[int, ...]) -> dict[int, list[str]]:
    """Return the texts above each column, top first, merged cells spread over what they cover."""
    texts: dict[tuple[int, int], str] = {}
    for row in header:
        for column, value in enumerate(grid.rows[row] if row < len(grid.rows) else ()):
            if not is_blank(value):
                texts[row, column] = _clean(shown(value))
    for block in grid.blocks:
        text = texts.get((block.top, block.left))
        if text is None:
            continue
        for row in range(block.top, min(block.bottom, header[-1]) + 1):
            for column in range(block.left, min(block.right, grid.width() - 1) + 1):
                texts.setdefault((row, column), text)
    parts: dict[int, list[str]] = {}
    for (_row, column), text in sorted(texts.items()):
        known = parts.setdefault(column, [])
        if not known or known[-1] != text:
            known.append(text)
    return parts


def _name_and_unit(parts: list[str]) -> tuple[str, str]:
    names: list[str] = []
    unit = ""
    for part in parts:
        if names and unit_called(part):
            unit = unit_called(part)
            continue
        name, found = split_unit(part)
        unit = found or unit
        if names and name.startswith(names[-1]):
            names[-1] = name  # 坐标 above 坐标X says nothing more
        elif name:
            names.append(name)
    return JOINED_BY.join(names), unit


def _clean(text: str) -> str:
    return _BLANKS.sub(" ", _BETWEEN_CHINESE.sub("", unicodedata.normalize("NFC", text))).strip()
