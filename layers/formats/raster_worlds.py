"""Files beside a picture that say where it lies: world files and GDAL's own notes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path


def has_position_beside(path: Path, names: Collection[str] | None = None) -> bool:
    """Tell whether a picture has a world file or GDAL's ``.aux.xml`` beside it, in any case of letters.

    Parameters
    ----------
    names : collection of str, optional
        Lower-case names of the files in its folder, where the caller has them; else the folder is read.
    """
    wanted = _names_with_position(path)
    if names is None:
        try:
            names = {one.name.lower() for one in path.parent.iterdir()}
        except OSError:
            return False
    return any(one in names for one in wanted)


def files_beside(rasters: Sequence[Path], paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return which of ``paths`` only say where one of the rasters lies, or in which system."""
    belonging = {
        (raster.parent, name)
        for raster in rasters
        for name in (
            *_names_with_position(raster),
            f"{raster.stem}.prj".lower(),
            f"{raster.name}.ovr".lower(),
        )
    }
    return tuple(path for path in paths if (path.parent, path.name.lower()) in belonging)


def _names_with_position(path: Path) -> set[str]:
    """Return the names, in lower case, of files that would tell where a picture lies."""
    ending = path.suffix.lower().removeprefix(".")
    endings = {"wld", f"{ending}w", f"{ending[:1]}{ending[-1:]}w"}
    return {f"{path.stem}.{one}".lower() for one in endings} | {f"{path.name}.aux.xml".lower()}
