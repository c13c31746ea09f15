"""Live progress on stderr, for somebody who waits. Says nothing that the report does not say."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TextIO

from stdiag.model import Outcome
from stdiag.render.layout import Style
from stdiag.render.outline import OUTCOMES, counted
from stdiag.render.terminal import can_redraw, style_of

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

_SLOW = 2.0
"""Seconds after which a check is worth a line of its own."""
_LINES = 6


class Progress(Protocol):
    """What is told about a run while it lasts. May be called from any thread, and never raises."""

    def started(self, total: int) -> None:
        """The run begins; `total` checks are planned."""

    def check_started(self, title: str) -> None:
        """A check begins; titles are distinct within a run."""

    def check_finished(self, title: str, outcome: Outcome) -> None:
        """A check ended."""

    def stopped(self) -> None:
        """The run is over or was interrupted: the terminal is given back. May be called again."""


def progress_on(
    stream: TextIO, environment: Mapping[str, str] | None = None, clock: Callable[[], float] = time.monotonic
) -> Progress:
    """Live lines on a terminal, one line for each finished check in a CI job (`CI` is set), else silence."""
    environment = os.environ if environment is None else environment
    if can_redraw(stream, environment):
        return LiveProgress(stream, style_of(stream, environment), clock)
    if environment.get("CI", "").lower() not in ("", "0", "false"):
        return LineProgress(stream, Style(width=100, unicode=style_of(stream, environment).unicode), clock)
    return NoProgress()


class NoProgress:
    """Nobody waits, or nobody can be shown anything."""

    def started(self, total: int) -> None:
        """Says nothing."""

    def check_started(self, title: str) -> None:
        """Says nothing."""

    def check_finished(self, title: str, outcome: Outcome) -> None:
        """Says nothing."""

    def stopped(self) -> None:
        """Says nothing."""


class LineProgress:
    """One line for each finished check: a log that grows, without redrawing."""

    def __init__(self, stream: TextIO, style: Style, clock: Callable[[], float]) -> None:
        self._stream, self._style, self._clock = stream, style, clock
        self._lock = threading.Lock()
        self._running: dict[str, float] = {}
        self._total = self._finished = 0

    def started(self, total: int) -> None:
        """Remembers how many checks there are."""
        self._total = total

    def check_started(self, title: str) -> None:
        """Starts the check's clock."""
        with self._lock:
            self._running[title] = self._clock()

    def check_finished(self, title: str, outcome: Outcome) -> None:
        """Writes the line."""
        with self._lock:
            self._finished += 1
            took = self._clock() - self._running.pop(title, self._clock())
            name = self._style.text(title, 120)
            try:
                self._stream.write(f"[{self._finished}/{self._total}] {name}: {OUTCOMES[outcome]}, {took:.1f} s\n")
                self._stream.flush()
            except (OSError, ValueError):
                pass  # whoever read the log has gone; the report is what matters

    def stopped(self) -> None:
        """Nothing is left to clear."""


class LiveProgress:
    """A few lines that are redrawn, and gone when the report is printed."""

    def __init__(self, stream: TextIO, style: Style, clock: Callable[[], float]) -> None:
        self._stream, self._style, self._clock = stream, style, clock
        self._lock = threading.Lock()
        self._running: dict[str, float] = {}
        self._total = self._finished = self._failed = 0
        self._live: Live | None = None

    def started(self, total: int) -> None:
        """Takes the last lines of the terminal."""
        from rich.console import Console
        from rich.live import Live

        self._total = total
        console = Console(
            file=self._stream,
            force_terminal=True,
            no_color=not self._style.colour,
            width=self._style.width,
            highlight=False,
            markup=False,
            emoji=False,
        )
        self._live = Live(
            console=console,
            refresh_per_second=5,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            get_renderable=self._drawn,
        )
        self._live.start()

    def check_started(self, title: str) -> None:
        """Shown from the next redraw on."""
        with self._lock:
            self._running[title] = self._clock()

    def check_finished(self, title: str, outcome: Outcome) -> None:
        """Counted from the next redraw on."""
        with self._lock:
            self._running.pop(title, None)
            self._finished += 1
            self._failed += outcome is Outcome.FAIL

    def stopped(self) -> None:
        """Clears the lines."""
        live, self._live = self._live, None
        if live:
            live.stop()

    def _drawn(self) -> Text:
        """The lines as they are now."""
        from rich.text import Text

        with self._lock:
            finished, failed, running = self._finished, self._failed, dict(self._running)
        now = self._clock()
        lines = [f"{finished} of {counted(self._total, 'check')} done" + (f", {failed} failed" if failed else "")]
        slow = [(title, now - since) for title, since in running.items() if now - since >= _SLOW]
        for title, seconds in slow[:_LINES]:
            lines.append(f"  {self._style.text(title, self._style.width - 12)}  {seconds:.0f} s")
        if len(slow) > _LINES:
            lines.append(f"  and {len(slow) - _LINES} more")
        return Text("\n".join(lines), no_wrap=True, overflow="ellipsis")
