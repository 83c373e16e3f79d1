"""Keeps the map showing what the session holds: layers, selection, watermark."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from layers.errors import InputError
from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.jobs import JobBridge
from ui.map_levels import MapLevels
from ui.map_pictures import MapPictures
from ui.map_places import city_place, moved_place
from ui.map_ports import Bounds, DrawingSource, MapPort
from zsgis.session import Change, Session

if TYPE_CHECKING:
    from pyproj import CRS

    from layers.drawable import DrawableLayer
    from layers.pictures.drawn import DrawnPicture
    from layers.store import LayerInfo, Project

_ROOM_SHARE, _ROOM_M = 0.1, 20.0


@dataclass
class _Drawn:
    """A drawable as it was shown last, and what it was made from."""

    key: tuple[Any, ...]
    drawable: DrawableLayer
    extent: Bounds | None

    def looking_like(self, info: LayerInfo) -> DrawableLayer:
        """Return the drawable as the layer looks now; the very same where nothing changed."""
        shown = self.drawable
        if (shown.title, shown.style, shown.opacity) != (info.name, info.style, info.opacity):
            self.drawable = replace(shown, title=info.name, style=info.style, opacity=info.opacity)
        return self.drawable


class MapLayers:
    """Prepares layers aside and hands them to the canvas as they become ready."""

    def __init__(self, canvas: MapPort, session: Session, jobs: JobBridge, source: DrawingSource) -> None:
        self._canvas = canvas
        self._session = session
        self._jobs = jobs
        self._source = source
        self._drawn: dict[str, _Drawn] = {}
        self._asked: dict[str, tuple[Any, ...]] = {}
        self._missed: dict[str, tuple[Any, ...]] = {}
        self._renewed: set[tuple[Any, ...]] = set()
        self._project_uid = ""
        self._shown: tuple[DrawableLayer | DrawnPicture, ...] = ()
        self._pictures = MapPictures(session, jobs, self._show)
        self._levels = MapLevels(jobs, source, ready=self._refine, missed=session.note_trouble)
        self._view_wanted = False
        self._crs: CRS | None = None
        self._system = 0  # counts the coordinate systems the map has been in
        self._place: tuple[float, float, float, float] | None = None
        session.subscribe(self._take_change)

    def drawables(self) -> tuple[DrawableLayer | DrawnPicture, ...]:
        """Return the layers and pictures that are to be seen and ready, top first."""
        tree = self._session.tree
        hidden = tree.hidden()
        layers = {info.uid: info for info in self._session.layers if info.visible}
        pictures = {picture.uid for picture in self._session.pictures if picture.visible}
        ready: list[DrawableLayer | DrawnPicture | None] = []
        for uid in tree.order():
            if uid in hidden:
                continue
            if uid in layers:
                ready.append(self._drawable(layers[uid]))
            elif uid in pictures:
                ready.append(self._pictures.get(uid))
        return tuple(each for each in ready if each is not None)

    def _drawable(self, info: LayerInfo) -> DrawableLayer | None:
        drawn = self._drawn.get(info.uid)
        return drawn.looking_like(info) if drawn is not None and drawn.key == self._key(info) else None

    def show_at_first(self, place: tuple[float, float, float, float]) -> None:
        """Show a place (east, north, width, height) as soon as there is something to see."""
        self._place = place
        self._show()

    def zoom_to_features(self, selection: Mapping[str, Collection[str]]) -> bool:
        """Show these features; False when none of them can be drawn."""
        import numpy as np

        boxes = []
        for uid, chosen in selection.items():
            drawn = self._drawn.get(uid)
            if drawn is None:
                continue
            boxes.append(drawn.drawable.bounds[drawn.drawable.uids.rows_of(chosen)])
        known = np.concatenate(boxes) if boxes else np.empty((0, 4))
        known = known[np.isfinite(known).all(axis=1)]
        if not len(known):
            return False
        low, high = known[:, :2].min(axis=0), known[:, 2:].max(axis=0)
        self._canvas.zoom_to(self._roomy((float(low[0]), float(low[1]), float(high[0]), float(high[1]))))
        return True

    def zoom_to_layer(self, uid: str) -> bool:
        """Show a whole layer or picture; False when it has nothing to show."""
        drawn, picture = self._drawn.get(uid), self._pictures.get(uid)
        extent = drawn.extent if drawn is not None else picture.extent if picture is not None else None
        if extent is not None:
            self._canvas.zoom_to(self._roomy(extent))
        return extent is not None

    def _roomy(self, bounds: Bounds) -> Bounds:
        """Return bounds with some land around."""
        margin = max(_span(bounds) * _ROOM_SHARE, _ROOM_M / self._canvas.view.metres_per_unit)
        return bounds[0] - margin, bounds[1] - margin, bounds[2] + margin, bounds[3] + margin

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            project = self._session.project
            self._project_uid = project.uid if project is not None else ""
            self._drawn, self._asked, self._missed, self._shown = {}, {}, {}, ()
            self._renewed.clear()
            self._crs = self._session.map_crs
            self._system += 1
            self._view_wanted = project is not None
            self._place = None
            self._pictures.forget()
            self._levels.keep(())
            self._canvas.set_layers(())
        if change is Change.CRS:
            self._leave_system()
        if change in (
            Change.PROJECT,
            Change.LAYERS,
            Change.PICTURES,
            Change.TREE,
            Change.LOOK,
            Change.CRS,
        ):
            self._sync()
        if change in (Change.PROJECT, Change.SELECTION):
            self._canvas.set_selection(self._session.selection)

    def _leave_system(self) -> None:
        """Take the map away: its numbers are those of another coordinate system. The place is found again."""
        before, self._crs = self._crs, self._session.map_crs
        self._system += 1
        if before is not None and self._crs is not None and not self._view_wanted:
            self._place = moved_place(self._canvas.view, before, self._crs)
        self._view_wanted = True
        self._drawn, self._asked, self._missed, self._shown = {}, {}, {}, ()
        self._pictures.forget()
        self._canvas.set_layers(())

    def _sync(self) -> None:
        visible = self._session.shown_layers()
        layers = self._session.layers
        self._levels.keep({info.uid for info in layers if self._key_of(info.uid) == self._key(info)})
        self._canvas.set_watermark(
            _("Demonstration data, not real boundaries") if any(info.demo for info in visible) else ""
        )
        project = self._session.project
        if project is not None:
            self._pictures.sync(self._session.map_crs)
        self._show()
        missing = [
            info
            for info in visible
            if self._key(info)
            not in (self._asked.get(info.uid), self._key_of(info.uid), self._missed.get(info.uid))
        ]
        if project is None or not missing:
            return
        self._asked.update({info.uid: self._key(info) for info in missing})
        # what is quick to prepare is seen first
        missing.sort(key=lambda info: info.feature_count)
        self._jobs.start(
            _("Preparing the map"),
            partial(self._prepare, project, self._crs, [(info, self._key(info)) for info in missing]),
            done=self._finish,
            quiet=sum(info.feature_count for info in missing) < 2_000,
        )

    def _key(self, info: LayerInfo) -> tuple[Any, ...]:
        """Return what a drawable depends on beside its look."""
        from layers.drawable import values_drawn

        return self._system, info.version, info.table, values_drawn(info.style)

    def _key_of(self, uid: str) -> tuple[Any, ...] | None:
        drawn = self._drawn.get(uid)
        return drawn.key if drawn is not None else None

    def _prepare(
        self,
        project: Project,
        map_crs: CRS | None,
        missing: Sequence[tuple[LayerInfo, tuple[Any, ...]]],
        progress: Progress,
    ) -> None:
        total = sum(info.feature_count + 1 for info, _key in missing)
        done = 0
        for info, key in missing:
            part = ProgressPart(progress, done / total, (done + info.feature_count + 1) / total)
            part.step(0.0, info.name)
            try:
                drawable = self._source.get(project, info, map_crs, part)
            except InputError as error:  # one that cannot be shown does not hold up the others
                self._jobs.post(partial(self._miss, project.uid, info.uid, key, str(error)))
            else:
                # the extent is read from files: here, aside, and not when the map asks for it
                drawn = _Drawn(key, drawable, drawable.extent)
                self._jobs.post(partial(self._deliver, project.uid, info.uid, drawn))
            done += info.feature_count + 1

    def _deliver(self, project_uid: str, uid: str, drawn: _Drawn) -> None:
        if project_uid != self._project_uid or drawn.key[0] != self._system:
            return
        self._drawn[uid] = drawn
        self._session.note_trouble(uid, _without_place(drawn.drawable))
        self._show()
        # whoever waits for the picture goes first: the levels take both processors for a while
        self._canvas.when_complete(partial(self._have_refined, uid, drawn))

    def _have_refined(self, uid: str, drawn: _Drawn) -> None:
        if self._drawn.get(uid) is drawn and self._crs is not None:
            self._levels.consider(drawn.drawable, self._crs)

    def renew(self, folder: str) -> None:
        """Have a layer's arrays made again whose files have gone; if they go again, say so."""
        for uid, drawn in self._drawn.items():
            if str(drawn.drawable.folder) != folder:
                continue
            if drawn.key in self._renewed:
                text = _("The drawing data of layer “{name}” cannot be read; open the project again.")
                self._session.note_trouble(uid, text.format(name=drawn.drawable.title))
                return
            self._renewed.add(drawn.key)
            del self._drawn[uid]
            self._sync()
            return

    def _refine(self, before: DrawableLayer, after: DrawableLayer) -> None:
        """Take in a layer's coarser levels, unless the layer has changed meanwhile."""
        drawn = self._drawn.get(before.uid)
        if drawn is not None and drawn.drawable.folder == before.folder:
            drawn.drawable = replace(drawn.drawable, levels=after.levels)
            self._show()

    def _miss(self, project_uid: str, uid: str, key: tuple[Any, ...], text: str) -> None:
        if project_uid == self._project_uid and key[0] == self._system:
            self._missed[uid] = key
            self._session.note_trouble(uid, text)

    def _finish(self, _nothing: object) -> None:
        self._asked.clear()
        self._sync()

    def _show(self) -> None:
        from layers.pictures.drawn import credit_of

        drawables = self.drawables()
        if drawables != self._shown:
            self._shown = drawables
            self._canvas.set_layers(drawables)
            self._canvas.set_credit(credit_of(drawables))
        if self._view_wanted and drawables and (self._place is not None or not self._session_waits()):
            self._view_wanted = False
            self._look()

    def _look(self) -> None:
        """Look at the remembered place, at everything, or, where there is no end to it, at the city."""
        if self._place is None and self._crs is not None and not any(shown.extent for shown in self._shown):
            self._place = city_place(self._crs, self._canvas.view)
        if self._place is None:
            self._canvas.zoom_full()
        else:
            x, y, across, up = self._place
            self._canvas.show_place((x - across / 2, y - up / 2, x + across / 2, y + up / 2))
        self._place = None

    def _session_waits(self) -> bool:
        """Tell whether the layer that spans most is still being prepared."""
        sizes = [
            (_span(info.bounds), info.uid)
            for info in self._session.shown_layers()
            if info.bounds and info.uid not in self._missed
        ]
        return bool(sizes) and max(sizes)[1] not in self._drawn


def _span(bounds: Bounds) -> float:
    return max(bounds[2] - bounds[0], bounds[3] - bounds[1])


def _without_place(drawable: DrawableLayer) -> str:
    """Say how many features of a layer the map cannot show, and why.

    Not of points without a place: an institution whose place nobody knows is in order.
    """
    from layers.kind import GeometryType

    said = []
    lost, shapeless, total = drawable.lost(), drawable.shapeless, f"{len(drawable):,}"
    if lost:
        text = _("{count} of {total} features are not on the map: no usable shape or outside its projection.")
        said.append(text.format(count=f"{lost:,}", total=total))
    if shapeless and drawable.geometry is not GeometryType.POINT:
        text = _("{count} of {total} features have no shape in the data.")
        said.append(text.format(count=f"{shapeless:,}", total=total))
    return "\n".join(said)
