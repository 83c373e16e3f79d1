"""What is shown already and not yet on disk: written aside, in the order in which it was made."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from layers.words import _
from ui.jobs import JobBridge
from zsgis.session import Session

if TYPE_CHECKING:
    from layers.store import Project

PROJECT_LANE = "project"


@dataclass
class Waiting:
    """Changes of layers by uid, the layers' order (top first; empty for as it is), and settings."""

    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


class PendingWrites:
    """Takes note of changes on the window's thread and writes them in a job."""

    def __init__(self, session: Session, jobs: JobBridge) -> None:
        self._session = session
        self._jobs = jobs
        self._waiting: dict[str, Waiting] = {}
        self._lock = threading.Lock()

    def note(self, note: Callable[[Waiting], object]) -> None:
        """Let ``note`` put a change down, and write it soon; a project without the right to write stays."""
        project = self._session.project
        if project is None or project.read_only:
            return
        with self._lock:
            note(self._waiting.setdefault(project.uid, Waiting()))
        self._jobs.start(
            _("Saving"),
            lambda _progress: self.flush(project),
            done=self._note_saved,
            lane=PROJECT_LANE,
            quiet=True,
        )

    def flush(self, project: Project) -> bool:
        """Write whatever waits for a project; several quick changes of one field become one.

        Safe from any thread; tells whether there was anything. What could not be written waits on: it goes
        with the next change, or when the project is closed.

        Raises
        ------
        ProjectFileError
            When the file cannot be written.
        """
        with self._lock:
            waiting = self._waiting.pop(project.uid, None)
        if waiting is None:
            return False
        try:
            _write(project, waiting)
        except BaseException:
            with self._lock:
                newer = self._waiting.get(project.uid, Waiting())
                self._waiting[project.uid] = _joined(waiting, newer)
            raise
        return True

    def _note_saved(self, wrote: bool) -> None:
        if wrote:
            self._session.mark_saved(datetime.now())


def _write(project: Project, waiting: Waiting) -> None:
    for uid, changes in waiting.changes.items():
        project.update_layer(uid, **changes)
    present = [layer.uid for layer in project.layers()]
    for place, uid in enumerate(uid for uid in waiting.order if uid in present):
        if present[place] != uid:
            project.update_layer(uid, order=place + 1)
            present.remove(uid)
            present.insert(place, uid)
    for key, value in waiting.settings.items():
        project.set_setting(key, value)


def _joined(older: Waiting, newer: Waiting) -> Waiting:
    changes = {uid: dict(values) for uid, values in older.changes.items()}
    for uid, values in newer.changes.items():
        changes.setdefault(uid, {}).update(values)
    return Waiting(changes, newer.order or older.order, older.settings | newer.settings)
