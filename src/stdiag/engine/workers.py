"""Daemon threads that work through a queue, and can be given up without being waited for."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

Job = Callable[[], None]


class Workers:
    """At most `limit` daemon threads. Not concurrent.futures: its threads are joined at exit, so that one look-up that
    hangs would keep the process."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = 0  # jobs that no thread has taken yet
        self._idle = 0
        self._threads = 0

    def submit(self, job: Job) -> None:
        """Runs `job` as soon as a thread is free. The job must not raise."""
        with self._lock:
            self._jobs.put(job)
            self._waiting += 1
            self._start_thread_if_needed()

    def give_up_one(self) -> None:
        """A thread hangs: it no longer counts, so that another may take its place."""
        with self._lock:
            self._limit += 1
            self._start_thread_if_needed()

    def end(self) -> None:
        """No further job comes: every thread ends when it has nothing left to do. Waits for none."""
        with self._lock:
            for _ in range(self._threads):
                self._jobs.put(None)

    def _start_thread_if_needed(self) -> None:
        # An idle thread serves one waiting job and no more: the next may wait long behind it.
        if self._waiting > self._idle and self._threads < self._limit:
            self._threads += 1
            threading.Thread(target=self._work, daemon=True, name="stdiag-worker").start()

    def _work(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            job = self._jobs.get()
            if job is None:
                return
            with self._lock:
                self._idle -= 1
                self._waiting -= 1
            job()
