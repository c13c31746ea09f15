from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lab import peers_faulty as peers
from tests.lab.peers_faulty import (
    Behaviour,
    answers,
    closes,
    drips,
    floods,
    full_backlog,
    peer,
    refusing,
    resets,
    says,
    silent,
    watched_peer,
)
from tests.lab.tls_servers import server_context, tls
from tests.peers.identity import authority, leaf

from stdiag.model import Fault, FaultReason, StepOutcome
from stdiag.net.deadline import Deadline
from stdiag.net.fetch import FetchResult, fetch
from stdiag.net.resolve import Resolver
from stdiag.net.trace import StepRecorder

BODY = b"a certificate, say"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nSet-Cookie: a=b; Path=/\r\n\r\n%s" % (len(BODY), BODY)


def redirect(location: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    yield
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("fetch")]


@pytest.fixture
def steps() -> StepRecorder:
    return StepRecorder(time.monotonic())


def fetch_from(behaviour: Behaviour, seconds: float = 5.0, *, limit_bytes: int = 1 << 20) -> FetchResult:
    with peer(behaviour) as port:
        return fetch(
            f"http://127.0.0.1:{port}/ca.der",
            Deadline(seconds),
            StepRecorder(time.monotonic()),
            allow_private=True,
            limit_bytes=limit_bytes,
        )


def fault_of(result: FetchResult) -> Fault:
    assert result.fault is not None
    assert result.body == b""
    return result.fault


def test_a_file(steps: StepRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # a diagnosis uses only the path that it was told
    with watched_peer(answers(PAGE)) as log:
        url = f"http://127.0.0.1:{log.port}/ca.der"
        result = fetch(url, Deadline(5), steps, allow_private=True)
    assert (result.url, result.final_url, result.status, result.body, result.fault) == (url, url, 200, BODY, None)
    assert 0 < result.duration_us < 5_000_000
    question = log.received[0].decode("ascii").lower()
    assert question.startswith("get /ca.der http/1.1\r\n")
    assert "user-agent: stdiag/" in question
    assert "cookie" not in question
    assert "authorization" not in question
    assert [(step.stage, step.outcome) for step in steps.snapshot()] == [
        ("http", StepOutcome.OK),
        ("tcp", StepOutcome.OK),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n" + BODY + b"\r\n0\r\n\r\n",
    ],
)
def test_other_framings(answer: bytes) -> None:
    assert fetch_from(answers(answer)).body == BODY


def test_names_and_overrides(steps: StepRecorder) -> None:
    with watched_peer(answers(PAGE)) as log:
        resolver = Resolver({"ca.example.com:80": f"127.0.0.1:{log.port}"})
        result = fetch("http://ca.example.com/ca.der", Deadline(5), steps, allow_private=True, resolver=resolver)
    assert result.body == BODY
    assert b"Host: ca.example.com\r\n" in log.received[0]
    assert [step.stage for step in steps.snapshot()] == ["http", "dns", "tcp"]


def test_the_next_address_is_tried(steps: StepRecorder) -> None:
    with peer(answers(PAGE)) as port, refusing() as dead_port:
        resolver = Resolver({"ca.example.com": f"127.0.0.1:{dead_port},127.0.0.1:{port}"})
        result = fetch("http://ca.example.com/", Deadline(5), steps, allow_private=True, resolver=resolver)
    assert result.body == BODY


