"""What placemarks say, as columns: words, attributes in the types of their schema, tables of descriptions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.errors import InputError
from layers.formats.kml.document import KmlDocument, Placemark
from layers.formats.kml.html_tables import attributes_in
from layers.formats.object_columns import object_column
from layers.words import _

OWN = ("name", "folder", "description", "time", "begin", "end", "address", "phoneNumber", "snippet")
_STRIPPED = ("name", "time", "begin", "end")
_INTEGERS = ("int", "uint", "short", "ushort")
_FLOATS = ("float", "double")
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}
_MOST_COLUMNS = 1_000
_INT64 = 2**63


@dataclass(frozen=True)
class Columns:
    """Columns of one layer.

    Attributes
    ----------
    values : mapping
        Array of n values by name.
    renamed : mapping
        New name by old name, where an attribute is called like one of the columns of every KML.
    from_tables : tuple of str
        Those that stood in the descriptions' tables.
    untyped : tuple of str
        Those whose schema says number and that are kept as text, as some values are none.
    """

    values: Mapping[str, Any]
    renamed: Mapping[str, str]
    from_tables: tuple[str, ...]
    untyped: tuple[str, ...]


def columns_of(document: KmlDocument, placemarks: Sequence[Placemark], where: str) -> Columns:
    """Return the columns of a layer's placemarks.

    Raises
    ------
    InputError
        When there are more columns than any table has.
    """
    values: dict[str, Any] = {}
    for name in OWN:
        texts = _own(document, placemarks, name)
        if name == "name" or any(texts):
            values[name] = object_column(texts)
    types = _types(document, placemarks)
    tables = [attributes_in(placemark.words.get("description", "")) for placemark in placemarks]
    written = _by_name((placemark.attributes for placemark in placemarks), where)
    renamed: dict[str, str] = {}
    untyped: list[str] = []
    taken = {*OWN, "color", "times", "geometry"}
    for name, texts in written.items():
        new = _free(name, taken)
        taken.add(new)
        if new != name:
            renamed[name] = new
        values[new], typed = _typed(texts, types.get(name, "string"))
        if not typed:
            untyped.append(name)
    shown = []
    for name, texts in _by_name(tables, where).items():
        if name in written and _agree(texts, written[name]):
            continue
        new = _free(name, taken)
        taken.add(new)
        if new != name:
            renamed.setdefault(name, new)
        shown.append(new)
        values[new] = object_column(texts)
    return Columns(values, renamed, tuple(shown), tuple(untyped))


def _own(document: KmlDocument, placemarks: Sequence[Placemark], name: str) -> list[str | None]:
    if name == "folder":
        return [document.folder_path(placemark) or None for placemark in placemarks]
    texts = [placemark.words.get(name) for placemark in placemarks]
    return [text.strip() if text is not None and name in _STRIPPED else text for text in texts]


def _by_name(rows: Iterable[Mapping[str, str]], where: str) -> dict[str, list[str | None]]:
    listed = list(rows)
    names = dict.fromkeys(name for row in listed for name in row)
    if len(names) > _MOST_COLUMNS:
        raise InputError(
            _("The placemarks have more than {count} different attributes.").format(count=_MOST_COLUMNS),
            where=where,
            remedy=_("Have it exported anew with one set of columns."),
        )
    return {name: [row.get(name) for row in listed] for name in names}


def _types(document: KmlDocument, placemarks: Sequence[Placemark]) -> dict[str, str]:
    """Return the type of each attribute; text where schemas differ."""
    found: dict[str, str] = {}
    for schema in dict.fromkeys(placemark.schema for placemark in placemarks):
        for name, kind in document.schemas.get(schema, {}).items():
            found[name] = kind if found.get(name, kind) == kind else "string"
    return found


def _free(name: str, taken: set[str]) -> str:
    new, number = name, 1
    while new in taken:
        number += 1
        new = f"{name}_{number}"
    return new


def _agree(first: list[str | None], second: list[str | None]) -> bool:
    return all(
        one is None or (other is not None and one == " ".join(other.split()))
        for one, other in zip(first, second, strict=True)
    )


def _typed(texts: list[str | None], kind: str) -> tuple[Any, bool]:
    """Return values of a column, and whether they have the type that is stated."""
    read = {**dict.fromkeys(_INTEGERS, _integers), **dict.fromkeys(_FLOATS, _floats), "bool": _truths}.get(
        kind
    )
    if read is None:
        return object_column(texts), True
    values = read([None if text is None or not text.strip() else text.strip() for text in texts])
    return (object_column(texts), False) if values is None else (values, True)


def _integers(texts: list[str | None]) -> Any:
    import pandas as pd

    # 0802 is a code whatever a schema says
    plain = [text for text in texts if text is not None]
    if any(str(_integer(text)) != text.removeprefix("+") for text in plain):
        return None
    numbers = [None if text is None else int(text) for text in texts]
    if any(number is not None and not -_INT64 <= number < _INT64 for number in numbers):
        return None
    if None in numbers:
        return pd.array(numbers, dtype="Int64")
    return np.array(numbers, dtype=np.int64)


def _integer(text: str) -> int | None:
    digits = text.removeprefix("-").removeprefix("+")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def _floats(texts: list[str | None]) -> Any:
    values = np.full(len(texts), np.nan)
    for place, text in enumerate(texts):
        if text is None:
            continue
        try:
            values[place] = float(text)
        except ValueError:
            return None
        if math.isinf(values[place]) or "_" in text:
            return None
    return values


def _truths(texts: list[str | None]) -> Any:
    import pandas as pd

    if any(text is not None and text.lower() not in _TRUTHS for text in texts):
        return None
    return pd.array([None if text is None else _TRUTHS[text.lower()] for text in texts], dtype="boolean")
