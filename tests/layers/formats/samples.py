"""Small good files of every family that is read, for whoever damages them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.layers.formats import (
    boundary_txt_samples,
    drawings_samples,
    gpx_samples,
    jet_samples,
    kml_samples,
    photos_samples,
    tables_samples,
    vct_samples,
    vector_family_samples,
)


@dataclass(frozen=True)
class Family:
    """A family of files and what writes some good ones into a folder; each has its own stem."""

    key: str
    valid_files: Callable[[Path], list[Path]]


def real_drawings(folder: Path) -> list[Path]:
    """Copy the real DWG files that lie beside the checkout; none where they are not there."""
    return [Path(shutil.copy(path, folder)) for path in sorted(_DRAWINGS.glob("*.dwg"))]


_DRAWINGS = Path(__file__).resolve().parents[4] / "shared" / "data" / "dwg"

FAMILIES: tuple[Family, ...] = (
    Family("boundary_txt", boundary_txt_samples.valid_files),
    Family("tables", tables_samples.valid_files),
    Family("drawings", drawings_samples.valid_files),
    Family("kml", kml_samples.valid_files),
    Family("gpx", gpx_samples.valid_files),
    Family("photos", photos_samples.valid_files),
    Family("dwg", real_drawings),
    Family("vector", vector_family_samples.valid_files),
    Family("vct", vct_samples.valid_files),
    Family("personal_geodatabase", jet_samples.valid_files),
)
