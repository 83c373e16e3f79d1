"""Notices when a raster's file goes or comes back while the project is open."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QFileSystemWatcher

from layers.words import _
from ui.bench import Bench
from zsgis.session import Change


class RasterFiles:
    """Keeps the session's word on rasters whose files are gone, and the map in step with it."""

    def __init__(self, bench: Bench) -> None:
        self._session = bench.desk.session
        self._notice = bench.desk.notice
        self._canvas = bench.window.canvas
        self._watcher = QFileSystemWatcher(bench.window)
        self._watcher.fileChanged.connect(self._look)
        self._watcher.directoryChanged.connect(self._look)
        self._gone: set[str] = set()
        self._session.subscribe(self._take_change)

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            self._gone = set()
        if change in (Change.PROJECT, Change.PICTURES):
            self._watch()
            self._look()

    def _paths(self) -> dict[str, Path]:
        project = self._session.project
        if project is None:
            return {}
        folder = project.path.parent.absolute()
        return {
            picture.uid: folder / picture.path
            for picture in self._session.pictures
            if picture.type == "raster"
        }

    def _watch(self) -> None:
        """Watch files and their folders: a file that is put back is seen through its folder."""
        paths = self._paths().values()
        wanted = {str(place) for path in paths for place in (path, path.parent) if place.exists()}
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - wanted:
            self._watcher.removePaths(list(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(list(wanted - watched))

    def _look(self, *_place: str) -> None:
        paths = self._paths()
        gone = {uid for uid, path in paths.items() if not path.is_file()}
        before, self._gone = self._gone & set(paths), gone
        for uid in gone - before:
            text = _("The raster's file is no longer there: {path}").format(path=paths[uid])
            self._session.note_trouble(uid, text)
            self._notice(text, None)
        for uid in before - gone:
            self._session.note_trouble(uid, "")
        if gone != before:
            self._watch()
            self._canvas.redraw()
