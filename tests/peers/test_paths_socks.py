"""dante and microsocks between us and the mux: what their replies mean, and how much they leave open."""

from __future__ import annotations

import contextlib

import pytest
from tests.peers.case import POLICY, TARGET_UNCONNECTED, TARGET_UNRESOLVED, Case, tell
from tests.peers.conftest import NewFolder
from tests.peers.curl import curl
from tests.peers.dante import dante
from tests.peers.far_end import HOSTS, FarEnd
from tests.peers.microsocks import microsocks
from tests.peers.paths import diagnose_paths

pytestmark = pytest.mark.peer("danted", "microsocks", "libnss_wrapper.so", "curl")

AT_THE_END = [
    Case(target="ack", truth="ok"),
    Case(target="close", truth="target:closed", exit_code=52),
    Case(target="ssh", truth="target:not-sametime", exit_code=1, words="HTTP/0.9"),
    Case(
        target="silent",
        truth="target:silent",
        left_open=("proxy-protocol:false-success",),
        exit_code=28,
        timeout=0.2,
    ),
]
"""What a tunnel lets through is the same, whoever made it."""

DANTE_SOCKS5 = [
    Case(target="refused", truth="remote-tcp:refused", exit_code=97, words=r"\(5\)"),
    Case(target="unreachable", truth="remote-tcp:unreachable", exit_code=97, words=r"\(3\)"),
    # 06 is "TTL expired", and what dante says when its own connect timed out.
    Case(
        target="timeout",
        truth="remote-tcp:timeout",
        left_open=("remote-tcp:unreachable",),
        exit_code=97,
        words=r"\(6\)",
    ),
]
UNKNOWN_AT_DANTE = Case(
    target="unknown",
    truth="remote-dns:not-found",
    left_open=(*TARGET_UNRESOLVED, "remote-tcp:unreachable"),
    exit_code=97,
    words=r"\(4\)",
)


