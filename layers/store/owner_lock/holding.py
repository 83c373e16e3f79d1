"""Holding the lock: taken by whoever makes the file first, kept by a heartbeat, given back at the end.

A lock that is stale is taken over in two steps. First a file is made whose name holds the token of the
stale holding: of several takers only one can make it, and no token is ever succeeded twice. Only then the
stale lock is put away and a new one made. Where a taker died between the two, his own token is succeeded in
the same way.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from layers.store.owner_lock.model import (
    LOCK_ENDING,
    Owner,
    as_bytes,
    as_owner,
    create_lock,
    lock_path,
    read_owner,
)
from layers.store.owner_lock.observing import (
    BEAT_EVERY_S,
    STALE_AFTER_S,
    LockWatch,
    Standing,
    steady_clock,
)

# an owner who has not been able to beat for so long asks the file before he writes
_SURE_FOR_S = STALE_AFTER_S / 3
_TAKING = ".taking-"
_UNREADABLE = "unreadable"
_MOST_TAKERS = 20


class OwnerLock:
    """The right to write to one project file, for as long as it is held.

    Parameters
    ----------
    project : Path
    program : str
        Name and version, for others to read.
    beat_every_s : float
        How often the heartbeat is written; none at all for 0, where somebody else calls :meth:`beat`.
    """

    def __init__(
        self,
        project: Path,
        program: str,
        *,
        beat_every_s: float = BEAT_EVERY_S,
        clock: Callable[[], float] = steady_clock,
    ) -> None:
        self.path = lock_path(project)
        self.owner = Owner.here(program)
        self.lost: Owner | None = None
        self._every = beat_every_s
        self._clock = clock
        self._held = False
        self._sure_at = 0.0
        self._guard = threading.RLock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._takers: dict[Path, LockWatch] = {}

    @property
    def held(self) -> bool:
        """Whether the lock is ours as far as was seen last."""
        return self._held

    def take(self) -> bool:
        """Take the lock where there is none; False where somebody has it.

        Raises
        ------
        OSError
            When no lock can be made here: folder or share cannot be written.
        """
        try:
            create_lock(self.path, self.owner)
        except FileExistsError:
            return False
        self._begin()
        return True

    def take_over(self, watch: LockWatch) -> bool:
        """Take a lock that ``watch`` has found stale; False where another was faster or it lives after all.

        Raises
        ------
        OSError
            When no lock can be made here.
        """
        stale = watch.owner
        token = _token(stale)
        claims = self._claim(token)
        if claims is None:
            return False
        try:
            if watch.look() is not Standing.STALE or watch.owner != stale:
                return False
            with suppress(FileNotFoundError):
                self.path.unlink()
            return self.take()
        finally:
            for claim in claims:
                with suppress(OSError):
                    claim.unlink()

    def beat(self) -> bool:
        """Write one heartbeat; False when the lock is no longer ours.

        A share that does not answer for a while is no loss: only a lock that is gone or another's is.
        """
        with self._guard:
            if not self._held:
                return False
            beaten = self.owner.model_copy(update={"beat": self.owner.beat + 1})
            try:
                ours = self._write(beaten)
            except FileNotFoundError:
                self._lose(None)
                return False
            except OSError:
                return True
            if ours:
                self.owner, self._sure_at = beaten, self._clock()
            return ours

    def require(self) -> bool:
        """Tell whether we may write now; the file is asked when the last sure beat is long ago.

        So a computer that slept, or a process that was stopped, learns before its first writing that somebody
        has taken its place.
        """
        with self._guard:
            if self._held and self._clock() - self._sure_at > _SURE_FOR_S:
                self.beat()
                if self._clock() - self._sure_at > _SURE_FOR_S:
                    return False
            return self._held

    def release(self) -> None:
        """Give the lock back; one that is not ours any more is left alone."""
        self._ended.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        with self._guard:
            if not self._held:
                return
            self._held = False
            found = read_owner(self.path)
            if found is not None and found.token == self.owner.token:
                with suppress(OSError):
                    self.path.unlink()

    def _begin(self) -> None:
        self._held, self._sure_at, self.lost = True, self._clock(), None
        self._ended.clear()
        if self._every > 0:
            self._thread = threading.Thread(target=self._keep, name="zsgis-heartbeat", daemon=True)
            self._thread.start()

    def _keep(self) -> None:
        while not self._ended.wait(self._every):
            if not self.beat():
                return

    def _write(self, beaten: Owner) -> bool:
        """Write over the lock that was found to be ours; not over what was put in its place meanwhile."""
        handle = os.open(self.path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            data = as_bytes(beaten)
            found = as_owner(os.read(handle, len(data)))
            if found is None or found.token != self.owner.token:
                self._lose(found)
                return False
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, data)
        finally:
            os.close(handle)
        return True

    def _lose(self, to: Owner | None) -> None:
        self._held, self.lost = False, to
        self._ended.set()

    def _claim(self, token: str) -> tuple[Path, ...] | None:
        """Make the file that only one can make; return all that are to be put away afterwards."""
        claims: list[Path] = []
        while True:
            claim = self.path.with_name(
                f"{self.path.name.removesuffix(LOCK_ENDING)}{_TAKING}{token}{LOCK_ENDING}"
            )
            claims.append(claim)
            try:
                create_lock(claim, self.owner)
            except FileExistsError:
                taker = self._takers.setdefault(claim, LockWatch(claim, self._clock))
                if taker.look() is not Standing.STALE:
                    return None
                # he died while he took over: whoever succeeds him first goes on in his place
                token = _token(taker.owner)
                if taker.owner is None or len(claims) > _MOST_TAKERS:
                    return None
                continue
            return tuple(claims)


def _token(owner: Owner | None) -> str:
    return _UNREADABLE if owner is None else owner.token
