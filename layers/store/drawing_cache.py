"""The arrays a layer is drawn from, kept in the user's cache folder: derived, and free to be deleted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from layers.crs import metres_per_unit
from layers.drawable import DrawableLayer, fields_drawn, values_drawn
from layers.drawable_edits import EditedLayer, FeatureLayer, folded
from layers.drawable_files import UnreadableFiles, load_drawable, save_drawable
from layers.drawable_making import DrawingRows, make_drawable
from layers.edits import FeatureChange
from layers.levels.build import wants_levels
from layers.levels.builder import LevelsBuilder
from layers.levels.files import load_levels
from layers.levels.folding import fold_aside
from layers.memory import give_back
from layers.progress import NoProgress, Progress, ProgressPart
from layers.store.drawing_edits import FieldedLayer, with_changes
from layers.store.drawing_places import (
    earlier_states,
    folder_of,
    new_folder,
    put_in_place,
    remove_others,
    short,
)
from layers.words import _

# More edits than these are not drawn beside the arrays: the arrays are made anew.
_MOST_EDITS = 5_000


class VersionedLayer(FieldedLayer, Protocol):
    """A layer whose every change raises a number."""

    @property
    def version(self) -> int:
        """The number of the layer's state."""


class FeatureSource(Protocol):
    """Where features come from: a project."""

    @property
    def uid(self) -> str:
        """The project's name for good."""

    @property
    def path(self) -> Path:
        """Where the project lies."""

    def drawing_rows(self, uid: str, columns: Sequence[str], progress: Progress) -> DrawingRows:
        """Return a layer's shapes and some of its columns."""

    def changes_since(self, layer_uid: str, version: int) -> tuple[FeatureChange, ...] | None:
        """Return what edits did to a layer after its ``version``; None where edits alone do not tell."""