@pytest.mark.parametrize("case", [*AT_THE_END, *DANTE_SOCKS5, UNKNOWN_AT_DANTE], ids=str)
def test_dante_resolves(case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    proxy = servers.enter_context(dante(open_folder(), hosts=HOSTS))

    run = tell(case, f"socks5h://127.0.0.1:{proxy.port}", far_end, curl_options=("--max-time", "6"))

    path = run.path("raw", proxied=True)
    assert path.concluded["resolved_by"] == "proxy"
    assert path.seen["target_address"] == far_end[case.target][0], "the proxy was told the name"
    assert path.replies[:2] == b"\x05\x00", "the greeting's reply is kept"


@pytest.mark.parametrize("case", [AT_THE_END[0], *DANTE_SOCKS5], ids=str)
def test_dante_is_given_an_address(
    case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    proxy = servers.enter_context(dante(open_folder()))

    run = tell(case, f"socks5://127.0.0.1:{proxy.port}", far_end)

    path = run.path("raw", proxied=True)
    assert path.concluded["resolved_by"] == "here"
    assert path.seen["target_address"] == HOSTS[far_end[case.target][0]]


SOCKS4_REFUSED = (*TARGET_UNCONNECTED, *POLICY, "proxy-auth:required")
"""5b, "rejected or failed", is all that SOCKS4 has for these."""


@pytest.mark.parametrize(
    "case",
    [
        AT_THE_END[0],
        *(
            Case(target=word, truth=f"remote-tcp:{word}", left_open=SOCKS4_REFUSED, exit_code=97, words=r"\(91\)")
            for word in ("refused", "timeout", "unreachable")
        ),
    ],
    ids=str,
)
def test_socks4(case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    proxy = servers.enter_context(dante(open_folder(), hosts=HOSTS))

    run = tell(case, f"socks4://127.0.0.1:{proxy.port}", far_end)

    path = run.path("raw", proxied=True)
    assert path.concluded["resolved_by"] == "here"
    if case.truth != "ok":
        assert len(path.reasons) > 1, "one reply, several causes: none is named alone"


def test_no_socks4a(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    """dante takes the address that stands for a name, 0.0.0.1, for an address."""
    proxy = servers.enter_context(dante(open_folder(), hosts=HOSTS))
    case = Case(
        target="ack",
        truth="proxy-protocol:socks4a-unsupported",
        left_open=(*SOCKS4_REFUSED, *TARGET_UNRESOLVED),
        exit_code=97,
        words=r"\(91\)",
    )

    tell(case, f"socks4a://127.0.0.1:{proxy.port}", far_end)


@pytest.mark.parametrize(
    ("scheme", "left_open", "words"),
    [("socks5h", POLICY, r"\(2\)"), ("socks4", SOCKS4_REFUSED, r"\(91\)")],
    ids=["socks5", "socks4"],
)
def test_denied_by_dante(
    scheme: str,
    left_open: tuple[str, ...],
    words: str,
    open_folder: NewFolder,
    servers: contextlib.ExitStack,
    far_end: FarEnd,
) -> None:
    proxy = servers.enter_context(dante(open_folder(), hosts=HOSTS, denied_port=far_end["ack"][1]))
    case = Case(target="ack", truth="proxy-policy:port-denied", left_open=left_open, exit_code=97, words=words)

    tell(case, f"{scheme}://127.0.0.1:{proxy.port}", far_end)


PASSWORDS = [
    (
        "",
        Case(target="ack", truth="proxy-auth:required", left_open=("proxy-auth:method",), exit_code=97, words="No au"),
    ),
    ("stuser:right@", Case(target="ack", truth="ok")),
    ("stuser:wrong@", Case(target="ack", truth="proxy-auth:rejected", exit_code=97, words="User was rejected")),
    # A name that some libraries write with a wrong length.
    (f"{'u' * 200}:wrong@", Case(target="ack", truth="proxy-auth:rejected", exit_code=97, words="User was rejected")),
]


@pytest.mark.parametrize(("credentials", "case"), PASSWORDS, ids=["none", "right", "wrong", "long"])
def test_users_of_dante(
    credentials: str, case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    proxy = servers.enter_context(dante(open_folder(), hosts=HOSTS, users={"stuser": "right"}))

    tell(case, f"socks5h://{credentials}127.0.0.1:{proxy.port}", far_end)


@pytest.mark.parametrize(("credentials", "case"), PASSWORDS, ids=["none", "right", "wrong", "long"])
def test_users_of_microsocks(
    credentials: str, case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    port = servers.enter_context(microsocks(open_folder(), hosts=HOSTS, user="stuser", password="right"))  # noqa: S106 -- the test's own

    tell(case, f"socks5h://{credentials}127.0.0.1:{port}", far_end)


@pytest.mark.parametrize(
    "case",
    [
        *AT_THE_END,
        Case(target="refused", truth="remote-tcp:refused", exit_code=97, words=r"\(5\)"),
        Case(target="unreachable", truth="remote-tcp:unreachable", exit_code=97, words=r"\(3\)"),
        # 01 is "general failure": microsocks says it of names that it cannot resolve.
        Case(
            target="unknown",
            truth="remote-dns:not-found",
            left_open=(*TARGET_UNRESOLVED, *TARGET_UNCONNECTED, *POLICY),
            exit_code=97,
            words=r"\(1\)",
        ),
        # It says nothing while it tries, which takes minutes.
        Case(
            target="timeout",
            truth="remote-tcp:timeout",
            left_open=("remote-dns:timeout", "proxy-protocol:silent"),
            exit_code=28,
            timeout=0.1,
        ),
    ],
    ids=str,
)
def test_microsocks(case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    port = servers.enter_context(microsocks(open_folder(), hosts=HOSTS))

    tell(case, f"socks5h://127.0.0.1:{port}", far_end, curl_options=("--max-time", "5"))


@pytest.mark.parametrize(
    ("scheme", "program", "case"),
    [
        # dante hangs up without a byte on what is no SOCKS.
        (
            "http",
            "dante",
            Case(target="ack", truth="proxy-protocol:closed", left_open=("proxy-protocol:wrong-kind",), exit_code=56),
        ),
        # microsocks answers whatever it gets as if it were SOCKS5: 05 ff. curl sees no HTTP.
        ("http", "microsocks", Case(target="ack", truth="proxy-protocol:wrong-kind", exit_code=56)),
        ("socks4", "microsocks", Case(target="ack", truth="proxy-protocol:wrong-kind", exit_code=97)),
        # It hangs up on a ClientHello as well.
        (
            "https",
            "dante",
            Case(target="ack", truth="proxy-tls:not-tls", left_open=("proxy-protocol:closed",), exit_code=35),
        ),
    ],
    ids=["http-dante", "http-microsocks", "socks4-microsocks", "https-dante"],
)
def test_wrong_kind(
    scheme: str, program: str, case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    folder = open_folder()
    if program == "dante":
        port = servers.enter_context(dante(folder)).port
    else:
        port = servers.enter_context(microsocks(folder))

    tell(case, f"{scheme}://127.0.0.1:{port}", far_end, curl_options=("--max-time", "5"))


def test_names_resolved_here_and_there(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    """`--dns both`: the same proxy is told an address once, and once the name."""
    proxy = servers.enter_context(dante(open_folder(), hosts=HOSTS))
    port = far_end["ack"][1]
    here, there = (f"{scheme}://127.0.0.1:{proxy.port}" for scheme in ("socks5", "socks5h"))

    run = diagnose_paths("localhost", port, options=("--proxy", here, "--dns", "both"))

    told = {path.concluded["resolved_by"]: path.seen["target_address"] for path in run.paths("raw")}
    assert told == {"here": "127.0.0.1", "proxy": "localhost"}
    assert all(path.reasons == ["ok"] for path in run.paths("raw"))
    assert "(locally resolved)" in curl(f"http://localhost:{port}/CommunityCBR", "--ipv4", proxy=here).verbose
    assert "(remotely resolved)" in curl(f"http://localhost:{port}/CommunityCBR", proxy=there).verbose
