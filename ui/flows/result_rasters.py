"""A result's grid of values put on the map as a raster of the project, with one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from layers.words import N_, _
from ui.actions import ActionSpec
from ui.bench import Bench
from ui.dialogs.port import FileFilter

if TYPE_CHECKING:
    from layers.pictures.raster_model import RasterPicture
    from zsgis.charts import ResultGrid
    from zsgis.result import Result

_GEOTIFF = FileFilter(N_("GeoTIFF"), ("tif",))


class ResultRasters:
    """Writes the grid beside the project, or where a person says; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._desk = bench.desk
        self._edits = bench.edits.tree
        bench.window.results_panel.raster_asked.connect(self.make)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """It has no commands: the result asks."""
        return ()

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return nothing."""
        return {}

    def make(self, result: Result, grid: ResultGrid, path: Path | None = None) -> None:
        """Write a grid and put it on the map over the layer that it is of."""
        from zsgis.result_grids import grid_picture, results_folder

        project = self._desk.session.project
        if project is None or project.read_only:
            self._desk.notice(_("This project is open for reading only."), None)
            return
        uid, place = project.uid, path or results_folder(project)
        self._desk.jobs.start(
            _("Making layer “{name}”").format(name=grid.title),
            lambda progress: grid_picture(project, result, grid, path, progress),
            done=lambda picture: self._show(uid, picture, grid),
            failed=lambda error: self._desk.offer_place(error, place, lambda: self._elsewhere(result, grid)),
        )

    def _elsewhere(self, result: Result, grid: ResultGrid) -> None:
        from zsgis.result_layers import file_stem

        name = f"{file_stem(result, grid.title)}.tif"
        path = self._desk.dialogs.save_file(_("Put on the map as a layer"), name, (_GEOTIFF,))
        if path is not None:
            self.make(result, grid, path)

    def _show(self, project_uid: str, picture: RasterPicture, grid: ResultGrid) -> None:
        session = self._desk.session
        if session.project is None or session.project.uid != project_uid:
            return
        over = grid.layer_uid if session.layer(grid.layer_uid) is not None else ""
        self._edits.add_picture(picture, over=over)
        self._desk.notice(_("Layer “{name}” was made.").format(name=picture.name), None)
