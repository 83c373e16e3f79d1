"""Keeps the map showing what the session holds: layers, selection, watermark."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from layers.errors import InputError
from layers.kinds import KINDS
from layers.progress import Progress, ProgressPart
from layers.words import _
from ui.jobs import JobBridge
from ui.map_drawn import Drawn, without_place
from ui.map_edits import MapEdits, TakenEdit
from ui.map_folding import MapFolding
from ui.map_levels import MapLevels
from ui.map_looking import MapLooking, span
from ui.map_pictures import MapPictures
from ui.map_ports import DrawingSource, MapPort
from zsgis.session import Change, Session

if TYPE_CHECKING:
    from pyproj import CRS

    from layers.drawable import DrawableLayer
    from layers.drawable_edits import FeatureLayer
    from layers.edits import EditRecord, FeatureChange
    from layers.pictures.drawn import DrawnPicture
    from layers.store import LayerInfo, Project
    from ui.canvas.edit_cover import ShownEdit

_Key = tuple[Any, ...]
_SHOWN_ANEW = (
    Change.PROJECT,
    Change.LAYERS,
    Change.PICTURES,
    Change.TREE,
    Change.LOOK,
    Change.CRS,
)


class MapLayers:
    """Prepares layers aside and hands them to the canvas as they become ready."""

    def __init__(self, canvas: MapPort, session: Session, jobs: JobBridge, source: DrawingSource) -> None:
        self._canvas = canvas
        self._session = session
        self._jobs = jobs
        self._source = source
        self._drawn: dict[str, Drawn] = {}
        self._asked: dict[str, _Key] = {}
        self._late: dict[str, list[tuple[int, list[FeatureChange]]]] = {}
        self._missed: dict[str, _Key] = {}
        self._renewed: set[_Key] = set()
        self._project_uid = ""
        self._shown: tuple[FeatureLayer | DrawnPicture, ...] = ()
        self._pictures = MapPictures(session, jobs, self._show)
        self._levels = MapLevels(jobs, source, ready=self._refine, missed=session.note_trouble)
        self._edits = MapEdits(
            jobs,
            covered=self._cover,
            ready=self._take_edited,
            renewed=self._take_renewed,
            missed=self._lose,
            trouble_of=self._trouble_of,
        )
        self.folding = MapFolding(
            jobs, source, self._edits, state=self._folding_state, missed=session.note_trouble
        )
        self._looking = MapLooking(canvas)
        self._crs: CRS | None = None
        self._system = 0  # counts the coordinate systems the map has been in
        session.subscribe(self._take_change)

    @property
    def is_preparing(self) -> bool:
        """Whether layers are still to come onto the map."""
        return bool(self._asked)

    def drawables(self) -> tuple[FeatureLayer | DrawnPicture, ...]:
        """Return the layers and pictures that are to be seen and ready, top first."""
        tree = self._session.tree
        hidden = tree.hidden()
        layers = {info.uid: info for info in self._session.layers if info.visible}
        pictures = {picture.uid for picture in self._session.pictures if picture.visible}
        ready: list[FeatureLayer | DrawnPicture | None] = []
        for uid in tree.order():
            if uid in hidden:
                continue
            if uid in layers:
                ready.append(self._drawable(layers[uid]))
            elif uid in pictures:
                ready.append(self._pictures.get(uid))
        return tuple(each for each in ready if each is not None)

    def _drawable(self, info: LayerInfo) -> FeatureLayer | None:
        """Return what is drawn of a layer, also while a newer state of its features is being prepared."""
        drawn = self._drawn.get(info.uid)
        return drawn.looking_like(info) if drawn is not None and drawn.form == self._key(info)[:-1] else None

    def _fits(self, info: LayerInfo) -> bool:
        """Tell whether what is drawn of a layer is the layer as it is, or its edits are on their way."""
        drawn = self._drawn.get(info.uid)
        return drawn is not None and (*drawn.form, drawn.version) == self._key(info)

    def show_at_first(self, place: tuple[float, float, float, float]) -> None:
        """Show a place (east, north, width, height) as soon as there is something to see."""
        self._looking.remember(place)
        self._show()

    def zoom_to_features(self, selection: Mapping[str, Collection[str]]) -> bool:
        """Show these features; False when none of them can be drawn."""
        return self._looking.zoom_to_features(
            {uid: drawn.layer for uid, drawn in self._drawn.items()}, selection
        )

    def zoom_to_layer(self, uid: str) -> bool:
        """Show a whole layer or picture; False when it has nothing to show."""
        drawn, picture = self._drawn.get(uid), self._pictures.get(uid)
        extent = drawn.extent if drawn is not None else picture.extent if picture is not None else None
        return self._looking.zoom_to(extent)

    def close(self) -> None:
        """Remove what was written for the drawing processes."""
        self.folding.forget()
        self._edits.forget()

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            project = self._session.project
            self._project_uid = project.uid if project is not None else ""
            self._renewed.clear()
            self._crs = self._session.map_crs
            self._looking.begin(is_wanted=project is not None)
            self._forget()
            self._levels.keep(())
        if change is Change.CRS:
            before, self._crs = self._crs, self._session.map_crs
            self._looking.leave_system(before, self._crs)
            self._forget()
        if change is Change.FEATURES:
            self._take_record()
        if change in _SHOWN_ANEW:
            self._sync()
        if change in (Change.PROJECT, Change.SELECTION):
            self._canvas.set_selection(self._session.selection)

    def _forget(self) -> None:
        """Take the map away: another project, or numbers of another coordinate system."""
        self._system += 1
        self._drawn, self._asked, self._missed, self._shown = {}, {}, {}, ()
        self._late.clear()
        self.close()
        self._pictures.forget()
        self._canvas.set_layers(())

    def _sync(self) -> None:
        visible = self._session.shown_layers()
        self._levels.keep({info.uid for info in self._session.layers if self._fits(info)})
        self._canvas.set_watermark(
            _("Demonstration data, not real boundaries") if any(info.demo for info in visible) else ""
        )
        project = self._session.project
        if project is not None:
            self._pictures.sync(self._session.map_crs)
        self._show()
        missing = [info for info in visible if self._is_missing(info)]
        if project is None or not missing:
            return
        self._asked.update({info.uid: self._key(info) for info in missing})
        self._late.update({info.uid: [] for info in missing})
        # what is quick to prepare is seen first
        missing.sort(key=lambda info: info.feature_count)
        self._jobs.start(
            _("Preparing the map"),
            partial(self._prepare, project, self._crs, [(info, self._key(info)) for info in missing]),
            done=lambda _nothing: self._finish([info.uid for info in missing]),
            quiet=sum(info.feature_count for info in missing) < 2_000,
        )

    def _is_missing(self, info: LayerInfo) -> bool:
        known = self._asked.get(info.uid), self._missed.get(info.uid)
        return not self._fits(info) and self._key(info) not in known

    def _key(self, info: LayerInfo) -> _Key:
        """Return what a drawable depends on beside its look; last the version of the layer's features."""
        from layers.drawable import values_drawn

        return self._system, info.table, values_drawn(info.style), info.version

    def _prepare(
        self,
        project: Project,
        map_crs: CRS | None,
        missing: Sequence[tuple[LayerInfo, _Key]],
        progress: Progress,
    ) -> None:
        total = sum(info.feature_count + 1 for info, _key in missing)
        done = 0
        for info, key in missing:
            part = ProgressPart(progress, done / total, (done + info.feature_count + 1) / total)
            part.step(0.0, info.name)
            try:
                layer = self._edits.files.saved(self._source.get_edited(project, info, map_crs, part))
            except InputError as error:  # one that cannot be shown does not hold up the others
                self._jobs.post(partial(self._miss, project.uid, info.uid, key, str(error)))
            else:
                # the extent is read from files: here, aside, and not when the map asks for it
                drawn = Drawn(key[:-1], info.version, layer, layer.extent)
                trouble = self._trouble_of(layer)
                self._jobs.post(partial(self._deliver, project.uid, info.uid, drawn, trouble))
            done += info.feature_count + 1

    def _trouble_of(self, layer: FeatureLayer) -> str:
        info = self._session.layer(layer.uid)
        register = info is not None and info.kind in KINDS and KINDS[info.kind].shape_optional
        return without_place(layer, may_lack_shapes=register)

    def _deliver(self, project_uid: str, uid: str, drawn: Drawn, trouble: str) -> None:
        if project_uid != self._project_uid or drawn.form[0] != self._system:
            return
        self._drawn[uid] = drawn
        self._edits.begin(uid, drawn.layer, drawn.version)
        for version, changes in self._late.pop(uid, []):
            self._have_drawn(uid, version, changes)
        self.folding.stop(uid)
        self.folding.consider(drawn.layer)
        self._session.note_trouble(uid, trouble)
        self._show()
        # whoever waits for the picture goes first: the levels take both processors for a while
        self._canvas.when_complete(partial(self._have_refined, uid, drawn))

    def _have_refined(self, uid: str, drawn: Drawn) -> None:
        if self._drawn.get(uid) is drawn and self._crs is not None:
            self._levels.consider(drawn.base, self._crs)

    def renew(self, folder: str) -> None:
        """Have a layer's arrays made again whose files have gone; if they go again, say so."""
        for uid, drawn in self._drawn.items():
            if str(drawn.base.folder) != folder:
                continue
            key = (*drawn.form, drawn.version)
            if key in self._renewed:
                text = _("The drawing data of layer “{name}” cannot be read; open the project again.")
                self._session.note_trouble(uid, text.format(name=drawn.layer.title))
                return
            self._renewed.add(key)
            del self._drawn[uid]
            self._sync()
            return

    def _refine(self, before: DrawableLayer, after: DrawableLayer) -> None:
        """Take in a layer's coarser levels, unless the layer has changed meanwhile."""
        drawn = self._drawn.get(before.uid)
        if drawn is not None and drawn.base.folder == before.folder:
            drawn.take_levels(after.levels)
            self._show()

    # edits

    def _take_record(self) -> None:
        """Have an edit drawn; a layer whose state before is not known is asked for as it is."""
        record = self._session.last_record
        if record is None:
            return
        for uid, version in record.layer_versions.items():
            changes = [change for change in record.changes if change.layer_uid == uid]
            if not self._have_drawn(uid, version, changes):
                self._note_late(uid, version, changes)
        if not all(self._fits(info) for info in self._session.shown_layers()):
            self._sync()

    def foresee(self, record: EditRecord) -> None:
        """Get ready for an edit that is on its way to the disk; nothing of it is shown."""
        for uid, version in record.layer_versions.items():
            info, drawn = self._session.layer(uid), self._drawn.get(uid)
            if info is None or drawn is None or drawn.form != self._key(info)[:-1] or not self._is_shown(uid):
                continue
            changes = [change for change in record.changes if change.layer_uid == uid]
            foreseen = self._edits.foresee(info, version, changes, self._crs, self._canvas.device_view)
            if foreseen is not None:
                self._canvas.prepare_edit(drawn.with_edits(foreseen.layer), foreseen.shown)

    def _is_shown(self, uid: str) -> bool:
        return any(each.uid == uid for each in self._shown)

    def _have_drawn(self, uid: str, version: int, changes: Sequence[FeatureChange]) -> bool:
        """Have an edit drawn upon what is known of a layer; False where it does not follow that."""
        info, drawn = self._session.layer(uid), self._drawn.get(uid)
        if info is None or drawn is None or drawn.form != self._key(info)[:-1]:
            return False
        taken = self._edits.take(info, version, changes, self._crs, self._canvas.device_view)
        if taken:
            drawn.version = self._edits.version(uid)
        return taken

    def _note_late(self, uid: str, version: int, changes: list[FeatureChange]) -> None:
        """Keep an edit of a layer that is being prepared until that has come."""
        info, asked = self._session.layer(uid), self._asked.get(uid)
        if info is None or asked is None or uid not in self._late:
            return
        if asked[:-1] == self._key(info)[:-1] and version == asked[-1] + 1:
            self._late[uid].append((version, changes))
            self._asked[uid] = self._key(info)

    def _cover(self, uid: str, layer: FeatureLayer, shown: ShownEdit) -> None:
        """Have a small edit painted at once; the drawing processes are told of it a moment later."""
        drawn = self._drawn.get(uid)
        if drawn is not None and self._is_shown(uid):
            self._canvas.cover_edit(drawn.with_edits(layer), shown)

    def _take_edited(self, uid: str, taken: TakenEdit) -> None:
        drawn = self._drawn.get(uid)
        if drawn is None:
            return
        drawn.take_edits(taken.layer)
        drawables = self.drawables()
        if drawn.layer in drawables:
            self._shown = drawables
            for shown in taken.shown:
                self._canvas.show_edit(drawables, shown)
        self._session.note_trouble(uid, taken.trouble)
        self.folding.consider(drawn.layer)

    def _lose(self, uid: str) -> None:
        """Have a layer prepared anew whose edits could not be taken in."""
        if self._drawn.pop(uid, None) is not None:
            self._sync()

    def _take_renewed(self, uid: str, layer: FeatureLayer) -> None:
        drawn = self._drawn.get(uid)
        if drawn is not None:
            drawn.take_edits(layer)
            self._show()
            self.folding.consider(layer)
            self._have_refined(uid, drawn)

    def _folding_state(self, uid: str) -> tuple[Project, LayerInfo, CRS | None] | None:
        project, info = self._session.project, self._session.layer(uid)
        if project is None or info is None or not self._fits(info):
            return None
        return project, info, self._crs

    # what the canvas is told

    def _miss(self, project_uid: str, uid: str, key: _Key, text: str) -> None:
        if project_uid == self._project_uid and key[0] == self._system:
            self._missed[uid] = key
            self._session.note_trouble(uid, text)

    def _finish(self, uids: Sequence[str]) -> None:
        for uid in uids:
            self._asked.pop(uid, None)
            self._late.pop(uid, None)
        self._sync()

    def _show(self) -> None:
        from layers.pictures.drawn import credit_of

        drawables = self.drawables()
        if drawables != self._shown:
            self._shown = drawables
            self._canvas.set_layers(drawables)
            self._canvas.set_credit(credit_of(drawables))
        if self._looking.is_wanted and drawables and (self._looking.has_place or not self._session_waits()):
            self._looking.look(self._crs, is_endless=not any(shown.extent for shown in drawables))

    def _session_waits(self) -> bool:
        """Tell whether the layer that spans most is still being prepared."""
        sizes = [
            (span(info.bounds), info.uid)
            for info in self._session.shown_layers()
            if info.bounds and info.uid not in self._missed
        ]
        return bool(sizes) and max(sizes)[1] not in self._drawn
