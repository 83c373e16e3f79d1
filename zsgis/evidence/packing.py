"""Putting entries into a ZIP file: in order, all with one time, each with its SHA-256."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from layers.progress import Progress

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_MOST_NAME_BYTES = 120
_CHUNK = 1 << 20
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Entry:
    """An entry of the folder: what it holds, in bytes and as SHA-256."""

    sha256: str
    size: int


class Forward:
    """Progress that never goes back, for work of which each part only knows that it goes on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = 0.0

    def step(self, done: float, text: str = "") -> None:
        """Pass on how far the work is, at least as far as it was."""
        self._done = max(self._done, done)
        self._progress.step(self._done, text)


class Packer:
    """Writes entries of one time into an archive; the same entries give the same file.

    Attributes
    ----------
    entries : dict
        What was written, by name, in order.
    moment : datetime
        The time that all entries bear.
    """

    def __init__(self, archive: zipfile.ZipFile, moment: datetime, progress: Progress) -> None:
        self._archive = archive
        self.moment = moment
        self._time = (max(moment.year, 1980), *moment.timetuple()[1:6])
        self._progress = progress
        self.entries: dict[str, Entry] = {}

    def data(self, name: str, content: bytes) -> None:
        """Write an entry."""
        self._progress.step(0.0)
        self._archive.writestr(self._info(name), content, zipfile.ZIP_DEFLATED, 6)
        self.entries[name] = Entry(hashlib.sha256(content).hexdigest(), len(content))

    def text(self, name: str, text: str, *, marked: bool = False) -> None:
        """Write text in UTF-8; ``marked`` by the byte order mark that office programs look for."""
        self.data(name, text.encode("utf-8-sig" if marked else "utf-8"))

    def json(self, name: str, document: Any) -> None:
        """Write a JSON document."""
        self.text(name, json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n")

    def rows(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Write a table as CSV that a spreadsheet opens; no text in it becomes a formula."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        for row in rows:
            writer.writerow([_plain_cell(value) for value in row])
        self.text(name, out.getvalue(), marked=True)

    def file(self, name: str, path: Path) -> Entry:
        """Write a file as it lies, in portions; OSError where it cannot be read."""
        digest, size = hashlib.sha256(), 0
        info = self._info(name)
        info.file_size = path.stat().st_size
        info.compress_type = zipfile.ZIP_DEFLATED
        with path.open("rb") as source, self._archive.open(info, "w") as target:
            while chunk := source.read(_CHUNK):
                self._progress.step(0.0)
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.entries[name] = Entry(digest.hexdigest(), size)
        return self.entries[name]

    def sums(self) -> str:
        """Return the entries so far as ``sha256sum -c`` reads them."""
        return "".join(f"{entry.sha256}  {name}\n" for name, entry in self.entries.items())

    def _info(self, name: str) -> zipfile.ZipInfo:
        if name in self.entries:
            raise ValueError(f"{name} stands in the folder already")
        info = zipfile.ZipInfo(name, self._time)
        info.create_system = _UNIX
        info.external_attr = _PLAIN_FILE
        return info


def safe_name(text: str) -> str:
    """Return a text as part of a name that every system can write."""
    plain = _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", text))
    short = plain.encode("utf-8", errors="replace")[:_MOST_NAME_BYTES].decode(errors="ignore").strip(" .")
    return f"_{short}" if not short or _RESERVED.fullmatch(short) else short


def _plain_cell(value: object) -> object:
    """Return a cell; a text that a spreadsheet would compute is led by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA) and not _is_number(value):
        return f"'{value}"
    return value


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True
