"""Opening an evidence folder that anybody may have touched: bounded, nothing unpacked to disk."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from layers.errors import InputError
from layers.progress import Progress
from layers.words import _
from zsgis.evidence.model import FORM, FORM_VERSION, MANIFEST, SUMS

MOST_ENTRIES = 100_000
_MOST_DOCUMENT_BYTES = 64_000_000
_CHUNK = 1 << 20
_SUM_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


class EvidenceFile:
    """An evidence folder that is open; made by :func:`open_evidence`."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._archive = archive
        self.names = [info.filename for info in archive.infolist()]

    def sha256(self, name: str, progress: Progress) -> str:
        """Return the SHA-256 of an entry; empty where it is damaged."""
        digest = hashlib.sha256()
        try:
            with self._archive.open(name) as source:
                while chunk := source.read(_CHUNK):
                    progress.step(0.0)
                    digest.update(chunk)
        except _DAMAGED:
            return ""
        return digest.hexdigest()

    def document(self, name: str) -> Any:
        """Return a JSON entry; None where it is missing, damaged or far too large."""
        try:
            return json.loads(self._text(name))
        except (*_DAMAGED, RecursionError):
            return None

    def sums(self) -> dict[str, str]:
        """Return the SHA-256 stated for each entry; empty where the list is missing or damaged."""
        try:
            lines = self._text(SUMS).splitlines()
        except _DAMAGED:
            return {}
        found = [_SUM_LINE.fullmatch(line) for line in lines]
        if any(match is None for match in found):
            return {}
        return {match[2]: match[1] for match in found if match is not None}

    def _text(self, name: str) -> str:
        with self._archive.open(name) as source:
            content = source.read(_MOST_DOCUMENT_BYTES + 1)
        if len(content) > _MOST_DOCUMENT_BYTES:
            raise ValueError(name)
        return content.decode("utf-8-sig")


@contextmanager
def open_evidence(path: Path) -> Iterator[EvidenceFile]:
    """Open an evidence folder.

    Raises
    ------
    InputError
        When the file is missing, no ZIP file, or damaged so that its contents cannot be listed.
    """
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise InputError(
            _("The evidence folder cannot be read: {reason}").format(reason=error.strerror or error),
            where=str(path),
            remedy=_("Check name and place."),
        ) from error
    except _DAMAGED as error:
        raise _unusable(path, _("it is no ZIP file, or its list of contents is damaged")) from error
    with archive:
        if len(archive.infolist()) > MOST_ENTRIES:
            raise _unusable(path, _("it holds more files than an evidence folder can"))
        yield EvidenceFile(path, archive)


def manifest_of(file: EvidenceFile) -> dict[str, Any]:
    """Return what a folder says of itself; empty where it does not say it as this program understands it."""
    found = file.document(MANIFEST)
    if not isinstance(found, dict) or found.get("form") != FORM:
        return {}
    return found if found.get("form_version") == FORM_VERSION else {}


def _unusable(path: Path, reason: str) -> InputError:
    return InputError(
        _("This is no usable evidence folder: {reason}.").format(reason=reason),
        where=str(path),
        remedy=_("Get the file once more from whoever made it."),
    )
