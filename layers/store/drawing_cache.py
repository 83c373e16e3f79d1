"""The arrays a layer is drawn from, kept in the user's cache folder: derived, and free to be deleted."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from layers.crs import metres_per_unit
from layers.drawable import DrawableLayer, LayerDescription, fields_drawn, values_drawn
from layers.drawable_files import UnreadableFiles, load_drawable, read_description, save_drawable
from layers.drawable_making import DrawingRows, make_drawable
from layers.levels.build import wants_levels
from layers.levels.builder import LevelsBuilder
from layers.levels.files import load_levels
from layers.memory import give_back
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _

_BEING_WRITTEN = ".new-"
_ABANDONED_AFTER_S = 3600.0
# The map goes back and forth between coordinate systems and styles.
_OTHER_FORMS_KEPT = 2


class NamedField(Protocol):
    """A column."""

    @property
    def name(self) -> str:
        """Its name in the project file."""


class VersionedLayer(LayerDescription, Protocol):
    """A layer whose every change raises a number."""

    @property
    def version(self) -> int:
        """The number of the layer's state."""

    @property
    def fields(self) -> Sequence[NamedField]:
        """The layer's columns."""


class FeatureSource(Protocol):
    """Where features come from: a project."""

    @property
    def uid(self) -> str:
        """The project's name for good."""

    def drawing_rows(self, uid: str, columns: Sequence[str], progress: Progress) -> DrawingRows:
        """Return a layer's shapes and some of its columns."""


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
        """Return a layer's arrays, mapped from files; built first where there are none that fit.

        Parameters
        ----------
        project : FeatureSource
            Is asked for the features only when they must be built.
        map_crs : pyproj.CRS or None
            The map's coordinate system; None keeps the layer's own.
        """
        progress = progress or NoProgress()
        key = _key(project, info, map_crs)
        folder = self._place(project, info) / _short(json.dumps(key, sort_keys=True))
        try:
            return load_drawable(folder, style=info.style, opacity=info.opacity, title=info.name, key=key)
        except UnreadableFiles:
            pass
        progress.step(0.0, _("Preparing layer “{name}” for drawing").format(name=info.name))
        kept = self._build(project, info, map_crs, folder, key, progress)
        give_back()
        progress.step(1.0)
        return kept

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
        shutil.rmtree(self._folder / _short(project_uid), ignore_errors=True)

    def _place(self, project: FeatureSource, info: VersionedLayer) -> Path:
        # names from a file never become paths as they are
        return self._folder / _short(project.uid) / _short(info.uid)

    def _keep(
        self, layer: DrawableLayer, folder: Path, key: Mapping[str, str], progress: Progress
    ) -> DrawableLayer:
        """Write into a folder of its own and rename it: a reader never meets half a layer."""
        fresh: Path | None = None
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _remove_others(folder, key["version"])
            fresh = Path(tempfile.mkdtemp(prefix=_BEING_WRITTEN, dir=folder.parent))
            save_drawable(layer, fresh, key, progress)
            shutil.rmtree(folder, ignore_errors=True)
            fresh.replace(folder)
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


def _columns(info: VersionedLayer) -> list[str]:
    """Return the columns a drawing needs, as far as the layer has them."""
    present = {field.name for field in info.fields}
    return [name for name in fields_drawn(info.style) if name in present]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:24]


def _key(project: FeatureSource, info: VersionedLayer, map_crs: Any) -> dict[str, str]:
    return {
        "project": project.uid,
        "layer": info.uid,
        "version": str(info.version),
        "crs": _short(f"{_wkt(info.crs)} -> {_wkt(map_crs)}"),
        "values": json.dumps(values_drawn(info.style)),
    }


def _wkt(crs: Any) -> str:
    return str(crs.to_wkt()) if hasattr(crs, "to_wkt") else str(crs)


def _remove_others(folder: Path, version: str) -> None:
    """Delete former states of a layer and all but a few forms of this one.

    What another process is writing just now stays.
    """
    forms: list[tuple[float, Path]] = []
    for other in folder.parent.iterdir():
        try:
            written = other.stat().st_mtime
        except OSError:
            continue
        if other == folder or (
            other.name.startswith(_BEING_WRITTEN) and time.time() - written < _ABANDONED_AFTER_S
        ):
            continue
        if _version_of(other) == version:
            forms.append((written, other))
        else:
            shutil.rmtree(other, ignore_errors=True)
    for _written, other in sorted(forms)[:-_OTHER_FORMS_KEPT]:
        shutil.rmtree(other, ignore_errors=True)


def _version_of(folder: Path) -> str | None:
    """Return which version of the layer a folder's arrays are made from; None where they are damaged."""
    try:
        key = read_description(folder).get("key")
    except UnreadableFiles:
        return None
    return key.get("version") if isinstance(key, dict) else None
