"""The last hand on a PDF: text that is found again, and what the file says of itself.

Some Chinese fonts map glyphs to Kangxi radicals or spaces to tabs, so that a search for 中山市 fails;
the fonts are left alone and only their tables from glyph to text are put right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf

from ui.sheets.pdf_georeference import georeference
from ui.sheets.pdf_slices import Slice, join_slices
from zsgis.sheets.layout import SheetPage


def plain_text(text: str) -> str:
    """Return text as people type it: radicals as ideographs, control characters and hard spaces as spaces."""
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    if "\u2e80" <= char <= "\u2fdf":
        same = unicodedata.normalize("NFKC", char)
        return _RADICALS.get(char, same)
    if char == "\u00a0" or unicodedata.category(char) == "Cc":
        return " "
    return char


_RADICALS = {
    # radical forms without a compatibility mapping in Unicode, with the ideograph that people type
    "\u2e81": "厂", "\u2e83": "乚", "\u2e84": "乙", "\u2e85": "亻", "\u2e86": "冂", "\u2e87": "几",
    "\u2e88": "刀", "\u2e89": "刂", "\u2e8a": "卜", "\u2e8b": "㔾", "\u2e8c": "小", "\u2e8d": "小",
    "\u2e8e": "兀", "\u2e8f": "尣", "\u2e90": "尢", "\u2e91": "尢", "\u2e92": "巳", "\u2e93": "幺",
    "\u2e94": "彑", "\u2e95": "彐", "\u2e96": "忄", "\u2e97": "心", "\u2e98": "扌", "\u2e99": "攵",
    "\u2e9b": "旡", "\u2e9c": "日", "\u2e9d": "月", "\u2e9e": "歺", "\u2ea0": "民", "\u2ea1": "氵",
    "\u2ea2": "氺", "\u2ea3": "灬", "\u2ea4": "爫", "\u2ea5": "爫", "\u2ea6": "丬", "\u2ea7": "牛",
    "\u2ea8": "犭", "\u2ea9": "王", "\u2eaa": "疋", "\u2eab": "目", "\u2eac": "示", "\u2ead": "礻",
    "\u2eae": "竹", "\u2eaf": "糹", "\u2eb0": "纟", "\u2eb1": "罓", "\u2eb2": "罒", "\u2eb3": "罓",
    "\u2eb4": "罓", "\u2eb5": "网", "\u2eb6": "羊", "\u2eb7": "羊", "\u2eb8": "羊", "\u2eb9": "老",
    "\u2eba": "肀", "\u2ebb": "聿", "\u2ebc": "肉", "\u2ebd": "臼", "\u2ebe": "艹", "\u2ebf": "艹",
    "\u2ec0": "艹", "\u2ec1": "虎", "\u2ec2": "衤", "\u2ec3": "覀", "\u2ec4": "西", "\u2ec5": "见",
    "\u2ec6": "角", "\u2ec7": "角", "\u2ec8": "讠", "\u2ec9": "贝", "\u2eca": "足", "\u2ecb": "车",
    "\u2ecc": "辶", "\u2ecd": "辶", "\u2ece": "辶", "\u2ecf": "阝", "\u2ed0": "钅", "\u2ed1": "長",
    "\u2ed2": "镸", "\u2ed3": "长", "\u2ed4": "门", "\u2ed5": "阜", "\u2ed6": "阝", "\u2ed7": "雨",
    "\u2ed8": "青", "\u2ed9": "韦", "\u2eda": "页", "\u2edb": "风", "\u2edc": "飞", "\u2edd": "食",
    "\u2ede": "食", "\u2edf": "飠", "\u2ee0": "饣", "\u2ee1": "首", "\u2ee2": "马", "\u2ee3": "骨",
    "\u2ee4": "鬼", "\u2ee5": "鱼", "\u2ee6": "鸟", "\u2ee7": "卤", "\u2ee8": "麦", "\u2ee9": "黄",
    "\u2eea": "黾", "\u2eeb": "齐", "\u2eec": "齐", "\u2eed": "齿", "\u2eee": "齿", "\u2eef": "龙",
    "\u2ef0": "龙", "\u2ef1": "龟", "\u2ef2": "龟", "\u2ef3": "龟",
}  # fmt: skip


_POINTS_PER_MM = 72 / 25.4
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")
_MOST_IN_BLOCK = 100


def read_map(stream: bytes) -> dict[bytes, str]:
    """Return a ToUnicode map: glyph code (hexadecimal digits) to text."""
    found: dict[bytes, str] = {}
    for kind, body in _BLOCK.findall(stream):
        if kind == b"bfchar":
            found.update((code.upper(), _text(target)) for code, target in _PAIR.findall(body))
        else:
            for low, high, target, targets in _RANGE.findall(body):
                found.update(_range(low, high, target, targets))
    return found


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", errors="replace")


def _range(low: bytes, high: bytes, target: bytes, targets: bytes) -> Iterator[tuple[bytes, str]]:
    several = _HEX.findall(targets)
    for offset in range(int(high, 16) - int(low, 16) + 1):
        code = f"{int(low, 16) + offset:0{len(low)}X}".encode("ascii")
        if several:
            yield code, _text(several[offset])
        else:
            text = _text(target)
            yield code, text[:-1] + chr(ord(text[-1]) + offset)


def plain_map(stream: bytes) -> bytes:
    """Return a ToUnicode map whose texts are plain; glyph codes and the map's frame stay as they are."""
    pairs = [
        b"<" + code + b"> <" + plain_text(text).encode("utf-16-be").hex().upper().encode("ascii") + b">\n"
        for code, text in sorted(read_map(stream).items())
    ]
    if not pairs:
        return stream
    blocks = [pairs[start : start + _MOST_IN_BLOCK] for start in range(0, len(pairs), _MOST_IN_BLOCK)]
    body = b"".join(b"%d beginbfchar\n%sendbfchar\n" % (len(block), b"".join(block)) for block in blocks)
    head = re.split(rb"\d+\s+beginbf", stream, maxsplit=1)[0]
    tail = stream[stream.rindex(b"endcmap") :]
    return head + body + tail


