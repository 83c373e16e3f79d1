"""A layer's arrays made anew with what was edited since, and its levels, in a process of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path

from layers.drawable_edit_files import load_edits
from layers.drawable_edits import folded
from layers.drawable_files import load_drawable, save_drawable
from layers.errors import InputError
from layers.levels.build import build_levels, wants_levels
from layers.levels.files import save_levels
from layers.progress import Progress, ProgressPart
from layers.style import Style
from layers.told_process import ProcessFailedError, ToldProcess, tell
from layers.words import _


def fold_aside(
    folder: Path,
    edits: Path,
    target: Path,
    key: Mapping[str, str],
    metres_per_unit: float,
    progress: Progress,
) -> None:
    """Fold what was edited into a layer's arrays.

    Parameters
    ----------
    folder, edits : Path
        Where the arrays and the edits lie; both stay as they are.
    target : Path
        An existing empty folder for the new arrays and levels.
    key : mapping
        What the new arrays are made from, for :func:`layers.drawable_files.load_drawable`.
    metres_per_unit : float
        Of the map's coordinate system: 1 for metres, about 111 000 for degrees.
    progress : Progress
        Told the share done; may stop the work.

    Raises
    ------
    InputError
        When the process could not be started, broke off or could not write.
    """
    arguments = (str(folder), str(edits), str(target), json.dumps(dict(key)), metres_per_unit)
    try:
        ToldProcess(serve, arguments, "zsgis-folding").run(progress)
    except ProcessFailedError as error:
        raise InputError(
            _("The edits of a layer could not be taken into its drawing data."),
            remedy=_("The map is right all the same, only slower. Open the project again to retry."),
            details=str(error),
        ) from error


def serve(
    folder: str, edits: str, target: str, key: str, metres_per_unit: float, connection: Connection
) -> None:
    """Fold edits into arrays: the main function of the process."""

    def work(progress: Progress) -> None:
        base = load_drawable(Path(folder), style=Style(), opacity=1.0)
        whole = folded(load_edits(base, Path(edits)), ProgressPart(progress, 0.0, 0.05))
        save_drawable(whole, Path(target), json.loads(key), ProgressPart(progress, 0.05, 0.1))
        if wants_levels(whole):
            del whole
            layer = load_drawable(Path(target), style=Style(), opacity=1.0)
            levels = build_levels(layer, metres_per_unit, ProgressPart(progress, 0.1, 1.0))
            save_levels(levels, Path(target))

    tell(connection, work)
