"""How openssl, curl or a bare socket see each fault of the connection."""

from __future__ import annotations

import email.utils
import re
import socket
import subprocess
import time

import pytest
from tests.lab.oracles.programs import Oracle, Oracles

from stdiag.lab.blueprint import HOST
from stdiag.lab.deployment import Lab

OLD = ("-cipher", "ALL:@SECLEVEL=0")
NO_HANDSHAKE = "(NONE)"
HELLO = bytes.fromhex("160301000a0100000603030000")  # the beginning of one: enough for a server that does not look


def accepts(lab: Lab, oracles: Oracles) -> set[str]:
    """TLS versions that openssl gets through with."""
    versions = ("-tls1", "-tls1_1", "-tls1_2", "-tls1_3")
    return {version for version in versions if oracles.s_client(lab, version, *OLD).cipher != NO_HANDSHAKE}


def weak_dh(lab: Lab, oracles: Oracles) -> None:
    assert "Server Temp Key: DH, 1024 bits" in oracles.s_client(lab, *OLD).text
    assert "dh key too small" in oracles.s_client(lab).text


def no_forward_secrecy(lab: Lab, oracles: Oracles) -> None:
    assert oracles.s_client(lab).cipher == "AES256-GCM-SHA384"
    assert oracles.s_client(lab, "-cipher", "ECDHE:DHE").cipher == NO_HANDSHAKE


def versions(*expected: str) -> Oracle:
    def check(lab: Lab, oracles: Oracles) -> None:
        assert accepts(lab, oracles) == set(expected)

    return check


def sni_alert(lab: Lab, oracles: Oracles) -> None:
    assert oracles.s_client(lab).code == 0
    assert "unrecognized name" in oracles.s_client(lab, sni=False).text


def sni_other(lab: Lab, oracles: Oracles) -> None:
    assert oracles.s_client(lab, "-verify_hostname", HOST).code == 0
    other = oracles.s_client(lab, sni=False)
    assert other.chain == ["balancer.lab.example", "Lab Issuing CA R46"]
    assert other.code == 0


def addresses_differ(lab: Lab, oracles: Oracles) -> None:
    good, bad = lab.endpoints[:2]
    assert good.address != bad.address
    assert f'"{HOST}:443" = "{good}, {bad}"' in lab.site_file.read_text(encoding="utf-8")
    assert oracles.s_client(lab, at=good).code == 0
    assert oracles.s_client(lab, at=bad).code == 21


def key_types_differ(lab: Lab, oracles: Oracles) -> None:
    for version in ("-tls1_2", "-tls1_3"):
        assert oracles.s_client(lab, version, "-sigalgs", "ecdsa_secp256r1_sha256").code == 0
        assert oracles.s_client(lab, version, "-sigalgs", "rsa_pss_rsae_sha256").code == 21


def client_certificate(lab: Lab, oracles: Oracles) -> None:
    seen = oracles.s_client(lab, "-msg")
    assert re.search(r"<<< .*CertificateRequest", seen.text)
    assert seen.code == 0
    # Under TLS 1.3 the refusal shows at the first read only.
    assert "certificate required" in oracles.curl(lab, "/").stderr
    assert "handshake failure" in oracles.s_client(lab, "-tls1_2").text


def hello_too_large(lab: Lab, oracles: Oracles) -> None:
    assert oracles.s_client(lab).code == 0
    assert oracles.curl(lab, "/stwebapi/proxyinfo").returncode == 0
    large = ("-alpn", ",".join(f"protocol-{number:03}" for number in range(120)))
    with pytest.raises(subprocess.TimeoutExpired):
        oracles.s_client(lab, *large, seconds=1)


def alert(lab: Lab, oracles: Oracles) -> None:
    assert "handshake failure" in oracles.s_client(lab).text


def garbled(lab: Lab, oracles: Oracles) -> None:
    text = oracles.s_client(lab).text
    assert "error" in text
    assert "alert" not in text.split("error", 1)[1].splitlines()[0]


def silent(lab: Lab, oracles: Oracles) -> None:
    assert oracles.plain(lab, HELLO, 0.3) == b""
    with pytest.raises(subprocess.TimeoutExpired):
        oracles.s_client(lab, seconds=1)


