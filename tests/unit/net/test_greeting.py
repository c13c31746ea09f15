from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lab import peers_faulty as peers

from stdiag.net.greeting import is_tls, spoken


@pytest.mark.parametrize(
    ("first_bytes", "protocol"),
    [
        (peers.HTTP_PLAIN, "http"),
        (b"HTTP/1.0 200 OK\r\n", "http"),
        (b"<!DOCTYPE HTML PUBLIC", "http"),
        (b"\r\n<html><head>", "http"),
        (peers.SMTP_BANNER, "smtp"),
        (b"220 ftp.example.com ESMTP Sendmail 8.14\r\n", "smtp"),
        (b"220 mail.example.com ready\r\n", "smtp"),
        (b"500 5.5.1 Command unrecognized\r\n", "smtp"),
        (b"220-mx1.example.com SMTP service\r\n", "smtp"),
        (b"220 domino.example.com ESMTP Service (HCL Domino Release 12.0) ready\r\n", "smtp"),
        (peers.SSH_BANNER, "ssh"),
        (peers.FTP_BANNER, "ftp"),
        (b"220 (vsFTPd 3.0.3)\r\n", "ftp"),
        (peers.IMAP_BANNER, "imap"),
        (b"* BYE Too many connections\r\n", "imap"),
        (peers.POP3_BANNER, "pop3"),
        (b"-ERR not now\r\n", "pop3"),
        (peers.SAMETIME_ACK, "sametime"),
        (b"\x80\x80\x81" + peers.SAMETIME_ACK, "sametime"),
        (peers.SAMETIME_REFUSAL, "sametime"),
        (b"220 server ready\r\n", "unknown"),  # SMTP and FTP both begin so
        (b"\x00\x00\x00", "unknown"),
        (b"\x80\x80", "unknown"),
        (b"hello", "unknown"),
        (b"\x16\x02", "unknown"),
    ],
)
def test_protocols(first_bytes: bytes, protocol: str) -> None:
    assert spoken(first_bytes) == protocol


@pytest.mark.parametrize("first_bytes", [b"", b"\x15", b"\x16\x03\x01", b"\x15\x03\x03\x00\x02\x02\x0a"])
def test_tls_and_nothing_are_no_other_protocol(first_bytes: bytes) -> None:
    assert spoken(first_bytes) is None


def test_tls_is_known_by_two_bytes() -> None:
    assert is_tls(b"") is None
    assert is_tls(b"\x16") is None
    assert is_tls(b"\x16\x03") is True
    assert is_tls(b"\x16\x47") is False
    assert is_tls(b"H") is False


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(first_bytes: bytes) -> None:
    protocols = {None, "http", "smtp", "ssh", "sametime", "ftp", "imap", "pop3", "unknown"}
    assert spoken(first_bytes) in protocols
