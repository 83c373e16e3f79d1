"""What was typed into a form and is not written yet, kept over a crash in the user's own folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, ValidationError

from zsgis.rescued_edits import ProjectPlace, plain_uid

_MARK_BYTES = 8


class Draft(BaseModel):
    """The unwritten texts of one form.

    Attributes
    ----------
    layer_uid, uids : str, tuple of str
        The features the form is about.
    title : str
        What people call them.
    texts : mapping
        By field, as typed; only fields that were changed.
    project : str
        Where the project lay; the folder writes it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    layer_uid: str
    uids: tuple[str, ...]
    title: str
    texts: dict[str, str]
    project: str = ""


class DraftFolder:
    """Keeps one draft for each layer of each project; safe to call from any one thread at a time.

    A project is told by its identifier and its place: a file copied with a file manager has the identifier of
    the first. Where the file that a draft is about is gone from its place, it was moved: the draft follows.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or platformdirs.user_state_path("zsgis", appauthor=False) / "forms"

    def keep(self, place: ProjectPlace, draft: Draft) -> bool:
        """Write a draft over the layer's one before; tell whether the folder could be written."""
        path = self._path(place, draft.layer_uid)
        fresh = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("w", encoding="utf-8") as file:
                file.write(draft.model_copy(update={"project": str(place.path)}).model_dump_json())
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            return False
        return True

    def drop(self, place: ProjectPlace, layer_uid: str) -> None:
        """Forget the draft of a layer."""
        for path, draft in self._of(place):
            if draft.layer_uid == layer_uid:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    def kept(self, place: ProjectPlace) -> tuple[Draft, ...]:
        """Return the drafts of a project, the latest first, without those that cannot be read."""
        return tuple(draft for _path, draft in self._of(place))

    def _of(self, place: ProjectPlace) -> list[tuple[Path, Draft]]:
        found = []
        for path in self._paths(place):
            try:
                draft = Draft.model_validate_json(path.read_text(encoding="utf-8"))
                written = path.stat().st_mtime_ns
            except (OSError, UnicodeDecodeError, ValidationError):
                continue
            if path.name.startswith(f"{place.name}.") or _was_moved(draft, place):
                found.append((written, path, draft))
        return [(path, draft) for _written, path, draft in sorted(found, key=lambda one: -one[0])]

    def _paths(self, place: ProjectPlace) -> Iterator[Path]:
        with contextlib.suppress(OSError):
            yield from self._folder.glob(f"{plain_uid(place.uid)}.*.json")

    def _path(self, place: ProjectPlace, layer_uid: str) -> Path:
        mark = blake2b(layer_uid.encode(), digest_size=_MARK_BYTES).hexdigest()
        return self._folder / f"{place.name}.{mark}.json"


def _was_moved(draft: Draft, place: ProjectPlace) -> bool:
    """Tell whether a draft's project is no longer where it lay, and its folder can be looked into."""
    lay = Path(draft.project)
    return place.is_file and bool(draft.project) and lay.parent.is_dir() and not lay.exists()
