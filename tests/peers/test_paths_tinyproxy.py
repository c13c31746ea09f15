"""tinyproxy between us and the mux: one status, 500, for whatever went wrong behind it."""

from __future__ import annotations

import contextlib

import pytest
from tests.peers.case import POLICY, TARGET_UNCONNECTED, TARGET_UNRESOLVED, Case, tell
from tests.peers.conftest import NewFolder
from tests.peers.far_end import HOSTS, NAME, FarEnd
from tests.peers.paths import causes_on_every_path
from tests.peers.tinyproxy import filter_rules, tinyproxy

pytestmark = pytest.mark.peer("tinyproxy", "libnss_wrapper.so", "curl")

FAILED_BEHIND = (*TARGET_UNCONNECTED, *TARGET_UNRESOLVED)


@pytest.mark.parametrize(
    "case",
    [
        Case(target="ack", truth="ok", connect_status=200),
        *(
            Case(target=target, truth=truth, left_open=FAILED_BEHIND, exit_code=56, connect_status=500)
            for target, truth in (
                ("refused", "remote-tcp:refused"),
                ("unreachable", "remote-tcp:unreachable"),
                ("unknown", "remote-dns:not-found"),
            )
        ),
        Case(target="ssh", truth="target:not-sametime", exit_code=1, connect_status=200, timeout=0.1),
    ],
    ids=str,
)
def test_open_proxy(case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    port = servers.enter_context(tinyproxy(open_folder(), hosts=HOSTS))

    run = tell(case, f"http://127.0.0.1:{port}", far_end)

    if case.connect_status == 500:
        assert len(run.path("connect", proxied=True).reasons) > 1, "one status, several causes: none is named alone"


@pytest.mark.parametrize(
    ("target", "cause"),
    [("refuse", "path-server-refuses"), ("close", "path-target-mute"), ("ssh", "path-not-sametime")],
)
def test_a_servers_fault_is_one_cause_however_tinyproxy_puts_it(
    target: str, cause: str, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    port = servers.enter_context(tinyproxy(open_folder(), hosts=HOSTS))

    # tinyproxy keeps a client waiting when the server says nothing in HTTP.
    assert causes_on_every_path(*far_end[target], f"http://127.0.0.1:{port}", timeout=0.1) == [cause]


def test_other_ports_are_denied(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    port = servers.enter_context(tinyproxy(open_folder(), ["ConnectPort 443"], hosts=HOSTS))
    case = Case(
        target="ack", truth="proxy-policy:port-denied", left_open=POLICY, exit_code=56, connect_status=403, words="403"
    )

    tell(case, f"http://127.0.0.1:{port}", far_end)


def test_host_is_filtered(open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd) -> None:
    folder = open_folder()
    port = servers.enter_context(tinyproxy(folder, filter_rules(folder, NAME), hosts=HOSTS))
    case = Case(target="ack", truth="proxy-policy:denied", left_open=POLICY, exit_code=56, connect_status=403)

    tell(case, f"http://127.0.0.1:{port}", far_end)


@pytest.mark.parametrize(
    ("credentials", "case"),
    [
        ("", Case(target="ack", truth="proxy-auth:required", exit_code=56, connect_status=407)),
        ("stuser:right@", Case(target="ack", truth="ok", connect_status=200)),
        # It answers a wrong password with 401, which is a web server's word, not a proxy's.
        ("stuser:wrong@", Case(target="ack", truth="proxy-auth:rejected", exit_code=56, connect_status=401)),
    ],
    ids=["none", "right", "wrong"],
)
def test_basic(
    credentials: str, case: Case, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    port = servers.enter_context(tinyproxy(open_folder(), ["BasicAuth stuser right"], hosts=HOSTS))

    tell(case, f"http://{credentials}127.0.0.1:{port}", far_end)


@pytest.mark.parametrize("scheme", ["socks4", "socks5h"])
def test_taken_for_a_socks_proxy(
    scheme: str, open_folder: NewFolder, servers: contextlib.ExitStack, far_end: FarEnd
) -> None:
    port = servers.enter_context(tinyproxy(open_folder(), hosts=HOSTS))
    case = Case(
        target="ack",
        truth="proxy-protocol:silent",
        left_open=("proxy-protocol:wrong-kind", "remote-tcp:timeout", "remote-dns:timeout"),
        exit_code=28,
        timeout=0.2,
    )

    tell(case, f"{scheme}://127.0.0.1:{port}", far_end, curl_options=("--max-time", "3"))
