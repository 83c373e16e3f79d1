"""Which rule files decided a run, found among the shipped ones and the bureau's own."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from layers.locations import resource_path
from zsgis.run_records.model import KeptRule

_HASHED = re.compile(r"^(?P<words>.*) (?P<sha>[0-9a-f]{12})$")
_MOST_BYTES = 1_000_000


def rule_files_of(rules: Mapping[str, str], parameters: Mapping[str, Any]) -> tuple[KeptRule, ...]:
    """Return those of a run's rules that are files, as the files stand now.

    A run calls a rule file by title, date, status and the first twelve digits of its SHA-256, or without
    them where a layer below the analyses read it; a standard or a formula is no file and is left out.
    """
    files = list(_files(parameters))
    found = []
    for role, words in rules.items():
        hashed = _HASHED.match(words)
        for file in files:
            if hashed is not None and file.sha256.startswith(hashed["sha"]):
                found.append(file.model_copy(update={"role": role}))
                break
            if hashed is None and words == f"{file.title} {file.version} ({file.status})":
                found.append(file.model_copy(update={"role": role}))
                break
    return tuple(found)


def rule_now(kept: KeptRule) -> KeptRule | None:
    """Return the file of a rule as it stands now; None where it is gone or cannot be read."""
    shipped = resource_path("rules", f"{kept.file}.toml")
    file = shipped if shipped.is_file() else Path(kept.file)
    read = _described(file, kept.file)
    return None if read is None else read.model_copy(update={"role": kept.role})


def _files(parameters: Mapping[str, Any]) -> Iterator[KeptRule]:
    own = [value for value in parameters.values() if isinstance(value, str) and value.endswith(".toml")]
    for text in own:
        read = _described(Path(text), text)
        if read is not None:
            yield read
        for beside in sorted(Path(text).parent.glob("*.toml")) if Path(text).is_file() else ():
            if beside != Path(text) and (read := _described(beside, str(beside))) is not None:
                yield read
    for path in sorted(resource_path("rules").glob("*.toml")):
        read = _described(path, path.stem)
        if read is not None:
            yield read


def _described(path: Path, name: str) -> KeptRule | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    if stat.st_size > _MOST_BYTES:
        return None
    return _parsed(path, name, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=128)
def _parsed(path: Path, name: str, _changed: int, _size: int) -> KeptRule | None:
    try:
        data = path.read_bytes()
        head = tomllib.loads(data.decode("utf-8-sig"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError):
        return None
    text = {key: str(head.get(key, "")) for key in ("title", "version", "status", "source")}
    return KeptRule(role="", file=name, sha256=hashlib.sha256(data).hexdigest(), **text)
