"""The queue of one host: newest first, a few at a time, slower while the host is in trouble."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from zsgis.services.answers import ServiceError

Wanted = TypeVar("Wanted", bound=Hashable)
_MOST_WAITING = 2_000
_MOST_TRIES = 3
_IDLE_S = 5.0


class Lane(Generic[Wanted]):
    """Works off what is wanted of one host in threads of its own, so that it holds up no other.

    Parameters
    ----------
    work : callable
        Fetches one; raises ServiceError.
    told : callable
        Hears of each failure, from a lane's thread, with whether it is the first of its kind since the last
        success.
    threads : int
        How many are fetched at once.
    pause_s : float
        Wait after the first failure; doubled with each further one, to ``longest_s`` at most. While a host
        is in trouble it is asked one thing at a time.
    """

    def __init__(
        self,
        work: Callable[[Wanted], None],
        told: Callable[[Wanted, ServiceError, bool], None],
        *,
        threads: int = 4,
        pause_s: float = 1.0,
        longest_s: float = 60.0,
    ) -> None:
        self._work = work
        self._told = told
        self._threads = threads
        self._pause_s, self._longest_s = pause_s, longest_s
        self._change = threading.Condition()
        self._waiting: deque[Wanted] = deque()
        self._known: set[Wanted] = set()
        self._tries: dict[Wanted, int] = {}
        self._resting: dict[Wanted, float] = {}
        self._running = self._busy = self._failures = 0
        self._pause_until = 0.0
        self._said: set[str] = set()
        self._turn = 0
        self._stopped = self._closed = False

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing waits and nothing is being fetched."""
        with self._change:
            return not self._waiting and not self._busy

    def want(self, wanted: Sequence[Wanted]) -> None:
        """Fetch these next, in their order, before all that waits; what waits too long is forgotten."""
        with self._change:
            if self._closed or self._stopped:
                return
            now = time.monotonic()
            self._resting = {one: until for one, until in self._resting.items() if until > now}
            fresh = [one for one in dict.fromkeys(wanted) if one not in self._resting]
            waiting = set(self._waiting)
            again = {one for one in fresh if one in waiting}
            if again:
                self._waiting = deque(one for one in self._waiting if one not in again)
            in_hand = self._known - waiting
            self._waiting.extendleft(reversed([one for one in fresh if one not in in_hand]))
            self._known.update(fresh)
            while len(self._waiting) > _MOST_WAITING:
                self._known.discard(self._waiting.pop())
            for _each in range(min(self._threads, len(self._waiting)) - self._running):
                self._running += 1
                threading.Thread(target=self._run, name="zsgis-services", daemon=True).start()
            self._change.notify_all()

    def drop(self, unwanted: Callable[[Wanted], bool]) -> None:
        """Forget what waits and is no longer wanted."""
        with self._change:
            for one in [one for one in self._waiting if unwanted(one)]:
                self._waiting.remove(one)
                self._known.discard(one)

    def resume(self) -> None:
        """Ask again after a refusal: a key was entered, a switch turned."""
        with self._change:
            # what is under way was asked with the old key: how that ends says nothing of the new one
            self._turn += 1
            self._stopped = False
            self._failures, self._pause_until = 0, 0.0
            self._said.clear()
            self._tries.clear()
            self._resting.clear()
            self._change.notify_all()

    def close(self) -> None:
        """Take nothing more; threads end when what they wait for has."""
        with self._change:
            self._closed = True
            self._waiting.clear()
            self._change.notify_all()

    def _run(self) -> None:
        while (taken := self._next()) is not None:
            one, turn = taken
            failure: ServiceError | None = None
            try:
                self._work(one)
            except ServiceError as error:
                failure = error
            if failure is not None and self._ask_anew(one, turn):
                continue
            self._finish(one, failure)

    def _ask_anew(self, one: Wanted, turn: int) -> bool:
        """Put back what failed after asking was resumed; tell whether it was."""
        with self._change:
            if turn == self._turn or self._closed:
                return False
            self._busy -= 1
            self._waiting.append(one)
            self._change.notify_all()
            return True

    def _next(self) -> tuple[Wanted, int] | None:
        idle_until = time.monotonic() + _IDLE_S
        with self._change:
            while not self._closed:
                now = time.monotonic()
                alone = self._failures > 0 and self._busy > 0
                if self._waiting and not alone and now >= self._pause_until:
                    self._busy += 1
                    return self._waiting.popleft(), self._turn
                if not self._waiting and now >= idle_until:
                    break
                until = idle_until if not self._waiting else max(self._pause_until, now + 0.05)
                self._change.wait(max(until - now, 0.01))
            self._running -= 1
            return None

    def _finish(self, one: Wanted, failure: ServiceError | None) -> None:
        with self._change:
            self._busy -= 1
            self._known.discard(one)
            first = self._note(one, failure) if failure is not None else self._clear(one)
            closed = self._closed
            self._change.notify_all()
        if failure is not None and not closed:
            self._told(one, failure, first)

    def _clear(self, one: Wanted) -> bool:
        self._failures, self._pause_until = 0, 0.0
        self._said.clear()
        self._tries.pop(one, None)
        return False

    def _note(self, one: Wanted, failure: ServiceError) -> bool:
        """Decide what a failure means; tell whether it is news."""
        news = failure.trouble not in self._said
        self._said.add(failure.trouble)
        if failure.stops_all:
            self._stopped = True
            self._known.difference_update(self._waiting)
            self._waiting.clear()
            return news
        tries = self._tries[one] = self._tries.get(one, 0) + 1
        if failure.is_passing:
            self._failures += 1
            pause = min(self._pause_s * 2 ** (self._failures - 1), self._longest_s)
            self._pause_until = time.monotonic() + pause
        if failure.is_passing and tries < _MOST_TRIES and not self._closed:
            self._waiting.append(one)
            self._known.add(one)
        else:
            self._tries.pop(one, None)
            self._resting[one] = time.monotonic() + self._longest_s
        return news
