"""What an onlooker of a run is told. Progress is one; a test may be another."""

from __future__ import annotations

from typing import Protocol

from stdiag.model import Outcome


class Observer(Protocol):
    """Told from the run's own thread, one call at a time."""

    def started(self, total: int) -> None:
        """The run begins with `total` checks."""

    def check_started(self, title: str) -> None:
        """A check begins."""

    def check_finished(self, title: str, outcome: Outcome) -> None:
        """A check has ended."""

    def stopped(self) -> None:
        """No more will come: the report is made."""


class Silent:
    """Nobody looks on."""

    def started(self, total: int) -> None:
        """Nothing."""

    def check_started(self, title: str) -> None:
        """Nothing."""

    def check_finished(self, title: str, outcome: Outcome) -> None:
        """Nothing."""

    def stopped(self) -> None:
        """Nothing."""
