"""Which encoding the text of a shapefile or a .dbf is in: what the file says, and what its bytes say.

A .dbf names its encoding in a .cpg beside it or in byte 29 of its header (the language driver). Both are
often missing and sometimes wrong: 0x57 says "ANSI", which is Latin-1 in one country and GBK in another, and a
.cpg may have been copied along. So the bytes are read in every encoding that comes into question.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.dbf_table import read_header, text_values
from layers.formats.model import SourceNote
from layers.formats.text_plausibility import plausibility
from layers.words import _

_SAMPLE_BYTES = 4_000_000
_CPG_BYTES = 256
# of the values that are not ASCII, how many may be unreadable in the encoding they are in
_WRONG_AT_MOST = 0.01
# by how much another reading must look better before a file's own word is not believed
_CONTRADICTED_BY = 0.3
_LOOKS_WRITTEN = 0.7
# GB 18030 holds all of GBK and GB 2312: files named after those often use more than they allow
_CODECS = {"GBK": "gb18030", "GB2312": "gb18030", "CP936": "gb18030"}
# dBASE language drivers, as in Visual FoxPro's table of code pages; 0x57 names none
_LANGUAGE_DRIVERS = {
    0x01: "CP437",
    0x02: "CP850",
    0x03: "CP1252",
    0x13: "CP932",
    0x4D: "GBK",
    0x4E: "CP949",
    0x4F: "Big5",
    0x58: "CP1252",
    0x59: "CP1252",
    0x78: "Big5",
    0x79: "CP949",
    0x7A: "GBK",
    0x7B: "CP932",
    0x86: "CP737",
    0xC8: "CP1250",
    0xC9: "CP1251",
    0xCA: "CP1254",
    0xCB: "CP1253",
}
_ANSI = 0x57
_DETECTED = ("UTF-8", "GB18030", "Big5", "CP1252")
# only these stand against what a file says of itself
_BELIEVED = ("UTF-8", "GB18030")
_CODE_PAGES = {"65001": "UTF-8", "936": "GBK", "950": "Big5", "54936": "GB18030", "88591": "ISO-8859-1"}


@dataclass(frozen=True)
class EncodingCandidate:
    """A reading of a file's text.

    Attributes
    ----------
    stated : bool
        The file itself names this encoding.
    sample : str
        A line of the file in this encoding, one with characters that are not ASCII.
    score : float
        How much the text looks written, 0 to 1; 0 where it is not valid in this encoding.
    reason : str
        One sentence.
    """

    name: str
    stated: bool
    sample: str
    score: float
    reason: str


@dataclass(frozen=True)
class EncodingVerdict:
    """What text is read with; ``guessed`` where neither file nor caller named it."""

    name: str
    guessed: bool
    stated: str = ""
    notes: tuple[SourceNote, ...] = ()


def encoding_candidates(path: Path) -> tuple[EncodingCandidate, ...]:
    """Return the readings of a .dbf's (or a shapefile's) text, the likeliest first; none where all is ASCII.

    Raises
    ------
    InputError
        When there is no .dbf or its header is damaged.
    """
    lines = _lines(path)
    stated, _word = stated_encoding(path)
    return rank_encodings(lines, stated)


def rank_encodings(lines: Sequence[Sequence[bytes]], stated: str = "") -> tuple[EncodingCandidate, ...]:
    """Return the readings of lines of values, the likeliest first; none where all is ASCII.

    Parameters
    ----------
    stated : str
        What the file names; empty for nothing.
    """
    if all(value.isascii() for line in lines for value in line):
        return ()
    shown = next(line for line in lines if not all(value.isascii() for value in line))
    names = dict.fromkeys([stated, *_DETECTED] if stated else _DETECTED)
    found = [_candidate(name, name == stated, lines, shown) for name in names]
    same = {_codec(stated)} if stated else set()
    found = [each for each in found if each.stated or _codec(each.name) not in same]
    return tuple(sorted(found, key=_rank, reverse=True))


def _rank(candidate: EncodingCandidate) -> tuple[float, int]:
    # what the file says is only doubted where another reading is far better, and looks written
    bonus = _CONTRADICTED_BY if candidate.stated and candidate.score > 0 else 0.0
    if not candidate.stated and candidate.name not in _BELIEVED and candidate.name != "CP1252":
        bonus = -_CONTRADICTED_BY
    return candidate.score + bonus, -_DETECTED.index(candidate.name) if candidate.name in _DETECTED else -9


def choose_encoding(path: Path, wanted: str = "") -> EncodingVerdict:
    """Return what to read a shapefile's (or a .dbf's) text with.

    Parameters
    ----------
    wanted : str
        What the caller names; it outranks file and content.

    Raises
    ------
    InputError
        When ``wanted`` is no encoding; when nothing is stated and nothing fits.
    """
    if wanted:
        return EncodingVerdict(known_encoding(wanted), guessed=False)
    stated, word = stated_encoding(path)
    return decide(rank_encodings(_lines(path), stated), stated, word, path)


def decide(candidates: Sequence[EncodingCandidate], stated: str, word: str, path: Path) -> EncodingVerdict:
    """Return the verdict over ranked readings; ``word`` is what the file says, in its own words.

    Raises
    ------
    InputError
        When nothing fits.
    """
    if not candidates:
        return EncodingVerdict(stated or "UTF-8", guessed=False, stated=word)
    best = candidates[0]
    if best.score <= 0.0:
        raise InputError(
            _("The encoding of the text in the file is not stated and cannot be recognised."),
            where=str(path),
            remedy=_("Name it, for instance GBK or UTF-8 (--encoding)."),
        )
    if not stated:
        return EncodingVerdict(best.name, guessed=True, stated=word)
    of_file = next(each for each in candidates if each.stated)
    better = best.name in _BELIEVED and best.score >= _LOOKS_WRITTEN
    # text in another encoding is practically never valid UTF-8
    proven = stated == "UTF-8" and of_file.score > 0.0
    doubted = of_file.score <= 0.0 or (
        better and not proven and best.score - of_file.score > _CONTRADICTED_BY
    )
    if not doubted:
        return EncodingVerdict(stated, guessed=False, stated=word)
    text = _("The file says its text is in {stated}, but it reads as {used}, which was used: “{sample}”.")
    note = SourceNote(
        "encoding.contradicted",
        Severity.WARNING,
        text.format(stated=word, used=best.name, sample=best.sample),
    )
    return EncodingVerdict(best.name, guessed=False, stated=word, notes=(note,))


def stated_encoding(path: Path) -> tuple[str, str]:
    """Return the encoding a shapefile (or a .dbf) states, and in which words; empty where it states none.

    A .cpg outranks the language driver in the header, as in other programs.
    """
    for suffix in (".cpg", ".CPG", ".cst", ".CST"):
        beside = path.with_suffix(suffix)
        if beside.is_file():
            with beside.open("rb") as file:
                word = file.read(_CPG_BYTES).decode("ascii", "replace").strip("\ufeff \r\n\t\0")
            return _named(word), word
    driver = read_header(dbf_of(path)).language_driver
    if driver in (0, _ANSI):
        return "", ""
    return _LANGUAGE_DRIVERS.get(driver, ""), f"LDID 0x{driver:02x}"


def known_encoding(name: str) -> str:
    """Return a name of an encoding that can be read with.

    Raises
    ------
    InputError
        When there is no such encoding.
    """
    known = _named(name)
    if not known:
        raise InputError(
            _("There is no encoding “{name}”.").format(name=name),
            remedy=_("Common are UTF-8, GBK, GB18030 and Big5."),
        )
    return known


def decoded(raw: bytes, name: str, *, fills_field: bool) -> tuple[str, bool]:
    """Return a value as text and whether all of it could be read.

    Parameters
    ----------
    fills_field : bool
        The value is as long as its field: writers cut long text there, in the middle of a character, and what
        is left of that character is dropped.
    """
    codec = _codec(name)
    try:
        return raw.decode(codec), True
    except UnicodeDecodeError as error:
        if fills_field and error.start >= len(raw) - 3:
            return raw[: error.start].decode(codec, "replace"), True
        return raw.decode(codec, "replace"), False


def dbf_of(path: Path) -> Path:
    """Return the .dbf of a shapefile.

    Raises
    ------
    InputError
        When there is none.
    """
    if path.suffix.lower() == ".dbf" and path.is_file():
        return path
    for suffix in (".dbf", ".DBF"):
        if path.with_suffix(suffix).is_file():
            return path.with_suffix(suffix)
    raise InputError(
        _("The shapefile lacks its .dbf: it has shapes but no attributes."),
        where=str(path),
        remedy=_("Put .shp, .shx, .dbf and .prj into one folder under one name."),
    )


def _lines(path: Path) -> list[tuple[bytes, ...]]:
    """Return field names and the text of records; a value cut at the width of its field loses its odd end."""
    dbf = dbf_of(path)
    header = read_header(dbf)
    widths = [field.width for field in header.fields if field.type in "CM"]
    lines: list[tuple[bytes, ...]] = [tuple(field.name for field in header.fields)]
    for values in text_values(dbf, header, _SAMPLE_BYTES):
        # a mark that says: this value fills its field
        lines.append(
            tuple(
                _Filling(value) if len(value) >= width else value
                for value, width in zip(values, widths, strict=True)
            )
        )
    return lines


class _Filling(bytes):
    """A value as long as its field, so possibly cut in the middle of a character."""


def _candidate(
    name: str, stated: bool, lines: Iterable[Sequence[bytes]], shown: Sequence[bytes]
) -> EncodingCandidate:
    texts: list[str] = []
    looked_at = wrong = 0
    for line in lines:
        for value in line:
            if value.isascii():
                continue
            text, whole = decoded(value, name, fills_field=isinstance(value, _Filling))
            looked_at += 1
            wrong += not whole
            texts.append(text)
    valid = wrong <= _WRONG_AT_MOST * looked_at
    score = max(plausibility(texts), 0.01) if valid else 0.0
    sample = " | ".join(decoded(value, name, fills_field=True)[0] for value in shown if value)
    return EncodingCandidate(name, stated, sample[:200], score, _reason(stated, wrong, looked_at, score))


def _reason(stated: bool, wrong: int, looked_at: int, score: float) -> str:
    if score <= 0.0:
        text = _("{wrong} of {count} values cannot be read in it.").format(wrong=wrong, count=looked_at)
    elif score >= _LOOKS_WRITTEN:
        text = _("All is readable and looks like written text.")
    else:
        text = _("Readable, but full of rare characters and signs.")
    return _("Stated by the file. {text}").format(text=text) if stated else text


def _named(word: str) -> str:
    """Return the encoding that a word names: ``UTF-8``, ``936``, ``ANSI 1252``, ``ISO 8859-1``."""
    plain = word.strip().upper()
    number = re.fullmatch(r"(?:ANSI|OEM|CP|WINDOWS|MS)?[ _-]*(\d{3,5})", plain)
    if number:
        digits = number.group(1)
        plain = _CODE_PAGES.get(digits, f"CP{digits}")
    plain = re.sub(r"^(?:ISO[ _-]*)?8859[ _-]?(\d+)$", r"ISO-8859-\1", plain)
    plain = {"UTF8": "UTF-8", "CP936": "GBK", "EUC-CN": "GBK", "GB-18030": "GB18030", "BIG5": "Big5"}.get(
        plain, plain
    )
    try:
        # bytes to text only: codecs such as rot13 are none of a file
        "".encode(_codec(plain))
    except (LookupError, ValueError):  # a name with a zero in it is none either
        return ""
    return plain


def _codec(name: str) -> str:
    return codecs.lookup(_CODECS.get(name.upper(), name)).name if name else ""
