"""How curl, openssl or a bare socket see each fault on the ways of desktop clients."""

from __future__ import annotations

import socket
import subprocess

import pytest
from tests.lab.oracles.programs import Oracle, Oracles

from stdiag.lab.blueprint import COMMUNITY_HOST
from stdiag.lab.deployment import Endpoint, Lab

HANDSHAKE = bytes.fromhex("00000022 00000000 00000000 001e001d 00000000 00000000 1700 00000000 0100 00000000 0000")
"""That of the free client library."""
WAIT = 0.3


def tunnel(lab: Lab, *options: str) -> subprocess.CompletedProcess[str]:
    """`curl` for the HTTP tunnel's address."""
    command = ["curl", "-sS", "-i", "--max-time", "10", *options]
    address = f"http://{COMMUNITY_HOST}:{lab.mux.named_port}/CommunityCBR"
    return subprocess.run([*command, address], capture_output=True, text=True, timeout=20, check=False)


def by_http(lab: Lab, *options: str) -> subprocess.CompletedProcess[str]:
    return tunnel(lab, "-x", f"http://{lab.http_proxy}", *options)


def by_socks(lab: Lab, *options: str) -> subprocess.CompletedProcess[str]:
    return tunnel(lab, "-x", f"socks5h://{lab.socks_proxy}", *options)


def handshake(lab: Lab, oracles: Oracles, at: Endpoint | None = None) -> bytes:
    """What the multiplexer says to a handshake."""
    return oracles.plain(lab, HANDSHAKE, WAIT, at or lab.mux)


def works_beside(lab: Lab, oracles: Oracles) -> None:
    """The multiplexer itself acknowledges: the fault is on the way."""
    answer = handshake(lab, oracles)
    assert int.from_bytes(answer[:4], "big") == len(answer) - 4 == 88
    assert answer[4:6] == b"\x80\x00"
    assert socket.inet_ntoa(answer[16:20]) == "127.0.0.1"


def down(lab: Lab, _oracles: Oracles) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((lab.mux.address, lab.mux.port), timeout=2)
    assert "ERR_CONNECT_FAIL" in by_http(lab).stdout
    assert by_socks(lab).returncode == 97


def no_answer(lab: Lab, _oracles: Oracles) -> None:
    with pytest.raises(TimeoutError):
        socket.create_connection((lab.mux.address, lab.mux.port), timeout=0.5)
    assert " 503 " in by_http(lab).stdout.splitlines()[0]


def silent(lab: Lab, oracles: Oracles) -> None:
    assert handshake(lab, oracles) == b""
    assert " 504 " in by_http(lab).stdout.splitlines()[0]


def closes(lab: Lab, oracles: Oracles) -> None:
    assert oracles.plain(lab, HANDSHAKE, 5, lab.mux) == b""
    assert tunnel(lab, "--connect-to", f"::{lab.mux}").returncode == 52


def refuses(lab: Lab, oracles: Oracles) -> None:
    assert handshake(lab, oracles) == bytes.fromhex("00000010 00030000 00000000 80000200 00000000")


def cut_off(lab: Lab, oracles: Oracles) -> None:
    answer = handshake(lab, oracles)
    assert (len(answer), answer[4:6]) == (20, b"\x80\x00")


def ssh(lab: Lab, oracles: Oracles) -> None:
    assert handshake(lab, oracles).startswith(b"SSH-2.0-")


def web_server(lab: Lab, oracles: Oracles) -> None:
    assert handshake(lab, oracles).startswith(b"HTTP/1.1 400 ")
    assert " 404 " in tunnel(lab, "--connect-to", f"::{lab.mux}").stdout.splitlines()[0]


def tls_only(lab: Lab, oracles: Oracles) -> None:
    assert oracles.plain(lab, HANDSHAKE, 5, lab.mux) == b""
    seen = oracles.s_client(lab, "-servername", COMMUNITY_HOST, "-verify_hostname", COMMUNITY_HOST, at=lab.mux)
    assert seen.code == 0
    assert seen.chain == [COMMUNITY_HOST, "Lab Issuing CA R46"]


def proxy_down(lab: Lab, oracles: Oracles) -> None:
    works_beside(lab, oracles)
    assert by_http(lab).returncode == 7


def socks_down(lab: Lab, oracles: Oracles) -> None:
    works_beside(lab, oracles)
    assert by_socks(lab).returncode == 7


def denies_1533(lab: Lab, oracles: Oracles) -> None:
    works_beside(lab, oracles)
    assert " 403 " in by_http(lab).stdout.splitlines()[0]
    at_80 = ["curl", "-sS", "-i", "-x", f"http://{lab.http_proxy}", f"http://{COMMUNITY_HOST}/CommunityCBR"]
    assert " 200 " in subprocess.run(at_80, capture_output=True, text=True, timeout=20, check=True).stdout


def asks_login(lab: Lab, oracles: Oracles) -> None:
    works_beside(lab, oracles)
    assert "Proxy-Authenticate: Basic" in by_http(lab).stdout
    assert " 200 " in by_http(lab, "-U", "lab:lab").stdout.splitlines()[0]


def asks_ntlm(lab: Lab, oracles: Oracles) -> None:
    works_beside(lab, oracles)
    asked = by_http(lab).stdout
    assert "Proxy-Authenticate: NTLM" in asked
    assert "Basic" not in asked


def without_names(lab: Lab, oracles: Oracles) -> None:
    works_beside(lab, oracles)
    assert "ERR_DNS_FAIL" in by_http(lab).stdout


def speaks_socks(lab: Lab, oracles: Oracles) -> None:
    works_beside(lab, oracles)
    assert by_http(lab).returncode == 52
    assert " 200 " in tunnel(lab, "-x", f"socks5h://{lab.http_proxy}").stdout.splitlines()[0]


def socks_says(code: int) -> Oracle:
    """The SOCKS5 proxy answers with this code of RFC 1928 §6."""

    def check(lab: Lab, oracles: Oracles) -> None:
        works_beside(lab, oracles)
        said = by_socks(lab)
        assert said.returncode == 97
        assert f"({code})" in said.stderr

    return check


def socks_asks_login(lab: Lab, oracles: Oracles) -> None:
    works_beside(lab, oracles)
    assert by_socks(lab).returncode == 97
    assert " 200 " in by_socks(lab, "-U", "lab:lab").stdout.splitlines()[0]


ORACLES: dict[str, Oracle] = {
    "mux-down": down,
    "mux-no-answer": no_answer,
    "mux-silent": silent,
    "mux-closes": closes,
    "mux-refuses": refuses,
    "mux-answers-oddly": cut_off,
    "mux-not-sametime": ssh,
    "mux-is-web-server": web_server,
    "mux-tls-only": tls_only,
    "proxy-down": proxy_down,
    "proxy-denies-1533": denies_1533,
    "proxy-wants-password": asks_login,
    "proxy-wants-ntlm": asks_ntlm,
    "proxy-without-names": without_names,
    "proxy-speaks-socks": speaks_socks,
    "socks-down": socks_down,
    "socks-rejects": socks_says(2),
    "socks-cannot-reach": socks_says(3),
    "socks-wants-password": socks_asks_login,
}
