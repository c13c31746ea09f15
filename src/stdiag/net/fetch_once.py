"""One download for a whole run: many endpoints name the same issuer."""

from __future__ import annotations

import threading

from stdiag.net.deadline import Deadline
from stdiag.net.fetch import Detour, FetchResult, fetch
from stdiag.net.resolve import Resolver
from stdiag.net.trace import StepRecorder

ADDRESSES_AT_MOST = 100
"""Different URLs a run: a server could name another one in each certificate."""


class Fetcher:
    """Fetches each URL once. Whoever asks for one that is under way waits for it, within its own deadline."""

    def __init__(self, resolver: Resolver, detour: Detour | None = None) -> None:
        """`detour`: the proxy that everything is fetched through."""
        self._resolver = resolver
        self._detour = detour
        self._lock = threading.Lock()
        self._under_way: dict[str, threading.Event] = {}
        self._results: dict[str, FetchResult] = {}

    def fetch(self, url: str, deadline: Deadline, steps: StepRecorder, *, allow_private: bool) -> FetchResult | None:
        """The answer of `url`; None when it is not there in time, or the run has asked for too many."""
        with self._lock:
            event = self._under_way.get(url)
            mine = event is None
            if event is None:
                if len(self._under_way) >= ADDRESSES_AT_MOST:
                    return None
                event = self._under_way[url] = threading.Event()
        if mine:
            try:
                result = fetch(
                    url, deadline, steps, resolver=self._resolver, allow_private=allow_private, detour=self._detour
                )
                with self._lock:
                    self._results[url] = result
            finally:
                event.set()
        else:
            event.wait(deadline.remaining())
        with self._lock:
            return self._results.get(url)
