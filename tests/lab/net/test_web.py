"""One question to a web server, whatever the server does with it."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from tests.lab import peers_faulty as peers
from tests.lab.peers_faulty import Behaviour, answers, drips, peer, says, watched_peer
from tests.lab.tls_servers import only, server_context, tls
from tests.peers.identity import authority, leaf

from stdiag.model import FaultReason, StepOutcome
from stdiag.net.deadline import Deadline, Timeouts
from stdiag.net.dial import Dialer
from stdiag.net.faults import NetError
from stdiag.net.resolve import Resolver
from stdiag.net.stage import Stage
from stdiag.net.trace import StepRecorder
from stdiag.net.web import WebAnswer, ask

HOST = "chat.example.test"
PATH = "/stwebapi/proxyinfo"


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    yield
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("fetch")]


def page(body: bytes, head: bytes = b"", status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), head, body)


class Asked(Protocol):
    """One question to a peer on loopback."""

    def __call__(
        self, behaviour: Behaviour, seconds: float = 5.0, *, scheme: str = "http", limit_bytes: int = 1000
    ) -> WebAnswer: ...


@pytest.fixture(params=["connects itself", "over a connection"])
def asked(request: pytest.FixtureRequest) -> Asked:
    """In both ways: what comes is the same."""

    def ask_it(
        behaviour: Behaviour, seconds: float = 5.0, *, scheme: str = "http", limit_bytes: int = 1000
    ) -> WebAnswer:
        deadline, steps = Deadline(seconds), StepRecorder(time.monotonic())
        with peer(behaviour) as port:
            over = None
            if request.param == "over a connection":
                over = Dialer(Timeouts()).connect("127.0.0.1", port, deadline, steps)
            url = f"{scheme}://{HOST}:{port}{PATH}"
            pin = ("127.0.0.1", port)
            return ask(url, deadline, steps, Resolver({}), pin=pin, limit_bytes=limit_bytes, over=over)

    return ask_it


def reason_of(answer: WebAnswer) -> FaultReason:
    assert answer.fault is not None
    return answer.fault.reason


def test_the_answer_as_it_came(monkeypatch: pytest.MonkeyPatch, asked: Asked) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    head = b'WWW-Authenticate: Basic realm="a"\r\nServer: x\r\nWWW-Authenticate: Negotiate\r\n'
    answer = asked(answers(page(b"say who you are", head, b"401 Unauthorized")))
    assert (answer.status, answer.body, answer.fault, answer.stage) == (401, b"say who you are", None, Stage.HTTP)
    assert answer.headers["www-authenticate"] == 'Basic realm="a", Negotiate'
    assert answer.headers["server"] == "x"
    assert not answer.tls
    assert 0 < answer.duration_us < 5_000_000


def test_only_the_request_is_sent_to_the_pinned_address() -> None:
    steps = StepRecorder(time.monotonic())
    with watched_peer(answers(page(b""))) as log:
        url = f"http://{HOST}:9{PATH}"
        ask(url, Deadline(5), steps, Resolver({}), pin=("127.0.0.1", log.port), headers={"X-Asked": "yes"})
    question = log.received[0].decode("ascii").lower()
    assert question.startswith(f"get {PATH} http/1.1\r\n")
    assert f"host: {HOST}:9\r\n" in question
    assert "x-asked: yes" in question
    assert "cookie" not in question
    assert "authorization" not in question
    assert [step.stage for step in steps.snapshot()] == ["http", "tcp"]  # nothing was looked up


def test_a_redirect_is_told_and_not_followed() -> None:
    with watched_peer(answers(page(b"moved", b"Location: http://127.0.0.1:9/away\r\n", b"302 Found"))) as log:
        url = f"http://{HOST}:{log.port}{PATH}"
        answer = ask(url, Deadline(5), StepRecorder(time.monotonic()), Resolver({}), pin=("127.0.0.1", log.port))
    assert (answer.status, answer.headers["location"], answer.body) == (302, "http://127.0.0.1:9/away", b"moved")
    assert log.accepted == 1


def test_a_method_of_ones_own() -> None:
    with watched_peer(answers(page(b"", status=b"204 No Content"))) as log:
        url = f"http://127.0.0.1:{log.port}/"
        answer = ask(url, Deadline(5), StepRecorder(time.monotonic()), Resolver({}), method="OPTIONS")
    assert answer.status == 204
    assert log.received[0].startswith(b"OPTIONS / HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (peers.silent, FaultReason.SILENT),
        (peers.closes, FaultReason.CLOSED),
        (peers.resets, FaultReason.RESET),
        (peers.says(peers.SMTP_BANNER), FaultReason.MALFORMED),
        (answers(b"no HTTP at all\r\n\r\n"), FaultReason.MALFORMED),
        (drips(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 4000), FaultReason.SLOW),
    ],
    ids=["silent", "closes", "resets", "smtp", "garbage", "drips"],
)
def test_no_answer_is_told_apart(behaviour: Behaviour, reason: FaultReason, asked: Asked) -> None:
    started = time.monotonic()
    answer = asked(behaviour, 0.5)
    assert time.monotonic() - started < 1.5
    assert (answer.status, answer.stage, reason_of(answer)) == (None, Stage.HTTP, reason)


def test_nobody_listens() -> None:
    with peers.refusing() as port:
        url = f"http://{HOST}:{port}{PATH}"
        answer = ask(url, Deadline(5), StepRecorder(time.monotonic()), Resolver({}), pin=("127.0.0.1", port))
    assert (answer.stage, reason_of(answer)) == (Stage.TCP, FaultReason.REFUSED)


def test_a_connect_has_its_own_limit() -> None:
    with peers.full_backlog() as port:
        url = f"http://127.0.0.1:{port}/"
        started = time.monotonic()
        answer = ask(url, Deadline(5), StepRecorder(time.monotonic()), Resolver({}), connect_s=0.3)
    assert (answer.stage, reason_of(answer)) == (Stage.TCP, FaultReason.TIMEOUT)
    assert 0.3 <= time.monotonic() - started < 1.3


def test_a_name_that_does_not_exist() -> None:
    def nowhere(_name: str) -> list[str]:
        return []

    resolver = Resolver({}, lookup=nowhere)
    answer = ask(f"http://{HOST}/", Deadline(5), StepRecorder(time.monotonic()), resolver)
    assert (answer.stage, reason_of(answer)) == (Stage.NAME, FaultReason.NAME_NOT_FOUND)


def test_a_body_cut_short_keeps_its_beginning(asked: Asked) -> None:
    answer = asked(answers(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"isSAML"'))
    assert (answer.status, answer.body, reason_of(answer)) == (200, b'{"isSAML"', FaultReason.CLOSED)


def test_a_huge_body_is_cut(asked: Asked) -> None:
    answer = asked(answers(page(b"x" * 100_000)), limit_bytes=100)
    assert (answer.status, answer.body, reason_of(answer)) == (200, b"x" * 100, FaultReason.TOO_LARGE)


def test_a_compressed_body_is_not_unpacked(asked: Asked) -> None:
    answer = asked(answers(page(b"\x1f\x8b" + bytes(100), b"Content-Encoding: gzip\r\n")))
    assert (answer.status, answer.body, reason_of(answer)) == (200, b"", FaultReason.MALFORMED)


def test_over_tls_whatever_the_certificate(tmp_path: Path, asked: Asked) -> None:
    identity = leaf("other.example.test", authority("Example Root"))
    answer = asked(tls(server_context(tmp_path, identity), page(b"{}")), scheme="https")
    assert (answer.status, answer.body, answer.tls) == (200, b"{}", True)
    assert answer.protocol in ("TLSv1.2", "TLSv1.3")


def test_old_tls_is_spoken(tmp_path: Path, asked: Asked) -> None:
    identity = leaf(HOST, authority("Example Root"))
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context = only(server_context(tmp_path, identity), ssl.TLSVersion.TLSv1)
    answer = asked(tls(context, page(b"{}")), scheme="https")
    assert (answer.status, answer.body, answer.protocol) == (200, b"{}", "TLSv1")


def test_a_body_in_chunks(asked: Asked) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    assert asked(answers(chunked)).body == b"{}"


def test_a_body_that_stops_coming(asked: Asked) -> None:
    answer = asked(says(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), 0.5)
    assert (answer.status, answer.body, reason_of(answer)) == (200, b"{", FaultReason.SLOW)


@pytest.mark.parametrize("url", [f"http://user:secret@{HOST}/", "http://["])
def test_a_connection_for_what_is_not_asked_is_closed(url: str) -> None:
    deadline, steps = Deadline(5), StepRecorder(time.monotonic())
    with watched_peer(peers.silent) as log:
        over = Dialer(Timeouts()).connect("127.0.0.1", log.port, deadline, steps)
        ask(url, deadline, steps, Resolver({}), over=over)
        with pytest.raises(NetError):
            over.send_all(b"x", deadline)


@pytest.mark.parametrize("behaviour", [answers(peers.HTTP_PLAIN), peers.closes, peers.resets, peers.silent])
def test_a_port_without_tls_ends_at_the_handshake(behaviour: Behaviour, asked: Asked) -> None:
    answer = asked(behaviour, 0.5, scheme="https")
    assert (answer.status, answer.stage, answer.tls) == (None, Stage.TLS, False)
    assert answer.fault is not None


@pytest.mark.parametrize("url", ["http://user:secret@127.0.0.1:1/", "http://[", "http://[::1", "ftp://127.0.0.1:1/"])
def test_what_is_no_question_is_not_asked(url: str) -> None:
    steps = StepRecorder(time.monotonic())
    answer = ask(url, Deadline(5), steps, Resolver({}))
    assert answer.status is None
    assert answer.fault is not None
    assert "tcp" not in [step.stage for step in steps.snapshot()]
    assert "secret" not in repr(answer.fault)


def test_a_failed_question_is_a_failed_step() -> None:
    steps = StepRecorder(time.monotonic())
    with peer(peers.closes) as port:
        ask(f"http://127.0.0.1:{port}/", Deadline(5), steps, Resolver({}))
    assert steps.snapshot()[0].outcome is StepOutcome.FAILED
