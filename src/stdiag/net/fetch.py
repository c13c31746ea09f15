"""Fetches a small file over HTTP on the word of a stranger's certificate."""

from __future__ import annotations

import msgspec

from stdiag.model import Fault
from stdiag.net.deadline import Deadline
from stdiag.net.resolve import Resolver
from stdiag.net.trace import StepRecorder


class FetchResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    url: str
    final_url: str
    status: int | None = None
    body: bytes = b""
    fault: Fault | None = None
    duration_us: int = 0


def fetch(
    url: str,
    deadline: Deadline,
    steps: StepRecorder,
    *,
    limit_bytes: int = 1 << 20,
    max_redirects: int = 5,
    allow_private: bool = False,
    resolver: Resolver | None = None,
) -> FetchResult:
    """Fetches `url`; never raises for what a network can do."""
    raise NotImplementedError
