"""Which encoding the text of a DXF is in: what it states, unless its bytes show that this is wrong.

Up to R2004 a drawing states a code page in ``$DWGCODEPAGE`` (ANSI_936 is GBK); from R2007 on text is UTF-8.
Programs that write R12 or state the Western code page while writing Chinese are common.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from layers.errors import InputError
from layers.words import _

_UTF8_FROM = "AC1021"
_CHINESE = "gb18030"
_WESTERN = "cp1252"
_HEADER_BYTES = 200_000
_SAMPLE_LINES = 20_000
# from the first such byte of a line to its end: what stands before is ASCII in every encoding here
_OUTSIDE_ASCII = re.compile(rb"[\x80-\xff][^\r\n\x00]*")
_VERSION = re.compile(rb"\$ACADVER\W+1?\W*(AC\d{4})")
_CODE_PAGE = re.compile(rb"\$DWGCODEPAGE\W+3?\W*([A-Za-z_]*\d{3,5}|[A-Za-z0-9_-]+)")


@dataclass(frozen=True)
class TextEncoding:
    """What the text of a drawing is read with.

    Attributes
    ----------
    name : str
        Python's name of it.
    stated : str
        What the file says, in its own words; empty where it says nothing.
    guessed : bool
        The file says nothing, or something its bytes contradict.
    """

    name: str
    stated: str
    guessed: bool


def text_encoding(data: bytes, chosen: str, texts: bytes | None = None) -> TextEncoding:
    """Return what the text of a DXF is to be read with.

    Parameters
    ----------
    chosen : str
        What the user says; empty for nothing.
    texts : bytes, optional
        The drawing's texts outside ASCII, where not all bytes of the file are text.

    Raises
    ------
    InputError
        When ``chosen`` is no encoding.
    """
    version, page = stated(data)
    said = stated_by(data)
    if chosen:
        return TextEncoding(_known(chosen), said, False)
    declared = "utf-8" if version >= _UTF8_FROM else _codec(page)
    sample = _lines_outside_ascii(data) if texts is None else texts
    if not sample:
        return TextEncoding(declared or _WESTERN, said, False)
    # Chinese in GBK is practically never valid UTF-8, so a text that is valid is UTF-8
    for name in ("utf-8", _CHINESE):
        if _decodes(sample, name) and declared in ("", _WESTERN, "utf-8", _CHINESE):
            return TextEncoding(name, said, name != declared)
    return TextEncoding(declared or _WESTERN, said, not declared)


def stated_by(data: bytes) -> str:
    """Return the encoding that a DXF states, by its version or its code page; empty where it states none."""
    version, page = stated(data)
    return "UTF-8" if version >= _UTF8_FROM else page


def stated(data: bytes) -> tuple[str, str]:
    """Return the version (AC1015 …) and the code page that a DXF states; empty where it does not."""
    head = data[:_HEADER_BYTES]
    version, page = _VERSION.search(head), _CODE_PAGE.search(head)
    return (version.group(1).decode() if version else "", page.group(1).decode() if page else "")


def _codec(page: str) -> str:
    """Return Python's name of a code page as a drawing states it; empty for an unknown one."""
    from ezdxf.tools.codepage import toencoding

    if not page:
        return ""
    digits = re.sub(r"\D", "", page)
    if digits == "936" or page.lower() in ("gb2312", "gbk", "gb18030"):
        return _CHINESE
    name = str(toencoding(page))
    return name if name != _WESTERN or digits == "1252" else ""


def _lines_outside_ascii(data: bytes) -> bytes:
    found = zip(_OUTSIDE_ASCII.finditer(data), range(_SAMPLE_LINES), strict=False)
    return b"\n".join(match.group() for match, _number in found)


def _known(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise InputError(
            _("There is no encoding “{name}”.").format(name=name),
            remedy=_("Name it, for instance GBK or UTF-8 (--encoding)."),
        ) from None
    return _CHINESE if name.lower().replace("-", "") in ("gbk", "gb2312", "cp936") else name


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
