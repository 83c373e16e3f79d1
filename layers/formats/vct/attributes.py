"""The rows of a VCT file's tables: values as their fields' types say, odd ones left empty and told."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from layers.formats.vct.head import VctField
from layers.formats.vct.lines import Lines

_WHOLE = ("int", "smallint", "integer", "short", "long")
_DECIMAL = ("float", "double", "numeric", "decimal", "single", "real")
_BIGGEST = 2**63


@dataclass
class VctRows:
    """Rows of one table, by the number of their object.

    Attributes
    ----------
    values : dict
        One value for each field.
    odd_lines : list of int
        Lines whose count of values is not that of the fields; what they hold is left out.
    unread : dict
        Lines by field where a value is not of the field's type; it is left empty.
    """

    fields: Sequence[VctField]
    values: dict[str, list[Any]] = field(default_factory=dict)
    odd_lines: list[int] = field(default_factory=list)
    unread: dict[str, list[int]] = field(default_factory=dict)
    doubled: list[int] = field(default_factory=list)

    def take(self, line: str, separator: str, place: int) -> None:
        """Take over a row: the object's number and the values, or values only, the first being its number."""
        parts = line.split(separator)
        if len(parts) not in (len(self.fields), len(self.fields) + 1):
            self.odd_lines.append(place)
            return
        number = parts[0].strip()
        if number in self.values:
            self.doubled.append(place)
            return
        given = parts[len(parts) - len(self.fields) :]
        row: list[Any] = []
        for described, text in zip(self.fields, given, strict=True):
            value, readable = value_of(text.strip(), described.type)
            row.append(value)
            if not readable:
                self.unread.setdefault(described.name, []).append(place)
        self.values[number] = row


def read_rows(lines: Lines, rows: VctRows | None, separator: str) -> None:
    """Read the rows of a table up to its end; None to pass over them."""
    while (line := lines.next()) is not None:
        word = line.casefold()
        if word == "tableend":
            return
        if word == "attributeend":
            lines.hold(line)
            return
        if rows is not None:
            rows.take(line, separator, lines.number)


def value_of(text: str, kind: str) -> tuple[Any, bool]:
    """Return a value as its field's type says, and whether it is one; an empty text is no value."""
    if not text:
        return None, True
    try:
        if kind.startswith(_WHOLE):
            number = int(text)
            return (number, True) if -_BIGGEST <= number < _BIGGEST else (None, False)
        if kind.startswith(_DECIMAL):
            return float(text), True
        if kind == "date":
            return _date(text), True
    except ValueError:
        return None, False
    return text, True


def is_number(kind: str) -> bool:
    """Tell whether values of a type are numbers with decimals."""
    return kind.startswith(_DECIMAL)


def _date(text: str) -> datetime.date:
    plain = text.split(" ", maxsplit=1)[0].replace("/", "-").replace(".", "-")
    if plain.isdigit() and len(plain) == 8:
        return datetime.date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    year, month, day = plain.split("-")
    return datetime.date(int(year), int(month), int(day))
