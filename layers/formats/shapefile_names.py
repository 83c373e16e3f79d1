"""The full names of a shapefile's fields, kept beside it: ten bytes hold three Chinese characters.

A shapefile written here comes with ``<name>.fields.csv`` (UTF-8 with BOM, so that a spreadsheet shows it);
whoever reads one here gets the full names back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from layers.words import N_, _

NAME_BYTES = 10
SUFFIX = ".fields.csv"
_BYTES_AT_MOST = 1_000_000
_NAMES_AT_MOST = 2_048
_NOT_IN_NAMES = re.compile(r"\W")
_HEADINGS = (N_("Name in the file"), N_("Full name"), N_("Chinese title"))


def short_names(
    columns: Iterable[str], preferred: Mapping[str, str], encoding: str = "UTF-8"
) -> dict[str, str]:
    """Return a name of at most ten bytes for each column whose own is longer or occurs twice.

    Parameters
    ----------
    preferred : mapping
        The data standard's own short names (DLBM, TBMJ) by column.
    encoding : str
        What names are written in: GBK has room for five Chinese characters, UTF-8 for three.
    """
    taken: set[str] = set()
    renamed: dict[str, str] = {}
    for column in columns:
        fits = len(column.encode(encoding, "replace")) <= NAME_BYTES
        short = column if fits else preferred.get(column, column)
        short = _cut(_NOT_IN_NAMES.sub("_", short), NAME_BYTES, encoding)
        number = 1
        base = short
        while short.casefold() in taken:
            number += 1
            short = _cut(base, NAME_BYTES - len(f"_{number}"), encoding) + f"_{number}"
        taken.add(short.casefold())
        if short != column:
            renamed[column] = short
    return renamed


def write_full_names(path: Path, renamed: Mapping[str, str], titles: Mapping[str, str]) -> None:
    """Write the list of names that had to change.

    Parameters
    ----------
    path : Path
        The shapefile; the list lies beside it.
    renamed : mapping
        Name in the file by full name.
    titles : mapping
        Chinese title by full name.
    """
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow([_(heading) for heading in _HEADINGS])
    for full, short in renamed.items():
        lines.writerow([short, full, titles.get(full, "")])
    path.with_name(path.stem + SUFFIX).write_bytes(text.getvalue().encode("utf-8-sig"))


def read_full_names(path: Path | None, columns: Iterable[str]) -> dict[str, str]:
    """Return the full name by name in the file; empty where the list is missing or is another file's.

    A list counts only when each name it holds is a column of the file and the full names differ.
    """
    if path is None or path.stat().st_size > _BYTES_AT_MOST:
        return {}
    try:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        return {}
    pairs = [(row[0], row[1]) for row in rows[1:] if len(row) >= 2]
    found = dict(pairs)
    present = set(columns)
    names = [found.get(column, column) for column in present]
    usable = (
        0 < len(pairs) <= _NAMES_AT_MOST
        and len(found) == len(pairs)
        and set(found) <= present
        and len(set(names)) == len(names)
        and all(full and full != "geometry" for full in found.values())
    )
    return found if usable else {}


def _cut(text: str, size: int, encoding: str) -> str:
    return text.encode(encoding, "replace")[:size].decode(encoding, errors="ignore") or "field"
