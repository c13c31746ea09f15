"""The lab's multiplexer and proxies, as openssl, curl and a bare socket see them where nothing is wrong."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from tests.lab.oracles.community import HANDSHAKE, by_http, by_socks, handshake, tunnel, works_beside

from stdiag.lab.blueprint import COMMUNITY_HOST
from stdiag.lab.relay import Destination, Destinations


@pytest.mark.peer("curl")
def test_every_way_leads_to_the_multiplexer(start: Any, oracles: Any) -> None:
    lab = start()
    works_beside(lab, oracles)
    for answer in (tunnel(lab, "--connect-to", f"::{lab.mux}"), by_http(lab), by_socks(lab)):
        assert " 200 " in answer.stdout.splitlines()[0], answer.stderr
    assert "\nVia: 1.1 lab-proxy" in by_http(lab).stdout
    for version in ("socks4", "socks4a"):
        host = f"{version}://{lab.socks_proxy}"
        place = ("--connect-to", f"::{lab.mux}") if version == "socks4" else ()
        assert " 200 " in tunnel(lab, "-x", host, *place).stdout.splitlines()[0]


@pytest.mark.peer("openssl")
def test_tls_and_plain_on_one_port(start: Any, oracles: Any) -> None:
    lab = start()
    seen = oracles.s_client(lab, "-servername", COMMUNITY_HOST, "-verify_hostname", COMMUNITY_HOST, at=lab.mux)
    assert seen.code == 0
    assert len(handshake(lab, oracles)) == 92


def test_messages_in_pieces_and_together(start: Any) -> None:
    lab = start()
    with socket.create_connection((lab.mux.address, lab.mux.port), timeout=5) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in (b"\x80\x81", HANDSHAKE[:2], HANDSHAKE[2:20], HANDSHAKE[20:] + HANDSHAKE):
            stream.sendall(piece)
        received = b""
        while len(received) < 2 * 92:
            received += stream.recv(4096)
    assert received[4:6] == received[96:98] == b"\x80\x00"


@pytest.mark.parametrize("junk", [b"\x16\x03", b"\x7f\xff\xff\xff", b"GET\r\n\r\n", b"\0\0\0\4" + bytes(4), b"\0"])
def test_junk_ends_with_its_connection(junk: bytes, start: Any, oracles: Any) -> None:
    lab = start()
    for end in (lab.mux, lab.http_proxy, lab.socks_proxy):
        with socket.create_connection((end.address, end.port), timeout=5) as stream:
            stream.sendall(junk)
            stream.shutdown(socket.SHUT_WR)
            while stream.recv(4096):
                pass
    works_beside(lab, oracles)


@pytest.mark.peer("curl")
def test_the_proxies_lead_nowhere_else(start: Any) -> None:
    lab = start()
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.2)
        place = f"127.0.0.1:{elsewhere.getsockname()[1]}"
        assert " 403 " in by_http(lab, "--url", f"http://{place}/").stdout.splitlines()[0]
        assert by_socks(lab, "--connect-to", f"::{place}").returncode == 97
        with pytest.raises(TimeoutError):
            elsewhere.accept()


def test_a_destination_is_known_by_both_its_names() -> None:
    known = Destinations()
    mux = Destination(1533, "127.0.0.1", 40000)
    known.add("mux.lab.example", mux)
    assert known.find("MUX.lab.example", 1533) == known.find("127.0.0.1", 40000) == mux
    assert known.find("mux.lab.example", 40000) is None
