"""A process that edits and is killed: by chance, or at a chosen call of the disk."""

from __future__ import annotations

import os
import random
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.edited_project import make_step
from benchmarks.random_edits import RandomEditor
from benchmarks.watched_disk import CallKind, DiskCall, watched_disk
from layers.store import Project

_THERE = b"there"
_REFUSED = "refused"
_STEPS = 400
_PATIENCE_S = 120.0
_TARGETS = (
    (CallKind.WRITE, True),
    (CallKind.SYNC, True),
    (CallKind.WRITE, False),
    (CallKind.SYNC, False),
    (CallKind.DELETE, True),
)

T = TypeVar("T")


@dataclass(frozen=True)
class Aim:
    """The call of the disk at which a process is killed.

    Attributes
    ----------
    of_journal : bool
        A call for the rollback journal, otherwise for the project file.
    number : int
        Which of these calls, from 1.
    after : bool
        Once it has happened, otherwise before.
    """

    kind: CallKind
    of_journal: bool
    number: int
    after: bool

    @classmethod
    def drawn(cls, chance: random.Random) -> Aim:
        """Return one by chance."""
        kind, of_journal = chance.choice(_TARGETS)
        most = 120 if kind is CallKind.WRITE else 8
        return cls(kind, of_journal, chance.randint(1, most), chance.random() < 0.5)


@dataclass(frozen=True)
class Killed:
    """What is known of a process that was killed.

    Attributes
    ----------
    acknowledged : tuple of str
        The edits it acknowledged, in their order.
    refused : str
        Why the store refused an edit that it should have taken; empty where it took all.
    """

    acknowledged: tuple[str, ...]
    refused: str = ""


class _Stopper:
    """Lets a process stand still at the call that is aimed at, until it is killed."""

    def __init__(self, aim: Aim, pipe: int) -> None:
        self._aim = aim
        self._pipe = pipe
        self._seen = 0

    def around(self, call: DiskCall, happen: Callable[[], T]) -> T:
        aim = self._aim
        if (call.kind, call.of_journal) != (aim.kind, aim.of_journal):
            return happen()
        self._seen += 1
        if self._seen != aim.number:
            return happen()
        result = happen() if aim.after else None
        os.write(self._pipe, _THERE + b"\n")
        time.sleep(_PATIENCE_S)
        return happen() if result is None else result


def edit_until_killed(path: Path, editor: RandomEditor, chance: random.Random) -> Killed:
    """Let a process edit a project and kill it; half of the kills are aimed.

    The editor of this process stays as it is: the other one works with a copy.
    """
    aim = Aim.drawn(chance) if chance.random() < 0.5 else None
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        _edit(path, editor, writing, aim)
    os.close(writing)
    try:
        return _watch(reading, process, aim, chance)
    finally:
        os.close(reading)


def _edit(path: Path, editor: RandomEditor, pipe: int, aim: Aim | None) -> None:
    """Edit until killed; an acknowledgement goes out once an edit has returned."""
    disk: AbstractContextManager[None] = nullcontext() if aim is None else watched_disk(_Stopper(aim, pipe))
    try:
        with disk, Project.open(path) as project:
            for _number in range(_STEPS):
                step = editor.draw()
                record = make_step(project, step)
                editor.take(step)
                os.write(pipe, record.head.uid.encode() + b"\n")
    except BaseException as error:
        os.write(pipe, f"{_REFUSED} {error!r}\n".encode())
    finally:
        os._exit(0)


def _watch(pipe: int, process: int, aim: Aim | None, chance: random.Random) -> Killed:
    wanted = chance.randint(0, 12)
    lines: list[bytes] = []
    for line in _lines(pipe):
        lines.append(line)
        if line == _THERE or (aim is None and len(lines) >= wanted):
            break
        if aim is not None and len(lines) >= _STEPS:
            break
    if aim is None:
        time.sleep(chance.uniform(0.0, 0.04))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    lines += _lines(pipe)
    said = [line.decode() for line in lines if line != _THERE]
    refused = [line for line in said if line.startswith(_REFUSED)]
    return Killed(tuple(line for line in said if line not in refused), "".join(refused))


def _lines(pipe: int) -> Iterator[bytes]:
    """Return whole lines until the other end is closed."""
    rest = b""
    while True:
        ready, _w, _x = select.select([pipe], [], [], _PATIENCE_S)
        if not ready:
            raise TimeoutError("the editing process has gone silent")
        piece = os.read(pipe, 65536)
        if not piece:
            return
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
