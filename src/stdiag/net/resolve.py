"""Names become addresses: the system's answer, once a run for every name."""

from __future__ import annotations

from collections.abc import Mapping

from stdiag.net.deadline import Deadline
from stdiag.net.trace import StepRecorder


class Resolver:
    """Looks names up with the system's resolver."""

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self._overrides = dict(overrides)

    def resolve(self, host: str, port: int, deadline: Deadline, steps: StepRecorder) -> list[tuple[str, int]]:
        """Addresses of `host` with the port to use. Raises NetError."""
        raise NotImplementedError
