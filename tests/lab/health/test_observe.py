"""The health probe against servers on loopback that each do one thing."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator

import msgspec
import pytest
from tests.lab import peers_faulty as peers
from tests.lab.peers_faulty import Behaviour, PeerLog, watched_peer
from tests.lab.provisioning.web import HEALTHY, PROXY_INFO, Page, serves, web

from stdiag.engine.plan import plan
from stdiag.engine.report import run_report
from stdiag.engine.runner import RunOptions
from stdiag.formats.web_url import WebUrl, parse_web_url
from stdiag.model import Check, Outcome, Site
from stdiag.net.deadline import Timeouts
from stdiag.probes.contract import Planned
from stdiag.probes.health.observation import HealthObservation, Walk, WalkEnd
from stdiag.probes.health.plan import planned, planned_page
from stdiag.probes.registry import probe_named

NAME = "chat.example.test"
SECRET = "s3cr3t-cookie"  # noqa: S105 - it opens nothing
CHAT = Page(headers=("Content-Type: text/html",), body=b"<html><title>Sametime</title></html>")
GOOD = {**HEALTHY, "/": CHAT, "/chat": CHAT, "/meeting": CHAT}


def check_of(the_check: Planned, *, resolve: dict[str, str] | None = None, seconds: float = 1.0) -> Check:
    site, probes = Site(resolve=resolve or {}), (probe_named("health"),)
    the_plan = msgspec.structs.replace(plan(site, probes), checks=(the_check,))
    (check,) = run_report(the_plan, site, probes, [], RunOptions(timeouts=Timeouts().scaled(seconds))).checks
    return check


def check_on(
    port: int, *, host: str = "127.0.0.1", seconds: float = 1.0, resolve: dict[str, str] | None = None
) -> Check:
    return check_of(planned(WebUrl(tls=False, host=host, port=port), None), resolve=resolve, seconds=seconds)


def observed(check: Check) -> HealthObservation:
    return msgspec.json.decode(check.observation, type=HealthObservation)


def walk_of(check: Check, page: str) -> Walk:
    (end,) = observed(check).addresses
    return next(walk for walk in end.pages if walk.page == page)


def codes(check: Check) -> list[str]:
    return [finding.code for finding in check.findings]


def paths(walk: Walk) -> list[str]:
    return [re.sub(r"^http://[^/]*", "", hop.url) for hop in walk.hops]


def to(location: str, *headers: str) -> Page:
    return Page("302 Found", (f"Location: {location}", *headers))


def test_a_healthy_one_is_asked_each_thing_once() -> None:
    with watched_peer(serves({**GOOD, "/": to("/chat")})) as log:
        check = check_on(log.port)
    assert (check.outcome, check.findings) == (Outcome.PASS, [])
    assert paths(walk_of(check, "/")) == ["/", "/chat"]
    assert log.accepted == 4  # /chat is what / leads to, and is not asked again


def test_no_credentials_and_no_cookies_are_sent_where_none_came() -> None:
    with remembers("/chat", pages={}) as log:
        check_on(log.port)
    asked = b"".join(log.received).lower()
    assert asked.startswith(b"get /stwebapi/proxyinfo")
    assert b"cookie" not in asked
    assert b"authorization" not in asked


@contextlib.contextmanager
def remembers(location: str, pages: dict[str, Page] | None = None) -> Iterator[PeerLog]:
    """Sends whoever comes to /chat without a cookie to `location` with one, and lets in whoever has it; or answers with
    `pages`. What it was asked is in the log."""

    def behave(connection: socket.socket, _stop: threading.Event) -> None:
        connection.settimeout(5)
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += connection.recv(4096) or b"\r\n\r\n"
        log.received.append(asked)
        path = asked.split(b" ")[1].decode("latin-1").partition("?")[0]
        if pages is not None:
            page = pages.get(path, Page("404 Not Found"))
        elif path == "/chat" and SECRET.encode() not in asked:
            dressed = f"Set-Cookie: a=b; Expires=Thu, 01 Jan 2099 00:00:00 GMT, session={SECRET}; Path=/; HttpOnly"
            page = to(location, dressed)
        else:
            page = GOOD.get(path, Page("404 Not Found"))
        connection.sendall(page.encoded())

    with watched_peer(behave) as log:
        yield log


def test_a_page_that_wants_its_cookie_back_is_no_circle_and_the_cookie_is_kept_nowhere() -> None:
    with remembers("/chat") as log:
        check = check_on(log.port)
    walk = walk_of(check, "/chat")
    assert (walk.end, walk.cookies, [hop.status for hop in walk.hops]) == (WalkEnd.ANSWERED, True, [302, 200])
    assert check.findings == []
    sent = [asked for asked in log.received if SECRET.encode() in asked]
    assert b"Cookie: a=b; session=" in sent[0]
    assert SECRET.encode() not in msgspec.json.encode(check)


def test_queries_are_followed_and_kept_nowhere() -> None:
    with remembers("/chat?token=t0p") as log:
        check = check_on(log.port)
    assert b"GET /chat?token=t0p " in b"".join(log.received)
    assert b"t0p" not in msgspec.json.encode(check)
    assert walk_of(check, "/chat").end is WalkEnd.ANSWERED


@pytest.mark.parametrize(
    ("pages", "end", "asked"),
    [
        ({"/chat": to("/chat")}, WalkEnd.LOOP, ["/chat"]),
        ({"/chat": to("/a"), "/a": to("/chat")}, WalkEnd.LOOP, ["/chat", "/a"]),
        ({"/chat": to("/a"), "/a": to("/b"), "/b": to("/a")}, WalkEnd.LOOP, ["/chat", "/a", "/b"]),
        ({"/chat": to("http://localhost:1/")}, WalkEnd.OTHER_HOST, ["/chat"]),
        ({"/chat": to("ftp://127.0.0.1/")}, WalkEnd.OTHER_HOST, ["/chat"]),
        ({"/chat": to("")}, WalkEnd.ANSWERED, ["/chat"]),
        ({"/chat": to("/chat", "Set-Cookie: a=1")}, WalkEnd.LOOP, ["/chat", "/chat"]),
    ],
)
def test_where_a_walk_ends(pages: dict[str, Page], end: WalkEnd, asked: list[str]) -> None:
    with web({**GOOD, **pages}) as port:
        walk = walk_of(check_on(port), "/chat")
    assert (walk.end, paths(walk)) == (end, asked)


def test_no_more_than_ten_requests_for_a_page() -> None:
    endless = {f"/{number}": to(f"/{number + 1}") for number in range(30)}
    with web({**GOOD, "/chat": to("/0"), **endless}) as port:
        check = check_on(port)
    walk = walk_of(check, "/chat")
    assert (walk.end, len(walk.hops)) == (WalkEnd.TOO_MANY, 10)
    assert codes(check) == ["health-redirect-loop"]


def test_another_host_is_not_contacted() -> None:
    with watched_peer(serves({})) as other, web({**GOOD, "/": to(f"http://localhost:{other.port}/")}) as port:
        check = check_on(port)
    assert codes(check) == ["health-redirect-elsewhere"]
    assert other.accepted == 0


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (peers.closes, "prov-no-answer"),
        (peers.resets, "prov-no-answer"),
        (peers.silent, "prov-no-answer"),
        (peers.answers(peers.SMTP_BANNER), "prov-no-answer"),
        (peers.drips(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2000), "prov-no-answer"),
    ],
    ids=["closes", "resets", "silent", "smtp", "drips"],
)
def test_who_gives_no_answer_is_asked_nothing_more(behaviour: Behaviour, code: str) -> None:
    started = time.monotonic()
    with watched_peer(behaviour) as log:
        check = check_on(log.port, seconds=0.05)
    assert time.monotonic() - started < 2
    assert (codes(check), log.accepted) == ([code], 1)
    assert observed(check).addresses[0].pages == []


def test_a_page_that_hangs_costs_one_time_out() -> None:
    def behave(connection: socket.socket, stop: threading.Event) -> None:
        start = connection.recv(40, socket.MSG_PEEK)
        (peers.silent if start.startswith((b"GET / ", b"GET /chat")) else serves(GOOD))(connection, stop)

    started = time.monotonic()
    with peers.peer(behave) as port:
        check = check_on(port, seconds=0.05)
    assert time.monotonic() - started < 1.5
    assert codes(check) == ["health-page-failing"]
    assert check.findings[0].params["pages"] == [
        "/: no answer came within 0.5 s",
        "/chat: no answer came within 0.5 s",
    ]


def test_floods_and_broken_bodies_are_bounded() -> None:
    big = Page(headers=("Content-Type: text/html",), body=b"<html><title>Sametime</title>" + b"x" * 300_000)
    with web({**GOOD, "/chat": big}) as port:
        assert check_on(port).findings == []
    with peers.peer(peers.answers(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<html>")) as port:
        assert codes(check_on(port, seconds=0.1)) == ["prov-no-answer", "health-page-failing"]


def test_two_addresses_that_differ() -> None:
    said = b'{"isSAML":true,"isOIDC":false,"IDPUrl":"https://idp.example.com/","communityConnected":true}'
    saml = HEALTHY[PROXY_INFO]._replace(body=said)
    with web(GOOD) as one, web({**GOOD, PROXY_INFO: saml}) as other:
        check = check_on(9080, host=NAME, resolve={f"{NAME}:9080": f"127.0.0.1:{one},127.0.0.1:{other}"})
    assert codes(check) == ["health-addresses-differ"]


def test_what_a_rehearsal_does_not_tell_is_not_asked() -> None:
    with web({**GOOD, "/chat": to(f"http://{NAME}:9999/")}) as port:
        check = check_on(9080, host=NAME, resolve={f"{NAME}:9080": f"127.0.0.1:{port}"})
    assert walk_of(check, "/chat").end is WalkEnd.NOT_TOLD
    with web({**GOOD, "/chat": to(f"http://{NAME}:9999/there")}) as port, web({"/there": CHAT}) as there:
        told = {f"{NAME}:9080": f"127.0.0.1:{port}", f"{NAME}:9999": f"127.0.0.1:{there}"}
        check = check_on(9080, host=NAME, resolve=told)
    assert walk_of(check, "/chat").hops[-1].status == 200


@pytest.mark.parametrize(
    ("page", "code"),
    [(CHAT, None), (Page("404 Not Found"), "health-page-missing"), (Page("503 Busy"), "health-page-failing")],
)
def test_a_named_page(page: Page, code: str | None) -> None:
    with watched_peer(serves({"/help": page})) as log:
        check = check_of(planned_page(parse_web_url(f"http://127.0.0.1:{log.port}/help"), "page"))
    assert codes(check) == ([code] if code else [])
    assert log.accepted == 1


def test_nobody_listens() -> None:
    with peers.refusing() as port:
        assert codes(check_on(port)) == ["net-refused"]


def test_a_dead_host_costs_one_connect_time_out() -> None:
    with peers.full_backlog() as port:
        started = time.monotonic()
        check = check_on(port, seconds=0.1)
    assert codes(check) == ["net-timeout"]
    assert time.monotonic() - started < 1.2


def test_steering_text_of_a_server_stays_data() -> None:
    red = Page("404 Not Found", ("Server: \x1b[31mred",), b"<html><title>\x1b[2J</title>")
    with web({**GOOD, "/chat": red}) as port:
        assert codes(check_on(port)) == ["health-page-missing"]
