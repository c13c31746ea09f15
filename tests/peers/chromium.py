"""A headless Chromium, driven through its DevTools pipe: what it loads, how it lays out, what it complains of."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

START_LIMIT = 60.0
CALL_LIMIT = 30.0

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)

# Chromium speaks on file descriptors 3 (in) and 4 (out); those of the pipes may be any, also these two.
_LAUNCHER = """
import os, sys
read, write = (os.dup(os.dup(os.dup(int(fd)))) for fd in sys.argv[1:3])
os.dup2(read, 3)
os.dup2(write, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


class BrowserError(Exception):
    """The browser ended, did not answer in time, or refused a command."""


class Page:
    """One tab, with everything that it asked for and complained of since it was opened."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a DevTools command."""
        return self._browser.call(method, parameters, self._session)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression. The debugger may do what the page's own policy forbids the page."""
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in done:
            raise BrowserError(str(done["exceptionDetails"]))
        return done["result"].get("value")

    def open(self, file: Path) -> None:
        """Loads `file` and waits until it is drawn."""
        self._browser.events.clear()
        self.call("Page.navigate", url=file.as_uri())
        self._browser.wait_for("Page.loadEventFired", self._session)

    def look(
        self,
        width: int,
        *,
        scheme: Literal["light", "dark"] = "light",
        media: Literal["screen", "print"] = "screen",
    ) -> None:
        """A window of this width; below 600 a phone's."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        self.call(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def unfold(self) -> None:
        """Opens every <details>."""
        self.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")

    def requests(self) -> list[str]:
        """Every address that the page asked for, the page itself among them."""
        return [event["params"]["request"]["url"] for event in self._browser.events_of("Network.requestWillBeSent")]

    def complaints(self) -> list[str]:
        """What the console would show."""
        logged = [event["params"]["entry"]["text"] for event in self._browser.events_of("Log.entryAdded")]
        thrown = [str(event["params"]) for event in self._browser.events_of("Runtime.exceptionThrown")]
        said = [str(event["params"]["args"]) for event in self._browser.events_of("Runtime.consoleAPICalled")]
        return logged + thrown + said

    def screenshot(self, file: Path) -> None:
        """The whole page as PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self) -> bytes:
        """What a printer would get."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=False)["data"])


class Browser:
    """The process, and the two pipes to it. Messages are JSON, ended by a NUL."""

    def __init__(self, process: subprocess.Popen[bytes], read: int, write: int) -> None:
        self._process, self._read, self._write = process, read, write
        self._buffer = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def page(self) -> Page:
        """A new tab."""
        target = self.call("Target.createTarget", {"url": "about:blank"}, limit=START_LIMIT)["targetId"]
        attached = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        return Page(self, attached["sessionId"])

    def call(
        self, method: str, parameters: dict[str, Any], session: str | None = None, limit: float = CALL_LIMIT
    ) -> dict[str, Any]:
        """Sends a command and waits for its result; events that come meanwhile are kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        remaining = json.dumps(message).encode() + b"\0"
        while remaining:
            remaining = remaining[os.write(self._write, remaining) :]
        deadline = time.monotonic() + limit
        while True:
            came = self._receive(deadline)
            if came.get("id") != self._number:
                self.events.append(came)
            elif "error" in came:
                raise BrowserError(f"{method}: {came['error']}")
            else:
                result: dict[str, Any] = came["result"]
                return result

    def wait_for(self, event: str, session: str) -> None:
        """Returns when `event` has come."""
        deadline = time.monotonic() + CALL_LIMIT
        while not any(came.get("sessionId") == session for came in self.events_of(event)):
            self.events.append(self._receive(deadline))

    def events_of(self, method: str) -> list[dict[str, Any]]:
        """Events of one kind since the last page was opened."""
        return [event for event in self.events if event.get("method") == method]

    def _receive(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                raise BrowserError("no answer in time")
            part = os.read(self._read, 1 << 20)
            if not part:
                raise BrowserError(f"the browser ended with {self._process.wait(5)}")
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        decoded: dict[str, Any] = json.loads(message)
        return decoded


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with a profile of its own, stopped at the end. It reaches nothing: every proxied request is refused."""
    profile = Path(tempfile.mkdtemp(prefix="stdiag-chromium-"))
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    launcher = [sys.executable, "-c", _LAUNCHER, str(theirs_in), str(theirs_out)]
    process = subprocess.Popen(
        [*launcher, "chromium", *FLAGS, f"--user-data-dir={profile}", "--proxy-server=127.0.0.1:9", "about:blank"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(theirs_in, theirs_out),
        start_new_session=True,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    browser = Browser(process, ours_in, ours_out)
    try:
        yield browser
    finally:
        with contextlib.suppress(BrowserError, OSError):
            browser.call("Browser.close", {}, limit=5)
        os.close(ours_out)
        os.close(ours_in)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        shutil.rmtree(profile, ignore_errors=True)
