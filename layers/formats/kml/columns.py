"""What placemarks say, as columns: words, attributes in the types of their schema, tables of descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.errors import InputError
from layers.formats.kml.document import KmlDocument, Placemark
from layers.formats.kml.html_tables import attributes_in
from layers.formats.object_columns import object_column
from layers.formats.xml_columns import typed_column
from layers.words import _

OWN = ("name", "folder", "description", "time", "begin", "end", "address", "phoneNumber", "snippet")
_STRIPPED = ("name", "time", "begin", "end")
_MOST_COLUMNS = 1_000
_OUR_KEY = "zs_uid"


@dataclass(frozen=True)
class Columns:
    """Columns of one layer.

    Attributes
    ----------
    values : mapping
        Array of n values by name.
    renamed : mapping
        New name by old name, where an attribute is called like one of the columns of every KML.
        In files of our own writing, and where the word is empty throughout, the attribute keeps its name.
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
    types = _types(document, placemarks)
    tables = [attributes_in(placemark.words.get("description", "")) for placemark in placemarks]
    written = _by_name((placemark.attributes for placemark in placemarks), where)
    words = {name: _own(document, placemarks, name) for name in OWN}
    given_way = {name for name, texts in words.items() if name in written and _gives_way(texts, written)}
    values: dict[str, Any] = {
        name: object_column(texts)
        for name, texts in words.items()
        if name not in given_way and (name == "name" or any(texts))
    }
    renamed: dict[str, str] = {}
    untyped: list[str] = []
    taken = {*OWN, "color", "times", "geometry"} - given_way
    for name, texts in written.items():
        new = _free(name, taken)
        taken.add(new)
        if new != name:
            renamed[name] = new
        values[new], typed = typed_column(texts, types.get(name, "string"))
        if not typed:
            untyped.append(name)
    for name in sorted(given_way):
        if not _agree(words[name], written[name]):
            new = _free(name, taken)
            taken.add(new)
            values[new] = object_column(words[name])
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


def _gives_way(words: list[str | None], written: Mapping[str, list[str | None]]) -> bool:
    """Tell whether a placemark's own word leaves its name to an attribute: it is empty, or a label of ours.

    Elsewhere the word is what people see, and the attribute of the same name gets another.
    """
    return not any(words) or _OUR_KEY in written


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
