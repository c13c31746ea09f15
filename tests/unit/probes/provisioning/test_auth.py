"""Credentials for a reverse proxy: what a URL says, and what a challenge offers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.formats.provisioning.parse import parse_provisioning
from stdiag.probes.provisioning.auth import offers_basic, proxy_auth_said, realm_of, schemes_offered


@pytest.mark.parametrize(
    ("challenge", "schemes", "realm"),
    [
        (None, [], None),
        ("", [], None),
        ('Basic realm="WebSEAL"', ["Basic"], "WebSEAL"),
        ("basic realm=x", ["basic"], "x"),
        ('Basic charset="UTF-8", realm="a, Negotiate b"', ["Basic"], "a, Negotiate b"),
        ('Negotiate, NTLM, Basic realm="x"', ["Negotiate", "NTLM", "Basic"], "x"),
        ('Digest realm="d", qop="auth", nonce="n", Basic realm="b"', ["Digest", "Basic"], "b"),
        ('Bearer error="invalid_token", error_description="no, Basic"', ["Bearer"], None),
        ("Negotiate YIIabc==", ["Negotiate"], None),
        ("Basic", ["Basic"], None),
        ('Basic realm="unended', ["Basic"], None),
        ('Basic realm=""', ["Basic"], None),
    ],
)
def test_a_challenge(challenge: str | None, schemes: list[str], realm: str | None) -> None:
    assert schemes_offered(challenge) == schemes
    assert realm_of(challenge) == realm
    assert offers_basic(schemes) is ("basic" in [scheme.lower() for scheme in schemes])


@given(st.text(max_size=300))
def test_any_text(challenge: str) -> None:
    schemes_offered(challenge)
    realm_of(challenge)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("hclsametime://h.example.com/?action=AddCommunity", None),
        ("hclsametime://h.example.com/?action=AddCommunity&authProxyEnabled=true", "authProxyEnabled=true"),
        ("hclsametime://h.example.com/?action=AddCommunity&authProxyEnabled=false", None),
        ("hclsametime://h.example.com/?action=AddCommunity&authProxyUser=u", "authProxyUser"),
        ("sametime://h.example.com:1/?action=AddCommunity&authProxyUser=u", None),
        (
            "sametime://h.example.com:1/?action=AddCommunity&authProxyReuseCredentials=true",
            "authProxyReuseCredentials=true",
        ),
    ],
)
def test_what_a_url_says(url: str, said: str | None) -> None:
    assert proxy_auth_said(parse_provisioning(url)) == said
