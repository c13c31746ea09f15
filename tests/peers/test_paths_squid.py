"""squid between us and the mux: what it answers, what it means, and that curl sees the same."""

from __future__ import annotations

import contextlib
import socket

import pytest
from tests.conftest import missing
from tests.peers.case import POLICY, TARGET_UNRESOLVED, Case, tell
from tests.peers.conftest import KeyFilesFor, NewFolder, Pki
from tests.peers.curl import curl
from tests.peers.far_end import HOSTS, NAME, FarEnd
from tests.peers.identity import leaf
from tests.peers.paths import causes_on_every_path, diagnose_paths
from tests.peers.squid import STOCK_RULES, basic_auth, squid, windows_auth

pytestmark = pytest.mark.peer("squid", "curl")

NO_NAME_SERVER = "127.0.0.98"
"""Nothing answers there: its port 53 is closed."""

NO_WAY = (*TARGET_UNRESOLVED, "remote-tcp:unreachable", "remote-tcp:timeout")
"""What ERR_CANNOT_FORWARD leaves open."""

OPEN_CASES = [
    Case(target="ack", truth="ok", connect_status=200),
    Case(target="refused", truth="remote-tcp:refused", exit_code=56, connect_status=503, words="response 503"),
    Case(target="timeout", truth="remote-tcp:timeout", exit_code=56, connect_status=503),
    Case(target="unreachable", truth="remote-tcp:unreachable", exit_code=56, connect_status=503),
    Case(
        target="unknown",
        truth="remote-dns:server-failure",
        left_open=NO_WAY,
        exit_code=56,
        connect_status=500,
    ),
    # A yes to CONNECT, and then not a byte: the yes may be false.
    Case(
        target="close",
        truth="target:closed",
        left_open=("proxy-protocol:false-success",),
        exit_code=52,
        connect_status=200,
    ),
    Case(
        target="silent",
        truth="target:silent",
        left_open=("proxy-protocol:false-success",),
        exit_code=28,
        connect_status=200,
        timeout=0.2,
    ),
    Case(target="ssh", truth="target:not-sametime", exit_code=1, connect_status=200, words="HTTP/0.9"),
]


