"""A connection on which nothing is said: what becomes of it, by what stands on the other side."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from tests.lab.peers_faulty import peer
from tests.lab.provisioning.web import HEALTHY, PROXY_INFO

from stdiag.cli.main import cli

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
After = Callable[[socket.socket, threading.Event], None]


def question(connection: socket.socket) -> bytes:
    asked = b""
    while b"\r\n\r\n" not in asked:
        data = connection.recv(4096)
        if not data:
            return b""
        asked += data
    return asked


def server(after: After) -> Callable[[socket.socket, threading.Event], None]:
    """Answers as STProxy; what it does after the answer to HEAD is `after`'s."""

    def behave(connection: socket.socket, stop: threading.Event) -> None:
        connection.settimeout(5)
        if question(connection).startswith(b"HEAD"):
            connection.sendall(HEAD)
            after(connection, stop)
        else:
            connection.sendall(HEALTHY[PROXY_INFO].encoded())

    return behave


def answers(connection: socket.socket, _stop: threading.Event) -> None:
    if question(connection):
        connection.sendall(HEAD)


def forgets(_connection: socket.socket, stop: threading.Event) -> None:
    stop.wait(10)


def closes(_connection: socket.socket, _stop: threading.Event) -> None:
    return


def resets(connection: socket.socket, stop: threading.Event) -> None:
    stop.wait(0.3)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def held(after: After, *more: str) -> dict[str, Any]:
    with peer(server(after)) as port:
        url = f"sametime://127.0.0.1:{port}/?action=AddCommunity&ssl=false"
        result = CliRunner().invoke(cli, ["android", url, "--hold", "1", "--timeout", "0.1", "-f", "json", *more])
    assert result.exit_code in (0, 1, 3), result.output
    return dict(json.loads(result.stdout))


@pytest.mark.parametrize(
    ("after", "ended", "codes"),
    [
        (answers, "answered", []),
        (forgets, "silent", ["prov-idle-cut"]),
        (resets, "reset", ["prov-idle-cut"]),
        (closes, "closed", []),
    ],
)
def test_what_becomes_of_it(after: After, ended: str, codes: list[str]) -> None:
    report = held(after)
    (check,) = report["checks"]
    assert check["observation"]["idle"]["ended"] == ended
    assert [finding["code"] for finding in check["findings"]] == codes
    (idle,) = [step for step in report["stories"][0]["steps"] if step["stage"] == "idle"]
    assert idle["state"] == ("ok" if ended == "answered" else "cannot-tell")
    assert (idle.get("code") == "prov-idle-cut") is bool(codes)


def test_an_orderly_end_is_not_blamed_on_anybody() -> None:
    report = held(closes)
    (row,) = [one for one in report["summary"]["not_checked"] if "idle connection" in one["reason"]]
    assert "a limit of the server or of a reverse proxy" in row["reason"]


def test_without_the_option_nothing_is_held() -> None:
    report = held(answers, "--hold", "0")
    assert report["checks"][0]["observation"]["idle"] is None
