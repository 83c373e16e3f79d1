"""Where the arrays of a layer lie in the cache folder, for which state and form of it, and what may go."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from layers.drawable_files import UnreadableFiles, read_description

_BEING_WRITTEN = ".new-"
_ABANDONED_AFTER_S = 3600.0
# The map goes back and forth between coordinate systems and styles.
_OTHER_FORMS_KEPT = 2
_FORM = ("crs", "values")


def short(text: str) -> str:
    """Return a name for a folder: names from a file never become paths as they are."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:24]


def folder_of(layer_place: Path, key: Mapping[str, str]) -> Path:
    """Return where the arrays made from ``key`` lie."""
    return layer_place / short(json.dumps(dict(key), sort_keys=True))


def new_folder(layer_place: Path) -> Path:
    """Return an empty folder for arrays that are being written.

    Raises
    ------
    OSError
        When there is no room or no right to.
    """
    layer_place.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=_BEING_WRITTEN, dir=layer_place))


def put_in_place(fresh: Path, folder: Path) -> None:
    """Give finished arrays their name: a reader never meets half a layer.

    Raises
    ------
    OSError
        When another process was faster, or files still mapped cannot go (Windows).
    """
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)


def earlier_states(layer_place: Path, key: Mapping[str, str]) -> list[tuple[int, Path, dict[str, str]]]:
    """Return the arrays of earlier versions in the same form, the latest first: version, folder, key."""
    wanted = int(key["version"])
    found = [
        (int(other["version"]), folder, other)
        for folder, other in _kept(layer_place)
        if other is not None and _form(other) == _form(key) and other.get("version", "").isdecimal()
    ]
    return sorted((one for one in found if one[0] < wanted), key=lambda one: -one[0])


def remove_others(folder: Path, key: Mapping[str, str], in_use: Path | None = None) -> None:
    """Delete former states of a layer in this form, and all but a few other forms.

    What another process is writing just now stays, and what is ``in_use``.
    """
    forms: list[tuple[float, Path]] = []
    for other, said in _kept(folder.parent):
        if other in (folder, in_use):
            continue
        if said is None or _form(said) == _form(key):
            shutil.rmtree(other, ignore_errors=True)
        else:
            forms.append((_written(other) or 0.0, other))
    for _when, other in sorted(forms)[:-_OTHER_FORMS_KEPT]:
        shutil.rmtree(other, ignore_errors=True)


def _kept(layer_place: Path) -> Iterator[tuple[Path, dict[str, str] | None]]:
    """Return the folders of a layer's arrays with what they are made from; None where they are damaged."""
    try:
        folders = list(layer_place.iterdir())
    except OSError:
        return
    for folder in folders:
        written = _written(folder)
        fresh = written is not None and time.time() - written < _ABANDONED_AFTER_S
        if written is not None and not (folder.name.startswith(_BEING_WRITTEN) and fresh):
            yield folder, _key_in(folder)


def _written(folder: Path) -> float | None:
    try:
        return folder.stat().st_mtime
    except OSError:
        return None


def _key_in(folder: Path) -> dict[str, str] | None:
    if folder.name.startswith(_BEING_WRITTEN):
        return None
    try:
        key: Any = read_description(folder).get("key")
    except UnreadableFiles:
        return None
    return {str(name): str(value) for name, value in key.items()} if isinstance(key, dict) else None


def _form(key: Mapping[str, str]) -> tuple[str | None, ...]:
    return tuple(key.get(name) for name in _FORM)
