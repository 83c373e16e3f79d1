"""Bytes of a text file to text: told, marked, or the encoding in which the words make sense."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from layers.errors import InputError
from layers.words import _

_MARKS = ((codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_LE, "UTF-16-LE"), (codecs.BOM_UTF16_BE, "UTF-16-BE"))
_MARK = "\ufeff"
_SAMPLE_BYTES = 4096
# a file with a damaged byte is taken in the encoding in which these can be read
_SIGNS = (
    "属性描述",
    "地块坐标",
    "坐标系",
    "几度分带",
    "投影类型",
    "计量单位",
    "带号",
    "精度",
    "转换参数",
    ",面,",
)
REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class DecodedText:
    """A file's text.

    Attributes
    ----------
    text : str
        Without the mark (BOM); bytes that fit no character are U+FFFD.
    encoding : str
        What it was read with.
    guessed : bool
        Neither the file nor the caller named the encoding, and it makes a difference.
    marked : bool
        A mark (BOM) stood at the beginning.
    """

    text: str
    encoding: str
    guessed: bool
    marked: bool


def decode(data: bytes, told: str = "") -> DecodedText:
    """Decode a file: ``told`` outranks the mark, the mark outranks UTF-8, UTF-8 outranks GB 18030.

    Raises
    ------
    InputError
        When ``told`` names no encoding, or the bytes do not fit it.
    """
    if told:
        return _as_told(data, told)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _whole_units(data, encoding)[len(mark) :].decode(encoding, errors="replace")
            return DecodedText(text, encoding, False, True)
    if data.isascii() and b"\0" not in data:
        return DecodedText(data.decode("ascii"), "UTF-8", False, False)
    wide = _unmarked_utf16(data)
    if wide:
        return DecodedText(_whole_units(data, wide).decode(wide, errors="replace"), wide, True, False)
    return _guessed(data)


def _as_told(data: bytes, told: str) -> DecodedText:
    try:
        codecs.lookup(told)
    except (LookupError, ValueError) as error:
        raise InputError(
            _("“{name}” is not a known encoding.").format(name=told[:40]),
            remedy=_("Name its encoding, for instance GBK or UTF-8 (--encoding)."),
        ) from error
    try:
        text = data.decode(told)
    except (LookupError, UnicodeError, ValueError) as error:
        raise InputError(
            _("The text in the file is not in the encoding it was read with."),
            remedy=_("Name its encoding, for instance GBK or UTF-8 (--encoding)."),
            details=str(error),
        ) from error
    marked = text.startswith(_MARK) or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return DecodedText(text.removeprefix(_MARK), told, False, marked)


def _whole_units(data: bytes, encoding: str) -> bytes:
    """Leave out half a character at the end of a file that was cut off."""
    return data[: len(data) // 2 * 2] if encoding.startswith("UTF-16") else data


def _unmarked_utf16(data: bytes) -> str:
    """Return UTF-16 in the byte order that the zero bytes of its digits and commas show; empty for none."""
    sample = data[:_SAMPLE_BYTES]
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) // 8
    if second > enough and second > 8 * first:
        return "UTF-16-LE"
    if first > enough and first > 8 * second:
        return "UTF-16-BE"
    return ""


def _guessed(data: bytes) -> DecodedText:
    try:
        return DecodedText(data.decode("UTF-8"), "UTF-8", True, False)
    except UnicodeDecodeError:
        readings = [
            DecodedText(data.decode(encoding, errors="replace"), encoding, True, False)
            for encoding in ("GB18030", "UTF-8")
        ]
    # the first of equals: without any of the words it is GB 18030
    return max(readings, key=lambda reading: sum(sign in reading.text for sign in _SIGNS))
