"""Bookmarks: named places of the map, kept in the project; every change can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtGui import QUndoCommand

from layers.errors import ZsgisError
from layers.words import N_, _
from ui.actions import VIEW, ActionSpec
from ui.bench import Bench
from ui.dialogs.bookmark_list import BookmarkList
from zsgis.bookmarks import (
    SETTING,
    Bookmark,
    Bookmarks,
    place_of,
    read_bookmarks,
    with_bookmark,
    without_bookmark,
    write_bookmarks,
)
from zsgis.map_crs import map_crs
from zsgis.session import Change

if TYPE_CHECKING:
    from layers.store import Project

_LONGEST_NAME = 200

_SPECS = (
    ActionSpec("add_bookmark", N_("Add a bookmark…"), VIEW, "bookmark", "Ctrl+B", "project", -2),
    ActionSpec(
        "bookmarks", N_("Bookmarks…"), VIEW, "bookmark_list", "Ctrl+Shift+B", "project", -2, tool=True
    ),
)


class _Change(QUndoCommand):
    def __init__(self, flows: BookmarkFlows, before: Bookmarks, after: Bookmarks, text: str) -> None:
        super().__init__(text)
        self._flows = flows
        self._before = before
        self._after = after

    def redo(self) -> None:
        self._flows.apply(self._after)

    def undo(self) -> None:
        self._flows.apply(self._before)


class BookmarkFlows:
    """Adds, shows, renames and removes bookmarks."""

    def __init__(self, bench: Bench) -> None:
        self._desk = bench.desk
        self._session = bench.desk.session
        self._canvas = bench.window.canvas
        self._edits = bench.edits
        self._stack = bench.undo_stack
        self._bookmarks: Bookmarks = ()
        self._is_read = False
        self.list = BookmarkList(bench.window)
        self.list.go_asked.connect(self.go)
        self.list.rename_asked.connect(self.rename)
        self.list.remove_asked.connect(self.remove)
        self.list.add_asked.connect(self.ask_add)
        self._session.subscribe(self._take_change)

    @property
    def bookmarks(self) -> Bookmarks:
        """The bookmarks of the open project."""
        return self._bookmarks

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does."""
        return {"add_bookmark": self.ask_add, "bookmarks": self._show_list}

    def ask_add(self) -> None:
        """Ask for a name and give it to what the map shows."""
        crs, view = map_crs(self._session), self._canvas.view
        if crs is None:
            return
        if not self._is_read:
            self._desk.notice(_("The bookmarks are still being read; try again in a moment."), None)
            return
        proposed = _("Place {number}").format(number=len(self._bookmarks) + 1)
        answer = self._desk.dialogs.text(_("Add a bookmark"), _("Name of the place"), proposed)
        name = (answer or "").strip()[:_LONGEST_NAME]
        if not name:
            return
        from layers.store.srs import crs_text
        from layers.store.uids import new_uid

        units = view.units_per_px
        mark = Bookmark(
            uid=new_uid(),
            name=name,
            x=view.center_x,
            y=view.center_y,
            across=view.width_px * units,
            up=view.height_px * units,
            crs=crs_text(crs),
        )
        self._push(with_bookmark(self._bookmarks, mark), _("Add a bookmark"))

    def go(self, uid: str) -> None:
        """Look at a place."""
        mark, crs = self._find(uid), map_crs(self._session)
        if mark is None or crs is None:
            return
        try:
            place = place_of(mark, crs)
        except ZsgisError as error:
            self._desk.dialogs.show_error(error)
            return
        x, y, across, up = place.x, place.y, place.across, place.up
        self._canvas.show_place((x - across / 2, y - up / 2, x + across / 2, y + up / 2))

    def rename(self, uid: str, name: str) -> None:
        """Give a place another name; an empty one changes nothing."""
        mark, name = self._find(uid), name.strip()[:_LONGEST_NAME]
        if mark is None or not name:
            self.list.show_bookmarks(self._bookmarks)
        elif mark.name != name:
            changed = mark.model_copy(update={"name": name})
            self._push(with_bookmark(self._bookmarks, changed), _("Rename a bookmark"))

    def remove(self, uid: str) -> None:
        """Forget a place."""
        if self._find(uid) is not None:
            self._push(without_bookmark(self._bookmarks, uid), _("Delete a bookmark"))

    def apply(self, bookmarks: Bookmarks) -> None:
        """Show and keep these bookmarks; not a step of undo of its own."""
        self._bookmarks = bookmarks
        self.list.show_bookmarks(bookmarks)
        self._edits.write_setting(SETTING, write_bookmarks(bookmarks))

    def _push(self, after: Bookmarks, text: str) -> None:
        self._stack.push(_Change(self, self._bookmarks, after, text))

    def _find(self, uid: str) -> Bookmark | None:
        return next((mark for mark in self._bookmarks if mark.uid == uid), None)

    def _show_list(self) -> None:
        self.list.show()
        self.list.raise_()
        self.list.activateWindow()

    def _take_change(self, change: Change) -> None:
        if change is not Change.PROJECT:
            return
        self._bookmarks, self._is_read = (), False
        self.list.show_bookmarks(())
        project = self._session.project
        if project is None:
            self.list.hide()
            return
        self._desk.jobs.start(
            _("Reading the bookmarks"),
            lambda _progress: read_bookmarks(project.setting(SETTING)),
            done=lambda found: self._take_read(project, found),
            quiet=True,
        )

    def _take_read(self, project: Project, found: Bookmarks) -> None:
        if self._session.project is project:
            self._bookmarks, self._is_read = found, True
            self.list.show_bookmarks(found)
