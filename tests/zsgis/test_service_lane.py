"""The queue of a host: what was asked before a key was entered says nothing of the key."""

from __future__ import annotations

import threading
import time

from zsgis.services.answers import ServiceError, Trouble
from zsgis.services.lane import Lane

WAIT_S = 60.0


def test_a_refusal_of_the_old_key_does_not_stop_what_the_new_one_asks() -> None:
    asked, answer = threading.Event(), threading.Event()
    key = ["old"]
    fetched: list[tuple[str, str]] = []
    told: list[str] = []

    def work(one: str) -> None:
        used = key[0]
        if used == "old":
            asked.set()
            answer.wait(WAIT_S)
            raise ServiceError(Trouble.KEY, "refused", where="host")
        fetched.append((one, used))

    lane: Lane[str] = Lane(work, lambda one, _failure, _first: told.append(one), threads=1)
    lane.want(["a"])
    assert asked.wait(WAIT_S)
    key[0] = "new"
    lane.resume()
    answer.set()
    lane.want(["b"])
    until = time.monotonic() + WAIT_S
    while (not lane.is_idle or len(fetched) < 2) and time.monotonic() < until:
        time.sleep(0.01)
    lane.close()
    assert sorted(fetched) == [("a", "new"), ("b", "new")]
    assert told == []
