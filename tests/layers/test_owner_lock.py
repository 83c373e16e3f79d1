"""One writer at a time: who has the file, who is gone, and who of several comes next."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from layers.store.owner_lock import LockWatch, Owner, OwnerLock, Standing, lock_path, read_owner
from layers.store.owner_lock.model import as_bytes, create_lock
from layers.store.owner_lock.observing import STALE_AFTER_S

_HOLD = """
import sys, time
from pathlib import Path
from layers.store.owner_lock import OwnerLock
lock = OwnerLock(Path(sys.argv[1]), "zsgis 1", beat_every_s=float(sys.argv[2]))
print(lock.take(), flush=True)
sys.stdin.read()
lock.release()
"""


class Clock:
    """A steady clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _lock(project: Path, clock: Clock | None = None) -> OwnerLock:
    return OwnerLock(project, "zsgis 1", beat_every_s=0, clock=clock or Clock())


def _elsewhere(project: Path, **said: object) -> Owner:
    """Put down the lock of somebody at another computer."""
    owner = Owner.here("zsgis 1").model_copy(
        update={"machine_mark": "another", "machine": "登记科-3", "name": "李四", **said}
    )
    create_lock(lock_path(project), owner)
    return owner


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "工程.gpkg"
    path.touch()
    return path


