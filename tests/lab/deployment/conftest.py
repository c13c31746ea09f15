"""Labs that end with their test, and the outside oracles."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.lab.oracles.programs import Oracles

from stdiag.lab.deployment import Lab

Start = Callable[..., Lab]


@pytest.fixture
def oracles() -> Oracles:
    return Oracles()


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
