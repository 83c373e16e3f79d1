"""Levels of detail made in a process of their own, while the layer is drawn and used already."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from layers.drawable_files import load_drawable
from layers.errors import InputError
from layers.levels.build import build_levels
from layers.levels.files import remove_unfinished, save_levels
from layers.progress import Progress
from layers.style import Style
from layers.told_process import ProcessFailedError, ToldProcess, tell
from layers.words import _


class LevelsBuilder:
    """Makes the levels of one layer.

    Parameters
    ----------
    folder : Path
        Where the layer's arrays lie; the levels are written beside them, whole or not at all.
    metres_per_unit : float
        Of the map's coordinate system: 1 for metres, about 111 000 for degrees.
    """

    def __init__(self, folder: Path, metres_per_unit: float) -> None:
        self._folder = folder
        self._process = ToldProcess(serve, (str(folder), metres_per_unit), "zsgis-levels")

    @property
    def process_id(self) -> int | None:
        """The process, once it is started."""
        return self._process.process_id

    def run(self, progress: Progress) -> None:
        """Work until the levels are written.

        Parameters
        ----------
        progress : Progress
            Told the share done at least every 0.1 s; where it stops the work, the process is ended.

        Raises
        ------
        InputError
            When the process could not be started, broke off or could not write.
        JobCancelled
            When the user stopped; nothing is left behind.
        """
        try:
            self._process.run(progress)
        except ProcessFailedError as error:
            raise _not_made(str(error)) from error
        finally:
            if self.process_id is not None:
                remove_unfinished(self._folder, self.process_id)


def _not_made(details: str) -> InputError:
    return InputError(
        _("The coarser levels of a layer could not be prepared."),
        remedy=_(
            "The map is right all the same, only slower at small scales. Open the project again to retry."
        ),
        details=details,
    )


def serve(folder: str, metres_per_unit: float, connection: Connection) -> None:
    """Make the levels of a layer: the main function of the process."""

    def work(progress: Progress) -> None:
        layer = load_drawable(Path(folder), style=Style(), opacity=1.0)
        save_levels(build_levels(layer, metres_per_unit, progress), Path(folder))

    tell(connection, work)
