"""What waits for a project file: kept aside while the file does not take it, taken up at the next sitting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from layers.edits import Edit
from layers.errors import InputError
from layers.words import _
from zsgis.rescued_edits import ProjectPlace, RescueFolder

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.edit_queue import EditQueue


class KeptEdits:
    """Keeps the edits of open projects in the user's own folder; safe from any thread.

    Parameters
    ----------
    folder : RescueFolder
    tell : callable
        Told, in whatever thread, of what cannot be read or reached.
    """

    def __init__(self, folder: RescueFolder, tell: Callable[[InputError], object]) -> None:
        self._folder = folder
        self._tell = tell
        self._guard = threading.Lock()
        # kept last time and not in the queue yet: their file is added to, never replaced; None: not read yet
        self._pending: dict[ProjectPlace, tuple[Edit, ...] | None] = {}
        self._until_written: set[ProjectPlace] = set()

    def expect(self, project: Project) -> None:
        """Take note that a project was opened, of which edits may have been kept last time."""
        self._pending[ProjectPlace.of(project)] = None

    def earlier(self, project: Project) -> tuple[Edit, ...]:
        """Return what was kept last time, does not wait yet, and did not come in by way of a copy."""
        from zsgis.merging.repeats import brought_edits

        place = ProjectPlace.of(project)
        with self._guard:
            kept = self._still_kept(place)
        brought = brought_edits(project) if kept else frozenset()
        left = tuple(edit for edit in kept if edit.uid not in brought)
        if len(left) < len(kept):
            with self._guard:
                self._pending[place] = left
                self._folder.keep(place, left)
        return left

    def hand_over(self, project: Project, edits: tuple[Edit, ...], put: Callable[[Edit], object]) -> None:
        """Put what was kept last time into the queue; its file goes once all of it is written."""
        place = ProjectPlace.of(project)
        with self._guard:
            if self._pending.get(place):
                self._until_written.add(place)
            for edit in edits:
                put(edit)
            self._pending.pop(place, None)

    def hold(self, project: Project) -> None:
        """Keep what waits of a project until all is written."""
        self._until_written.add(ProjectPlace.of(project))

    def let_go(self, queue: EditQueue, *, was_stuck: bool) -> None:
        """Forget what was kept, as far as it is written now."""
        place = ProjectPlace.of(queue.project)
        if was_stuck or place in self._until_written:
            self._until_written.discard(place)
            self.keep(queue)

    def keep(self, queue: EditQueue) -> Path | None:
        """Keep what waits in a queue; the project file may be gone with this computer's network.

        Raises
        ------
        InputError, OSError
            When it cannot be kept.
        """
        place = ProjectPlace.of(queue.project)
        with self._guard:
            pending = self._still_kept(place)
            # asked within, so that what is written last is what waits now
            edits = [task.edit for task in queue.waiting if task.edit is not None]
            known = {edit.uid for edit in edits}
            return self._folder.keep(place, [*(edit for edit in pending if edit.uid not in known), *edits])

    def set_aside(self, project: Project, edit: Edit) -> Path:
        """Keep an edit that can no longer be made in a file that nothing replaces; return where.

        Raises
        ------
        InputError, OSError
            When it cannot be kept.
        """
        return self._folder.put_aside(ProjectPlace.of(project), edit)

    def _still_kept(self, place: ProjectPlace) -> tuple[Edit, ...]:
        kept = self._pending.get(place, ())
        if kept is None:
            kept = self._pending[place] = self._read(place)
        return kept

    def _read(self, place: ProjectPlace) -> tuple[Edit, ...]:
        """Return what was kept last time; a file that cannot be read is said and never written over."""
        for lay, file in self._folder.out_of_reach(place):
            self._tell(_kept_elsewhere(lay, file))
        try:
            return self._folder.kept(place)
        except InputError as error:
            aside = self._folder.set_unreadable_aside(place)
            self._tell(InputError(error.what, where=str(aside), remedy=error.remedy, details=error.details))
            return ()


def _kept_elsewhere(lay: Path, file: Path) -> InputError:
    return InputError(
        _("Unsaved edits of this project are kept; they were made in a file that is not there now."),
        where=str(lay),
        remedy=_(
            "Connect the drive and open that file: they are then written into it. Until then: {file}"
        ).format(file=file),
    )
