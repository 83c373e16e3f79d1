"""What photos say, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from layers.formats.object_columns import object_column
from layers.formats.photos.photo import Photo

COLUMNS = (
    "file",
    "path",
    "taken_at",
    "gps_time",
    "direction_deg",
    "direction_from",
    "altitude_m",
    "accuracy_m",
    "width",
    "height",
    "orientation",
    "sha256",
)


def columns_of(photos: Sequence[Photo], folder: Path) -> dict[str, Any]:
    """Return :data:`COLUMNS`; NaN, None or NA where a photo does not say."""
    import pandas as pd

    def texts(name: str) -> Any:
        return object_column([(getattr(one.facts, name) if one.facts else "") or None for one in photos])

    def numbers(name: str) -> Any:
        found = [getattr(one.facts, name) if one.facts else None for one in photos]
        return np.array([np.nan if value is None else value for value in found], dtype=np.float64)

    def counts(name: str) -> Any:
        return pd.array([getattr(one.facts, name) if one.facts else None for one in photos], dtype="Int64")

    direction = numbers("direction_deg")
    north = [
        one.facts.direction_from if one.facts and one.facts.direction_deg is not None else None
        for one in photos
    ]
    return {
        "file": object_column([one.path.name for one in photos]),
        "path": object_column([_relative(one.path, folder) for one in photos]),
        "taken_at": texts("taken_at"),
        "gps_time": texts("gps_time"),
        "direction_deg": direction,
        "direction_from": object_column(north),
        "altitude_m": numbers("altitude_m"),
        "accuracy_m": numbers("accuracy_m"),
        "width": counts("width"),
        "height": counts("height"),
        "orientation": counts("orientation"),
        "sha256": object_column([one.sha256 or None for one in photos]),
    }


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