class DrawingCache:
    """Keeps drawable layers as files.

    Parameters
    ----------
    folder : Path
        Where they lie; see :func:`layers.locations.cache_folder`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(
        self,
        project: FeatureSource,
        info: VersionedLayer,
        map_crs: Any,
        progress: Progress | None = None,
    ) -> DrawableLayer:
        """Return a layer's arrays as they are now, mapped from files where these are of its last state.

        Parameters
        ----------
        project : FeatureSource
            Is asked for the features only when they must be built.
        map_crs : pyproj.CRS or None
            The map's coordinate system; None keeps the layer's own.
        """
        found = self.get_edited(project, info, map_crs, progress)
        return folded(found, progress) if isinstance(found, EditedLayer) else found

    def get_edited(
        self,
        project: FeatureSource,
        info: VersionedLayer,
        map_crs: Any,
        progress: Progress | None = None,
    ) -> FeatureLayer:
        """Return a layer's arrays of an earlier state with what was edited since, where that is quicker.

        Parameters as for :meth:`get`.
        """
        progress = progress or NoProgress()
        key = _key(project, info, map_crs)
        place = self._place(project, info)
        try:
            return _loaded(folder_of(place, key), key, info)
        except UnreadableFiles:
            pass
        earlier = _earlier(project, info, map_crs, place, key)
        if earlier is not None:
            return earlier
        progress.step(0.0, _("Preparing layer “{name}” for drawing").format(name=info.name))
        kept = self._build(project, info, map_crs, folder_of(place, key), key, progress)
        give_back()
        progress.step(1.0)
        return kept

    def fold(
        self,
        project: FeatureSource,
        info: VersionedLayer,
        map_crs: Any,
        layer: EditedLayer,
        progress: Progress,
    ) -> DrawableLayer:
        """Return new arrays of a layer, with its levels, made in a process of their own and kept.

        Parameters
        ----------
        info : VersionedLayer
            The state that ``layer`` shows.
        layer : EditedLayer
            Arrays and edits that lie in folders; what is drawn from them may go on.

        Raises
        ------
        InputError
            When they could not be made.
        """
        if layer.base.folder is None or layer.folder is None:
            return folded(layer, progress)
        key = _key(project, info, map_crs)
        place = self._place(project, info)
        metres = 1.0 if map_crs is None else metres_per_unit(map_crs)
        fresh: Path | None = None
        try:
            remove_others(folder_of(place, key), key, layer.base.folder)
            fresh = new_folder(place)
            fold_aside(layer.base.folder, layer.folder, fresh, key, metres, progress)
            put_in_place(fresh, folder_of(place, key))
            return _loaded(folder_of(place, key), key, info)
        except (OSError, UnreadableFiles):
            return folded(layer, progress)  # a full disk must not keep the map from being drawn
        finally:
            if fresh is not None:
                shutil.rmtree(fresh, ignore_errors=True)

    def _build(
        self,
        project: FeatureSource,
        info: VersionedLayer,
        map_crs: Any,
        folder: Path,
        key: Mapping[str, str],
        progress: Progress,
    ) -> DrawableLayer:
        rows = project.drawing_rows(info.uid, _columns(info), ProgressPart(progress, 0.0, 0.4))
        layer = make_drawable(info, rows, map_crs, ProgressPart(progress, 0.4, 0.9))
        del rows
        return self._keep(layer, folder, key, ProgressPart(progress, 0.9, 1.0))

    def wants_levels(self, layer: DrawableLayer) -> bool:
        """Tell whether a layer is so large that it should have coarser levels, and has none yet."""
        return layer.folder is not None and layer.levels is None and wants_levels(layer)

    def with_levels(self, layer: DrawableLayer, map_crs: Any, progress: Progress) -> DrawableLayer:
        """Return a layer with its coarser levels, made in a process of their own.

        Parameters
        ----------
        layer : DrawableLayer
            One that :meth:`wants_levels`.
        map_crs : pyproj.CRS or None
            The map's coordinate system.

        Raises
        ------
        InputError
            When they could not be made.
        """
        if layer.folder is None:
            return layer
        metres = 1.0 if map_crs is None else metres_per_unit(map_crs)
        LevelsBuilder(layer.folder, metres).run(progress)
        return replace(layer, levels=load_levels(layer.folder, len(layer)))

    def forget(self, project_uid: str) -> None:
        """Delete everything kept for a project."""
        shutil.rmtree(self._folder / short(project_uid), ignore_errors=True)

    def _place(self, project: FeatureSource, info: VersionedLayer) -> Path:
        # a file copied with a file manager has the uids and versions of the first, and may differ by now
        return self._folder / short(project.uid) / short(f"{info.uid} {project.path.absolute()}")

    def _keep(
        self, layer: DrawableLayer, folder: Path, key: Mapping[str, str], progress: Progress
    ) -> DrawableLayer:
        """Write into a folder of its own and rename it."""
        fresh: Path | None = None
        try:
            fresh = new_folder(folder.parent)
            remove_others(folder, key)
            save_drawable(layer, fresh, key, progress)
            put_in_place(fresh, folder)
        except OSError:
            # another process was faster, or files still mapped cannot go (Windows): what is there may fit
            pass
        finally:
            if fresh is not None:
                shutil.rmtree(fresh, ignore_errors=True)
        try:
            return load_drawable(folder, style=layer.style, opacity=layer.opacity, title=layer.title, key=key)
        except UnreadableFiles:
            return replace(layer, folder=None)  # a full disk must not keep the map from being drawn


def _loaded(folder: Path, key: Mapping[str, str], info: VersionedLayer) -> DrawableLayer:
    return load_drawable(folder, style=info.style, opacity=info.opacity, title=info.name, key=key)


def _earlier(
    project: FeatureSource, info: VersionedLayer, map_crs: Any, place: Path, key: Mapping[str, str]
) -> FeatureLayer | None:
    """Return the arrays of an earlier state with what was edited since; None where that does not do."""
    for version, folder, own_key in earlier_states(place, key):
        changes = project.changes_since(info.uid, version)
        if changes is None or len(changes) > _MOST_EDITS:
            return None  # of a state before that there are more
        try:
            base = _loaded(folder, own_key, info)
        except UnreadableFiles:
            continue
        return with_changes(base, info, changes, map_crs) if changes else base
    return None


def _columns(info: VersionedLayer) -> list[str]:
    """Return the columns a drawing needs, as far as the layer has them."""
    present = {field.name for field in info.fields}
    return [name for name in fields_drawn(info.style) if name in present]


def _key(project: FeatureSource, info: VersionedLayer, map_crs: Any) -> dict[str, str]:
    return {
        "project": project.uid,
        "path": str(project.path.absolute()),
        "layer": info.uid,
        "version": str(info.version),
        "crs": short(f"{_wkt(info.crs)} -> {_wkt(map_crs)}"),
        "values": json.dumps(values_drawn(info.style)),
    }


def _wkt(crs: Any) -> str:
    return str(crs.to_wkt()) if hasattr(crs, "to_wkt") else str(crs)
