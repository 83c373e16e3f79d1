"""The forms a boundary TXT is written in, and by whose records a file is read: declared, not coded."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.errors import UsageError
from layers.locations import resource_path
from layers.words import _

COUNT, AREA, TYPE = "界址点数", "地块面积", "图形属性"
"""Fields of a record that follow from the shape."""

AREA_M2, LABELS = "地块面积（平方米）", "界址点号"
"""Columns that reading adds to the fields of the records."""

_FOLDER = ("formats", "boundary_txt")
_STANDARD = "standard"
_HEADER = (
    ("格式版本号", ""),
    ("数据产生单位", ""),
    ("数据产生日期", ""),
    ("坐标系", "{system}"),
    ("几度分带", "{width}"),
    ("投影类型", "高斯克吕格"),
    ("计量单位", "米"),
    ("带号", "{zone}"),
    ("精度", "{precision}"),
    ("转换参数", ",,,,,,"),
)
LINE_ENDS = {"CRLF": "\r\n", "LF": "\n", "CR": "\r"}


class Form(BaseModel):
    """How a file is written; each field is a switch of the writer under its name.

    Attributes
    ----------
    record : tuple of str
        The fields of a record before the "@", in order; an empty name is an empty token.
    area_unit : str
        ``m2``, ``ha`` or ``mu``.
    encoding : str
        Python's name of it.
    mark : bool
        Begin with a mark of the encoding (BOM).
    decimals : int
        Of coordinates, in metres.
    prefix : bool
        Put the zone number before Y.
    closing : str
        The row that closes a ring bears the ``first`` point's name, the ``next`` one, or is left out
        (``none``).
    label_letter, label_digits, label_scope : str, int, str
        J and 2 make J01; numbers run through a ``plot``, start anew in each ``ring``, or run through the
        ``file``.
    count : str
        界址点数 counts all ``rows`` or the ``vertices``, without closing rows.
    start : str
        ``northwest``: rings begin in the north-west, outer ones clockwise, holes anticlockwise; ``as_is``:
        as the shape has them.
    header : tuple of (key, value)
        ``{system}``, ``{width}``, ``{zone}`` and ``{precision}`` follow from the layer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    source: str
    record: tuple[str, ...]
    area_unit: Literal["m2", "ha", "mu"] = "ha"
    area_decimals: int = Field(4, ge=0, le=9)
    encoding: str = "GB18030"
    mark: bool = False
    line_end: Literal["CRLF", "LF", "CR"] = "CRLF"
    ends_with_line_end: bool = True
    decimals: int = Field(3, ge=0, le=9)
    prefix: bool = True
    closing: Literal["first", "next", "none"] = "first"
    label_letter: str = "J"
    label_digits: int = Field(1, ge=1, le=9)
    label_scope: Literal["plot", "ring", "file"] = "plot"
    count: Literal["rows", "vertices"] = "rows"
    start: Literal["northwest", "as_is"] = "northwest"
    header: tuple[tuple[str, str], ...] = _HEADER

    def switched(self, choices: Mapping[str, Any]) -> Form:
        """Return the form with some switches set otherwise; values may be texts.

        Raises
        ------
        UsageError
            For an unknown switch or value.
        """
        known = set(Form.model_fields) - {"key", "title", "source", "record"}
        unknown = sorted(set(choices) - known)
        if unknown:
            raise UsageError(
                _("Boundary point files have no switch “{name}”.").format(name=unknown[0]),
                remedy=_("Known: {names}").format(names="、".join(sorted(known))),
            )
        try:
            return Form.model_validate(self.model_dump() | dict(choices))
        except ValidationError as error:
            place = str(error.errors()[0]["loc"][0])
            raise UsageError(
                _("“{value}” is no value for “{name}”.").format(value=choices.get(place), name=place),
                details=str(error),
            ) from error


@lru_cache(maxsize=1)
def forms() -> Mapping[str, Form]:
    """Return the declared forms by key, the standard one first."""
    paths = sorted(
        resource_path(*_FOLDER).glob("*.toml"), key=lambda path: (path.stem != _STANDARD, path.stem)
    )
    declared = [
        Form.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in paths
        if path.stem != "fields"
    ]
    return {form.key: form for form in declared}


def form_called(key: str) -> Form:
    """Return a form by its key; the standard one for an empty key.

    Raises
    ------
    UsageError
        When there is none.
    """
    form = forms().get(key or _STANDARD)
    if form is None:
        raise UsageError(
            _("Boundary point files have no form “{name}”.").format(name=key),
            remedy=_("Known: {names}").format(names="、".join(forms())),
        )
    return form


@lru_cache(maxsize=1)
def field_names() -> Mapping[str, tuple[str, ...]]:
    """Return for each field of a record the names under which a layer's columns are taken for it."""
    text = resource_path(*_FOLDER, "fields.toml").read_text(encoding="utf-8")
    return {name: tuple(met_as) for name, met_as in tomllib.loads(text).items()}
