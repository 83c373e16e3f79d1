"""What a measured program runs in: folders of its own, its modules compiled as after an installation."""

from __future__ import annotations

import os
from pathlib import Path

FOLDERS = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "APPDATA")
"""The variables that say where a program keeps what is its user's."""


def own_environment(own: Path, compiled: Path) -> dict[str, str]:
    """Return this process's environment for a program with folders of its own.

    Parameters
    ----------
    own : Path
        Where its settings and caches lie.
    compiled : Path
        Where its compiled modules lie; they are made by the first run, also where the environment forbids
        that: whoever installs the program has them.
    """
    environment = os.environ | {name: str(own / name) for name in FOLDERS}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(compiled)
    return environment