def test_a_name_that_is_not_there(steps: StepRecorder) -> None:
    def lookup(_: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    result = fetch("http://missing.example.com/", Deadline(5), steps, resolver=Resolver({}, lookup=lookup))
    assert fault_of(result).reason is FaultReason.NAME_NOT_FOUND
    assert steps.snapshot()[0].outcome is StepOutcome.FAILED


def test_https_of_an_unknown_issuer(tmp_path: Path, steps: StepRecorder) -> None:
    root = authority("Example Root")
    context = server_context(tmp_path, leaf("ca.example.com", root))
    with peer(tls(context, PAGE)) as port:
        result = fetch(f"https://127.0.0.1:{port}/ca.der", Deadline(5), steps, allow_private=True)
    assert (result.fault, result.body) == (None, BODY)


def test_https_from_what_is_no_tls_server(steps: StepRecorder) -> None:
    with peer(answers(peers.HTTP_PLAIN)) as port:
        result = fetch(f"https://127.0.0.1:{port}/", Deadline(5), steps, allow_private=True)
    assert fault_of(result).reason is FaultReason.TLS_PROTOCOL


def test_an_endless_answer_over_https(tmp_path: Path, steps: StepRecorder) -> None:
    root = authority("Example Root")
    context = server_context(tmp_path, leaf("ca.example.com", root))
    with peer(tls(context, *[b"HTTP/1.1 100 Continue\r\n\r\n" * 100] * 20_000)) as port:
        started = time.monotonic()
        result = fetch(f"https://127.0.0.1:{port}/", Deadline(0.4), steps, allow_private=True)
        assert time.monotonic() - started < 0.9
    assert fault_of(result).reason is FaultReason.SLOW


def test_https_from_a_silent_server(steps: StepRecorder) -> None:
    with peer(silent) as port:
        started = time.monotonic()
        result = fetch(f"https://127.0.0.1:{port}/", Deadline(0.4), steps, allow_private=True)
        assert time.monotonic() - started < 0.9
    assert fault_of(result).reason is FaultReason.SILENT


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (silent, FaultReason.SILENT),
        (closes, FaultReason.CLOSED),
        (resets, FaultReason.RESET),
        (says(peers.SSH_BANNER, then=closes), FaultReason.MALFORMED),
        (answers(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"), FaultReason.CLOSED),
        (answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), FaultReason.MALFORMED),
        (answers(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nxx"), FaultReason.MALFORMED),
        (answers(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), FaultReason.HTTP_STATUS),
        (answers(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"), FaultReason.HTTP_STATUS),
        (answers(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000), FaultReason.MALFORMED),
        (drips(PAGE), FaultReason.SLOW),
        (answers(PAGE[:-5], then=silent), FaultReason.SLOW),
        (answers(b"HTTP/1.0 200 OK\r\n\r\nwithout a length", then=drips(b"x" * 1000)), FaultReason.SLOW),
        (floods(b"x" * 65536, before=b"HTTP/1.0 200 OK\r\n\r\n"), FaultReason.TOO_LARGE),
        (floods(b"X: y\r\n" * 1000, before=b"HTTP/1.0 200 OK\r\n"), FaultReason.MALFORMED),
        (floods(b"HTTP/1.1 100 Continue\r\n\r\n" * 100), FaultReason.SLOW),
    ],
)
def test_what_can_go_wrong(behaviour: Behaviour, reason: FaultReason) -> None:
    started = time.monotonic()
    result = fetch_from(behaviour, 0.6)
    assert fault_of(result).reason is reason
    assert time.monotonic() - started < 1.2


def test_a_body_of_exactly_the_limit() -> None:
    assert fetch_from(answers(PAGE), limit_bytes=len(BODY)).body == BODY
    assert fault_of(fetch_from(answers(PAGE), limit_bytes=len(BODY) - 1)).reason is FaultReason.TOO_LARGE


def test_the_status_is_kept() -> None:
    assert fetch_from(answers(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")).status == 503


def test_refused_and_no_answer(steps: StepRecorder) -> None:
    with refusing() as port:
        refused = fetch(f"http://127.0.0.1:{port}/", Deadline(5), steps, allow_private=True)
    with full_backlog() as port:
        dead = fetch(f"http://127.0.0.1:{port}/", Deadline(0.3), steps, allow_private=True)
    assert fault_of(refused).reason is FaultReason.REFUSED
    assert fault_of(dead).reason is FaultReason.TIMEOUT


@pytest.mark.parametrize("behaviour", [silent, drips(PAGE), answers(PAGE[:-5], then=silent)])
def test_cancel_is_seen_within_200_ms(behaviour: Behaviour, steps: StepRecorder) -> None:
    deadline = Deadline(30)
    with peer(behaviour) as port:
        cancelled_at = time.monotonic() + 0.15
        threading.Timer(0.15, deadline.cancel.set).start()
        result = fetch(f"http://127.0.0.1:{port}/", deadline, steps, allow_private=True)
        assert time.monotonic() - cancelled_at < 0.25
    assert fault_of(result).reason is FaultReason.CANCELLED


def test_redirects_are_followed_without_cookies(steps: StepRecorder) -> None:
    with watched_peer(answers(PAGE)) as end:
        target = f"http://127.0.0.1:{end.port}/there.der"
        with peer(answers(redirect(f"{target}#fragment"))) as port:
            url = f"http://127.0.0.1:{port}/here.der"
            result = fetch(url, Deadline(5), steps, allow_private=True)
    assert (result.url, result.final_url, result.body) == (url, target, BODY)
    assert b"ookie" not in end.received[0]
    assert [step.label for step in steps.snapshot() if step.stage == "http"] == [f"GET {url}", f"GET {target}"]


def test_a_redirect_with_an_endless_body_is_not_read() -> None:
    started = time.monotonic()
    result = fetch_from(floods(b"x" * 65536, before=b"HTTP/1.1 302 Found\r\nLocation: ftp://x.example.com/\r\n\r\n"))
    assert fault_of(result).reason is FaultReason.REDIRECT
    assert time.monotonic() - started < 1


def test_a_loop() -> None:
    assert fault_of(fetch_from(answers(redirect("/ca.der")))).reason is FaultReason.REDIRECT


def test_too_many_redirects(steps: StepRecorder) -> None:
    count = 0

    def always_further(connection: socket.socket, stop: threading.Event) -> None:
        nonlocal count
        count += 1
        answers(redirect(f"/further/{count}"))(connection, stop)

    with peer(always_further) as port:
        result = fetch(f"http://127.0.0.1:{port}/", Deadline(5), steps, allow_private=True, max_redirects=3)
    assert fault_of(result).reason is FaultReason.REDIRECT
    assert count == 4
    assert result.final_url.endswith("/further/3")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("ftp://ca.example.com/ca.der", FaultReason.REDIRECT),
        ("file:///etc/passwd", FaultReason.REDIRECT),
        ("ldap://ca.example.com/cn=ca", FaultReason.REDIRECT),
        ("http://user:word@ca.example.com/", FaultReason.FORBIDDEN_TARGET),
        ("http://169.254.169.254/latest/meta-data", FaultReason.FORBIDDEN_TARGET),
        ("http://[fe80::1]/", FaultReason.FORBIDDEN_TARGET),
        ("http://[::ffff:169.254.169.254]/", FaultReason.FORBIDDEN_TARGET),
        ("http://ca.example.com:99999/", FaultReason.MALFORMED),
        ("http://[::1/", FaultReason.MALFORMED),
        ("/" + "x" * 3000, FaultReason.MALFORMED),
    ],
)
def test_where_redirects_do_not_lead(location: str, reason: FaultReason) -> None:
    assert fault_of(fetch_from(answers(redirect(location)))).reason is reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://ca.example.com/ca.der", FaultReason.FORBIDDEN_TARGET),
        ("ldap:///cn=ca", FaultReason.FORBIDDEN_TARGET),
        ("ca.example.com/ca.der", FaultReason.FORBIDDEN_TARGET),
        ("", FaultReason.FORBIDDEN_TARGET),
        ("http://user@ca.example.com/", FaultReason.FORBIDDEN_TARGET),
        ("http://", FaultReason.MALFORMED),
        ("http://ca.example.com/ a", FaultReason.MALFORMED),
        ("http://ca.example.com/\r\nHost: x", FaultReason.MALFORMED),
        ("http://" + "x" * 3000, FaultReason.MALFORMED),
        ("http://*.example.com/", FaultReason.MALFORMED),
        ("http://" + "x" * 64 + ".example.com/", FaultReason.NAME_NOT_FOUND),
        ("http://127.0.0.1/", FaultReason.FORBIDDEN_TARGET),
        ("http://10.1.2.3/", FaultReason.FORBIDDEN_TARGET),
        ("http://192.168.1.1/", FaultReason.FORBIDDEN_TARGET),
        ("http://100.64.0.1/", FaultReason.FORBIDDEN_TARGET),
        ("http://[::1]/", FaultReason.FORBIDDEN_TARGET),
        ("http://[fd00::1]/", FaultReason.FORBIDDEN_TARGET),
        ("http://[64:ff9b::7f00:1]/", FaultReason.FORBIDDEN_TARGET),
        ("http://0.0.0.0/", FaultReason.FORBIDDEN_TARGET),
    ],
)
def test_urls_that_are_not_fetched(url: str, reason: FaultReason, steps: StepRecorder) -> None:
    assert fault_of(fetch(url, Deadline(5), steps)).reason is reason


@pytest.mark.parametrize("address", ["169.254.169.254", "224.0.0.1", "0.0.0.0", "fe80::1", "ff02::1", "::"])  # noqa: S104 - nothing is bound
def test_addresses_that_are_never_contacted(address: str, steps: StepRecorder) -> None:
    resolver = Resolver({}, lookup=lambda _: [address])
    result = fetch("http://ca.example.com/", Deadline(5), steps, allow_private=True, resolver=resolver)
    assert fault_of(result).reason is FaultReason.FORBIDDEN_TARGET
    assert not [step for step in steps.snapshot() if step.stage == "tcp"]


def test_no_file_handle_left(steps: StepRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_handle(*_: object) -> socket.socket:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("stdiag.net.http_guard.connected_socket", no_handle)
    result = fetch("http://127.0.0.1:9/", Deadline(5), steps, allow_private=True)
    assert fault_of(result).reason is FaultReason.LOCAL
