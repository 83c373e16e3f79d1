"""Edits that are given up while one of them is being written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.edits import Edit, EditRecord
from layers.errors import ProjectFileError
from layers.progress import Progress
from layers.store import Project
from tests.ui.editing_hands import CRS
from zsgis.edit_queue import EditQueue, Task, Written

PATIENCE_S = 20.0


class Slow:
    """A share that does not answer until it is let go."""

    def __init__(self, error: ProjectFileError | None = None) -> None:
        self.begun, self.freed = threading.Event(), threading.Event()
        self._error = error

    def write(self, _project: Project, _progress: Progress) -> EditRecord | None:
        self.begun.set()
        assert self.freed.wait(PATIENCE_S)
        if self._error is not None:
            raise self._error
        return None


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "work.gpkg", CRS) as made:
        yield made


def test_what_waits_is_given_up_while_the_disk_hangs(project: Project) -> None:
    told: list[Written] = []
    queue, slow = EditQueue(project, told.append), Slow()
    first, second = Task("甲", slow.write), Task("乙", lambda _project, _progress: None, Edit("乙", ()))
    queue.put(first)
    queue.put(second)
    writing = threading.Thread(target=queue.drain)
    writing.start()
    assert slow.begun.wait(PATIENCE_S)
    # the disk answers only below: a call that waited for it would never return
    assert queue.drop() == (first, second)
    assert queue.waiting == ()
    third = Task("丙", lambda _project, _progress: None)
    queue.put(third)
    slow.freed.set()
    writing.join(PATIENCE_S)
    # what was under way has arrived and is told; what was given up is not written
    assert [one.task for one in told] == [first, third]
    assert queue.waiting == ()


def test_an_edit_given_up_that_fails_afterwards_blocks_nothing(project: Project) -> None:
    told: list[Written] = []
    queue, slow = EditQueue(project, told.append), Slow(ProjectFileError("gone", where="work.gpkg"))
    queue.put(Task("甲", slow.write))
    writing = threading.Thread(target=queue.drain)
    writing.start()
    assert slow.begun.wait(PATIENCE_S)
    queue.drop()
    slow.freed.set()
    writing.join(PATIENCE_S)
    assert queue.stuck is None
    assert told == []


def test_an_edit_that_fails_stays_first_until_the_file_takes_it(project: Project) -> None:
    told: list[Written] = []
    queue, slow = EditQueue(project, told.append), Slow(ProjectFileError("gone", where="work.gpkg"))
    slow.freed.set()
    task = Task("甲", slow.write)
    queue.put(task)
    with pytest.raises(ProjectFileError):
        queue.drain()
    assert queue.waiting == (task,)
    assert queue.stuck is not None
    assert queue.drop() == (task,)
    assert queue.stuck is None
