"""What the lab's tests share: labs that end with their test. What the oracles assert is told in detail, though they are
no test modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from stdiag.lab.deployment import Lab

pytest.register_assert_rewrite("tests.lab.oracles")

Start = Callable[..., Lab]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start labs that end with the test."""
    started: list[Lab] = []

    def begin(*faults: str) -> Lab:
        lab = Lab(faults)
        started.append(lab)
        return lab.start()

    yield begin
    for lab in started:
        lab.stop()
