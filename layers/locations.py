"""Where the program's own files lie: declarations beside the code, caches in the user's folder."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_ROOT = Path(__file__).resolve().parent.parent


def resource_path(*parts: str) -> Path:
    """Return the path of a file or folder under ``resources/``.

    Works from a checkout and from a bundle, where ``resources`` lies beside the packages too.
    """
    return _ROOT.joinpath("resources", *parts)


def cache_folder(*parts: str) -> Path:
    """Return the user's local cache folder for derived data, made if it is missing."""
    folder = platformdirs.user_cache_path("zsgis", appauthor=False).joinpath(*parts)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
