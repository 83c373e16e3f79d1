"""Files beside a picture that say where it lies: world files and GDAL's own notes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path


def has_position_beside(path: Path, names: Collection[str] | None = None) -> bool:
    """Tell whether a picture has a world file or GDAL's ``.aux.xml`` beside it, in any case of letters.

    Parameters
    ----------
    names : collection of str, optional
        Lower-case names of the files in its folder, where the caller has them; else the folder is read.
    """
    ending = path.suffix.lower().removeprefix(".")
    endings = {"wld", f"{ending}w", f"{ending[:1]}{ending[-1:]}w"}
    wanted = {f"{path.stem}.{one}".lower() for one in endings} | {f"{path.name}.aux.xml".lower()}
    if names is None:
        try:
            names = {one.name.lower() for one in path.parent.iterdir()}
        except OSError:
            return False
    return any(one in names for one in wanted)
