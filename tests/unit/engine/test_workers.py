"""Daemon threads that can be given up."""

from __future__ import annotations

import threading
import time
from functools import partial

from stdiag.engine.workers import Workers

PATIENCE_S = 5


def _wait(what: threading.Event | threading.Barrier) -> None:
    what.wait(PATIENCE_S)


def test_no_more_threads_than_allowed() -> None:
    workers = Workers(3)
    lock, release, done = threading.Lock(), threading.Event(), threading.Semaphore(0)
    now, most = 0, 0

    def job() -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        release.wait(PATIENCE_S)
        with lock:
            now -= 1
        done.release()

    for _ in range(10):
        workers.submit(job)
    release.set()
    for _ in range(10):
        assert done.acquire(timeout=PATIENCE_S)
    assert most <= 3


def test_jobs_run_at_the_same_time_up_to_the_limit() -> None:
    for _ in range(20):  # a job must never wait behind another while a thread may be started
        workers = Workers(4)
        together = threading.Barrier(5, timeout=PATIENCE_S)
        for _ in range(4):
            workers.submit(partial(_wait, together))
        together.wait()


def test_one_that_was_given_up_makes_room() -> None:
    workers = Workers(1)
    hang, ran = threading.Event(), threading.Event()
    workers.submit(partial(_wait, hang))
    workers.submit(ran.set)
    assert not ran.wait(0.1)
    workers.give_up_one()
    assert ran.wait(PATIENCE_S)
    hang.set()


def test_threads_are_daemons() -> None:
    seen: list[bool] = []
    done = threading.Event()

    def job() -> None:
        seen.append(threading.current_thread().daemon)
        done.set()

    Workers(1).submit(job)
    assert done.wait(PATIENCE_S)
    assert seen == [True]


def test_threads_end_when_nothing_is_left_to_do() -> None:
    workers = Workers(3)
    before = threading.active_count()
    done = threading.Semaphore(0)
    for _ in range(10):
        workers.submit(done.release)
    workers.end()
    assert all(done.acquire(timeout=PATIENCE_S) for _ in range(10))
    until = time.monotonic() + PATIENCE_S
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.001)
    assert threading.active_count() <= before