@pytest.mark.parametrize("case", OPEN_CASES, ids=str)
def test_open_proxy(case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    proxy = servers.enter_context(squid(open_folder(), hosts=HOSTS, dns=NO_NAME_SERVER))

    run = tell(case, f"http://127.0.0.1:{proxy.port}", far_end, curl_options=("--max-time", "6"))

    path = run.path("connect", proxied=True)
    assert path.concluded["resolved_by"] == "proxy"
    assert path.replies.startswith(b"HTTP/1.1 %d " % case.connect_status), "the proxy's own bytes are kept"


@pytest.mark.parametrize(
    ("target", "truth", "left_open", "answer", "status"),
    [
        ("ack", "ok", (), "http-cbr", 200),
        ("refused", "remote-tcp:refused", (), "http-proxy-page", 503),
        ("timeout", "remote-tcp:timeout", (), "http-proxy-page", 503),
        ("unreachable", "remote-tcp:unreachable", (), "http-proxy-page", 503),
        ("unknown", "remote-dns:server-failure", NO_WAY, "http-proxy-page", 502),
    ],
)
def test_http_tunnelling(
    target: str,
    truth: str,
    left_open: tuple[str, ...],
    answer: str,
    status: int,
    open_folder: NewFolder,
    servers: contextlib.ExitStack,
    far_end: FarEnd,
) -> None:
    """What the client's "HTTP proxy" really uses: requests for /CommunityCBR, and no CONNECT."""
    proxy = servers.enter_context(squid(open_folder(), hosts=HOSTS, dns=NO_NAME_SERVER))
    name, port = far_end[target]
    via = f"http://127.0.0.1:{proxy.port}"

    path = diagnose_paths(name, port, options=("--proxy", via, "--timeout", "0.5")).path("cbr")

    assert path.reasons[0] == truth or (truth in path.reasons and left_open), path
    assert set(path.reasons) <= {truth, *left_open}, path
    assert path.concluded["answer"] == answer
    assert path.concluded["setting"] == "http-proxy"
    oracle = curl(f"http://{name}:{port}/CommunityCBR", "--proxy", via)
    assert oracle.status == path.seen["http"][0]["status"] == status


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        ("refuse", "path-server-refuses"),
        ("close", "path-target-mute"),
        ("reset", "path-target-mute"),
        ("ssh", "path-not-sametime"),
    ],
)
def test_a_servers_fault_is_one_cause_however_squid_puts_it(
    target: str, cause: str, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    """Directly, by CONNECT, and by the requests of the client's "HTTP proxy": three words for one thing."""
    proxy = servers.enter_context(squid(open_folder(), hosts=HOSTS))

    assert causes_on_every_path(*far_end[target], f"http://127.0.0.1:{proxy.port}") == [cause]


def test_port_rule(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    proxy = servers.enter_context(squid(open_folder(), STOCK_RULES, hosts=HOSTS))
    case = Case(
        target="ack", truth="proxy-policy:port-denied", left_open=POLICY, exit_code=56, connect_status=403, words="403"
    )

    run = tell(case, f"http://127.0.0.1:{proxy.port}", far_end)

    # The rule is about CONNECT: the client's own HTTP tunnelling passes.
    tunnelled = run.path("cbr", proxied=True)
    assert tunnelled.reasons == ["ok"]
    assert tunnelled.concluded["answer"] == "http-cbr"


def test_everything_denied(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    proxy = servers.enter_context(squid(open_folder(), ["http_access deny all"], hosts=HOSTS))
    case = Case(target="ack", truth="proxy-policy:denied", left_open=POLICY, exit_code=56, connect_status=403)

    run = tell(case, f"http://127.0.0.1:{proxy.port}", far_end)

    tunnelled = run.path("cbr", proxied=True)
    assert "proxy-policy:denied" in tunnelled.reasons
    assert tunnelled.concluded["answer"] == "http-proxy-page"
    oracle = curl(f"http://{NAME}:{far_end['ack'][1]}/CommunityCBR", "--proxy", f"http://127.0.0.1:{proxy.port}")
    assert oracle.status == 403


@pytest.mark.parametrize(
    ("credentials", "case"),
    [
        ("", Case(target="ack", truth="proxy-auth:required", exit_code=56, connect_status=407, words="407")),
        ("stuser:right@", Case(target="ack", truth="ok", connect_status=200)),
        ("stuser:wrong@", Case(target="ack", truth="proxy-auth:rejected", exit_code=56, connect_status=407)),
    ],
    ids=["none", "right", "wrong"],
)
@pytest.mark.peer("htpasswd")
def test_basic(
    credentials: str, case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    folder = open_folder()
    proxy = servers.enter_context(squid(folder, basic_auth(folder, "stuser", "right"), hosts=HOSTS))

    run = tell(case, f"http://{credentials}127.0.0.1:{proxy.port}", far_end)

    assert "Basic" in run.path("connect", proxied=True).seen["replies"][-1]["schemes"] or case.truth == "ok"


@pytest.mark.parametrize("credentials", ["", "stuser:secret@"], ids=["none", "some"])
def test_only_windows_schemes(
    credentials: str, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    """Negotiate and NTLM: no password helps, and none is sent."""
    folder = open_folder()
    proxy = servers.enter_context(squid(folder, windows_auth(folder), hosts=HOSTS))
    case = Case(target="ack", truth="proxy-auth:scheme-unsupported", exit_code=56, connect_status=407)

    run = tell(case, f"http://{credentials}127.0.0.1:{proxy.port}", far_end)

    path = run.path("connect", proxied=True)
    assert [scheme.lower() for scheme in path.seen["replies"][-1]["schemes"]] == ["negotiate", "ntlm"]


def test_silent_name_server(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    silent = servers.enter_context(contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)))
    try:
        silent.bind(("127.0.0.97", 53))
    except PermissionError:
        missing("root", "squid asks name servers at port 53 only")
    proxy = servers.enter_context(squid(open_folder(), hosts=HOSTS, dns="127.0.0.97"))
    case = Case(target="unknown", truth="remote-dns:timeout", left_open=NO_WAY, exit_code=56, connect_status=500)

    tell(case, f"http://127.0.0.1:{proxy.port}", far_end)


@pytest.mark.parametrize("scheme", ["socks4", "socks5h"])
def test_taken_for_a_socks_proxy(
    scheme: str, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    """squid waits for the rest of a line that never comes."""
    proxy = servers.enter_context(squid(open_folder(), hosts=HOSTS))
    case = Case(
        target="ack",
        truth="proxy-protocol:silent",
        left_open=("proxy-protocol:wrong-kind", "remote-tcp:timeout", "remote-dns:timeout"),
        exit_code=28,
        timeout=0.2,
    )

    tell(case, f"{scheme}://127.0.0.1:{proxy.port}", far_end, curl_options=("--max-time", "4"))


@pytest.mark.parametrize(
    ("case", "trusted", "named"),
    [
        (Case(target="ack", truth="ok", connect_status=200), True, "127.0.0.1"),
        (Case(target="ack", truth="proxy-tls:untrusted", exit_code=60, words="certificate"), False, "127.0.0.1"),
        (Case(target="ack", truth="proxy-tls:name-mismatch", exit_code=60, words="127.0.0.1"), True, "proxy.example"),
    ],
    ids=["trusted", "untrusted", "name-mismatch"],
)
def test_tls_to_the_proxy(
    case: Case,
    trusted: bool,
    named: str,
    open_folder: NewFolder,
    key_files: KeyFilesFor,
    pki: Pki,
    servers: contextlib.ExitStack,
    far_end: FarEnd,
) -> None:
    keys = key_files(leaf(named, pki.intermediate), pki.intermediate.certificate)
    folder = open_folder()
    for file in (keys.chain, keys.key):
        (folder / file.name).write_bytes(file.read_bytes())
    proxy = servers.enter_context(squid(folder, hosts=HOSTS, keys=keys))
    options = ("--ca-file", pki.root_file) if trusted else ()
    curl_options = ("--proxy-cacert", str(pki.root_file)) if trusted else ()

    tell(case, f"https://127.0.0.1:{proxy.port}", far_end, options=options, curl_options=curl_options)


def test_not_tls(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    proxy = servers.enter_context(squid(open_folder(), hosts=HOSTS))
    case = Case(target="ack", truth="proxy-tls:not-tls", exit_code=35)

    tell(case, f"https://127.0.0.1:{proxy.port}", far_end)


def test_one_port_allowed_another_denied(
    open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    """What both ports show together: the proxy works, and a rule on ports stops the other."""
    allowed, denied = far_end["ack"][1], far_end["refuse"][1]
    rules = [f"acl SSL_ports port {allowed}", *STOCK_RULES[1:]]
    proxy = servers.enter_context(squid(open_folder(), rules, hosts=HOSTS))

    run = diagnose_paths(NAME, allowed, denied, options=("--proxy", f"http://127.0.0.1:{proxy.port}"))

    reasons = {path.seen["port"]: path.reasons for path in run.paths("connect", proxied=True)}
    assert reasons == {allowed: ["ok"], denied: ["proxy-policy:port-denied"]}
    for port, status in ((allowed, 200), (denied, 403)):
        oracle = curl(f"http://{NAME}:{port}/", "--max-time", "2", proxy=f"http://127.0.0.1:{proxy.port}")
        assert oracle.connect_status == status
