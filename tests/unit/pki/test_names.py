"""Whether a certificate is for a name."""

from __future__ import annotations

import pytest
from tests.minting import mint

from stdiag.pki import der
from stdiag.pki.certificate import parse_certificate
from stdiag.pki.names import NameMatch, match_name, names_of

M, CN, NO = NameMatch.MATCHES, NameMatch.CN_ONLY, NameMatch.MISMATCH


@pytest.mark.parametrize(
    ("dns", "ip", "asked", "expected"),
    [
        (("chat.example.com",), (), "chat.example.com", M),
        (("chat.example.com",), (), "CHAT.Example.COM.", M),
        (("Chat.Example.com",), (), "chat.example.com", M),
        (("chat.example.com",), (), "www.chat.example.com", NO),
        (("chat.example.com",), (), "example.com", NO),
        (("*.example.com",), (), "chat.example.com", M),
        (("*.example.com",), (), "a.chat.example.com", NO),
        (("*.example.com",), (), "example.com", NO),
        (("*.example.com",), (), ".example.com", NO),
        (("c*.example.com",), (), "chat.example.com", NO),
        (("chat.*.com",), (), "chat.example.com", NO),
        (("*.*.com",), (), "chat.example.com", NO),
        (("*.com",), (), "example.com", NO),
        (("*",), (), "localhost", NO),
        (("localhost",), (), "localhost", M),
        (("xn--mnchen-3ya.example",), (), "münchen.example", M),
        (("xn--mnchen-3ya.example",), (), "xn--mnchen-3ya.example", M),
        (("*.xn--mnchen-3ya.example",), (), "chat.München.example", M),
        (("a.example",), (), "\u2028\ud800", NO),
        (("a.example",), (), "", NO),
        (("192.0.2.1",), (), "192.0.2.1", NO),
        (("a.example",), ("192.0.2.1",), "192.0.2.1", M),
        (("a.example",), ("2001:db8::1",), "[2001:DB8:0::1]", M),
        (("a.example",), ("fe80::1",), "fe80::1%eth0", M),
        (("a.example",), ("192.0.2.1",), "192.0.2.2", NO),
    ],
)
def test_alternative_names(dns: tuple[str, ...], ip: tuple[str, ...], asked: str, expected: NameMatch) -> None:
    cert = parse_certificate(mint("other.example", dns=dns, ip=ip).der)

    assert match_name(cert, asked) is expected


@pytest.mark.parametrize(
    ("common_name", "dns", "asked", "expected"),
    [
        ("chat.example.com", None, "chat.example.com", CN),
        ("*.example.com", None, "chat.example.com", CN),
        ("192.0.2.1", None, "192.0.2.1", CN),
        ("münchen.example", None, "xn--mnchen-3ya.example", CN),
        ("chat.example.com", None, "www.example.com", NO),
        ("chat.example.com", ("www.example.com",), "chat.example.com", NO),
        ("", None, "chat.example.com", NO),
    ],
)
def test_common_name(common_name: str, dns: tuple[str, ...] | None, asked: str, expected: NameMatch) -> None:
    cert = parse_certificate(mint(common_name, dns=dns).der)

    assert match_name(cert, asked) is expected


def test_unusable_names() -> None:
    san = der.encode(0x30, bytes.fromhex("0603551d11"), der.encode(0x04, b"\x30\x05\x82\x03\xff\xfe\xfd"))
    cert = parse_certificate(der.with_extensions(der.outline(mint("chat.example.com").der), (san,)))

    assert match_name(cert, "chat.example.com") is NameMatch.UNUSABLE


def test_names_of() -> None:
    assert names_of(parse_certificate(mint("a", dns=("b", "c"), ip=("192.0.2.1",)).der)) == ("b", "c", "192.0.2.1")
    assert names_of(parse_certificate(mint("a", dns=None).der)) == ("a",)
    assert names_of(parse_certificate(mint("", dns=None).der)) == ()
    assert names_of(parse_certificate(b"junk")) == ()
