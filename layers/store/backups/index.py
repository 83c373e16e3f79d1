"""The list beside the copies: what each holds, so that it need not be opened; copies are found without it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from layers.store.backups.model import BackupCopy, CopyKind, Summary

INDEX_NAME = "备份目录.json"


class _Entry(BaseModel):
    """One copy, as the list keeps it; it holds as long as size and time of the file are the same."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    taken: datetime
    kind: CopyKind
    reason: str
    size: int
    changed_ns: int
    summary: Summary


class _Index(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    copies: Mapping[str, _Entry] = {}


def read_index(folder: Path) -> dict[Path, BackupCopy]:
    """Return the copies of a folder that the list knows and that are still the same files."""
    try:
        index = _Index.model_validate_json((folder / INDEX_NAME).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        return {}
    known = {}
    for name, entry in index.copies.items():
        path = folder / Path(name).name
        with suppress(OSError):
            stat = path.stat()
            if (stat.st_size, stat.st_mtime_ns) == (entry.size, entry.changed_ns):
                known[path] = BackupCopy(
                    path, entry.taken, entry.kind, entry.reason, entry.size, entry.summary
                )
    return known


def write_index(folder: Path, copies: Mapping[Path, BackupCopy]) -> None:
    """Write the list anew. One that cannot be written costs time when copies are listed, nothing else."""
    entries = {}
    for path, copy in sorted(copies.items()):
        with suppress(OSError):
            stat = path.stat()
            if copy.summary is not None:
                entries[path.name] = _Entry(
                    taken=copy.taken,
                    kind=copy.kind,
                    reason=copy.reason,
                    size=stat.st_size,
                    changed_ns=stat.st_mtime_ns,
                    summary=copy.summary,
                )
    document = {name: entry.model_dump(mode="json") for name, entry in entries.items()}
    draft = folder / f".{INDEX_NAME}.{os.getpid()}.part"
    with suppress(OSError):
        draft.write_text(json.dumps({"copies": document}, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(folder / INDEX_NAME)
    with suppress(OSError):
        draft.unlink(missing_ok=True)
