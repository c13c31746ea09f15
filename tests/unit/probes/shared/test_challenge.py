"""What a challenge offers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stdiag.probes.shared.challenge import offers_basic, realm_of, schemes_offered


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
