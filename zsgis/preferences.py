"""What the program remembers of its user between two sittings: recent projects, last folder, look."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, ValidationError

from zsgis.editing.settings import EditSettings

_RECENT_KEPT = 8
_COMMANDS_KEPT = 20


class Preferences(BaseModel):
    """The remembered choices. Unknown entries of a newer version are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Literal["zh_CN", "en"] = "zh_CN"
    theme: Literal["system", "light", "dark"] = "system"
    recent: tuple[Path, ...] = ()
    last_folder: Path | None = None
    read_folder: Path | None = None
    tour_seen: bool = False
    recent_commands: tuple[str, ...] = ()
    services_on: tuple[str, ...] = ()
    services_offline: bool = False
    editing: EditSettings = EditSettings()
    databases: tuple[str, ...] = ()
    redline_rules: Path | None = None
    report_template: Path | None = None

    def with_recent(self, project: Path) -> Preferences:
        """Return these preferences with ``project`` first among the recent ones."""
        path = project.absolute()
        others = tuple(known for known in self.recent if known != path)
        return self.model_copy(
            update={"recent": (path, *others)[:_RECENT_KEPT], "last_folder": path.parent},
        )

    def with_read_folder(self, folder: Path) -> Preferences:
        """Return these preferences with the folder that a file was last read from."""
        return self.model_copy(update={"read_folder": folder})

    def with_database(self, url: str) -> Preferences:
        """Return these preferences with the address of a database, which holds no password, first."""
        others = tuple(known for known in self.databases if known != url)
        return self.model_copy(update={"databases": (url, *others)[:_RECENT_KEPT]})

    def with_command(self, key: str) -> Preferences:
        """Return these preferences with a command first among those used lately."""
        others = tuple(known for known in self.recent_commands if known != key)
        return self.model_copy(update={"recent_commands": (key, *others)[:_COMMANDS_KEPT]})

    def without_recent(self, project: Path) -> Preferences:
        """Return these preferences with ``project`` forgotten."""
        return self.model_copy(update={"recent": tuple(p for p in self.recent if p != project)})


class PreferenceStore:
    """Keeps :class:`Preferences` in a JSON file of the user's configuration folder."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or platformdirs.user_config_path("zsgis", appauthor=False) / "preferences.json"
        self._current = self._read()

    @property
    def path(self) -> Path:
        """Where they are kept."""
        return self._path

    @property
    def current(self) -> Preferences:
        """The preferences as they stand."""
        return self._current

    def change(self, preferences: Preferences) -> None:
        """Keep ``preferences``. A folder that cannot be written costs the memory, not the work."""
        self._current = preferences
        text = preferences.model_dump_json(indent=2)
        draft = self._path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(text, encoding="utf-8")
            draft.replace(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)

    def _read(self) -> Preferences:
        try:
            return Preferences.model_validate_json(self._path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValidationError):
            return Preferences()
