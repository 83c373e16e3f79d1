"""What the user has said about copies: where they lie and how many are kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ConfigDict, ValidationError

from layers.store.backups import BackupRule, usual_rule
from layers.store.backups.places import BackupPlace


class BackupSettings(BaseModel):
    """Folder and rule of copies.

    Attributes
    ----------
    folder : Path or None
        Where copies go; beside the project where none was chosen.
    secret_allowed : bool
        Whether what is 秘密 or higher may lie in that folder.
    rule : mapping
        Numbers of the rule that were changed, by their names.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    folder: Path | None = None
    secret_allowed: bool = False
    rule: Mapping[str, int] = {}

    @property
    def place(self) -> BackupPlace:
        """Where copies go."""
        return BackupPlace(self.folder, self.secret_allowed)

    @property
    def whole_rule(self) -> BackupRule:
        """The rule with what was changed; numbers that cannot be are as usual."""
        usual = usual_rule().model_dump()
        known = {name: number for name, number in self.rule.items() if name in usual}
        try:
            return BackupRule.model_validate({**usual, **known})
        except ValidationError:
            return usual_rule()


class BackupSettingsStore:
    """Keeps :class:`BackupSettings` in a JSON file of the user's configuration folder."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or platformdirs.user_config_path("zsgis", appauthor=False) / "backups.json"

    def read(self) -> BackupSettings:
        """Return what was said; the usual where nothing was, or where it cannot be read."""
        try:
            return BackupSettings.model_validate_json(self._path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, ValidationError):
            return BackupSettings()

    def write(self, settings: BackupSettings) -> None:
        """Keep settings. A folder that cannot be written costs the memory, not the work."""
        draft = self._path.with_suffix(f".{os.getpid()}.tmp")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(settings.model_dump_json(indent=2), encoding="utf-8")
            draft.replace(self._path)
        with suppress(OSError):
            draft.unlink(missing_ok=True)
