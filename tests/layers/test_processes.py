"""Processes end for good, whoever hears of it first."""

from __future__ import annotations

import multiprocessing
import os
import time

import pytest

from layers.processes import end_process


def test_a_process_is_gone_and_let_go() -> None:
    process = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(600,))
    process.start()
    number = process.pid
    assert number is not None
    end_process(process)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    with pytest.raises(ValueError, match="closed"):
        _ = process.exitcode


def test_an_end_that_another_thread_hears_of_first_is_an_end() -> None:
    process = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(600,))
    process.start()
    number = process.pid
    assert number is not None
    process.kill()
    os.waitpid(number, 0)  # as a start in another thread does, which has not written it down yet
    end_process(process)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