def _fonts(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font" and "/ToUnicode" in thing:
            yield thing


def finish_pdf(
    path: Path,
    *,
    title: str,
    subject: str,
    creator: str,
    sheets: Sequence[SheetPage],
    parts: Sequence[Sequence[Slice]],
) -> None:
    """Join the parts of each page, make pages exact, place maps on earth, put text maps right, name the file.

    Parameters
    ----------
    path : Path
        The finished PDF; written anew.
    sheets : sequence of SheetPage
        What each page shows. Their sizes count: Qt rounds a page up to whole points, which is 0.16 mm on A3.
    parts : sequence of sequences of Slice
        Of which parts, each written as a page, a page of the finished file is put together.
    """
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        join_slices(pdf, parts)
        for page, sheet in zip(pdf.pages, sheets, strict=True):
            top = float(page.mediabox[3])  # drawing starts at the upper left corner
            width, height = sheet.width_mm * _POINTS_PER_MM, sheet.height_mm * _POINTS_PER_MM
            page.mediabox = pikepdf.Array([0, round(top - height, 3), round(width, 3), top])
            georeference(page, sheet)
        for font in _fonts(pdf):
            font.ToUnicode.write(plain_map(font.ToUnicode.read_bytes()))
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
            metadata["dc:description"] = subject
            metadata["xmp:CreatorTool"] = creator
        pdf.docinfo["/Title"] = title
        pdf.docinfo["/Subject"] = subject
        pdf.docinfo["/Creator"] = creator
        pdf.Root.Lang = pikepdf.String("zh-CN")
        pdf.save(
            path,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
