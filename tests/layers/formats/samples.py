"""Small good files of every family that is read, for whoever damages them."""

from __future__ import annotations

import shutil
import zipfile
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
    raster_samples,
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


def packed_files(folder: Path) -> list[Path]:
    """Pack good files of several families, as they are mailed: one in each zip file, and all in one."""
    inside = folder / "inside"
    inside.mkdir()
    written = [
        *boundary_txt_samples.valid_files(inside),
        *gpx_samples.valid_files(inside),
        *drawings_samples.valid_files(inside),
    ]
    packed = []
    for path in written:
        packed.append(folder / f"{path.name}.zip")
        with zipfile.ZipFile(packed[-1], "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, path.name)
    packed.append(vector_family_samples.zipped(folder / "all.zip", inside))
    shutil.rmtree(inside)
    return packed


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
    Family("packed", packed_files),
    Family("rasters", raster_samples.valid_files),
)
