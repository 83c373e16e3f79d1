"""Work that takes time reports, can be stopped, and several pieces run at once."""

from __future__ import annotations

import threading
import time

import pytest

from layers.progress import Progress
from zsgis.jobs import JobRunner, JobState, JobStatus


class Heard:
    """Keeps every status a runner told of."""

    def __init__(self) -> None:
        self.statuses: list[JobStatus] = []

    def __call__(self, status: JobStatus) -> None:
        self.statuses.append(status)

    def last(self, uid: int) -> JobStatus:
        return [status for status in self.statuses if status.uid == uid][-1]


@pytest.fixture
def heard() -> Heard:
    return Heard()


def test_a_finished_job_has_its_result_and_said_how_far_it_was(heard: Heard) -> None:
    runner = JobRunner(heard)

    def work(progress: Progress) -> int:
        progress.step(0.25, "first quarter")
        progress.step(0.75, "third quarter")
        return 42

    job = runner.start("counting", work)
    assert runner.wait([job.uid], timeout_s=60)
    assert job.result == 42
    assert heard.last(job.uid).state is JobState.DONE
    assert heard.last(job.uid).done == 1.0
    assert [s.text for s in heard.statuses if s.state is JobState.RUNNING] == [
        "",
        "first quarter",
        "third quarter",
    ]
    runner.close()


def test_a_stopped_job_ends_at_its_next_step(heard: Heard) -> None:
    runner = JobRunner(heard)
    begun, passed = threading.Event(), []

    def work(progress: Progress) -> None:
        begun.set()
        for number in range(10_000):
            progress.step(number / 10_000)
            passed.append(number)
            time.sleep(0.001)

    job = runner.start("long", work)
    assert begun.wait(60)
    runner.cancel(job.uid)
    assert runner.wait([job.uid], timeout_s=60)
    assert heard.last(job.uid).state is JobState.CANCELLED
    assert len(passed) < 10_000
    runner.close()


def test_a_failure_is_kept_for_the_officer_and_hurts_no_other_job(heard: Heard) -> None:
    runner = JobRunner(heard)

    def broken(_progress: Progress) -> None:
        raise ValueError("a bad ring")

    bad, good = runner.start("bad", broken), runner.start("good", lambda _progress: "fine")
    assert runner.wait([bad.uid, good.uid], timeout_s=60)
    assert heard.last(bad.uid).state is JobState.FAILED
    assert isinstance(bad.error, ValueError)
    assert good.result == "fine"
    runner.close()


def test_two_jobs_run_at_the_same_time(heard: Heard) -> None:
    runner = JobRunner(heard, workers=2)
    meeting = threading.Barrier(2, timeout=60)
    jobs = [runner.start(str(number), lambda _progress: meeting.wait()) for number in range(2)]
    # each waits for the other: one after the other they would break the barrier
    assert runner.wait([job.uid for job in jobs], timeout_s=60)
    assert sorted(job.result for job in jobs) == [0, 1]
    runner.close()


def test_jobs_of_one_lane_keep_their_order(heard: Heard) -> None:
    runner = JobRunner(heard)
    order: list[int] = []

    def write(number: int) -> None:
        time.sleep(0.02 if number == 0 else 0.0)
        order.append(number)

    jobs = [runner.start("saving", lambda _p, n=number: write(n), lane="project") for number in range(5)]
    assert runner.wait([job.uid for job in jobs], timeout_s=60)
    assert order == [0, 1, 2, 3, 4]
    runner.close()


def test_held_jobs_begin_in_their_order_when_they_are_released(heard: Heard) -> None:
    runner = JobRunner(heard)
    order: list[str] = []
    runner.hold()
    held = [runner.start(name, lambda _p, n=name: order.append(n), lane="project") for name in ("a", "b")]
    assert [status.state for status in runner.active()] == [JobState.WAITING] * 2
    assert not runner.wait([job.uid for job in held], timeout_s=0.05)
    assert (order, heard.statuses) == ([], [])
    runner.release()
    after = runner.start("c", lambda _p: order.append("c"), lane="project")
    assert runner.wait([*(job.uid for job in held), after.uid], timeout_s=60)
    assert order == ["a", "b", "c"]
    runner.close()


def test_a_held_job_that_is_stopped_never_works(heard: Heard) -> None:
    runner = JobRunner(heard)
    order: list[str] = []
    runner.hold()
    job = runner.start("stopped", lambda _p: order.append("worked"))
    runner.cancel(job.uid)
    runner.release()
    assert runner.wait([job.uid], timeout_s=60)
    assert heard.last(job.uid).state is JobState.CANCELLED
    runner.hold()
    runner.start("closed", lambda _p: order.append("worked"))
    runner.close()
    assert order == []


def test_time_left_follows_from_the_share_done(heard: Heard) -> None:
    runner = JobRunner(heard)

    def work(progress: Progress) -> None:
        time.sleep(0.2)
        progress.step(0.5, "half")

    job = runner.start("half", work)
    assert runner.wait([job.uid], timeout_s=60)
    half = next(s for s in heard.statuses if s.text == "half" and s.state is JobState.RUNNING)
    # 0.2 s for one half leaves as much for the other; the machine may be slow, never fast
    assert half.seconds_left is not None
    assert half.seconds_left >= 0.19
    runner.close()


def test_closing_leaves_no_thread(heard: Heard) -> None:
    runner = JobRunner(heard)

    def endless(progress: Progress) -> None:
        while True:
            progress.step(0.1)
            time.sleep(0.005)

    runner.start("endless", endless)
    runner.start("endless too", endless, lane="project")
    runner.close()
    assert [t.name for t in threading.enumerate() if t.name.startswith("zsgis-")] == []
