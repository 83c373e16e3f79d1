"""What was typed into a form and is not written yet, kept over a crash in the user's own folder."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, ValidationError


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
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    layer_uid: str
    uids: tuple[str, ...]
    title: str
    texts: dict[str, str]


class DraftFolder:
    """Keeps one draft for each project; safe to call from any one thread at a time."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or platformdirs.user_state_path("zsgis", appauthor=False) / "forms"

    def keep(self, project_uid: str, draft: Draft) -> bool:
        """Write a draft over the one before; tell whether the folder could be written."""
        path = self._path(project_uid)
        fresh = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("w", encoding="utf-8") as file:
                file.write(draft.model_dump_json())
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)
            return False
        return True

    def drop(self, project_uid: str) -> None:
        """Forget the draft of a project."""
        with contextlib.suppress(OSError):
            self._path(project_uid).unlink(missing_ok=True)

    def kept(self, project_uid: str) -> Draft | None:
        """Return the draft of a project; None where there is none, or one that cannot be read."""
        try:
            return Draft.model_validate_json(self._path(project_uid).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValidationError):
            return None

    def _path(self, project_uid: str) -> Path:
        plain = "".join(sign for sign in project_uid if sign.isalnum() or sign in "-_")
        return self._folder / f"{plain}.json"
