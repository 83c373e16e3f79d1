"""Writing a raster of the map as a file of its own: the whole of it, or what the map shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from layers.words import N_, _
from ui.actions import LAYER, ActionSpec
from ui.bench import Bench
from ui.dialogs.port import FileFilter, Verb
from zsgis.map_crs import map_crs

if TYPE_CHECKING:
    from layers.drawable import Bounds
    from layers.formats.model import WrittenFile
    from layers.pictures.raster_model import RasterPicture
    from layers.progress import Progress

GEOTIFF_FILES = FileFilter(N_("GeoTIFF"), ("tif", "tiff"))

_SPECS = (
    ActionSpec(
        "export_raster",
        N_("Export the raster…"),
        LAYER,
        "export",
        "Ctrl+Alt+R",
        "project",
        4,
        tip=N_("Write the raster chosen in the layer tree as GeoTIFF, whole or as far as the map shows it"),
    ),
)
_WHOLE, _SHOWN = "whole", "shown"
_LANE = "rasters"


class RasterExport:
    """Writes the raster that is chosen in the tree; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._desk = bench.desk
        self._session = bench.desk.session
        self._tree = bench.window.layer_tree
        self._canvas = bench.window.canvas

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its command."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what the command does."""
        return {"export_raster": self.export_chosen}

    def export_chosen(self) -> None:
        """Ask how much of the chosen raster is written and where, then write it."""
        picture = self._chosen()
        if picture is None:
            self._desk.notice(_("Choose a raster in the layer tree first."), None)
            return
        verb = self._desk.dialogs.choose(
            _("How much of “{name}” is to be exported?").format(name=picture.name),
            _("Its cells are written as they are, into a GeoTIFF that other programs open quickly."),
            (Verb(_WHOLE, _("The whole raster")), Verb(_SHOWN, _("What the map shows"))),
        )
        if verb in (_WHOLE, _SHOWN):
            self._ask_where(picture, self._shown(picture) if verb == _SHOWN else None)

    def _ask_where(self, picture: RasterPicture, box: Bounds | None) -> None:
        path = self._desk.dialogs.save_file(_("Export the raster"), f"{picture.name}.tif", (GEOTIFF_FILES,))
        if path is None:
            return
        self._desk.jobs.start(
            _("Writing {name}").format(name=path.name),
            lambda progress: _write(picture, path, box, progress),
            done=lambda written: self._desk.notice(
                _("Written: {name}").format(name=written.path.name), written.path
            ),
            failed=lambda error: self._desk.offer_place(error, path, lambda: self._ask_where(picture, box)),
            lane=_LANE,
        )

    def _chosen(self) -> RasterPicture | None:
        """Return the raster that is chosen in the tree, with an absolute path."""
        from layers.pictures.model import RasterPicture
        from layers.pictures.paths import resolved

        picture, project = self._session.picture(self._tree.current_node()), self._session.project
        if picture is None or project is None:
            return None
        whole = resolved(picture, project.path.parent)
        return whole if isinstance(whole, RasterPicture) else None

    def _shown(self, picture: RasterPicture) -> Bounds | None:
        """Return what the map shows, in the raster's coordinates; None where it is all of it."""
        from layers.crs import parse_crs
        from layers.pictures.warp import bounds_in

        crs = map_crs(self._session)
        if crs is None:
            return None
        west, south, east, north = self._canvas.view.bounds
        outline = ((west, south), (east, south), (east, north), (west, north))
        return bounds_in(outline, crs, parse_crs(picture.crs))


def _write(picture: RasterPicture, path: Path, box: Bounds | None, progress: Progress) -> WrittenFile:
    from layers.crs import parse_crs
    from layers.formats.raster_writing import write_geotiff
    from layers.formats.secrecy_mark import mark_of

    mark = mark_of(picture.secrecy)
    return write_geotiff(Path(picture.path), path, progress, crs=parse_crs(picture.crs), box=box, mark=mark)
