"""Disks that fail at a chosen moment: below SQLite, where shares and full disks fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import apsw

from benchmarks.watched_disk import CallKind, DiskCall

T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """What goes wrong.

    Attributes
    ----------
    error : type
        ``apsw.FullError`` or ``apsw.IOError``.
    lasting : bool
        From that call on, otherwise at that call only.
    done : bool
        The call at which it begins happens all the same; its answer is what gets lost.
    """

    error: type[apsw.Error]
    lasting: bool = False
    done: bool = False


class FailingDisk:
    """Fails from the ``at``-th call on until it is repaired; counts calls while it is set to fail."""

    def __init__(self) -> None:
        self._fault: Fault | None = None
        self._at = 0
        self.calls = 0

    def fail(self, at: int, fault: Fault) -> None:
        self._fault, self._at, self.calls = fault, at, 0

    def repair(self) -> None:
        self._fault = None

    @property
    def has_failed(self) -> bool:
        return self.calls >= self._at

    def around(self, call: DiskCall, happen: Callable[[], T]) -> T:
        fault = self._fault
        # closing and unlocking cannot fail in a way that SQLite would learn of
        if fault is None or call.kind in (CallKind.CLOSE, CallKind.UNLOCK):
            return happen()
        self.calls += 1
        if self.calls == self._at and fault.done:
            happen()
        if self.calls == self._at or (fault.lasting and self.calls > self._at):
            raise fault.error()
        return happen()


class SmallDisk:
    """Holds so many bytes more than are there now, and no more."""

    def __init__(self) -> None:
        self._room: int | None = None

    def leave(self, room: int | None) -> None:
        self._room = room

    def around(self, call: DiskCall, happen: Callable[[], T]) -> T:
        if call.kind is CallKind.WRITE and self._room is not None:
            self._room -= len(call.data)
            if self._room < 0:
                raise apsw.FullError
        return happen()


class HangingDisk:
    """Does not answer a write until it is let go on, as a share whose server is gone."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.answers.set()
        self.asked = threading.Event()

    def hang(self) -> None:
        self.asked.clear()
        self.answers.clear()

    def around(self, call: DiskCall, happen: Callable[[], T]) -> T:
        if call.kind is CallKind.WRITE and not self.answers.is_set():
            self.asked.set()
            self.answers.wait(60)
        return happen()
