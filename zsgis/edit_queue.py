"""Edits on their way to the store: written one after another, kept in memory until they are on disk."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.edits import Edit, EditHead, EditRecord
from layers.errors import JobCancelled, ProjectFileError
from layers.progress import NoProgress, Progress

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

Write = Callable[["Project", Progress], EditRecord | None]


@dataclass(frozen=True)
class Task:
    """Something that writes to the store as one edit.

    Attributes
    ----------
    title : str
        What it is called, in the user's language.
    edit : Edit or None
        The edit, where it is known before: it can be kept in a file of its own.
    """

    title: str
    write: Write
    edit: Edit | None = None


@dataclass(frozen=True)
class Written:
    """What became of a task.

    Attributes
    ----------
    record : EditRecord or None
        What it did; None where it did nothing.
    error : Exception or None
        Why it was refused; nothing was changed then.
    layers : tuple of LayerInfo
        The layers of the project as they are now.
    undoable, redoable : EditHead or None
        What would be taken back and made again next.
    """

    task: Task
    record: EditRecord | None
    error: Exception | None
    layers: tuple[LayerInfo, ...]
    undoable: EditHead | None
    redoable: EditHead | None


class EditQueue:
    """The tasks of one project that are not written yet.

    A task that the file does not take (full disk, lost share) stays at the head of the queue, and what came
    after it waits behind it: later edits may rest on it. A task that is refused for what it is, leaves it.

    Parameters
    ----------
    project : Project
    answer : callable
        Told of each task that leaves the queue, in the thread that wrote it.
    """

    def __init__(self, project: Project, answer: Callable[[Written], None]) -> None:
        self.project = project
        self._answer = answer
        self._waiting: deque[Task] = deque()
        self._stuck: ProjectFileError | None = None
        # of the first task, once it is done
        self._outcome: tuple[Task, EditRecord | None, Exception | None] | None = None
        self._guard = threading.Lock()
        self._writing = threading.Lock()

    @property
    def waiting(self) -> tuple[Task, ...]:
        """What is not on disk yet, in its order."""
        with self._guard:
            return tuple(self._waiting)

    @property
    def stuck(self) -> ProjectFileError | None:
        """Why the file did not take the first of them; None where nothing stands in the way."""
        return self._stuck

    def put(self, task: Task) -> None:
        """Add a task; :meth:`drain` writes it."""
        with self._guard:
            self._waiting.append(task)

    def drop(self) -> tuple[Task, ...]:
        """Give up what waits and return it, without waiting for the disk.

        What is being written just now may still arrive; it is told then.
        """
        with self._guard:
            dropped = tuple(self._waiting)
            self._waiting.clear()
            self._stuck = None
            return dropped

    def drain(self, progress: Progress | None = None) -> None:
        """Write all that waits; safe from any thread.

        Raises
        ------
        ProjectFileError
            When the file does not take a task; it waits on, with what came after it.
        """
        with self._writing:
            while True:
                with self._guard:
                    task = self._waiting[0] if self._waiting else None
                if task is None:
                    return
                try:
                    told = self._write(task, progress or NoProgress())
                except ProjectFileError as error:
                    if self._stick(task, error):
                        raise
                    continue
                self._answer(told)

    def _write(self, task: Task, progress: Progress) -> Written:
        if self._outcome is None or self._outcome[0] is not task:
            self._outcome = (task, *self._do(task, progress))
        _task, record, refused = self._outcome
        store = self.project
        # where this fails it is on disk; what became of the layers is read as soon as that can be done
        told = Written(task, record, refused, store.layers(), store.undoable(), store.redoable())
        self._outcome = None
        with self._guard:
            if self._is_first(task):
                self._stuck = None
                self._waiting.popleft()
        return told

    def _stick(self, task: Task, error: ProjectFileError) -> bool:
        """Note why the file does not take a task; False where it was given up meanwhile."""
        with self._guard:
            if not self._is_first(task):
                return False
            self._stuck = error
            return True

    def _is_first(self, task: Task) -> bool:
        return bool(self._waiting) and self._waiting[0] is task

    def _do(self, task: Task, progress: Progress) -> tuple[EditRecord | None, Exception | None]:
        try:
            return task.write(self.project, progress), None
        except ProjectFileError:
            raise
        except JobCancelled:
            return None, None
        except Exception as error:
            return None, error
