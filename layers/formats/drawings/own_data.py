r"""A feature's attributes inside a drawing, so that a drawing written here comes back as it was.

They stand as JSON in the extended data of each line of the feature, under the application ``ZSGIS``, cut into
values of at most 250 bytes. A drawing is made of lines, and some letters of it begin escapes (``\U+4E2D``),
so the JSON holds no line end, no backslash before another sign than ``u`` or ``"``, and no letter that the
drawing's encoding lacks.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ezdxf.entities.dxfentity import DXFEntity

APP_ID = "ZSGIS"
SHAPE, LABEL, FILLING = "shape", "label", "filling"

# CAD programs refuse more extended data on one entity than 16 kB, of all applications together
BYTES_AT_MOST = 15_000
_VALUE_BYTES = 250
_TEXT = 1000
_DATE, _MOMENT = "$date", "$datetime"


@dataclass(frozen=True)
class OwnData:
    """What was kept with an entity.

    Attributes
    ----------
    role : str
        :data:`SHAPE`, :data:`LABEL` or :data:`FILLING`.
    feature, part, ring : int
        Which feature, which of its parts, which ring of the part (0 is the outer one); all from 0.
    pieces : int
        How many entities the feature's shape is made of.
    multiple : bool
        Its shape is a collection, even where that has one part.
    values : mapping
        Attributes; only at the first piece.
    """

    role: str
    feature: int
    part: int = 0
    ring: int = 0
    pieces: int = 1
    multiple: bool = False
    values: Mapping[str, Any] | None = None


def tags_of(data: OwnData, encoding: str) -> list[tuple[int, str]]:
    """Return the tags that hold the data.

    Parameters
    ----------
    encoding : str
        The drawing's.

    Raises
    ------
    ValueError
        When it is more than an entity may carry.
    """
    body: dict[str, Any] = {
        "role": data.role,
        "at": [data.feature, data.part, data.ring, data.pieces, int(data.multiple)],
    }
    if data.values is not None:
        body["values"] = {name: _plain(value) for name, value in data.values.items()}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return text_tags(text, encoding)


def text_tags(json_text: str, encoding: str) -> list[tuple[int, str]]:
    """Return a JSON text, or one without signs that JSON escapes, as tags; errors as :func:`tags_of`."""
    pieces = _cut(_escaped(json_text, encoding), encoding)
    if sum(len(piece.encode(encoding)) + 4 for piece in pieces) > BYTES_AT_MOST:
        raise ValueError("more extended data than an entity may carry")
    return [(_TEXT, piece) for piece in pieces]


def text_of(entity: DXFEntity) -> str:
    """Return the text that :func:`text_tags` put with an entity; empty where none is."""
    if not entity.has_xdata(APP_ID):
        return ""
    return "".join(str(tag.value) for tag in entity.get_xdata(APP_ID) if tag.code == _TEXT)


def data_of(entity: DXFEntity) -> OwnData | None:
    """Return what is kept with an entity; None where nothing, or nothing whole, is."""
    text = text_of(entity)
    if not text:
        return None
    try:
        body = json.loads(text)
        feature, part, ring, pieces, multiple = (int(number) for number in body["at"])
        values = body.get("values")
        return OwnData(
            role=str(body["role"]),
            feature=feature,
            part=part,
            ring=ring,
            pieces=pieces,
            multiple=bool(multiple),
            values=None if values is None else {str(k): _restored(v) for k, v in values.items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime.datetime):
        # the missing moment of pandas is a datetime too
        return None if str(value) == "NaT" else {_MOMENT: value.isoformat()}
    if isinstance(value, datetime.date):
        return {_DATE: value.isoformat()}
    if hasattr(value, "item"):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return None if str(value) in ("<NA>", "NaT") else str(value)


def _restored(value: Any) -> Any:
    if isinstance(value, dict):
        if _DATE in value:
            return datetime.date.fromisoformat(value[_DATE])
        if _MOMENT in value:
            return datetime.datetime.fromisoformat(value[_MOMENT])
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _escaped(text: str, encoding: str) -> str:
    text = text.replace("\\\\", "\\u005c")
    return "".join(sign if _fits(sign, encoding) else json.dumps(sign)[1:-1] for sign in text)


def _fits(sign: str, encoding: str) -> bool:
    # some programs read a caret as the beginning of a control sign; others end lines at these
    if sign == "^" or not sign.isprintable():
        return False
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _cut(text: str, encoding: str) -> list[str]:
    pieces: list[str] = []
    piece: list[str] = []
    size = 0
    for sign in text:
        width = len(sign.encode(encoding))
        if size + width > _VALUE_BYTES:
            pieces.append("".join(piece))
            piece, size = [], 0
        piece.append(sign)
        size += width
    return [*pieces, "".join(piece)]