def slow(lab: Lab, _oracles: Oracles) -> None:
    hello = subprocess.Popen(
        ["openssl", "s_client", "-connect", str(lab.stproxy), "-servername", HOST, "-msg"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(2)
    hello.kill()
    text = hello.communicate()[0].decode("utf-8", "replace")
    assert re.search(r"<<< .*RecordHeader", text)  # five bytes came, one after the other, and they are TLS
    assert "ServerHello" not in text


def closed(lab: Lab, oracles: Oracles) -> None:
    assert oracles.plain(lab, HELLO + bytes(2)) == b""
    assert "unexpected eof" in oracles.s_client(lab).text


def reset(lab: Lab, oracles: Oracles) -> None:
    assert "errno=104" in oracles.s_client(lab).text or "reset" in oracles.s_client(lab).text


def refused(lab: Lab, oracles: Oracles) -> None:
    assert oracles.curl(lab, "/").returncode == 7
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((lab.stproxy.address, lab.stproxy.port), timeout=2)


def no_answer(lab: Lab, oracles: Oracles) -> None:
    with pytest.raises(TimeoutError):
        socket.create_connection((lab.stproxy.address, lab.stproxy.port), timeout=0.5)
    assert oracles.curl(lab, "/", "--connect-timeout", "0.5").returncode == 28


def plain_http(lab: Lab, oracles: Oracles) -> None:
    assert "wrong version number" in oracles.s_client(lab).text
    assert oracles.plain(lab, b"GET /stwebapi/proxyinfo HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
    assert oracles.plain(lab, HELLO + bytes(2)).startswith(b"HTTP/1.1 400")


def smtp(lab: Lab, oracles: Oracles) -> None:
    assert "wrong version number" in oracles.s_client(lab).text
    assert oracles.plain(lab, b"QUIT\r\n").startswith(b"220 mail.lab.example ESMTP\r\n221 ")
    assert b"\r\n500 " in oracles.plain(lab, b"GET / HTTP/1.1\r\n\r\n", 0.3)


def sametime(lab: Lab, oracles: Oracles) -> None:
    assert "unexpected eof" in oracles.s_client(lab).text
    # The handshake of an early client, 26 bytes: type, options, channel, version 30.24, and zeros.
    asked = bytes.fromhex("0000001a" + "0000000000000000" + "001e0018" + "00" * 14)
    answer = oracles.plain(lab, b"\x80" + asked, 0.3)
    assert int.from_bytes(answer[:4], "big") == len(answer) - 4
    assert answer[4:6] == b"\x80\x00"
    assert answer[12:14] == b"\x00\x1e"
    assert socket.inet_ntoa(answer[16:20]) == "127.0.0.1"


def clock(lab: Lab, oracles: Oracles) -> None:
    head = oracles.curl(lab, "/chat", "-I").stdout
    date = email.utils.parsedate_to_datetime(re.findall(r"^Date: (.*)$", head, re.MULTILINE)[0].strip())
    assert 3590 < date.timestamp() - time.time() < 3610
    assert oracles.s_client(lab).code == 0


ORACLES: dict[str, Oracle] = {
    "weak-dh": weak_dh,
    "no-forward-secrecy": no_forward_secrecy,
    "tls-old-only": versions("-tls1", "-tls1_1"),
    "tls-new-only": versions("-tls1_3"),
    "tls-obsolete-accepted": versions("-tls1", "-tls1_1", "-tls1_2", "-tls1_3"),
    "sni-required": sni_alert,
    "sni-default-certificate": sni_other,
    "addresses-differ": addresses_differ,
    "ecdsa-rsa-differ": key_types_differ,
    "client-cert-required": client_certificate,
    "hello-too-large": hello_too_large,
    "alert": alert,
    "garbled": garbled,
    "silent": silent,
    "slow": slow,
    "closed": closed,
    "reset": reset,
    "refused": refused,
    "no-answer": no_answer,
    "not-tls-http": plain_http,
    "not-tls-smtp": smtp,
    "not-tls-sametime": sametime,
    "clock-skew": clock,
}