@pytest.fixture
def holder(project: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, project, "0.05"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    yield process
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.kill()
    process.communicate()


def test_the_lock_says_who_has_it_and_goes_with_him(project: Path) -> None:
    lock = _lock(project)
    assert lock.take()
    said = json.loads(lock.path.read_text(encoding="utf-8"))
    assert lock.path.name == "工程.gpkg.lock"
    assert (said["pid"], said["program"], said["beat"]) == (os.getpid(), "zsgis 1", 0)
    assert said["name"]
    assert said["machine"]
    assert datetime.fromisoformat(said["since"]).tzinfo is not None
    assert lock.owner.is_here
    assert not _lock(project).take()
    lock.release()
    assert not lock.path.exists()
    assert _lock(project).take()


def test_a_living_process_is_an_owner_even_when_it_is_stopped(
    project: Path, holder: subprocess.Popen[str]
) -> None:
    clock = Clock()
    watch = LockWatch(lock_path(project), clock)
    assert watch.look() is Standing.HELD
    assert watch.owner is not None
    assert watch.owner.pid == holder.pid
    holder.send_signal(signal.SIGSTOP)
    clock.now += 100 * STALE_AFTER_S
    assert watch.look() is Standing.HELD
    clock.now += 100 * STALE_AFTER_S
    assert watch.look() is Standing.HELD
    assert not _lock(project).take_over(watch)


def test_a_killed_process_leaves_a_stale_lock_that_is_taken_over_at_once(
    project: Path, holder: subprocess.Popen[str]
) -> None:
    holder.kill()
    holder.wait()
    watch = LockWatch(lock_path(project), Clock())
    assert watch.look() is Standing.STALE
    lock = _lock(project)
    assert lock.take_over(watch)
    assert read_owner(lock.path) == lock.owner
    assert sorted(each.name for each in project.parent.iterdir()) == ["工程.gpkg", "工程.gpkg.lock"]


def test_another_process_with_the_number_of_a_dead_one_is_not_the_owner(project: Path) -> None:
    here = Owner.here("zsgis 1")
    create_lock(lock_path(project), here.model_copy(update={"started": "1"}))
    assert LockWatch(lock_path(project), Clock()).look() is Standing.STALE


def test_a_lock_from_before_the_computer_was_started_anew_is_stale(project: Path) -> None:
    here = Owner.here("zsgis 1")
    if not (here.machine_mark and here.sitting_mark):
        pytest.skip("this system does not tell its starts apart")
    create_lock(lock_path(project), here.model_copy(update={"sitting_mark": "an earlier one"}))
    assert LockWatch(lock_path(project), Clock()).look() is Standing.STALE


@pytest.mark.parametrize("hours", [-9, 0, 9])
def test_an_owner_elsewhere_is_judged_by_his_heartbeat_and_by_no_clock(project: Path, hours: int) -> None:
    owner = _elsewhere(project, since=datetime.now().astimezone() + timedelta(hours=hours))
    clock = Clock()
    watch = LockWatch(lock_path(project), clock)
    assert watch.look() is Standing.HELD
    assert watch.patience_s == STALE_AFTER_S
    for beat in range(1, 4):
        clock.now += STALE_AFTER_S - 1
        assert watch.look() is Standing.HELD
        lock_path(project).write_bytes(as_bytes(owner.model_copy(update={"beat": beat})))
        assert watch.look() is Standing.HELD
    clock.now += STALE_AFTER_S
    assert watch.look() is Standing.STALE


def test_a_lock_nobody_can_read_is_stale_only_after_the_same_time(project: Path) -> None:
    lock_path(project).write_bytes(b"")
    clock = Clock()
    watch = LockWatch(lock_path(project), clock)
    assert watch.look() is Standing.HELD
    clock.now += STALE_AFTER_S
    assert watch.look() is Standing.STALE
    assert _lock(project).take_over(watch)


def test_an_owner_who_comes_back_to_life_keeps_his_lock(project: Path) -> None:
    owner = _elsewhere(project)
    clock = Clock()
    watch = LockWatch(lock_path(project), clock)
    watch.look()
    clock.now += STALE_AFTER_S
    assert watch.look() is Standing.STALE
    lock_path(project).write_bytes(as_bytes(owner.model_copy(update={"beat": 7})))
    assert not _lock(project).take_over(watch)
    assert read_owner(lock_path(project)) == owner.model_copy(update={"beat": 7})


def test_of_many_takers_one_succeeds(project: Path) -> None:
    for _round in range(20):
        lock_path(project).unlink(missing_ok=True)
        create_lock(lock_path(project), Owner.here("zsgis 1").model_copy(update={"started": "1"}))
        locks = [_lock(project) for _number in range(8)]
        start = threading.Barrier(len(locks))
        won: list[OwnerLock] = []

        def take(lock: OwnerLock, start: threading.Barrier = start, won: list[OwnerLock] = won) -> None:
            watch = LockWatch(lock.path, Clock())
            assert watch.look() is Standing.STALE
            start.wait()
            if lock.take_over(watch):
                won.append(lock)

        threads = [threading.Thread(target=take, args=(lock,)) for lock in locks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        assert read_owner(lock_path(project)) == won[0].owner
        assert [each for each in project.parent.iterdir() if "taking" in each.name] == []


def test_a_taker_who_died_while_taking_over_does_not_bar_the_file(project: Path) -> None:
    stale = Owner.here("zsgis 1").model_copy(update={"started": "1"})
    create_lock(lock_path(project), stale)
    died = Owner.here("zsgis 1").model_copy(update={"started": "2"})
    create_lock(project.with_name(f"工程.gpkg.taking-{stale.token}.lock"), died)
    watch = LockWatch(lock_path(project), Clock())
    assert watch.look() is Standing.STALE
    assert _lock(project).take_over(watch)
    assert sorted(each.name for each in project.parent.iterdir()) == ["工程.gpkg", "工程.gpkg.lock"]


def test_a_taker_who_lives_is_not_overtaken(project: Path) -> None:
    stale = Owner.here("zsgis 1").model_copy(update={"started": "1"})
    create_lock(lock_path(project), stale)
    create_lock(project.with_name(f"工程.gpkg.taking-{stale.token}.lock"), Owner.here("zsgis 1"))
    watch = LockWatch(lock_path(project), Clock())
    watch.look()
    assert not _lock(project).take_over(watch)
    assert read_owner(lock_path(project)) == stale


@pytest.mark.parametrize("vanished", [True, False])
def test_who_lost_the_lock_learns_it_with_the_next_beat_and_leaves_the_other_alone(
    project: Path, vanished: bool
) -> None:
    lock = _lock(project)
    lock.take()
    assert lock.beat()
    lock.path.unlink()
    if not vanished:
        other = _elsewhere(project)
    assert not lock.beat()
    assert not lock.held
    assert not lock.require()
    lock.release()
    if vanished:
        assert lock.lost is None
    else:
        assert lock.lost == other
        assert read_owner(lock.path) == other


def test_who_slept_asks_before_he_writes(project: Path) -> None:
    clock = Clock()
    lock = _lock(project, clock)
    lock.take()
    lock.path.unlink()
    _elsewhere(project)
    assert lock.require()  # seen to be ours a moment ago
    clock.now += STALE_AFTER_S
    assert not lock.require()


def test_a_share_that_does_not_answer_is_no_loss_but_nothing_is_written_meanwhile(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    lock = _lock(project, clock)
    lock.take()
    real_open = os.open

    def refuse(path: Path, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith(".lock"):
            raise OSError(112, "Host is down")
        return real_open(path, flags, mode)

    with monkeypatch.context() as share:
        share.setattr(os, "open", refuse)
        assert lock.beat()
        clock.now += STALE_AFTER_S
        assert not lock.require()
        assert lock.held
    assert lock.require()


def test_the_heartbeat_beats_and_ends(project: Path, holder: subprocess.Popen[str]) -> None:
    owner = read_owner(lock_path(project))
    assert owner is not None
    until = time.monotonic() + 60
    while True:
        later = read_owner(lock_path(project))
        if later is not None and later.beat > owner.beat + 2:
            break
        assert time.monotonic() < until
        time.sleep(0.02)
    assert later.token == owner.token
    holder.communicate("")
    assert not lock_path(project).exists()


def test_one_file_called_by_two_names_has_one_lock(project: Path) -> None:
    link = project.with_name("别名.gpkg")
    link.symlink_to(project)
    lock = _lock(project)
    assert lock.take()
    assert not _lock(link).take()
    lock.release()


def test_where_no_lock_can_be_made_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="lock"):
        _lock(tmp_path / "没有此夹" / "工程.gpkg").take()
